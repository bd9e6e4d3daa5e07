"""Who is logged in and what that opens, as frozen values; how long a way in, a silence and a session last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Right = Literal["read", "decide"]

LOGIN = timedelta(minutes=10)  # a login link
IDLE = timedelta(minutes=30)  # a session without a visit
LONGEST = timedelta(hours=12)  # a session, whatever is done in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A leader, or the desk of an issuing office, after a login. `id` is a hash: the cookie cannot be had from it."""

    id: str
    agency: str  # the code of the position or body in the directory
    name: str
    began_at: datetime
    reads: frozenset[int]  # directives, by row number
    decides: frozenset[int]
    issues: tuple[str, ...] = ()  # codes of the bodies whose papers are decided upon

    def may(self, right: Right, directive: int) -> bool:
        """Whether a directive may be read, or its requests decided. Who decides of a paper reads it."""
        return directive in self.decides or (right == "read" and directive in self.reads)


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """What a login link that stands would open: for whom, and the hash of the browser's word that asked for it."""

    link: str
    name: str
    wish: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A link that a colleague was given: for which task, to whom, when."""

    id: str
    task: int
    name: str
    at: datetime
