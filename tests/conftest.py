"""What the suite stands on: both stores, each test on a ledger of its own."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tasks.ledger import migrate
from tasks.ledger.store import Store
from tests import postgres

_names = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server with a database `template_dondoc` that holds the empty tables.

    Its folder is none of pytest's, which closes them to everybody else: PostgreSQL does not run as root.
    """
    with tempfile.TemporaryDirectory(prefix="dondoc-pg-", ignore_cleanup_errors=True) as folder, postgres.server(Path(folder)) as url:
        _create(url, "template_dondoc")
        empty = Store(f"{url}/template_dondoc")
        migrate.upgrade(empty)
        empty.close()
        yield url


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
    """A copy of the empty PostgreSQL ledger."""
    url = request.getfixturevalue("postgres_url")
    name = f"ledger_{next(_names)}"
    _create(url, name, "template_dondoc")
    return Store(f"{url}/{name}")


def _create(url: str, name: str, template: str = "template0") -> None:
    engine = create_engine(f"{url}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        db.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
