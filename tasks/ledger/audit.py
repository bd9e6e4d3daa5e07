"""Whether the ledger agrees with itself: broken chains, rows that point nowhere, a clock that went back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from directives.language.calendar import Calendar

from . import chain, replaying
from .replaying import Departure
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


class Head(NamedTuple):
    """The hash of an event, as somebody keeps it: of which directive ("" where that is not known), at which event (0: any)."""

    number: str
    seq: int
    head: str


def strange(db: Connection, heads: Iterable[str]) -> tuple[Head, ...]:
    """Of the heads that were printed ("17:3f2a…", or the hash alone) and of those in reports that were made, those not in the chain.

    Whoever cuts a chain off, or writes it anew, and mends the counter leaves a chain that is whole: only a head kept elsewhere tells.
    """
    reported = ((row, json.loads(row.standing)["head"]) for row in db.execute(text(_REPORTED)))
    found = [Head(row.number, row.seq, head) for row, head in reported if head != row.hash]
    for head in heads:
        seq, _, start = head.rpartition(":")
        at = int(seq or 0)
        if not start or db.execute(text(_KEPT), {"seq": at, "head": start.lower()}).first() is None:
            found.append(Head("", at, start))
    return tuple(found)


def beyond(db: Connection) -> tuple[Break, ...]:
    """The first event of each directive that rows follow from though it is not there: the end of the chain was cut off."""
    return tuple(Break(row.number, row.seq) for row in db.execute(text(_BEYOND)))


def departures(db: Connection, calendar: Calendar) -> tuple[tuple[str, Departure], ...]:
    """Rows that were changed behind the events' back, each with its directive's number."""
    rows = db.execute(text("SELECT id, number FROM directives WHERE state = 'issued' ORDER BY id")).all()
    return tuple((row.number, found) for row in rows for found in replaying.departures(db, row.id, calendar))


def heads(db: Connection) -> tuple[Head, ...]:
    """The head of every chain, to be kept elsewhere."""
    return tuple(Head(row.number, row.seq, row.hash) for row in db.execute(text(_HEADS)))


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


#: Heads in reports, beside what the chain has at that event.
_REPORTED = """
SELECT d.number, r.seq, r.standing, e.hash FROM reports r JOIN directives d ON d.id = r.directive
  LEFT JOIN events e ON e.directive = r.directive AND e.seq = r.seq
 WHERE r.seq > 0 ORDER BY d.id, r.seq"""

_KEPT = "SELECT 1 FROM events WHERE (:seq = 0 OR seq = :seq) AND substr(hash, 1, length(:head)) = :head"

_HEADS = """
SELECT d.number, d.seq, e.hash FROM directives d JOIN events e ON e.directive = d.id AND e.seq = d.seq
 WHERE d.state = 'issued' ORDER BY d.id"""

_BEYOND = """
SELECT d.number, min(x.seq) AS seq
  FROM (SELECT directive, since_seq AS seq FROM tasks UNION SELECT directive, seq FROM acts UNION SELECT directive, seq FROM readings
        UNION SELECT directive, to_seq + 1 FROM task_history UNION SELECT directive, seq FROM bonds UNION SELECT directive, seq FROM texts
        UNION SELECT directive, seq FROM evidence UNION SELECT directive, seq FROM reports) x
  JOIN directives d ON d.id = x.directive
 WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.directive = x.directive AND e.seq = x.seq) AND x.seq > 0
 GROUP BY d.id, d.number ORDER BY d.id"""

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
