"""How all papers of a reader stand together: by agency, and by the bodies under which agencies hang; as the tasks are now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from tasks.values import Cells

from .rows import canonical, listed, sql
from .types import seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An agency, or a body with all that hang under it: `agencies` have work, in so many `papers`; no silence is judged across papers."""

    name: str
    agencies: int
    papers: int
    cells: Cells


def by_agency(db: Connection, directives: Iterable[int], now: datetime, limit: int) -> tuple[Part, ...]:
    """The agencies that have work of these papers, worst first."""
    return _parts(db, _AGENCIES, directives, now, limit)


def by_territory(db: Connection, directives: Iterable[int], now: datetime, limit: int) -> tuple[Part, ...]:
    """The bodies that have agencies with work of these papers under them, at any depth, worst first; an agency counts under each."""
    return _parts(db, _TERRITORIES, directives, now, limit)


def _parts(db: Connection, query: str, directives: Iterable[int], now: datetime, limit: int) -> tuple[Part, ...]:
    mine = canonical([[number] for number in sorted(directives)])
    rows = db.execute(sql(query.format(mine=listed(db, "mine", "a"))), {"mine": mine, "now": seconds(now), "limit": limit})
    return tuple(
        Part(
            name=row.name, agencies=row.agencies, papers=row.papers,
            cells=Cells(
                on_time=int(row.on_time), late=int(row.late), in_time=int(row.in_time), overdue=int(row.overdue),
                undated=int(row.undated), undated_done=int(row.undated_done),
            ),
        )
        for row in rows
    )


_COUNTED = """
WITH RECURSIVE c AS MATERIALIZED (
     SELECT k.agency, k.directive,
            count(*) FILTER (WHERE k.closed_at <= k.due_at) AS on_time,
            count(*) FILTER (WHERE k.closed_at > k.due_at) AS late,
            count(*) FILTER (WHERE k.closed_at IS NULL AND k.due_at >= :now) AS in_time,
            count(*) FILTER (WHERE k.closed_at IS NULL AND k.due_at < :now) AS overdue,
            count(*) FILTER (WHERE k.due_at IS NULL) AS undated,
            count(*) FILTER (WHERE k.due_at IS NULL AND k.closed_at IS NOT NULL) AS undated_done
       FROM tasks k
      WHERE k.directive IN (SELECT x.a FROM {mine} x) AND k.state <> 'void'
      GROUP BY k.agency, k.directive)"""

_SUMS = """count(DISTINCT c.agency) AS agencies, count(DISTINCT c.directive) AS papers, sum(c.on_time) AS on_time, sum(c.late) AS late,
       sum(c.in_time) AS in_time, sum(c.overdue) AS overdue, sum(c.undated) AS undated, sum(c.undated_done) AS undated_done"""

_WORST = "ORDER BY sum(c.overdue) DESC, sum(c.late) DESC, a.name, a.id LIMIT :limit"

_AGENCIES = f"""{_COUNTED}
SELECT a.name, {_SUMS} FROM c JOIN agencies a ON a.id = c.agency GROUP BY a.id, a.name {_WORST}"""

_TERRITORIES = f"""{_COUNTED},
up (agency, body) AS (
     SELECT p.agency, p.parent FROM parents p WHERE p.until IS NULL AND p.agency IN (SELECT c.agency FROM c)
      UNION
     SELECT u.agency, p.parent FROM up u JOIN parents p ON p.agency = u.body AND p.until IS NULL)
SELECT a.name, {_SUMS} FROM c JOIN up u ON u.agency = c.agency JOIN agencies a ON a.id = u.body GROUP BY a.id, a.name {_WORST}"""
