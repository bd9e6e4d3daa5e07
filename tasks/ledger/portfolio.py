"""How all papers of a reader stand together: by agency, and by the bodies under which agencies hang; as the tasks are now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection

from tasks.cells import Cells

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
    return tuple(Part(name=name, agencies=agencies, papers=papers, cells=_cells(*cells)) for name, agencies, papers, *cells in rows)


@lru_cache(4096)
def _cells(*counts: int) -> Cells:
    """The cells of these counts: a nation's agencies have a few hundred between them."""
    return Cells(**{name: int(count) for name, count in zip(_COUNTS, counts, strict=True)})


_COUNTS = ("on_time", "late", "in_time", "overdue", "undated", "undated_done")

#: What is counted of the tasks `k` of these papers, named as cells are.
_TASKS = """
            count(*) FILTER (WHERE k.closed_at <= k.due_at) AS on_time,
            count(*) FILTER (WHERE k.closed_at > k.due_at) AS late,
            count(*) FILTER (WHERE k.closed_at IS NULL AND k.due_at >= :now) AS in_time,
            count(*) FILTER (WHERE k.closed_at IS NULL AND k.due_at < :now) AS overdue,
            count(*) FILTER (WHERE k.due_at IS NULL) AS undated,
            count(*) FILTER (WHERE k.due_at IS NULL AND k.closed_at IS NOT NULL) AS undated_done
       FROM tasks k
      WHERE k.directive IN (SELECT x.a FROM {mine} x) AND k.state <> 'void'"""

_AGENCIES = f"""
WITH c AS MATERIALIZED (SELECT k.agency, count(DISTINCT k.directive) AS papers, {_TASKS} GROUP BY k.agency)
SELECT a.name, 1 AS agencies, c.papers, {", ".join(f"c.{name}" for name in _COUNTS)}
  FROM c JOIN agencies a ON a.id = c.agency
 ORDER BY c.overdue DESC, c.late DESC, a.name, a.id LIMIT :limit"""

_TERRITORIES = f"""
WITH RECURSIVE c AS MATERIALIZED (SELECT k.agency, k.directive, {_TASKS} GROUP BY k.agency, k.directive),
up (agency, body) AS (
     SELECT p.agency, p.parent FROM parents p WHERE p.until IS NULL AND p.agency IN (SELECT c.agency FROM c)
      UNION
     SELECT u.agency, p.parent FROM up u JOIN parents p ON p.agency = u.body AND p.until IS NULL)
SELECT a.name, count(DISTINCT c.agency) AS agencies, count(DISTINCT c.directive) AS papers,
       {", ".join(f"sum(c.{name}) AS {name}" for name in _COUNTS)}
  FROM c JOIN up u ON u.agency = c.agency JOIN agencies a ON a.id = u.body
 GROUP BY a.id, a.name
 ORDER BY sum(c.overdue) DESC, sum(c.late) DESC, a.name, a.id LIMIT :limit"""
