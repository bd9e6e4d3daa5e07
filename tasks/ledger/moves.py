"""The difference between two standings of a directive, to the row: from which cell to which each task has gone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, text

from .counting import THEN, Past, bind

#: Where a task can stand; `none`: not open yet, or withdrawn.
CELLS = ("on_time", "late", "in_time", "overdue", "undated", "none")


class Move(NamedTuple):
    """A task that stands in another cell than before, or that another agency holds."""

    task: int
    before: str
    after: str


def counted(db: Connection, before: Past, after: Past) -> dict[tuple[str, str], int]:
    """How many tasks there are of each (cell before, cell after): rows sum to the standing before, columns to the one after."""
    rows = db.execute(text(f"{_BOTH} SELECT was, is_, count(*) AS n FROM x GROUP BY was, is_ ORDER BY was, is_"), _two(before, after))
    return {(row.was, row.is_): row.n for row in rows}


def moves(db: Connection, before: Past, after: Past) -> tuple[Move, ...]:
    """Every task that has moved."""
    rows = db.execute(text(f"{_BOTH} SELECT id, was, is_ FROM x WHERE was <> is_ OR held_by <> holds ORDER BY id"), _two(before, after))
    return tuple(Move(row.id, row.was, row.is_) for row in rows)


def _two(before: Past, after: Past) -> Mapping[str, int]:
    return {**{f"{name}_0": value for name, value in bind(before).items()}, **{f"{name}_1": value for name, value in bind(after).items()}}


_CELL = f"""
SELECT id, agency, CASE WHEN due_at IS NULL THEN 'undated'
                        WHEN closed_at IS NOT NULL AND closed_at <= due_at THEN 'on_time'
                        WHEN closed_at IS NOT NULL THEN 'late'
                        WHEN due_at >= :at THEN 'in_time' ELSE 'overdue' END AS cell
  FROM ({THEN}) k"""


def _of(moment: int) -> str:
    return re.sub(r":(\w+)", rf":\1_{moment}", _CELL)


_BOTH = f"""
WITH x AS (SELECT id, coalesce(max(was), 'none') AS was, coalesce(max(is_), 'none') AS is_, max(held_by) AS held_by, max(holds) AS holds
             FROM (SELECT id, cell AS was, NULL AS is_, agency AS held_by, CAST(NULL AS bigint) AS holds FROM ({_of(0)}) b
                   UNION ALL
                   SELECT id, NULL, cell, CAST(NULL AS bigint), agency FROM ({_of(1)}) a) m
            GROUP BY id)"""
