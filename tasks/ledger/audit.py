"""Whether the ledger agrees with itself: broken chains, rows that point nowhere, a clock that went back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from . import chain
from .rows import digest
from .types import instant

#: What has no foreign key, since keys cost half of an opening: (what is counted, from where, whom it names).
_POINTERS = (
    ("việc không có điều khoản", "tasks x", "duties", "x.duty"),
    ("việc không có đơn vị", "tasks x", "agencies", "x.agency"),
    ("việc không có văn bản", "tasks x", "directives", "x.directive"),
    ("việc cấp dưới không có việc cấp trên", "tasks x", "tasks", "x.parent"),
    ("dòng thư không có việc", "notice_items x", "tasks", "x.task"),
    ("thư không có nơi nhận", "notices x", "agencies", "x.recipient"),
    ("sự kiện không có văn bản", "events x", "directives", "x.directive"),
    ("sự kiện không có người", "events x", "persons", "x.person"),
    ("sự kiện không có việc", "events x", "tasks", "x.task"),
    ("đường dẫn không có đơn vị", "links x", "agencies", "x.agency"),
    ("lịch sử không có việc", "task_history x", "tasks", "x.task"),
    ("thay đổi không có điều khoản", "changes x", "duties", "x.duty"),
    ("thay đổi không có văn bản", "changes x", "directives", "x.directive"),
    ("nơi nhận không có thay đổi", "readers x", "changes", "x.change"),
    ("văn bản bị sửa mà không rõ văn bản nào sửa", "bonds x", "directives", "x.paper"),
)


class Break(NamedTuple):
    """The first event of a directive that does not follow from those before it."""

    number: str
    seq: int


def breaks(db: Connection) -> tuple[Break, ...]:
    """The directives whose chain of events is broken, or whose text in force is not the one that an event has put in force."""
    rows = db.execute(text("SELECT id, number FROM directives ORDER BY id")).all()
    found = ((row.number, chain.verify(db, row.id) or _other_text(db, row.id)) for row in rows)
    return tuple(Break(number, seq) for number, seq in found if seq is not None)


def _other_text(db: Connection, directive: int) -> int | None:
    """The event of the first text in force that is not what it put in force."""
    rows = db.execute(text(_TEXTS), {"d": directive})
    return next((row.seq for row in rows if json.loads(row.payload).get("hash") != digest(row.body)), None)


def orphans(db: Connection) -> Mapping[str, int]:
    """How many rows point at nothing, by what they are; only what there is."""
    counts = {said: db.execute(text(_ORPHANS.format(of=of, table=table, key=key))).scalar_one() for said, of, table, key in _POINTERS}
    return {said: count for said, count in counts.items() if count}


def sizes(db: Connection) -> Mapping[str, int]:
    """How many directives, open tasks, events and waiting letters there are."""
    return {name: db.execute(text(query)).scalar_one() for name, query in _SIZES.items()}


def last_at(db: Connection) -> datetime | None:
    """The instant of the latest event; a clock that shows less went back."""
    found = db.execute(text("SELECT max(at) FROM events")).scalar()
    return None if found is None else instant(found)


def version(db: Connection) -> str:
    """The database and its version: "SQLite 3.53.4"."""
    if db.dialect.name == "sqlite":
        return f"SQLite {db.execute(text('SELECT sqlite_version()')).scalar_one()}"
    return f"PostgreSQL {db.execute(text('SHOW server_version')).scalar_one()}"


def is_safe(db: Connection) -> bool:
    """Whether several processes may write at full speed; an older SQLite goes on with its rollback journal."""
    return db.dialect.name != "sqlite" or db.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"


_ORPHANS = """
SELECT count(*) FROM {of}
 WHERE {key} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {table} y WHERE y.id = {key})"""

_TEXTS = """
SELECT x.seq, x.body, e.payload FROM texts x JOIN events e ON e.directive = x.directive AND e.seq = x.seq
 WHERE x.directive = :d ORDER BY x.seq"""

_SIZES = {
    "directives": "SELECT count(*) FROM directives WHERE state = 'issued'",
    "open": "SELECT count(*) FROM tasks WHERE closed_at IS NULL",
    "events": "SELECT count(*) FROM events",
    "waiting": "SELECT count(*) FROM notices WHERE state IN ('queued', 'gathering', 'leased')",
    "failed": "SELECT count(*) FROM notices WHERE state IN ('failed', 'uncertain', 'undeliverable')",
}
