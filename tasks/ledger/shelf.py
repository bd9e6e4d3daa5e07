"""What an issuer's desk lists: its papers and their tasks, a page at a time, each page beginning where the one before has ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from directives.language.calendar import Calendar
from directives.language.words import match_form
from tasks.cells import Cells
from tasks.values import Paper, Work

from . import counting
from .issued import load
from .rows import canonical, listed, sql
from .types import seconds
from .works import papers, works

Which = Literal["late", "open", "undated", "done"]

#: Where a page begins: the sorted value and the row number of the last line of the page before.
Key = tuple[int, int]
START: Key = (-1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which tasks are listed; "" is any."""

    directive: int
    which: Which = "open"
    clause: str = ""
    agency: str = ""


def mine(directives: Iterable[int]) -> str:
    """Papers as the parameter `mine` carries them."""
    return canonical([[number] for number in sorted(directives)])


def within(db: Connection) -> str:
    """A subquery of the papers in the parameter `mine`."""
    return f"(SELECT x.a FROM {listed(db, 'mine', 'a')} x)"


def paper_ids(db: Connection, directives: Iterable[int], words: str, late_at: datetime | None) -> list[int]:
    """The papers that fit, newest first: words of the number or the title, and only those with something overdue."""
    query = sql(_PAPERS.format(mine=within(db)))
    rows = db.execute(query, {"mine": mine(directives), "late": seconds(late_at) if late_at else 0})
    wanted = match_form(words)
    return [row.id for row in rows if wanted in match_form(f"{row.number} {row.title}")]


def numbers(db: Connection, directives: Iterable[int]) -> set[str]:
    """The numbers of papers."""
    query = sql(f"SELECT d.number FROM directives d WHERE d.id IN {within(db)}")
    return set(db.execute(query, {"mine": mine(directives)}).scalars())


def counted(db: Connection, ids: Iterable[int], calendar: Calendar, now: datetime) -> list[tuple[Paper, Cells]]:
    """Papers with their cells, in the order of `ids`."""
    order = list(ids)
    known = papers(db, order)
    return [(known[id_], counting.count(db, counting.past(db, load(db, id_, calendar), now))) for id_ in order]


def tasks(
    db: Connection, chosen: Chosen, calendar: Calendar, now: datetime, *, after: Key = START, limit: int = 50
) -> tuple[tuple[Work, ...], Key | None]:
    """A page of tasks, oldest date first, and where the next begins; None after the last."""
    condition, column = _WHICH[chosen.which]
    query = sql(_TASKS.format(condition=condition, column=column))
    of = {"directive": chosen.directive, "clause": chosen.clause, "agency": chosen.agency, "now": seconds(now), "limit": limit + 1}
    rows = db.execute(query, {**of, "at": after[0], "id": after[1]}).all()
    shown = rows[:limit]
    known = works(db, [row.id for row in shown], calendar)
    return tuple(known[row.id] for row in shown), (shown[-1].at, shown[-1].id) if len(rows) > limit else None


def latest(db: Connection, directive: int, now: datetime, limit: int = 30) -> list[tuple[str, str, int]]:
    """The agencies with the most that is overdue: code, name and how much."""
    rows = db.execute(sql(_LATEST), {"directive": directive, "now": seconds(now), "limit": limit})
    return [(row.code, row.name, row.n) for row in rows]


def clauses(db: Connection, directive: int) -> dict[int, str]:
    """The clause of each duty that the paper has or had, by row number."""
    rows = db.execute(sql("SELECT id, clause FROM duties WHERE directive = :directive"), {"directive": directive})
    return {row.id: row.clause for row in rows}


_WHICH: dict[Which, tuple[str, str]] = {
    "late": ("k.closed_at IS NULL AND k.due_at < :now", "k.due_at"),
    "open": ("k.closed_at IS NULL AND k.due_at IS NOT NULL", "k.due_at"),
    "undated": ("k.closed_at IS NULL AND k.due_at IS NULL", "k.id"),
    "done": ("k.closed_at IS NOT NULL", "k.closed_at"),
}

_PAPERS = """
SELECT d.id, d.number, d.title FROM directives d
 WHERE d.state = 'issued' AND d.id IN {mine}
   AND (:late = 0 OR EXISTS (
        SELECT 1 FROM tasks k
         WHERE k.directive = d.id AND k.state <> 'void' AND k.closed_at IS NULL AND k.due_at < :late))
 ORDER BY d.issued_at DESC, d.id DESC"""

_TASKS = """
SELECT k.id, {column} AS at
  FROM tasks k
 WHERE k.directive = :directive AND k.state <> 'void' AND {condition}
   AND (:clause = '' OR k.duty IN (SELECT u.id FROM duties u WHERE u.directive = :directive AND u.clause = :clause))
   AND (:agency = '' OR k.agency IN (SELECT a.id FROM agencies a WHERE a.code = :agency))
   AND ({column}, k.id) > (:at, :id)
 ORDER BY {column}, k.id
 LIMIT :limit"""

_LATEST = """
SELECT a.code, a.name, o.n
  FROM (SELECT k.agency, count(*) AS n FROM tasks k
         WHERE k.directive = :directive AND k.state <> 'void' AND k.closed_at IS NULL AND k.due_at < :now
         GROUP BY k.agency ORDER BY count(*) DESC, k.agency LIMIT :limit) o
  JOIN agencies a ON a.id = o.agency
 ORDER BY o.n DESC, a.name"""
