"""What calendars are fed: since which event a task is as it is, and what falls due in the papers that a leader reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from tasks.feeds import Falling, Since

from .issued import practice_of
from .rows import canonical, pairs, sql
from .types import instant


def since(db: Connection, tasks: Iterable[int]) -> dict[int, Since]:
    """By task, the event that made its row what it is: the number grows with each change of its date, state or agency."""
    rows = db.execute(sql(_SINCE.format(ids=pairs(db))), {"pairs": canonical([[task, 0] for task in tasks])})
    return {row.id: Since(seq=row.seq, at=instant(row.at)) for row in rows}


def falling(db: Connection, directives: Iterable[int]) -> tuple[Falling, ...]:
    """The terms with a date of the papers that somebody has still to answer, the earliest first."""
    rows = db.execute(sql(_FALLING.format(ids=pairs(db))), {"pairs": canonical([[each, 0] for each in directives])})
    return tuple(
        Falling(
            duty=row.duty, term=row.term, directive=row.directive, clause=row.clause if row.printed else "", short=row.short,
            due_at=instant(row.due_at), words=row.due_words, open=row.open, total=row.total,
            last_working_day=date.fromisoformat(row.last_working_day) if row.last_working_day else None,
            zone=practice_of(row.practice).zone, since=Since(seq=row.seq, at=instant(row.at)),
        )
        for row in rows
    )


_SINCE = """
SELECT k.id, k.since_seq AS seq, e.at
  FROM {ids} x JOIN tasks k ON k.id = x.a JOIN events e ON e.directive = k.directive AND e.seq = k.since_seq"""

#: `seq` is that of whoever of the term changed last.
_FALLING = """
SELECT q.*, u.clause, u.printed, u.short, m.due_at, m.due_words, m.last_working_day, d.practice, e.at
  FROM (SELECT k.directive, k.duty, k.term, count(*) AS total, count(*) - count(k.closed_at) AS open, max(k.since_seq) AS seq
          FROM {ids} x JOIN tasks k ON k.directive = x.a
         WHERE k.state <> 'void'
         GROUP BY k.directive, k.duty, k.term) q
  JOIN duties u ON u.id = q.duty
  JOIN terms m ON m.duty = q.duty AND m.term = q.term AND m.due_at IS NOT NULL
  JOIN directives d ON d.id = q.directive
  JOIN events e ON e.directive = q.directive AND e.seq = q.seq
 WHERE q.open > 0
 ORDER BY m.due_at, q.directive, u.position, q.term"""
