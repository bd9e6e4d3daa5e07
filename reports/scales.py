"""Which days and values stand at the axes of a chart; pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from math import ceil, floor

_LARGE = tuple(step * 10**power for power in range(3, 9) for step in (2, 5, 10))
_STEPS = (0.1, 0.2, 0.5, 1, 2, 4, 5, 10, 20, 25, 50, 100, 200, 500, 1000, *_LARGE)
_MONTHS = (1, 2, 3, 6, 12, 24, 60)
_DAYS = (1, 2, 7, 14)


def values(all_values: list[Decimal], most: int = 6) -> tuple[float, ...]:
    """Round values that enclose all of these, evenly spaced, at least two; shares stay between 0 and 100."""
    low, high = float(min(all_values)), float(max(all_values))
    least, top = (0.0, 100.0) if low >= 0 and high <= 100 else (low - 1, high + 1)
    room = max(0.5, (4 - (high - low)) / 2)  # a flat line is drawn flat, not as noise
    low, high = max(least, low - room), min(top, high + room)
    step = next((one for one in _STEPS if ceil(high / one) - floor(low / one) < most), _STEPS[-1])
    return tuple(round(count * step, 2) for count in range(floor(low / step), ceil(high / step) + 1))


def days(first: date, last: date) -> tuple[date, date]:
    """The span of the axis: a little wider than what it shows, and never empty."""
    room = max(3, (last - first).days // 25)
    return first - timedelta(room), last + timedelta(room)


def ticks(first: date, last: date, most: int) -> tuple[date, ...]:
    """Firsts of months, or single days where the span is short: at most `most`."""
    for step in _DAYS if (last - first).days < 75 else ():
        found = tuple(_every(first, last, step))
        if len(found) <= most:
            return found
    months = tuple(_firsts(first, last))
    step = next((one for one in _MONTHS if len(months) <= most * one), _MONTHS[-1])
    return tuple(one for one in months if (one.year * 12 + one.month - 1) % step == 0)[:most]


def _every(first: date, last: date, step: int) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(step)


def _firsts(first: date, last: date) -> Iterator[date]:
    month = date(first.year, first.month, 1)
    while month <= last:
        if month >= first:
            yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
