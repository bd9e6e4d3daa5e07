"""A directory file that still has contacts from before a correction, read as it is meant."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, text

from directives.language.directory import mail_of
from directives.language.shapes import Directory


def renewed(db: Connection, directory: Directory) -> Directory:
    """The directory with the contacts that were confirmed, where its file still has those from before."""
    rows = db.execute(text(_CONFIRMED)).all()
    mine = {row.code: row for row in rows if row.code in directory.agencies and mail_of(row.code, directory) == row.old_mail}
    changed = {code: directory.agencies[code].model_copy(update=_contacts(row)) for code, row in mine.items()}
    return directory.model_copy(update={"agencies": {**directory.agencies, **changed}}) if changed else directory


def _contacts(row: Row[Any]) -> dict[str, str]:
    return {name: value for name, value in (("mail", row.mail), ("phone", row.phone)) if value}


#: The last that was confirmed of each agency, with the address from before.
_CONFIRMED = """
SELECT a.code, c.mail, c.phone, h.mail AS old_mail
  FROM corrections c
  JOIN agencies a ON a.id = c.agency
  JOIN agency_history h ON h.agency = c.agency AND h.to_at = c.decided_at
 WHERE c.state = 'confirmed'
   AND NOT EXISTS (SELECT 1 FROM corrections n WHERE n.agency = c.agency AND n.state = 'confirmed' AND n.decided_at > c.decided_at)"""
