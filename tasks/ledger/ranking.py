"""Which agencies of a paper come first and what all of them come to: one statement counts, puts alike with alike, ranks and cuts.

A nation's agencies stand in few ways. Two counts share a number, so that what stands alike is found by few comparisons.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from tasks.abridged import KINDS, NAMED, Kind
from tasks.cells import Cells

from .counting import COUNTED, NOW, Past, bind, make_room
from .rows import canonical, listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What the agencies of a kind come to: `owing` have something overdue, `mute` have not reported; `asked_…` is of requests alone."""

    kind: Kind
    agencies: int
    owing: int
    mute: int
    cells: Cells
    asked_on_time: int
    asked_due: int


def ranked(db: Connection, now: Past, asked: Collection[int]) -> tuple[list[Total], set[int]]:
    """What the agencies of each kind come to, and those of each that come first in `standing.agencies`, by row number, as it is now.

    `asked` are the duties that were only asked for (đề nghị).
    """
    pairs, bound = _PAIRS, bind(now)
    if asked:
        pairs = _PAIRS | _asked(f"duty IN (SELECT a FROM {listed(db, 'asked', 'a')} x)")
        bound["asked"] = canonical([[duty] for duty in asked])
    make_room(db)
    alike, first = defaultdict[Kind, list[Row[Any]]](list), set[int]()
    for row in db.execute(text(_query(pairs)), bound):
        if row.agency is None:
            alike[KINDS[row.kind]].append(row)
        else:
            first.add(row.agency)
    return [_total(kind, rows) for kind, rows in alike.items()], first


def _total(kind: Kind, rows: Iterable[Row[Any]]) -> Total:
    """The sum of rows that each count so many agencies which stand alike."""
    counts, agencies, owing, mute = Counter[str](), 0, 0, 0
    for row in rows:
        one = _unpacked(row)
        counts.update({name: count * row.agencies for name, count in one.items()})
        agencies += row.agencies
        owing += row.agencies if one["overdue"] else 0
        mute += row.agencies if one["silent"] else 0
    return Total(
        kind=kind, agencies=agencies, owing=owing, mute=mute, cells=Cells(**{name: counts[name] for name in Cells.__slots__}),
        asked_on_time=counts["asked_on_time"], asked_due=counts["asked_due"],
    )


def _unpacked(row: Row[Any]) -> dict[str, int]:
    """The counts in the packed columns, which stand between the kind and how many agencies have them."""
    found, columns = dict[str, int](), tuple[int, ...](row[1:-2])
    for pair, packed in zip(row._fields[1:-2], columns, strict=True):
        first, second = pair.split("__")
        found[first], found[second] = divmod(packed, _UNIT)
    return found


def _query(pairs: Mapping[tuple[str, str], tuple[str, str]]) -> str:
    names = [f"{a}__{b}" for a, b in pairs]
    sums = (f"sum(CASE WHEN {first} THEN {_UNIT} WHEN {second} THEN 1 ELSE 0 END)" for first, second in pairs.values())
    return _RANKED.format(
        sums=", ".join(f"{sum_} AS {name}" for name, sum_ in zip(names, sums, strict=True)), names=", ".join(names),
        nothing=", ".join("0" for _ in names), peer=f"ordered__asked_on_time < {_UNIT}" if len(pairs) > len(_PAIRS) else "1 = 0",
    )


def _asked(mine: str) -> dict[tuple[str, str], tuple[str, str]]:
    """What is counted apart where something was only asked for, of which `mine` says whether a task is."""
    due = f"{mine} AND due_at IS NOT NULL AND (closed_at IS NOT NULL OR due_at < :at)"
    return {("ordered", "asked_on_time"): (f"NOT {mine}", f"{mine} AND closed_at <= due_at"), ("none", "asked_due"): ("1 = 0", due)}


#: A column counts two things of which a task is one at most; the first in this unit.
_UNIT = 1 << 30
_PAIRS = {
    (a, b): (COUNTED[a], COUNTED[b])
    for a, b in (("overdue", "in_time"), ("silent", "soon"), ("late", "undated_done"), ("on_time", "undated"))
}

#: Those of a kind at whom the cut falls: more stand so than there is room for, so that their names decide. No join: PostgreSQL would
#: look each of them up by its number.
_LAST = """
UNION ALL
SELECT * FROM (SELECT {kind}, {{nothing}}, 0, id FROM agencies
                WHERE EXISTS (SELECT 1 FROM cut WHERE kind = {kind})
                  AND (id IN (SELECT agency FROM r WHERE kind = {kind} AND rank = (SELECT rank FROM cut WHERE kind = {kind}))) IS TRUE
                ORDER BY name, code LIMIT (SELECT coalesce(max(room), 0) FROM cut WHERE kind = {kind})) last_{kind}"""
_CUTS = " ".join(f"WHEN {kind} THEN coalesce((SELECT rank FROM cut WHERE kind = {kind}), -1)" for kind in range(len(KINDS)))

#: A row for each way to stand, without an agency, then one for each agency that comes first: those before the cut, and at it.
_RANKED = f"""
WITH r AS MATERIALIZED (
     SELECT agency, {{names}}, ((overdue__in_time >> 30) << 42) + ((silent__soon >> 30) << 21) + (late__undated_done >> 30) AS rank,
            CASE WHEN agency IN (SELECT id FROM agencies WHERE mail_state <> 'ok') THEN 0
                 WHEN {{peer}} THEN 1
                 WHEN overdue__in_time >= {_UNIT} OR silent__soon > 0 THEN 2 ELSE 3 END AS kind
       FROM (SELECT agency, {{sums}} FROM ({NOW}) k GROUP BY agency) c),
alike AS MATERIALIZED (
     SELECT kind, rank, {{names}}, count(*) AS agencies FROM r GROUP BY kind, rank, {{names}}),
cut AS MATERIALIZED (
     SELECT kind, rank, {NAMED} - upto + here AS room
       FROM (SELECT kind, rank, sum(agencies) AS here, sum(sum(agencies)) OVER (PARTITION BY kind ORDER BY rank DESC) AS upto
               FROM alike GROUP BY kind, rank) ranks
      WHERE upto >= {NAMED} AND upto - here < {NAMED})
SELECT kind, {{names}}, agencies, NULL AS agency FROM alike
UNION ALL
SELECT kind, {{nothing}}, 0, agency FROM r WHERE rank > CASE kind {_CUTS} END
{"".join(_LAST.format(kind=kind) for kind in range(len(KINDS)))}"""
