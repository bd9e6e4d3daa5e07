"""How all papers of a reader stand together: by agency, and by the bodies under which agencies hang; as the tasks are now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection

from tasks.cells import Cells

from .counting import make_room
from .rows import canonical, listed, sql
from .types import seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An agency, or a body with all that hang under it: `agencies` have work, in so many `papers`; no silence is judged across papers."""

    name: str
    agencies: int
    papers: int
    cells: Cells


class Parts(NamedTuple):
    """The worst parts, how many there are in all, and what all of them come to."""

    parts: tuple[Part, ...]
    size: int
    cells: Cells


def by_agency(db: Connection, directives: Iterable[int], now: datetime, limit: int) -> Parts:
    """The agencies that have work of these papers, worst first."""
    return _parts(db, _AGENCIES, directives, now, limit)


def by_territory(db: Connection, directives: Iterable[int], now: datetime, limit: int) -> Parts:
    """The bodies that have agencies with work of these papers under them, at any depth, worst first; an agency counts under each."""
    return _parts(db, _TERRITORIES, directives, now, limit)


def _parts(db: Connection, query: str, directives: Iterable[int], now: datetime, limit: int) -> Parts:
    make_room(db)
    mine = canonical([[number] for number in sorted(directives)])
    whole, *rows = db.execute(sql(query.format(mine=listed(db, "mine", "a"))), {"mine": mine, "now": seconds(now), "limit": limit})
    parts = (Part(name=name, agencies=agencies, papers=papers, cells=_cells(*cells)) for _, name, agencies, papers, *cells in rows)
    return Parts(tuple(parts), int(whole.agencies), _cells(*whole[4:]))


@lru_cache(4096)
def _cells(*counts: int) -> Cells:
    """The cells of these counts: a nation's agencies have a few hundred between them."""
    return Cells(**{name: int(count) for name, count in zip(_COUNTS, counts, strict=True)})


_COUNTS = ("on_time", "late", "in_time", "overdue", "undated", "undated_done")

#: What is counted of the tasks `k` of these papers, named as cells are; PostgreSQL adds up larger numbers digit by digit.
_TASKS = """
            CAST(count(*) FILTER (WHERE k.closed_at <= k.due_at) AS integer) AS on_time,
            CAST(count(*) FILTER (WHERE k.closed_at > k.due_at) AS integer) AS late,
            CAST(count(*) FILTER (WHERE k.closed_at IS NULL AND k.due_at >= :now) AS integer) AS in_time,
            CAST(count(*) FILTER (WHERE k.closed_at IS NULL AND k.due_at < :now) AS integer) AS overdue,
            CAST(count(*) FILTER (WHERE k.due_at IS NULL) AS integer) AS undated,
            CAST(count(*) FILTER (WHERE k.due_at IS NULL AND k.closed_at IS NOT NULL) AS integer) AS undated_done
       FROM tasks k
      WHERE k.directive IN (SELECT x.a FROM {mine} x) AND k.state <> 'void'"""

_SUMS = ", ".join(f"CAST(coalesce(sum({name}), 0) AS integer) AS {name}" for name in _COUNTS)
_NAMED = ", ".join(f"w.{name}" for name in _COUNTS)

#: A row for all of `w`, then the worst of them: so many agencies, in so many papers.
_WORST = f"""
SELECT * FROM (
SELECT 0 AS id, '' AS name, count(*) AS agencies, 0 AS papers, {_SUMS} FROM w
UNION ALL
SELECT * FROM (SELECT a.id, a.name, {{agencies}}, {_NAMED} FROM {{parts}} JOIN agencies a ON a.id = w.part
                ORDER BY w.overdue DESC, w.late DESC, a.name, a.id LIMIT :limit) r) s
 ORDER BY CASE WHEN id = 0 THEN 0 ELSE 1 END, overdue DESC, late DESC, name, id"""

_AGENCIES = f"""
WITH w AS MATERIALIZED (SELECT k.agency AS part, count(DISTINCT k.directive) AS papers, {_TASKS} GROUP BY k.agency)
{_WORST.format(agencies="1, w.papers", parts="w")}"""

_ABOVE = "JOIN parents p ON p.agency = {below} AND p.until IS NULL"

#: Whatever lies between them, an agency counts once under a body, and so does a paper.
_TERRITORIES = f"""
WITH RECURSIVE c AS MATERIALIZED (SELECT k.agency, k.directive, {_TASKS} GROUP BY k.agency, k.directive),
up (agency, body) AS (
     SELECT c.agency, p.parent FROM c {_ABOVE.format(below="c.agency")}
      UNION
     SELECT u.agency, p.parent FROM up u {_ABOVE.format(below="u.body")}),
w AS MATERIALIZED (
     SELECT u.body AS part, count(DISTINCT c.agency) AS agencies, count(DISTINCT c.directive) AS papers, {_SUMS}
       FROM c JOIN up u ON u.agency = c.agency GROUP BY u.body)
{_WORST.format(agencies="w.agencies, w.papers", parts="w")}"""
