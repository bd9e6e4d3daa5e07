"""The agencies that an issuer's papers give work to: how each is reached, and how much it has open; a page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from directives.language.words import match_form

from .rows import canonical, listed, sql
from .shelf import mine, within
from .types import seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """An agency with its contacts. `mail_state`: ok, none (no address) or bad (letters come back); `head` is whom it answers to."""

    id: int
    code: str
    name: str
    mail: str
    phone: str
    mail_state: str
    head: str
    open: int
    overdue: int


def agencies(
    db: Connection, directives: Iterable[int], now: datetime, *, words: str = "", unreachable: bool = False,
    after: tuple[str, int] = ("", 0), limit: int = 50,
) -> tuple[tuple[Addressee, ...], tuple[str, int] | None]:
    """A page of agencies by name, and the name and number that the next page comes after; None after the last."""
    which = "AND a.mail_state <> 'ok'" if unreachable else ""
    which += f" AND a.id IN (SELECT x.a FROM {listed(db, 'named', 'a')} x)" if words else ""
    query = sql(_AGENCIES.format(mine=within(db), which=which))
    of = {"mine": mine(directives), "now": seconds(now), "named": _named(db, words), "code": "", "limit": limit + 1}
    rows = db.execute(query, {**of, "after": after[0], "id": after[1]}).all()
    last = (rows[limit - 1].name, rows[limit - 1].id) if len(rows) > limit else None
    return tuple(Addressee(**row._mapping) for row in rows[:limit]), last


def agency(db: Connection, directives: Iterable[int], code: str, now: datetime) -> Addressee | None:
    """One agency, None where none of these papers gives it work."""
    query = sql(_AGENCIES.format(mine=within(db), which=""))
    of = {"mine": mine(directives), "now": seconds(now), "after": "", "id": 0, "code": code, "limit": 1}
    row = db.execute(query, of).first()
    return Addressee(**row._mapping) if row else None


def _named(db: Connection, words: str) -> str:
    """The agencies whose name or code holds the words, however they are written: each store has small letters of its own."""
    rows = db.execute(sql("SELECT id, name, code FROM agencies")) if words else ()
    wanted = match_form(words)
    return canonical([[row.id] for row in rows if wanted in match_form(f"{row.name} {row.code}")])


_AGENCIES = """
SELECT a.id, a.code, a.name, coalesce(a.mail, '') AS mail, coalesce(a.phone, '') AS phone, a.mail_state, coalesce(h.name, '') AS head,
       (SELECT count(*) FROM tasks k WHERE k.agency = a.id AND k.closed_at IS NULL AND k.directive IN {mine}) AS open,
       (SELECT count(*) FROM tasks k
         WHERE k.agency = a.id AND k.closed_at IS NULL AND k.due_at < :now AND k.directive IN {mine}) AS overdue
  FROM agencies a LEFT JOIN agencies h ON h.id = a.head
 WHERE EXISTS (SELECT 1 FROM tasks k WHERE k.agency = a.id AND k.state <> 'void' AND k.directive IN {mine}) {which}
   AND (:code = '' OR a.code = :code) AND (a.name, a.id) > (:after, :id)
 ORDER BY a.name, a.id
 LIMIT :limit"""
