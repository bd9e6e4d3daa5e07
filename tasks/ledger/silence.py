"""A task that was received and then left in silence comes back: when, and until somebody speaks of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from directives.language.calendar import instant

from .direct import ask
from .issued import Issued
from .rows import canonical, pairs
from .types import seconds


def received(db: Connection, new: Iterable[tuple[Issued, int, datetime]]) -> None:
    """Let tasks that have just been received wake when their agencies have been silent for too long; what never wakes is left to sleep."""
    again_at = [[task, _again_at(issued, at)] for issued, task, at in new if issued.practice.ack_timeout]
    for statement in (_AGAIN, _WAKE) if again_at else ():
        ask(db, statement.format(ids=pairs(db)), {"pairs": canonical(again_at)})


def _again_at(issued: Issued, at: datetime) -> int:
    practice = issued.practice
    day = issued.calendar.add_working(at.astimezone(practice.tz).date(), practice.ack_timeout)
    return seconds(instant(day, practice.opens, practice.tz))


_AGAIN = """
INSERT INTO acknowledged (task, again_at) SELECT k.id, x.b FROM {ids} x JOIN tasks k ON k.id = x.a WHERE k.wake_at IS NOT NULL
    ON CONFLICT (task) DO UPDATE SET again_at = excluded.again_at"""

_WAKE = """
UPDATE tasks SET wake_at = x.b FROM {ids} x WHERE tasks.id = x.a AND wake_at > x.b AND closed_at IS NULL"""
