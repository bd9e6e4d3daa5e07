"""Events replayed against rows: tasks, terms, figures, requests and names that are not what the chain made them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby, islice, takewhile
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, text

from directives.language import expansion
from directives.language.calendar import Calendar
from tasks.replay import Step, departure

from . import chain
from .issued import Issued, load, orders
from .types import instant, seconds

MOST = 20  # of each kind of departure so many are named


class Departure(NamedTuple):
    """A row that is not what an event made it: the event, what of it, whose it is ("6.4 bhxh")."""

    seq: int
    what: str
    of: str


def departures(db: Connection, directive: int, calendar: Calendar) -> tuple[Departure, ...]:
    """The rows of a directive that were changed behind the events' back, by event; of each kind the first twenty."""
    issued = load(db, directive, calendar)
    kinds = (_torn(db, issued), _unopened(db, issued), _untrue(db, issued), _figures(db, issued), _asked(db, issued), _misnamed(db, issued),
             _redated(db, issued))
    return tuple(sorted({found for kind in kinds for found in islice(kind, MOST)}))


def _torn(db: Connection, issued: Issued) -> Iterator[Departure]:
    """Versions of a task that no event of its own has made, and events that left none."""
    for what, query in _TORN.items():
        yield from (Departure(row.seq, what, _whose(row)) for row in db.execute(text(query), {"d": issued.id}))


def _unopened(db: Connection, issued: Issued) -> Iterator[Departure]:
    """Tasks of which nobody has spoken, and that are not as they were opened."""
    yield from (Departure(row.seq, "việc mới mở", _whose(row)) for row in db.execute(text(_UNOPENED), {"d": issued.id}))


def _untrue(db: Connection, issued: Issued) -> Iterator[Departure]:
    for row in db.execute(text(_STEPS), {"d": issued.id}).mappings():
        words = {name: json.loads(row[name] or "{}") for name in ("payload", "asked")}
        step = Step(**{name: row[name] for name in Step.__slots__} | words)
        if what := departure(step, issued.practice.tz):
            yield Departure(row["seq"], what, f"{row['clause']} {row['unit']} {row['term']}".strip())


def _figures(db: Connection, issued: Issued) -> Iterator[Departure]:
    """Figures that nobody reported, and reported ones that are others now."""
    for row in db.execute(text(_READINGS), {"d": issued.id}):
        said = json.loads(row.payload) if row.payload else {}
        if row.kind not in ("figure", "annex", "restate", "reorganized") or (row.kind == "figure" and not _same_figure(said, row)):
            yield Departure(row.seq, "số liệu", f"{row.indicator} {row.unit}")
    yield from (Departure(row.seq, "số liệu", _whose(row)) for row in db.execute(text(_UNREAD), {"d": issued.id}))


def _same_figure(said: dict[str, Any], row: Row[Any]) -> bool:
    counts = (said.get("numerator"), said.get("denominator")) == (row.numerator, row.denominator)
    valued = said.get("numerator") is not None or "value" not in said or Decimal(said["value"]) == Decimal(row.value)
    return counts and valued and said.get("on", row.on) == row.on


def _asked(db: Connection, issued: Issued) -> Iterator[Departure]:
    """Requests for more time that nobody made, or for another date; within one second there may be several."""
    for _, told in groupby(db.execute(text(_REQUESTS), {"d": issued.id}), key=attrgetter("id")):
        first, *more = told
        if all(row.payload is None or json.loads(row.payload).get("until") != row.until for row in (first, *more)):
            yield Departure(first.seq or 0, "đề nghị gia hạn", _whose(first))


def _misnamed(db: Connection, issued: Issued) -> Iterator[Departure]:
    """Names that are others than those who spoke; a name that was erased is gone with its salt, and an event says so."""
    erased: set[int] = set()
    for (payload,) in db.execute(text("SELECT payload FROM events WHERE directive = :d AND kind = 'erased'"), {"d": issued.id}):
        erased |= set(json.loads(payload)["persons"])
    for row in db.execute(text(_SPOKE), {"d": issued.id}):
        if chain.signature(row) != row.who and not (row.id in erased and not (row.salt or row.name)):
            yield Departure(row.seq, "người báo", str(row.id))


def _redated(db: Connection, issued: Issued) -> Iterator[Departure]:
    """Terms whose date is not the paper's, of a paper that nobody changed; what counts from a day moves with the calendar."""
    if db.execute(text("SELECT 1 FROM bonds WHERE directive = :d LIMIT 1"), {"d": issued.id}).first():
        return
    known = {(row.clause, row.term): row for row in db.execute(text(_TERMS), {"d": issued.id})}
    for duty in orders(issued.directive):
        if duty.due and duty.due.form == "relative":
            continue
        last = max((row.begins_at for row in known.values() if row.clause == duty.clause), default=None)
        for term in _begun(expansion.terms(duty, issued.directive, issued.calendar, issued.practice), last):
            row = known.get((duty.clause, term.key))
            if row and row.due_at != (seconds(term.due.at) if term.due else None):
                yield Departure(row.seq, "thời hạn trong văn bản", f"{duty.clause} {term.key}".strip())


def _begun(terms: Iterable[expansion.Term], last: int | None) -> Iterable[expansion.Term]:
    return () if last is None else takewhile(lambda term: term.begins_at <= instant(last), terms)


def _whose(row: Row[Any]) -> str:
    return f"{row.clause} {row.unit} {row.term}".strip()


_WHOSE = """u.clause, a.code AS unit, k.term
  FROM ({rows}) v JOIN tasks k ON k.id = v.task JOIN duties u ON u.id = k.duty JOIN agencies a ON a.id = k.unit"""

_VERSIONS = """
    SELECT task, duty, from_seq, state, due_at, closed_at, reported_at FROM task_history WHERE directive = :d
    UNION ALL
    SELECT id, duty, since_seq, state, due_at, closed_at, reported_at FROM tasks WHERE directive = :d"""

_LASTING = """
    SELECT task, to_seq + 1 AS seq FROM task_history h WHERE directive = :d
       AND NOT EXISTS (SELECT 1 FROM task_history n WHERE n.task = h.task AND n.from_seq = h.to_seq + 1)
       AND NOT EXISTS (SELECT 1 FROM tasks k WHERE k.id = h.task AND k.since_seq = h.to_seq + 1)"""

_NOBODYS = f"""
    SELECT x.task, x.from_seq AS seq FROM ({_VERSIONS}) x LEFT JOIN events e ON e.directive = :d AND e.seq = x.from_seq
     WHERE e.seq IS NULL OR e.task <> x.task OR (e.task IS NULL AND e.duty <> x.duty)"""

_WITHOUT_TRACE = """
    SELECT e.task, e.seq FROM events e
     WHERE e.directive = :d AND e.task IS NOT NULL
       AND e.kind IN ('received', 'progress', 'figure', 'done', 'extend', 'undo', 'grant', 'confirm', 'reject', 'settled', 'reopened')
       AND NOT EXISTS (SELECT 1 FROM tasks k WHERE k.id = e.task AND k.since_seq = e.seq)
       AND NOT EXISTS (SELECT 1 FROM task_history h WHERE h.task = e.task AND h.from_seq = e.seq)"""

_TORN = {
    what: f"SELECT v.seq, {_WHOSE.format(rows=rows)} ORDER BY v.seq, k.id LIMIT {MOST}"
    for what, rows in (("lịch sử đứt", _LASTING), ("không có sự kiện", _NOBODYS), ("sự kiện không để lại gì", _WITHOUT_TRACE))
}

#: A term's date at its opening is the first that its history knows, else the one that it has.
_OPENED_DUE = """coalesce((SELECT h.due_at FROM term_history h WHERE h.duty = x.duty AND h.term = k.term ORDER BY h.to_seq LIMIT 1),
                       (SELECT m.due_at FROM terms m WHERE m.duty = x.duty AND m.term = k.term))"""

_UNOPENED = f"""
SELECT x.from_seq AS seq, u.clause, a.code AS unit, k.term
  FROM ({_VERSIONS}) x
  JOIN events e ON e.directive = :d AND e.seq = x.from_seq AND e.kind IN ('opened', 'asked')
  JOIN tasks k ON k.id = x.task JOIN duties u ON u.id = k.duty JOIN agencies a ON a.id = k.unit
 WHERE x.state <> 'open' OR x.closed_at IS NOT NULL OR x.reported_at IS NOT NULL OR x.due_at IS DISTINCT FROM {_OPENED_DUE}
 ORDER BY 1, k.id LIMIT {MOST}"""

#: Each event about one task, with the task's row after it and the one before.
_STEPS = f"""
SELECT e.seq, e.kind, e.at, e.payload, u.clause, a.code AS unit, k.term, b.state AS was_state, b.due_at AS was_due_at,
       x.state, x.due_at, x.closed_at, x.reported_at,
       (SELECT max(s.at) FROM events s WHERE s.directive = :d AND s.task = e.task AND s.kind = 'done' AND s.seq < e.seq) AS said_done,
       (SELECT s.payload FROM events s WHERE s.directive = :d AND s.task = e.task AND s.kind = 'extend' AND s.seq < e.seq
         ORDER BY s.seq DESC LIMIT 1) AS asked
  FROM events e
  JOIN ({_VERSIONS}) x ON x.task = e.task AND x.from_seq = e.seq
  JOIN task_history b ON b.task = e.task AND b.to_seq = e.seq - 1
  JOIN tasks k ON k.id = e.task JOIN duties u ON u.id = k.duty JOIN agencies a ON a.id = k.unit
 WHERE e.directive = :d AND e.task IS NOT NULL
 ORDER BY e.seq"""

_READINGS = """
SELECT r.seq, r.indicator, a.code AS unit, r."on", r.numerator, r.denominator, r.value, e.kind, e.payload
  FROM readings r JOIN agencies a ON a.id = r.agency LEFT JOIN events e ON e.directive = r.directive AND e.seq = r.seq
 WHERE r.directive = :d ORDER BY r.seq, r.agency"""

_UNREAD = f"""
SELECT v.seq, {_WHOSE.format(rows='''
    SELECT e.task, e.seq FROM events e
     WHERE e.directive = :d AND e.kind = 'figure' AND e.task IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM readings r WHERE r.directive = e.directive AND r.seq = e.seq)''')}
 ORDER BY v.seq LIMIT {MOST}"""

_REQUESTS = """
SELECT r.id, e.seq, e.payload, r.until, u.clause, a.code AS unit, k.term
  FROM requests r
  JOIN tasks k ON k.id = r.task JOIN duties u ON u.id = k.duty JOIN agencies a ON a.id = k.unit
  LEFT JOIN events e ON e.directive = k.directive AND e.task = r.task AND e.kind IN ('extend', 'undone') AND e.at = r.asked_at
 WHERE k.directive = :d ORDER BY r.id, e.seq"""

_SPOKE = """
SELECT e.seq, e.who, p.id, p.salt, p.name, p.role, p.ip, p.agent
  FROM events e JOIN persons p ON p.id = e.person WHERE e.directive = :d AND e.who IS NOT NULL ORDER BY e.seq"""

_TERMS = """
SELECT u.clause, m.term, m.due_at, m.begins_at, m.seq FROM terms m JOIN duties u ON u.id = m.duty
 WHERE u.directive = :d ORDER BY u.position, m.term"""
