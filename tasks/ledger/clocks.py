"""Clocks that start late: a task "3 days after 6.4" gets its date once 6.4 has really ended, in sets and once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from directives.language.calendar import DAY, Calendar, instant, written
from directives.language.expansion import Deadline, due_after, terms
from directives.language.phrases import named
from directives.language.shapes import Duty

from . import chain, origins
from .chain import Event
from .issued import Issued, load
from .store import Store
from .types import instant as instant_of
from .types import seconds

CHUNK = 5_000  # tasks a transaction


class Waiting(NamedTuple):
    """A duty with tasks whose clock has not started, and the one that they wait for; row numbers beside the words."""

    issued: Issued
    id: int
    duty: Duty
    after: int
    ended: Duty


def waiting(db: Connection) -> list[int]:
    """The directives with tasks that wait for a clause."""
    return list(db.execute(text(_DIRECTIVES)).scalars())


def start(store: Store, number: int, calendar: Calendar, now: datetime) -> int:
    """Date every task whose clause to wait for has ended; returns how many.

    The clock of a holder of that clause starts when its own task closes, that of anybody else when the last of them all does: at the
    instant that counts for "on time", so that a late run gives the same dates. A date that was given stays even where the clause is
    opened again: the work has begun by then, and a date that comes and goes could not be kept. No date has been said before this
    one, so `due_version` moves only where news was asked for meanwhile.
    """
    with store.read() as db:
        issued = load(db, number, calendar)
        rows = db.execute(text(_WAITING), {"directive": number}).all()
    found = [Waiting(issued, row.id, issued.duty(row.clause), row.waits_for, issued.duty(row.ended)) for row in rows]
    started = 0
    for each in found:
        if not any(term.begins_at > now for term in terms(each.ended, issued.directive, calendar, issued.practice)):
            while some := _start_some(store, each, now):
                started += some
    return started


def _start_some(store: Store, waits: Waiting, now: datetime) -> int:
    """Start the clocks of the earliest day on which any of them starts, so many at a time."""
    of = {"directive": waits.issued.id, "duty": waits.id, "after": waits.after, "n": CHUNK}
    with store.write() as db:
        chain.lock(db, waits.issued.id)
        first = db.execute(text(_FIRST), of).scalar()
        if first is None:
            return 0
        practice = waits.issued.practice
        day = instant_of(first).astimezone(practice.tz).date()
        due = due_after(waits.duty, waits.issued.directive, day, waits.issued.calendar, practice)
        assert due is not None
        [(seq, _)] = chain.append(db, waits.issued.id, now, _event(waits, day_words=written(day), due=due))
        origins.keep(db, (waits.id, ""), seq, waits.issued.calendar, now)
        until = seconds(instant(day + DAY, time(), practice.tz))
        return _date(db, waits, due, first, of | {"seq": seq, "until": until})


def _event(waits: Waiting, *, day_words: str, due: Deadline) -> Event:
    assert waits.duty.due
    why = f"{named(waits.duty.due.after or '', waits.issued.directive)} xong ngày {day_words}"
    return Event(kind="clock", duty=waits.id, payload={"note": why, "until": due.day.isoformat()})


def _date(db: Connection, waits: Waiting, due: Deadline, first: int, of: Mapping[str, Any]) -> int:
    ladder = waits.issued.started(waits.duty, due.at, instant_of(first))
    with_due = {**of, "due_at": seconds(due.at), "wake_at": seconds(ladder[0].at), "started_at": first, "words": due.words}
    db.execute(text(_CLOCK), with_due)
    db.execute(text(_KEEP), with_due)
    return db.execute(text(_DATED), with_due).rowcount


_OPEN = "k.closed_at IS NULL AND k.due_at IS NULL AND k.state <> 'void'"

_DIRECTIVES = f"""
SELECT DISTINCT u.directive
  FROM unasked w JOIN duties u ON u.id = w.duty JOIN directives d ON d.id = u.directive AND d.state = 'issued'
 WHERE w.waits_for IS NOT NULL
   AND EXISTS (SELECT 1 FROM tasks k WHERE k.directive = u.directive AND k.duty = u.id AND {_OPEN})
 ORDER BY u.directive"""

_WAITING = """
SELECT u.id, u.clause, w.waits_for, e.clause AS ended
  FROM duties u JOIN unasked w ON w.duty = u.id JOIN duties e ON e.id = w.waits_for
 WHERE u.directive = :directive
 ORDER BY u.position"""

#: Tasks whose clock can start, and since when: their own unit's part of the clause has ended, or everybody's where it has none.
_READY = f"""
SELECT k.id, max(e.closed_at) AS started_at
  FROM tasks k CROSS JOIN tasks e
 WHERE k.directive = :directive AND k.duty = :duty AND k.term = '' AND {_OPEN}
   AND e.duty = :after AND e.unit = k.unit AND e.state <> 'void'
 GROUP BY k.id
HAVING count(*) = count(e.closed_at)
UNION ALL
SELECT k.id, a.started_at
  FROM (SELECT max(closed_at) AS started_at, count(*) AS held, count(closed_at) AS ended
          FROM tasks WHERE directive = :directive AND duty = :after AND state <> 'void') a
  CROSS JOIN tasks k
 WHERE a.held > 0 AND a.held = a.ended
   AND k.directive = :directive AND k.duty = :duty AND k.term = '' AND {_OPEN}
   AND NOT EXISTS (SELECT 1 FROM tasks e WHERE e.duty = :after AND e.unit = k.unit AND e.state <> 'void')"""

_FIRST = f"SELECT min(started_at) FROM ({_READY}) r"

_CLOCK = """
INSERT INTO clocks (duty, due_at, started_at, words) VALUES (:duty, :due_at, :started_at, :words)
    ON CONFLICT (duty, due_at) DO NOTHING"""

_KEEP = f"""
INSERT INTO task_history (task, from_seq, to_seq, directive, duty, agency, state, due_at, closed_at, reported_at)
SELECT k.id, k.since_seq, :seq - 1, k.directive, k.duty, k.agency, k.state, k.due_at, k.closed_at, k.reported_at
  FROM (SELECT id FROM ({_READY}) r WHERE started_at < :until ORDER BY id LIMIT :n) r JOIN tasks k ON k.id = r.id"""

#: The event's own rows of the history say which tasks it is about; what is only striven for never wakes.
_DATED = """
UPDATE tasks SET due_at = :due_at, original_due_at = :due_at, since_seq = :seq,
       wake_at = CASE WHEN coalesce(
           (SELECT o.climbs FROM own_targets o WHERE o.duty = tasks.duty AND o.term = tasks.term AND o.unit = tasks.unit),
           (SELECT m.climbs FROM terms m WHERE m.duty = tasks.duty AND m.term = tasks.term)) THEN :wake_at END,
       due_version = due_version + CASE WHEN rung > 0 THEN 1 ELSE 0 END, rung = 0
 WHERE id IN (SELECT task FROM task_history WHERE directive = :directive AND to_seq = :seq - 1)
   AND due_at IS NULL"""
