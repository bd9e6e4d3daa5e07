"""The sweep among a million open tasks: when nothing is due, and when a quarter of a million tasks are spoken of in one morning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import text

from tasks.ledger.store import Store
from tasks.ledger.sweep import CHUNK, Swept, sweep
from tasks.ledger.tables import notice_items, notices
from tasks.ledger.types import seconds

from .measuring import RUNS, Bound, Figure, Taken, timed, watch
from .million import EARLY, MORNING, million, settle
from .nation import CALENDAR, PRACTICE
from .opening import many
from .stores import KINDS, Shelf, Watched

Rows = list[tuple[Any, ...]]


def idle(shelf: Shelf, *, small: bool) -> Iterable[Figure]:
    """A sweep that finds nothing to say; the first ones warm the connection."""
    for kind in KINDS:
        store = million(shelf, kind, small)
        assert _swept(store, EARLY) == _swept(store, EARLY) == Swept()
        took = tuple(timed(partial(_swept, store, EARLY)) for _ in range(9))
        said = f"sweep with nothing due among {9_720 if small else 1_000_000:,} open tasks"
        yield Taken(ours=took).span("idle", said, kind, Bound(at="≤", value=10, unit="ms"))


def busy(shelf: Shelf, *, small: bool) -> Iterable[Figure]:
    """A sweep of a quarter of the ledger, in turn with bare statements that move the same rows from tables where they lie ready."""
    for kind in KINDS:
        store = million(shelf, kind, small)
        ours, bare, longest = [], [], []
        for _ in range(1 if small else RUNS):
            with shelf.copy(kind, store) as swept:
                with watch() as took:
                    done = _swept(swept, MORNING)
                ours += took
                longest.append(max(swept.held))
                ready = _Ready.of(swept, _in_turn(store))
            with _laid_out(shelf, kind, store, ready) as plain:
                bare.append(timed(partial(_moved, plain, ready)))
        said = f"sweep with {done.tasks:,} due, {done.items:,} lines in {done.letters:,} letters"
        against = f"{said}, against bare statements writing the same rows"
        yield Taken(ours=tuple(ours), bare=tuple(bare)).ratio("sweep", against, kind, Bound(at="≤", value=3, unit="×"))
        yield Taken(ours=tuple(longest)).span("sweep", f"{said}: longest lock", kind, Bound(at="≤", value=0.3, unit="s"))


def _swept(store: Store, now: Any) -> Swept:
    return sweep(store, CALENDAR, PRACTICE, now)


class _Ready(NamedTuple):
    """What a sweep wrote: letters, lines, tasks, each row after the number of its chunk."""

    letters: Rows
    lines: Rows
    tasks: Rows

    @classmethod
    def of(cls, swept: Store, turn: list[int]) -> _Ready:
        chunk = {task: number // CHUNK for number, task in enumerate(turn)}
        with swept.read() as db:
            tasks = [(chunk[row.id], *row) for row in db.execute(text("SELECT id, rung, wake_at FROM tasks")) if row.id in chunk]
            lines = [(chunk[row.task], *row) for row in db.execute(notice_items.select())]
            letters = [tuple(row) for row in db.exec_driver_sql("SELECT * FROM notices ORDER BY id")]
        first: dict[int, int] = {}
        for line in lines:
            first[line[5]] = min(line[0], first.get(line[5], line[0]))
        return cls([(first[row[0]], *row) for row in letters], lines, tasks)


def _in_turn(store: Store) -> list[int]:
    """The tasks that are due, in the sweep's order."""
    with store.read() as db:
        due = text("SELECT id FROM tasks WHERE wake_at IS NOT NULL AND wake_at <= :now ORDER BY wake_at")
        return list(db.execute(due, {"now": seconds(MORNING)}).scalars())


@contextmanager
def _laid_out(shelf: Shelf, kind: str, of: Store, ready: _Ready) -> Iterator[Watched]:
    """A copy of the ledger with the ready rows beside its tables."""
    with shelf.copy(kind, of) as store:
        with store.write() as db:
            for name, columns, rows in zip(_READY, (_columns(notices), _columns(notice_items), "id, rung, wake_at"), ready, strict=True):
                source = "tasks" if name == "ready_tasks" else name.removeprefix("ready_")
                db.execute(text(f"CREATE TABLE {name} AS SELECT 0 AS chunk, {columns} FROM {source} LIMIT 0"))
                many(db, name, rows)
                db.execute(text(f"CREATE INDEX {name}_chunk ON {name} (chunk)"))
            db.execute(text("CREATE UNIQUE INDEX ready_tasks_id ON ready_tasks (id)"))
        settle(store)
        yield store


def _moved(store: Store, ready: _Ready) -> None:
    for chunk in range(max(ready.tasks)[0] + 1):
        with store.write() as db:
            for statement in _MOVE:
                db.execute(text(statement), {"chunk": chunk})


def _columns(table: Any) -> str:
    return ", ".join(column.name for column in table.columns)


_READY = ("ready_notices", "ready_notice_items", "ready_tasks")

_MOVE = (
    *(
        f"INSERT INTO {table.name} ({_columns(table)}) SELECT {_columns(table)} FROM ready_{table.name} WHERE chunk = :chunk"
        for table in (notices, notice_items)
    ),
    """
    UPDATE tasks SET (rung, wake_at) = (SELECT r.rung, r.wake_at FROM ready_tasks r WHERE r.id = tasks.id)
     WHERE id IN (SELECT r.id FROM ready_tasks r WHERE r.chunk = :chunk)""",
)
