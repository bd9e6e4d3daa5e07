"""What a letter is made of before it is written, and what became of it after it was sent, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

from .values import Paper, Party, Receipt, Standing, Work
from .watches import Watch

Lane = Literal["login", "receipt", "decision", "waiting", "new", "digest", "escalation", "report"]

#: A rung that is not said, since the agency's own letters came back, is a line by its number below this one.
UNHEARD = -1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line of a letter: a task and the rung that put it there; `after` is the rung said before it."""

    work: Work
    rung: int
    rung_words: str  # "1 ngày làm việc trước hạn", "quá hạn 5 ngày làm việc", "" in an assignment letter
    after: int = 0

    @property
    def is_unheard(self) -> bool:
        """Whether it stands in the place of a rung, since the agency's own letters came back: it could not know."""
        return self.rung <= UNHEARD


@dataclass(frozen=True, slots=True, kw_only=True)
class Altered:
    """A line of an assignment letter about an earlier paper: `+` new, `~` other than before, `-` no longer, `!` urged and still open.

    `what`: duty (as its lead), part (taking part), due, urged, asks (a request that is moot), time, lead, with, or a word of the duty.
    """

    sign: Literal["+", "~", "-", "!"]
    what: str
    paper: str  # "898/UBND ngày 18/5/2020"
    clause: str  # "" where the paper has no number
    text: str
    short: str
    before: str = ""
    after: str = ""
    reason: str = ""
    due_at: datetime | None = None  # the date that moved to, or was missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What its reader takes over, and from which day: the names of the bodies that it follows, and by which document."""

    kind: Literal["merge", "split", "dissolve"]
    on: date
    bodies: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """What waits at an issuing desk in one tray, and what of it has waited longest: whose, about which duty ("" of none), since when."""

    tray: str
    count: int
    agency: str
    about: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A claimed letter before it is written: all a composer needs; the same notice always gives the same bytes."""

    id: int
    key: str
    lane: Lane
    recipient: Party
    message_id: str  # with angle brackets
    date: datetime
    paper: Paper | None  # None in a digest over several directives
    papers: Mapping[int, Paper]
    items: tuple[Item, ...]
    future: tuple[tuple[str, str, str], ...] = ()  # assignment letter: (clause, text, when it begins) not open yet
    part: tuple[tuple[str, str], ...] = ()  # assignment letter: (clause, text) it takes part in (phối hợp)
    forms: tuple[str, ...] = ()  # assignment letter: names of indicators the recipient types for others
    altered: tuple[Altered, ...] = ()  # assignment letter: what it changes of earlier papers
    note: str | None = None  # what the issuer adds to a term that he asked for; None in every other letter
    taken: Taken | None = None  # what a body takes over from others; its items are over several directives
    waits: tuple[Waits, ...] = ()  # an issuing desk's letter: what waits there
    receipt: Receipt | None = None
    standing: Standing | None = None
    watch: Watch | None = None  # a report: what was vouched for when its round was made
    opens: str = ""  # renewal: what the link opens that was asked for anew, "desk" or "page"
    link: str = ""  # row of `links` that the letter's address is derived from
    lease: str = ""
    attempts: int = 0  # tries before this one


class Leased(Protocol):
    """A claimed letter, however much of it is at hand."""

    @property
    def id(self) -> int:
        """Its number."""
        ...

    @property
    def lease(self) -> str:
        """Whose it is."""
        ...

    @property
    def attempts(self) -> int:
        """Tries before this one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one try at a claimed letter; recorded only where `lease` is still the row's lease.

    sent · queued (again after `retry_after`) · failed (for the operator's list) · uncertain (the relay may have it: the same bytes
    again after `retry_after`, at most twice, then the operator's list) · undeliverable (the address itself is refused).
    """

    notice_id: int
    lease: str
    state: Literal["sent", "queued", "failed", "uncertain", "undeliverable"]
    code: int = 0  # the relay's reply code, 0 where none came
    reply: str = ""  # the relay's words, or ours where the letter could not be written
    retry_after: timedelta | None = None
