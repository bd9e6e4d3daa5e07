"""Where figures are heading, read from the readings: for pages and letters, and for the rung that speaks only of those who fall short.

A task without children is judged on its agency's own figures, a cascading one on what its leaves make together, from the first day on
which all of them have said one. Decimals are reckoned as whole millionths, so that both stores come to the very same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from directives.language.shapes import Target
from tasks.courses import Course
from tasks.ladder import Step
from tasks.values import Work

from . import tables as t
from .issued import Issued, directive_of, practice_of
from .rows import canonical, pairs, sql

MILLION = 1_000_000


class Ahead(NamedTuple):
    """A cohort with a step that speaks only of those who fall short: of what is due on a day, in shares or in counts."""

    cohort: int
    by: date
    shares: bool


def ahead(cohort: int, row: Row[Any], issued: Issued, steps: Iterable[Step]) -> list[Ahead]:
    """A cohort of which a step speaks only of those who fall short."""
    shares = _is_share(issued.directive.indicators, issued.duty(row.clause).target)
    days = {step.gap.astimezone(issued.practice.tz).date() for step in steps if step.gap}
    return [Ahead(cohort, day, shares) for day in days]


def part(db: Connection, of: list[Ahead]) -> None:
    """Part from such cohorts all but those who fall short: the others have a course of their own, of which something else is said."""
    if not of:
        return
    by = {each.cohort: each for each in of}
    rows = db.execute(sql(_AIMS.format(cohorts=pairs(db))), {"pairs": canonical([[each.cohort, 0] for each in of])}).all()
    db.execute(sql(_GOALS), [_goal(by[row.cohort], row.target) for row in rows])
    db.execute(sql(_statement(db, _PART, "aimed", _AIMED)), {"seq": 2**62})


def beside(db: Connection, seq: int, found: Mapping[int, Work]) -> dict[int, Work]:
    """Tasks with the unit of their figure and, while they are open and have a target, with its course as known at event `seq`."""
    measured = {task: work for task, work in found.items() if work.indicator}
    if not measured:
        return dict(found)
    d = t.directives.c
    query = select(d.id, d.body, d.practice).where(d.id.in_({work.directive for work in measured.values()}))
    papers = {row.id: (directive_of(row.body).indicators, practice_of(row.practice).tz) for row in db.execute(query)}
    known = {task: replace(work, unit=_unit(papers[work.directive][0], work.indicator)) for task, work in measured.items()}
    wanted = {"seq": seq, "pairs": canonical([[task, int(work.unit == "%")] for task, work in known.items() if _has_course(work)])}
    for row in db.execute(sql(_statement(db, _COURSES, pairs(db))), wanted):
        work = known[row.task]
        assert work.due_at is not None
        course = _course(row, work.unit, work.due_at.astimezone(papers[work.directive][1]).date())
        if work.figure is None:  # what a parent's leaves make together
            work = replace(work, figure=course.figure, figure_on=course.on)
        known[row.task] = replace(work, course=course)
    return {**found, **known}


def _has_course(work: Work) -> bool:
    return work.closed_at is None and work.due_at is not None and bool(work.target)


def _course(row: Row[Any], unit: str, by: date) -> Course:
    target = Target.model_validate_json(row.target)
    return Course(
        unit=unit, operator=target.operator, goal=target.value, by=by, since=date.fromisoformat(row.since), on=date.fromisoformat(row.upto),
        start=Decimal(int(row.start)) / MILLION, figure=Decimal(int(row.figure)) / MILLION,
    )


def _unit(indicators: Mapping[str, Any], indicator: str) -> str:
    return str(indicators[indicator].unit) if indicator in indicators else "%"


def _is_share(indicators: Mapping[str, Any], target: object) -> bool:
    return isinstance(target, str) and _unit(indicators, target) == "%"


def _goal(of: Ahead, target: str) -> dict[str, Any]:
    """What a cohort's tasks are to reach; without a target there is nothing to fall short of."""
    said = Target.model_validate_json(target) if target else None
    return {
        "cohort": of.cohort, "target": target, "shares": int(of.shares), "due_on": of.by.isoformat(),
        "operator": said.operator if said else "", "goal": int(said.value * MILLION) if said else None,
    }


def _statement(db: Connection, statement: str, ids: str, before: str = "") -> str:
    """A statement over courses of the tasks in `ids` (columns a: the task, b: whether it is reckoned in shares)."""
    known = _KNOWN.format(ids=ids, before=before, **_DIALECT[db.dialect.name])
    return statement.format(known=known, **_DIALECT[db.dialect.name])


_DIALECT = {
    "sqlite": {
        "value": "CAST(round(CAST(w.value AS REAL) * 1000000) AS INTEGER)", "share": "s.numerator * 100000000 / s.denominator",
        "span": "CAST(julianday(k.upto) - julianday(k.since) AS INTEGER)",
        "left": "CAST(julianday(g.due_on) - julianday(k.upto) AS INTEGER)",
    },
    "postgresql": {
        "value": "round(CAST(w.value AS numeric) * 1000000)", "share": "div(s.numerator * 100000000, s.denominator)",
        "span": "(CAST(k.upto AS date) - CAST(k.since AS date))", "left": "(CAST(g.due_on AS date) - CAST(k.upto AS date))",
    },
}

#: `known`: of each task the first day on which all that it is judged by had a figure, the latest day, and what they made together then.
_KNOWN = """
WITH RECURSIVE {before} beneath (task, shares, id) AS (
    SELECT x.a, x.b, x.a FROM {ids} x
     UNION ALL
    SELECT b.task, b.shares, c.id FROM beneath b JOIN tasks c ON c.parent = b.id
), leaves AS (
    SELECT DISTINCT b.task, b.shares, k.directive, u.indicator, coalesce(h.agency, k.agency) AS agency
      FROM beneath b
      JOIN tasks k ON k.id = b.id
      JOIN duties u ON u.id = k.duty
      LEFT JOIN task_history h ON h.task = k.id AND h.from_seq <= :seq AND h.to_seq >= :seq
     WHERE (h.task IS NOT NULL OR k.since_seq <= :seq) AND coalesce(h.state, k.state) <> 'void'
       AND NOT EXISTS (SELECT 1 FROM tasks c WHERE c.parent = k.id)
       AND NOT EXISTS (SELECT 1 FROM inherited i
                        WHERE i.directive = k.directive AND i.indicator = u.indicator AND i.agency = coalesce(h.agency, k.agency)
                          AND i.seq <= :seq)
), words AS (
    SELECT l.task, l.shares, l.agency, r."on", r.seq, r.numerator, r.denominator, r.value
      FROM leaves l
      JOIN readings r ON r.directive = l.directive AND r.indicator = l.indicator AND r.agency = l.agency AND r.seq <= :seq
), spans AS (
    SELECT f.task, max(f.first) AS since, max(f.last) AS upto, count(*) AS parts
      FROM (SELECT task, agency, min("on") AS first, max("on") AS last FROM words GROUP BY task, agency) f
      JOIN (SELECT task, count(*) AS parts FROM leaves GROUP BY task) p ON p.task = f.task
     GROUP BY f.task, p.parts
    HAVING count(*) = p.parts
), edges AS (
    SELECT task, parts, 0 AS edge, since AS day FROM spans
     UNION ALL
    SELECT task, parts, 1, upto FROM spans
), picked AS (
    SELECT w.*, e.parts, e.edge, e.day, row_number() OVER (PARTITION BY w.task, e.edge, w.agency ORDER BY w."on" DESC, w.seq DESC) AS place
      FROM edges e JOIN words w ON w.task = e.task AND w."on" <= e.day
), sums AS (
    SELECT w.task, w.shares, w.parts, w.edge, w.day, sum(w.numerator) AS numerator, sum(w.denominator) AS denominator,
           count(w.denominator) AS counted, sum({value}) AS value
      FROM picked w
     WHERE w.place = 1
     GROUP BY w.task, w.shares, w.parts, w.edge, w.day
), worths AS (
    SELECT s.task, s.edge, s.day, CASE WHEN s.shares = 0 OR s.parts = 1 THEN s.value WHEN s.counted = s.parts THEN {share} END AS worth
      FROM sums s
), known AS (
    SELECT task, min(day) AS since, max(day) AS upto,
           max(CASE WHEN edge = 0 THEN worth END) AS start, max(CASE WHEN edge = 1 THEN worth END) AS figure
      FROM worths
     GROUP BY task
    HAVING count(worth) = 2
)"""

_COURSES = """{known}
SELECT k.task, k.since, k.upto, k.start, k.figure, coalesce(o.target, m.target) AS target
  FROM known k
  JOIN tasks a ON a.id = k.task
  JOIN terms m ON m.duty = a.duty AND m.term = a.term
  LEFT JOIN own_targets o ON o.duty = a.duty AND o.term = a.term AND o.unit = a.unit
 WHERE coalesce(o.target, m.target) <> ''"""

_WOKEN = """
  FROM woken d
  JOIN decided c ON c.duty = d.duty AND c.term = d.term AND c.rung = d.rung AND c.due_at = d.due_at AND c.course = 0
                AND c.child = CASE WHEN d.parent IS NULL THEN 0 ELSE 1 END
  JOIN terms m ON m.duty = c.duty AND m.term = c.term
  LEFT JOIN own_targets o ON o.duty = c.duty AND o.term = c.term AND o.unit = d.unit"""

_AIMS = f"""
SELECT DISTINCT c.cohort, coalesce(o.target, m.target) AS target {_WOKEN}
  JOIN {{cohorts}} x ON x.a = c.cohort"""

_GOALS = """
INSERT INTO goals (cohort, target, shares, due_on, operator, goal)
VALUES (:cohort, :target, :shares, :due_on, :operator, :goal)"""

_AIMED = f"""aimed AS (
    SELECT d.task AS a, g.shares AS b, g.due_on, g.operator, g.goal {_WOKEN}
      JOIN goals g ON g.cohort = c.cohort AND g.target = coalesce(o.target, m.target)
),"""

#: The same as `Course.falls_short`, in whole numbers.
_PART = """
UPDATE woken SET course = 1
 WHERE task IN (SELECT d.task FROM woken d
                  JOIN decided c ON c.duty = d.duty AND c.term = d.term AND c.rung = d.rung AND c.due_at = d.due_at
                                AND c.child = CASE WHEN d.parent IS NULL THEN 0 ELSE 1 END
                  JOIN goals g ON g.cohort = c.cohort)
   AND task NOT IN ({known}
SELECT k.task
  FROM (SELECT k.task, k.figure, g.operator, g.goal, {span} AS span, k.figure * {span} + (k.figure - k.start) * {left} AS there
          FROM known k JOIN aimed g ON g.a = k.task) k
 WHERE span > 0
   AND CASE operator
       WHEN '>=' THEN figure < goal AND there < goal * span
       WHEN '>' THEN figure <= goal AND there <= goal * span
       WHEN '<=' THEN figure > goal AND there > goal * span
       WHEN '<' THEN figure >= goal AND there >= goal * span
       WHEN '=' THEN (figure < goal AND there < goal * span) OR (figure > goal AND there > goal * span) END)"""
