"""What stands beside a task: a pause or a return, what the issuer decided last, who has it in hand, how often time was asked for."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, select

from tasks.states import DECISIONS
from tasks.values import Work

from . import tables as t
from .direct import ask
from .issued import practice_of
from .rows import pairs
from .types import instant


def beside(db: Connection, wanted: Mapping[str, Any], there: frozenset[str], found: Mapping[int, Work]) -> dict[int, Work]:
    """The tasks with what stood beside them at the event `seq` and the instant `at`; `there` are the tables that hold anything."""
    more: defaultdict[int, dict[str, Any]] = defaultdict(dict)

    def of(statement: str, holds: object) -> Sequence[Any]:
        return ask(db, statement.format(ids=pairs(db)), wanted) if holds else ()

    for row in of(_HOLDS, "holds" in there):
        if found[row.task].closed_at is None:
            more[row.task] |= _held(row)
    for row in of(_ASKED, "extend" in there):
        more[row.task]["asked"] = row.asked
    said = of(_SAID, there & {"delegate", *DECISIONS})
    _in_hand(db, said, more)
    for row in said:  # in their order: the last stands
        if row.kind in DECISIONS:
            words = json.loads(row.payload).get("note", "")
            more[row.task] |= {"decided": row.kind, "decided_words": words, "decided_at": instant(row.at)}
    return {task: replace(work, **more[task]) if task in more else work for task, work in found.items()}


def _held(row: Row[Any]) -> dict[str, Any]:
    until = None if row.until is None else instant(row.until).astimezone(practice_of(row.practice).tz).date()
    return {"state": row.kind, "held_until": until, "held_words": row.note}


def _in_hand(db: Connection, said: Sequence[Row[Any]], more: dict[int, dict[str, Any]]) -> None:
    """Who has a task in hand; a colleague of an agency that has it no more does not."""
    moved = {row.task: row.seq for row in said if row.kind == "reassign"}
    passed = {row.task: json.loads(row.payload)["colleague"] for row in said if row.kind == "delegate" and row.seq > moved.get(row.task, 0)}
    if passed:
        p = t.persons.c
        names = {row.id: row.name for row in db.execute(select(p.id, p.name).where(p.id.in_(set(passed.values()))))}
        for task, person in passed.items():
            more[task]["handler"] = names.get(person, "")


_HOLDS = """
SELECT h.task, h.kind, h.note, h.until, d.practice
  FROM {ids} x JOIN holds h ON h.task = x.a JOIN tasks k ON k.id = x.a JOIN directives d ON d.id = k.directive
 WHERE h.from_seq <= :seq AND (h.to_seq IS NULL OR h.to_seq > :seq)"""

_ASKED = """
SELECT r.task, count(*) AS asked FROM {ids} x JOIN requests r ON r.task = x.a WHERE r.asked_at <= :at GROUP BY r.task"""

_KINDS = ", ".join(f"'{kind}'" for kind in sorted(DECISIONS))

#: The last decision of each kind about a task, and the last word of who has it in hand.
_SAID = f"""
SELECT e.task, e.seq, e.kind, e.payload, e.at
  FROM events e
  JOIN (SELECT v.task, v.kind, max(v.seq) AS seq
          FROM {{ids}} x JOIN events v ON v.task = x.a
         WHERE v.kind IN ('delegate', {_KINDS}) AND v.seq <= :seq
         GROUP BY v.task, v.kind) l ON l.task = e.task AND l.seq = e.seq
 WHERE e.task IS NOT NULL
 ORDER BY e.seq"""
