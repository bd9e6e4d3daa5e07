"""How a task changes and ends: its history kept, figures that settle it, a parent that closes with its last child."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, text, update

from directives.language.shapes import Target
from tasks.figures import meets, total
from tasks.values import Receipt

from . import chain
from . import tables as t
from .chain import Event
from .figures import figure_of
from .issued import Issued
from .rows import canonical, pairs
from .types import instant

_RECEIPT = TypeAdapter(Receipt)


def change(db: Connection, task: int, seq: int, values: Mapping[str, Any]) -> None:
    """Keep what the task was in its history and write what it is from event `seq` on."""
    db.execute(text(_KEEP), {"task": task, "seq": seq})
    db.execute(update(t.tasks).where(t.tasks.c.id == task).values(since_seq=seq, **values))


def close(db: Connection, issued: Issued, task: int, seq: int, *, counts_at: datetime, at: datetime) -> None:
    """Close a task; `counts_at` is the instant by which it is on time or late. The last child closes its parent."""
    change(db, task, seq, {"state": "done", "closed_at": counts_at, "wake_at": None, "reported_at": at})
    parent = db.execute(text(_PARENT), {"task": task}).first()
    if parent is not None and not parent.children_open:
        _settle(db, issued, parent, counts_at=instant(parent.last_closed), at=at, why="children")


def reopen(db: Connection, issued: Issued, row: Row[Any], seq: int, *, at: datetime) -> None:
    """Take a closing back; a parent that had closed with its last child is open again too."""
    change(db, row.id, seq, {
        "state": "progress", "closed_at": None, "claimed_at": None, "reported_at": at,
        "wake_at": next((step.at for step in issued.steps_of(row) if step.at > at), None),
    })
    if row.parent is not None and (parent := db.execute(text(_CLOSED_PARENT), {"parent": row.parent}).first()):
        [(next_, _)] = chain.append(db, issued.id, at, Event(kind="reopened", duty=parent.duty, task=parent.id, payload={"by": "children"}))
        reopen(db, issued, parent, next_, at=at)


def by_figure(db: Connection, issued: Issued, row: Row[Any], *, on: date, at: datetime) -> None:
    """Settle every open task of the agency, and of those it reports to, that its new figure suffices for."""
    latest = _total(db, row.directive, row.indicator, [row.agency])
    for task in db.execute(text(_MEASURED), {"directive": row.directive, "indicator": row.indicator, "agency": row.agency}).all():
        if latest is not None and meets(latest, Target.model_validate_json(task.target)):
            _settle(db, issued, task, counts_at=_counts(issued, task, on, at), at=at, why="figure")
    if row.parent is not None:
        _sum(db, issued, row, on=on, at=at)


def opened(db: Connection, issued: Issued, now: datetime) -> None:
    """Settle milestones that have just begun and that a figure from before already meets."""
    for row in db.execute(text(_MET), {"directive": issued.id}).all():
        if (figure := figure_of(row)) is not None and meets(figure, Target.model_validate_json(row.target)):
            _settle(db, issued, row, counts_at=now, at=now, why="figure")


def frozen(receipt: Receipt) -> Any:
    """A receipt as plain values, for the letter that will carry it."""
    return _RECEIPT.dump_python(receipt, mode="json")


def _settle(db: Connection, issued: Issued, task: Row[Any], *, counts_at: datetime, at: datetime, why: str) -> None:
    [(seq, then)] = chain.append(db, issued.id, at, Event(kind="settled", duty=task.duty, task=task.id, payload={"by": why}))
    close(db, issued, task.id, seq, counts_at=counts_at, at=then)


def _counts(issued: Issued, task: Row[Any], on: date, at: datetime) -> datetime:
    """A figure of the milestone's day or before counts as in time while it arrives within the office's days."""
    due_at = instant(task.due_at)
    due_on = due_at.astimezone(issued.practice.tz).date()
    last = issued.calendar.day_end(issued.calendar.add_working(due_on, issued.practice.figure_within), issued.practice.tz)
    return min(at, due_at) if on <= due_on and at <= last else at


def _sum(db: Connection, issued: Issued, child: Row[Any], *, on: date, at: datetime) -> None:
    """A cascading parent is judged on the sum of its children, once each of them has a figure with counts."""
    parent = db.execute(text(_OPEN_PARENT), {"parent": child.parent}).first()
    if parent is None or not parent.target:
        return
    children = db.execute(text(_CHILDREN), {"parent": parent.id}).scalars().all()
    whole = _total(db, child.directive, child.indicator, children, every=True)
    if whole is not None and meets(whole, Target.model_validate_json(parent.target)):
        _settle(db, issued, parent, counts_at=_counts(issued, parent, on, at), at=at, why="figure")


def _total(db: Connection, directive: int, indicator: str, agencies: Any, *, every: bool = False) -> Any:
    """Σ numerators / Σ denominators of the agencies' latest figures; with `every`, None where one is missing."""
    rows = db.execute(text(LATEST.format(ids=pairs(db))), {
        "directive": directive, "indicator": indicator, "pairs": canonical([[agency, 0] for agency in agencies]),
    }).all()
    if every and (len(rows) < len(agencies) or any(row.denominator is None for row in rows)):
        return None
    return figure_of(rows[0]) if len(rows) == 1 else total((row.numerator, row.denominator) for row in rows)


_KEEP = """
INSERT INTO task_history (task, from_seq, to_seq, directive, duty, agency, state, due_at, closed_at, reported_at)
SELECT id, since_seq, :seq - 1, directive, duty, agency, state, due_at, closed_at, reported_at FROM tasks WHERE id = :task"""

_PARENT = """
SELECT p.id, p.duty,
       (SELECT count(*) FROM tasks c WHERE c.parent = p.id AND c.closed_at IS NULL) AS children_open,
       (SELECT max(c.closed_at) FROM tasks c WHERE c.parent = p.id) AS last_closed
  FROM tasks k JOIN tasks p ON p.id = k.parent
 WHERE k.id = :task AND p.closed_at IS NULL"""

_CHILDREN = "SELECT agency FROM tasks WHERE parent = :parent AND state <> 'void'"

_CLOSED_PARENT = """
SELECT p.id, p.duty, p.parent, p.due_at, u.clause, m.begins_at, m.due_at AS term_due_at, m.next_due_at, m.climbs
  FROM tasks p
  JOIN duties u ON u.id = p.duty
  JOIN terms m ON m.duty = p.duty AND m.term = p.term
 WHERE p.id = :parent AND p.state = 'done'"""

_OPEN_PARENT = """
SELECT p.id, p.duty, p.due_at, m.target
  FROM tasks p JOIN terms m ON m.duty = p.duty AND m.term = p.term
 WHERE p.id = :parent AND p.closed_at IS NULL AND p.due_at IS NOT NULL"""

_MEASURED = """
SELECT k.id, k.duty, k.due_at, m.target
  FROM tasks k
  JOIN duties u ON u.id = k.duty AND u.indicator = :indicator
  JOIN terms m ON m.duty = k.duty AND m.term = k.term
 WHERE k.directive = :directive AND k.agency = :agency AND k.closed_at IS NULL AND k.due_at IS NOT NULL AND m.target <> ''
   AND NOT EXISTS (SELECT 1 FROM tasks c WHERE c.parent = k.id)"""

#: The latest figure of each agency: the latest day, and of that day the last word.
LATEST = """
SELECT r.agency, r."on", r.numerator, r.denominator, r.value
  FROM {ids} x JOIN readings r ON r.agency = x.a
 WHERE r.directive = :directive AND r.indicator = :indicator
   AND NOT EXISTS (SELECT 1 FROM readings l
                    WHERE l.directive = r.directive AND l.indicator = r.indicator AND l.agency = r.agency
                      AND (l."on" > r."on" OR (l."on" = r."on" AND l.seq > r.seq)))"""

_MET = """
SELECT k.id, k.duty, k.due_at, m.target, r.numerator, r.denominator, r.value
  FROM tasks k
  JOIN duties u ON u.id = k.duty AND u.indicator <> ''
  JOIN terms m ON m.duty = k.duty AND m.term = k.term AND m.target <> ''
  JOIN readings r ON r.directive = k.directive AND r.indicator = u.indicator AND r.agency = k.agency
 WHERE k.directive = :directive AND k.closed_at IS NULL AND k.due_at IS NOT NULL AND k.reported_at IS NULL AND k.state = 'open'
   AND NOT EXISTS (SELECT 1 FROM tasks c WHERE c.parent = k.id)
   AND NOT EXISTS (SELECT 1 FROM readings l
                    WHERE l.directive = r.directive AND l.indicator = r.indicator AND l.agency = r.agency
                      AND (l."on" > r."on" OR (l."on" = r."on" AND l.seq > r.seq)))"""
