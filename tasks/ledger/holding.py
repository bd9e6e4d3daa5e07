"""Pauses and returns: what stands beside the state of tasks, in sets, until somebody ends it or its day comes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from . import chain
from .chain import Event
from .direct import ask
from .rows import canonical, pairs
from .store import Store
from .types import seconds

CHUNK = 5_000  # tasks a transaction


def hold(db: Connection, tasks: Iterable[int], kind: str, *, at: datetime, until: datetime | None, note: str, right: str = "") -> None:
    """Hold tasks from the last event about each of them on; what held them before has ended."""
    values = {
        "pairs": canonical([[task, 0] for task in tasks]), "kind": kind, "at": seconds(at), "note": note, "right": right,
        "until": seconds(until) if until else None, "outcome": kind,
    }
    for statement in (_END, _HOLD):
        db.execute(text(statement.format(ids=pairs(db))), values)


def end(db: Connection, tasks: Iterable[int], outcome: str, at: datetime) -> None:
    """End what holds tasks, as of the last event about each of them."""
    values = {"pairs": canonical([[task, 0] for task in tasks]), "outcome": outcome, "at": seconds(at)}
    ask(db, _END.format(ids=pairs(db)), values)


def let_go(db: Connection, row: Row[Any], at: datetime) -> Mapping[str, Any]:
    """Work that is said to be done is paused no more; the task's new columns let its ladder go on where that is not confirmed."""
    end(db, [row.id], "moot", at)
    return {"wake_at": at if row.wake_at is not None else None}


def lapse(store: Store, now: datetime) -> int:
    """Let every task go on whose day of return has come, an event each; returns how many. Twice is once."""
    with store.read() as db:
        waiting = list(db.execute(text(_AHEAD), {"now": seconds(now)}).scalars())
    gone_on = 0
    for directive in waiting:
        while some := _lapse_some(store, directive, now):
            gone_on += some
    return gone_on


def _lapse_some(store: Store, directive: int, now: datetime) -> int:
    with store.write() as db:
        chain.lock(db, directive)
        found = db.execute(text(_LAPSED), {"d": directive, "now": seconds(now), "n": CHUNK}).all()
        if not found:
            return 0
        at = chain.append(db, directive, now, *(_event(row) for row in found))[-1][1]
        of = {"pairs": canonical([[row.id, 0] for row in found]), "outcome": "lapsed", "at": seconds(at)}
        for statement in (KEEP, _TOUCH, _END):
            db.execute(text(statement.format(ids=pairs(db))), of)
        return len(found)


def _event(row: Row[Any]) -> Event:
    states = {"before": {"state": "paused"}, "after": {"state": row.state}}
    return Event(kind="resumed", duty=row.duty, task=row.id, payload={"by": "date", **states})


_LAST = "(SELECT max(e.seq) FROM events e WHERE e.task = {task})"

#: Tasks as they were before the last event about each of them.
KEEP = f"""
INSERT INTO task_history (task, from_seq, to_seq, directive, duty, agency, state, due_at, closed_at, reported_at)
SELECT k.id, k.since_seq, {_LAST.format(task="k.id")} - 1, k.directive, k.duty, k.agency, k.state, k.due_at, k.closed_at, k.reported_at
  FROM {{ids}} x JOIN tasks k ON k.id = x.a"""

#: The last event about a task, in an UPDATE of tasks.
SINCE = f"since_seq = {_LAST.format(task='tasks.id')}"

_TOUCH = f"UPDATE tasks SET {SINCE} WHERE id IN (SELECT x.a FROM {{ids}} x)"

_END = f"""
UPDATE holds SET to_seq = {_LAST.format(task="holds.task")}, ended_at = :at, outcome = :outcome
 WHERE to_seq IS NULL AND task IN (SELECT x.a FROM {{ids}} x)"""

_HOLD = f"""
INSERT INTO holds (task, from_seq, kind, at, until, note, right_agency)
SELECT x.a, {_LAST.format(task="x.a")}, :kind, :at, CAST(:until AS bigint), :note, :right FROM {{ids}} x"""

_PAUSED = "h.to_seq IS NULL AND h.until <= :now AND k.closed_at IS NULL"

_AHEAD = f"SELECT DISTINCT k.directive FROM holds h JOIN tasks k ON k.id = h.task WHERE {_PAUSED} ORDER BY 1"

_LAPSED = f"""
SELECT k.id, k.duty, k.state FROM holds h JOIN tasks k ON k.id = h.task
 WHERE k.directive = :d AND {_PAUSED} ORDER BY k.id LIMIT :n"""
