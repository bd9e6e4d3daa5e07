"""Whose each late day is: the agency's, the issuer's, that of whom it waited for, or the calendar's; the parts sum to the whole. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction

from directives.language.calendar import DAY, Calendar

from .values import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Late days by whose they are: `agency` its own; `unsent`, `bounced`, `undecided` the issuer's; `upstream`; `calendar` days off."""

    agency: int = 0
    unsent: int = 0  # the letter left late, or had not left
    bounced: int = 0  # it could not be delivered
    undecided: int = 0  # a request, a return or a claim waited for the issuer, or the issuer had paused the task
    upstream: int = 0  # the clause that it counts from ended late
    calendar: int = 0

    def __add__(self, other: Days) -> Days:
        """The days of two disjoint sets of tasks."""
        return Days(**{part.name: getattr(self, part.name) + getattr(other, part.name) for part in fields(self)})

    @property
    def issuer(self) -> int:
        """What the issuer answers for."""
        return self.unsent + self.bounced + self.undecided

    @property
    def whole(self) -> int:
        """All late days."""
        return self.agency + self.issuer + self.upstream + self.calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """What is the same of many late tasks. A day belongs to what is true at its end: late days are those after `due` up to `end`.

    `told` is when the lead heard of the date (None: never), `ready` the first day on which he could have. `held` counts the
    working days after both `due` and `told` on which the issuer owed a decision, `waited` the days by which the clause before was late.
    """

    due: date
    end: date
    ready: date
    told: date | None
    bounced: bool = False
    held: int = 0
    waited: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """The late days of an agency in one clause, and how many tasks had them."""

    agency: Party
    clause: str
    asked: bool  # a request: in the ledger, never in the ranking
    tasks: int
    days: Days


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """An agency's place; equal scores share it. `judged` are its tasks that have come due or are done."""

    place: int
    agency: Party
    judged: int
    days: int
    score: Fraction


def shared(delay: Delay, calendar: Calendar) -> Days:
    """Divide the late days of a task.

    A day off is nobody's. A day on which the letter had not left, or a decision was owed, is the issuer's; so are as many of the
    others as the letter took working days to leave before the date.
    """
    late = (delay.end - delay.due).days if delay.end > delay.due else 0
    worked = between(delay.due, delay.end, calendar)
    untold = between(delay.due, min(delay.end, delay.told or delay.end), calendar)
    held = min(delay.held, worked - untold)
    lost = between(delay.ready, min(delay.due, delay.told or delay.due), calendar)
    credit = min(lost, worked - untold - held)
    return Days(
        agency=worked - untold - held - credit, undecided=held, upstream=delay.waited, calendar=late - worked,
        **{"bounced" if delay.bounced else "unsent": untold + credit},
    )


def between(after: date, to: date, calendar: Calendar) -> int:
    """The working days after one day up to another, which counts; 0 where there is none."""
    return sum(calendar.is_working(after + n * DAY) for n in range(1, (to - after).days + 1))


def ranked(late: Iterable[Charged], judged: Iterable[tuple[Party, int]]) -> tuple[Ranked, ...]:
    """The agencies of which something was judged, the fewest own days a task first; within a place by name, then by id."""
    own: dict[str, int] = {}
    for row in late:
        own[row.agency.id] = own.get(row.agency.id, 0) + (0 if row.asked else row.days.agency)
    rows = [(Fraction(own.get(agency.id, 0), n), agency, n) for agency, n in judged if n]
    rows.sort(key=lambda row: (row[0], row[1].name, row[1].id))
    places: dict[Fraction, int] = {}
    for place, (score, _, _) in enumerate(rows, start=1):
        places.setdefault(score, place)
    return tuple(
        Ranked(place=places[score], agency=agency, judged=n, days=own.get(agency.id, 0), score=score) for score, agency, n in rows
    )
