"""What an operator looks up: a paper by its number, the tasks of a clause, what was said of them and by whom."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, text

from directives.language.calendar import Calendar
from directives.language.shapes import Directive
from tasks.values import Paper, Work

from .entering import paper_hash
from .types import instant, seconds
from .works import papers, works


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event as people read it; `agency` and `term` where it is about a task."""

    seq: int
    at: datetime
    kind: str
    agency: str
    term: str
    name: str
    role: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which tasks are meant; "" and None: any."""

    directive: int
    clause: str = ""
    agency: str = ""
    late_at: datetime | None = None  # only what is open and overdue then
    asking: bool = False  # only those with an undecided request
    states: tuple[str, ...] = ("open", "received", "progress", "claimed", "done")


def numbered(db: Connection, number: str, on: date | None = None) -> tuple[Paper, ...]:
    """The issued papers of a number, newest first; numbers recur every year."""
    ids = db.execute(text(_NUMBERED), {"number": number, "on": on.isoformat() if on else ""}).scalars().all()
    known = papers(db, ids)
    return tuple(known[id_] for id_ in ids)


def stands(db: Connection, directive: Directive) -> Literal["new", "same", "changed"]:
    """How a complete directive compares with what was issued under its issuer, number and date."""
    key = {"issuer": directive.issuer, "number": directive.number, "on": str(directive.date)}
    known = db.execute(text(_HASH), key).scalar()
    if known is None:
        return "new"
    return "same" if known == paper_hash(directive) else "changed"


def numbers(db: Connection) -> tuple[str, ...]:
    """Every number that was issued."""
    return tuple(db.execute(text("SELECT DISTINCT number FROM directives WHERE state = 'issued' ORDER BY number")).scalars())


def agencies(db: Connection) -> Mapping[str, str]:
    """The name of every agency by its code."""
    return {row.code: row.name for row in db.execute(text("SELECT code, name FROM agencies ORDER BY code"))}


def tasks(db: Connection, wanted: Wanted, calendar: Calendar, limit: int) -> tuple[tuple[Work, ...], int]:
    """The tasks that are meant, open before closed, oldest date first; and how many there are in all."""
    query = {
        "directive": wanted.directive, "clause": wanted.clause, "agency": wanted.agency, "asking": int(wanted.asking),
        "late": seconds(wanted.late_at) if wanted.late_at else 0, "states": json.dumps(wanted.states),
    }
    states = _EACH[db.dialect.name]
    ids = db.execute(text(f"SELECT k.id {_TASKS.format(states=states)} {_ORDER}"), query | {"limit": limit}).scalars().all()
    count = db.execute(text(f"SELECT count(*) {_TASKS.format(states=states)}"), query).scalar_one()
    known = works(db, ids, calendar)
    return tuple(known[id_] for id_ in ids), int(count)


def history(db: Connection, directive: int, clause: str = "") -> tuple[Told, ...]:
    """The events of a clause in their order, or those of the whole paper."""
    rows = db.execute(text(_HISTORY), {"directive": directive, "clause": clause})
    return tuple(
        Told(
            seq=row.seq, at=instant(row.at), kind=row.kind, agency=row.agency or "", term=row.term or "",
            name=row.name or "", role=row.role or "", payload=json.loads(row.payload),
        )
        for row in rows
    )


_EACH = {"sqlite": "SELECT value FROM json_each(:states)", "postgresql": "SELECT jsonb_array_elements_text(CAST(:states AS jsonb))"}

_NUMBERED = """
SELECT id FROM directives
 WHERE state = 'issued' AND number = :number AND (:on = '' OR issued_on = :on)
 ORDER BY issued_on DESC, id DESC"""

_HASH = """
SELECT d.hash FROM directives d JOIN agencies a ON a.id = d.issuer
 WHERE d.state = 'issued' AND a.code = :issuer AND d.number = :number AND d.issued_on = :on"""

_TASKS = """
  FROM tasks k JOIN duties u ON u.id = k.duty JOIN agencies a ON a.id = k.agency
 WHERE k.directive = :directive
   AND (:clause = '' OR u.clause = :clause) AND (:agency = '' OR a.code = :agency)
   AND (:late = 0 OR (k.closed_at IS NULL AND k.due_at < :late))
   AND (:asking = 0 OR EXISTS (SELECT 1 FROM requests r WHERE r.task = k.id AND r.decided_at IS NULL))
   AND k.state IN ({states})"""

_ORDER = """
 ORDER BY CASE WHEN k.closed_at IS NULL THEN 0 ELSE 1 END, CASE WHEN k.due_at IS NULL THEN 1 ELSE 0 END,
          k.due_at, u.position, a.name, k.term
 LIMIT :limit"""

_HISTORY = """
SELECT e.seq, e.at, e.kind, e.payload, a.short AS agency, k.term, p.name, p.role
  FROM events e
  LEFT JOIN duties u ON u.id = e.duty
  LEFT JOIN tasks k ON k.id = e.task
  LEFT JOIN agencies a ON a.id = k.agency
  LEFT JOIN persons p ON p.id = e.person
 WHERE e.directive = :directive AND (:clause = '' OR u.clause = :clause OR e.kind = 'issued')
 ORDER BY e.seq"""
