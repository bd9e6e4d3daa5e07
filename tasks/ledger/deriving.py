"""Answer once, count many: what a paper's agencies do is done for the superior's clause that the paper carries out.

A lead that has passed its clause on by a paper of its own answers there: when the tasks of that paper are done, so is its own, and
figures of its agencies add up to its figure, each with the paper as the one piece of evidence.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, text

from directives.language.calendar import Calendar
from tasks.figures import together

from . import bonding, chain, holding, settling
from . import tables as t
from .bonding import cited
from .carrying import CARRIED, COUNTS, OWN, comes
from .chain import Event
from .changing import change
from .figures import figure_of
from .issued import Issued, load
from .rows import add, canonical, pairs
from .settling import LADDER, LAST_WORD
from .store import Store
from .types import instant


class _Sum(NamedTuple):
    """What a paper's figures make together, of the latest of their days."""

    on: str
    numerator: int | None
    denominator: int | None
    value: Decimal


def roll_up(store: Store, calendar: Calendar, now: datetime) -> int:
    """Settle, or take back, what derived papers have done for their superiors' clauses; returns how many tasks and figures changed.

    One transaction a task, each judged again under the superior's lock. Twice is once, and a late run gives the same dates.
    """
    with store.read() as db:
        if db.execute(text("SELECT 1 FROM derivations LIMIT 1")).first() is None:
            return 0
        found = [(each, row) for each in (_settle, _take_back, _pass_on) for row in db.execute(text(_FOUND[each.__name__])).all()]
    changed = 0
    for each, row in found:
        with store.write() as db:
            chain.lock(db, row.directive)
            if bonding.has_ended(db, row.directive) or not _still(db, each.__name__, row):
                continue
            changed += each(db, load(db, row.directive, calendar), row, now)
    return changed


def _still(db: Connection, what: str, row: Row[Any]) -> bool:
    return row in db.execute(text(_FOUND[what])).all()


def _settle(db: Connection, issued: Issued, row: Row[Any], now: datetime) -> int:
    """All that a lead has passed on is done, at the instant of the last; where the issuer confirms, it is claimed."""
    if comes(db, row.id, issued.calendar):
        return 0
    evidence = {"by": "under", "document": _papers(db, row), **({"after": {"state": "claimed"}} if row.confirm else {})}
    [(seq, at)] = chain.append(db, issued.id, now, Event(kind="settled", duty=row.duty, task=row.id, payload=evidence))
    if row.confirm:
        change(db, row.id, seq, {"state": "claimed", "claimed_at": instant(row.last), "reported_at": at, **holding.let_go(db, row, at)})
    else:
        settling.close(db, issued, row.id, seq, counts_at=instant(row.last), at=at)
    return 1


def _take_back(db: Connection, issued: Issued, row: Row[Any], now: datetime) -> int:
    """Something that counted as done is open again."""
    settling.take_back(db, issued, row, at=now, why="under")
    return 1


def _pass_on(db: Connection, issued: Issued, row: Row[Any], now: datetime) -> int:
    """The sum of the latest figures below, once each agency there has one, is their issuer's figure for the superior."""
    latest = _latest(db, issued, row)
    unit = issued.directive.indicators[row.indicator].unit
    value = together(((each.numerator, each.denominator, figure_of(each)) for each in latest), unit)
    if value is None:
        return 0
    counts = [(each.numerator, each.denominator) for each in latest]
    numerator, denominator = (sum(n for n, _ in counts), sum(d for _, d in counts)) if all(d for _, d in counts) else (None, None)
    return _report(db, issued, row, _Sum(max(each.on for each in latest), numerator, denominator, value), now)


def _latest(db: Connection, issued: Issued, row: Row[Any]) -> list[Row[Any]]:
    """The latest figures of all who are measured below; nothing while one of them has none."""
    below = defaultdict[tuple[int, str], set[int]](set)
    of = {"directive": issued.id, "indicator": row.indicator, "agency": row.agency}
    for each in db.execute(text(_MEASURED), of):
        below[each.paper, each.indicator].add(each.agency)
    found = [
        latest
        for (paper, indicator), agencies in sorted(below.items())
        for latest in db.execute(text(_LATEST.format(ids=pairs(db))), {
            "directive": paper, "indicator": indicator, "pairs": canonical([[agency, 0] for agency in sorted(agencies)]),
        })
    ]
    return found if len(found) == sum(map(len, below.values())) else []


def _report(db: Connection, issued: Issued, row: Row[Any], figure: _Sum, now: datetime) -> int:
    """Record a figure where the last word about its day is another."""
    of = {"directive": issued.id, "indicator": row.indicator, "agency": row.agency, "on": figure.on}
    known = db.execute(text(_KNOWN), of).first()
    if known is not None and (known.numerator, known.denominator, Decimal(known.value)) == figure[1:]:
        return 0
    on, numerator, denominator, value = figure
    said = {"numerator": numerator, "denominator": denominator} if denominator else {"value": str(value)}
    payload = {**said, "on": on, "document": _papers(db, row)}
    [(seq, at)] = chain.append(db, issued.id, now, Event(kind="figure", duty=row.duty, task=row.id, payload=payload))
    add(db, t.readings, [{
        **of, "on": date.fromisoformat(on), "seq": seq, "numerator": numerator, "denominator": denominator, "value": value,
    }])
    change(db, row.id, seq, {"state": "progress", "reported_at": at} if row.closed_at is None else {"reported_at": at})
    settling.by_figure(db, issued, row, on=date.fromisoformat(on), seq=seq, at=at)
    return 1


def _papers(db: Connection, row: Row[Any]) -> str:
    """The papers by which a task, or the figure that it has, was passed on."""
    of = {"duty": row.duty, "agency": row.agency, "directive": row.directive, "indicator": getattr(row, "indicator", "")}
    return "; ".join(cited(each.number, date.fromisoformat(each.issued_on)) for each in db.execute(text(_CITED), of))


_DONE = f"""
SELECT k.id, k.directive, k.duty, k.agency, k.wake_at, u.confirm, max(c.closed_at) AS last
  FROM ({CARRIED.format(tasks="tasks k")}) s
  JOIN tasks k ON k.id = s.task AND k.state IN ('open', 'received', 'progress')
  JOIN duties u ON u.id = k.duty
  JOIN tasks c ON {COUNTS} AND c.state <> 'void'
 GROUP BY k.id, k.directive, k.duty, k.agency, k.wake_at, u.confirm
HAVING count(*) FILTER (WHERE c.closed_at IS NULL) = 0
 ORDER BY k.directive, k.id"""

_UNDONE = f"""
SELECT DISTINCT k.id, k.directive, k.duty, k.parent, k.due_at, {LADDER}
  FROM ({CARRIED.format(tasks="tasks k")}) s
  JOIN tasks k ON k.id = s.task AND k.state = 'done'
  JOIN events e ON e.directive = k.directive AND e.seq = k.since_seq AND e.kind = 'settled' AND e.payload LIKE '%"by":"under"%'
  JOIN duties u ON u.id = k.duty
  JOIN terms m ON m.duty = k.duty AND m.term = k.term
  LEFT JOIN own_targets o ON o.duty = k.duty AND o.term = k.term AND o.unit = k.unit
  JOIN tasks c ON {COUNTS} AND c.state <> 'void' AND c.closed_at IS NULL
 ORDER BY k.directive, k.id"""

#: One open task, else the last, of an issuer that has passed a figure on and types it itself.
_FIGURES = f"""
SELECT DISTINCT k.id, k.directive, k.duty, k.agency, k.closed_at, v.indicator
  FROM derivations v
  JOIN indicators i ON i.directive = v.directive AND i.indicator = v.indicator
  JOIN duties u ON u.directive = v.directive AND u.indicator = v.indicator
  JOIN tasks k ON k.duty = u.id AND k.state NOT IN ('void', 'claimed')
  {OWN.format(agency="k.agency")}
 WHERE v.indicator <> '' AND (i.source IS NULL OR i.source = k.agency)
   AND k.id = (SELECT x.id FROM tasks x WHERE x.duty = k.duty AND x.agency = k.agency AND x.state NOT IN ('void', 'claimed')
                ORDER BY CASE WHEN x.closed_at IS NULL THEN 0 ELSE 1 END, x.due_at, x.id LIMIT 1)
 ORDER BY k.directive, k.id"""

_FOUND = {"_settle": _DONE, "_take_back": _UNDONE, "_pass_on": _FIGURES}

#: Who is measured below: in each paper by the figure of that name, else by its only one; in a duty by that duty's.
_MEASURED = f"""
SELECT DISTINCT v.paper, u.indicator, c.agency
  FROM derivations v
  JOIN agencies k ON k.id = :agency
  {OWN.format(agency="k.id")}
  JOIN duties u ON u.directive = v.paper AND u.indicator <> '' AND v.via IN (0, u.id)
  JOIN tasks c ON c.duty = u.id AND c.state <> 'void' AND NOT EXISTS (SELECT 1 FROM tasks b WHERE b.parent = c.id)
 WHERE v.directive = :directive AND v.indicator = :indicator
   AND (v.via <> 0 OR u.indicator = :indicator
     OR 1 = (SELECT count(DISTINCT o.indicator) FROM duties o WHERE o.directive = v.paper AND o.indicator <> ''))"""

_LATEST = f"""
SELECT r.agency, r."on", r.numerator, r.denominator, r.value
  FROM {{ids}} x CROSS JOIN readings r
 WHERE r.agency = x.a AND r.directive = :directive AND r.indicator = :indicator AND {LAST_WORD}"""

_KNOWN = """
SELECT numerator, denominator, value FROM readings
 WHERE directive = :directive AND indicator = :indicator AND agency = :agency AND "on" = :on
 ORDER BY seq DESC LIMIT 1"""

_CITED = f"""
SELECT DISTINCT d.number, d.issued_on
  FROM derivations v
  JOIN agencies k ON k.id = :agency
  {OWN.format(agency="k.id")}
 WHERE v.duty = :duty OR (v.directive = :directive AND v.indicator <> '' AND v.indicator = :indicator)
 ORDER BY d.issued_on, d.number"""
