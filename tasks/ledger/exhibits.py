"""The evidence of a task, as it was brought."""

from __future__ import annotations

from sqlalchemy import Connection

from tasks.sayings import File

from .direct import ask


def of_task(db: Connection, task: int) -> tuple[File, ...]:
    """Its files, oldest first, each once: (sha256, name, size)."""
    rows = ask(db, _FILES, {"task": task})
    return tuple({row.hash: (row.hash, row.name, row.size) for row in rows}.values())


_FILES = """
SELECT v.hash, v.name, v.size
  FROM events e JOIN evidence v ON v.directive = e.directive AND v.seq = e.seq
 WHERE e.task = :task
 ORDER BY e.seq, v.name"""
