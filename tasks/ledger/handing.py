"""Letters that went on paper: who cannot be reached by mail, and that a letter was put into somebody's hands."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from . import chain
from .chain import Event
from .roster import row_of
from .rows import canonical, pairs, sql
from .store import Store
from .types import seconds


def unmailed(db: Connection, directive: int) -> tuple[str, ...]:
    """The codes of agencies that have something open of the paper and no address that works."""
    return tuple(db.execute(sql(_UNMAILED), {"directive": directive}).scalars())


def hand_over(store: Store, directive: int, agencies: Collection[str], at: datetime, now: datetime, *, by: str, ref: str = "") -> int:
    """Record that the agencies were handed the paper's letter at `at`: they have been told of what they owe of it. Once for each task.

    Returns how many tasks were told of by it. `by` says who handed it over, `ref` where the receipt is kept.
    """
    with store.write() as db:
        chain.lock(db, directive)
        wanted = {"pairs": canonical([[row_of(db, code), 0] for code in agencies]), "directive": directive, "at": seconds(at)}
        told = db.execute(sql(_TOLD.format(ids=pairs(db))), wanted, execution_options={"preserve_rowcount": True}).rowcount
        if told:
            said = {"agencies": sorted(agencies), "by": by, "note": ref, "at": seconds(at)}
            chain.append(db, directive, now, Event(kind="handed", payload=said))
        return int(told)


_UNMAILED = """
SELECT a.code FROM agencies a
 WHERE a.mail_state <> 'ok'
   AND EXISTS (SELECT 1 FROM tasks k WHERE k.agency = a.id AND k.directive = :directive AND k.closed_at IS NULL)
 ORDER BY a.code"""

_TOLD = """
UPDATE tasks SET told_at = :at
 WHERE told_at IS NULL AND closed_at IS NULL AND directive = :directive AND agency IN (SELECT x.a FROM {ids} x)"""
