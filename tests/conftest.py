"""What the suite stands on: both stores, each test on a ledger of its own."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.ledger import migrate
from tasks.ledger.store import Store
from tests import postgres
from tests.databases import Databases

_names = itertools.count(1)

MEMORY = Path("/dev/shm")
ROOM = 4 << 30  # what a whole run needs at most, with something left


def pytest_configure(config: pytest.Config) -> None:
    """Keep the suite's files in memory where there is room: nothing here claims anything about a disk that loses its power."""
    if "TMPDIR" in os.environ or not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        return
    folder = tempfile.mkdtemp(prefix="dondoc-suite-", dir=MEMORY)
    os.chmod(folder, 0o711)  # PostgreSQL passes through it as somebody else
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """A PostgreSQL server and its empty ledgers.

    Its folder is none of pytest's, which closes them to everybody else: PostgreSQL does not run as root.
    """
    with tempfile.TemporaryDirectory(prefix="dondoc-pg-", ignore_cleanup_errors=True) as folder, postgres.server(Path(folder)) as url:
        yield Databases(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a ledger with empty tables."""
    path = tmp_path_factory.mktemp("sqlite") / "ledger.sqlite"
    empty = Store(f"sqlite:///{path}")
    migrate.upgrade(empty)
    with empty.engine.connect() as db:
        db.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()  # type: ignore[union-attr]
    empty.close()
    return path.read_bytes()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty ledger: every claim that takes it is made on both stores."""
    found = on_sqlite(request, tmp_path) if request.param == "sqlite" else on_postgres(request)
    yield found
    found.close()


@pytest.fixture
def sqlite_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty ledger on SQLite, for what is about neither store."""
    found = on_sqlite(request, tmp_path)
    yield found
    found.close()


def on_sqlite(request: pytest.FixtureRequest, folder: Path) -> Store:
    """A copy of the empty SQLite ledger."""
    path = folder / f"ledger-{next(_names)}.sqlite"
    path.write_bytes(request.getfixturevalue("sqlite_template"))
    return Store(f"sqlite:///{path}")


def on_postgres(request: pytest.FixtureRequest) -> Store:
    """An empty PostgreSQL ledger, given back when what asked for it ends."""
    databases: Databases = request.getfixturevalue("databases")
    url = databases.take()
    request.addfinalizer(lambda: databases.give_back(url))
    return Store(url)
