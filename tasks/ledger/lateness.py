"""The ledger of late days: each late task's days as rows know them, one cohort for all that are alike, added up by agency and clause."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, text

from directives.language.calendar import DAY, Calendar
from directives.language.practice import Practice
from tasks.lateness import Charged, Days, Delay, shared

from . import dating
from .counting import FORCE, THEN, Past, bind, past
from .issued import Issued, load
from .roster import parties
from .rows import canonical, listed, pairs
from .standing import unreachable
from .types import instant, seconds

#: No day at all: never told.
_NEVER = -1
_COHORT = ("due", "end_", "ready", "told", "bounced", "held", "waited")
_PARTS = ("agency", "unsent", "bounced", "undecided", "upstream", "calendar")


def late(db: Connection, directive: int, calendar: Calendar, at: datetime) -> tuple[Charged, ...]:
    """Whose the late days of a directive were at `at`, by agency and clause; the same answer whenever it is asked."""
    issued = load(db, directive, calendar, at)
    now, names = past(db, issued, at), dating.then(db, seconds(at))
    rows = _summed(db, issued, now, unreachable(db, names))
    people = parties(db, {row.agency for row in rows}, names)
    return tuple(
        Charged(
            agency=people[row.agency], clause=row.clause, asked=row.force == "ask", tasks=row.tasks,
            days=Days(**{part: int(getattr(row, f"{part}_")) for part in _PARTS}),
        )
        for row in rows
    )


def _summed(db: Connection, issued: Issued, now: Past, bad: Iterable[int]) -> list[Row[Any]]:
    """The parts by agency and duty: tasks of one cohort are divided once, however many they are."""
    days = _day_of(issued.practice.tz, issued.issued_at, instant(now.at))
    told = {name: days.format(column) for name, column in _DAYS.items()}
    query = _LATE.format(bad=pairs(db), worked=listed(db, "worked", "day"), **told)
    of = {**bind(now), "pairs": canonical([[agency, 0] for agency in bad]), "worked": canonical([[day] for day in _worked(issued, now)])}
    cohorts = db.execute(text(f"{query} SELECT DISTINCT {', '.join(_COHORT)} FROM late"), of).all()
    table = listed(db, "parts", *_COHORT, *(f"{part}_" for part in _PARTS))
    parts = canonical([[*row, *_parts(row, issued)] for row in cohorts])
    return list(db.execute(text(query + _SUMS.format(parts=table)), {**of, "parts": parts}))


def _parts(row: Row[Any], issued: Issued) -> tuple[int, ...]:
    delay = Delay(
        due=date.fromordinal(row.due), end=date.fromordinal(row.end_), ready=_ready(row.ready, issued.practice, issued.calendar),
        told=date.fromordinal(row.told) if row.told != _NEVER else None, bounced=bool(row.bounced), held=row.held, waited=row.waited,
    )
    days = shared(delay, issued.calendar)
    return tuple(getattr(days, part) for part in _PARTS)


def _ready(at: int, practice: Practice, calendar: Calendar) -> date:
    """The first day on which the letter could leave of what began at an instant (seconds)."""
    return calendar.window(instant(at), practice, minutes=practice.recall).astimezone(practice.tz).date()


def _worked(issued: Issued, now: Past) -> list[int]:
    """The ordinals of the working days from the issue on."""
    first, last = (at.astimezone(issued.practice.tz).date() for at in (issued.issued_at, instant(now.at)))
    days = (first + n * DAY for n in range((last - first).days + 1))
    return [day.toordinal() for day in days if issued.calendar.is_working(day)]


def _day_of(tz: ZoneInfo, first: datetime, last: datetime) -> str:
    """The local day of an instant (`{0}`, seconds) as SQL: its ordinal, by the offsets of the zone from one instant to another."""
    changes = [(first, _offset(tz, first))]
    at = first
    while at < last:
        at += timedelta(hours=1)
        if (offset := _offset(tz, at)) != changes[-1][1]:
            changes.append((at, offset))
    said = str(changes[0][1])
    for since, offset in changes[1:]:
        said = f"CASE WHEN {{0}} >= {seconds(since) // 3600 * 3600} THEN {offset} ELSE {said} END"
    return f"(({{0}} + {said}) / 86400 + {date(1970, 1, 1).toordinal()})"


def _offset(tz: ZoneInfo, at: datetime) -> int:
    offset = tz.utcoffset(at.astimezone(tz))
    return int(offset.total_seconds()) if offset is not None else 0


#: Instants of which the local day is asked.
_DAYS = {
    "due": "k.due_at", "end": "k.end_at", "told": "k.told_at", "started": "k.started_at", "planned": "k.planned_at",
    "since": "o.since", "until": "o.until",
}

#: When the issuer's side owed something of a task: a decision on a request, on a claim, on a return; or had paused it.
_OWED = """
SELECT r.task, r.asked_at AS since, CASE WHEN r.decided_at <= :at THEN r.decided_at ELSE :at END AS until
  FROM requests r JOIN tasks q ON q.id = r.task AND q.directive = :directive
 WHERE r.asked_at <= :at
UNION ALL
SELECT h.task, h.at, CASE WHEN h.ended_at <= :at THEN h.ended_at ELSE :at END
  FROM holds h JOIN tasks q ON q.id = h.task AND q.directive = :directive
 WHERE h.at <= :at
UNION ALL
SELECT c.task, b.at, CASE WHEN c.to_seq < :seq THEN e.at ELSE :at END
  FROM (SELECT task, from_seq, to_seq FROM task_history WHERE directive = :directive AND state = 'claimed' AND from_seq <= :seq
        UNION ALL
        SELECT id, since_seq, :seq FROM tasks WHERE directive = :directive AND state = 'claimed' AND since_seq <= :seq) c
  JOIN events b ON b.directive = :directive AND b.seq = c.from_seq
  LEFT JOIN events e ON e.directive = :directive AND e.seq = c.to_seq + 1"""

#: When the lead had been told of the date that held then.
_TOLD = """coalesce(
    (SELECT v.told_at FROM told_history v WHERE v.task = k.id AND v.to_seq >= :seq ORDER BY v.to_seq LIMIT 1), q.told_at, :at + 1)"""

#: Since when he could have been told: when its term began, its clock started, or a paper gave it to him or moved its date.
_READY = """coalesce(
    (SELECT e.at FROM told_history v JOIN events e ON e.directive = :directive AND e.seq = v.to_seq + 1
      WHERE v.task = k.id AND v.to_seq < :seq ORDER BY v.to_seq DESC LIMIT 1),
    k.started_at,
    (SELECT CASE WHEN e.at > m.begins_at THEN e.at END FROM events e
      WHERE e.directive = :directive AND e.kind = 'amended'
        AND e.seq = coalesce((SELECT min(t.from_seq) FROM task_history t WHERE t.task = k.id), q.since_seq)),
    m.begins_at)"""

#: Clocks, and when each would have started had the clause before ended in time.
_CLOCKS = f"""
SELECT c.duty, c.due_at, c.started_at, n.waits_for, max(w.due_at) AS planned_at
  FROM duties u
  JOIN clocks c ON c.duty = u.id
  JOIN unasked n ON n.duty = c.duty
  LEFT JOIN ({THEN}) w ON w.duty = n.waits_for AND w.closed_at = c.started_at AND w.closed_at > w.due_at
 WHERE u.directive = :directive
 GROUP BY c.duty, c.due_at, c.started_at, n.waits_for"""

#: Who holds the clause before, too, has waited for nobody but himself.
_CLOCKED = f"""
SELECT k.*, c.started_at,
       CASE WHEN NOT EXISTS (SELECT 1 FROM tasks e WHERE e.duty = c.waits_for AND e.unit = q.unit AND e.state <> 'void')
            THEN c.planned_at END AS planned_at
  FROM ({THEN}) k
  JOIN tasks q ON q.id = k.id
  LEFT JOIN clock c ON c.duty = k.duty AND c.due_at = CASE
       WHEN EXISTS (SELECT 1 FROM clocks x WHERE x.duty = k.duty AND x.due_at = k.due_at) THEN k.due_at ELSE q.original_due_at END"""

_LATE = f"""
WITH clock AS MATERIALIZED ({_CLOCKS}),
     known AS MATERIALIZED (
     SELECT k.id, k.agency, k.duty, k.due_at, coalesce(k.closed_at, :at) AS end_at, {_READY} AS ready, {_TOLD} AS told_at,
            k.started_at, k.planned_at
       FROM ({_CLOCKED}) k
       JOIN tasks q ON q.id = k.id
       JOIN terms m ON m.duty = k.duty AND m.term = q.term
      WHERE k.due_at < coalesce(k.closed_at, :at) OR k.planned_at IS NOT NULL),
     bad AS MATERIALIZED (
     SELECT a AS agency FROM {{bad}} b
     UNION
     SELECT n.recipient FROM failures f JOIN notices n ON n.id = f.notice
      WHERE f.since <= :at AND n.directive = :directive AND n.lane = 'new'),
     told AS MATERIALIZED (
     SELECT k.id, k.agency, k.duty, k.ready, {{due}} AS due,
            CASE WHEN k.end_at > k.due_at THEN {{end}} ELSE {{due}} END AS end_,
            CASE WHEN k.told_at > :at THEN {_NEVER} ELSE {{told}} END AS told,
            CASE WHEN k.agency IN (SELECT agency FROM bad) THEN 1 ELSE 0 END AS bounced,
            CASE WHEN k.planned_at IS NULL THEN 0 ELSE {{started}} - {{planned}} END AS waited
       FROM known k),
     owed AS MATERIALIZED (SELECT o.task, {{since}} AS since, {{until}} AS until FROM ({_OWED}) o WHERE o.task IN (SELECT id FROM known)),
     held AS MATERIALIZED (
     SELECT k.id, count(*) AS held
       FROM told k CROSS JOIN {{worked}} w
      WHERE k.id IN (SELECT task FROM owed) AND k.told <> {_NEVER} AND w.day > k.due AND w.day > k.told AND w.day <= k.end_
        AND EXISTS (SELECT 1 FROM owed o WHERE o.task = k.id AND w.day > o.since AND w.day <= o.until)
      GROUP BY k.id),
     late AS MATERIALIZED (
     SELECT k.agency, k.duty, k.due, k.end_, k.ready, k.told, k.bounced, coalesce(h.held, 0) AS held, k.waited
       FROM told k LEFT JOIN held h ON h.id = k.id)"""

_SUMS = f"""
SELECT l.agency, u.clause, {FORCE} AS force, count(*) AS tasks, {", ".join(f"sum(p.{part}_) AS {part}_" for part in _PARTS)}
  FROM late l
  JOIN {{parts}} p ON {" AND ".join(f"p.{column} = l.{column}" for column in _COHORT)}
  JOIN duties u ON u.id = l.duty
 GROUP BY l.agency, u.id, u.clause, u.force, u.position
 ORDER BY l.agency, u.position"""
