"""What stands in a ledger, told apart from the numbers that its rows happened to get: for claims that two ledgers are the same."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Connection, Row, select, text

from tasks.ledger.store import Store
from tasks.ledger.tables import metadata

#: Which column names a row of which table.
_AGENCY = ("issuer", "agency", "unit", "recipient", "lead", "source", "head")
_NAMES = {
    "agencies": "SELECT id, code FROM agencies",
    "directives": "SELECT id, number FROM directives",
    "duties": "SELECT u.id, d.number || ' ' || u.clause FROM duties u JOIN directives d ON d.id = u.directive",
    "tasks": """SELECT k.id, d.number || ' ' || u.clause || ' ' || k.term || ' ' || a.code
                  FROM tasks k JOIN duties u ON u.id = k.duty JOIN directives d ON d.id = k.directive JOIN agencies a ON a.id = k.unit""",
    "persons": "SELECT id, name FROM persons",
    "notices": """SELECT n.id, n.lane || ' ' || coalesce(n.day, '') || ' ' || coalesce(d.number, '') || ' ' || a.code || ' ' || n.hint
                    FROM notices n JOIN agencies a ON a.id = n.recipient LEFT JOIN directives d ON d.id = n.directive""",
}
#: Random, or made of row numbers.
_LEFT_OUT = {
    ("links", "id"), ("events", "hash"), ("events", "who"), ("notices", "key"), ("notices", "params"), ("notices", "lease"),
    ("persons", "salt"), ("requests", "id"),
}


def counts(store: Store) -> dict[str, int]:
    """How many rows each table has."""
    with store.read() as db:
        return {name: db.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in metadata.tables}


def everything(store: Store) -> dict[str, list[str]]:
    """Every row of every table in the words of the office, sorted."""
    with store.read() as db:
        return everything_in(db)


def everything_in(db: Connection) -> dict[str, list[str]]:
    """As `everything`, as it stands within a transaction."""
    names = {table: dict(tuple(row) for row in db.execute(text(query))) for table, query in _NAMES.items()}
    return {table: sorted(_said(table, row, names) for row in db.execute(select(metadata.tables[table]))) for table in metadata.tables}


def ask(store: Store, query: str, **values: Any) -> list[Row[Any]]:
    """The rows of a query."""
    with store.read() as db:
        return list(db.execute(text(query), values))


def tell(store: Store, statement: str, **values: Any) -> None:
    """Change rows behind the ledger's back."""
    with store.write() as db:
        db.execute(text(statement), values)


def wipe(store: Store) -> None:
    """Leave the tables and nothing in them."""
    with store.write() as db:
        for table in reversed(metadata.sorted_tables):
            db.execute(table.delete())


def letters(store: Store) -> Counter[tuple[str, str]]:
    """How many letters of each lane each recipient has, in any state."""
    return Counter((row.lane, row.code) for row in ask(store, "SELECT n.lane, a.code FROM notices n JOIN agencies a ON a.id = n.recipient"))


def task(db: Connection, clause: str, unit: str, term: str = "") -> int:
    """The row number of a task."""
    return int(db.execute(text("""
        SELECT k.id FROM tasks k JOIN duties u ON u.id = k.duty JOIN agencies a ON a.id = k.unit
         WHERE u.clause = :clause AND a.code = :unit AND k.term = :term"""), {"clause": clause, "unit": unit, "term": term}).scalar_one())


def _said(table: str, row: Row[Any], names: dict[str, dict[int, str]]) -> str:
    kept = {name: value for name, value in row._mapping.items() if (table, name) not in _LEFT_OUT}
    return repr({name: _named(table, name, value, names) for name, value in kept.items()})


def _named(table: str, column: str, value: Any, names: dict[str, dict[int, str]]) -> Any:
    of = _table(table, column)
    return names[of].get(value, value) if of else value


def _table(table: str, column: str) -> str | None:
    if column == "id":
        return table if table in _NAMES else None
    if column == "parent":
        return "agencies" if table == "parents" else "tasks"
    if column in _AGENCY:
        return "agencies"
    return {
        "directive": "directives", "duty": "duties", "waits_for": "duties", "task": "tasks", "notice": "notices", "person": "persons",
    }.get(column)
