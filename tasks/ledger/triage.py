"""What is known of each agency's answers to a directive, as it was at any instant: for the call list."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from directives.language.calendar import Calendar
from tasks.triage import Heard

from . import dating
from .counting import FORCE, THEN, bind, past
from .issued import load
from .roster import parties
from .rows import canonical, pairs
from .standing import unreachable
from .types import instant, seconds


def heard(db: Connection, directive: int, calendar: Calendar, at: datetime) -> tuple[Heard, ...]:
    """What is known of every agency that something was ordered of."""
    issued = load(db, directive, calendar, at)
    now, names = past(db, issued, at), dating.then(db, seconds(at))
    of = {**bind(now), "pairs": canonical([[agency, 0] for agency in unreachable(db, names)])}
    rows = db.execute(text(_HEARD.format(bad=pairs(db))), of).all()
    people = parties(db, {row.agency for row in rows}, names)
    return tuple(
        Heard(
            agency=people[row.agency], tasks=row.tasks, told=row.told, received=row.received, spoken=row.spoken,
            contradicted=row.contradicted, pressing=row.pressing, oldest=instant(row.oldest) if row.oldest else None,
        )
        for row in rows
    )


#: What waits for the issuer is not the agency's to answer.
_OURS = """
SELECT r.task FROM requests r JOIN tasks q ON q.id = r.task AND q.directive = :directive
 WHERE r.asked_at <= :at AND (r.decided_at IS NULL OR r.decided_at > :at)
UNION
SELECT h.task FROM holds h JOIN tasks q ON q.id = h.task AND q.directive = :directive
 WHERE h.from_seq <= :seq AND (h.to_seq IS NULL OR h.to_seq > :seq)"""

#: Tasks whose last word on being done took it back.
_BACK = """
SELECT e.task
  FROM events e
  JOIN (SELECT task, max(seq) AS seq FROM events
         WHERE directive = :directive AND seq <= :seq AND task IS NOT NULL
           AND kind IN ('done', 'confirm', 'settled', 'undo', 'reject', 'reopened') GROUP BY task) l ON l.task = e.task AND l.seq = e.seq
 WHERE e.directive = :directive AND e.kind IN ('undo', 'reject', 'reopened')"""

_HEARD = f"""
WITH ours AS MATERIALIZED ({_OURS}),
     back AS MATERIALIZED ({_BACK}),
     k AS MATERIALIZED (
     SELECT k.agency, k.state, k.due_at,
            CASE WHEN k.agency IN (SELECT a FROM {{bad}} b) THEN 0
                 WHEN EXISTS (SELECT 1 FROM told_history v WHERE v.task = k.id AND v.to_seq >= :seq) OR q.told_at <= :at THEN 1
                 WHEN k.state <> 'open' THEN 1 ELSE 0 END AS told,
            CASE WHEN k.closed_at IS NULL AND k.id IN (SELECT task FROM back) THEN 1 ELSE 0 END AS contradicted,
            CASE WHEN k.closed_at IS NULL AND k.state <> 'claimed' AND k.id NOT IN (SELECT task FROM ours)
                  AND (k.due_at <= :soon OR (k.due_at IS NULL AND :round_at > 0 AND m.begins_at <= :asked_at
                       AND k.duty NOT IN (SELECT w.duty FROM unasked w)
                       AND (k.reported_at IS NULL OR k.reported_at <= :since))) THEN 1 ELSE 0 END AS pressing
       FROM ({THEN}) k
       JOIN tasks q ON q.id = k.id
       JOIN duties u ON u.id = k.duty
       JOIN terms m ON m.duty = k.duty AND m.term = q.term
      WHERE {FORCE} <> 'ask')
SELECT agency, count(*) AS tasks, count(*) FILTER (WHERE told = 1) AS told, count(*) FILTER (WHERE state = 'received') AS received,
       count(*) FILTER (WHERE state IN ('progress', 'claimed', 'done')) AS spoken,
       count(*) FILTER (WHERE contradicted = 1) AS contradicted, count(*) FILTER (WHERE pressing = 1) AS pressing,
       min(due_at) FILTER (WHERE pressing = 1) AS oldest
  FROM k
 GROUP BY agency
 ORDER BY agency"""
