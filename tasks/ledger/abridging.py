"""How a directive stands now, as its page says it: the statement counts, ranks and cuts; read are the agencies that are named."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, text

from directives.language.calendar import Calendar
from tasks.abridged import KINDS, NAMED, Abridged, Kind, Rest, kind_of
from tasks.cells import Cells
from tasks.rates import Rate
from tasks.values import AgencyStanding, Standing

from . import dating, former
from .counting import COUNTS, FORCE, NOW, Past, bind, cells_of, counted_of, is_present, make_room, past
from .issued import load
from .rows import canonical, listed
from .standing import agencies, beside, measured, paused, standing, unreachable
from .types import seconds


def abridged(db: Connection, directive: int, calendar: Calendar, at: datetime, before: datetime | None = None) -> Standing:
    """The numbers of `standing`. Where something has been written since `at`, or an agency become another, it is that itself."""
    issued = load(db, directive, calendar, at)
    now, names = past(db, issued, at), dating.then(db, seconds(at))
    if names or not is_present(db, now):
        return standing(db, directive, calendar, at, before)
    duties = db.execute(text(_DUTIES), {"directive": directive, "seq": now.seq}).all()
    asked = [row.id for row in duties if row.force == "ask"]
    totals, first = _ranked(db, now, asked)
    known = agencies(db, issued, now, counted_of(db, now, first | measured(db, issued, now)), names)
    return Abridged(
        as_of=at, before=before, cells=sum((cells_of(row) for row in totals), Cells()), agencies=known,
        duties=former.duties(db, issued, {row.id for row in duties}), rests=_rests(totals, known), rated=_rate(db, now, totals, asked),
        **beside(db, issued, now, names, calendar=calendar, before=before),
    )


def _ranked(db: Connection, now: Past, asked: Collection[int]) -> tuple[list[Row[Any]], set[int]]:
    """What the agencies of each kind come to, and those of each that are worst, by row number."""
    counts = _ASKED.format(mine=f"duty IN (SELECT a FROM {listed(db, 'asked', 'a')} x)") if asked else _NOT_ASKED
    bound = bind(now) | ({"asked": canonical([[duty] for duty in asked])} if asked else {})
    make_room(db)
    rows = db.execute(text(_RANKED.format(asked=counts)), bound).all()
    return [row for row in rows if row.agency is None], {row.agency for row in rows if row.agency is not None}


def _rests(totals: Sequence[Row[Any]], known: Collection[AgencyStanding]) -> dict[Kind, Rest]:
    return {cast(Kind, row.kind): _rest(row, [each for each in known if kind_of(each) == row.kind]) for row in totals}


def _rest(row: Row[Any], known: Collection[AgencyStanding]) -> Rest:
    """What of all is not theirs."""
    all_, theirs = cells_of(row), sum((each.cells for each in known), Cells())
    return Rest(
        agencies=row.agencies - len(known), owing=row.owing - sum(each.cells.overdue > 0 for each in known),
        mute=row.mute - sum(each.cells.silent > 0 for each in known),
        cells=Cells(**{name: getattr(all_, name) - getattr(theirs, name) for name in Cells.__slots__}),
    )


def _rate(db: Connection, now: Past, totals: Sequence[Row[Any]], asked: Collection[int]) -> Rate:
    """As of `standing.rated`, in sums."""
    due = {row.kind: row.on_time + row.late + row.overdue - row.asked_due for row in totals}
    lost = due.pop("unreachable", 0)
    found = paused(db, now)
    held = _held(found, asked, unreachable(db, {})) if found else 0
    return Rate(
        on_time=sum(row.on_time - row.asked_on_time for row in totals if row.kind != "unreachable"),
        judged=sum(due.values()) - held, exempt=sum(row.asked_due for row in totals) + held, unreachable=lost,
    )


def _held(paused: Mapping[int, Sequence[tuple[int, int]]], asked: Collection[int], bad: Collection[int]) -> int:
    return sum(count for agency, of in paused.items() if agency not in bad for duty, count in of if duty not in asked)


#: The duties of which there is work.
_DUTIES = f"""
SELECT u.id, {FORCE} AS force FROM duties u
 WHERE u.directive = :directive
   AND EXISTS (SELECT 1 FROM tasks k WHERE k.directive = u.directive AND k.duty = u.id AND k.state <> 'void')"""

_SUMMED = ("agencies", "owing", "mute", *Cells.__slots__, "asked_on_time", "asked_due")

#: The agencies of a kind in the order of `standing.agencies`.
_FIRST = """
UNION ALL
SELECT * FROM (SELECT kind, agency, {columns} FROM r WHERE kind = '{kind}'
                ORDER BY overdue DESC, silent DESC, late DESC, name, code LIMIT {most}) {kind}_"""

#: What is told apart where something was only asked (đề nghị).
_ASKED = """
            count(*) FILTER (WHERE NOT {mine}) AS ordered,
            count(*) FILTER (WHERE {mine} AND closed_at <= due_at) AS asked_on_time,
            count(*) FILTER (WHERE {mine} AND due_at IS NOT NULL AND (closed_at IS NOT NULL OR due_at < :at)) AS asked_due"""
_NOT_ASKED = "1 AS ordered, 0 AS asked_on_time, 0 AS asked_due"

#: A row for each kind, without an agency, then one for each that is named.
_RANKED = f"""
WITH c AS MATERIALIZED (
     SELECT agency, {COUNTS}, {{asked}}
       FROM ({NOW}) k GROUP BY agency),
r AS MATERIALIZED (
     SELECT c.*, a.name, a.code, 1 AS agencies,
            CASE WHEN c.overdue > 0 THEN 1 ELSE 0 END AS owing, CASE WHEN c.silent > 0 THEN 1 ELSE 0 END AS mute,
            CASE WHEN a.mail_state <> 'ok' THEN 'unreachable' WHEN c.ordered = 0 THEN 'peer'
                 WHEN c.overdue + c.silent + c.soon > 0 THEN 'pressing' ELSE 'calm' END AS kind
       FROM c JOIN agencies a ON a.id = c.agency)
SELECT kind, NULL AS agency, {", ".join(f"sum(CAST({name} AS integer)) AS {name}" for name in _SUMMED)} FROM r GROUP BY kind
{"".join(_FIRST.format(columns=", ".join(_SUMMED), kind=kind, most=NAMED) for kind in KINDS)}"""
