"""When there is something to do: the next instant that any row waits for, and leases where two runs would be waste."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from sqlalchemy import Connection, text

from .store import Store
from .types import instant, seconds


class Ahead(NamedTuple):
    """The earliest instant at which each kind of row waits; None where none does."""

    tasks: datetime | None  # a reminder or rung, said in the send window
    terms: datetime | None  # a term that begins
    reports: datetime | None
    letters: datetime | None  # a letter that may leave
    bodies: datetime | None = None  # the day of a reorganisation

    @property
    def first(self) -> datetime | None:
        """The earliest of them."""
        return min((at for at in self if at), default=None)


def ahead(db: Connection, tz: tzinfo = UTC) -> Ahead:
    """What waits, and since or until when; the day of a reorganisation begins in the office's zone `tz`."""
    found = Ahead(*(None if at is None else instant(at) for at in db.execute(text(_AHEAD)).one()))
    day = db.execute(text(_BODIES)).scalar()
    return found._replace(bodies=datetime.combine(date.fromisoformat(day), time(), tz).astimezone(UTC) if day else None)


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


_AHEAD = """
SELECT (SELECT min(wake_at) FROM tasks WHERE wake_at IS NOT NULL),
       (SELECT min(opens_at) FROM directives WHERE state = 'issued'),
       (SELECT min(reports_at) FROM directives WHERE state = 'issued'),
       (SELECT min(not_before) FROM notices WHERE state = 'queued')"""

_BODIES = """SELECT min("on") FROM reorganizations WHERE ended_at IS NULL"""

_OPENING = "SELECT id FROM directives WHERE state = 'issued' AND opens_at <= :now ORDER BY id"

_TAKE = """
INSERT INTO leases (name, holder, until) VALUES (:name, :holder, :until)
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
 WHERE leases.until <= :now OR leases.holder = excluded.holder"""
