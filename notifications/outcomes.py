"""What a relay's answer means for a letter and for the relay: one table, pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from tasks.letters import Leased, Outcome

Phase = Literal["address", "connect", "login", "mail", "rcpt", "data", "dot"]
Verdict = Literal["go on", "sent", "queued", "failed", "uncertain", "undeliverable", "again", "busy", "down"]
State = Literal["sent", "queued", "failed", "uncertain", "undeliverable"]

#: Tries of a letter that relays keep putting off: with `backoff`, about 72 hours.
TRIES = 20
#: How long a relay that may have a letter is given to say so, before the same bytes are sent again.
DOUBT = timedelta(minutes=15)
#: Minutes that a letter waits whose recipient was put off.
GREY = (5, 15, 60)

_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


class Rule(NamedTuple):
    """A row of the table: what is said in which phase, and what follows. `keeps`: the connection goes on to the next letter."""

    phase: Phase
    codes: str  # of replies, as a pattern; 0 where nobody spoke
    verdict: Verdict
    keeps: bool
    said: str  # what it is, for whoever reads the table
    status: str = ""  # of enhanced status codes, as a pattern; "" is any or none


#: What answers mean; the first row that fits holds. The sender is the same for all letters, so that an answer before RCPT is about the
#: relay. Status codes: 5.1.x is the address itself, but 5.1.7 and 5.1.8 blame the sender; 5.2.3, 5.3.4 are about size.
RULES = (
    Rule("address", ".*", "undeliverable", True, "an address that no server could take: accents before the @, two of them"),
    Rule("connect", "0", "down", False, "nothing: refused, unknown, silent, no STARTTLS, a wrong, old or unknown certificate"),
    Rule("connect", "4..", "busy", False, "too many connections, too many letters"),
    Rule("connect", ".*", "down", False, "no service"),
    Rule("login", "4..", "busy", False, "login not now"),
    Rule("login", ".*", "down", False, "login refused"),
    Rule("mail", "2..", "go on", True, "go on"),
    Rule("mail", "0", "again", False, "nothing, the connection is gone"),
    Rule("mail", "552", "failed", True, "too big"),
    Rule("mail", "5..", "failed", True, "too big", r"5\.[23]\.[34]"),
    Rule("mail", "4..", "busy", False, "slower, fewer connections, later"),
    Rule("mail", ".*", "down", False, "login wanted, sender refused"),
    Rule("rcpt", "2..", "go on", True, "go on"),
    Rule("rcpt", "0", "again", False, "nothing, the connection is gone"),
    Rule("rcpt", "4..", "queued", True, "greylisted, mailbox full, not now"),
    Rule("rcpt", "5..", "undeliverable", True, "no such mailbox, no such domain, closed", r"5\.1\.(?!7$|8$)\d+|5\.2\.1"),
    Rule("rcpt", ".*", "failed", True, "refused by policy, or without a reason"),
    Rule("data", "354", "go on", True, "go on"),
    Rule("data", "0", "again", False, "nothing, the connection is gone"),
    Rule("data", "4..", "queued", True, "not now"),
    Rule("data", ".*", "failed", True, "refused"),
    Rule("dot", "2..", "sent", True, "accepted"),
    Rule("dot", "421", "queued", False, "not now, and goodbye"),
    Rule("dot", "4..", "queued", True, "not now"),
    Rule("dot", "5..", "failed", True, "refused: its content, its size"),
    Rule("dot", ".*", "uncertain", False, "nothing, or no answer: it may have the letter"),
)

_FITS = [(rule, re.compile(rule.codes), re.compile(rule.status)) for rule in RULES]

#: What asks for fewer letters: 421, too many connections, anything of 4.7.
_SLOWER = re.compile(r"4\.7\.\d+|4\.3\.2")


@dataclass(frozen=True, slots=True)
class Answer:
    """A relay's reply in a phase of a letter; code 0 where the connection was lost, or nobody spoke in time."""

    phase: Phase
    code: int
    text: str

    @property
    def status(self) -> str:
        """The enhanced status code (RFC 3463) in the reply, "" without one."""
        found = _STATUS.search(self.text)
        return found[0] if found else ""


def rule(answer: Answer) -> Rule:
    """The row of the table that an answer falls under."""
    return _rule(answer.phase, str(answer.code), answer.status)


@lru_cache(1024)
def _rule(phase: Phase, code: str, status: str) -> Rule:
    return next(
        rule for rule, codes, statuses in _FITS
        if rule.phase == phase and codes.fullmatch(code) and (not rule.status or statuses.fullmatch(status))
    )


def verdict(answer: Answer) -> Verdict:
    """What follows from an answer.

    `busy` costs the relay a connection, `down` ends the run; neither counts for the letter. `again`: the connection was lost before the
    dot, so that the relay cannot have the letter.
    """
    return rule(answer).verdict


def slows(answer: Answer) -> bool:
    """Whether the relay asks for a slower pace, whatever becomes of the letter."""
    return verdict(answer) == "busy" or answer.code == 421 or bool(_SLOWER.fullmatch(answer.status))


def outcome(notice: Leased, answer: Answer) -> Outcome | None:
    """What to record of a try, None where the answer is about the relay and the letter keeps its place without a try."""
    match verdict(answer):
        case "busy" | "down" | "go on":
            return None
        case "queued" | "again" if notice.attempts + 1 < TRIES:
            return _became("queued", notice, answer, backoff(notice.attempts, notice.id, grey=answer.phase == "rcpt" and answer.code > 0))
        case "queued" | "again":
            return _became("failed", notice, answer)
        case "uncertain":
            return _became("uncertain", notice, answer, DOUBT)
        case "sent" | "failed" | "undeliverable" as final:
            return _became(final, notice, answer)


def backoff(attempts: int, notice: int = 0, *, grey: bool = False) -> timedelta:
    """How long a letter waits that was put off after `attempts` tries before: 1, 2, 4 … minutes, at most six hours.

    `grey`: where the recipient was put off, which is mostly greylisting, 5, 15 and 60 minutes first. Up to a quarter is taken off, by
    the letter's number, so that letters that were put off together do not come back together.
    """
    whole = GREY[attempts] if grey and attempts < len(GREY) else min(360, 1 << min(attempts, 9))
    return timedelta(seconds=whole * 60 - whole * 15 * (notice * 37 % 101) // 100)


def _became(state: State, notice: Leased, answer: Answer, wait: timedelta | None = None) -> Outcome:
    return Outcome(notice_id=notice.id, lease=notice.lease, state=state, code=answer.code, reply=answer.text[:500], retry_after=wait)
