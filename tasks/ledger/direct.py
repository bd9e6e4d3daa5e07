"""Statements that go to the driver by the shortest road: for what every page and every press says, SQLAlchemy's takes ten times as long."""

from __future__ import annotations

import json
import re
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from .rows import sql
from .types import seconds

#: A parameter, as SQLAlchemy reads it in a text.
_NAMED = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")


def ask(db: Connection, statement: str, said: Mapping[str, Any]) -> list[Any]:
    """The rows of a statement as named tuples; its parameters and its answers are what the driver knows: whole numbers, words, nothing."""
    driver: Any = db.dialect.dbapi
    spelled = statement if db.dialect.name == "sqlite" else _spelled(statement)
    connection: Any = db.connection.driver_connection
    try:
        cursor = connection.execute(spelled, said)
        rows = cursor.fetchall() if cursor.description else ()
    except driver.Error as error:
        raise DBAPIError.instance(statement, dict(said), error, driver.Error, hide_parameters=True, dialect=db.dialect) from error
    return list(map(_shape(tuple([column[0] for column in cursor.description])), rows)) if rows else []


def one(db: Connection, statement: str, said: Mapping[str, Any]) -> Any:
    """The first row, None where there is none."""
    rows = ask(db, statement, said)
    return rows[0] if rows else None


def put(db: Connection, table: str, rows: Sequence[Mapping[str, Any]], *, new: bool = False) -> None:
    """Insert rows of the same columns; `new` leaves alone those that meet a unique key."""
    if not rows:
        return
    end = "ON CONFLICT DO NOTHING" if new else ""
    if len(rows) == 1:
        ask(db, _insert(table, tuple(rows[0]), end), plain(rows[0]))
    elif db.dialect.name == "sqlite":
        db.execute(sql(_insert(table, tuple(rows[0]), end)), [plain(row) for row in rows])
    else:
        ask(db, _insert_all(table, tuple(rows[0]), end), {"rows": json.dumps([plain(row) for row in rows])})


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the driver knows them."""
    return {name: _SPELLED.get(type(value), _as_is)(value) for name, value in values.items()}


def _as_is(value: Any) -> Any:
    return value


#: As the ledger's own types write them.
_SPELLED: Mapping[type, Callable[[Any], Any]] = {datetime: seconds, date: date.isoformat, Decimal: "{:f}".format}


@lru_cache(maxsize=64)
def _insert(table: str, columns: tuple[str, ...], end: str) -> str:
    names, values = ", ".join(f'"{name}"' for name in columns), ", ".join(f":{name}" for name in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({values}) {end}"


@lru_cache(maxsize=64)
def _insert_all(table: str, columns: tuple[str, ...], end: str) -> str:
    """One statement for any number of rows, which PostgreSQL reads as rows of the table."""
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_recordset(CAST(NULL AS {table}), CAST(:rows AS json)) {end}"


@lru_cache(maxsize=512)
def _spelled(statement: str) -> str:
    """The statement as psycopg wants it."""
    return _NAMED.sub(r"%(\1)s", statement.replace("%", "%%"))


@lru_cache(maxsize=512)
def _shape(names: tuple[str, ...]) -> Callable[[Any], Any]:
    """What makes a row of columns so named, as SQLAlchemy's rows are read."""
    fields: Any = namedtuple("Fields", names, rename=True)  # type: ignore[misc]  # known when the statement has answered
    made: Any = type("Row", (fields,), {"__slots__": (), "_mapping": property(fields._asdict)})
    make: Callable[[Any], Any] = made._make
    return make
