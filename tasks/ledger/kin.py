"""Who else a task hangs on: those it was passed down to, the clause that it waits for, those who take part and have not spoken."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select, text

from tasks.values import Work

from . import dating
from . import tables as t
from .bonding import ENDED
from .deriving import COUNTS
from .rows import pairs
from .types import instant


def beside(db: Connection, wanted: Mapping[str, Any], found: Mapping[int, Work]) -> dict[int, Work]:
    """The tasks with what they hung on at the event `seq` and the instant `at`."""
    more: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    for query in (_CHILDREN, _DERIVED):
        for row in db.execute(text(query.format(ids=pairs(db))), wanted):
            done, of = more[row.task].get("children", (0, 0))
            more[row.task]["children"] = (done + row.done, of + row.n)
    for row in db.execute(text(_WAITS.format(ids=pairs(db))), wanted):
        words = f"mục {row.clause}" if row.printed else f"việc “{row.short}”"
        more[row.task] |= {"waits_for": words, "waits_due_at": None if row.due_at is None else instant(row.due_at)}
    if any(work.with_ and work.closed_at is None for work in found.values()):
        for task, names in _quiet(db, wanted, found).items():
            more[task]["quiet"] = names
    return {task: replace(work, **more[task]) if task in more else work for task, work in found.items()}


def _quiet(db: Connection, wanted: Mapping[str, Any], found: Mapping[int, Work]) -> dict[int, tuple[str, ...]]:
    """Those who take part with an open task and have said nothing of it, as they were called then."""
    spoke = {
        (row.task, json.loads(row.payload).get("by", "")) for row in db.execute(text(_COMMENTS.format(ids=pairs(db))), wanted)
    }
    a, then = t.agencies.c, dating.then(db, wanted["at"])
    rows = db.execute(select(a.id, a.code, a.name).where(a.code.in_({code for _, code in spoke}))) if spoke else ()
    names = {row.code: dating.called(then, row.id, row.name) for row in rows}
    said = {(task, names.get(code)) for task, code in spoke}
    return {
        task: tuple(name for name in work.with_ if (task, name) not in said)
        for task, work in found.items() if work.with_ and work.closed_at is None
    }


#: Tasks that were passed down, as they stood.
_CHILDREN = """
SELECT c.parent AS task, count(*) AS n, count(*) FILTER (WHERE coalesce(h.state, c.state) = 'done') AS done
  FROM {ids} x
  JOIN tasks c ON c.parent = x.a
  LEFT JOIN task_history h ON h.task = c.id AND h.from_seq <= :seq AND h.to_seq >= :seq
 WHERE (c.since_seq <= :seq OR h.task IS NOT NULL) AND coalesce(h.state, c.state) <> 'void'
 GROUP BY c.parent"""

#: Tasks of the papers by which their lead passed them on, as they stood.
_DERIVED = f"""
SELECT s.task, count(*) AS n, count(*) FILTER (WHERE coalesce(h.state, c.state) = 'done') AS done
  FROM (SELECT k.id AS task, d.id AS paper, (SELECT max(e.seq) FROM events e WHERE e.directive = d.id AND e.at <= :at) AS seq
          FROM {{ids}} x
          JOIN tasks k ON k.id = x.a AND k.term = ''
          JOIN derivations v ON v.duty = k.duty
          JOIN directives d ON d.id = v.paper AND d.issuer = k.agency AND d.state = 'issued' AND NOT EXISTS ({ENDED})) s
  JOIN tasks c ON c.directive = s.paper AND {COUNTS}
  LEFT JOIN task_history h ON h.task = c.id AND h.from_seq <= s.seq AND h.to_seq >= s.seq
 WHERE (c.since_seq <= s.seq OR h.task IS NOT NULL) AND coalesce(h.state, c.state) <> 'void'
 GROUP BY s.task"""

#: The clause that a task without a date waits for, and the earliest date of what is open there: its own unit's, else anybody's.
_WAITS = """
SELECT k.id AS task, e.clause, e.printed, e.short, min(q.due_at) AS due_at
  FROM {ids} x
  JOIN tasks k ON k.id = x.a AND k.due_at IS NULL AND k.closed_at IS NULL
  JOIN unasked w ON w.duty = k.duty
  JOIN duties e ON e.id = w.waits_for
  JOIN tasks q ON q.directive = k.directive AND q.duty = e.id AND q.closed_at IS NULL
   AND (q.unit = k.unit OR NOT EXISTS (SELECT 1 FROM tasks o WHERE o.duty = e.id AND o.unit = k.unit AND o.state <> 'void'))
 GROUP BY k.id, e.clause, e.printed, e.short"""

_COMMENTS = """
SELECT e.task, e.payload FROM {ids} x JOIN events e ON e.task = x.a AND e.kind = 'comment' AND e.seq <= :seq
 WHERE e.task IS NOT NULL"""
