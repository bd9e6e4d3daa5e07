"""What a calendar is fed, as values: what falls due, for how many, and since which event it is so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """The event since which something is as it is; `seq` only grows."""

    seq: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Falling:
    """A term of a duty that falls due: `open` of `total` tasks still wait for an answer. An extended task keeps to its term."""

    duty: int
    term: str
    directive: int
    clause: str  # "" where the paper has no number
    short: str
    due_at: datetime
    words: str  # the paper's words for the date
    last_working_day: date | None
    open: int
    total: int
    zone: str
    since: Since
