"""Brings a store to the tables of this version, by alembic; old code refuses a newer store."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from .store import Store

SCRIPTS = Path(__file__).parents[1] / "migrations"


class StoreError(Exception):
    """The store's tables are not this version's; the sentence says what to do."""


def upgrade(store: Store) -> None:
    """Bring the tables up to date; a store that is up to date is left as it is."""
    config = _config()
    with store.engine.execution_options(write=True).begin() as db:
        config.attributes["connection"] = db
        command.upgrade(config, "head")


def check(store: Store) -> None:
    """Raises StoreError unless the store has exactly this version's tables."""
    with store.read() as db:
        stands = MigrationContext.configure(db).get_current_revision()
    wanted = ScriptDirectory.from_config(_config()).get_current_head()
    if stands is None:
        raise StoreError("Sổ chưa được tạo: chạy `dondoc db upgrade`.")
    if stands != wanted:
        raise StoreError(f"Sổ ở phiên bản {stands}, chương trình cần {wanted}: chạy `dondoc db upgrade` bằng bản dondoc mới nhất.")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config
