"""Letters as an operator sees them: what became of each, one sent again, one written anew for a person's eyes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from directives.language.calendar import Calendar
from tasks.letters import Notice

from .types import instant, seconds
from .writing import notices

FAILED = ("failed", "uncertain", "undeliverable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A letter and what became of it; `at` is when it was sent, else when it may leave."""

    id: int
    lane: str
    state: str
    recipient: str
    number: str  # of its directive, "" in a digest
    at: datetime
    attempts: int
    code: int
    reply: str


def posted(db: Connection, *, directive: int = 0, clause: str = "", failed: bool = False, limit: int = 50) -> tuple[Posted, ...]:
    """The newest letters; of one directive or clause, or only those that need an operator."""
    query = text(_POSTED.format(which="AND n.state IN ('failed', 'uncertain', 'undeliverable')" if failed else ""))
    rows = db.execute(query, {"directive": directive, "clause": clause, "limit": limit})
    return tuple(
        Posted(
            id=row.id, lane=row.lane, state=row.state, recipient=row.recipient, number=row.number or "", attempts=row.attempts,
            at=instant(row.sent_at if row.sent_at is not None else row.not_before), code=row.code or 0, reply=row.reply or "",
        )
        for row in rows
    )


def retry(db: Connection, letter: int, now: datetime) -> bool:
    """Queue a letter once more that had failed for good; False where there is no such letter."""
    found = db.execute(text(_RETRY), {"id": letter, "now": seconds(now)}).rowcount == 1
    db.execute(text("UPDATE failures SET until = :now WHERE notice = :id AND until IS NULL"), {"id": letter, "now": seconds(now)})
    return found


def anew(
    db: Connection, calendar: Calendar, domain: str, now: datetime, *, directive: int = 0, agency: str = "", limit: int
) -> Iterator[Notice]:
    """Yield the latest letters as they would be written now; nothing is claimed or frozen. A receipt that has left is not kept."""
    rows = db.execute(text(_ANEW), {"directive": directive, "clause": "", "agency": agency, "limit": limit}).all()
    yield from notices(db, rows, calendar, domain, now)


_ABOUT = """(:directive = 0 OR (:clause = '' AND n.directive = :directive) OR EXISTS (
        SELECT 1 FROM notice_items i JOIN tasks k ON k.id = i.task JOIN duties u ON u.id = k.duty
         WHERE i.notice = n.id AND k.directive = :directive AND (:clause = '' OR u.clause = :clause)))"""

_POSTED = f"""
SELECT n.id, n.lane, n.state, a.short AS recipient, d.number, n.sent_at, n.not_before, n.attempts, n.code, n.reply
  FROM notices n JOIN agencies a ON a.id = n.recipient LEFT JOIN directives d ON d.id = n.directive
 WHERE {_ABOUT} {{which}}
 ORDER BY coalesce(n.sent_at, n.not_before) DESC, n.id DESC
 LIMIT :limit"""

_RETRY = """
UPDATE notices SET state = 'queued', attempts = 0, doubts = 0, not_before = :now
 WHERE id = :id AND state IN ('failed', 'uncertain', 'undeliverable')"""

_ANEW = f"""
SELECT n.id, n.key, n.directive, n.recipient, n.lane, n.hint
  FROM notices n JOIN agencies a ON a.id = n.recipient
 WHERE {_ABOUT} AND (:agency = '' OR a.code = :agency) AND n.lane <> 'login'
   AND (n.lane NOT IN ('receipt', 'decision') OR n.hint <> '')
 ORDER BY coalesce(n.sent_at, n.not_before) DESC, n.id DESC
 LIMIT :limit"""
