"""Taking back a decision about many tasks: each is again what it was, an event each, unless somebody has said something since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, text

from directives.language.calendar import Calendar
from tasks.values import Act

from . import bulk, chain, facts, holding, settling, telling, unsaying
from . import tables as t
from .chain import Event
from .deciding import Decision
from .issued import Issued, load
from .rows import add, canonical, pairs
from .store import Store
from .types import instant


class Order(NamedTuple):
    """What was ordered: of which directive, under which key; `said` is who takes it back, and why."""

    directive: int
    key: str
    said: Act


class Undone(NamedTuple):
    """How many tasks are again what they were, how many were already, and the row numbers of those that have moved on since."""

    tasks: int
    before: int
    moved: tuple[int, ...]


def undo(store: Store, order: Order, calendar: Calendar, now: datetime) -> Undone:
    """Play an order back. The second time there is nothing left to play back. Raises KeyError for an order that never was."""
    with store.write() as db:
        chain.lock(db, order.directive)
        events = bulk.known(db, order.key)
        if not events:
            raise KeyError(order.key)
        already = set(bulk.known(db, f"undo:{order.key}"))
        left = [row for row in facts.rows_of(db, events.keys() - already, order.said) if row.directive == order.directive]
        rows = [row for row in left if row.since_seq == events[row.id]]
        if rows:
            _play_back(db, order, rows, load(db, order.directive, calendar), now)
        return Undone(len(rows), len(already), tuple(row.id for row in left if row.since_seq != events[row.id]))


def _play_back(db: Connection, order: Order, rows: Sequence[Row[Any]], issued: Issued, now: datetime) -> None:
    said = order.said
    before = {row.task: row for row in db.execute(text(_BEFORE.format(ids=pairs(db))), _ids(rows))}
    asked = {row.task: row for row in db.execute(text(_ASKED.format(ids=pairs(db))), _ids(rows) | {"d": issued.id})}
    person = chain.person(db, said.said)
    written = chain.append(db, issued.id, now, *(
        Event(kind="undone", duty=row.duty, task=row.id, person=person, payload={
            "of": row.since_seq, "note": said.note, "before": {"state": facts.state_of(row)},
            "after": {"state": before[row.id].held or before[row.id].state},
            **({"until": asked[row.id].until} if row.id in asked else {}),
        })
        for row in rows
    ))
    seqs, at = [seq for seq, _ in written], written[-1][1]
    keys = [f"undo:{order.key}:{row.id}" for row in rows]
    add(db, t.acts, [{"key": key, "directive": issued.id, "seq": seq} for key, seq in zip(keys, seqs, strict=True)])
    of = Decision(db=db, issued=issued, act=said, rows=rows, seqs=seqs, at=at)
    of.change(lambda row: _values(of, row, before[row.id]))
    _hold_again(of, before)
    add(db, t.requests, [
        {"task": row.task, "until": date.fromisoformat(row.until), "note": row.note, "asked_at": at} for row in asked.values()
    ])
    _parents(of, before)
    _tell(of, min(row.since_seq for row in rows), seqs[0])


def _values(of: Decision, row: Row[Any], was: Row[Any]) -> dict[str, Any]:
    """The columns as they were; of the ladder what would have been said by now is not said again."""
    kept = {name: getattr(was, name) for name in ("state", "due_at", "agency", "closed_at", "reported_at")}
    ladder = {"rung": row.rung, "wake_at": None} if was.closed_at is not None else of.position(row, was.due_at)
    return {**kept, **ladder, "due_version": None}


def _hold_again(of: Decision, before: dict[int, Row[Any]]) -> None:
    """What the order had begun to hold is held no more; what it had let go is held again."""
    holding.end(of.db, of.ids, "undone", of.at)
    groups: defaultdict[tuple[str, int | None, str, str], list[int]] = defaultdict(list)
    for task, was in before.items():
        if was.held:
            groups[was.held, was.until, was.note, was.right_agency].append(task)
    for (kind, until, note, right), tasks in groups.items():
        again = instant(until) if until is not None else None
        holding.hold(of.db, tasks, kind, at=of.at, until=again, note=note, right=right)


def _parents(of: Decision, before: dict[int, Row[Any]]) -> None:
    """Parents that had closed with the last of these are open again; those that these had opened may close."""
    for row in {row.parent: row for row in of.rows if row.parent is not None}.values():
        if before[row.id].closed_at is None:
            settling.reopen_parent(of.db, of.issued, row, of.at)
        else:
            settling.close_parent(of.db, of.issued, row.id, of.at)


def _tell(of: Decision, first: int, seq: int) -> None:
    """Letters of the order that have not left do not leave; whoever has read one reads that it holds no more."""
    unsaying.unsay(of.db, of.issued.id, seq)
    keys = {name: f"{name}:{of.issued.id}:{first}:%" for name in ("change", "handover")}
    told = of.db.execute(text(_HELD_BACK), keys).scalars().all()
    read = [row for row in of.rows if row.agency not in set(told)]
    if read:
        telling.tell(Decision(db=of.db, issued=of.issued, act=of.act, rows=read, seqs=of.seqs, at=of.at), seq, undone=True)


def _ids(rows: Sequence[Row[Any]]) -> dict[str, str]:
    return {"pairs": canonical([[row.id, row.since_seq] for row in rows])}


#: What the tasks were before the order, and what held them then.
_BEFORE = """
SELECT h.task, h.state, h.due_at, h.agency, h.closed_at, h.reported_at, w.kind AS held, w.until, w.note, w.right_agency
  FROM {ids} x
  JOIN task_history h ON h.task = x.a AND h.to_seq = x.b - 1
  LEFT JOIN holds w ON w.task = x.a AND w.to_seq = x.b"""

#: What was asked for and the order decided waits again from now on: that it was decided for a while stays true of those days.
_ASKED = """
SELECT r.task, r.until, r.note
  FROM {ids} x
  JOIN events e ON e.directive = :d AND e.seq = x.b
  JOIN requests r ON r.task = x.a AND r.decided_at = e.at AND r.asked_at < e.at
 WHERE NOT EXISTS (SELECT 1 FROM requests o WHERE o.task = x.a AND o.decided_at IS NULL)"""

_HELD_BACK = """
UPDATE notices SET state = 'superseded', params = NULL
 WHERE lane = 'new' AND state = 'queued' AND (key LIKE :change OR key LIKE :handover)
RETURNING recipient"""
