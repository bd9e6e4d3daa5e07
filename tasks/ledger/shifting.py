"""What a changed calendar moves: open dates that were counted in days, the last working day before a date, and rungs to come.

What is done, claimed, or was given a date by decision keeps it; nothing that was said is said again; no date moves into the past.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, text

from directives.language.calendar import Calendar
from directives.language.expansion import Deadline, asked_term, due_after, terms
from directives.language.rhythms import end_of
from directives.language.shapes import Due, Duty
from tasks.ladder import Step
from tasks.resuming import resumed

from . import origins
from .entering import duties_of
from .issued import Issued, load, orders
from .revising import is_asked_for
from .types import instant, seconds

#: So many steps beyond the last that was said are compared; without a date a ladder goes on for ever.
_AHEAD = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A date that another calendar gives the open tasks of some agencies: of which clause, from when to when."""

    clause: str
    term: str
    was: datetime
    due: Deadline
    agencies: tuple[str, ...]


class Cohort(NamedTuple):
    """Open tasks of a term at one step: what their columns become."""

    row: Any
    due: Deadline | None  # the new date, None where it stays
    last: date | None  # the last working day before the date, which days off move where they leave the date
    rung: int
    wake_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause whose dates or rungs another calendar moves; `started` are the clocks behind new dates."""

    id: int
    duty: Duty
    cohorts: tuple[Cohort, ...]
    started: Mapping[int, datetime]


def shifts(db: Connection, directive: int, calendar: Calendar, now: datetime) -> list[Shift]:
    """The dates of a directive that the calendar moves, and that it moves no more once that is carried out."""
    issued = load(db, directive, calendar)
    return [
        Shift(clause=clause.duty.clause, term=term, was=instant(was), due=due, agencies=_held(db, clause.id, term, was))
        for clause in clauses(db, issued, now)
        for (term, was), due in {(each.row.term, each.row.due_at): each.due for each in clause.cohorts if each.due}.items()
    ]


def clauses(db: Connection, issued: Issued, now: datetime) -> Iterator[Clause]:
    """Yield each clause of which the calendar moves something."""
    rows, known = duties_of(db, issued.id), origins.known(db)
    for duty in orders(issued.directive):
        versions = origins.versions(db, rows[duty.clause])
        dates, started = _dates(db, rows[duty.clause], duty, issued)
        if not dates and set(versions.values()) <= {issued.calendar.version}:
            continue
        new = replace(issued, clocks={**issued.clocks, **{(duty.clause, due): at for due, at in started.items()}})
        cohorts = []
        for row in db.execute(text(_COHORTS), {"duty": rows[duty.clause]}).all():
            before, _ = known.get(versions.get(row.term, ""), (issued.calendar, now))
            cohorts.append(_cohort(row, replace(issued, calendar=before), new, dates.get((row.term, row.due_at)), now))
        if moving := tuple(each for each in cohorts if each):
            yield Clause(id=rows[duty.clause], duty=duty, cohorts=moving, started=started)


def _cohort(row: Row[Any], old: Issued, new: Issued, due: Deadline | None, now: datetime) -> Cohort | None:
    """What becomes of tasks; None where nothing does."""
    if due is None or not row.movable or seconds(due.at) == row.due_at or (seconds(due.at) < row.due_at and due.at <= now):
        due = None
    then = SimpleNamespace(**row._mapping)
    if due:
        then.due_at = then.term_due_at = seconds(due.at)
    before, after = (_steps(issued, of, row.rung) for issued, of in ((old, row), (new, then)))
    rung, wake_at = resumed(before, after, row.rung)
    last, lasts = _last_day(then, new)
    if due is None and lasts and (not row.wakes or (rung, wake_at) == resumed(before, before, row.rung)):
        return None
    return Cohort(row, due, last, rung, wake_at)


def _last_day(row: Any, issued: Issued) -> tuple[date | None, bool]:
    """The last working day by the term's date, and whether that is what the term says."""
    if row.due_at is None or row.due_at != row.term_due_at:
        return None, True
    last = issued.calendar.previous_working(instant(row.due_at).astimezone(issued.practice.tz).date())
    return last, row.last_working_day in (None, last.isoformat())


def _steps(issued: Issued, row: Any, said: int) -> list[Step]:
    return list(islice(issued.steps_of(row), said + _AHEAD))


def _dates(db: Connection, number: int, duty: Duty, issued: Issued) -> tuple[dict[tuple[str, int], Deadline], dict[int, datetime]]:
    """The date that each term is due by this calendar, by its key and the date it has; and since when clocks behind them run."""
    if is_asked_for(duty):
        return _asked(db, number, duty, issued), {}
    if duty.due is None or duty.due.form != "relative":
        return {}, {}
    if duty.due.after is None:
        row = db.execute(text("SELECT due_at FROM terms WHERE duty = :duty AND term = ''"), {"duty": number}).first()
        due = next((term.due for term in terms(duty, issued.directive, issued.calendar, issued.practice) if not term.key), None)
        return ({("", row.due_at): due} if row and row.due_at and due else {}), {}
    found, started = {}, {}
    for (clause, was), at in issued.clocks.items():
        day = at.astimezone(issued.practice.tz).date()
        if clause == duty.clause and (due := due_after(duty, issued.directive, day, issued.calendar, issued.practice)):
            found["", was] = due
            started[seconds(due.at)] = at
    return found, started


def _asked(db: Connection, number: int, duty: Duty, issued: Issued) -> dict[tuple[str, int], Deadline]:
    """The dates of what the issuer asked for "within five working days", counted from the asking."""
    found: dict[tuple[str, int], Deadline] = {}
    for row in db.execute(text(_ASKED), {"duty": number}).all():
        said = json.loads(row.payload)
        due = Due.model_validate(end_of(said["due"]) | {"words": said["due"]}) if "due" in said else None
        if said.get("term") == row.term and due and due.form == "relative":
            asked = asked_term(duty, issued.directive, due, issued.calendar, issued.practice, now=instant(row.at))
            found |= {(row.term, row.due_at): asked.due} if asked.due else {}
    return found


def _held(db: Connection, duty: int, term: str, was: int) -> tuple[str, ...]:
    return tuple(db.execute(text(_AGENCIES), {"duty": duty, "term": term, "was": was}).scalars())


#: A date that was given by decision, or that a claim waits with, stays.
MOVABLE = "CASE WHEN {of}due_at IS NOT DISTINCT FROM {of}original_due_at AND {of}state <> 'claimed' THEN 1 ELSE 0 END"

_COHORTS = f"""
SELECT DISTINCT u.clause, k.term, k.due_at, k.rung, m.begins_at, m.due_at AS term_due_at, m.next_due_at, m.last_working_day,
       coalesce(o.climbs, m.climbs) AS climbs, {MOVABLE.format(of="k.")} AS movable,
       CASE WHEN k.wake_at IS NULL THEN 0 ELSE 1 END AS wakes
  FROM tasks k
  JOIN duties u ON u.id = k.duty
  JOIN terms m ON m.duty = k.duty AND m.term = k.term
  LEFT JOIN own_targets o ON o.duty = k.duty AND o.term = k.term AND o.unit = k.unit
 WHERE k.duty = :duty AND k.closed_at IS NULL"""

_AGENCIES = f"""
SELECT DISTINCT a.name FROM tasks k JOIN agencies a ON a.id = k.agency
 WHERE k.closed_at IS NULL AND k.duty = :duty AND k.term = :term AND k.due_at = :was AND {MOVABLE.format(of="k.")} = 1
 ORDER BY a.name"""

_ASKED = """
SELECT m.term, m.due_at, e.payload, e.at
  FROM duties u
  JOIN events e ON e.directive = u.directive AND e.duty = u.id AND e.kind = 'asked'
  JOIN terms m ON m.duty = u.id AND m.due_at IS NOT NULL
 WHERE u.id = :duty
 ORDER BY e.seq"""
