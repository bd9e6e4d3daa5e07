"""How a directive stands, now or as it stood at any instant: counts in sets, the twenty worst, what changed since a report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache, partial
from typing import Any

from sqlalchemy import Connection, Row, text

from directives.language.calendar import Calendar
from tasks.cells import Cells
from tasks.rates import Rate
from tasks.values import AgencyStanding, Change, Standing, Work

from . import dating, former
from .counting import FORCE, Past, bind, count, counted, past, seen
from .dating import Former
from .figures import latest, lines, own_goals
from .issued import Issued, load
from .roster import parties
from .types import instant, seconds
from .works import papers, works

WORST = 20
CHANGES = 60


def standing(db: Connection, directive: int, calendar: Calendar, at: datetime, before: datetime | None = None) -> Standing:
    """How a directive stood at `at`, and what has changed since `before`; the same answer whenever it is asked."""
    issued = load(db, directive, calendar, at)
    now, names = past(db, issued, at), dating.then(db, seconds(at))
    cells = counted(db, now)
    return Standing(
        as_of=at, before=before, cells=count(db, now), duties=former.duties(db, issued, {duty for of in cells.values() for duty in of}),
        agencies=agencies(db, issued, now, cells, names), **beside(db, issued, now, names, calendar=calendar, before=before),
    )


def beside(
    db: Connection, issued: Issued, now: Past, names: Mapping[int, Former], *, calendar: Calendar, before: datetime | None
) -> dict[str, Any]:
    """What else a standing says than its cells and whose they are: the worst, what waits, what has changed, the lines, the seal."""
    then = past(db, issued, before) if before else None
    changes, changed = _changes(db, now, then, calendar) if then else ((), {})
    return {
        "paper": papers(db, [issued.id], now.upto)[issued.id], "seq": now.seq,
        "cells_before": count(db, then) if then else None,
        "overdue": _found(db, _WORST, now, calendar), "requests": _found(db, _REQUESTS, now, calendar),
        "waiting": _waiting(db, now, calendar), "changes": changes, "changed": changed,
        "lines": lines(db, issued, now.seq, names, instant(now.at).astimezone(issued.practice.tz).date()),
        "unsent": db.execute(text(_UNSENT), {"directive": issued.id, "at": now.at}).scalar_one(),
        "head": db.execute(text(_HEAD), {"d": issued.id, "seq": now.seq}).scalar_one(),
    }


def agencies(
    db: Connection, issued: Issued, at: Past, counted: Mapping[int, Mapping[int, Cells]], names: Mapping[int, Former]
) -> tuple[AgencyStanding, ...]:
    """How the agencies stand of which cells are given, worst first."""
    people, held = parties(db, counted, names), paused(db, at)
    duties = {row.id: row for row in db.execute(text(_DUTIES), {"d": issued.id, "seq": at.seq})}
    bad = unreachable(db, names)
    figures, goals = _measures(db, issued, at)
    alike = cache(partial(_alike, duties))
    rows = [
        AgencyStanding(
            party=people[agency], figure=figures.get(agency), goal=goals.get(agency), unreachable=agency in bad,
            **alike(tuple(of.items()), agency in bad, held.get(agency, ())),
        )
        for agency, of in counted.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.cells.overdue, -row.cells.silent, -row.cells.late, row.party.name, row.party.id)))


def measured(db: Connection, issued: Issued, at: Past) -> set[int]:
    """The agencies that have a figure or a target of their own, by row number."""
    figures, goals = _measures(db, issued, at)
    return figures.keys() | goals.keys()


def _measures(db: Connection, issued: Issued, at: Past) -> tuple[dict[int, Decimal | None], dict[int, tuple[str, Decimal]]]:
    """The figures and own targets of the first indicator that has milestones, by agency."""
    first = next((i for i in issued.directive.indicators.values() if any(m.on for m in i.targets)), None)
    if first is None:
        return {}, {}
    return latest(db, issued.id, first.id, at.seq), own_goals(db, issued.id, first.id, seq=at.seq, at=at.at)


def _alike(
    duties: Mapping[int, Row[Any]], of: tuple[tuple[int, Cells], ...], unreachable: bool, held: tuple[tuple[int, int], ...]
) -> Mapping[str, Any]:
    """What all agencies have in common that owe the same and stand the same: a nation's are a few hundred kinds."""
    overdue = dict(held)
    return {
        "cells": sum((cells for _, cells in of), Cells()), "by_clause": {duties[duty].clause: cells for duty, cells in of},
        "peer": all(duties[duty].force == "ask" for duty, _ in of),
        "rate": sum((
            rated(cells, asked=duties[duty].force == "ask", unreachable=unreachable, held=overdue.get(duty, 0)) for duty, cells in of
        ), Rate()),
    }


def rated(cells: Cells, *, asked: bool, unreachable: bool, held: int) -> Rate:
    """What the rate judges of one agency and duty, and what stands beside it; `held` are overdue tasks that are paused or returned."""
    due = cells.on_time + cells.late + cells.overdue
    if asked:
        return Rate(exempt=due)
    if unreachable:
        return Rate(unreachable=due)
    return Rate(on_time=cells.on_time, judged=due - held, exempt=held)


def paused(db: Connection, at: Past) -> dict[int, tuple[tuple[int, int], ...]]:
    """How many overdue tasks of each agency were paused or returned, by duty."""
    found: dict[int, tuple[tuple[int, int], ...]] = {}
    for row in db.execute(text(_HELD), bind(at)):
        found[row.agency] = (*found.get(row.agency, ()), (row.duty, row.n))
    return found


def unreachable(db: Connection, names: Mapping[int, Former]) -> set[int]:
    """The agencies that no letter could reach then, by row number; `names` are those that were otherwise then."""
    bad = set(db.execute(text("SELECT id FROM agencies WHERE mail_state <> 'ok'")).scalars())
    return (bad - names.keys()) | {agency for agency, then in names.items() if then.mail_state != "ok"}


def _found(db: Connection, query: str, at: Past, calendar: Calendar) -> tuple[Work, ...]:
    """The tasks that a query names, in its order, as they were."""
    ids = list(db.execute(text(query.format(tasks=seen(db, at))), bind(at)).scalars())
    known = works(db, ids, calendar, upto=at.upto)
    return tuple(known[task] for task in ids)


def _waiting(db: Connection, at: Past, calendar: Calendar) -> tuple[Work, ...]:
    """The tasks that wait for somebody who is late; few papers have any."""
    has_any = db.execute(text(_WAITS), {"directive": at.directive}).first() is not None
    return _found(db, _WAITING, at, calendar) if has_any else ()


def _changes(db: Connection, now: Past, then: Past, calendar: Calendar) -> tuple[tuple[Change, ...], dict[str, int]]:
    """The latest changes of each kind, and how many there were."""
    span = {"directive": now.directive, "from": then.seq, "to": now.seq, "since": then.at, "at": now.at, "seq": now.seq}
    rows = db.execute(text(_CHANGES.format(tasks=seen(db, now))), span).all()
    known = works(db, {row.task for row in rows if row.task}, calendar, upto=now.upto)
    changes = tuple(Change(kind=row.kind, work=known[row.task]) for row in rows if row.task)
    return changes, {row.kind: row.n for row in rows if not row.task}


_HEAD = "SELECT coalesce(max(hash), '') FROM events WHERE directive = :d AND seq = :seq"

_HELD = """
SELECT coalesce(t.agency, k.agency) AS agency, k.duty, count(*) AS n
  FROM holds h
  JOIN tasks k ON k.id = h.task AND +k.directive = :directive
  LEFT JOIN task_history t ON t.task = k.id AND t.from_seq <= :seq AND t.to_seq >= :seq
 WHERE h.from_seq <= :seq AND (h.to_seq IS NULL OR h.to_seq > :seq)
   AND CASE WHEN t.task IS NULL THEN k.closed_at ELSE t.closed_at END IS NULL
   AND CASE WHEN t.task IS NULL THEN k.due_at ELSE t.due_at END < :at
 GROUP BY 1, 2"""

_DUTIES = f"SELECT u.id, u.clause, {FORCE} AS force FROM duties u WHERE u.directive = :d"

#: `closed_at` is nothing in all of them: it tells PostgreSQL that an index has them in this order.
_WORST = f"""
SELECT k.id FROM ({{tasks}}) k
 WHERE k.closed_at IS NULL AND k.due_at < :at
   AND k.duty NOT IN (SELECT u.id FROM duties u WHERE u.directive = :directive AND {FORCE} = 'ask')
 ORDER BY k.closed_at, k.due_at, k.id
 LIMIT {WORST}"""

_WAITS = "SELECT 1 FROM duties u JOIN unasked n ON n.duty = u.id AND n.waits_for IS NOT NULL WHERE u.directive = :directive LIMIT 1"

#: Whose clock has not started, since the clause before is late: its own there, else anybody's; the longest wait first.
_WAITING = f"""
WITH then_ AS MATERIALIZED ({{tasks}})
SELECT k.id, min(c.due_at) AS since
  FROM then_ k
  JOIN tasks q ON q.id = k.id
  JOIN unasked n ON n.duty = k.duty AND n.waits_for IS NOT NULL
  JOIN then_ c ON c.duty = n.waits_for AND c.closed_at IS NULL AND c.due_at < :at
  JOIN tasks r ON r.id = c.id
 WHERE k.due_at IS NULL AND k.closed_at IS NULL
   AND (r.unit = q.unit OR NOT EXISTS (SELECT 1 FROM tasks o WHERE o.duty = n.waits_for AND o.unit = q.unit AND o.state <> 'void'))
 GROUP BY k.id
 ORDER BY since, k.id
 LIMIT {WORST}"""

_REQUESTS = """
SELECT r.task FROM requests r JOIN tasks k ON k.id = r.task
 WHERE k.directive = :directive AND r.asked_at <= :at AND (r.decided_at IS NULL OR r.decided_at > :at)
 ORDER BY r.asked_at, r.task"""

#: Done is what was open then and is closed now, overdue what fell due in between: both by rows, so that they reconcile with the cells.
_DONE = """
SELECT k.id AS task, max(e.seq) AS seq
  FROM ({tasks}) k JOIN events e ON e.directive = :directive AND e.task = k.id AND e.seq > :from AND e.seq <= :to
 WHERE k.state = 'done' AND e.kind IN ('done', 'settled', 'confirm')
   AND NOT EXISTS (SELECT 1 FROM task_history h
                    WHERE h.task = k.id AND h.from_seq <= :from AND h.to_seq >= :from AND h.closed_at IS NOT NULL)
 GROUP BY k.id"""

_OVERDUE = """
SELECT k.id AS task, 0 AS seq FROM ({tasks}) k
 WHERE k.closed_at IS NULL AND k.due_at < :at
   AND (k.due_at >= :since
     OR EXISTS (SELECT 1 FROM task_history h
                 WHERE h.task = k.id AND h.from_seq <= :from AND h.to_seq >= :from AND (h.closed_at IS NOT NULL OR h.due_at >= :since)))"""

_SAID = "SELECT task, seq FROM events WHERE directive = :directive AND seq > :from AND seq <= :to AND kind = '{kind}'"

_CHANGED = {
    "asks": _SAID.format(kind="extend"), "done": _DONE, "granted": _SAID.format(kind="grant"), "overdue": _OVERDUE,
    "refused": _SAID.format(kind="refuse"),
}

#: How many of a kind there are, without a task, and the latest of them.
_COUNTED = """
SELECT '{kind}' AS kind, 0 AS task, 0 AS seq, count(*) AS n FROM {kind}_ HAVING count(*) > 0
UNION ALL
SELECT * FROM (SELECT '{kind}' AS kind, task, seq, 0 AS n FROM {kind}_ ORDER BY seq DESC, task LIMIT {most}) {kind}_latest"""

_CHANGES = f"""
WITH {", ".join(f"{kind}_ AS MATERIALIZED ({found})" for kind, found in _CHANGED.items())}
{" UNION ALL ".join(_COUNTED.format(kind=kind, most=CHANGES) for kind in _CHANGED)}
 ORDER BY 1, 3 DESC, 2"""

_UNSENT = """
SELECT count(*) FROM failures f JOIN notices n ON n.id = f.notice
 WHERE f.since <= :at AND (f.until IS NULL OR f.until > :at)
   AND (n.directive = :directive OR EXISTS (
        SELECT 1 FROM notice_items i JOIN tasks k ON k.id = i.task WHERE i.notice = n.id AND k.directive = :directive))"""
