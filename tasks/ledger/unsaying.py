"""Letters that were decided before a change: whatever of them has not left says what holds now, or does not leave."""

from __future__ import annotations

from sqlalchemy import Connection, text

from directives.language.shapes import Directory

from .assigning import later
from .issued import Issued

#: Not final: may leave, or leave once more.
_UNSENT = "state IN ('gathering', 'queued', 'leased', 'uncertain')"


def hold(db: Connection) -> None:
    """Let nobody else write of letters until the transaction ends; asked for with the directives locked and before any task is.

    Delivery writes of letters, then of their tasks; a change of tasks and then of letters would meet it head-on.
    """
    if db.dialect.name != "sqlite":  # SQLite has one writer at a time
        db.execute(text("LOCK TABLE notices IN SHARE ROW EXCLUSIVE MODE"))


def unsay(db: Connection, directive: int, since: int) -> None:
    """Have every letter that speaks of tasks touched from event `since` on written anew, and end what is about an old decision.

    What is frozen of a letter is erased, also where a worker holds it: put off or in doubt, it is written from what holds then. Lines
    about an old date are not said by then, since each names the version of the date that it is about.
    """
    task = _TASK[db.dialect.name]
    for statement in (_DECIDED, _THAW):
        db.execute(text(statement.format(task=task, unsent=_UNSENT)), {"d": directive, "since": since})


def renew(db: Connection, issued: Issued, people: Directory) -> None:
    """Let assignment letters of a directive that have not left tell of it as it is now."""
    of = {"d": issued.id}
    if db.execute(text(f"SELECT 1 FROM notices WHERE {_ASSIGNED} AND {_UNSENT} LIMIT 1"), of).first() is None:
        return
    db.execute(text(f"UPDATE notices SET hint = '' WHERE {_ASSIGNED} AND {_UNSENT}"), of)
    if hints := [of | {"agency": agency, "hint": hint} for agency, hint in later(db, issued, people).items()]:
        db.execute(text(f"UPDATE notices SET hint = :hint WHERE {_ASSIGNED} AND {_UNSENT} AND recipient = :agency"), hints)
    db.execute(text(_ITEMS), of)


def end(db: Connection, directive: int) -> None:
    """Let no assignment letter of a directive leave that has ended; one that a worker holds says nothing if it is put off."""
    of = {"d": directive}
    db.execute(text(f"UPDATE notices SET state = 'superseded', params = NULL WHERE {_ASSIGNED} AND {_IDLE}"), of)
    db.execute(text(f"UPDATE notices SET hint = '' WHERE {_ASSIGNED} AND state = 'leased'"), of)


_IDLE = "state IN ('gathering', 'queued', 'uncertain')"

_ASSIGNED = "directive = :d AND lane = 'new' AND key LIKE 'assign:%'"

#: The task that a receipt or a decision is about.
_TASK = {
    "sqlite": "CAST(notices.hint ->> '$.act.task' AS bigint)",
    "postgresql": "CAST(CAST(nullif(notices.hint, '') AS jsonb) #>> '{act,task}' AS bigint)",
}

_TOUCHED = "SELECT k.id FROM tasks k WHERE k.directive = :d AND k.since_seq >= :since"

#: A date that was granted, or a request that was refused, is no news any more: the change itself tells what holds.
_DECIDED = f"""
UPDATE notices SET state = 'superseded', params = NULL
 WHERE directive = :d AND lane = 'decision' AND state IN ('queued', 'uncertain') AND hint <> '' AND {{task}} IN ({_TOUCHED})"""

_THAW = """
UPDATE notices SET params = NULL
 WHERE params IS NOT NULL AND {unsent}
   AND (directive = :d
     OR directive IN (SELECT b.paper FROM bonds b WHERE b.directive = :d)
     OR EXISTS (SELECT 1 FROM notice_items i JOIN tasks k ON k.id = i.task
                 WHERE i.notice = notices.id AND k.directive = :d AND k.since_seq >= :since))"""

_ITEMS = """
INSERT INTO notice_items (task, rung, due_version, recipient, notice, after)
SELECT k.id, 0, k.due_version, k.agency, n.id, 0
  FROM notices n JOIN tasks k ON k.agency = n.recipient AND k.directive = n.directive AND k.closed_at IS NULL
 WHERE n.directive = :d AND n.lane = 'new' AND n.state IN ('gathering', 'queued', 'uncertain')
   AND n.key LIKE 'assign:%'
    ON CONFLICT DO NOTHING"""
