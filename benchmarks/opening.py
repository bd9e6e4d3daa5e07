"""Opening a national directive with its first letters, against the same rows put into the same tables without a thought."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from tasks.ledger.opening import Opened, open_directive
from tasks.ledger.rows import chunks
from tasks.ledger.store import Store
from tasks.ledger.tables import metadata

from .measuring import RUNS, Bound, Figure, Taken, watch
from .nation import CALENDAR, DUE, ISSUED, PRACTICE, SCHOOLS, directory, paper
from .stores import KINDS, Shelf

Rows = dict[str, list[tuple[Any, ...]]]


def opening(shelf: Shelf, *, small: bool) -> Iterable[Figure]:
    """Open four duties of every school, in turn with the bare inserts."""
    people = directory(300 if small else SCHOOLS)
    directive = paper(people)
    for kind in KINDS:
        ours, bare = [], []
        for _ in range(1 if small else RUNS):
            with shelf.empty(kind) as store:
                with watch() as took:
                    done = open_directive(store, directive, people, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
                _complete(done, sum(agency.kind == ("school",) for agency in people.agencies.values()))
                ours += took
                rows = _rows(store)
            with shelf.empty(kind) as store:
                with watch() as took:
                    _insert(store, rows)
                bare += took
        budget = f"open {done.tasks:,} tasks with {done.letters:,} first letters, against bare executemany of the same rows"
        yield Taken(ours=tuple(ours), bare=tuple(bare)).ratio("opening", budget, kind, Bound(at="≤", value=1.5, unit="×"))


def _complete(done: Opened, schools: int) -> None:
    assert (done.tasks, done.letters) == (len(DUE) * schools, schools), done


def _rows(store: Store) -> Rows:
    """Everything that was written, table by table in the order in which the tables refer to one another."""
    with store.read() as db:
        return {
            table.name: [tuple(row) for row in db.exec_driver_sql(f"SELECT * FROM {table.name}")] for table in metadata.sorted_tables
        }


def _insert(store: Store, rows: Rows) -> None:
    for table, written in rows.items():
        for part in chunks(written):
            with store.write() as db:
                many(db, table, part)


def many(db: Connection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """The driver's own executemany of whole rows."""
    mark = "?" if db.dialect.name == "sqlite" else "%s"
    cursor = db.connection.cursor()
    cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join([mark] * len(rows[0]))})", rows)
    cursor.close()
