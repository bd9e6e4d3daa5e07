"""When there is something to do: the next instant that any row waits for, and leases where two runs would be waste."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from .store import Store
from .types import instant, seconds


def next_at(db: Connection) -> datetime | None:
    """The earliest instant at which a task wakes, a term begins, a report is due or a letter may leave; None where nothing waits."""
    found = db.execute(text(_NEXT)).scalar()
    return None if found is None else instant(found)


def opening_now(db: Connection, now: datetime) -> list[int]:
    """The directives of which a term begins by `now`."""
    return list(db.execute(text(_OPENING), {"now": seconds(now)}).scalars())


def take(store: Store, name: str, holder: str, now: datetime, span: timedelta) -> bool:
    """Take a lease, or keep one that is held already; False while another holds it. A lease that ran out is anybody's."""
    lease = {"name": name, "holder": holder, "now": seconds(now), "until": seconds(now + span)}
    with store.write() as db:
        return db.execute(text(_TAKE), lease).rowcount == 1


def give_back(store: Store, name: str, holder: str) -> None:
    """Give a lease back; one that has passed to another is left alone."""
    with store.write() as db:
        db.execute(text("DELETE FROM leases WHERE name = :name AND holder = :holder"), {"name": name, "holder": holder})


_NEXT = """
SELECT min(at) FROM (
    SELECT min(wake_at) AS at FROM tasks WHERE wake_at IS NOT NULL
    UNION ALL SELECT min(opens_at) FROM directives WHERE state = 'issued'
    UNION ALL SELECT min(reports_at) FROM directives WHERE state = 'issued'
    UNION ALL SELECT min(not_before) FROM notices WHERE state = 'queued') waiting"""

_OPENING = "SELECT id FROM directives WHERE state = 'issued' AND opens_at <= :now ORDER BY id"

_TAKE = """
INSERT INTO leases (name, holder, until) VALUES (:name, :holder, :until)
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
 WHERE leases.until <= :now OR leases.holder = excluded.holder"""
