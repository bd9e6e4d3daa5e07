"""Answer once, count many: what a paper's agencies do is done for the superior's clause that the paper carries out.

A lead that has passed its clause on by a paper of its own answers there: when the tasks of that paper are done, so is its own, and
figures of its agencies add up to its figure, each with the paper as the one piece of evidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, insert, text

from directives.language.calendar import Calendar
from directives.language.shapes import Basis, Directive
from tasks.figures import together

from . import bonding, chain, settling
from . import tables as t
from .bonding import ENDED, StrangePaperError, cited
from .chain import Event
from .figures import figure_of
from .issued import Issued, load
from .rows import add, canonical, pairs
from .settling import LADDER, LAST_WORD
from .store import Store
from .types import instant


class CircleError(StrangePaperError):
    """Two papers would each carry out the other, so that both would wait for ever."""

    def __init__(self, basis: Basis, number: str | None) -> None:
        super().__init__(basis)
        self.args = (f"{cited(basis.number, basis.date)} đã ghi là thực hiện {number}: hai văn bản không thể cùng thực hiện lẫn nhau",)


class _Sum(NamedTuple):
    """What a paper's figures make together, of the latest of their days."""

    on: str
    numerator: int | None
    denominator: int | None
    value: Decimal


def keep(db: Connection, paper: int, directive: Directive) -> None:
    """Keep which clauses and figures of issued directives a paper carries out, as far as they are in the ledger. Raises CircleError."""
    for basis in directive.under:
        target = bonding.find(db, basis, "", paper)
        if target is None:
            continue
        if _leads_back(db, target, directive):
            raise CircleError(basis, directive.number)
        for values in _carried_out(db, target, basis):
            db.execute(insert(t.derivations).values(paper=paper, directive=target, **values))


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
    evidence = {"by": "under", "document": _papers(db, row), **({"after": {"state": "claimed"}} if row.confirm else {})}
    [(seq, at)] = chain.append(db, issued.id, now, Event(kind="settled", duty=row.duty, task=row.id, payload=evidence))
    if row.confirm:
        settling.change(db, row.id, seq, {"state": "claimed", "claimed_at": instant(row.last), "reported_at": at})
    else:
        settling.close(db, issued, row.id, seq, counts_at=instant(row.last), at=at)
    return 1


def _take_back(db: Connection, issued: Issued, row: Row[Any], now: datetime) -> int:
    """Something that counted as done is open again."""
    settling.take_back(db, issued, row, at=now, why="under")
    return 1


def _pass_on(db: Connection, issued: Issued, row: Row[Any], now: datetime) -> int:
    """The sum of a paper's latest figures, once each of its agencies has one, is its issuer's figure for the superior."""
    measured = db.execute(text(_MEASURED), {"paper": row.paper, "indicator": row.indicator}).all()
    indicator = next((each.indicator for each in measured), "")
    units = sorted({each.agency for each in measured})
    latest = db.execute(text(_LATEST.format(ids=pairs(db))), {
        "directive": row.paper, "indicator": indicator, "pairs": canonical([[unit, 0] for unit in units]),
    }).all()
    unit = issued.directive.indicators[row.indicator].unit
    value = together(((each.numerator, each.denominator, figure_of(each)) for each in latest), unit)
    if not units or len(latest) < len(units) or value is None:
        return 0
    counts = [(each.numerator, each.denominator) for each in latest]
    numerator, denominator = (sum(n for n, _ in counts), sum(d for _, d in counts)) if all(d for _, d in counts) else (None, None)
    return _report(db, issued, row, _Sum(max(each.on for each in latest), numerator, denominator, value), now)


def _report(db: Connection, issued: Issued, row: Row[Any], figure: _Sum, now: datetime) -> int:
    """Record a figure where the last word about its day is another."""
    of = {"directive": issued.id, "indicator": row.indicator, "agency": row.agency, "on": figure.on}
    known = db.execute(text(_KNOWN), of).first()
    if known is not None and (known.numerator, known.denominator, Decimal(known.value)) == figure[1:]:
        return 0
    on, numerator, denominator, value = figure
    said = {"numerator": numerator, "denominator": denominator} if denominator else {"value": str(value)}
    payload = {**said, "on": on, "document": cited(row.number, date.fromisoformat(row.issued_on))}
    [(seq, at)] = chain.append(db, issued.id, now, Event(kind="figure", duty=row.duty, task=row.id, payload=payload))
    add(db, t.readings, [{
        **of, "on": date.fromisoformat(on), "seq": seq, "numerator": numerator, "denominator": denominator, "value": value,
    }])
    settling.change(db, row.id, seq, {"state": "progress", "reported_at": at} if row.closed_at is None else {"reported_at": at})
    settling.by_figure(db, issued, row, on=date.fromisoformat(on), seq=seq, at=at)
    return 1


def _carried_out(db: Connection, target: int, basis: Basis) -> Iterator[dict[str, Any]]:
    """The rows of what a basis names: a clause with its points, a figure."""
    if basis.indicator:
        yield {"indicator": basis.indicator}
    elif basis.clause:
        for duty in db.execute(text(_DUTIES), {"d": target, "clause": basis.clause}).scalars():
            yield {"duty": duty}


def _leads_back(db: Connection, target: int, directive: Directive) -> bool:
    """Whether a paper, or one that it carries out in turn, says that it carries out this one."""
    seen: set[int] = set()
    ahead = [target]
    while ahead:
        number = ahead.pop()
        if number in seen:
            continue
        seen.add(number)
        under = load(db, number, Calendar()).directive.under
        if any(basis.number == directive.number and basis.date in (None, directive.date) for basis in under):
            return True
        ahead += db.execute(text("SELECT directive FROM derivations WHERE paper = :paper"), {"paper": number}).scalars()
    return False


def _papers(db: Connection, row: Row[Any]) -> str:
    """The papers by which a task was passed on."""
    rows = db.execute(text(_CITED), {"duty": row.duty, "agency": row.agency})
    return "; ".join(cited(each.number, date.fromisoformat(each.issued_on)) for each in rows)


_DUTIES = "SELECT id FROM duties WHERE directive = :d AND (clause = :clause OR substr(clause, 1, length(:clause) + 1) = :clause || '.')"

#: A lead's own papers that are in force.
_PAPERS = f"JOIN directives d ON d.id = v.paper AND d.issuer = k.agency AND d.state = 'issued' AND NOT EXISTS ({ENDED})"

#: Of a paper counts what has a date, or waits for one; what stands is never done.
COUNTS = "(c.due_at IS NOT NULL OR EXISTS (SELECT 1 FROM unasked w WHERE w.duty = c.duty AND w.waits_for IS NOT NULL))"

_DONE = f"""
SELECT k.id, k.directive, k.duty, k.agency, u.confirm, max(c.closed_at) AS last
  FROM derivations v
  JOIN tasks k ON k.duty = v.duty AND k.term = '' AND k.state IN ('open', 'received', 'progress')
  JOIN duties u ON u.id = k.duty
  {_PAPERS}
  JOIN tasks c ON c.directive = d.id AND c.state <> 'void' AND {COUNTS}
 GROUP BY k.id, k.directive, k.duty, k.agency, u.confirm
HAVING count(*) FILTER (WHERE c.closed_at IS NULL) = 0 AND count(*) FILTER (WHERE d.opens_at IS NOT NULL) = 0
 ORDER BY k.directive, k.id"""

_UNDONE = f"""
SELECT DISTINCT k.id, k.directive, k.duty, k.parent, k.due_at, {LADDER}
  FROM derivations v
  JOIN tasks k ON k.duty = v.duty AND k.state = 'done'
  JOIN events e ON e.directive = k.directive AND e.seq = k.since_seq AND e.kind = 'settled' AND e.payload LIKE '%"by":"under"%'
  JOIN duties u ON u.id = k.duty
  JOIN terms m ON m.duty = k.duty AND m.term = k.term
  LEFT JOIN own_targets o ON o.duty = k.duty AND o.term = k.term AND o.unit = k.unit
  {_PAPERS}
  JOIN tasks c ON c.directive = d.id AND c.state <> 'void' AND c.closed_at IS NULL AND {COUNTS}
 ORDER BY k.directive, k.id"""

#: One open task, else the last, of an issuer that has passed a figure on and types it itself.
_FIGURES = f"""
SELECT k.id, k.directive, k.duty, k.agency, k.closed_at, v.indicator, d.id AS paper, d.number, d.issued_on
  FROM derivations v
  JOIN indicators i ON i.directive = v.directive AND i.indicator = v.indicator
  JOIN duties u ON u.directive = v.directive AND u.indicator = v.indicator
  JOIN tasks k ON k.duty = u.id AND k.state NOT IN ('void', 'claimed')
  {_PAPERS}
 WHERE v.indicator <> '' AND (i.source IS NULL OR i.source = k.agency)
   AND k.id = (SELECT x.id FROM tasks x WHERE x.duty = k.duty AND x.agency = k.agency AND x.state NOT IN ('void', 'claimed')
                ORDER BY CASE WHEN x.closed_at IS NULL THEN 0 ELSE 1 END, x.due_at, x.id LIMIT 1)
 ORDER BY k.directive, k.id, d.id"""

_FOUND = {"_settle": _DONE, "_take_back": _UNDONE, "_pass_on": _FIGURES}

#: Who is measured in a paper by the figure of that name, else by its only one.
_MEASURED = """
SELECT DISTINCT u.indicator, k.agency
  FROM duties u JOIN tasks k ON k.duty = u.id AND k.state <> 'void' AND NOT EXISTS (SELECT 1 FROM tasks c WHERE c.parent = k.id)
 WHERE u.directive = :paper AND u.indicator <> ''
   AND (u.indicator = :indicator
     OR 1 = (SELECT count(DISTINCT o.indicator) FROM duties o WHERE o.directive = :paper AND o.indicator <> ''))"""

_LATEST = f"""
SELECT r.agency, r."on", r.numerator, r.denominator, r.value
  FROM {{ids}} x CROSS JOIN readings r
 WHERE r.agency = x.a AND r.directive = :directive AND r.indicator = :indicator AND {LAST_WORD}"""

_KNOWN = """
SELECT numerator, denominator, value FROM readings
 WHERE directive = :directive AND indicator = :indicator AND agency = :agency AND "on" = :on
 ORDER BY seq DESC LIMIT 1"""

_CITED = f"""
SELECT DISTINCT d.number, d.issued_on FROM derivations v JOIN tasks k ON k.duty = v.duty AND k.agency = :agency {_PAPERS}
 WHERE v.duty = :duty ORDER BY d.issued_on, d.number"""
