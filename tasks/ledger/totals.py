"""Counts over the whole ledger, for summaries: directives, duties, tasks, letters by lane, the cells."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from .types import seconds


def totals(db: Connection, now: datetime) -> dict[str, Any]:
    """`{directives, duties, tasks, letters: {lane: sent}, done_on_time, done_late, open, overdue}` as of now."""
    row = db.execute(text(_TOTALS), {"now": seconds(now)}).mappings().one()
    sent = dict.fromkeys(("new", "digest", "escalation", "report", "receipt", "decision"), 0)
    sent |= {r.lane: r.n for r in db.execute(text("SELECT lane, count(*) AS n FROM notices WHERE state = 'sent' GROUP BY lane"))}
    return {**row, "letters": sent}


_TOTALS = """
SELECT (SELECT count(*) FROM directives WHERE state = 'issued') AS directives,
       (SELECT count(*) FROM duties) AS duties,
       count(*) AS tasks,
       count(*) FILTER (WHERE closed_at IS NOT NULL AND (due_at IS NULL OR closed_at <= due_at)) AS done_on_time,
       count(*) FILTER (WHERE closed_at > due_at) AS done_late,
       count(*) FILTER (WHERE closed_at IS NULL) AS open,
       count(*) FILTER (WHERE closed_at IS NULL AND due_at < :now) AS overdue
  FROM tasks WHERE state <> 'void'"""
