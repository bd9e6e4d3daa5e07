"""The pace of mail servers as all workers share it: connections under leases, the next turn, how many letters a day had, what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, text

from tasks import pace
from tasks.pace import Limits, Tempo, Turns

from .store import Store
from .types import instant, seconds

#: A connection of which nobody has heard for so long is free.
SEAT = timedelta(minutes=1)


class Known(NamedTuple):
    """What is known of a relay: letters of the last 24 hours, letters a minute now (None: any number), what is wrong since when."""

    spent: int
    per_minute: float | None
    trouble: str
    since: datetime | None


class LedgerPace:
    """Twin of `notifications.pace.Pace` for all workers of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def seats(self, relay: str, limits: Limits, holder: str, now: datetime) -> int:
        """How many connections are the holder's: those it has, kept, and those that nobody has."""
        lease = {"holder": holder, "now": seconds(now), "until": seconds(now + SEAT)}
        with self._store.write() as db:
            return sum(
                db.execute(text(_SEAT), lease | {"name": f"smtp {relay} {number}"}).rowcount for number in range(limits.connections)
            )

    def leave(self, relay: str, holder: str) -> None:
        """Give all of them back."""
        with self._store.write() as db:
            db.execute(text("DELETE FROM leases WHERE holder = :holder"), {"holder": holder})

    def turns(self, relay: str, limits: Limits, wanted: int, now: datetime, *, urgent: bool) -> Turns:
        """Take turns for so many letters, or for fewer; none where the day has no more. A relay without bounds is only looked at."""
        with self._store.read() as db:
            known = _tempo(db, relay)
        at = _milliseconds(now)
        if limits.per_day is None and pace.rate(limits, known, at) is None:
            return Turns(wanted, at, 0)
        with self._store.write() as db:
            tempo = _held(db, relay)
            wanted = pace.left(limits, _spent(db, relay, at) if limits.per_day else 0, wanted, urgent=urgent)
            turns, tempo = pace.taken(limits, tempo, wanted, at)
            _keep(db, relay, tempo)
            if limits.per_day is not None and turns.letters:
                _spend(db, relay, turns)
        return turns

    def unused(self, relay: str, letters: int) -> None:
        """Give a day back its letters that did not go."""
        with self._store.write() as db:
            db.execute(text(_UNUSED), {"relay": relay, "letters": letters})

    def slower(self, relay: str, limits: Limits, now: datetime) -> None:
        """Half as fast from now on; a storm of complaints counts once."""
        with self._store.write() as db:
            _keep(db, relay, pace.lowered(limits, _held(db, relay), _milliseconds(now)))

    def trouble(self, relay: str, words: str, now: datetime) -> bool:
        """Remember why a relay cannot be used, "" that it can; False where that is known already."""
        with self._store.read() as db:
            known = db.execute(text("SELECT trouble FROM relays WHERE name = :relay"), {"relay": relay}).scalar()
        if (known or "") == words:
            return False
        with self._store.write() as db:
            _held(db, relay)
            at = seconds(now) if words else None
            return db.execute(text(_TROUBLE), {"relay": relay, "words": words, "at": at, "anew": bool(words) != bool(known)}).rowcount == 1

    def orders(self) -> int:
        """Another number whenever an operator has paused, resumed or cancelled letters."""
        with self._store.read() as db:
            return int(db.execute(text("SELECT count(*) + count(ended_at) FROM orders")).scalar_one())


def known(db: Connection, relay: str, limits: Limits, now: datetime) -> Known:
    """How a relay stands."""
    row = db.execute(text("SELECT trouble, trouble_at FROM relays WHERE name = :relay"), {"relay": relay}).first()
    at = _milliseconds(now)
    since = instant(row.trouble_at) if row and row.trouble_at is not None else None
    return Known(_spent(db, relay, at), pace.rate(limits, _tempo(db, relay), at), row.trouble if row else "", since)


def _tempo(db: Connection, relay: str, lock: str = "") -> Tempo:
    row = db.execute(text(f"SELECT turn_at, low, low_at FROM relays WHERE name = :relay {lock}"), {"relay": relay}).first()
    return Tempo(*row) if row else Tempo()


def _held(db: Connection, relay: str) -> Tempo:
    """The tempo of a relay, nobody else's until the transaction ends."""
    db.execute(text("INSERT INTO relays (name) VALUES (:relay) ON CONFLICT DO NOTHING"), {"relay": relay})
    return _tempo(db, relay, "" if db.dialect.name == "sqlite" else "FOR UPDATE")


def _keep(db: Connection, relay: str, tempo: Tempo) -> None:
    db.execute(
        text("UPDATE relays SET turn_at = :turn_at, low = :low, low_at = :low_at WHERE name = :relay"), {"relay": relay, **tempo._asdict()}
    )


def _spent(db: Connection, relay: str, at: int) -> int:
    """The letters of a day, each counted until the quarter in which it left is a day ago."""
    of = {"relay": relay, "since": (at - pace.DAY - pace.QUARTER) // 1_000}
    return int(db.execute(text("SELECT coalesce(sum(letters), 0) FROM spent WHERE relay = :relay AND since > :since"), of).scalar_one())


def _spend(db: Connection, relay: str, turns: Turns) -> None:
    last = turns.first + turns.letters * turns.every
    since = (last - last % pace.QUARTER) // 1_000
    db.execute(text(_SPEND), {"relay": relay, "since": since, "letters": turns.letters})
    db.execute(text("DELETE FROM spent WHERE relay = :relay AND since < :old"), {"relay": relay, "old": since - 2 * pace.DAY // 1_000})


def _milliseconds(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


_SEAT = """
INSERT INTO leases (name, holder, until) VALUES (:name, :holder, :until)
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
 WHERE leases.until <= :now OR leases.holder = excluded.holder"""

_SPEND = """
INSERT INTO spent (relay, since, letters) VALUES (:relay, :since, :letters)
    ON CONFLICT (relay, since) DO UPDATE SET letters = spent.letters + excluded.letters"""

_UNUSED = """
UPDATE spent SET letters = CASE WHEN letters > :letters THEN letters - :letters ELSE 0 END
 WHERE relay = :relay AND since = (SELECT max(s.since) FROM spent s WHERE s.relay = :relay)"""

_TROUBLE = """
UPDATE relays SET trouble = :words, trouble_at = CASE WHEN :anew THEN :at ELSE trouble_at END
 WHERE name = :relay AND trouble <> :words"""
