"""Milestones that figures from before already meet when they open: settled in sets, an event each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from . import chain
from .chain import Event
from .figures import figure_of
from .issued import Issued
from .rows import canonical, chunks, pairs
from .settling import LAST_WORD, close_parent, counted_at, suffices, sum_up
from .types import seconds


def opened(db: Connection, issued: Issued, now: datetime) -> None:
    """Settle milestones that have just begun and that figures from before already meet."""
    chain.lock(db, issued.id)
    met = [row for row in db.execute(text(_MET), {"directive": issued.id}).all() if suffices(figure_of(row), row)]
    for part in chunks(met):
        _settle_all(db, issued, part, now)
    sum_up(db, issued, now)


def _settle_all(db: Connection, issued: Issued, met: Sequence[Row[Any]], at: datetime) -> None:
    """Settle tasks without children by the figures that they have, an event each, in sets: a nation may begin with them."""
    settled = [Event(kind="settled", duty=row.duty, task=row.id, payload={"by": "figure"}) for row in met]
    then = chain.append(db, issued.id, at, *settled)[-1][1]
    ended: defaultdict[datetime, list[list[int]]] = defaultdict(list)
    for row in met:
        ended[counted_at(issued, row, row.on, at)].append([row.id, 0])
    for instant, tasks in ended.items():
        of = {"pairs": canonical(tasks), "counts_at": seconds(instant), "at": seconds(then)}
        for statement in _SETTLE_ALL:
            db.execute(text(statement.format(ids=pairs(db))), of)
    children = canonical([[row.id, 0] for row in met])
    for child in db.execute(text(_ONE_CHILD.format(ids=pairs(db))), {"pairs": children}).scalars().all():
        close_parent(db, issued, child, then)


#: A task that was closed by figures or by its children, not by anybody who pressed a button.
SETTLED = "EXISTS (SELECT 1 FROM events e WHERE e.directive = k.directive AND e.seq = k.since_seq AND e.kind = 'settled')"

#: A line that is still worth saying: of open work, or, in a first letter, of what a figure settled before its reader heard of it.
WORTH_SAYING = f"(k.closed_at IS NULL OR (i.rung = 0 AND {SETTLED}))"

#: Tasks of one instant end together; the event that settled each is the last about it.
_SETTLE_ALL = (
    """
    INSERT INTO task_history (task, from_seq, to_seq, directive, duty, agency, state, due_at, closed_at, reported_at)
    SELECT k.id, k.since_seq, (SELECT max(e.seq) FROM events e WHERE e.task = k.id) - 1, k.directive, k.duty, k.agency, k.state,
           k.due_at, k.closed_at, k.reported_at
      FROM {ids} x JOIN tasks k ON k.id = x.a""",
    """
    UPDATE tasks SET state = 'done', closed_at = :counts_at, wake_at = NULL, reported_at = :at,
           since_seq = (SELECT max(e.seq) FROM events e WHERE e.task = tasks.id)
     WHERE id IN (SELECT x.a FROM {ids} x)""",
    """
    UPDATE requests SET decided_at = :at, decision = 'moot'
     WHERE decided_at IS NULL AND task IN (SELECT x.a FROM {ids} x)""",
    """
    UPDATE holds SET to_seq = (SELECT max(e.seq) FROM events e WHERE e.task = holds.task), ended_at = :at, outcome = 'moot'
     WHERE to_seq IS NULL AND task IN (SELECT x.a FROM {ids} x)""",
)

_ONE_CHILD = "SELECT min(k.id) FROM {ids} x JOIN tasks k ON k.id = x.a WHERE k.parent IS NOT NULL GROUP BY k.parent"

_MET = f"""
SELECT k.id, k.duty, k.due_at, coalesce(o.target, m.target) AS target, r."on", r.numerator, r.denominator, r.value
  FROM tasks k
  JOIN duties u ON u.id = k.duty AND u.indicator <> ''
  JOIN terms m ON m.duty = k.duty AND m.term = k.term
  JOIN readings r ON r.directive = k.directive AND r.indicator = u.indicator AND r.agency = k.agency
  LEFT JOIN own_targets o ON o.duty = k.duty AND o.term = k.term AND o.unit = k.unit
 WHERE k.directive = :directive AND k.closed_at IS NULL AND k.due_at IS NOT NULL AND coalesce(o.target, m.target) <> ''
   AND NOT EXISTS (SELECT 1 FROM tasks c WHERE c.parent = k.id) AND {LAST_WORD}"""
