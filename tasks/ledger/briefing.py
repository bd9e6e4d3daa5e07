"""The letter of an issuing desk: once a working day, what waits there for a decision or for care. Where nothing waits, there is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import Connection

from directives.language.calendar import Calendar
from directives.language.practice import Practice
from tasks.letters import Waits

from . import breaker, sweep, trays
from . import tables as t
from .rows import add, sql
from .shelf import mine, within
from .store import Store
from .sweep import Moment
from .trays import Tray
from .trying import persistent
from .types import instant

_SAID = TypeAdapter(tuple[Waits, ...])


@persistent
def brief(store: Store, calendar: Calendar, practice: Practice, now: datetime) -> int:
    """Queue the day's letters as the send window opens; returns how many. What comes later in the day is tomorrow's. Twice is once."""
    at = sweep.moment(now, calendar, practice)
    if at is None:
        return 0
    with store.read() as db:
        if _last(db) >= at.opened or breaker.stop(db) or breaker.went_back(db, now):
            return 0
    with store.write() as db:
        last = _last(db)
        if not db.execute(sql(_BEGIN), {"now": at.now, "opened": at.opened}).rowcount:
            return 0  # another run was faster
        said = {reader: tuple(_waits(db, papers, last)) for reader, papers in _desks(db).items()}
        return add(db, t.notices, [_letter(reader, waits, at) for reader, waits in sorted(said.items()) if waits])


def _letter(reader: int, waits: tuple[Waits, ...], at: Moment) -> dict[str, object]:
    """A list of yesterday is worth nothing: it leaves before the next one, or not at all."""
    return {
        "key": f"waiting:{reader}:{at.day}", "directive": None, "recipient": reader, "lane": "waiting",
        "hint": _SAID.dump_json(waits).decode(), "not_before": instant(at.now), "expires_at": instant(at.wake), "state": "queued",
    }


def _last(db: Connection) -> int:
    return int(db.execute(sql("SELECT at FROM rounds WHERE name = 'desks'")).scalar() or 0)


def _desks(db: Connection) -> Mapping[int, list[int]]:
    """Who reads of which papers: the issuer, or whoever follows it; its head where it has no mailbox that works."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for row in db.execute(sql(_READERS)):
        found[row.reader].append(row.directive)
    return found


def _waits(db: Connection, papers: Iterable[int], last: int) -> Iterator[Waits]:
    of = {"mine": mine(papers), "last": last}
    for tray, kind in _KINDS.items():
        rows = kind.rows.format(mine=within(db)) if kind.tray is None else f"{trays.source(db, kind.tray)} {kind.rows}"
        if row := db.execute(sql(_OLDEST.format(since=kind.since, agency=kind.agency, task=kind.task, rows=rows)), of).first():
            yield Waits(tray=tray, count=row.n, agency=row.name, about=row.about or "", since=instant(row.since))


class _Kind(NamedTuple):
    """What waits in a tray: since when, whose, on which task; `rows` narrows its tray, or stands alone where there is none."""

    tray: Tray | None
    since: str
    agency: str = "k.agency"
    task: str = "k.id"
    rows: str = ""


#: A figure is doubted once, in the next letter, since nobody has to decide of it. An agency that never had an address is no news.
_KINDS = {
    "confirm": _Kind("confirm", "k.claimed_at"),
    "requests": _Kind("requests", "r.asked_at"),
    "returned": _Kind("returned", "h.at"),
    "replies": _Kind("replies", "(SELECT c.at FROM received c WHERE c.id = r.arrival)", "r.agency", "r.task"),
    "letters": _Kind("letters", "coalesce(n.date, n.not_before)", "n.recipient", "NULL", "AND n.state <> 'undeliverable'"),
    "addresses": _Kind(
        "addresses", "(SELECT max(h.to_at) FROM agency_history h WHERE h.agency = a.id AND h.mail_state <> 'bad')", "a.id", "NULL",
        "AND a.mail_state = 'bad'",
    ),
    "doubted": _Kind(None, "e.at", "r.agency", "e.task", """FROM remarks q
  JOIN events e ON e.directive = q.directive AND e.seq = q.seq
  JOIN readings r ON r.directive = q.directive AND r.seq = q.seq
 WHERE q.directive IN {mine} AND q.kinds <> 'restated' AND e.at > :last
   AND NOT EXISTS (SELECT 1 FROM readings l
                    WHERE l.directive = r.directive AND l.indicator = r.indicator AND l.agency = r.agency
                      AND l."on" = r."on" AND l.seq > r.seq)"""),
}  # fmt: skip

_OLDEST = """
SELECT x.n, x.since, a.name, CASE WHEN u.short <> '' THEN u.short ELSE u.text END AS about
  FROM (SELECT count(*) OVER () AS n, {since} AS since, {agency} AS agency, CAST({task} AS bigint) AS task
          {rows}
         ORDER BY 2, 3, 4
         LIMIT 1) x
  JOIN agencies a ON a.id = x.agency
  LEFT JOIN tasks o ON o.id = x.task
  LEFT JOIN duties u ON u.id = o.duty"""

_READERS = """
SELECT d.id AS directive, CASE WHEN a.mail_state = 'ok' THEN a.id ELSE h.id END AS reader
  FROM directives d
  LEFT JOIN successions s ON s.agency = d.issuer
  JOIN agencies a ON a.id = coalesce(s.heir, d.issuer)
  LEFT JOIN agencies h ON h.id = a.head AND h.mail_state = 'ok'
 WHERE d.state = 'issued' AND (a.mail_state = 'ok' OR h.id IS NOT NULL)
 ORDER BY d.id"""

_BEGIN = """
INSERT INTO rounds (name, at) VALUES ('desks', :now)
    ON CONFLICT (name) DO UPDATE SET at = excluded.at
 WHERE rounds.at < :opened"""
