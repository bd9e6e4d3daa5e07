"""How tasks read where a paper has changed them: what their words were at an event, which date they had before, by what they were urged.

A task that is closed keeps the words that it was closed under.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import Connection

from tasks.ties import Tie

from .bonding import cited
from .direct import ask, one
from .issued import Issued
from .rows import canonical, pairs, sql
from .types import instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What papers did to tasks that are open, by task: the date before with the paper that set the new one; the letters that urge."""

    dates: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    urged: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def is_untouched(db: Connection) -> bool:
    """Whether no paper ever changed another, no calendar a date, no body became another, so that there is nothing to look up."""
    return not ask(db, f"SELECT {TOUCHED}", {})[0][0]


def as_then(db: Connection, rows: Sequence[Any], wanted: Mapping[str, Any]) -> list[Any]:
    """The rows of tasks with the words that held at the event `seq`."""
    then: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    for query in (_DUTIES, _INDICATORS, _TERMS, _TOLD):
        for row in ask(db, query.format(ids=pairs(db)), wanted):
            then[row.id] |= row._mapping
    return [SimpleNamespace(**{**row._mapping, **_kept(row, then[row.id])}) if row.id in then else row for row in rows]


def part(db: Connection, wanted: Mapping[str, Any]) -> list[tuple[int, int, str]]:
    """(task, agency, name) of who took part at the event `seq`."""
    return [(row.task, row.agency, row.name) for row in ask(db, _PART.format(ids=pairs(db)), wanted)]


def marks(db: Connection, wanted: Mapping[str, Any]) -> Marks:
    """What papers had done to the tasks by the event `seq`."""
    dates: dict[int, tuple[str, str]] = {}
    urged: defaultdict[int, list[str]] = defaultdict(list)
    for row in ask(db, _MARKS.format(ids=pairs(db)), wanted):
        by = cited(row.number, date.fromisoformat(row.issued_on)) if row.number else ""
        if row.sign == "!":
            urged[row.task].append(by or row.after)
        else:
            dates[row.task] = (row.before, by)
    return Marks(dates=dates, urged={task: tuple(dict.fromkeys(names)) for task, names in urged.items()})


def ties(db: Connection, ids: Sequence[int], seq: int) -> dict[int, tuple[Tie, ...]]:
    """What was done to directives by their event `seq`, in order."""
    found: defaultdict[int, list[Tie]] = defaultdict(list)
    for row in ask(db, _TIES.format(ids=pairs(db)), {"pairs": canonical([[i, 0] for i in ids]), "seq": seq}):
        by = cited(row.number, date.fromisoformat(row.issued_on)) if row.number else ""
        found[row.directive].append(Tie(kind=row.kind, paper=by, at=instant(row.at), clause=row.clause, reason=row.reason))
    return {directive: tuple(of) for directive, of in found.items()}


def duties(db: Connection, issued: Issued, counted: Collection[int]) -> tuple[tuple[str, str], ...]:
    """Clause and short name of each duty in the paper's order, then of those that are counted though the paper has them no more."""
    said = {duty.clause: duty.short for duty in issued.directive.duties if duty.force != "note"}
    rows = db.execute(sql("SELECT id, clause, short FROM duties WHERE directive = :d ORDER BY position, id"), {"d": issued.id})
    return (*said.items(), *((row.clause, row.short) for row in rows if row.id in counted and row.clause not in said))


class MovedSince(NamedTuple):
    """The date that a paper has given the term of a closed task since."""

    due_at: datetime | None
    due_version: int

    @property
    def values(self) -> dict[str, Any]:
        """The columns of the task if it is taken up again; its ladder begins anew."""
        return {"due_at": self.due_at, "original_due_at": self.due_at, "due_version": self.due_version + 1, "rung": 0, "told_at": None}


def moved_since(db: Connection, task: int) -> MovedSince | None:
    """The date that a closed task takes if it is taken up again; None where nothing has moved."""
    row = one(db, _MOVED_SINCE, {"task": task})
    return MovedSince(None if row.due_at is None else instant(row.due_at), row.due_version) if row else None


def keep_told(db: Connection, task: int, seq: int) -> None:
    """Remember when the lead of a task had been told, before event `seq` has it told anew."""
    db.execute(sql(_KEEP_TOLD), {"task": task, "seq": seq})


def _kept(row: Any, then: Mapping[str, Any]) -> Mapping[str, Any]:
    """A target of a recipient's own is not the term's."""
    return {word: value for word, value in then.items() if word != "target" or not row.own}


#: The event whose words a task shows: of a closed one the event that closed it.
_SINCE = "CASE WHEN k.closed_at IS NULL OR k.since_seq > :seq THEN :seq ELSE k.since_seq END"

#: Whether any paper was ever changed.
TOUCHED = """
       EXISTS (SELECT 1 FROM bonds) OR EXISTS (SELECT 1 FROM term_history) OR EXISTS (SELECT 1 FROM reorganizations)
    OR EXISTS (SELECT 1 FROM prompts)"""

#: The version that held then comes last.
_DUTIES = f"""
SELECT k.id, h.force, h.text, h.short, h.indicator, h.product, h.evidence
  FROM {{ids}} x JOIN tasks k ON k.id = x.a JOIN duty_history h ON h.duty = k.duty AND h.to_seq >= {_SINCE}
 ORDER BY h.to_seq DESC"""

_INDICATORS = f"""
SELECT k.id, h.name AS indicator_name, h.source, coalesce(a.name, '') AS figure_by
  FROM {{ids}} x
  JOIN tasks k ON k.id = x.a
  JOIN duties u ON u.id = k.duty
  JOIN indicator_history h ON h.directive = k.directive AND h.indicator = u.indicator AND h.to_seq >= {_SINCE}
  LEFT JOIN agencies a ON a.id = h.source
 ORDER BY h.to_seq DESC"""

_TERMS = f"""
SELECT k.id, h.due_at AS original_due_at, h.due_words, h.last_working_day, h.target
  FROM {{ids}} x JOIN tasks k ON k.id = x.a JOIN term_history h ON h.duty = k.duty AND h.term = k.term AND h.to_seq >= {_SINCE}
 ORDER BY h.to_seq DESC"""

_TOLD = f"""
SELECT k.id, CASE WHEN h.told_at < :at THEN h.told_at END AS told_at
  FROM {{ids}} x JOIN tasks k ON k.id = x.a JOIN told_history h ON h.task = k.id AND h.to_seq >= {_SINCE}
 ORDER BY h.to_seq DESC"""

_KEEP_TOLD = """
INSERT INTO told_history (task, to_seq, told_at) SELECT id, :seq - 1, told_at FROM tasks WHERE id = :task AND told_at IS NOT NULL"""

_MOVED_SINCE = """
SELECT m.due_at, k.due_version
  FROM tasks k
  JOIN terms m ON m.duty = k.duty AND m.term = k.term AND m.due_at IS DISTINCT FROM k.original_due_at
 WHERE k.id = :task
   AND EXISTS (SELECT 1 FROM term_history h
                WHERE h.duty = k.duty AND h.term = k.term AND h.due_at IS NOT DISTINCT FROM k.original_due_at)"""

_FIRST = f"""(SELECT p.joined FROM part_history p
              WHERE p.duty = c.duty AND p.agency = c.agency AND p.lead = c.lead AND p.seq > {_SINCE} ORDER BY p.seq LIMIT 1)"""

#: Whoever left first after the event was there; whoever came first after it was not.
_PART = f"""
SELECT w.task, w.agency, a.name FROM (
    SELECT k.id AS task, c.agency
      FROM {{ids}} x JOIN tasks k ON k.id = x.a JOIN coordinators c ON c.duty = k.duty AND c.lead = k.unit
     WHERE coalesce({_FIRST}, 0) = 0
     UNION
    SELECT k.id, c.agency
      FROM {{ids}} x JOIN tasks k ON k.id = x.a JOIN part_history c ON c.duty = k.duty AND c.lead = k.unit
     WHERE {_FIRST} = 0) w
  JOIN agencies a ON a.id = w.agency
 ORDER BY w.task, a.id"""

_MARKS = """
SELECT k.id AS task, c.sign, c.before, c.after, p.number, p.issued_on
  FROM {ids} x
  JOIN tasks k ON k.id = x.a
  JOIN changes c ON c.duty = k.duty AND c.term = k.term AND c.what IN ('due', 'urged') AND c.seq <= :seq
  JOIN readers r ON r.change = c.id AND r.agency = k.agency
  LEFT JOIN directives p ON p.id = c.paper
 ORDER BY c.id"""

_TIES = """
SELECT b.directive, b.kind, b.at, b.clause, b.reason, p.number, p.issued_on
  FROM {ids} x JOIN bonds b ON b.directive = x.a LEFT JOIN directives p ON p.id = b.paper
 WHERE b.seq <= :seq
 ORDER BY b.id"""
