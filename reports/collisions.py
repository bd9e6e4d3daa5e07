"""Where a plan meets days off: dates that fall on one, reminders and reports that one moves, and what falls into Tết."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import takewhile
from typing import NamedTuple

from directives.language.calendar import Calendar
from directives.language.expansion import report_plans
from directives.language.periods import Period, periods
from directives.language.practice import Practice
from tasks.forecast import Forecast

from .almanac import is_tet


class DayOff(NamedTuple):
    """A date that falls on a day off: why it is off, and the last working day before it."""

    clause: str
    term: str
    on: date
    reason: str
    last_working_day: date


class Moved(NamedTuple):
    """What is said on another day than the one it names, since that is off; `clause` is empty for a report."""

    clause: str
    term: str
    words: str
    named: date
    reason: str
    on: date
    tet: bool


def days_off(made: Forecast, calendar: Calendar) -> tuple[DayOff, ...]:
    """The dates that fall on days off, in order of time."""
    found = [
        DayOff(owed.duty.clause, term.key, term.due.day, calendar.reason(term.due.day), term.due.last_working_day)
        for owed in made.duties
        for term in owed.terms
        if term.due and term.due.last_working_day != term.due.day
    ]
    return tuple(sorted(found, key=lambda each: each.on))


def moved(made: Forecast, calendar: Calendar, practice: Practice) -> tuple[Moved, ...]:
    """The reminders, rungs and reports that days off move, in order of time."""
    return tuple(sorted({*_rungs(made, calendar), *_rounds(made, calendar, practice)}, key=lambda each: (each.named, each.on, each.clause)))


def _rungs(made: Forecast, calendar: Calendar) -> Iterator[Moved]:
    for said in made.spoken:
        named = said.step.named
        if named and not calendar.is_working(named):
            place = said.crew.duty.clause, said.term.key, said.step.words
            yield Moved(*place, named, calendar.reason(named), said.on, is_tet(named, calendar))


def _rounds(made: Forecast, calendar: Calendar, practice: Practice) -> Iterator[Moved]:
    plans = report_plans(made.directive, practice) if any(duty.force != "note" for duty in made.directive.duties) else ()
    named = (period.last for plan in plans for period in _until(made.until, periods(plan.every, made.directive.date or made.until)))
    for day in named:
        if not calendar.is_working(day) and (on := calendar.next_working(day)) <= made.until:
            yield Moved("", "", "báo cáo tổng hợp", day, calendar.reason(day), on, is_tet(day, calendar))


def _until(end: date, found: Iterator[Period]) -> Iterator[Period]:
    return takewhile(lambda period: period.last <= end, found)
