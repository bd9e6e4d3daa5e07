"""A changed calendar carried out: open tasks get the dates and rungs that it gives them, in sets, one transaction a directive."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from directives.language.calendar import Calendar, written
from directives.language.expansion import Deadline

from . import annexes, chain, origins, unsaying
from .bonding import ENDED
from .chain import Event
from .issued import Issued, load
from .redating import _CLIMBING
from .reporting import next_round
from .shifting import MOVABLE, Clause, Cohort, Shift, clauses, shifts
from .store import Store
from .types import instant, seconds


def under_way(db: Connection) -> list[int]:
    """The directives with open tasks that have not ended."""
    return list(db.execute(text(_UNDER_WAY)).scalars())


def carry_out(store: Store, directive: int, calendar: Calendar, now: datetime) -> list[Shift]:
    """Give open tasks of a directive the dates and rungs of this calendar; returns the dates that moved. Twice is once."""
    with store.read() as db:  # most directives have nothing that moves
        if not list(clauses(db, load(db, directive, calendar), now)):
            return []
    with store.write() as db:
        chain.lock(db, directive)
        unsaying.hold(db)
        issued, found = load(db, directive, calendar), shifts(db, directive, calendar, now)
        if not (moving := list(clauses(db, issued, now))):
            return []
        words = f"lịch làm việc thay đổi, phiên bản {issued.calendar.version}"
        events = [Event(kind="calendar", duty=clause.id, payload={"note": _note(clause, words, issued)}) for clause in moving]
        (whole, at), *seqs = chain.append(db, directive, now, Event(kind="calendar", payload={"note": words}), *events)
        for clause, (seq, _) in zip(moving, seqs, strict=True):
            _recount(db, issued, clause, seq, at)
        db.execute(text(_THAW), {"d": directive, "since": whole})
        _next_report(db, issued, at)
    return found


def _note(clause: Clause, words: str, issued: Issued) -> str:
    tz = issued.practice.tz
    dates = dict.fromkeys((each.row.due_at, each.due.day) for each in clause.cohorts if each.due)
    said = ", ".join(f"{written(instant(was).astimezone(tz).date())} → {written(day)}" for was, day in dates)
    return f"{words}: hạn {said}" if said else words


def _recount(db: Connection, issued: Issued, clause: Clause, seq: int, at: datetime) -> None:
    """Write a clause's cohorts, then what their terms say."""
    for each in sorted(clause.cohorts, key=_order):
        row, due = each.row, each.due
        which = _COHORT + (_CLIMBING if annexes.has_own(db, clause.id, row.term) else "")
        of = {
            "duty": clause.id, "term": row.term, "was": row.due_at, "said": row.rung, "movable": row.movable, "climbs": row.climbs,
            "seq": seq, "due_at": seconds(due.at) if due else None, "rung": each.rung,
            "wake_at": seconds(each.wake_at) if each.wake_at else None, "anew": int(due is not None or each.rung != row.rung),
        }
        for statement in (_CARRY, *((_KEEP, _MOVE) if due else (_RESUME,))):
            db.execute(text(statement.format(which=which)), of)
        if each.last:
            _redate(db, clause, due, of | {"last": each.last.isoformat()})
    for term in {each.row.term for each in clause.cohorts}:
        origins.keep(db, (clause.id, term), seq, issued.calendar, at)


def _order(each: Cohort) -> int:
    """Tasks that have come to another step are not met again: those that go back from the lowest on, the others from the highest."""
    return each.row.rung if each.rung <= each.row.rung else -int(each.row.rung)


def _redate(db: Connection, clause: Clause, due: Deadline | None, of: Mapping[str, Any]) -> None:
    """The term's own date, or the clock's that started; what the term said is kept."""
    started_at = clause.started.get(seconds(due.at)) if due else None
    if due and started_at:
        db.execute(text(_CLOCK), {**of, "started_at": seconds(started_at), "words": due.words})
    else:
        for statement in _TERM:
            db.execute(text(statement), {**of, "due_at": of["due_at"] or of["was"]})


def _next_report(db: Connection, issued: Issued, at: datetime) -> None:
    ahead = next_round(issued, at)
    db.execute(text(_REPORT), {"d": issued.id, "ahead": seconds(ahead) if ahead else None, "now": seconds(at)})


_UNDER_WAY = f"""
SELECT d.id FROM directives d
 WHERE d.state = 'issued' AND NOT EXISTS ({ENDED})
   AND EXISTS (SELECT 1 FROM tasks k WHERE k.directive = d.id AND k.closed_at IS NULL)
 ORDER BY d.id"""

_COHORT = f"""closed_at IS NULL AND duty = :duty AND term = :term AND due_at IS NOT DISTINCT FROM :was AND rung = :said
   AND {MOVABLE.format(of="")} = :movable"""

#: Lines that have not left stay true: they are about the task, and say its date as it is when they leave.
_CARRY = """
UPDATE notice_items SET due_version = due_version + 1
 WHERE :anew = 1 AND task IN (SELECT id FROM tasks WHERE {which})
   AND due_version = (SELECT k.due_version FROM tasks k WHERE k.id = notice_items.task)
   AND notice IN (SELECT n.id FROM notices n WHERE n.state IN ('gathering', 'queued', 'leased', 'uncertain'))"""

_KEEP = """
INSERT INTO task_history (task, from_seq, to_seq, directive, duty, agency, state, due_at, closed_at, reported_at)
SELECT id, since_seq, :seq - 1, directive, duty, agency, state, due_at, closed_at, reported_at FROM tasks WHERE {which}"""

_MOVE = """
UPDATE tasks
   SET due_at = :due_at, original_due_at = :due_at, due_version = due_version + 1, rung = :rung, wake_at = :wake_at, since_seq = :seq
 WHERE {which}"""

_RESUME = """
UPDATE tasks SET rung = :rung, wake_at = :wake_at, due_version = due_version + :anew
 WHERE wake_at IS NOT NULL AND {which}"""

_TERM = (
    """
    INSERT INTO term_history (duty, term, to_seq, due_at, due_words, last_working_day, target)
    SELECT duty, term, :seq - 1, due_at, due_words, last_working_day, target FROM terms
     WHERE duty = :duty AND term = :term
        ON CONFLICT DO NOTHING""",
    "UPDATE terms SET due_at = :due_at, last_working_day = :last WHERE duty = :duty AND term = :term",
)

_CLOCK = """
INSERT INTO clocks (duty, due_at, started_at, words) VALUES (:duty, :due_at, :started_at, :words)
    ON CONFLICT (duty, due_at) DO NOTHING"""

#: Letters about dates that moved are written anew, also where a worker holds them.
_THAW = """
UPDATE notices SET params = NULL
 WHERE params IS NOT NULL AND state IN ('gathering', 'queued', 'leased', 'uncertain')
   AND EXISTS (SELECT 1 FROM notice_items i JOIN tasks k ON k.id = i.task
                WHERE i.notice = notices.id AND k.directive = :d AND k.since_seq >= :since)"""

_REPORT = "UPDATE directives SET reports_at = :ahead WHERE id = :d AND reports_at > :now"
