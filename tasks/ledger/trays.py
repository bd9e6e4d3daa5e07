"""What waits for an issuer's desk: claims to confirm, requests, returns, answers by mail, letters in doubt, addresses that do not work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from sqlalchemy import Connection

from directives.language.calendar import Calendar
from tasks.sayings import Reply
from tasks.values import Work

from . import replying
from .mailroom import TROUBLED, VISIBLE
from .rows import sql
from .shelf import START, Key, mine, within
from .works import works

Tray = Literal["confirm", "requests", "returned", "paused", "replies", "letters", "addresses"]

#: Trays of tasks; the others hold something else.
OF_TASKS: tuple[Tray, ...] = ("confirm", "requests", "returned", "paused")


def sizes(db: Connection, directives: Iterable[int]) -> Mapping[Tray, int]:
    """How much waits in each tray."""
    of = {"mine": mine(directives)}
    return {tray: int(db.execute(sql(f"SELECT count(*) {source(db, tray)}"), of).scalar_one()) for tray in _TRAYS}


def source(db: Connection, tray: Tray) -> str:
    """Where a tray's statement takes its rows from, for the papers in the parameter `mine`."""
    return _TRAYS[tray].format(mine=within(db))


def tasks(
    db: Connection, directives: Iterable[int], tray: Tray, calendar: Calendar, *, after: Key = START, limit: int = 50
) -> tuple[tuple[Work, ...], Key | None]:
    """A page of a tray of tasks, what has waited longest first, and where the next begins."""
    since, task = _KEYS[tray]
    key = f"{since}, {task}"
    query = sql(f"SELECT {task} AS id, {since} AS at {source(db, tray)} AND ({key}) > (:at, :id) ORDER BY {key} LIMIT :limit")
    rows = db.execute(query, {"mine": mine(directives), "at": after[0], "id": after[1], "limit": limit + 1}).all()
    shown = rows[:limit]
    known = works(db, [row.id for row in shown], calendar)
    return tuple(known[row.id] for row in shown), (shown[-1].at, shown[-1].id) if len(rows) > limit else None


def replies(db: Connection, directives: Iterable[int], calendar: Calendar) -> tuple[Reply, ...]:
    """The answers by mail that nobody has confirmed and that are about these papers, oldest first."""
    ids = set(db.execute(sql(f"SELECT r.id {source(db, 'replies')}"), {"mine": mine(directives)}).scalars())
    return tuple(reply for reply in replying.waiting(db, calendar) if reply.id in ids)


_KEYS: dict[Tray, tuple[str, str]] = {
    "confirm": ("k.claimed_at", "k.id"), "requests": ("r.asked_at", "k.id"), "returned": ("h.at", "k.id"), "paused": ("h.until", "k.id"),
}

_HELD = """FROM holds h JOIN tasks k ON k.id = h.task
 WHERE h.to_seq IS NULL AND h.kind = '{kind}' AND k.closed_at IS NULL AND k.directive IN {{mine}}"""

_TRAYS: dict[Tray, str] = {
    "confirm": "FROM tasks k WHERE k.directive IN {mine} AND k.state = 'claimed'",
    "requests": """FROM requests r JOIN tasks k ON k.id = r.task
 WHERE r.decided_at IS NULL AND k.closed_at IS NULL AND k.directive IN {mine}""",
    "returned": _HELD.format(kind="returned"),
    "paused": _HELD.format(kind="paused"),
    "replies": """FROM replies r LEFT JOIN tasks k ON k.id = r.task
 WHERE r.state = 'waiting'
   AND (k.directive IN {mine}
     OR (r.task IS NULL AND EXISTS (SELECT 1 FROM tasks q WHERE q.agency = r.agency AND q.directive IN {mine})))""",
    "letters": f"FROM notices n WHERE {TROUBLED} AND {VISIBLE}",
    "addresses": """FROM agencies a
 WHERE a.mail_state <> 'ok'
   AND EXISTS (SELECT 1 FROM tasks k WHERE k.agency = a.id AND k.closed_at IS NULL AND k.directive IN {mine})""",
}
