"""How a directive stands now, as its page says it: all are counted and ranked by the store; read are the agencies that are named."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from directives.language.calendar import Calendar
from tasks.abridged import Abridged, Kind, Rest, kind_of
from tasks.cells import Cells
from tasks.rates import Rate
from tasks.values import AgencyStanding, Standing

from . import dating, former
from .counting import FORCE, Past, counted_of, is_present, past
from .issued import load
from .ranking import Total, ranked
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
    totals, first = ranked(db, now, asked)
    known = agencies(db, issued, now, counted_of(db, now, first | measured(db, issued, now)), names)
    return Abridged(
        as_of=at, before=before, cells=sum((all_.cells for all_ in totals), Cells()), agencies=known,
        duties=former.duties(db, issued, {row.id for row in duties}), rests=_rests(totals, known), rated=_rate(db, now, totals, asked),
        **beside(db, issued, now, names, calendar=calendar, before=before),
    )


def _rests(totals: Sequence[Total], known: Collection[AgencyStanding]) -> dict[Kind, Rest]:
    return {all_.kind: _rest(all_, [each for each in known if kind_of(each) == all_.kind]) for all_ in totals}


def _rest(all_: Total, known: Collection[AgencyStanding]) -> Rest:
    """What of all is not theirs."""
    theirs = sum((each.cells for each in known), Cells())
    return Rest(
        agencies=all_.agencies - len(known), owing=all_.owing - sum(each.cells.overdue > 0 for each in known),
        mute=all_.mute - sum(each.cells.silent > 0 for each in known),
        cells=Cells(**{name: getattr(all_.cells, name) - getattr(theirs, name) for name in Cells.__slots__}),
    )


def _rate(db: Connection, now: Past, totals: Sequence[Total], asked: Collection[int]) -> Rate:
    """As of `standing.rated`, in sums."""
    due = {all_.kind: all_.cells.on_time + all_.cells.late + all_.cells.overdue - all_.asked_due for all_ in totals}
    lost = due.pop("unreachable", 0)
    found = paused(db, now)
    held = _held(found, asked, unreachable(db, {})) if found else 0
    return Rate(
        on_time=sum(all_.cells.on_time - all_.asked_on_time for all_ in totals if all_.kind != "unreachable"),
        judged=sum(due.values()) - held, exempt=sum(all_.asked_due for all_ in totals) + held, unreachable=lost,
    )


def _held(paused: Mapping[int, Sequence[tuple[int, int]]], asked: Collection[int], bad: Collection[int]) -> int:
    return sum(count for agency, of in paused.items() if agency not in bad for duty, count in of if duty not in asked)


#: The duties of which there is work.
_DUTIES = f"""
SELECT u.id, {FORCE} AS force FROM duties u
 WHERE u.directive = :directive
   AND EXISTS (SELECT 1 FROM tasks k WHERE k.directive = u.directive AND k.duty = u.id AND k.state <> 'void')"""
