"""The breaker: a run that wants far more letters than were foreseen is held until somebody lets it go; nothing is lost meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, text

from directives.language.calendar import DAY, Calendar
from directives.language.calendar import instant as instant_of
from directives.language.practice import Practice

from . import chain, gathering, ticking
from .chain import Event
from .gathering import Days
from .store import Store
from .types import instant, seconds

#: So many letters are never too many, nor are so many times what was foreseen.
FLOOR, TIMES = 500, 3

#: A clock may go back so far: what time servers correct.
DRIFT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A run that is held: since when, how many letters it wanted, how many were foreseen.

    `taken_at` is when the copy was made that the ledger was put back from, `jumped` by how much the clock had gone forward of itself:
    then every letter is held.
    """

    at: datetime
    wanted: int
    expected: int
    taken_at: datetime | None = None
    jumped: timedelta | None = None


def too_many(wanted: int, expected: int) -> bool:
    """Whether a run wants more letters than anybody foresaw."""
    return wanted > max(FLOOR, TIMES * expected)


def stop(db: Connection) -> Stop | None:
    """The run that is held now."""
    row = db.execute(text(_STANDS)).first()
    if row is None:
        return None
    taken_at = None if row.taken_at is None else instant(row.taken_at)
    jumped = None if row.jumped is None else timedelta(seconds=row.jumped)
    return Stop(at=instant(row.at), wanted=row.wanted, expected=row.expected, taken_at=taken_at, jumped=jumped)


def hold(db: Connection, now: datetime, wanted: int, expected: int) -> None:
    """Hold all runs from now on."""
    db.execute(text(_HOLD), {"at": seconds(now), "wanted": wanted, "expected": expected})


def release(store: Store, calendar: Calendar, practice: Practice, now: datetime, by: str) -> int:
    """Let go what is held: it leaves as the office opens, or at once; returns how many letters. The clock counts from now again."""
    leaves, days = _leaving(calendar, practice, now)
    with store.write() as db:
        gathering.alone(db)
        db.execute(text(_CLOCK_SET), {"at": seconds(now)})
        if not db.execute(text(_RELEASE), {"now": seconds(now), "by": by}).rowcount:
            return 0
        ticking.learn_anew(db)
    return gathering.seal(store, days, 1_000, leaves=leaves)


def release_own(
    store: Store, directives: Iterable[int], calendar: Calendar, practice: Practice, now: datetime, *, by: str
) -> tuple[int, int]:
    """Let go what is held of these papers alone; returns how many letters, and how many others are held on. Each paper has an event."""
    own, (leaves, days) = frozenset(directives), _leaving(calendar, practice, now)
    with store.write() as db:
        gathering.alone(db)
        if stop(db) is None:
            return 0, 0
        if others := gathering.mixed(db, days, own):
            for paper in gathering.own_papers(db, days, own):
                chain.append(db, paper, now, Event(kind="letters resumed", payload={"lane": "", "by": by}))
    if not others:
        return release(store, calendar, practice, now, by), 0
    return gathering.seal(store, days, 1_000, leaves=leaves, of=own), others


def _leaving(calendar: Calendar, practice: Practice, now: datetime) -> tuple[int, Days]:
    """When what is let go leaves, in seconds, and on which day."""
    leaves = calendar.window(now, practice)
    today = leaves.astimezone(practice.tz).date()
    return seconds(leaves), Days(today.isoformat(), calendar.next_working(today + DAY).isoformat(), seconds(now))


def foresee(store: Store, day: date, practice: Practice, *, again: bool = False) -> None:
    """Write down how many letters a day is expected to need; `again` where an issue has added to it since.

    It is done on the working day before, so that what a mistake adds to a day is not foreseen by it. After an outage it is done as the
    day begins: what was missed is not among the steps of the day.
    """
    with store.read() as db:
        known = foreseen(db, day)
        letters = _expected(db, day, practice) if known is None or again else known
    if known is None or letters > known:
        with store.write() as db:
            db.execute(text(_FORESEE), {"day": day.isoformat(), "letters": letters})


def ahead(calendar: Calendar, practice: Practice, now: datetime) -> date:
    """The day of which the letters have not been sealed yet."""
    today = now.astimezone(practice.tz).date()
    before = now < instant_of(today, practice.opens, practice.tz)
    return today if before and calendar.is_working(today) else calendar.next_working(today + DAY)


def foreseen(db: Connection, day: date) -> int | None:
    """What was written down for a day."""
    return db.execute(text(_FORESEEN), {"day": day.isoformat()}).scalar()


def _expected(db: Connection, day: date, practice: Practice) -> int:
    """How many have a step of a ladder on a day, of work that they lead or take part in."""
    start, end = (seconds(instant_of(each, time(), practice.tz)) for each in (day, day + DAY))
    return int(db.execute(text(_EXPECTED), {"start": start, "end": end}).scalar_one())


def went_back(db: Connection, now: datetime) -> bool:
    """Whether the clock shows less than when the last sweep ran: nothing is said until it has caught up."""
    last = db.execute(text("SELECT at FROM rounds WHERE name = 'sweep'")).scalar()
    return last is not None and seconds(now + DRIFT) < last


def ran(db: Connection, now: datetime) -> None:
    """Remember that a sweep has run."""
    db.execute(text(_RAN), {"at": seconds(now)})


_STANDS = "SELECT at, wanted, expected, taken_at, jumped FROM stops WHERE released_at IS NULL"

_HOLD = """
INSERT INTO stops (at, wanted, expected)
SELECT CAST(:at AS bigint), CAST(:wanted AS int), CAST(:expected AS int)
 WHERE NOT EXISTS (SELECT 1 FROM stops WHERE released_at IS NULL)
    ON CONFLICT (at) DO UPDATE SET wanted = excluded.wanted, expected = excluded.expected, released_at = NULL, released_by = ''"""

_RELEASE = "UPDATE stops SET released_at = :now, released_by = :by WHERE released_at IS NULL"

_RAN = """
INSERT INTO rounds (name, at) VALUES ('sweep', :at)
    ON CONFLICT (name) DO UPDATE SET at = excluded.at
 WHERE rounds.at < excluded.at"""

_CLOCK_SET = "UPDATE rounds SET at = :at WHERE name IN ('sweep', 'desks') AND at > :at"

_FORESEEN = "SELECT letters FROM foreseen WHERE day = :day"

_FORESEE = """
INSERT INTO foreseen (day, letters) VALUES (:day, :letters)
    ON CONFLICT (day) DO UPDATE SET letters = excluded.letters
 WHERE foreseen.letters < excluded.letters"""

_STEPS = "tasks k WHERE k.wake_at IS NOT NULL AND k.wake_at >= :start AND k.wake_at < :end"

_EXPECTED = f"""
SELECT count(DISTINCT w.who)
  FROM (SELECT k.agency AS who FROM {_STEPS}
        UNION ALL
        SELECT c.agency FROM coordinators c WHERE c.duty IN (SELECT DISTINCT k.duty FROM {_STEPS})) w"""
