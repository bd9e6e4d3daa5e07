"""The letters of an issuer's papers: a page of them, and one of them for a person's eyes.

What a letter said is kept frozen until it has left; then addresses and names are erased with it, and it can only be written anew from the
events and rows that stay. A letter that speaks of others' papers too is nobody's desk to read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection

from directives.language.calendar import Calendar
from tasks.letters import Notice

from .rows import sql
from .shelf import mine, within
from .types import instant
from .writing import notices

#: Letters that need somebody.
TROUBLED = "n.state IN ('failed', 'uncertain', 'undeliverable')"

#: Letters about the papers in `mine` alone; a way in is nobody else's.
VISIBLE = """n.lane <> 'login'
   AND (n.directive IN {mine} OR (n.directive IS NULL AND EXISTS (SELECT 1 FROM notice_items i WHERE i.notice = n.id)
        AND NOT EXISTS (SELECT 1 FROM notice_items i JOIN tasks k ON k.id = i.task
                         WHERE i.notice = n.id AND k.directive NOT IN {mine})))"""

#: Stands for the link that a letter was given: it opens nothing.
UNGIVEN = "-----------"

_FROZEN = TypeAdapter(Notice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A letter and what became of it. `at`: when it left, else when it may leave; `frozen`: its words are kept as they are sent.

    `lane` is "change" for what tells of a change or urges: it travels with assignments and is none.
    """

    id: int
    lane: str
    state: str
    recipient: str
    code: str
    number: str
    at: datetime
    attempts: int
    reply: str
    frozen: bool


def letters(
    db: Connection, directives: Iterable[int], *, troubled: bool = False, task: int = 0, before: int = 0, limit: int = 50
) -> tuple[tuple[Sheet, ...], int]:
    """A page of letters, newest first, and the number that the next page lies before; 0 after the last."""
    which = f"AND {TROUBLED}" if troubled else ""
    which += " AND n.id IN (SELECT j.notice FROM notice_items j WHERE j.task = :task)" if task else ""
    query = sql(_LETTERS.format(visible=VISIBLE.format(mine=within(db)), which=f"{which} AND (:before = 0 OR n.id < :before)"))
    rows = db.execute(query, {"mine": mine(directives), "task": task, "before": before, "limit": limit + 1}).all()
    return tuple(_sheet(row) for row in rows[:limit]), rows[limit - 1].id if len(rows) > limit else 0


def letter(db: Connection, directives: Iterable[int], number: int) -> Sheet | None:
    """One letter, None where it is not this desk's."""
    query = sql(_LETTERS.format(visible=VISIBLE.format(mine=within(db)), which="AND n.id = :id"))
    row = db.execute(query, {"mine": mine(directives), "id": number, "limit": 1}).first()
    return _sheet(row) if row else None


def words(db: Connection, number: int, calendar: Calendar, domain: str, now: datetime) -> Notice | None:
    """What a letter says: frozen where it has not left for good, else written anew; None where that is no longer known.

    Its link opens nothing: whoever looks at a letter is not whom it was written to.
    """
    row = db.execute(sql(_ROW), {"id": number}).one()
    if row.params:
        return replace(_FROZEN.validate_json(row.params), link=UNGIVEN)
    if row.lane in ("receipt", "decision") and not row.hint:
        return None
    return next((replace(each, link=UNGIVEN) for each in notices(db, [row], calendar, domain, now)), None)


def _sheet(row: object) -> Sheet:
    of = row._mapping  # type: ignore[attr-defined]
    named = {name: of[name] for name in ("id", "lane", "state", "recipient", "code", "attempts")}
    at = instant(of["sent_at"] if of["sent_at"] is not None else of["not_before"])
    return Sheet(**named, number=of["number"] or "", at=at, reply=of["reply"] or "", frozen=bool(of["frozen"]))


_LETTERS = """
SELECT n.id, CASE WHEN n.key LIKE 'change:%' THEN 'change' ELSE n.lane END AS lane, n.state,
       a.name AS recipient, a.code, d.number, n.sent_at, n.not_before, n.attempts, n.reply,
       n.params IS NOT NULL AS frozen
  FROM notices n JOIN agencies a ON a.id = n.recipient LEFT JOIN directives d ON d.id = n.directive
 WHERE {visible} {which}
 ORDER BY n.id DESC
 LIMIT :limit"""

_ROW = "SELECT n.id, n.key, n.directive, n.recipient, n.lane, n.hint, n.params FROM notices n WHERE n.id = :id"
