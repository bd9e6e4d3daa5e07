"""Small statements that every station uses: insert what is missing, cut into chunks, hash canonically."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, TextClause, text
from sqlalchemy.dialects import postgresql, sqlite

CHUNK = 10_000
T = TypeVar("T")


@lru_cache(512)
def sql(statement: str) -> TextClause:
    """A statement as SQLAlchemy wants it, read once: for what is said for every few letters."""
    return text(statement)


def add(db: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows that are not there yet and count them; a row that meets any unique key is left alone."""
    if not rows:
        return 0
    dialect = sqlite if db.dialect.name == "sqlite" else postgresql
    new = dialect.insert(table).on_conflict_do_nothing()
    return db.execute(new, list(rows), execution_options={"preserve_rowcount": True}).rowcount  # else PostgreSQL counts nothing


def chunks(rows: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The rows in lists of at most `size`."""
    left = iter(rows)
    while part := list(islice(left, size)):
        yield part


def canonical(value: Any) -> str:
    """JSON with one spelling: sorted keys, no spaces, text as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def digest(*parts: str) -> str:
    """SHA-256 over parts that cannot be shifted into one another."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


_LISTED = {
    "sqlite": ("value ->> {n} AS {name}", "json_each(:{parameter})"),
    "postgresql": ("CAST(value ->> {n} AS {kind}) AS {name}", "jsonb_array_elements(CAST(:{parameter} AS jsonb))"),
}


def listed(db: Connection, parameter: str, *columns: str) -> str:
    """A table expression with these columns over a parameter, a JSON list of as many values each: one bind for a set.

    A column's values are whole numbers, unless its SQL type stands after its name.
    """
    cell, source = _LISTED[db.dialect.name]
    named = (column.partition(" ") for column in columns)
    cells = ", ".join(cell.format(n=n, name=name, kind=kind or "bigint") for n, (name, _, kind) in enumerate(named))
    return f"(SELECT {cells} FROM {source.format(parameter=parameter)})"


def pairs(db: Connection) -> str:
    """A table expression with columns a, b over the parameter `pairs`, a JSON list of two row numbers each."""
    return listed(db, "pairs", "a", "b")


_AMONG = {
    "sqlite": "IN (SELECT value ->> 0 FROM json_each(:{parameter}))",
    "postgresql": "= ANY (ARRAY(SELECT CAST(value ->> 0 AS bigint) FROM jsonb_array_elements(CAST(:{parameter} AS jsonb))))",
}


def among(db: Connection, parameter: str) -> str:
    """A condition on a column: it is the first number of a row of the parameter, a JSON list as of `listed`.

    A join with `listed` PostgreSQL plans by what it knows of the table, and reads all of it where it thought it small; by this it
    always goes the index's way.
    """
    return _AMONG[db.dialect.name].format(parameter=parameter)


_EACH = {
    "sqlite": "SELECT value FROM json_each(:{parameter})",
    "postgresql": "SELECT jsonb_array_elements_text(CAST(:{parameter} AS jsonb))",
}


def each(db: Connection, parameter: str) -> str:
    """A subquery of the words in a parameter, a JSON list."""
    return _EACH[db.dialect.name].format(parameter=parameter)
