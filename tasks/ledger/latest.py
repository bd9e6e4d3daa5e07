"""What was said last of tasks: words, a figure, a request that waits; and who takes part in them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection

from .dating import Former, called
from .direct import ask
from .former import Marks
from .rows import pairs


class Latest(NamedTuple):
    """What other tables say of a set of tasks, by task."""

    words: Mapping[int, tuple[str, str, int]]
    asks: Mapping[int, str]
    figures: Mapping[int, tuple[str, str]]
    with_: Mapping[int, tuple[str, ...]]
    coordinated: frozenset[int]
    marks: Marks = Marks()


def latest(db: Connection, wanted: Mapping[str, Any], names: Mapping[int, Former], there: frozenset[str], *, measured: bool) -> Latest:
    """What stood at the event `seq` and the instant `at`; `there` are the tables that hold anything, `measured` whether figures count."""

    def of(statement: str, holds: object) -> list[Any]:
        return ask(db, statement.format(ids=pairs(db)), wanted) if holds else []

    return Latest(
        words={row.task: (*_said(row.payload), row.at) for row in of(_WORDS, there & SPOKEN)},
        asks={row.task: row.until for row in of(_ASKS, "extend" in there)},
        figures={row.task: (row.value, row.on) for row in of(_FIGURES, measured)},
        with_=named(of(_WITH, "coordinators" in there), names),
        coordinated=frozenset(row.id for row in of(_COORDINATED, "coordinators" in there)),
    )


def named(rows: Iterable[Any], names: Mapping[int, Former]) -> dict[int, tuple[str, ...]]:
    """The names of each task, in their order."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for task, agency, name in rows:
        found[task].append(called(names, agency, name))
    return {task: tuple(names) for task, names in found.items()}


def _said(payload: str) -> tuple[str, str]:
    said = json.loads(payload)
    return str(said.get("note") or said.get("document") or ""), str(said.get("source", ""))


#: The kinds of events by which a lead says a word.
SPOKEN = frozenset({"received", "progress", "figure", "done", "extend", "return", "answer"})

_KINDS = ", ".join(f"'{kind}'" for kind in sorted(SPOKEN))

#: The last event is looked up for each task: a join over all of them is as long as a young ledger is not yet known to be.
_WORDS = f"""
SELECT x.a AS task, e.at, e.payload
  FROM {{ids}} x
  JOIN events e ON e.task = x.a
   AND e.seq = (SELECT max(v.seq) FROM events v WHERE v.task = x.a AND v.kind IN ({_KINDS}) AND v.seq <= :seq)
 WHERE e.task IS NOT NULL"""

_ASKS = """
SELECT r.task, r.until FROM {ids} x JOIN requests r ON r.task = x.a
 WHERE r.asked_at <= :at AND (r.decided_at IS NULL OR r.decided_at > :at)"""

_FIGURES = """
SELECT x.a AS task, r.value, r."on"
  FROM {ids} x
  JOIN tasks k ON k.id = x.a
  JOIN duties u ON u.id = k.duty AND u.indicator <> ''
  JOIN readings r ON r.directive = k.directive AND r.indicator = u.indicator AND r.agency = k.agency AND r.seq <= :seq
 WHERE NOT EXISTS (SELECT 1 FROM readings l
                    WHERE l.directive = r.directive AND l.indicator = r.indicator AND l.agency = r.agency AND l.seq <= :seq
                      AND (l."on" > r."on" OR (l."on" = r."on" AND l.seq > r.seq)))"""

_WITH = """
SELECT k.id AS task, a.id AS agency, a.name
  FROM {ids} x
  JOIN tasks k ON k.id = x.a
  JOIN coordinators c ON c.duty = k.duty AND c.lead = k.unit
  JOIN agencies a ON a.id = c.agency
 ORDER BY k.id, a.id"""

#: Tasks that the reader takes part in without holding them.
_COORDINATED = """
SELECT k.id FROM {ids} x JOIN tasks k ON k.id = x.a
 WHERE k.agency <> :reader
   AND EXISTS (SELECT 1 FROM coordinators c WHERE c.duty = k.duty AND c.agency = :reader AND c.lead = k.unit)"""
