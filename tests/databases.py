"""Databases of the suite's PostgreSQL: copied from an empty ledger, and used again where a test has changed nothing but rows."""

from __future__ import annotations

import itertools

from sqlalchemy import Connection, TextClause, create_engine, text

from tasks.ledger import migrate
from tasks.ledger.store import Store

TEMPLATE = "template_dondoc"

SHAPE = text("""
    SELECT md5(string_agg(said, ' ' ORDER BY said)) FROM (
        SELECT concat_ws(' ', 'column', attrelid::regclass, attname, atttypid, attnotnull) AS said FROM pg_attribute
        WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) AND attnum > 0 AND NOT attisdropped
        UNION ALL SELECT concat_ws(' ', 'trigger', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT concat_ws(' ', 'rule', conname) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT concat_ws(' ', 'function', proname) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ) AS shape
""")
OTHERS = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")


class Databases:
    """The databases of one server. `take` gives the URL of an empty ledger that is nobody else's; `give_back` ends its use."""

    def __init__(self, server: str) -> None:
        self.server = server
        self._numbers = itertools.count(1)
        self._free: list[str] = []
        self._create(TEMPLATE, "template0")
        empty = Store(f"{server}/{TEMPLATE}")
        migrate.upgrade(empty)
        with empty.engine.connect() as db:
            self._shape, self._emptying = db.scalar(SHAPE), _emptying(db)
        empty.close()

    def take(self) -> str:
        """The URL of an empty ledger."""
        if self._free:
            return self._free.pop()
        name = f"ledger_{next(self._numbers)}"
        self._create(name, TEMPLATE)
        return f"{self.server}/{name}"

    def give_back(self, url: str) -> None:
        """Empty it for the next test; one whose tables, triggers or rules are no longer the template's is left alone."""
        engine = create_engine(url)
        with engine.begin() as db:
            db.execute(OTHERS)
            same = db.scalar(SHAPE) == self._shape
            if same:
                db.execute(self._emptying)
        engine.dispose()
        if same:
            self._free.append(url)

    def _create(self, name: str, template: str) -> None:
        engine = create_engine(f"{self.server}/postgres", isolation_level="AUTOCOMMIT")
        with engine.connect() as db:
            db.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
        engine.dispose()


def _emptying(db: Connection) -> TextClause:
    """One statement that deletes every row, whatever triggers and foreign keys say, and lets numbers begin at 1 again."""
    tables = db.scalars(text("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")).all()
    counters = db.scalars(text("SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace")).all()
    version = db.scalar(text("SELECT version_num FROM alembic_version"))
    steps = [f"DELETE FROM {each}" for each in tables] + [f"SELECT setval('{each}', 1, false)" for each in counters]
    steps.append(f"INSERT INTO alembic_version VALUES ('{version}')")
    return text("; ".join(["SET LOCAL session_replication_role = replica", *steps]))
