"""What of a directive goes to the heirs of bodies that have ended: open tasks, places of those who take part, figures; in sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, text

from directives.language.calendar import Calendar

from . import chain, heirlooms, unsaying
from .chain import Event
from .echoing import HEARS
from .revising import keep_indicators
from .rows import canonical, listed
from .types import seconds


class Moved(NamedTuple):
    """How much went on: open tasks, of them those that became one with another, places of those who take part, figures to type."""

    tasks: int = 0
    merged: int = 0
    part: int = 0
    sources: int = 0

    def plus(self, other: Moved) -> Moved:
        """Both together."""
        return Moved(*(mine + its for mine, its in zip(self, other, strict=True)))


def touched(db: Connection) -> list[int]:
    """The directives in which something still stands with a body that has ended."""
    return list(db.execute(text(_TOUCHED)).scalars())


def move(db: Connection, directive: int, calendar: Calendar, now: datetime) -> Moved:
    """Hand on what stands with bodies that have ended, an event for the whole and one for each duty. Twice is once."""
    chain.lock(db, directive)
    unsaying.hold(db)
    of: dict[str, Any] = {"d": directive}
    tasks, part, sources = (db.execute(text(query), of).all() for query in (_MOVING, _PART, _SOURCES))
    if not (tasks or part or sources):
        return Moved(merged=_merge(db, directive, now))
    duties = sorted({row.duty for row in (*tasks, *part)})
    payload = {"note": _words((*tasks, *part, *sources))}
    said = {duty: _words(row for row in (*tasks, *part) if row.duty == duty) for duty in duties}
    events = [Event(kind="reorganized", duty=duty, payload={"note": said[duty]}) for duty in duties]
    (whole, at), *seqs = chain.append(db, directive, now, Event(kind="reorganized", payload=payload), *events)
    numbers = {duty: seq for duty, (seq, _) in zip(duties, seqs, strict=True)}
    of |= {"whole": whole, "at": seconds(at)}
    of["moving"] = canonical([[row.id, row.heir, numbers[row.duty], row.reorganization] for row in tasks])
    moving = listed(db, "moving", "task", "heir", "seq", "reorganization")
    _run(db, (_KEEP, _KEEP_TOLD, _MOVE), of, moving)
    of["duties"] = canonical([[duty, seq] for duty, seq in numbers.items()])
    _run(db, _TAKE_PART if part else (), of, listed(db, "duties", "duty", "seq"))
    if sources:
        keep_indicators(db, directive, whole)
        db.execute(text(_SOURCE), of)
    heirlooms.hand_on(db, directive, tasks, whole, calendar)
    _run(db, _LETTERS, of, moving)
    return Moved(len(tasks), _merge(db, directive, now), len(part), len(sources))


def _run(db: Connection, statements: Iterable[str], of: Mapping[str, Any], rows: str) -> None:
    for statement in statements:
        db.execute(text(statement.format(rows=rows)), of)


def _words(rows: Iterable[Row[Any]]) -> str:
    return ", ".join(sorted({f"{row.name} → {row.heir_name}" for row in rows}))


def _merge(db: Connection, directive: int, now: datetime) -> int:
    """Of tasks that one figure now decides alike, one goes on: its heir's own, else the first; returns how many do not."""
    doubles = db.execute(text(_DOUBLES), {"d": directive}).all()
    if not doubles:
        return 0
    duties = sorted({row.duty for row in doubles})
    note = "cùng một số liệu, gộp thành một việc"
    seqs = chain.append(db, directive, now, *(Event(kind="reorganized", duty=duty, payload={"note": note}) for duty in duties))
    numbers = {duty: seq for duty, (seq, _) in zip(duties, seqs, strict=True)}
    said = {"at": seconds(seqs[0][1]), "doubles": canonical([[row.task, row.keeper, numbers[row.duty]] for row in doubles])}
    _run(db, (_KEEP, *_END), said, listed(db, "doubles", "task", "keeper", "seq"))
    return len(doubles)


#: A duty that is not over: some task of it is open, or the directive has terms to come.
_ALIVE = "(d.opens_at IS NOT NULL OR EXISTS (SELECT 1 FROM tasks o WHERE o.duty = u.id AND o.closed_at IS NULL))"

_MINE = """successions s JOIN tasks k ON k.agency = s.agency AND k.closed_at IS NULL
       LEFT JOIN shares x ON x.agency = k.agency AND x.duty = k.duty"""

_GIVEN = "shares x JOIN tasks k ON k.agency = x.agency AND k.duty = x.duty AND k.closed_at IS NULL"

_PARTS = f"""successions s JOIN coordinators c ON c.agency = s.agency
  JOIN duties u ON u.id = c.duty JOIN directives d ON d.id = u.directive AND d.state = 'issued' AND {_ALIVE}"""

_TYPED = f"""successions s JOIN indicators i ON i.source = s.agency JOIN directives d ON d.id = i.directive AND d.state = 'issued'
   AND EXISTS (SELECT 1 FROM duties u WHERE u.directive = d.id AND u.indicator = i.indicator AND {_ALIVE})"""

#: An heir's task in another's name that one figure decides together with another of its tasks.
_TWICE = """(SELECT agency, heir FROM successions UNION SELECT agency, heir FROM shares) s
       JOIN tasks k ON k.agency = s.heir AND k.unit = s.agency AND k.closed_at IS NULL AND k.due_at IS NOT NULL
       JOIN duties u ON u.id = k.duty AND u.indicator <> ''
       JOIN tasks o ON o.duty = k.duty AND o.term = k.term AND o.agency = k.agency AND o.closed_at IS NULL AND o.id <> k.id"""

_TOUCHED = f"""
SELECT DISTINCT w.directive FROM (
    SELECT k.directive FROM {_MINE}
     UNION SELECT k.directive FROM {_GIVEN}
     UNION SELECT u.directive FROM {_PARTS}
     UNION SELECT i.directive FROM {_TYPED}
     UNION SELECT k.directive FROM {_TWICE}) w
  JOIN directives d ON d.id = w.directive AND d.state = 'issued'
 ORDER BY w.directive"""

_NAMED = "a.name, h.name AS heir_name"

_MOVING = f"""
SELECT w.*, u.indicator, {_NAMED} FROM (
    SELECT k.id, k.duty, k.agency, coalesce(x.heir, s.heir) AS heir, coalesce(x.reorganization, s.reorganization) AS reorganization
      FROM {_MINE} WHERE k.directive = :d
     UNION
    SELECT k.id, k.duty, k.agency, x.heir, x.reorganization FROM {_GIVEN} WHERE k.directive = :d) w
  JOIN duties u ON u.id = w.duty JOIN agencies a ON a.id = w.agency JOIN agencies h ON h.id = w.heir
 ORDER BY w.id"""

_PART = f"""
SELECT c.duty, c.agency, s.heir, {_NAMED} FROM {_PARTS} JOIN agencies a ON a.id = s.agency JOIN agencies h ON h.id = s.heir
 WHERE u.directive = :d"""

_SOURCES = f"""
SELECT i.indicator, s.heir, {_NAMED} FROM {_TYPED} JOIN agencies a ON a.id = s.agency JOIN agencies h ON h.id = s.heir
 WHERE i.directive = :d"""

_KEEP = """
INSERT INTO task_history (task, from_seq, to_seq, directive, duty, agency, state, due_at, closed_at, reported_at)
SELECT k.id, k.since_seq, x.seq - 1, k.directive, k.duty, k.agency, k.state, k.due_at, k.closed_at, k.reported_at
  FROM {rows} x CROSS JOIN tasks k WHERE k.id = x.task"""

_KEEP_TOLD = """
INSERT INTO told_history (task, to_seq, told_at)
SELECT k.id, x.seq - 1, k.told_at FROM {rows} x CROSS JOIN tasks k WHERE k.id = x.task AND k.told_at IS NOT NULL"""

#: Nobody above hears before the heir has had his grace.
_MOVE = """
UPDATE tasks SET agency = x.heir, since_seq = x.seq, told_at = NULL FROM {rows} x WHERE tasks.id = x.task"""

_DOUBLES = """
SELECT task, duty, keeper FROM (
    SELECT k.id AS task, k.duty, first_value(k.id) OVER (
               PARTITION BY k.duty, k.term, k.agency, k.due_at, coalesce(o.target, m.target)
               ORDER BY CASE WHEN k.unit = k.agency THEN 0 ELSE 1 END, k.id) AS keeper
      FROM tasks k
      JOIN duties u ON u.id = k.duty AND u.indicator <> ''
      JOIN terms m ON m.duty = k.duty AND m.term = k.term
      LEFT JOIN own_targets o ON o.duty = k.duty AND o.term = k.term AND o.unit = k.unit
     WHERE k.directive = :d AND k.closed_at IS NULL AND k.due_at IS NOT NULL AND coalesce(o.target, m.target) <> ''
       AND k.agency IN (SELECT heir FROM successions UNION SELECT heir FROM shares)) w
 WHERE task <> keeper"""

_END = (
    "UPDATE tasks SET state = 'void', closed_at = :at, wake_at = NULL, since_seq = x.seq FROM {rows} x WHERE tasks.id = x.task",
    "UPDATE tasks SET parent = x.keeper FROM {rows} x WHERE tasks.parent = x.task",
    "UPDATE requests SET decided_at = :at, decision = 'moot' WHERE decided_at IS NULL AND task IN (SELECT x.task FROM {rows} x)",
    """
    UPDATE holds SET to_seq = (SELECT k.since_seq FROM tasks k WHERE k.id = holds.task), ended_at = :at, outcome = 'moot'
     WHERE to_seq IS NULL AND task IN (SELECT x.task FROM {rows} x)""",
)

#: Nobody takes part in what he leads himself.
_JOINS = """s.heir <> c.lead
   AND NOT EXISTS (SELECT 1 FROM tasks k WHERE k.duty = c.duty AND k.unit = c.lead AND k.agency = s.heir)
   AND NOT EXISTS (SELECT 1 FROM coordinators e WHERE e.duty = c.duty AND e.agency = s.heir AND e.lead = c.lead)"""

_OLD = "{rows} x JOIN coordinators c ON c.duty = x.duty JOIN successions s ON s.agency = c.agency"

_TAKE_PART = (
    f"""
    INSERT INTO part_history (duty, agency, lead, seq, joined)
    SELECT c.duty, c.agency, c.lead, x.seq, 0 FROM {_OLD}
     UNION
    SELECT c.duty, s.heir, c.lead, x.seq, 1 FROM {_OLD} WHERE {_JOINS}""",
    f"""
    INSERT INTO coordinators (duty, agency, lead)
    SELECT DISTINCT c.duty, s.heir, c.lead FROM {_OLD} WHERE {_JOINS}""",
    "DELETE FROM coordinators WHERE agency IN (SELECT s.agency FROM successions s) AND duty IN (SELECT x.duty FROM {rows} x)",
)

_SOURCE = """
UPDATE indicators SET source = (SELECT s.heir FROM successions s WHERE s.agency = indicators.source)
 WHERE directive = :d AND source IN (SELECT s.agency FROM successions s)"""

#: One letter for each heir and decision gathers all that it takes over, over all directives; what comes later has a letter of its own.
_BASE = "'succession:' || x.reorganization || ':' || x.heir"

_GATHERS = f"n.state = 'gathering' AND n.recipient = x.heir AND (n.key = {_BASE} OR n.key LIKE {_BASE} || ':%')"

_LETTERS = (
    f"""
    INSERT INTO notices (key, recipient, lane, hint, not_before, state)
    SELECT DISTINCT {_BASE} || ':' || :d || ':' || :whole, x.heir, 'new',
           coalesce((SELECT n.hint FROM notices n WHERE n.key = {_BASE}), '{{{{}}}}'), CAST(:at AS bigint), 'gathering'
      FROM {{rows}} x JOIN agencies a ON a.id = x.heir AND {HEARS}
     WHERE NOT EXISTS (SELECT 1 FROM notices n WHERE {_GATHERS})""",
    f"""
    INSERT INTO notice_items (task, rung, due_version, recipient, notice, after)
    SELECT k.id, 0, k.due_version, k.agency, n.id, 0
      FROM {{rows}} x JOIN tasks k ON k.id = x.task AND k.closed_at IS NULL JOIN notices n ON {_GATHERS}
     WHERE true
        ON CONFLICT DO NOTHING""",
)
