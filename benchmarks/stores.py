"""Ledgers to measure on: empty ones, and copies of one that was filled; PostgreSQL keeps every promise of durability."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, create_engine, text

from tasks.ledger import migrate
from tasks.ledger.store import Store
from tests import postgres

KINDS = ("SQLite", "PostgreSQL")
SETTINGS = ("shared_buffers=512MB", "max_wal_size=4GB")


class Watched(Store):
    """A ledger that remembers how long each of its writers kept the others waiting."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.held: list[float] = []

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """As any ledger's, with its seconds from lock to commit."""
        with super().write() as db:
            start = time.perf_counter()
            yield db
        self.held.append(time.perf_counter() - start)


class Shelf:
    """Ledgers in a temporary folder that goes with them."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._names = itertools.count(1)
        self._kept: dict[tuple[str, str], Watched] = {}

    def __enter__(self) -> Self:
        self.folder = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="dondoc-bench-")))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @contextmanager
    def empty(self, kind: str) -> Iterator[Watched]:
        """A ledger with empty tables."""
        with self._placed(kind, None) as store:
            migrate.upgrade(store)
            yield store

    def kept(self, kind: str, name: str, fill: Callable[[Store], None]) -> Watched:
        """A filled ledger, made when it is first asked for and kept to the end."""
        if (kind, name) not in self._kept:
            self._kept[kind, name] = self._open.enter_context(self.empty(kind))
            fill(self._kept[kind, name])
        return self._kept[kind, name]

    @contextmanager
    def copy(self, kind: str, of: Store) -> Iterator[Watched]:
        """A ledger that stands as another one does."""
        of.close()
        with self._placed(kind, of) as store:
            yield store

    @cached_property
    def _server(self) -> str:
        folder = self.folder / "pg"
        folder.mkdir()
        return self._open.enter_context(postgres.server(folder, SETTINGS))

    @contextmanager
    def _placed(self, kind: str, of: Store | None) -> Iterator[Watched]:
        name = f"ledger_{next(self._names)}"
        store = self._file(name, of) if kind == "SQLite" else self._database(name, of)
        try:
            yield store
        finally:
            store.close()
            for path in self.folder.glob(f"{name}.sqlite*"):
                path.unlink()
            if kind != "SQLite":
                self._tell(f"DROP DATABASE {name} WITH (FORCE)")

    def _file(self, name: str, of: Store | None) -> Watched:
        path = self.folder / f"{name}.sqlite"
        if of is not None and of.url.database:
            shutil.copyfile(of.url.database, path)
        return Watched(f"sqlite:///{path}")

    def _database(self, name: str, of: Store | None) -> Watched:
        self._tell(f"CREATE DATABASE {name} TEMPLATE {of.url.database if of else 'template0'} STRATEGY FILE_COPY")
        return Watched(f"{self._server}/{name}")

    def _tell(self, statement: str) -> None:
        engine = create_engine(f"{self._server}/postgres", isolation_level="AUTOCOMMIT")
        with engine.connect() as db:
            db.execute(text(statement))
        engine.dispose()


def postgres_version() -> str:
    """The version of the server that is measured, as its programs say it."""
    found = postgres.binaries()
    said = subprocess.run([str(found / "postgres"), "--version"], capture_output=True, text=True, check=True).stdout if found else "– – –"
    return said.split()[2]
