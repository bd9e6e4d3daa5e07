"""How a task changes and ends: its history kept, figures that settle it, a parent that closes with its last child."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row

from directives.language.shapes import Target
from tasks.figures import meets, together

from . import bonding, chain, former, holding
from .chain import Event
from .changing import change
from .direct import ask, one
from .figures import figure_of
from .issued import Issued
from .rows import canonical, pairs, sql
from .types import instant, seconds


def close(db: Connection, issued: Issued, task: int, seq: int, *, counts_at: datetime, at: datetime, known: Any = None) -> None:
    """Close a task; `counts_at` is the instant by which it is on time or late. The last child closes its parent.

    `known` is its row as `facts.rows_of` gives it, so that what does not stand beside it need not be ended.
    """
    change(db, task, seq, closed(counts_at=counts_at, at=at))
    ended(db, issued, task, at, known=known)


def closed(*, counts_at: datetime, at: datetime) -> Mapping[str, Any]:
    """The columns of a task that closes."""
    return {"state": "done", "closed_at": counts_at, "wake_at": None, "reported_at": at}


def ended(db: Connection, issued: Issued, task: int, at: datetime, *, known: Any = None) -> None:
    """End what stood beside a task that has closed, `known` as of `close`."""
    if known is None or known.asks_until is not None:
        ask(db, _MOOT, {"task": task, "at": seconds(at)})
    if known is None or known.held is not None:
        holding.end(db, [task], "moot", at)
    if known is None or known.parent is not None:
        close_parent(db, issued, task, at)


def close_parent(db: Connection, issued: Issued, task: int, at: datetime) -> None:
    """Close the parent of a task that has ended, if that was the last of its children."""
    parent = one(db, _PARENT, {"task": task})
    if parent is not None and not parent.children_open:
        _settle(db, issued, parent, counts_at=instant(parent.last_closed), at=at, why="children")


def childless(db: Connection, issued: Issued, duty: int, seq: int, at: datetime) -> None:
    """Settle parents whose last open children were withdrawn at event `seq`, and whose others are done."""
    for parent in db.execute(sql(_CHILDLESS), {"duty": duty, "seq": seq}).all():
        _settle(db, issued, parent, counts_at=instant(parent.last_closed), at=at, why="children")


def reopen(db: Connection, issued: Issued, row: Row[Any], seq: int, *, at: datetime) -> None:
    """Take a closing back; a parent that had closed with its last child is open again too. A date that has moved meanwhile holds."""
    moved = former.moved_since(db, row.id)
    if moved:
        former.keep_told(db, row.id, seq)
    duty = issued.duty(row.clause)
    ladder = issued.steps(
        begins_at=instant(row.begins_at), due_at=moved.due_at, climbs=bool(row.climbs), measured=duty.is_measured, force=duty.force
    ) if moved else issued.steps_of(row)
    change(db, row.id, seq, {
        "state": "progress", "closed_at": None, "claimed_at": None, "reported_at": at, **(moved.values if moved else {}),
        "wake_at": next((step.at for step in ladder if step.at > at), None),
    })
    reopen_parent(db, issued, row, at)


def reopen_parent(db: Connection, issued: Issued, row: Row[Any], at: datetime) -> None:
    """Open the parent of a task again that had closed with the last of its children."""
    if row.parent is not None and (parent := one(db, _CLOSED_BY_CHILDREN, {"parent": row.parent})):
        take_back(db, issued, parent, at=at, why="children")


def by_figure(db: Connection, issued: Issued, row: Row[Any], *, on: date, seq: int, at: datetime) -> None:
    """Judge anew what the figure of event `seq` bears on: its agency's own tasks, and those that they add up to.

    A later day's figure never takes back what was reached; one that corrects an earlier word about the same day does, where no day
    that is left suffices.
    """
    of = {"directive": row.directive, "indicator": row.indicator, "agency": row.agency}
    corrects = one(db, _CORRECTED, of | {"on": on.isoformat(), "seq": seq}) is not None
    days = ask(db, _DAYS, of)
    for task in ask(db, _MEASURED, of):
        if task.closed_at is None and suffices(figure_of(days[-1]), task):
            _settle(db, issued, task, counts_at=counted_at(issued, task, days[-1].on, at), at=at, why="figure")
        elif task.closed_at is not None and corrects and not any(suffices(figure_of(day), task) for day in days):
            take_back(db, issued, task, at=at, why="figure")
    for parent in ask(db, _SUMMED.format(which="AND c.agency = :agency"), of):
        _sum(db, issued, parent, corrects=corrects, at=at)


def sum_up(db: Connection, issued: Issued, at: datetime) -> None:
    """Judge every cascading parent of a directive on what those below it had before."""
    for parent in db.execute(sql(_SUMMED.format(which="")), {"directive": issued.id}).all():
        _sum(db, issued, parent, corrects=False, at=at)


def _settle(db: Connection, issued: Issued, task: Row[Any], *, counts_at: datetime, at: datetime, why: str) -> None:
    [(seq, then)] = chain.append(db, issued.id, at, Event(kind="settled", duty=task.duty, task=task.id, payload={"by": why}))
    close(db, issued, task.id, seq, counts_at=counts_at, at=then)


def take_back(db: Connection, issued: Issued, task: Row[Any], *, at: datetime, why: str) -> None:
    """Open again what a rule (`why`) had settled; `task` is a row with id, duty, parent, due_at and the columns of `LADDER`."""
    if not issued.has(task.clause) or bonding.has_ended(db, issued.id):
        return  # what was done of a duty that is no more stays done
    [(seq, then)] = chain.append(db, issued.id, at, Event(kind="reopened", duty=task.duty, task=task.id, payload={"by": why}))
    reopen(db, issued, task, seq, at=then)


def suffices(figure: Decimal | None, task: Row[Any]) -> bool:
    """Whether a figure meets the target of a task, its own or the paper's."""
    return figure is not None and meets(figure, _target(task.target))


@lru_cache(maxsize=1024)
def _target(body: str) -> Target:
    return Target.model_validate_json(body)


def counted_at(issued: Issued, task: Row[Any], on: str, at: datetime) -> datetime:
    """A figure of the milestone's day or before counts as in time while it arrives within the office's days."""
    due_at = instant(task.due_at)
    due_on = due_at.astimezone(issued.practice.tz).date()
    last = issued.calendar.day_end(issued.calendar.add_working(due_on, issued.practice.figure_within), issued.practice.tz)
    return min(at, due_at) if date.fromisoformat(on) <= due_on and at <= last else at


def _sum(db: Connection, issued: Issued, parent: Row[Any], *, corrects: bool, at: datetime) -> None:
    """A cascading parent is judged on the sum of all that end the tree below it, once each of them has a figure with counts."""
    children = db.execute(sql(_LEAVES), {"parent": parent.id}).scalars().all()
    latest = db.execute(sql(_LATEST.format(ids=pairs(db))), {
        "directive": parent.directive, "indicator": parent.indicator, "pairs": canonical([[child, 0] for child in children]),
    }).all()
    unit = issued.directive.indicators[parent.indicator].unit
    sum_ = together(((row.numerator, row.denominator, figure_of(row)) for row in latest), unit) if len(latest) == len(children) else None
    enough = suffices(sum_, parent)
    if parent.closed_at is None and enough and db.execute(sql(_IS_OPEN), {"task": parent.id}).first():
        _settle(db, issued, parent, counts_at=counted_at(issued, parent, max(row.on for row in latest), at), at=at, why="figure")
    elif parent.by_figure and corrects and not enough:
        take_back(db, issued, parent, at=at, why="figure")


_IS_OPEN = "SELECT 1 FROM tasks WHERE id = :task AND closed_at IS NULL"  # the last one below may just have closed it

_PARENT = """
SELECT p.id, p.duty,
       (SELECT count(*) FROM tasks c WHERE c.parent = p.id AND c.closed_at IS NULL) AS children_open,
       (SELECT max(c.closed_at) FROM tasks c WHERE c.parent = p.id AND c.state = 'done') AS last_closed
  FROM tasks k JOIN tasks p ON p.id = k.parent
 WHERE k.id = :task AND p.closed_at IS NULL"""

_CHILDLESS = """
SELECT p.id, p.duty, max(c.closed_at) FILTER (WHERE c.state = 'done') AS last_closed
  FROM tasks p JOIN tasks c ON c.parent = p.id
 WHERE p.duty = :duty AND p.closed_at IS NULL
 GROUP BY p.id, p.duty
HAVING count(*) FILTER (WHERE c.closed_at IS NULL) = 0
   AND count(*) FILTER (WHERE c.state = 'done') > 0 AND count(*) FILTER (WHERE c.since_seq = :seq) > 0"""

#: What a body that has ended had reported is part of its heir's figure.
_LEAVES = """
WITH RECURSIVE beneath (id) AS (
    SELECT id FROM tasks WHERE parent = :parent
     UNION ALL
    SELECT c.id FROM beneath b JOIN tasks c ON c.parent = b.id)
SELECT DISTINCT k.agency FROM beneath b JOIN tasks k ON k.id = b.id JOIN duties u ON u.id = k.duty
 WHERE k.state <> 'void' AND NOT EXISTS (SELECT 1 FROM tasks c WHERE c.parent = k.id)
   AND NOT EXISTS (SELECT 1 FROM inherited i
                    WHERE i.directive = k.directive AND i.indicator = u.indicator AND i.agency = k.agency)"""

#: A request that nobody has decided when its task ends is no request any more.
_MOOT = "UPDATE requests SET decided_at = :at, decision = 'moot' WHERE task = :task AND decided_at IS NULL"

#: What a ladder is read from, beside the task's own columns.
LADDER = "u.clause, m.term, m.begins_at, m.due_at AS term_due_at, m.next_due_at, coalesce(o.climbs, m.climbs) AS climbs"

_CLOSED_BY_CHILDREN = f"""
SELECT p.id, p.duty, p.parent, p.due_at, {LADDER}
  FROM tasks p
  JOIN duties u ON u.id = p.duty
  JOIN terms m ON m.duty = p.duty AND m.term = p.term
  LEFT JOIN own_targets o ON o.duty = p.duty AND o.term = p.term AND o.unit = p.unit
  JOIN events e ON e.directive = p.directive AND e.seq = p.since_seq
 WHERE p.id = :parent AND p.state = 'done' AND e.kind = 'settled' AND e.payload = '{{"by":"children"}}'"""

_MEASURED = f"""
SELECT k.id, k.duty, k.parent, k.due_at, k.closed_at, coalesce(o.target, m.target) AS target, {LADDER}
  FROM tasks k
  JOIN duties u ON u.id = k.duty AND u.indicator = :indicator
  JOIN terms m ON m.duty = k.duty AND m.term = k.term
  LEFT JOIN own_targets o ON o.duty = k.duty AND o.term = k.term AND o.unit = k.unit
 WHERE k.directive = :directive AND k.agency = :agency AND k.state <> 'void' AND k.due_at IS NOT NULL
   AND coalesce(o.target, m.target) <> ''
   AND NOT EXISTS (SELECT 1 FROM tasks c WHERE c.parent = k.id)
 ORDER BY k.due_at"""

#: The last word about each day.
_DAYS = """
SELECT r."on", r.numerator, r.denominator, r.value
  FROM readings r
 WHERE r.directive = :directive AND r.indicator = :indicator AND r.agency = :agency
   AND NOT EXISTS (SELECT 1 FROM readings l
                    WHERE l.directive = r.directive AND l.indicator = r.indicator AND l.agency = r.agency
                      AND l."on" = r."on" AND l.seq > r.seq)
 ORDER BY r."on" """

_CORRECTED = """
SELECT 1 FROM readings
 WHERE directive = :directive AND indicator = :indicator AND agency = :agency AND "on" = :on AND seq < :seq"""

LAST_WORD = """NOT EXISTS (SELECT 1 FROM readings l
                    WHERE l.directive = r.directive AND l.indicator = r.indicator AND l.agency = r.agency
                      AND (l."on" > r."on" OR (l."on" = r."on" AND l.seq > r.seq)))"""

#: The latest figure of each agency: the latest day, and of that day the last word. CROSS JOIN, or SQLite reads all figures each time.
_LATEST = f"""
SELECT r.agency, r."on", r.numerator, r.denominator, r.value
  FROM {{ids}} x CROSS JOIN readings r
 WHERE r.agency = x.a AND r.directive = :directive AND r.indicator = :indicator AND {LAST_WORD}"""

#: Cascading tasks that are judged on the sum of those below them.
_SUMMED = f"""
WITH RECURSIVE above (id) AS (
    SELECT c.parent FROM tasks c WHERE c.directive = :directive AND c.parent IS NOT NULL {{which}}
     UNION
    SELECT q.parent FROM above a JOIN tasks q ON q.id = a.id WHERE q.parent IS NOT NULL)
SELECT p.id, p.directive, p.duty, p.parent, p.due_at, p.closed_at, u.indicator, coalesce(o.target, m.target) AS target, {LADDER},
       p.state = 'done' AND e.kind = 'settled' AND e.payload = '{{{{"by":"figure"}}}}' AS by_figure
  FROM tasks p
  JOIN duties u ON u.id = p.duty AND u.indicator <> ''
  JOIN terms m ON m.duty = p.duty AND m.term = p.term
  LEFT JOIN own_targets o ON o.duty = p.duty AND o.term = p.term AND o.unit = p.unit
  JOIN events e ON e.directive = p.directive AND e.seq = p.since_seq
 WHERE p.directive = :directive AND coalesce(o.target, m.target) <> '' AND p.due_at IS NOT NULL AND p.state <> 'void'
   AND p.id IN (SELECT id FROM above)
 ORDER BY p.due_at, p.id"""
