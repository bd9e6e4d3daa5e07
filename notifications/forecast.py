"""How long letters take over a relay, before any of them leaves: when the last one does, and whose date would be over by then; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from directives.language.calendar import DAY, instant
from tasks.pace import Limits, departures
from tasks.postbag import Letter

from .outbox import LANES
from .pace import milliseconds

_ORDER = {lane: place for place, lane in enumerate(LANES)}


class Late(NamedTuple):
    """A letter that leaves after a date it speaks of, though its own day is before."""

    letter: Letter
    due: date
    leaves_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """The letters of one day: when the first leaves and when the last; those that leave too late, each with the date that it misses."""

    on: date
    letters: int
    begins_at: datetime
    ends_at: datetime
    late: tuple[Late, ...]

    @property
    def lasts(self) -> timedelta:
        """From the first letter to the last."""
        return self.ends_at - self.begins_at


def lasting(letters: int, limits: Limits) -> timedelta:
    """How long so many letters take, from the first to the last; nothing where the relay has no bounds."""
    leaves = departures(limits, [0] * letters)
    return timedelta(milliseconds=leaves[-1] - leaves[0]) if leaves else timedelta()


def campaigns(letters: Sequence[Letter], limits: Limits, *, zone: ZoneInfo, opens: time, first: datetime) -> tuple[Campaign, ...]:
    """The days of a plan as the relay lets them leave; what a day cannot send is still under way on the next.

    `first` is the earliest instant of all, where an issue is held back. Nothing where the relay has no bounds.
    """
    if limits.per_minute is None and limits.per_day is None:
        return ()
    of_day = [(on, sorted(of, key=lambda each: _ORDER[each.lane])) for on, of in groupby(letters, key=lambda each: each.on)]
    starts = [milliseconds(max(first, instant(on, opens, zone))) for on, of in of_day for _ in of]
    leaves = iter(departures(limits, starts))
    return tuple(_campaign(on, [(each, _at(next(leaves))) for each in of], zone) for on, of in of_day)


def _campaign(on: date, leaving: Sequence[tuple[Letter, datetime]], zone: ZoneInfo) -> Campaign:
    return Campaign(
        on=on, letters=len(leaving), begins_at=leaving[0][1], ends_at=leaving[-1][1], late=tuple(_late(leaving, zone)),
    )


def _late(leaving: Iterable[tuple[Letter, datetime]], zone: ZoneInfo) -> Iterator[Late]:
    for letter, at in leaving:
        ahead = [line.due for line in letter.items if line.due is not None and line.due >= letter.on]
        if ahead and at >= instant(min(ahead) + DAY, time(), zone):
            yield Late(letter, min(ahead), at)


def _at(milliseconds_: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds_)
