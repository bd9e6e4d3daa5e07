"""How a task changes: its old columns are kept in its history, its new ones hold from an event on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from .direct import ask, plain
from .rows import canonical, pairs


def change(db: Connection, task: int, seq: int, values: Mapping[str, Any]) -> None:
    """Keep what the task was in its history and write what it is from event `seq` on."""
    changes(db, [(task, seq, values)])


def changes(db: Connection, new: Sequence[tuple[int, int, Mapping[str, Any]]]) -> None:
    """As `change` of tasks that have an event each: one statement for the history, and one for all whose columns become the same."""
    if not new:
        return
    ask(db, _KEEP.format(ids=pairs(db)), {"pairs": canonical([[task, seq] for task, seq, _ in new])})
    alike: defaultdict[tuple[tuple[str, Any], ...], list[list[int]]] = defaultdict(list)
    for task, seq, values in new:
        alike[tuple(values.items())].append([task, seq])
    for columns, since in alike.items():
        values = dict(columns)
        ask(db, _written(tuple(values)).format(ids=pairs(db)), {**plain(values), "pairs": canonical(since)})


@lru_cache(maxsize=64)
def _written(columns: tuple[str, ...]) -> str:
    changed = ", ".join(f'"{name}" = :{name}' for name in columns)
    return f"UPDATE tasks SET {changed}, since_seq = x.b FROM {{ids}} x WHERE tasks.id = x.a"


_KEEP = """
INSERT INTO task_history (task, from_seq, to_seq, directive, duty, agency, state, due_at, closed_at, reported_at)
SELECT k.id, k.since_seq, x.b - 1, k.directive, k.duty, k.agency, k.state, k.due_at, k.closed_at, k.reported_at
  FROM {ids} x JOIN tasks k ON k.id = x.a"""
