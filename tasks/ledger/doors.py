"""The link that stands for an agency, and taking it back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from . import roster, sessions
from .types import seconds


def standing(db: Connection, agency: str, purpose: str, now: datetime) -> str | None:
    """The id of the link that opens now; None where there is none. `agency` is a code."""
    found = db.execute(text(_STANDING), {"agency": agency, "purpose": purpose, "now": seconds(now)}).scalar()
    return None if found is None else str(found)


def give(db: Connection, agency: str, purpose: str, now: datetime, expires_at: datetime | None = None) -> str:
    """The id of the link that stands, a new one where none does."""
    if found := standing(db, agency, purpose, now):
        return found
    revoke(db, agency, purpose, now)  # one that ran out would stand in the way
    roster.link(db, [roster.row_of(db, agency)], purpose, expires_at)
    return str(db.execute(text(_STANDING), {"agency": agency, "purpose": purpose, "now": seconds(now)}).scalar_one())


def revoke(db: Connection, agency: str, purpose: str, now: datetime) -> bool:
    """Take the link back, and those of bodies that it followed, which open its page; False where none stood. Open pages end at once.

    What was passed on from it ends with it; with a leader's link his sessions end.
    """
    if purpose == "page":
        sessions.end_all(db, roster.row_of(db, agency), now)
    return db.execute(text(_REVOKE), {"agency": agency, "purpose": purpose, "now": seconds(now)}).rowcount > 0


_STANDING = """
SELECT l.id FROM links l JOIN agencies a ON a.id = l.agency
 WHERE a.code = :agency AND l.purpose = :purpose AND l.revoked_at IS NULL AND (l.expires_at IS NULL OR l.expires_at > :now)"""

_REVOKE = """
UPDATE links SET revoked_at = :now
 WHERE purpose = :purpose AND revoked_at IS NULL AND agency IN (
       SELECT id FROM agencies WHERE code = :agency
        UNION SELECT s.agency FROM successions s JOIN agencies h ON h.id = s.heir WHERE h.code = :agency)"""
