"""Logins and sessions: who may ask for a way in, a link that is used once, and what a session may read and decide."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, text

from tasks.sessions import LOGIN, LONGEST, Knock, Session

from . import tables as t
from .desk import readable
from .rows import add, canonical
from .types import instant, seconds

#: Letters with a way in for one position within an hour.
MOST = 5


def callers(db: Connection, address: str, today: date) -> Sequence[int]:
    """The positions and issuing bodies that are registered under an address and have something to read or decide."""
    return db.execute(text(_CALLERS), {"mail": address.lower(), "today": today.isoformat()}).scalars().all()


def invite(db: Connection, agency: int, wish: str, now: datetime) -> bool:
    """Queue a letter with a new login link; older ones open nothing from then on. False where there were too many in the hour."""
    hour = {"agency": agency, "since": seconds(now - timedelta(hours=1))}
    if db.execute(text(_ASKED), hour).scalar_one() >= MOST:
        return False
    db.execute(text(_VOID), {"agency": agency, "now": seconds(now)})
    link, until = secrets.token_urlsafe(8), now + LOGIN
    add(db, t.links, [{"id": link, "purpose": "login", "agency": agency, "expires_at": until, "revoked_at": None}])
    add(db, t.logins, [{"link": link, "agency": agency, "wish": wish, "at": now}])
    add(db, t.notices, [{
        "key": f"login:{link}", "directive": None, "recipient": agency, "lane": "login", "hint": canonical({"link": link}),
        "not_before": now, "expires_at": until, "state": "queued",
    }])
    return True


def knock(db: Connection, link: str) -> Knock | None:
    """What a login link is for, whether or not it still stands."""
    row = db.execute(text(_KNOCK), {"link": link}).first()
    return Knock(link=link, name=row.name, wish=row.wish) if row else None


def begin(db: Connection, link: str, id_: str, now: datetime) -> bool:
    """Use a login link up and begin a session; False where it does not stand, or another press was faster."""
    if db.execute(text(_USE), {"link": link, "now": seconds(now)}).rowcount != 1:
        return False
    db.execute(text(_BEGIN), {"link": link, "id": id_, "now": seconds(now)})
    return True


def begin_for(db: Connection, agency: int, id_: str, way: str, now: datetime) -> None:
    """Begin a session of a position that another house has vouched for."""
    db.execute(text(_VOUCHED), {"agency": agency, "id": id_, "way": way, "now": seconds(now)})


def session(db: Connection, id_: str, now: datetime, today: date) -> Session | None:
    """The session as of now; None once it has ended, its time is up, or its position has another mailbox or nothing left to see."""
    row = db.execute(text(_SESSION), {"id": id_, "since": seconds(now - LONGEST)}).first()
    if row is None:
        return None
    decided = decides(db, row.agency, today)
    read = {paper.id for paper in readable(db, row.agency)}
    if not (decided or read):
        return None
    return Session(
        id=id_, agency=row.code, name=row.name, began_at=instant(row.began_at), reads=frozenset(read),
        decides=frozenset(decided), issues=tuple(dict.fromkeys(decided.values())),
    )


def decides(db: Connection, agency: int, today: date) -> dict[int, str]:
    """The directives that a position or body decides of today, by row number, each with the code of its issuer; newest first."""
    return {row.id: row.issuer for row in db.execute(text(_DECIDES), {"agency": agency, "today": today.isoformat()})}


def end(db: Connection, id_: str, now: datetime) -> None:
    """End one session."""
    db.execute(text("UPDATE sessions SET ended_at = :now WHERE id = :id AND ended_at IS NULL"), {"id": id_, "now": seconds(now)})


def end_all(db: Connection, agency: int, now: datetime) -> int:
    """End every session of a position, and the login links that wait; returns how many sessions ended."""
    db.execute(text(_VOID), {"agency": agency, "now": seconds(now)})
    ended = text("UPDATE sessions SET ended_at = :now WHERE agency = :agency AND ended_at IS NULL")
    return db.execute(ended, {"agency": agency, "now": seconds(now)}).rowcount


#: Whose papers a caller speaks for: its own, those of the positions it stands in for today, of the bodies that it follows.
_MINE = """
mine (id) AS (
    SELECT CAST({agency} AS bigint)
     UNION SELECT d.position FROM deputies d WHERE d.deputy = {agency} AND d.since <= :today AND d.until >= :today
     UNION SELECT s.agency FROM successions s WHERE s.heir = {agency})"""

#: A body decides of what it has issued, and so does its head. Few bodies issue anything, and only they are looked at.
_DECIDES = f"""
WITH {_MINE.format(agency=":agency")},
issuers (id) AS MATERIALIZED (SELECT DISTINCT issuer FROM directives WHERE state = 'issued')
SELECT d.id, a.code AS issuer
  FROM issuers i JOIN agencies a ON a.id = i.id JOIN directives d ON d.issuer = a.id
 WHERE d.state = 'issued' AND (a.id IN (SELECT id FROM mine) OR a.head IN (SELECT id FROM mine))
 ORDER BY d.issued_at DESC, d.id DESC"""

_CALLERS = """
SELECT a.id FROM agencies a
 WHERE lower(a.mail) = :mail AND a.mail_state = 'ok'
   AND (EXISTS (SELECT 1 FROM directives d WHERE d.issuer = a.id AND d.state = 'issued')
     OR EXISTS (SELECT 1 FROM agencies b WHERE b.head = a.id)
     OR EXISTS (SELECT 1 FROM notices n WHERE n.recipient = a.id AND n.lane IN ('report', 'escalation'))
     OR EXISTS (SELECT 1 FROM deputies p WHERE p.deputy = a.id AND p.since <= :today AND p.until >= :today))
 ORDER BY a.id"""

_ASKED = "SELECT count(*) FROM logins WHERE agency = :agency AND at > :since"

_VOID = "UPDATE links SET revoked_at = :now WHERE agency = :agency AND purpose = 'login' AND revoked_at IS NULL"

_KNOCK = "SELECT a.name, j.wish FROM logins j JOIN agencies a ON a.id = j.agency WHERE j.link = :link"

_USE = """
UPDATE links SET revoked_at = :now
 WHERE id = :link AND purpose = 'login' AND revoked_at IS NULL AND expires_at > :now"""

_BEGIN = """
INSERT INTO sessions (id, agency, mail, way, began_at)
SELECT :id, a.id, a.mail, 'mail', :now FROM links l JOIN agencies a ON a.id = l.agency WHERE l.id = :link"""

_VOUCHED = """
INSERT INTO sessions (id, agency, mail, way, began_at)
SELECT :id, a.id, a.mail, :way, :now FROM agencies a WHERE a.id = :agency"""

_SESSION = """
SELECT a.id AS agency, a.code, a.name, s.began_at
  FROM sessions s JOIN agencies a ON a.id = s.agency AND lower(a.mail) = lower(s.mail)
 WHERE s.id = :id AND s.ended_at IS NULL AND s.began_at > :since"""
