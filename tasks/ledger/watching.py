"""Whether silence means that nothing was to be said: until when the sweep has run, and what has not left since."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from directives.language.calendar import DAY, Calendar
from directives.language.calendar import instant as instant_of
from directives.language.practice import Practice
from tasks.watches import Watch

from . import breaker
from .rows import sql
from .types import instant, seconds

#: The sweep runs hourly in the send window; so much later it has missed one.
PATIENCE = timedelta(minutes=90)


def watch(db: Connection, directive: int, calendar: Calendar, practice: Practice, now: datetime) -> Watch:
    """What may be said at an instant of the engine and of this directive's letters; who has run after it, has run until then."""
    ran = db.execute(sql("SELECT at FROM rounds WHERE name = 'sweep'")).scalar()
    ran_at = None if ran is None else min(instant(ran), now)
    due = expected(calendar, practice, now)
    bound = {"directive": directive, "at": seconds(now), "by": seconds(now - timedelta(hours=1))}
    return Watch(
        ran_at=ran_at, stands=ran_at is None or ran_at < due, held=breaker.stop(db) is not None,
        unsent=db.execute(sql(_UNSENT), bound).scalar_one(), queued=db.execute(sql(_QUEUED), bound).scalar_one(),
    )


def expected(calendar: Calendar, practice: Practice, now: datetime) -> datetime:
    """The instant since which the sweep must have run: nothing is expected of it outside the send window."""
    day, latest = now.astimezone(practice.tz).date(), now - PATIENCE
    while not calendar.is_working(day) or instant_of(day, practice.opens, practice.tz) > latest:
        day -= DAY
    return min(latest, instant_of(day, practice.closes, practice.tz) - PATIENCE)


_OWN = """(n.directive = :directive OR EXISTS (
        SELECT 1 FROM notice_items i JOIN tasks k ON k.id = i.task WHERE i.notice = n.id AND k.directive = :directive))"""

_UNSENT = f"""SELECT count(*) FROM failures f JOIN notices n ON n.id = f.notice
 WHERE f.since <= :at AND (f.until IS NULL OR f.until > :at) AND {_OWN}"""

_QUEUED = f"SELECT count(*) FROM notices n WHERE n.state = 'queued' AND n.not_before <= :by AND {_OWN}"
