"""Who else a task hangs on: those it was passed down to, the clause that it waits for, those who take part and have not spoken."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, select

from tasks.values import Work

from . import dating
from . import tables as t
from .carrying import CARRIED, COUNTS
from .rows import canonical, pairs, sql
from .types import instant

SHOWN = 8  # names that are kept of those who lack, or whom a task waits for


def beside(db: Connection, wanted: Mapping[str, Any], there: frozenset[str], found: Mapping[int, Work]) -> dict[int, Work]:
    """The tasks with what they hung on at the event `seq` and the instant `at`; `there` are the tables that hold anything."""
    more: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    for query in (query for table, query in (("children", _CHILDREN), ("derivations", _DERIVED)) if table in there):
        for row in db.execute(sql(query.format(ids=pairs(db))), wanted):
            done, of = more[row.task].get("children", (0, 0))
            more[row.task]["children"] = (done + row.done, of + row.n)
    for task, names in _lacking(db, wanted, more).items():
        more[task]["lacking"] = names
    for task, said in _waits(db, wanted).items() if "unasked" in there else ():
        more[task] |= said
    if any(work.with_ and work.closed_at is None for work in found.values()):
        for task, names in _quiet(db, wanted, found).items():
            more[task]["quiet"] = names
    return {task: replace(work, **more[task]) if task in more else work for task, work in found.items()}


def _lacking(db: Connection, wanted: Mapping[str, Any], more: Mapping[int, Mapping[str, Any]]) -> dict[int, tuple[str, ...]]:
    """Of tasks whose children are not all done, the first who lack."""
    with_open = [[task, 0] for task, said in more.items() if said["children"][0] < said["children"][1]]
    rows = [
        (row.task, row)
        for query in (_OPEN_CHILDREN, _OPEN_DERIVED) if with_open
        for row in db.execute(sql(query.format(ids=pairs(db))), {**wanted, "pairs": canonical(with_open)})
    ]
    return _called(db, wanted, rows)


def _waits(db: Connection, wanted: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """The clause that tasks without a date wait for, its earliest date, and who has it open."""
    rows = db.execute(sql(_WAITS.format(ids=pairs(db))), wanted).all()
    asked = canonical([list(of) for of in sorted({(row.duty, row.unit) for row in rows})])
    late = db.execute(sql(_HOLDERS.format(ids=pairs(db))), {**wanted, "pairs": asked}).all() if rows else []
    names = _called(db, wanted, [((row.duty, row.unit), row) for row in late])
    return {
        row.task: {
            "waits_for": f"mục {row.clause}" if row.printed else f"việc “{row.short}”",
            "waits_due_at": None if row.due_at is None else instant(row.due_at), "waits_by": names[row.duty, row.unit],
        }
        for row in rows
    }


def _called(db: Connection, wanted: Mapping[str, Any], rows: Iterable[tuple[Hashable, Row[Any]]]) -> dict[Any, tuple[str, ...]]:
    """The names of agencies by key, each once, as they were called then."""
    then, found = dating.then(db, wanted["at"]), defaultdict[Hashable, dict[str, None]](dict)
    for key, row in rows:
        found[key][dating.called(then, row.agency, row.name)] = None
    return {key: tuple(names)[:SHOWN] for key, names in found.items()}


def _quiet(db: Connection, wanted: Mapping[str, Any], found: Mapping[int, Work]) -> dict[int, tuple[str, ...]]:
    """Those who take part with an open task and have said nothing of it, as they were called then."""
    spoke = {
        (row.task, json.loads(row.payload).get("by", "")) for row in db.execute(sql(_COMMENTS.format(ids=pairs(db))), wanted)
    }
    a, then = t.agencies.c, dating.then(db, wanted["at"])
    rows = db.execute(select(a.id, a.code, a.name).where(a.code.in_({code for _, code in spoke}))) if spoke else ()
    names = {row.code: dating.called(then, row.id, row.name) for row in rows}
    said = {(task, names.get(code)) for task, code in spoke}
    return {
        task: tuple(name for name in work.with_ if (task, name) not in said)
        for task, work in found.items() if work.with_ and work.closed_at is None
    }


#: A task as it stood (`c` with its history `h`): whether it stood at all, and was not done.
_STOOD = "(c.since_seq <= {seq} OR h.task IS NOT NULL) AND coalesce(h.state, c.state) <> 'void'"
_LACKS = f"{_STOOD} AND coalesce(h.state, c.state) <> 'done'"
_HISTORY = "LEFT JOIN task_history h ON h.task = c.id AND h.from_seq <= {seq} AND h.to_seq >= {seq}"

#: Tasks that were passed down.
_PASSED_DOWN = f"{{ids}} x JOIN tasks c ON c.parent = x.a {_HISTORY.format(seq=':seq')}"

#: Tasks of the papers by which their lead passed them on.
_PASSED_ON = f"""
       (SELECT o.*, (SELECT max(e.seq) FROM events e WHERE e.directive = o.paper AND e.at <= :at) AS seq
          FROM ({CARRIED.format(tasks="{ids} x JOIN tasks k ON k.id = x.a")}) o) s
  JOIN tasks c ON {COUNTS}
  {_HISTORY.format(seq='s.seq')}"""

_COUNTED = "count(*) AS n, count(*) FILTER (WHERE coalesce(h.state, c.state) = 'done') AS done"

_CHILDREN = f"""
SELECT c.parent AS task, {_COUNTED} FROM {_PASSED_DOWN} WHERE {_STOOD.format(seq=':seq')} GROUP BY c.parent"""

_DERIVED = f"""
SELECT s.task, {_COUNTED} FROM {_PASSED_ON} WHERE {_STOOD.format(seq='s.seq')} GROUP BY s.task"""

#: The first of each task that lack.
_FIRST = f"""
SELECT o.task, o.agency, a.name
  FROM (SELECT q.*, row_number() OVER (PARTITION BY q.task ORDER BY q.agency) AS place FROM ({{open}}) q) o
  JOIN agencies a ON a.id = o.agency
 WHERE o.place <= {SHOWN} ORDER BY o.task, o.place"""

_OPEN_CHILDREN = _FIRST.format(open=f"""
SELECT c.parent AS task, coalesce(h.agency, c.agency) AS agency FROM {_PASSED_DOWN} WHERE {_LACKS.format(seq=':seq')}""")

_OPEN_DERIVED = _FIRST.format(open=f"""
SELECT DISTINCT s.task, coalesce(h.agency, c.agency) AS agency FROM {_PASSED_ON} WHERE {_LACKS.format(seq='s.seq')}""")

#: A task that is open as it stood.
_OPEN = f"{_STOOD.format(seq=':seq')} AND CASE WHEN h.task IS NULL THEN c.closed_at ELSE h.closed_at END IS NULL"
_DUE = "CASE WHEN h.task IS NULL THEN c.due_at ELSE h.due_at END"

#: The clause that a task without a date waits for, and the earliest date of what is open there: its own unit's, else anybody's (0).
_WAITS = f"""
SELECT z.task, z.duty, z.unit, z.clause, z.printed, z.short, min({_DUE}) AS due_at
  FROM (SELECT k.id AS task, k.directive, e.id AS duty, e.clause, e.printed, e.short,
               CASE WHEN EXISTS (SELECT 1 FROM tasks o WHERE o.duty = e.id AND o.unit = k.unit AND o.state <> 'void')
                    THEN k.unit ELSE 0 END AS unit
          FROM {{ids}} x
          JOIN tasks k ON k.id = x.a
          LEFT JOIN task_history w ON w.task = k.id AND w.from_seq <= :seq AND w.to_seq >= :seq
          JOIN unasked n ON n.duty = k.duty
          JOIN duties e ON e.id = n.waits_for
         WHERE CASE WHEN w.task IS NULL THEN k.due_at ELSE w.due_at END IS NULL
           AND CASE WHEN w.task IS NULL THEN k.closed_at ELSE w.closed_at END IS NULL) z
  JOIN tasks c ON c.directive = z.directive AND c.duty = z.duty AND (z.unit = 0 OR c.unit = z.unit)
  {_HISTORY.format(seq=':seq')}
 WHERE {_OPEN}
 GROUP BY z.task, z.duty, z.unit, z.clause, z.printed, z.short"""

#: Who has a clause (a) open: of a unit (b), or of all (0).
_HOLDERS = f"""
SELECT o.duty, o.unit, o.agency, a.name
  FROM (SELECT x.a AS duty, x.b AS unit, coalesce(h.agency, c.agency) AS agency,
               row_number() OVER (PARTITION BY x.a, x.b ORDER BY {_DUE}, c.id) AS place
          FROM {{ids}} x JOIN tasks c ON c.duty = x.a AND (x.b = 0 OR c.unit = x.b)
          {_HISTORY.format(seq=':seq')}
         WHERE {_OPEN}) o
  JOIN agencies a ON a.id = o.agency
 WHERE o.place <= {SHOWN} ORDER BY o.duty, o.unit, o.place"""

_COMMENTS = """
SELECT e.task, e.payload FROM {ids} x JOIN events e ON e.task = x.a AND e.kind = 'comment' AND e.seq <= :seq
 WHERE e.task IS NOT NULL"""
