"""The measured line of an indicator: what each day's figures add up to over its area, against its milestones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, text

from directives.language.shapes import Indicator, Target
from tasks.figures import Part, together, total
from tasks.measured import Line

from . import areas, doubting
from .dating import Former, called
from .issued import Issued
from .successions import heirlooms


def lines(db: Connection, issued: Issued, seq: int, names: Mapping[int, Former], today: date) -> tuple[Line, ...]:
    """A line for each indicator that has dated milestones or a figure, as known at event `seq`; `names` are those of then."""
    found = (_line(db, issued, indicator, seq, names, today=today) for indicator in issued.directive.indicators.values())
    return tuple(line for line in found if line.points or line.milestones)


def figure_of(row: Row[Any]) -> Decimal | None:
    """The figure of a reading's row in its indicator's unit, exact from counts; None where nothing was read."""
    return None if row.value is None else Decimal(row.value)


def latest(db: Connection, directive: int, indicator: str, seq: int) -> dict[int, Decimal | None]:
    """The latest figure of each agency on an indicator, by row number."""
    rows = db.execute(text(_LAST), {"directive": directive, "indicator": indicator, "seq": seq})
    return {row.agency: figure_of(row) for row in rows}


def own_goals(db: Connection, directive: int, indicator: str, *, seq: int, at: int) -> dict[int, tuple[str, Decimal]]:
    """The targets of their own that agencies are judged on next, or were last: the paper's form and the value, by row number."""
    found: dict[int, tuple[str, Decimal]] = {}
    for row in db.execute(text(_GOALS), {"directive": directive, "indicator": indicator, "seq": seq, "at": at}):
        target = Target.model_validate_json(row.target)
        found.setdefault(row.agency, (target.words, target.value))
    return found


def _line(db: Connection, issued: Issued, indicator: Indicator, seq: int, names: Mapping[int, Former], *, today: date) -> Line:
    of = {"directive": issued.id, "indicator": indicator.id, "seq": seq}
    named = ((called(names, row.agency, row.name), row.agency) for row in db.execute(text(_EXPECTED), of))
    parts = heirlooms(db, of).of
    expected = {agency: name for name, agency in sorted(named) if agency not in parts}
    days = list(_days(db, indicator.unit, of, set(expected)))
    known = days[-1][2] if days else {}
    baseline = indicator.baseline
    start = [(baseline.on, baseline.value)] if baseline and baseline.on else []
    return Line(
        indicator=indicator.id, name=indicator.name, points=(*start, *((on, value) for on, value, _ in days if value is not None)),
        milestones=tuple((m.on, m.target.value, m.target.words) for m in indicator.targets if m.on),
        missing=tuple(name for agency, name in expected.items() if agency not in known),
        shares=tuple(expected[agency] for agency in expected if agency in areas.shares(known, indicator.unit)),
        lapsed=tuple(expected[agency] for agency in _lapsed(db, issued, indicator, of, today) if agency in known and agency in expected),
        own=db.execute(text(_OWN), of).scalar_one(), unit=indicator.unit,
        doubted=doubting.doubted(db, of, names), restated=doubting.restated(db, of, names),
        areas=tuple(areas.areas(db, indicator.unit, expected, known, names)),
    )


def _lapsed(db: Connection, issued: Issued, indicator: Indicator, of: Mapping[str, Any], today: date) -> list[int]:
    """Whose last figure is of before the reading period that has ended last."""
    if indicator.every is None or issued.directive.date is None:
        return []
    ends = doubting.closed_by(indicator.every, issued.directive.date, today, before_means=issued.practice.before_means)
    rows = db.execute(text(_LAST_DAYS), of) if len(ends) > 1 else ()
    return [row.agency for row in rows if date.fromisoformat(row.on) <= ends[-2]]


def _days(
    db: Connection, unit: str, of: Mapping[str, Any], expected: set[int]
) -> Iterator[tuple[date, Decimal | None, Mapping[int, Part]]]:
    """(day, what the latest figures up to it make together, those figures), a day on which somebody's figure changed.

    Nothing is imputed: the first day is the first on which every agency that is expected has given a figure, or the last day there is.
    Shares without counts add up to nothing, None where there are no others.
    """
    days: defaultdict[date, dict[int, Part]] = defaultdict(dict)
    heirs, later = heirlooms(db, of), defaultdict[date, frozenset[int]](frozenset)
    for row in db.execute(text(_READINGS), of):
        days[date.fromisoformat(row.on)][row.agency] = (row.numerator, row.denominator, figure_of(row))
        later[date.fromisoformat(row.on)] |= heirs.parts(row.agency, row.seq)
    latest: dict[int, Part] = {}
    for on in sorted(days):
        latest = {agency: part for agency, part in (latest | days[on]).items() if agency not in later[on]}
        value = total((n, d) for n, d, _ in latest.values()) if unit == "%" else together(latest.values(), unit)
        if heirs.cover(latest.keys(), expected) or on == max(days):
            yield on, value, dict(latest)


_OWN = """
SELECT count(DISTINCT o.unit)
  FROM duties u
  JOIN terms m ON m.duty = u.id AND m.seq <= :seq
  JOIN own_targets o ON o.duty = m.duty AND o.term = m.term
 WHERE u.directive = :directive AND u.indicator = :indicator"""

_READINGS = """
SELECT agency, "on", seq, numerator, denominator, value FROM readings
 WHERE directive = :directive AND indicator = :indicator AND seq <= :seq
 ORDER BY "on", seq"""

_LAST_DAYS = """
SELECT agency, max("on") AS "on" FROM readings
 WHERE directive = :directive AND indicator = :indicator AND seq <= :seq
 GROUP BY agency ORDER BY agency"""

#: Who gives the figure in the end, of the terms that had begun: the leaves of a cascade, each ward its own.
_EXPECTED = """
SELECT DISTINCT coalesce(h.agency, k.agency) AS agency, a.name
  FROM tasks k
  JOIN duties u ON u.id = k.duty AND u.indicator = :indicator
  JOIN terms m ON m.duty = k.duty AND m.term = k.term AND m.seq <= :seq
  LEFT JOIN task_history h ON h.task = k.id AND h.from_seq <= :seq AND h.to_seq >= :seq
  JOIN agencies a ON a.id = coalesce(h.agency, k.agency)
 WHERE k.directive = :directive AND (h.task IS NOT NULL OR k.since_seq <= :seq) AND coalesce(h.state, k.state) <> 'void'
   AND NOT EXISTS (SELECT 1 FROM tasks c WHERE c.parent = k.id)"""

_LAST = """
SELECT r.agency, r.numerator, r.denominator, r.value FROM readings r
 WHERE r.directive = :directive AND r.indicator = :indicator AND r.seq <= :seq
   AND NOT EXISTS (SELECT 1 FROM readings l
                    WHERE l.directive = r.directive AND l.indicator = r.indicator AND l.agency = r.agency AND l.seq <= :seq
                      AND (l."on" > r."on" OR (l."on" = r."on" AND l.seq > r.seq)))"""

#: The next date first; of those that have passed the last.
_GOALS = """
SELECT coalesce(h.agency, k.agency) AS agency, o.target
  FROM duties u
  JOIN terms m ON m.duty = u.id AND m.seq <= :seq
  JOIN own_targets o ON o.duty = m.duty AND o.term = m.term
  JOIN tasks k ON k.duty = o.duty AND k.unit = o.unit AND k.term = o.term
  LEFT JOIN task_history h ON h.task = k.id AND h.from_seq <= :seq AND h.to_seq >= :seq
 WHERE u.directive = :directive AND u.indicator = :indicator AND coalesce(h.state, k.state) <> 'void'
 ORDER BY CASE WHEN m.due_at >= :at THEN 0 ELSE 1 END, abs(coalesce(m.due_at, 0) - :at)"""
