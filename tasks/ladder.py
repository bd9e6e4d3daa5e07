"""When a task is spoken of, and to whom: rungs as instants, and what is to be said at an instant; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from directives.language.calendar import Calendar
from directives.language.practice import Practice
from directives.language.shapes import Every, Rung


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A rung at its instant. `no` counts from 1 in order of time; `audience` are ids or `lead with head above issuer`."""

    no: int
    at: datetime
    audience: tuple[str, ...]
    words: str

    @property
    def climbs(self) -> bool:
        """Whether somebody beyond the lead and those who take part hears of it, so that the grace applies."""
        return not set(self.audience) <= {"lead", "with"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What to do now with every task of a cohort (duty, due, rung).

    `say` is the latest rung missed (None: nothing), `low` the latest of them that stays with the lead (None: none);
    `wake_at` is the instant of the next rung (None: the ladder has ended).
    """

    say: Step | None
    low: Step | None
    wake_at: datetime | None


def steps(rungs: Iterable[Rung], *, due_at: datetime, begins_at: datetime, next_due_at: datetime | None, calendar: Calendar, practice: Practice) -> tuple[Step, ...]:
    """The rungs of a dated task in order of time."""
    raise NotImplementedError


def asks(rhythm: Every, *, begins_at: datetime, at_once: bool, calendar: Calendar, practice: Practice) -> Iterator[Step]:
    """Yield, endlessly, when a standing task is asked for news: once a report round."""
    raise NotImplementedError


def saying(ladder: Iterable[Step], *, said: int, now: datetime) -> Saying:
    """What `now` asks to be said of a task whose last rung said was `said`; missed rungs collapse to the latest."""
    raise NotImplementedError
