"""Every number of a report, counted again from the rows by statements that share nothing with the ledger's own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from tasks.ledger.store import Store
from tasks.values import Standing
from tests.rows import ask
from tests.sample import at

Numbers = Mapping[str, Decimal | int]

#: What the paper itself says: the figure that it starts from, and its milestones.
BASELINE = ("2020-05-15", Decimal("78.11"))
MILESTONES = {
    "bao-phu": {"2020-06-30": 85, "2020-09-30": 89, "2020-10-31": 90, "2020-12-31": 90},
    "hoc-sinh": {"2020-09-30": 100}, "tre-den-truong": {"2020-09-30": 100},
}
ROUND_BEFORE_LAST = int(at("2020-11-25", "07:30").timestamp())  # reports on each 25th; the last was made on 25/12


def leaves(made: Standing) -> dict[str, Decimal | int]:
    """Every number of a standing by its path; a list's items are named, since their order is asked elsewhere."""
    return dict(_leaves(TypeAdapter(Standing).dump_python(made), ()))


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Decimal | int]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _leaves(each, (*path, str(key)))
    elif isinstance(value, (list, tuple)):
        for n, each in enumerate(value):
            yield from _leaves(each, (*path, _name(each, n)))
    elif isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        yield "/".join(path), value  # type: ignore[misc]  # a float would be no number of a report, and is never counted


def _name(item: Any, n: int) -> str:
    if isinstance(item, dict):
        if "work" in item:
            return f"{item['kind']}:{item['work']['id']}"
        of = item.get("party", item)
        return str(next((of[key] for key in ("id", "indicator", "name") if key in of), n))
    is_day = isinstance(item, tuple) and isinstance(item[0], date)
    return item[0].isoformat() if is_day else str(n)


def counted(store: Store, end: datetime, before: datetime) -> Numbers:
    """The same numbers, by the same paths, of a report made at `end` with changes since `before`; nothing happened in between."""
    now, then = int(end.timestamp()), int(before.timestamp())
    assert ask(store, "SELECT 1 FROM events WHERE at > :at", at=then) == []
    return dict(
        [*_whole(store, now, then), *_agencies(store, now), *_overdue(store, now), *_changes(store, now, then), *_lines(store)]
    )


def _whole(store: Store, now: int, then: int) -> Iterator[tuple[str, int]]:
    [row] = ask(store, "SELECT d.id, (SELECT max(seq) FROM events) AS seq, (SELECT count(*) FROM failures) AS failed FROM directives d")
    yield from (("paper/id", row.id), ("seq", row.seq), ("unsent", row.failed))
    yield from _cells(store, "cells", now)
    yield from _cells(store, "cells_before", then)


def _cells(store: Store, path: str, when: int, **of: object) -> Iterator[tuple[str, int]]:
    of = {"agency": "", "clause": "", **of}
    [row] = ask(store, _CELLS, at=when, silent_since=ROUND_BEFORE_LAST, **of)
    return ((f"{path}/{name}", count) for name, count in row._mapping.items())


def _agencies(store: Store, now: int) -> Iterator[tuple[str, Decimal | int]]:
    for row in ask(store, _HELD):
        yield from _cells(store, f"agencies/{row.agency}/by_clause/{row.clause}", now, agency=row.agency, clause=row.clause)
    for agency in {row.agency for row in ask(store, _HELD)}:
        yield from _cells(store, f"agencies/{agency}/cells", now, agency=agency)
        [rate] = ask(store, _RATE, at=now, agency=agency)
        yield from ((f"agencies/{agency}/rate/{name}", count) for name, count in rate._mapping.items())
        if days := _figures(store, agency):
            yield f"agencies/{agency}/figure", days[-1]


def _figures(store: Store, agency: str) -> list[Decimal]:
    """An agency's figures, a day each, the last word of the day."""
    return [Decimal(100 * row.n) / row.d for row in ask(store, _READ, agency=agency)]


def _overdue(store: Store, now: int) -> Iterator[tuple[str, Decimal | int]]:
    for row in ask(store, f"{_LATE} ORDER BY k.due_at, k.id LIMIT 20", at=now, since=0):
        yield from _work(store, f"overdue/{row.id}", row)


def _changes(store: Store, now: int, then: int) -> Iterator[tuple[str, Decimal | int]]:
    rows = ask(store, f"{_LATE} ORDER BY k.id", at=now, since=then)
    yield "changed/overdue", len(rows)
    for row in rows:
        yield from _work(store, f"changes/overdue:{row.id}/work", row)


def _work(store: Store, path: str, row: Any) -> Iterator[tuple[str, Decimal | int]]:
    yield from ((f"{path}/{name}", count) for name, count in (("id", row.id), ("directive", row.directive), ("asked", row.asked)))
    if row.children:
        yield from ((f"{path}/children/0", row.children_done), (f"{path}/children/1", row.children))
    if row.indicator == "bao-phu" and (days := _figures(store, row.agency)):
        yield f"{path}/figure", days[-1]
        goal = Decimal(json.loads(row.target)["value"])
        yield from ((f"{path}/course/{name}", n) for name, n in (("goal", goal), ("start", days[0]), ("figure", days[-1])))


def _lines(store: Store) -> Iterator[tuple[str, Decimal | int]]:
    yield f"lines/bao-phu/points/{BASELINE[0]}/1", BASELINE[1]
    [sum_] = ask(store, _SUM)
    yield f"lines/bao-phu/points/{sum_.on}/1", Decimal(100 * sum_.n) / sum_.d
    [own] = ask(store, "SELECT count(*) AS n FROM own_targets")
    for indicator, stones in MILESTONES.items():
        yield f"lines/{indicator}/own", own.n
        yield from ((f"lines/{indicator}/milestones/{day}/1", goal) for day, goal in stones.items())
        areas = ask(store, _BELOW, indicator=indicator)
        yield from ((f"lines/{indicator}/areas/{row.name}/units", row.n) for row in areas)
    for n, row in enumerate(ask(store, _AGAIN)):
        yield f"lines/bao-phu/restated/{n}/before", Decimal(row.before)
        yield f"lines/bao-phu/restated/{n}/figure", Decimal(row.value)


_CELLS = """
SELECT count(CASE WHEN closed_at <= due_at THEN 1 END) AS on_time,
       count(CASE WHEN closed_at > due_at THEN 1 END) AS late,
       count(CASE WHEN closed_at IS NULL AND due_at >= :at THEN 1 END) AS in_time,
       count(CASE WHEN closed_at IS NULL AND due_at < :at THEN 1 END) AS overdue,
       count(CASE WHEN closed_at IS NULL AND due_at BETWEEN :at AND :at + 259200 THEN 1 END) AS soon,
       count(CASE WHEN due_at IS NULL THEN 1 END) AS undated,
       count(CASE WHEN due_at IS NULL AND closed_at IS NULL AND coalesce(reported_at, 0) <= :silent_since
                   AND duty NOT IN (SELECT duty FROM unasked) THEN 1 END) AS silent,
       count(CASE WHEN due_at IS NULL AND closed_at IS NOT NULL THEN 1 END) AS undated_done
  FROM tasks WHERE state <> 'void' AND (:agency = '' OR agency IN (SELECT id FROM agencies WHERE code = :agency))
   AND (:clause = '' OR duty IN (SELECT id FROM duties WHERE clause = :clause))"""

_HELD = """
SELECT DISTINCT a.code AS agency, u.clause FROM tasks k JOIN agencies a ON a.id = k.agency JOIN duties u ON u.id = k.duty
 WHERE k.state <> 'void'"""

#: Nothing is paused or returned in this story: what has come due is ordered or asked, of somebody who is reached or is not.
_RATE = """
SELECT count(CASE WHEN u.force = 'do' AND a.mail_state = 'ok' AND k.closed_at <= k.due_at THEN 1 END) AS on_time,
       count(CASE WHEN u.force = 'do' AND a.mail_state = 'ok' THEN 1 END) AS judged,
       count(CASE WHEN u.force = 'ask' THEN 1 END) AS exempt,
       count(CASE WHEN u.force = 'do' AND a.mail_state <> 'ok' THEN 1 END) AS unreachable
  FROM tasks k JOIN agencies a ON a.id = k.agency JOIN duties u ON u.id = k.duty
 WHERE k.state <> 'void' AND a.code = :agency AND k.due_at IS NOT NULL AND (k.closed_at IS NOT NULL OR k.due_at < :at)"""

_READ = """
SELECT r."on", r.numerator AS n, r.denominator AS d FROM readings r JOIN agencies a ON a.id = r.agency
 WHERE r.indicator = 'bao-phu' AND a.code = :agency
   AND r.seq = (SELECT max(l.seq) FROM readings l WHERE l.indicator = r.indicator AND l.agency = r.agency AND l."on" = r."on")
 ORDER BY r."on" """

_LATE = """
SELECT k.id, k.directive, a.code AS agency, u.indicator, m.target, (SELECT count(*) FROM requests q WHERE q.task = k.id) AS asked,
       (SELECT count(*) FROM tasks c WHERE c.parent = k.id AND c.state <> 'void') AS children,
       (SELECT count(*) FROM tasks c WHERE c.parent = k.id AND c.state = 'done') AS children_done
  FROM tasks k
  JOIN agencies a ON a.id = k.agency
  JOIN duties u ON u.id = k.duty
  JOIN terms m ON m.duty = k.duty AND m.term = k.term
 WHERE u.force = 'do' AND k.closed_at IS NULL AND k.state <> 'void' AND k.due_at < :at AND k.due_at >= :since"""

#: Of each ward that holds the duty its last word; the day is the latest of them.
_SUM = """
SELECT sum(r.numerator) AS n, sum(r.denominator) AS d, max(r."on") AS "on" FROM readings r
 WHERE r.indicator = 'bao-phu' AND r.agency IN (SELECT k.agency FROM tasks k WHERE k.closed_at IS NULL)
   AND NOT EXISTS (SELECT 1 FROM readings l WHERE l.indicator = r.indicator AND l.agency = r.agency
                      AND (l."on" > r."on" OR (l."on" = r."on" AND l.seq > r.seq)))"""

#: How many who give a figure hang under each body, where it is neither one of them nor all.
_BELOW = """
SELECT p.name, count(DISTINCT k.agency) AS n
  FROM tasks k
  JOIN duties u ON u.id = k.duty AND u.indicator = :indicator
  JOIN parents r ON r.agency = k.agency AND r.until IS NULL
  JOIN agencies p ON p.id = r.parent
 WHERE k.state <> 'void' AND NOT EXISTS (SELECT 1 FROM tasks c WHERE c.parent = k.id)
 GROUP BY p.name
HAVING count(DISTINCT k.agency) > 1 AND count(DISTINCT k.agency) < (
       SELECT count(DISTINCT o.agency) FROM tasks o JOIN duties v ON v.id = o.duty AND v.indicator = :indicator
        WHERE o.state <> 'void' AND NOT EXISTS (SELECT 1 FROM tasks c WHERE c.parent = o.id))"""

_AGAIN = """
SELECT b.value AS before, r.value FROM readings r
  JOIN readings b ON b.agency = r.agency AND b.indicator = r.indicator AND b."on" = r."on" AND b.seq < r.seq
 WHERE r.indicator = 'bao-phu' ORDER BY r.seq DESC"""
