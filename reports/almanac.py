"""The letters of a plan on the calendar: months of days, how many letters of which kind leave on each, which days are off and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from directives.language.calendar import DAY, Calendar
from directives.language.periods import add_months
from tasks.letters import Lane
from tasks.postbag import Letter

Counts = Mapping[Lane, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day: `off` is why nobody works on it, `work` why people do although the day is usually off; both empty on other days."""

    on: date
    off: str
    work: str
    tet: bool
    letters: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month in weeks that begin on a Monday; None where a week reaches beyond it. `holidays` are its days off that have a name."""

    first: date
    weeks: tuple[tuple[Day | None, ...], ...]
    letters: Counts
    holidays: tuple[str, ...]


def months(letters: Iterable[Letter], calendar: Calendar) -> tuple[Month, ...]:
    """The months in which letters leave, in order of time."""
    by_day: dict[date, Counter[Lane]] = {}
    for (on, lane), many in Counter((letter.on, letter.lane) for letter in letters).items():
        by_day.setdefault(on, Counter())[lane] = many
    return tuple(_month(first, by_day, calendar) for first in sorted({day.replace(day=1) for day in by_day}))


def is_tet(day: date, calendar: Calendar) -> bool:
    """Whether a day off belongs to the Lunar New Year: it, or a day off that touches it with nothing but days off between."""
    return not calendar.is_working(day) and any(
        _is_tet(calendar.reason(each)) for step in (DAY, -DAY) for each in _run(day, step, calendar)
    )


def _is_tet(reason: str) -> bool:
    return "Tết" in reason and "Dương" not in reason


def _run(day: date, step: timedelta, calendar: Calendar) -> Iterator[date]:
    while not calendar.is_working(day):
        yield day
        day += step


def _month(first: date, by_day: Mapping[date, Counter[Lane]], calendar: Calendar) -> Month:
    days = [first + n * DAY for n in range((add_months(first, 1) - first).days)]
    padded = [None] * first.weekday() + [_day(day, by_day, calendar) for day in days]
    padded += [None] * (-len(padded) % 7)
    total: Counter[Lane] = sum((by_day.get(day, Counter()) for day in days), Counter())
    return Month(
        first=first, weeks=tuple(tuple(padded[start : start + 7]) for start in range(0, len(padded), 7)), letters=total,
        holidays=tuple(_holidays(days, calendar)),
    )


def _day(day: date, by_day: Mapping[date, Counter[Lane]], calendar: Calendar) -> Day:
    return Day(
        on=day, off=calendar.reason(day), work=calendar.work.get(day, ""), tet=is_tet(day, calendar), letters=by_day.get(day, {})
    )


def _holidays(days: Iterable[date], calendar: Calendar) -> Iterator[str]:
    """The named days off of a month, Tết as one: "10–16/2 Tết Nguyên Đán", "2/9 Quốc khánh"."""
    named = [(day, _name(day, calendar)) for day in days]
    for name, same in groupby(named, key=lambda pair: pair[1]):
        if name:
            spread = [day for day, _ in same]
            since = f"{spread[0].day}–" if len(spread) > 1 else ""
            yield f"{since}{spread[-1].day}/{spread[-1].month} {name}"


def _name(day: date, calendar: Calendar) -> str:
    """The name of a holiday; a Saturday or Sunday that is nothing more has none, unless Tết runs through it."""
    reason = calendar.reason(day)
    if is_tet(day, calendar):
        return "Tết Nguyên Đán"
    return "" if reason == "Chủ nhật" or reason.startswith("Thứ ") else reason
