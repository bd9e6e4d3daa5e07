"""Long lists by pages: what comes after the last row of the page before, so that nothing is met twice or missed while others write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from directives.language.calendar import Calendar
from tasks.values import Paper, Work

from .counting import THEN, Past
from .rows import canonical, each
from .types import instant, seconds
from .works import papers, works


class Body(NamedTuple):
    """An agency of the directory."""

    number: int
    id: str
    name: str
    short: str
    kind: str
    reachable: bool


class Round(NamedTuple):
    """A report that was made."""

    name: str
    as_of: datetime
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event without the person who spoke."""

    seq: int
    at: datetime
    kind: str
    clause: str
    task: int
    agency: str
    payload: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which tasks are meant; "", 0 and None: any. `agencies` narrows to those who hold the task."""

    directive: int = 0
    agencies: tuple[str, ...] = ()
    clause: str = ""
    states: tuple[str, ...] = ()
    late_at: datetime | None = None
    task: int = 0


def directives(db: Connection, after: int, limit: int) -> tuple[Paper, ...]:
    """The papers in the order of their issue."""
    ids = db.execute(text(_DIRECTIVES), {"after": after, "limit": limit}).scalars().all()
    known = papers(db, ids)
    return tuple(known[id_] for id_ in ids)


def tasks(db: Connection, sought: Sought, calendar: Calendar, after: int, limit: int) -> tuple[Work, ...]:
    """The tasks that are meant, by number; those that were withdrawn only where they are asked for."""
    query = _TASKS.format(agencies=each(db, "agencies"), states=each(db, "states"))
    ids = db.execute(text(query), {
        "directive": sought.directive, "task": sought.task, "clause": sought.clause,
        "late": seconds(sought.late_at) if sought.late_at else 0,
        "agencies": canonical(sought.agencies), "any_agency": int(not sought.agencies),
        "states": canonical(sought.states), "any_state": int(not sought.states), "after": after, "limit": limit,
    }).scalars().all()
    known = works(db, ids, calendar)
    return tuple(known[id_] for id_ in ids)


def tasks_then(db: Connection, at: Past, calendar: Calendar, after: int, limit: int) -> tuple[Work, ...]:
    """The tasks of a paper as they were, by number; without those that were withdrawn."""
    bound = {"directive": at.directive, "seq": at.seq, "after": after, "limit": limit}
    ids = db.execute(text(_THEN), bound).scalars().all()
    known = works(db, ids, calendar, upto=at.upto)
    return tuple(known[id_] for id_ in ids)


def events(db: Connection, directive: int, after: int, limit: int, at: datetime) -> tuple[Happened, ...]:
    """The events of a paper by `at` in their order; names of persons stand beside the chain and are not handed out."""
    rows = db.execute(text(_EVENTS), {"directive": directive, "after": after, "limit": limit, "at": seconds(at)})
    return tuple(
        Happened(
            seq=row.seq, at=instant(row.at), kind=row.kind, clause=row.clause or "", task=row.task or 0, agency=row.agency or "",
            payload={name: value for name, value in json.loads(row.payload).items() if name != "colleague"}, hash=row.hash,
        )
        for row in rows
    )


def rounds(db: Connection, directive: int) -> tuple[Round, ...]:
    """The reports that were made of a paper, the newest first."""
    rows = db.execute(text("SELECT round, as_of, hash FROM reports WHERE directive = :d ORDER BY as_of DESC, round"), {"d": directive})
    return tuple(Round(row.round, instant(row.as_of), row.hash) for row in rows)


def agencies(db: Connection, after: int, limit: int) -> tuple[Body, ...]:
    """The directory's agencies, in the order in which they came in."""
    rows = db.execute(text(_AGENCIES), {"after": after, "limit": limit})
    return tuple(Body(row.id, row.code, row.name, row.short, row.kind, row.mail_state == "ok") for row in rows)


def issuer(db: Connection, task: int) -> str:
    """The agency whose paper orders a task, "" where there is no such task."""
    return db.execute(text(_ISSUER), {"task": task}).scalar() or ""


def issued_at(db: Connection, directive: int) -> datetime | None:
    """When a paper was issued; None where there is no such paper."""
    at = db.execute(text("SELECT issued_at FROM directives WHERE id = :d AND state = 'issued'"), {"d": directive}).scalar()
    return None if at is None else instant(at)


_DIRECTIVES = "SELECT id FROM directives WHERE state = 'issued' AND id > :after ORDER BY id LIMIT :limit"

_AGENCIES = "SELECT id, code, name, short, kind, mail_state FROM agencies WHERE id > :after ORDER BY id LIMIT :limit"

_ISSUER = "SELECT a.code FROM tasks k JOIN directives d ON d.id = k.directive JOIN agencies a ON a.id = d.issuer WHERE k.id = :task"

_TASKS = """
SELECT k.id
  FROM tasks k JOIN duties u ON u.id = k.duty JOIN agencies a ON a.id = k.agency JOIN directives d ON d.id = k.directive
 WHERE d.state = 'issued' AND k.id > :after
   AND (:directive = 0 OR k.directive = :directive) AND (:task = 0 OR k.id = :task)
   AND (:clause = '' OR u.clause = :clause) AND (:any_agency = 1 OR a.code IN ({agencies}))
   AND (:late = 0 OR (k.closed_at IS NULL AND k.due_at < :late))
   AND CASE WHEN :any_state = 1 THEN k.state <> 'void'
            ELSE coalesce((SELECT h.kind FROM holds h WHERE h.task = k.id AND h.to_seq IS NULL AND k.closed_at IS NULL), k.state)
                 IN ({states}) END
 ORDER BY k.id
 LIMIT :limit"""

_THEN = f"SELECT k.id FROM ({THEN}) k WHERE k.id > :after ORDER BY k.id LIMIT :limit"

_EVENTS = """
SELECT e.seq, e.at, e.kind, e.task, e.payload, e.hash, u.clause, a.code AS agency
  FROM events e
  LEFT JOIN duties u ON u.id = e.duty
  LEFT JOIN tasks k ON k.id = e.task
  LEFT JOIN agencies a ON a.id = k.agency
 WHERE e.directive = :directive AND e.seq > :after AND e.at <= :at
 ORDER BY e.seq
 LIMIT :limit"""
