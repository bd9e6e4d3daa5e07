"""A task that was received and then left in silence comes back: when, and until somebody speaks of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from directives.language.calendar import instant

from .issued import Issued
from .types import seconds


def received(db: Connection, issued: Issued, task: int, at: datetime) -> None:
    """Let a task that has just been received wake when its agency has been silent for too long; what never wakes is left to sleep."""
    practice = issued.practice
    if not practice.ack_timeout:
        return
    day = issued.calendar.add_working(at.astimezone(practice.tz).date(), practice.ack_timeout)
    again_at = seconds(instant(day, practice.opens, practice.tz))
    for statement in (_AGAIN, _WAKE):
        db.execute(text(statement), {"task": task, "again_at": again_at})


_AGAIN = """
INSERT INTO acknowledged (task, again_at) SELECT id, :again_at FROM tasks WHERE id = :task AND wake_at IS NOT NULL
    ON CONFLICT (task) DO UPDATE SET again_at = excluded.again_at"""

_WAKE = "UPDATE tasks SET wake_at = :again_at WHERE id = :task AND wake_at > :again_at AND closed_at IS NULL"
