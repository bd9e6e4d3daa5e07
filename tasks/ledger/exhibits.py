"""The evidence of tasks, as it was brought, and which files anything names at all."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Connection

from tasks.sayings import File

from .direct import ask, one
from .types import instant


def of_task(db: Connection, task: int) -> tuple[File, ...]:
    """The files that its agency, or a body that the agency follows, has brought: oldest first, each once, as (sha256, name, size).

    What an agency brought that has the task no more is the issuer's to read, not the next one's.
    """
    rows = ask(db, _FILES, {"task": task})
    return tuple({row.hash: (row.hash, row.name, row.size) for row in rows}.values())


def named(db: Connection) -> set[str]:
    """The hashes that an event names, or an answer by mail that is proposed."""
    proposed = (json.loads(row.files) for row in ask(db, _PROPOSED, {}))
    return {row.hash for row in ask(db, "SELECT DISTINCT hash FROM evidence", {})} | {file[0] for files in proposed for file in files}


def judged_from(db: Connection) -> datetime | None:
    """From when on the ledger knows what was brought; None while it knows too little: empty, or put back from a copy."""
    row = one(db, _BEGAN, {})
    return instant(row.at) if row and row.at is not None else None


_FILES = """
SELECT v.hash, v.name, v.size
  FROM events e JOIN evidence v ON v.directive = e.directive AND v.seq = e.seq JOIN tasks k ON k.id = e.task
  LEFT JOIN task_history h ON h.task = e.task AND h.from_seq <= e.seq AND h.to_seq >= e.seq
 WHERE e.task = :task
   AND (h.agency IS NULL OR h.agency = k.agency
     OR EXISTS (SELECT 1 FROM successions s WHERE s.agency = h.agency AND s.heir = k.agency))
 ORDER BY e.seq, v.name"""

_PROPOSED = "SELECT files FROM replies WHERE state <> 'refused' AND files <> '[]'"

_BEGAN = "SELECT min(at) AS at FROM events WHERE NOT EXISTS (SELECT 1 FROM stops WHERE taken_at IS NOT NULL AND released_at IS NULL)"
