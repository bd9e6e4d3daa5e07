"""Brings a store to the tables of this version, by alembic; old code refuses a newer store."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from . import ownership
from .ownership import StoreError
from .store import Store

SCRIPTS = Path(__file__).parents[1] / "migrations"


def upgrade(store: Store, memory: Path | None = None) -> None:
    """Bring the tables up to date; one that is up to date is left as it is. Raises StoreError for a newer store, or none of ours.

    `memory` is where a project remembers the ledger that it has on a server: one that is gone is refused, not begun anew.
    """
    where, stands = store.url.set(username=None, password=None).render_as_string(), _stands(store)
    if stands is None and memory and not store.is_sqlite:
        ownership.look_for(where, memory)
    if stands != _scripts().get_current_head():
        _lay_out(store)
    if store.is_sqlite and store.url.database:
        ownership.remember(Path(store.url.database))
    elif memory and not store.is_sqlite:
        ownership.remember_at(where, memory)


def _lay_out(store: Store) -> None:
    config = _config()
    with store.write() as db:
        if not store.is_sqlite:  # of two programs that start together one lays out the tables
            db.execute(text("SELECT pg_advisory_xact_lock(20200517)"))
        config.attributes["connection"] = db
        command.upgrade(config, "head")
        ownership.mark(db)


def check(store: Store) -> None:
    """Raises StoreError unless the store has exactly this version's tables."""
    stands, wanted = _stands(store), _scripts().get_current_head()
    if stands is None:
        raise StoreError("Sổ chưa được tạo: chạy `dondoc db upgrade`.")
    if stands != wanted:
        raise StoreError(f"Sổ ở phiên bản {stands}, chương trình cần {wanted}: chạy `dondoc db upgrade`.")


def _stands(store: Store) -> str | None:
    """The store's version, None for an empty one. Raises StoreError for a version that this code does not know, or none of ours."""
    with store.read() as db:
        stands = MigrationContext.configure(db).get_current_revision()
        if stands in {script.revision for script in _scripts().walk_revisions()}:
            return stands
        ownership.refuse_strangers(store.url.render_as_string(), ownership.tables(db))
    if stands is not None:
        raise StoreError(f"Sổ ở phiên bản {stands}, mới hơn chương trình này: hãy dùng bản dondoc mới nhất.")
    return stands


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config
