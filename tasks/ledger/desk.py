"""What one link opens: everything an agency owes and has done, worst first, and the figures it types for others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import Connection

from directives.language.calendar import Calendar
from tasks.values import Desk, FigureForm, Paper, Work

from .direct import ask
from .figures import figure_of
from .issued import load
from .roster import parties
from .rows import canonical, each
from .shelf import mine, within
from .types import seconds
from .works import papers, works

#: What a page can carry: open duties, the rest on the next, and those done last.
OPEN, CLOSED = 100, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link's row: whose, for what, and whether it still opens."""

    id: str
    purpose: str
    recipient: str
    agency: int
    stands: bool
    opens: str = ""  # whose page it opens: that of the heir of a body that has ended
    task: int = 0  # of a link that was passed on: the one task that it opens
    lang: str | None = None  # in which its pages begin


def link(db: Connection, id_: str, now: datetime) -> Link | None:
    """The link of a row id, None for one that was never given."""
    return links(db, [id_], now).get(id_)


def links(db: Connection, ids: Iterable[str], now: datetime) -> dict[str, Link]:
    """The links of row ids, those that were ever given."""
    return {
        row.id: Link(
            id=row.id, purpose=row.purpose, recipient=row.code, agency=row.agency, opens=row.opens, task=row.task, lang=row.lang,
            stands=row.revoked_at is None and (row.expires_at is None or row.expires_at > seconds(now)),
        )
        for row in ask(db, _LINKS.format(ids=each(db, "ids")), {"ids": canonical(list(ids))})
    }


def desk(db: Connection, agency: int, calendar: Calendar, *, task: int = 0, page: int = 1) -> Desk:
    """The desk of an agency by its row number; of one task alone where one is named, which is quicker."""
    asked = {"agency": agency, "open": OPEN + 1, "closed": CLOSED, "task": task, "skip": (page - 1) * OPEN}
    found, closed = _ids(db, _OPEN, asked), _ids(db, _CLOSED, asked)
    open_, more = found[:OPEN], len(found) > OPEN
    known = works(db, [*open_, *closed], calendar, reader=agency)
    forms = () if task else _forms(db, agency, calendar)
    named = papers(db, {work.directive for work in known.values()} | {form.directive for form in forms})
    return Desk(
        party=parties(db, [agency])[agency], papers=named, figures=forms, more=more,
        open=tuple(known[task] for task in open_), closed=tuple(known[task] for task in closed),
    )


def led(db: Connection, agency: int, directives: Iterable[int], calendar: Calendar) -> tuple[Work, ...]:
    """All that an agency leads and has open of these papers, nearest date first."""
    query = _LED.format(mine=within(db))
    ids = [row.id for row in ask(db, query, {"agency": agency, "mine": mine(directives)})]
    known = works(db, ids, calendar, reader=agency)
    return tuple(known[task] for task in ids)


def _ids(db: Connection, query: str, asked: Mapping[str, int]) -> list[int]:
    only = "AND k.id = :task" if asked["task"] else ""
    return [row.id for row in ask(db, query.format(only=only), asked)]


def readable(db: Connection, agency: int) -> tuple[Paper, ...]:
    """The directives that a leader has been written to about: by a report, or by a line of his digest; newest first."""
    ids = [row.id for row in ask(db, _READABLE, {"agency": agency})]
    known = papers(db, ids)
    return tuple(known[number] for number in ids)


def _forms(db: Connection, agency: int, calendar: Calendar) -> tuple[FigureForm, ...]:
    rows = ask(db, _ROWS, {"agency": agency})
    people = parties(db, {row.agency for row in rows}) if rows else {}
    said = {number: load(db, number, calendar).directive.indicators for number in {row.directive for row in rows}}
    return tuple(
        FigureForm(
            directive=directive, indicator=indicator, name=name, unit=said[directive][indicator].unit, tasks=tuple(row.task for row in of),
            rows=tuple((people[row.agency], figure_of(row), date.fromisoformat(row.on) if row.on else None) for row in of),
        )
        for (directive, indicator, name), same in groupby(rows, lambda row: (row.directive, row.indicator, row.name))
        for of in [list(same)]
    )


#: An agency's own link, or one that was passed on from it: that one ends with its parent.
_LINKS = """
WITH l AS (
    SELECT id, purpose, agency, expires_at, revoked_at, 0 AS task FROM links WHERE id IN ({ids})
     UNION ALL
    SELECT p.id, k.purpose, k.agency, k.expires_at, coalesce(p.revoked_at, k.revoked_at), p.task
      FROM passed p JOIN links k ON k.id = p.parent
     WHERE p.id IN ({ids}))
SELECT l.id, l.purpose, l.agency, l.expires_at, l.revoked_at, l.task, a.code, coalesce(h.code, a.code) AS opens,
       CASE WHEN h.id IS NULL THEN a.lang ELSE h.lang END AS lang
  FROM l JOIN agencies a ON a.id = l.agency
  LEFT JOIN successions s ON s.agency = a.id LEFT JOIN agencies h ON h.id = s.heir"""

#: Its own, then what it takes part in; dated before undated, nearest date first.
_OPEN = """
SELECT id FROM (
    SELECT k.id, 0 AS part, k.due_at FROM tasks k
     WHERE k.agency = :agency AND k.closed_at IS NULL {only}
    UNION ALL
    SELECT k.id, 1, k.due_at
      FROM coordinators c JOIN tasks k ON k.duty = c.duty AND k.unit = c.lead AND k.closed_at IS NULL
     WHERE c.agency = :agency AND k.agency <> :agency {only}) mine
 ORDER BY part, CASE WHEN due_at IS NULL THEN 1 ELSE 0 END, due_at, id
 LIMIT :open OFFSET :skip"""

_LED = """
SELECT k.id FROM tasks k
 WHERE k.agency = :agency AND k.closed_at IS NULL AND k.directive IN {mine}
 ORDER BY CASE WHEN k.due_at IS NULL THEN 1 ELSE 0 END, k.due_at, k.id"""

_CLOSED = """
SELECT k.id FROM tasks k JOIN directives d ON d.id = k.directive AND d.state = 'issued'
 WHERE k.agency = :agency AND k.closed_at IS NOT NULL {only}
 ORDER BY k.closed_at DESC
 LIMIT :closed"""

#: For each agency the task that a figure is put down to: the oldest open one, else the last.
#: In this order: SQLite would begin with all tasks of the ledger, and most agencies type for nobody.
_ROWS = """
SELECT i.directive, i.indicator, i.name, k.agency, coalesce(min(CASE WHEN k.closed_at IS NULL THEN k.id END), max(k.id)) AS task,
       max(r.value) AS value, max(r."on") AS "on", max(r.numerator) AS numerator, max(r.denominator) AS denominator
  FROM indicators i CROSS JOIN duties u CROSS JOIN tasks k
  LEFT JOIN readings r ON r.directive = i.directive AND r.indicator = i.indicator AND r.agency = k.agency
   AND NOT EXISTS (SELECT 1 FROM readings l
                    WHERE l.directive = r.directive AND l.indicator = r.indicator AND l.agency = r.agency
                      AND (l."on" > r."on" OR (l."on" = r."on" AND l.seq > r.seq)))
 WHERE i.source = :agency
   AND u.directive = i.directive AND u.indicator = i.indicator
   AND k.duty = u.id AND k.state <> 'void' AND k.agency NOT IN (SELECT s.agency FROM successions s)
 GROUP BY i.directive, i.indicator, i.name, k.agency
 ORDER BY i.directive, i.indicator, k.agency"""

#: Who follows others reads what they could read.
_READABLE = """
WITH mine (id) AS (SELECT CAST(:agency AS bigint) UNION SELECT s.agency FROM successions s WHERE s.heir = :agency)
SELECT d.id FROM directives d
 WHERE d.state = 'issued'
   AND (d.issuer IN (SELECT id FROM mine)
     OR EXISTS (SELECT 1 FROM notices n WHERE n.directive = d.id AND n.recipient IN (SELECT id FROM mine) AND n.lane = 'report')
     OR EXISTS (SELECT 1 FROM notices n JOIN notice_items i ON i.notice = n.id JOIN tasks k ON k.id = i.task
                 WHERE n.recipient IN (SELECT id FROM mine) AND n.lane = 'escalation' AND k.directive = d.id))
 ORDER BY d.issued_at DESC, d.id DESC"""
