"""Counts of a directive at an instant: where it stood then, its tasks as they were, and the cells, in sets and by any key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, text

from directives.language.calendar import instant
from directives.language.periods import rounds
from tasks.cells import Cells
from tasks.ladder import ask_rhythm

from .issued import Issued
from .rows import canonical, pairs
from .types import seconds
from .works import Upto


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An instant of a directive: the last event by then, and the report round that silence is judged by."""

    directive: int
    at: int
    seq: int
    soon: int  # due by then is "sắp đến hạn"
    round_at: int  # the last report round that has passed, 0 before the first
    since: int  # the round before it, or the issue: who has said nothing since then is silent
    asked_at: int  # when that round was asked for: what began later was not

    @property
    def upto(self) -> Upto:
        """The same moment for single tasks."""
        return Upto(self.seq, self.at)


def past(db: Connection, issued: Issued, at: datetime) -> Past:
    """The moment of a directive at an instant."""
    return as_of(issued, at, db.execute(text(_SEQ), {"d": issued.id, "at": seconds(at)}).scalar_one())


def as_of(issued: Issued, at: datetime, seq: int) -> Past:
    """The moment of a directive whose last event by then is `seq`."""
    last, before = _rounds(issued, at)
    return Past(
        directive=issued.id, at=seconds(at), seq=seq, soon=seconds(at + timedelta(days=issued.practice.soon)),
        round_at=seconds(last) if last else 0, since=seconds(before or issued.issued_at),
        asked_at=seconds(_asked_at(issued, last)) if last else 0,
    )


def count(db: Connection, at: Past) -> Cells:
    """The cells of a whole directive."""
    return cells_of(db.execute(text(_CELLS.format(keys="", tasks=seen(db, at), by="")), bind(at)).one())


def is_present(db: Connection, at: Past) -> bool:
    """Whether nothing has been written of the directive since."""
    return bool(db.execute(text("SELECT seq FROM directives WHERE id = :d"), {"d": at.directive}).scalar_one() == at.seq)


def seen(db: Connection, at: Past) -> str:
    """The tasks as they were: where nothing has been written since, as they are."""
    return NOW if is_present(db, at) else THEN


def _rounds(issued: Issued, at: datetime) -> tuple[datetime | None, datetime | None]:
    """The last report round by `at` and the one before it."""
    rhythm = ask_rhythm(issued.directive, issued.practice)
    last = before = None
    for instant_ in rounds(rhythm, issued.issued_at.astimezone(issued.practice.tz).date(), issued.calendar, issued.practice):
        if instant_ > at:
            break
        if instant_ > issued.issued_at:
            last, before = instant_, last
    return last, before


def _asked_at(issued: Issued, round_at: datetime) -> datetime:
    day = issued.calendar.add_working(round_at.astimezone(issued.practice.tz).date(), -issued.practice.ask_before)
    return instant(day, issued.practice.opens, issued.practice.tz)


def counted(db: Connection, at: Past) -> dict[int, dict[int, Cells]]:
    """Cells by agency and duty (row numbers)."""
    return _of_each(db.execute(text(_CELLS.format(keys="agency, duty,", tasks=seen(db, at), by="GROUP BY agency, duty")), bind(at)))


def counted_of(db: Connection, at: Past, agencies: Iterable[int]) -> dict[int, dict[int, Cells]]:
    """Cells of these agencies by agency and duty, as they are now."""
    query = _CELLS.format(keys="agency, duty,", tasks=_MINE.format(ids=pairs(db)), by="GROUP BY agency, duty ORDER BY agency, duty")
    return _of_each(db.execute(text(query), bind(at) | {"pairs": canonical([[agency, 0] for agency in sorted(agencies)])}))


def _of_each(rows: Iterable[Any]) -> dict[int, dict[int, Cells]]:
    found: defaultdict[int, dict[int, Cells]] = defaultdict(dict)
    for row in rows:
        found[row[0]][row[1]] = _cells(row[2:])
    return found


def by_duty(db: Connection, at: Past) -> dict[int, Cells]:
    """Cells by duty (row numbers), as they are now: for a page that names no agency."""
    rows = db.execute(text(_CELLS.format(keys="duty,", tasks=NOW, by="GROUP BY duty")), bind(at))
    return {row.duty: cells_of(row) for row in rows}


def cells_of(row: Row[Any]) -> Cells:
    """The cells that a row counts."""
    return Cells(
        on_time=row.on_time, late=row.late, in_time=row.in_time, overdue=row.overdue, soon=row.soon,
        undated=row.undated, silent=row.silent, undated_done=row.undated_done,
    )


@lru_cache(4096)
def _cells(counts: tuple[int, ...]) -> Cells:
    """The cells of these counts, in the order of the class: a nation's agencies have a few dozen between them."""
    return Cells(**dict(zip(Cells.__slots__, counts, strict=True)))


def make_room(db: Connection) -> None:
    """Let a nation's agencies be counted in memory until the transaction ends: PostgreSQL else sorts on disk, and compiles first."""
    if db.dialect.name == "postgresql":
        db.execute(text("SET LOCAL work_mem = '32MB'"))
        db.execute(text("SET LOCAL jit = off"))


def bind(at: Past) -> dict[str, Any]:
    """The moment as the statements here name it."""
    return asdict(at)


_SEQ = "SELECT coalesce(max(seq), 0) FROM events WHERE directive = :d AND at <= :at"

#: The tasks as they are now.
NOW = """
SELECT id, duty, agency, state, due_at, closed_at, reported_at FROM tasks
 WHERE directive = :directive AND state <> 'void' AND :seq >= 0"""

#: Those of a few agencies, as they are now.
_MINE = """
SELECT id, duty, agency, state, due_at, closed_at, reported_at
  FROM {ids} x JOIN tasks ON agency = x.a AND +directive = :directive AND state <> 'void'"""

#: The tasks as they were at an event: unchanged since, or what the history kept.
THEN = """
SELECT id, duty, agency, state, due_at, closed_at, reported_at FROM tasks
 WHERE directive = :directive AND state <> 'void' AND since_seq <= :seq
UNION ALL
SELECT task AS id, duty, agency, state, due_at, closed_at, reported_at FROM task_history
 WHERE directive = :directive AND to_seq >= :seq AND from_seq <= :seq AND state <> 'void'"""

#: What a task is counted as.
COUNTED: Mapping[str, str] = {
    "on_time": "closed_at <= due_at",
    "late": "closed_at > due_at",
    "in_time": "closed_at IS NULL AND due_at >= :at",
    "overdue": "closed_at IS NULL AND due_at < :at",
    "soon": "closed_at IS NULL AND due_at >= :at AND due_at <= :soon",
    "undated": "due_at IS NULL",
    "silent": """due_at IS NULL AND closed_at IS NULL AND :round_at > 0
                          AND (reported_at IS NULL OR reported_at <= :since) AND duty IN (
                              SELECT m.duty FROM duties u JOIN terms m ON m.duty = u.id AND m.term = ''
                               WHERE u.directive = :directive AND m.begins_at <= :asked_at
                                 AND u.id NOT IN (SELECT w.duty FROM unasked w))""",
    "undated_done": "due_at IS NULL AND closed_at IS NOT NULL",
}

#: The columns of cells, of tasks `k`.
_COUNTS = ", ".join(f"count(*) FILTER (WHERE {what}) AS {name}" for name, what in COUNTED.items())

_CELLS = f"""
SELECT {{keys}} {_COUNTS}
  FROM ({{tasks}}) k
 {{by}}"""

#: Whether a duty was an order or a request (`ask`) at an event: another paper may have changed it since.
FORCE = """coalesce((SELECT v.force FROM duty_history v WHERE v.duty = u.id AND v.to_seq >= :seq ORDER BY v.to_seq LIMIT 1), u.force)"""
