"""The way from nothing to this version's tables: the migrations say what the tables say, once, and old code leaves newer stores alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import text

from tasks.ledger import migrate, ownership
from tasks.ledger.ownership import StoreError
from tasks.ledger.store import Store
from tasks.ledger.tables import metadata
from tests.conftest import on_postgres

#: What a store says of its own tables, indexes, defaults and named rules, one row each.
_LAID_OUT = {
    "sqlite": ["SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version' ORDER BY name"],
    "postgresql": [
        """SELECT table_name, column_name, ordinal_position, data_type, collation_name, is_nullable, column_default
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version' ORDER BY 1, 3""",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1",
        """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
             FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conname <> 'alembic_version_pkc' ORDER BY 1, 2""",
    ],
}


def laid_out(store: Store) -> list[list[object]]:
    """Everything that a store knows of its layout, however its statements were spaced."""
    with store.read() as db:
        rows = [row for query in _LAID_OUT[db.dialect.name] for row in db.execute(text(query)).all()]
    return [[re.sub(r"\s+", " ", word).strip() if isinstance(word, str) else word for word in row] for row in rows]


@pytest.fixture(params=["sqlite", "postgresql"])
def nothing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store without any table."""
    store = Store(f"sqlite:///{tmp_path}/nothing.sqlite") if request.param == "sqlite" else on_postgres(request)
    if not store.is_sqlite:
        with store.write() as db:
            db.execute(text("DROP SCHEMA public CASCADE"))
            db.execute(text("CREATE SCHEMA public"))
    yield store
    store.close()


def is_laid_out_on(dialect: str, item: Any, _name: str | None, kind: str, *_: object) -> bool:
    """Whether a store of this dialect has it: some indexes are of one store alone."""
    return kind != "index" or item.info.get("store", dialect) == dialect


def test_the_migrations_lay_out_what_the_tables_say(store: Store) -> None:
    with store.read() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True, "include_object": partial(is_laid_out_on, db.dialect.name)})
        assert compare_metadata(context, metadata) == []


def test_down_to_defaults_named_rules_and_partial_indexes(nothing: Store) -> None:
    with nothing.write() as db:
        metadata.create_all(db)
    said = laid_out(nothing)
    with nothing.write() as db:
        metadata.drop_all(db)
    migrate.upgrade(nothing)
    assert laid_out(nothing) == said


def test_a_store_that_is_up_to_date_is_left_as_it_is(store: Store) -> None:
    before = laid_out(store)
    migrate.upgrade(store)
    migrate.check(store)
    assert laid_out(store) == before


def test_two_programs_that_start_together_lay_out_one_ledger(nothing: Store) -> None:
    others = [Store(nothing.url.render_as_string(hide_password=False)) for _ in range(4)]
    with ThreadPoolExecutor(len(others)) as threads:
        list(threads.map(migrate.upgrade, others))
    for other in others:
        migrate.check(other)
        other.close()


def test_an_empty_store_asks_for_its_tables(nothing: Store) -> None:
    with pytest.raises(StoreError, match="dondoc db upgrade"):
        migrate.check(nothing)


@pytest.mark.parametrize("look", [migrate.check, migrate.upgrade])
def test_old_code_refuses_a_newer_store(store: Store, look: object) -> None:
    with store.write() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="9999"):
        look(store)  # type: ignore[operator]  # either of two functions of a store


def test_a_ledger_bears_our_mark_and_one_from_before_the_mark_opens_too(sqlite_store: Store) -> None:
    file = sqlite_store.url.database
    with sqlite_store.write() as db:
        assert db.exec_driver_sql("PRAGMA application_id").scalar() == ownership.APPLICATION
        db.exec_driver_sql("PRAGMA application_id = 0")
    again = Store(f"sqlite:///{file}")
    migrate.check(again)
    again.close()


def test_beside_the_tables_of_another_program_nothing_is_laid_out(nothing: Store) -> None:
    with nothing.write() as db:
        db.execute(text("CREATE TABLE alembic_version (version_num varchar(32))"))
        db.execute(text("INSERT INTO alembic_version VALUES ('abc123')"))
        db.execute(text("CREATE TABLE khach_hang (id integer)"))
    before = laid_out(nothing)
    for look in (migrate.check, migrate.upgrade):
        with pytest.raises(StoreError, match=r"chương trình khác \(bảng khach_hang\)"):
            look(nothing)
    assert laid_out(nothing) == before


def test_what_was_laid_out_can_be_taken_down(store: Store) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    with store.write() as db:
        config.attributes["connection"] = db
        command.downgrade(config, "base")
    assert laid_out(store) == []
