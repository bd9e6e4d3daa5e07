"""The letter to whoever answers for tasks from now on: one for each, whatever was moved to it at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, text

from .echoing import HEARS
from .issued import Issued
from .rows import canonical, pairs
from .types import seconds


def tell(db: Connection, issued: Issued, tasks: Iterable[int], seq: int, now: datetime) -> int:
    """Queue a letter that gives each new holder its tasks, named after the event `seq`; returns how many letters."""
    leaves = issued.calendar.window(now, issued.practice)
    named = {"pairs": canonical([[task, 0] for task in tasks]), "prefix": f"handover:{issued.id}:{seq}:"}
    of = {**named, "d": issued.id, "leaves": seconds(leaves)}
    letters = db.execute(text(_LETTERS.format(ids=pairs(db))), of).rowcount
    db.execute(text(_ITEMS.format(ids=pairs(db))), of)
    return letters


_LETTERS = f"""
INSERT INTO notices (key, directive, recipient, lane, not_before, state)
SELECT DISTINCT CAST(:prefix AS text) || a.id, :d, a.id, 'new', :leaves, 'queued'
  FROM {{ids}} x JOIN tasks k ON k.id = x.a JOIN agencies a ON a.id = k.agency AND {HEARS}
 WHERE k.closed_at IS NULL
    ON CONFLICT (key) DO NOTHING"""

_ITEMS = """
INSERT INTO notice_items (task, rung, due_version, recipient, notice, after)
SELECT k.id, 0, k.due_version, k.agency, n.id, 0
  FROM {ids} x JOIN tasks k ON k.id = x.a JOIN notices n ON n.key = CAST(:prefix AS text) || k.agency
 WHERE true
    ON CONFLICT DO NOTHING"""
