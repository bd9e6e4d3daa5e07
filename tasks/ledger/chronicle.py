"""What happened to one task, in its order: its own events and those of its paper that it shares, with the evidence that came with each."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from tasks.sayings import File

from .rows import sql
from .types import instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An event: who (name and position, "" where a rule did it), what, with the state, the date and the holder before and after."""

    directive: int
    seq: int
    at: datetime
    kind: str
    name: str
    role: str
    payload: Mapping[str, Any]
    files: tuple[File, ...]


def of_task(db: Connection, task: int) -> tuple[Entry, ...]:
    """Its events, oldest first."""
    rows = db.execute(sql(_EVENTS), {"task": task}).all()
    files: defaultdict[int, list[File]] = defaultdict(list)
    for row in db.execute(sql(_FILES), {"task": task}):
        files[row.seq].append((row.hash, row.name, row.size))
    return tuple(
        Entry(
            directive=row.directive, seq=row.seq, at=instant(row.at), kind=row.kind, name=row.name or "", role=row.role or "",
            payload=_named(db, json.loads(row.payload)), files=tuple(files[row.seq]),
        )
        for row in rows
    )


def _named(db: Connection, payload: dict[str, Any]) -> dict[str, Any]:
    """The words of an event with the name of a colleague, which stands beside the chain; "" once it was erased."""
    if "colleague" not in payload:
        return payload
    return payload | {"colleague": db.execute(sql("SELECT name FROM persons WHERE id = :id"), {"id": payload["colleague"]}).scalar() or ""}


def file(db: Connection, directive: int, seq: int, hash_: str) -> File | None:
    """Evidence by its event, None where no such event brought it."""
    row = db.execute(sql(_FILE), {"directive": directive, "seq": seq, "hash": hash_}).first()
    return (row.hash, row.name, row.size) if row else None


def directive_of(db: Connection, task: int) -> int:
    """The paper of a task, 0 where there is no such task."""
    return int(db.execute(sql("SELECT directive FROM tasks WHERE id = :task"), {"task": task}).scalar() or 0)


def speaker(db: Connection, task: int, *, figure: bool) -> str:
    """The code of the agency that may answer for a task; a figure that another types for it is that one's."""
    row = db.execute(sql(_SPEAKER), {"task": task}).one()
    return str(row.source or row.holder) if figure else str(row.holder)


#: Its own events by their index; of its paper's, those that are about its clause or about all.
_EVENTS = """
SELECT e.directive, e.seq, e.at, e.kind, e.payload, p.name, p.role
  FROM events e LEFT JOIN persons p ON p.id = e.person
 WHERE e.task = :task
 UNION ALL
SELECT e.directive, e.seq, e.at, e.kind, e.payload, p.name, p.role
  FROM tasks k JOIN events e ON e.directive = k.directive LEFT JOIN persons p ON p.id = e.person
 WHERE k.id = :task AND e.task IS NULL
   AND ((e.duty = k.duty AND e.kind <> 'opened') OR (e.duty IS NULL AND e.kind IN ('issued', 'withdrawn', 'replaced', 'amended', 'urged')))
 ORDER BY 2"""

_FILES = """
SELECT v.seq, v.hash, v.name, v.size
  FROM events e JOIN evidence v ON v.directive = e.directive AND v.seq = e.seq
 WHERE e.task = :task
 ORDER BY v.seq, v.name"""

_FILE = "SELECT hash, name, size FROM evidence WHERE directive = :directive AND seq = :seq AND hash = :hash"

_SPEAKER = """
SELECT a.code AS holder, s.code AS source
  FROM tasks k JOIN duties u ON u.id = k.duty JOIN agencies a ON a.id = k.agency
  LEFT JOIN indicators i ON i.directive = k.directive AND i.indicator = u.indicator
  LEFT JOIN agencies s ON s.id = i.source
 WHERE k.id = :task"""
