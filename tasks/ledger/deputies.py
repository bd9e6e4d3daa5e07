"""Who reads a position's letters while it is away: a deputy from a day up to another, found when a letter is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, insert, text

from directives.language.calendar import DAY
from directives.language.practice import Practice
from tasks.values import Party

from . import roster
from . import tables as t
from .roster import parties
from .rows import canonical, pairs
from .store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Deputy:
    """Who stands in for whom, from `since` to `until`; both days count."""

    position: Party
    deputy: Party
    since: date
    until: date


def appoint(store: Store, position: str, deputy: str, *, since: date, until: date, by: str, now: datetime) -> str:
    """Let a deputy read a position's letters in a window; returns why not, in words, "" where it is done. The same again is the same."""
    with store.write() as db:
        ids = roster.codes(db)
        of = {"position": ids[position], "deputy": ids[deputy], "since": since.isoformat(), "until": until.isoformat()}
        if since > until:
            return "Ngày cuối phải từ ngày đầu trở đi."
        if position == deputy:
            return "Không ai thay chính mình được."
        if not parties(db, [ids[deputy]])[ids[deputy]].mail:
            return f"{deputy} không có địa chỉ thư nên không nhận thay được."
        if db.execute(text(_SAME), of).first():
            return ""
        if db.execute(text(_OVERLAPS), of).first():
            return f"{position} đã có người thay trong những ngày đó: kết thúc trước, rồi cử người khác."
        db.execute(insert(t.deputies).values(**(of | {"since": since, "until": until}), by=by, at=now))
    return ""


def end(store: Store, position: str, today: date) -> int:
    """From today on the position reads its own letters; returns how many windows that ended."""
    with store.write() as db:
        of = {"position": roster.row_of(db, position), "today": today.isoformat(), "before": (today - DAY).isoformat()}
        ended = db.execute(text("DELETE FROM deputies WHERE position = :position AND since >= :today"), of).rowcount
        return ended + db.execute(text(_END), of).rowcount


def listed(db: Connection, today: date) -> tuple[Deputy, ...]:
    """Every window that has not passed, the nearest first."""
    rows = db.execute(text(_AHEAD), {"today": today.isoformat()}).all()
    people = parties(db, {who for row in rows for who in (row.position, row.deputy)})
    days = {row: (date.fromisoformat(row.since), date.fromisoformat(row.until)) for row in rows}
    return tuple(Deputy(position=people[row.position], deputy=people[row.deputy], since=days[row][0], until=days[row][1]) for row in rows)


def day(now: datetime) -> date:
    """The day that counts for a window."""
    return now.astimezone(Practice().tz).date()


def mailbox(db: Connection, position: int, at: datetime) -> str | None:
    """The mailbox of the deputy to whom a position's letters of an instant went; None where it read them itself."""
    found = _standing_in(db, [position], day(at))
    return parties(db, found.values())[found[position]].mail if found else None


def instead(db: Connection, people: Mapping[int, Party], today: date) -> dict[int, Party]:
    """The recipients of letters, each with its deputy's name and mailbox where it has one today; whose letter it is stays."""
    found = _standing_in(db, people, today)
    names = parties(db, found.values()) if found else {}
    return {
        who: _for(party, names[found[who]]) if who in found else party
        for who, party in people.items()
    }


def _for(party: Party, deputy: Party) -> Party:
    return replace(party, name=f"{deputy.name} (thay {party.short})", mail=deputy.mail, lang=deputy.lang)


def _standing_in(db: Connection, positions: Iterable[int], today: date) -> dict[int, int]:
    wanted = {"pairs": canonical([[who, 0] for who in positions]), "today": today.isoformat()}
    return {row.position: row.deputy for row in db.execute(text(_TODAY.format(ids=pairs(db))), wanted)}


_SAME = "SELECT 1 FROM deputies WHERE position = :position AND deputy = :deputy AND since = :since AND until = :until"

_OVERLAPS = "SELECT 1 FROM deputies WHERE position = :position AND since <= :until AND until >= :since"

_END = "UPDATE deputies SET until = :before WHERE position = :position AND since < :today AND until >= :today"

_AHEAD = "SELECT position, deputy, since, until FROM deputies WHERE until >= :today ORDER BY since, id"

#: Somebody with an address reads the letters of the recipient of a row of notices today; whoever logs in does it himself.
DEPUTED = """(lane <> 'login' AND EXISTS (
                SELECT 1 FROM deputies d JOIN agencies s ON s.id = d.deputy AND s.mail_state = 'ok'
                 WHERE d.position = notices.recipient AND d.since <= :today AND d.until >= :today))"""

_TODAY = """
SELECT d.position, d.deputy
  FROM {ids} x JOIN deputies d ON d.position = x.a AND d.since <= :today AND d.until >= :today
  JOIN agencies a ON a.id = d.deputy AND a.mail_state = 'ok'"""
