"""A new way in for whoever holds a link that has ended: mailed to the registered address and nowhere else, a few times a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Connection, text

from . import doors, roster
from . import tables as t
from .outbox import READABLE
from .rows import add, canonical

#: Letters of this kind for one link's holder within a day.
MOST = 3


def renew(db: Connection, agency: str, purpose: str, now: datetime, today: date) -> bool:
    """Queue a letter with the link that stands, a new one where none does; False where the day has had enough of them."""
    recipient, day = roster.row_of(db, agency), f"renewal:{purpose}:{agency}:{today}"
    had = int(db.execute(text("SELECT count(*) FROM notices WHERE key LIKE :day"), {"day": f"{day}:%"}).scalar_one())
    if had >= MOST:
        return False
    link = doors.give(db, agency, purpose, now, now + READABLE if purpose == "page" else None)
    add(db, t.notices, [{
        "key": f"{day}:{had + 1}", "directive": None, "recipient": recipient, "lane": "login",
        "hint": canonical({"link": link, "opens": purpose}), "not_before": now, "expires_at": now + timedelta(days=1), "state": "queued",
    }])
    return True
