"""Links passed on to a colleague: one task of an agency's link, until it is taken back or the agency's link ends."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from tasks.sessions import Passed

from . import chain
from .types import instant, seconds


def pass_on(db: Connection, parent: str, task: int, to: str, now: datetime) -> str | None:
    """A new link of the task for a colleague; one that was passed on for it before ends. None where the parent was itself passed on."""
    known = {"parent": parent, "task": task, "now": seconds(now)}
    if db.execute(text("SELECT 1 FROM links WHERE id = :parent"), known).first() is None:
        return None
    db.execute(text("UPDATE passed SET revoked_at = :now WHERE parent = :parent AND task = :task AND revoked_at IS NULL"), known)
    id_ = secrets.token_urlsafe(8)
    new = known | {"id": id_, "person": chain.colleague(db, to)}
    db.execute(text("INSERT INTO passed (id, parent, task, person, at) VALUES (:id, :parent, :task, :person, :now)"), new)
    return id_


def passed(db: Connection, parent: str) -> Sequence[Passed]:
    """What stands of an agency's link, the newest first."""
    rows = db.execute(text(_STANDING), {"parent": parent})
    return [Passed(id=row.id, task=row.task, name=row.name, at=instant(row.at)) for row in rows]


def take_back(db: Connection, parent: str, id_: str, now: datetime) -> bool:
    """End a link that this parent passed on; False where none such stood."""
    known = {"parent": parent, "id": id_, "now": seconds(now)}
    ended = text("UPDATE passed SET revoked_at = :now WHERE parent = :parent AND id = :id AND revoked_at IS NULL")
    return db.execute(ended, known).rowcount == 1


_STANDING = """
SELECT p.id, p.task, coalesce(n.name, '') AS name, p.at
  FROM passed p LEFT JOIN persons n ON n.id = p.person
 WHERE p.parent = :parent AND p.revoked_at IS NULL
 ORDER BY p.at DESC, p.id"""
