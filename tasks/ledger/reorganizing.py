"""Reorganisations: kept until their day, then carried out, the bodies at once and then a transaction a directive.

Every step finds what is left to be done, so that a kill at any commit and another run give the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, text

from directives.language.calendar import DAY, Calendar
from directives.language.practice import Practice
from directives.language.shapes import Directory
from tasks.reorganization import Reorganization, refusal

from . import bodies, inheriting, readdressing, roster
from . import tables as t
from .inheriting import Moved
from .restating import read, written
from .store import Store
from .types import seconds


class ReorganizationError(Exception):
    """What was decided about bodies cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a reorganisation did: open tasks of each body before and after, by code, and how much went on."""

    before: Mapping[str, int]
    after: Mapping[str, int]
    moved: Moved
    doubles: int  # duties and terms of which an heir has several open tasks now, each in another's name
    below: int  # bodies that hang under another now
    letters: int
    mute: tuple[str, ...]  # heirs without an address


class _Seen(Exception):  # noqa: N818 - a signal
    """Everything was looked at: nothing is kept."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


def plan(store: Store, said: Reorganization, newcomers: Directory, now: datetime) -> int:
    """Keep a decision; returns its row number. Bodies that the ledger does not know yet come in. Raises ReorganizationError."""
    with store.write() as db:
        return _enter(db, said, newcomers, now)


def rehearse(
    store: Store, said: Reorganization, newcomers: Directory, *, calendar: Calendar, practice: Practice, now: datetime
) -> Outcome:
    """What a decision would do if its day were today: done, looked at and taken back. Raises ReorganizationError."""
    try:
        with store.write() as db:
            number = _enter(db, said, newcomers, now)
            codes = tuple(dict.fromkeys((*said.bodies, *(said.into if said.kind != "move" else ()))))
            before = _open(db, codes)
            below = bodies.begin(db, number, now)
            moved = Moved()
            for directive in inheriting.touched(db):
                moved = moved.plus(inheriting.move(db, directive, calendar, now))
            letters = _end(db, calendar, practice, now)
            raise _Seen(Outcome(
                before=before, after=_open(db, codes), moved=moved, doubles=_doubles(db, codes), below=below, letters=letters,
                mute=tuple(db.execute(text(_MUTE), {"r": number}).scalars()),
            ))
    except _Seen as seen:
        return seen.outcome


def follow(store: Store, calendar: Calendar, practice: Practice, now: datetime) -> Moved:
    """Carry out what has come, and hand on whatever has come to stand with bodies that have ended since; 0 the second time."""
    today = now.astimezone(practice.tz).date()
    with store.read() as db:
        due = list(db.execute(text(_DUE), {"today": today.isoformat()}).scalars())
        if not due and not inheriting.touched(db) and db.execute(text(_LEFT)).first() is None:
            return Moved()
    for number in due:
        with store.write() as db:
            bodies.begin(db, number, now)
    with store.read() as db:
        touched = inheriting.touched(db)
    moved = Moved()
    for directive in touched:
        with store.write() as db:
            moved = moved.plus(inheriting.move(db, directive, calendar, now))
    with store.write() as db:
        _end(db, calendar, practice, now)
    return moved


def orphans(db: Connection, today: date) -> tuple[tuple[str, str, int], ...]:
    """(code, name, open tasks) of bodies that are no more and still answer for something."""
    return tuple((code, name, n) for code, name, n in db.execute(text(_ORPHANS), {"today": today.isoformat()}))


def _enter(db: Connection, said: Reorganization, newcomers: Directory, now: datetime) -> int:
    body = written(said)
    if (known := db.execute(text(_KNOWN), {"body": body}).scalar()) is not None:
        return int(known)
    ended = set(db.execute(text("SELECT a.code FROM successions s JOIN agencies a ON a.id = s.agency")).scalars())
    rows = db.execute(text("SELECT body FROM reorganizations WHERE begun_at IS NULL")).scalars()
    waiting = {code for row in rows for code in read(row).bodies}
    if words := refusal(said, ended, waiting):
        raise ReorganizationError(words)
    if newcomers.agencies:
        roster.enter(db, newcomers, now)
    values = {"kind": said.kind, "on": said.on, "body": body, "planned_at": now}
    return int(db.execute(insert(t.reorganizations).values(values).returning(t.reorganizations.c.id)).scalar_one())


def _end(db: Connection, calendar: Calendar, practice: Practice, now: datetime) -> int:
    """Say again what has not left, let the letters go; returns how many letters tell of what was taken over."""
    if db.execute(text(_LEFT)).first() is None and db.execute(text(_BEGUN)).first() is None:
        return 0
    tomorrow = calendar.next_working(now.astimezone(practice.tz).date() + DAY).isoformat()
    readdressing.readdress(db, tomorrow, seconds(now))
    letters = readdressing.let_go(db, seconds(calendar.window(now, practice)))
    db.execute(text("UPDATE reorganizations SET ended_at = :now WHERE begun_at IS NOT NULL AND ended_at IS NULL"), {"now": seconds(now)})
    return letters


def _open(db: Connection, codes: tuple[str, ...]) -> dict[str, int]:
    found = dict.fromkeys(codes, 0)
    for code in codes:
        found[code] = int(db.execute(text(_OPEN), {"code": code}).scalar_one())
    return found


def _doubles(db: Connection, codes: tuple[str, ...]) -> int:
    return sum(int(db.execute(text(_DOUBLES), {"code": code}).scalar_one()) for code in codes)


_DUE = """SELECT id FROM reorganizations WHERE ended_at IS NULL AND "on" <= :today ORDER BY "on", id"""

_KNOWN = "SELECT id FROM reorganizations WHERE body = :body AND ended_at IS NULL"

_BEGUN = "SELECT 1 FROM reorganizations WHERE begun_at IS NOT NULL AND ended_at IS NULL LIMIT 1"

#: Letters that wait to be said again, or to go.
_LEFT = """
SELECT 1 FROM notices n JOIN successions s ON s.agency = n.recipient
 WHERE n.state IN ('gathering', 'queued', 'uncertain', 'undeliverable')
UNION ALL
SELECT 1 FROM notices WHERE state = 'gathering' AND lane = 'new' AND key LIKE 'succession:%'
 LIMIT 1"""

_ORPHANS = """
SELECT a.code, a.name, count(*) FROM agencies a JOIN tasks k ON k.agency = a.id AND k.closed_at IS NULL
 WHERE a.until < :today OR EXISTS (SELECT 1 FROM successions s WHERE s.agency = a.id)
 GROUP BY a.code, a.name ORDER BY a.code"""

_MUTE = """
SELECT DISTINCT h.code FROM successions s JOIN agencies h ON h.id = s.heir AND h.mail_state <> 'ok' WHERE s.reorganization = :r
 ORDER BY h.code"""

_OPEN = "SELECT count(*) FROM tasks k JOIN agencies a ON a.id = k.agency WHERE a.code = :code AND k.closed_at IS NULL"

_DOUBLES = """
SELECT count(*) FROM (
    SELECT k.duty, k.term FROM tasks k JOIN agencies a ON a.id = k.agency WHERE a.code = :code AND k.closed_at IS NULL
     GROUP BY k.duty, k.term HAVING count(*) > 1) w"""
