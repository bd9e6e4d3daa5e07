"""From the words of time to days: what a due date means, and which periods a rhythm has; it counts, it does not know duties."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import MAXYEAR, date, datetime, time, timedelta
from itertools import count, islice
from typing import NamedTuple

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # dateutil ships no types

from .calendar import DAY, END_OF_DAY, Calendar, instant, written
from .practice import Practice
from .shapes import Due, Every

MONTHS = {"month": 1, "quarter": 3, "half year": 6, "year": 12}
_DAYS = {"day": 1, "week": 7}
_NAMES = {"day": "ngày", "week": "tuần", "month": "tháng", "quarter": "quý", "half year": "6 tháng", "year": "năm"}


class Period(NamedTuple):
    """One turn of a rhythm, both days included; it is due on `last`, at `hour` where the paper names one."""

    first: date
    last: date
    hour: time | None = None


def due_day(due: Due, issued: date, calendar: Calendar, practice: Practice) -> date | None:
    """The last day that counts; None where the words give no date, or none before clause `after` is done."""
    if due.form == "relative":
        return None if due.after else after(issued, due, calendar)
    if due.form == "before" and due.day and due.hour is None:
        return due.day - practice.before_means * DAY
    return due.day


def after(start: date, due: Due, calendar: Calendar) -> date:
    """A relative term counted from `start`, which is itself not counted; never a day off."""
    days = due.count or 0
    return calendar.next_working(calendar.add_working(start, days) if due.working else start + days * DAY)


def instant_of(day: date, hour: time | None, practice: Practice) -> datetime:
    """The instant at which a day that counts ends: its last second, or the hour that the paper names; in UTC."""
    return instant(day, hour or END_OF_DAY, practice.tz)


def periods(every: Every, since: date, until: date | None = None, *, before_means: int = 1) -> Iterator[Period]:
    """Yield the periods of a rhythm from `since`, cut at `until`; endless where that is None. On request and on event: none.

    Without a named day they are spans counted from `since`; with one, each runs from the day after the one before. Before a named day
    leaves out as many days as the office says, none where an hour is named.
    """
    if every.unit in ("on request", "on event"):
        return
    early = before_means * DAY if every.before and every.hour is None else timedelta()
    found = _between(every, since, early) if _has_day(every) else _spans(every, since)
    for period in found:
        if until is not None and until < (period.last if _has_day(every) else period.first):
            return
        last = period.last if until is None else min(period.last, until)
        if not every.months or last.month in every.months:
            yield period._replace(last=last)


def rounds(every: Every, since: date, calendar: Calendar, practice: Practice) -> Iterator[datetime]:
    """Yield the instants of report rounds from `since`: the rhythm's day, moved on past days off, at its hour or when the office opens."""
    latest = None
    for period in periods(every, since, before_means=practice.before_means):
        at = instant(calendar.next_working(period.last), period.hour or practice.opens, practice.tz)
        if at != latest:
            yield at
        latest = at


def slowest(rhythms: Iterable[Every]) -> Every:
    """The rhythm whose rounds lie farthest apart, the first of several; one without rounds only where there is no other."""
    return max(rhythms, key=_length)


def rhythm_words(every: Every) -> str:
    """The rhythm as a Vietnamese reader says it: "mỗi tuần", "mỗi 2 tháng"."""
    unit = _NAMES.get(every.unit)
    if unit is None:
        return "định kỳ"
    return f"mỗi {unit}" if every.step == 1 else f"mỗi {6 * every.step} tháng" if every.unit == "half year" else f"mỗi {every.step} {unit}"


def cutoff_words(every: Every, last: date) -> str:
    """Up to which day the figures of a period count that is due on `last`, as its words go on; "" where the paper names no such day."""
    return f", số liệu chốt đến ngày {written(cutoff_day(every.cutoff, last))}" if every.cutoff else ""


def cutoff_day(cutoff: int, last: date) -> date:
    """The latest day of that number up to `last`; of a month that is too short for it, its last."""
    ends = (_month_end(last), last.replace(day=1) - DAY)
    return next(day for end in ends if (day := end.replace(day=min(cutoff, end.day))) <= last)


def span_words(first: date, last: date) -> str:
    """A period as people write it: 30/5–5/6/2020, with both years where they differ."""
    if first == last:
        return written(last)
    return f"{first.day}/{first.month}–{written(last)}" if first.year == last.year else f"{written(first)}–{written(last)}"


def _has_day(every: Every) -> bool:
    return every.rrule is not None or every.weekday is not None or every.day is not None or bool(every.fixed)


def _spans(every: Every, since: date) -> Iterator[Period]:
    first = since
    for turn in count(1):
        # Counted from `since` each time: adding month to month would turn 31/1 into 28/2 and stay on the 28th.
        following = _step(since, every.unit, every.step * turn)
        yield Period(first, following - DAY, every.hour)
        first = following


def _between(every: Every, since: date, early: timedelta) -> Iterator[Period]:
    """Periods that end on the days that a rhythm names, or so much earlier."""
    first = since
    for day, hour in _days(every, since + early):
        if (last := day - early) >= first:
            yield Period(first, last, hour or every.hour)
            first = last + DAY


def _days(every: Every, since: date) -> Iterator[tuple[date, time | None]]:
    """The days a rhythm names, from `since`, in order."""
    if every.rrule is not None:
        return ((at.date(), at.time() if at.time() > time() else None) for at in _rule(every.rrule, since))
    if every.unit in ("day", "week"):
        return ((day, None) for day in _weekdays(every, since))
    return ((day, None) for day in _dates(every, since) if day >= since)


def _rule(rule: str, since: date) -> Iterator[datetime]:
    return iter(rrulestr(rule, dtstart=datetime.combine(since, time())))


def _weekdays(every: Every, since: date) -> Iterator[date]:
    first = since + ((every.weekday or 0) - since.weekday()) % 7 * DAY
    return (first + timedelta(weeks=every.step * turn) for turn in count())


def _dates(every: Every, since: date) -> Iterator[date]:
    """Days of calendar months, quarters, half years or years; a month that is too short for the day is left out."""
    size = MONTHS[every.unit]
    start = date(since.year, (since.month - 1) // size * size + 1, 1)
    # A rhythm of several steps starts with the first turn that has a day left, so that none is lost at the start.
    opening = next((turn for turn in range(48) if any(day >= since for day in _days_of(every, start, size, turn))), 0)
    for turn in range(opening, 12 // size * (MAXYEAR - start.year), every.step):
        yield from _days_of(every, start, size, turn)


def _days_of(every: Every, start: date, size: int, turn: int) -> list[date]:
    first = add_months(start, size * turn)
    if every.fixed:
        return sorted(day for d, month in every.fixed if (day := _date(first.year, month, d)) and _in_turn(day, first, size))
    last_month = every.of_last_month or every.last_weekday or every.day == -1
    month = add_months(first, size - 1) if last_month else first
    if every.weekday is not None:
        return [_last_weekday(month, every.weekday)]
    day = _month_end(month) if every.day == -1 else _date(month.year, month.month, every.day or 0)
    return [day] if day else []


def _in_turn(day: date, first: date, size: int) -> bool:
    return first <= day < add_months(first, size)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _step(day: date, unit: str, steps: int) -> date:
    return day + _DAYS[unit] * steps * DAY if unit in _DAYS else add_months(day, MONTHS[unit] * steps)


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last day of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _last_weekday(month: date, weekday: int) -> date:
    end = _month_end(month)
    return end - (end.weekday() - weekday) % 7 * DAY


def _length(every: Every) -> float:
    """Roughly how many days lie between two rounds; 0 for a rhythm that has none."""
    if every.rrule is not None:
        turns = list(islice(_rule(every.rrule, date(2001, 1, 1)), 50))
        return (turns[-1] - turns[0]).days / (len(turns) - 1) if len(turns) > 1 else 0
    days = {"day": 1.0, "week": 7.0, **{unit: months * 30.44 for unit, months in MONTHS.items()}}.get(every.unit, 0)
    return days * every.step / (len(every.fixed) or 1)
