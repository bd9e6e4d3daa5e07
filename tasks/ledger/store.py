"""Opens a store, SQLite or PostgreSQL, and hands out its transactions: `read` sees, `write` is alone with its rows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL

from . import ownership
from .turns import PATIENCE, turn

__all__ = ["SAFE_WAL", "Connection", "Store"]

#: Below this SQLite can lose commits when several connections share a WAL (mended in 3.51.3).
SAFE_WAL = (3, 51, 3)


class Store:
    """A ledger's database. `url` is SQLAlchemy's: `sqlite:///path` or `postgresql+psycopg://…`."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite(self.url) if self.is_sqlite else _postgresql(self.url)
        moment = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reading, self._writing = self.engine.execution_options(**moment), self.engine.execution_options(write=True)
        self.patience = PATIENCE  # seconds that a writer of SQLite waits for its turn

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one moment, however many statements look, and writes nothing."""
        with self._reading.begin() as db:
            yield db

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that commits as a whole or not at all."""
        # SQLite's busy handler is unfair: one of eight writers waited 3.8 s. A queue before BEGIN IMMEDIATE is not.
        with turn(self.url.database or "", self.patience) if self.is_sqlite else nullcontext(), self._writing.begin() as db:
            yield db

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _postgresql(url: URL) -> Engine:
    return create_engine(url, pool_size=8, pool_pre_ping=True, hide_parameters=True)  # an error that is logged names nobody


def _driver() -> Any:
    try:
        from pysqlite3 import dbapi2  # type: ignore[import-untyped]  # noqa: PLC0415  # ours where there is a wheel
    except ImportError:
        from sqlite3 import dbapi2  # noqa: PLC0415
    return dbapi2


def _sqlite(url: URL) -> Engine:
    module = _driver()
    if url.database:
        ownership.look(Path(url.database), module)
        Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _its_owners_alone(url.database)
    engine = create_engine(url, module=module, connect_args={"timeout": 60, "check_same_thread": False}, hide_parameters=True)
    journal = "WAL" if module.sqlite_version_info >= SAFE_WAL else "DELETE"

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we begin transactions ourselves
        for pragma in (f"journal_mode={journal}", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-65536"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(db: Connection) -> None:
        if db.get_execution_options().get("write"):
            db.exec_driver_sql("BEGIN IMMEDIATE")  # which says of a locked ledger what SQLAlchemy says
        else:
            driver: Any = db.connection.driver_connection  # the shortest road: a page begins several, and none of them can fail
            driver.execute("BEGIN")

    return engine


def _its_owners_alone(path: str) -> None:
    """Make an empty ledger where there is none, and close one that others can read. Raises PermissionError for somebody else's."""
    ledger = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        if os.fstat(ledger).st_mode & 0o077:
            os.fchmod(ledger, 0o600)
    finally:
        os.close(ledger)
