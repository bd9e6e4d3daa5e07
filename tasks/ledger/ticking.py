"""Whether the clock can be believed: by it a machine has started at one instant, whenever it is asked.

The machine itself counts the seconds since it started, and also while it sleeps; what nobody has set moves only with them. Of a machine
that was switched off in between nothing is known, and nothing is held.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from tasks.timepiece import Reading

from .store import Store
from .types import instant, seconds

#: A clock may go forward so far of itself.
LEAP = timedelta(hours=1)

#: What is less is what time servers correct, and is not written down.
_SLIGHT = timedelta(seconds=5)


def look(store: Store, reading: Reading | None, now: datetime) -> None:
    """Hold everything until it is released where the clock has jumped forward since a round before; None: the machine does not tell."""
    if reading is None:
        return
    name = {"name": f"start:{reading.start}"}
    with store.read() as db:
        known = db.execute(text(_KNOWN), name).scalar()
    if known is None or abs(reading.at - instant(known)) > _SLIGHT:
        with store.write() as db:
            _hear(db, reading.at, instant(known) if known else reading.at, name | {"at": seconds(reading.at), "now": seconds(now)})


def learn_anew(db: Connection) -> None:
    """Believe the clock as it is now."""
    db.execute(text("DELETE FROM rounds WHERE name LIKE 'start:%'"))


def _hear(db: Connection, at: datetime, known: datetime, of: dict[str, object]) -> None:
    if at - known <= LEAP:
        db.execute(text(_LEARN), of)
    elif not db.execute(text("SELECT 1 FROM stops WHERE released_at IS NULL")).first():
        db.execute(text(_HOLD), of | {"jumped": int((at - known).total_seconds())})


_KNOWN = "SELECT at FROM rounds WHERE name = :name"

_LEARN = """
INSERT INTO rounds (name, at) VALUES (:name, :at)
    ON CONFLICT (name) DO UPDATE SET at = excluded.at"""

_HOLD = """
INSERT INTO stops (at, wanted, expected, jumped) VALUES (:now, 0, 0, :jumped)
    ON CONFLICT (at) DO UPDATE SET jumped = excluded.jumped, released_at = NULL, released_by = ''"""
