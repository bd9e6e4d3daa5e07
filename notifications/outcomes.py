"""What a relay's answer means for a letter and for the relay: one table, pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from tasks.letters import Notice, Outcome

Phase = Literal["connect", "login", "mail", "rcpt", "data", "dot"]
Verdict = Literal["go on", "sent", "queued", "failed", "uncertain", "undeliverable", "again", "busy", "down"]
State = Literal["sent", "queued", "failed", "uncertain", "undeliverable"]

#: Tries of a letter that relays keep putting off: with `backoff`, about 72 hours.
TRIES = 20
#: How long a relay that may have a letter is given to say so, before the same bytes are sent again.
DOUBT = timedelta(minutes=15)

_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
# The address, not the sender's standing: no such mailbox, no such domain, mailbox closed. 5.1.7 and 5.1.8 blame the sender.
_NO_SUCH_ADDRESS = re.compile(r"5\.1\.(?!7$|8$)\d+|5\.2\.1")
_TOO_BIG = re.compile(r"5\.[23]\.[34]")


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


def verdict(answer: Answer) -> Verdict:
    """What follows from an answer.

    The sender is the same for all letters, so an answer before RCPT is about the relay: `busy` costs it a connection, `down` ends the run.
    `again`: the connection was lost before the dot, so that the relay cannot have the letter.
    """
    match answer:
        case Answer(phase="dot"):
            return _after_dot(answer)
        case Answer(code=0, phase="connect" | "login"):
            return "down"
        case Answer(code=0):
            return "again"
        case Answer(phase="connect" | "login" | "mail"):
            return _of_relay(answer)
        case Answer(phase="rcpt"):
            return _of_address(answer)
    return "go on" if answer.code == 354 else "queued" if 400 <= answer.code < 500 else "failed"


def outcome(notice: Notice, answer: Answer) -> Outcome | None:
    """What to record of a try, None where the answer is about the relay and the letter keeps its place without a try."""
    match verdict(answer):
        case "busy" | "down" | "go on":
            return None
        case "queued" | "again" if notice.attempts + 1 < TRIES:
            return _became("queued", notice, answer, backoff(notice.attempts))
        case "queued" | "again":
            return _became("failed", notice, answer)
        case "uncertain":
            return _became("uncertain", notice, answer, DOUBT)
        case "sent" | "failed" | "undeliverable" as final:
            return _became(final, notice, answer)


def backoff(attempts: int) -> timedelta:
    """How long a letter waits that was put off after `attempts` tries before: 1, 2, 4 … minutes, at most six hours."""
    return min(timedelta(hours=6), timedelta(minutes=1 << min(attempts, 9)))


def _became(state: State, notice: Notice, answer: Answer, wait: timedelta | None = None) -> Outcome:
    return Outcome(notice_id=notice.id, lease=notice.lease, state=state, code=answer.code, reply=answer.text[:500], retry_after=wait)


def _of_relay(answer: Answer) -> Verdict:
    if 200 <= answer.code < 300:
        return "go on"
    if answer.phase == "mail" and (answer.code == 552 or _TOO_BIG.fullmatch(answer.status)):
        return "failed"
    return "busy" if 400 <= answer.code < 500 else "down"


def _of_address(answer: Answer) -> Verdict:
    if 200 <= answer.code < 300:
        return "go on"
    if 400 <= answer.code < 500:
        return "queued"
    return "undeliverable" if _NO_SUCH_ADDRESS.fullmatch(answer.status) else "failed"


def _after_dot(answer: Answer) -> Verdict:
    match answer.code // 100:
        case 2:
            return "sent"
        case 4:
            return "queued"
        case 5:
            return "failed"
    return "uncertain"
