"""What a changed duty does to its tasks, in sets: closed ones stay, open ones end, move or go on, missing ones open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from tasks.ladder import Step

from . import annexes
from .revising import Held, Revision, expected, is_asked_for, known_terms, revise_terms
from .rows import canonical, chunks, each, pairs
from .terms import Begun
from .types import seconds

#: Two ladders are the same where their first steps are: without a date they go on for ever.
_LOOKED_AT = 60


class Moved(NamedTuple):
    """Tasks of a term that all had one date and now have another."""

    term: str
    was: int | None
    due_at: int | None
    main: bool  # the date that the paper itself gave


def carry_over(of: Revision) -> list[Moved]:
    """Bring a duty's tasks to what is expected of it from now on; returns the dates that moved."""
    if of.after is None:
        end(of.db, "duty = :duty", {"duty": of.duty, "seq": of.seq, "now": seconds(of.at)})
        return []
    known = known_terms(of.db, of.duty)
    terms = list(expected(of, known)) if of.is_retimed and not is_asked_for(of.after) else None
    moved = revise_terms(of, known, terms) if terms is not None else set()
    held = of.holders(of.after) if of.changes_hands else []
    _end_others(of, [begun.term.key for begun in terms] if terms is not None else list(known), held)
    dates = list(dict.fromkeys(_move(of, moved, known)))  # those that strive and those that must have one date
    if missing := set(_missing(of, known, terms)):
        _open(of, missing, held or of.holders(of.after))
    return dates


def _missing(of: Revision, known: Mapping[str, Any], terms: list[Begun] | None) -> Iterator[str]:
    """Yield the terms that may lack tasks: new ones, withdrawn ones that are back, and all where others hold the duty now."""
    back = set(of.db.execute(text("SELECT DISTINCT term FROM tasks WHERE duty = :duty AND state = 'void'"), {"duty": of.duty}).scalars())
    lasting = [(key, row.due_at) for key, row in known.items()] if terms is None else [(one.term.key, one.due_at) for one in terms]
    for key, due_at in lasting:
        if (due_at is None or due_at > of.at) and (of.changes_hands or key not in known or (terms is not None and key in back)):
            yield key


def end(db: Connection, which: str, values: Mapping[str, Any]) -> int:
    """End open tasks as withdrawn (`which` is a condition; seq, now); what waits of them to be decided is so no more."""
    db.execute(text(_KEEP.format(which=which)), values)
    ended = db.execute(text(_END.format(which=which)), values).rowcount
    for statement in (_MOOT, _FREE):
        db.execute(text(statement), values)
    return ended


def _end_others(of: Revision, kept: Iterable[str], held: list[Held]) -> None:
    """End what is expected no more: other terms, other holders."""
    values: dict[str, Any] = {"duty": of.duty, "seq": of.seq, "now": seconds(of.at), "terms": canonical(list(kept))}
    others = f"term NOT IN ({each(of.db, 'terms')})"
    if of.changes_hands:
        values["pairs"] = canonical([[unit, 0] for unit, _ in held])
        others = f"({others} OR unit NOT IN (SELECT h.a FROM {pairs(of.db)} h))"
    end(of.db, f"duty = :duty AND {others}", values)


def _move(of: Revision, moved: set[str], known: Mapping[str, Any]) -> Iterator[Moved]:
    """Give the open tasks of each term their new date and ladder: what the new one would have said by now is not said."""
    for row in of.db.execute(text(_COHORTS), {"duty": of.duty, "seq": of.seq}).all():
        before = known[row.term]
        old = SimpleNamespace(**{
            **row._mapping, "term_due_at": _seconds(before.due_at), "next_due_at": _seconds(before.next_due_at),
            "climbs": row.climbs if row.own else before.climbs,
        })
        new = SimpleNamespace(**{**row._mapping, "due_at": row.term_due_at if row.term in moved else row.due_at})
        if row.term not in moved and _steps(of, old) == _steps(of, new, later=True):
            continue
        values = {
            "duty": of.duty, "term": row.term, "was": row.due_at, "due_at": new.due_at, "seq": of.seq, "now": seconds(of.at),
            "redated": int(row.term in moved), "climbs": row.climbs, **_position(_steps(of, new, later=True), of),
        }
        which = _COHORT + (_CLIMBING if annexes.has_own(of.db, of.duty, row.term) else "")
        for statement in (_KEEP, _KEEP_TOLD, _MOVE, *((_MOOT,) if row.term in moved else ())):
            of.db.execute(text(statement.format(which=which)), values)
        if row.term in moved:
            yield Moved(row.term, row.due_at, new.due_at, row.due_at == old.term_due_at)


def _seconds(at: datetime | None) -> int | None:
    return seconds(at) if at else None


def _steps(of: Revision, row: Any, *, later: bool = False) -> list[Step]:
    """The ladder of a cohort before the change, or after it."""
    issued, duty = (of.new, of.after) if later else (of.old, of.before)
    return list(islice(issued.steps_of(row), _LOOKED_AT)) if duty else []


def _position(ladder: Iterable[Step], of: Revision) -> dict[str, int | None]:
    """Where on a ladder a task stands that has just come to it."""
    steps = list(ladder)
    return {
        "rung": sum(step.at <= of.at for step in steps), "wake_at": next((seconds(step.at) for step in steps if step.at > of.at), None),
    }


def _open(of: Revision, terms: set[str], held: list[Held]) -> None:
    """Open what is expected and missing of terms that have not ended; what had been withdrawn is taken up again."""
    depth: dict[int | None, int] = {None: -1}
    for unit, parent in held:
        depth[unit] = depth[parent] + 1
    for term in sorted(terms):
        row = of.db.execute(text(_TERM), {"duty": of.duty, "term": term}).one()
        shape = SimpleNamespace(**row._mapping, due_at=row.term_due_at)
        values = {
            "directive": of.new.id, "duty": of.duty, "term": term, "due_at": row.term_due_at, "seq": of.seq,
            **_position(_steps(of, shape, later=True), of),
        }
        for level in range(max(depth.values()) + 1):
            for part in chunks([unit, parent] for unit, parent in held if depth[unit] == level):
                for statement in (_KEEP_VOID, _KEEP_VOID_TOLD, _REVIVE, _OPEN):
                    of.db.execute(text(statement.format(pairs=pairs(of.db))), values | {"pairs": canonical(part)})
        if of.before and of.changes_hands and (of.before.cascade or (of.after and of.after.cascade)):
            of.db.execute(text(_ADOPT), [{"duty": of.duty, "term": term, "unit": unit, "parent": parent} for unit, parent in held])


_KEEP = """
INSERT INTO task_history (task, from_seq, to_seq, directive, duty, agency, state, due_at, closed_at, reported_at)
SELECT id, since_seq, :seq - 1, directive, duty, agency, state, due_at, closed_at, reported_at FROM tasks
 WHERE closed_at IS NULL AND {which}"""

_END = """
UPDATE tasks SET state = 'void', closed_at = :now, wake_at = NULL, since_seq = :seq
 WHERE closed_at IS NULL AND {which}"""

#: A request about a date that is no more: of tasks that this event touched.
_MOOT = """
UPDATE requests SET decided_at = :now, decision = 'amended'
 WHERE decided_at IS NULL AND task IN (SELECT k.id FROM tasks k WHERE k.duty = :duty AND k.since_seq = :seq)"""

#: Nothing holds what has ended.
_FREE = """
UPDATE holds SET to_seq = :seq, ended_at = :now, outcome = 'moot'
 WHERE to_seq IS NULL AND task IN (SELECT k.id FROM tasks k WHERE k.duty = :duty AND k.since_seq = :seq AND k.state = 'void')"""

_COHORTS = """
SELECT DISTINCT u.clause, k.term, k.due_at, m.begins_at, m.due_at AS term_due_at, m.next_due_at, coalesce(o.climbs, m.climbs) AS climbs,
       o.climbs IS NOT NULL AS own
  FROM tasks k
  JOIN duties u ON u.id = k.duty
  JOIN terms m ON m.duty = k.duty AND m.term = k.term
  LEFT JOIN own_targets o ON o.duty = k.duty AND o.term = k.term AND o.unit = k.unit
 WHERE k.duty = :duty AND k.closed_at IS NULL AND k.since_seq < :seq"""

_COHORT = "duty = :duty AND term = :term AND due_at IS NOT DISTINCT FROM :was AND since_seq < :seq"

#: Of a term in which some strive for a target of their own, and others must reach theirs.
_CLIMBING = """ AND :climbs = coalesce(
    (SELECT o.climbs FROM own_targets o WHERE o.duty = tasks.duty AND o.term = tasks.term AND o.unit = tasks.unit),
    (SELECT m.climbs FROM terms m WHERE m.duty = tasks.duty AND m.term = tasks.term))"""

_KEEP_TOLD = """
INSERT INTO told_history (task, to_seq, told_at)
SELECT id, :seq - 1, told_at FROM tasks WHERE closed_at IS NULL AND told_at IS NOT NULL AND :redated = 1 AND {which}"""

#: Nobody is told of the new date yet, so that the grace of those above begins anew.
_MOVE = """
UPDATE tasks
   SET original_due_at = CASE WHEN :redated = 1 THEN :due_at ELSE original_due_at END,
       told_at = CASE WHEN :redated = 1 THEN NULL ELSE told_at END,
       due_at = :due_at, due_version = due_version + 1, rung = :rung, wake_at = :wake_at, since_seq = :seq
 WHERE closed_at IS NULL AND {which}"""

_TERM = """
SELECT u.clause, m.term, m.begins_at, m.due_at AS term_due_at, m.next_due_at, m.climbs
  FROM terms m JOIN duties u ON u.id = m.duty
 WHERE m.duty = :duty AND m.term = :term"""

_VOID = "duty = :duty AND term = :term AND state = 'void' AND since_seq < :seq AND unit IN (SELECT h.a FROM {pairs} h)"

_KEEP_VOID = f"""
INSERT INTO task_history (task, from_seq, to_seq, directive, duty, agency, state, due_at, closed_at, reported_at)
SELECT id, since_seq, :seq - 1, directive, duty, agency, state, due_at, closed_at, reported_at FROM tasks
 WHERE {_VOID}"""

_KEEP_VOID_TOLD = f"""
INSERT INTO told_history (task, to_seq, told_at)
SELECT id, :seq - 1, told_at FROM tasks WHERE told_at IS NOT NULL AND {_VOID}"""

_REVIVE = f"""
UPDATE tasks
   SET state = 'open', closed_at = NULL, claimed_at = NULL, reported_at = NULL, told_at = NULL, due_at = :due_at,
       original_due_at = :due_at, due_version = due_version + 1, rung = :rung, wake_at = :wake_at, since_seq = :seq
 WHERE {_VOID}"""

_OPEN = """
INSERT INTO tasks (directive, duty, unit, agency, term, parent, due_at, original_due_at, wake_at, rung, since_seq)
SELECT :directive, :duty, x.a, x.a, :term, p.id, :due_at, :due_at, :wake_at, :rung, :seq
  FROM {pairs} x LEFT JOIN tasks p ON p.duty = :duty AND p.unit = x.b AND p.term = :term
 WHERE true
    ON CONFLICT (duty, unit, term) DO NOTHING"""

#: Who passes a task down may be another than before.
_ADOPT = """
UPDATE tasks SET parent = (SELECT p.id FROM tasks p WHERE p.duty = :duty AND p.unit = :parent AND p.term = :term)
 WHERE duty = :duty AND unit = :unit AND term = :term AND closed_at IS NULL"""
