"""The outbox: letters claimed under a lease, judged again at the claim, frozen at the first, and what became of them.

Twin of `notifications.outbox.Outbox`. A claim is one statement a lane; letters are written from what it froze, so that every copy
has the same bytes.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row

from directives.language.calendar import Calendar
from tasks.letters import Lane, Leased, Notice, Outcome

from . import deputies, ending, roster, writing
from .bonding import STANDS
from .deputies import DEPUTED
from .echoing import Echo, echo, instead
from .meeting import WORTH_SAYING
from .orders import CANCELLED, MAY_LEAVE
from .rows import among, canonical, listed, sql
from .store import Store
from .suppressing import suppress
from .trying import persistent
from .types import instant, seconds

LEASE = timedelta(minutes=15)
DOUBT = timedelta(minutes=15)  # an uncertain letter waits so long before the same bytes go again
COPIES = 2  # of a letter that may have left: so many more, then it is the operator's

#: A leader's read-only link lives so long after the last letter that carried it.
READABLE = timedelta(days=90)

_FROZEN = TypeAdapter(Notice)


class LedgerOutbox:
    """The outbox of one store. `domain` ends the Message-IDs; `echo` makes parcels for other ways of letters that have had their end."""

    def __init__(self, store: Store, calendar: Calendar, domain: str, echo: Echo | None = None) -> None:
        self.store, self.calendar, self.domain, self.echo = store, calendar, domain, echo
        self._sure = False

    def sure(self) -> LedgerOutbox:
        """The same without letters that a mail server may have already: what another server may be given."""
        other = LedgerOutbox(self.store, self.calendar, self.domain, self.echo)
        other._sure = True
        return other

    @persistent
    def claim(self, lane: Lane, now: datetime, limit: int) -> Sequence[Notice]:
        """Lease at most `limit` letters of a lane that are due and still worth sending, oldest first."""
        if not self._waits(lane, now):
            return ()
        lease = secrets.token_hex(8)
        lock = "" if self.store.is_sqlite else "FOR NO KEY UPDATE SKIP LOCKED"
        at = {"lane": lane, "now": seconds(now), "limit": limit, "sure": self._sure, "today": deputies.day(now).isoformat()}
        with self.store.write() as db:
            found = db.execute(sql(_JUDGED.format(lock=lock)), at).all()
            rows = [row for row in found if row.became == "leased"]
            if ended := [{"id": row.id, "became": row.became} for row in found if row.became != "leased"]:
                db.execute(sql(_END), ended)
            self._say_otherwise(db, lane, [row for row in found if row.became == "undeliverable"], now)
            new = [row for row in rows if row.params is None]
            _open_doors(db, lane, new, now)
            dates = {row.id: instant(row.date) for row in new if row.date is not None}  # a copy has the date of the first
            letters = writing.notices(db, new, self.calendar, self.domain, now) if new else ()
            written = {n.id: replace(n, date=dates[n.id]) if n.id in dates else n for n in letters}
            _lease(db, rows, written, lease, now + LEASE)
        known = {row.id: written.get(row.id) or _FROZEN.validate_json(row.params) for row in rows}
        oldest = sorted(rows, key=lambda row: (row.not_before, row.id))
        return [replace(known[row.id], lease=lease, attempts=row.attempts) for row in oldest]

    def _say_otherwise(self, db: Connection, lane: Lane, rows: Sequence[Row[Any]], now: datetime) -> None:
        """What no mailbox takes, by another way where one is open; a receipt that has none is not kept for later."""
        if self.echo and rows:
            _open_doors(db, lane, rows, now)
            instead(db, writing.notices(db, rows, self.calendar, self.domain, now), self.echo, now)
        if rows and lane == "receipt":
            db.execute(sql(_NO_RECEIPT), [{"id": row.id} for row in rows])

    @persistent
    def record(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """Commit what became of letters; an outcome whose lease was lost changes nothing."""
        if not outcomes:
            return
        with self.store.write() as db:
            if self.echo:
                echo(db, outcomes, self.echo, now)
            suppress(db, [(o.notice_id, o.lease) for o in outcomes if o.state == "undeliverable"], now)
            ending.end(db, outcomes, now, DOUBT)

    def release(self, letters: Sequence[Leased], now: datetime) -> None:
        """Give back leases that were not used; the claim is not counted as a try."""
        if unused := [{"id": letter.id, "lease": letter.lease} for letter in letters]:
            with self.store.write() as db:
                db.execute(sql(_RELEASE), unused)

    def recover(self, now: datetime) -> None:
        """A lease that ran out may or may not have sent: uncertain, the same bytes again after a wait, at most twice, then the operator."""
        with self.store.write() as db:
            for statement in _RECOVER:
                db.execute(sql(statement), {"now": seconds(now), "again": seconds(now + DOUBT), "copies": COPIES})

    def _waits(self, lane: Lane, now: datetime) -> bool:
        """Whether anything of a lane is due: asked without a writer's lock."""
        with self.store.read() as db:
            return db.execute(sql(_WAITS), {"lane": lane, "now": seconds(now)}).first() is not None


def _open_doors(db: Connection, lane: Lane, rows: Sequence[Row[Any]], now: datetime) -> None:
    """The link that a letter carries stands when it is written; a leader's lives on with each letter that carries it."""
    if lane in writing.PAGES:
        roster.link(db, [row.recipient for row in rows], "page", now + READABLE)
    elif rows and lane not in ("login", "waiting"):  # the one brings a link of its own, the other none
        roster.link(db, [row.recipient for row in rows], "desk")


def _lease(db: Connection, rows: Sequence[Row[Any]], written: Mapping[int, Notice], lease: str, until: datetime) -> None:
    """Lease letters; what is written for the first time is frozen with it."""
    if not rows:
        return
    frozen = {n.id: (_FROZEN.dump_json(n, exclude_defaults=True).decode(), seconds(n.date)) for n in written.values()}
    said = [(row.id, *frozen.get(row.id, (row.params, row.date))) for row in rows]
    of = {"lease": lease, "until": seconds(until)}
    if db.dialect.name == "sqlite":  # reads a list of long words far slower than as many statements
        db.execute(sql(_LEASE), [{**of, "letter": letter, "facts": facts, "dated": dated} for letter, facts, dated in said])
    else:
        query = _LEASE_ALL.format(rows=listed(db, "rows", "letter", "facts text", "dated"), letters=among(db, "rows"))
        db.execute(sql(query), {**of, "rows": canonical(said)})


#: Nothing leaves a ledger that was put back from a copy, nor while the clock cannot be believed, until it is released.
_WAITS = """
SELECT 1 FROM notices
 WHERE state = 'queued' AND lane = :lane AND not_before <= :now
   AND NOT EXISTS (SELECT 1 FROM stops WHERE (taken_at IS NOT NULL OR jumped IS NOT NULL) AND released_at IS NULL)
 ORDER BY not_before
 LIMIT 1"""

#: What becomes of a letter is the judgement: too late, nobody there, nothing left to say, or leased. What is addressed to a body that
#: has ended waits until it is said again to the heir. What is asked of a letter's lines is a value and no EXISTS, which PostgreSQL would
#: answer from a table of all letters' lines, made anew for each claim.
_JUDGED = """
WITH due AS MATERIALIZED (
    SELECT id, key, directive, recipient, lane, day, hint, params, date, attempts, not_before, expires_at FROM notices
     WHERE state = 'queued' AND lane = :lane AND not_before <= :now
       AND (doubts = 0 OR NOT :sure) AND {orders}
       AND NOT EXISTS (SELECT 1 FROM successions s WHERE s.agency = notices.recipient)
     ORDER BY not_before
     LIMIT :limit {{lock}})
SELECT id, key, directive, recipient, lane, hint, params, date, attempts, not_before, {judged} AS became
  FROM due notices""".format(orders=MAY_LEAVE, judged=f"""CASE
           WHEN expires_at <= :now THEN 'expired'
           WHEN {CANCELLED} THEN 'superseded'
           WHEN (SELECT a.mail_state FROM agencies a WHERE a.id = notices.recipient) <> 'ok' AND NOT {DEPUTED} THEN 'undeliverable'
           WHEN (day IS NOT NULL OR (lane = 'new' AND hint = '')) AND (
                SELECT 1 FROM notice_items i JOIN tasks k ON k.id = i.task
                 WHERE i.notice = notices.id AND {WORTH_SAYING} AND k.due_version = i.due_version LIMIT 1) IS NULL
            AND NOT EXISTS (
                SELECT 1 FROM coordinators c JOIN duties u ON u.id = c.duty
                 WHERE c.agency = notices.recipient AND u.directive = notices.directive)
            AND NOT EXISTS (
                SELECT 1 FROM readers r JOIN changes c ON c.id = r.change
                 WHERE r.agency = notices.recipient AND c.paper = notices.directive AND """ + STANDS + """) THEN 'superseded'
           ELSE 'leased' END""")

#: What is not worth sending ends with the claim.
_END = "UPDATE notices SET state = :became, params = NULL WHERE id = :id"

_LEASE = """
UPDATE notices SET state = 'leased', attempts = attempts + 1, lease = :lease, lease_until = :until, params = :facts, date = :dated
 WHERE id = :letter"""

_LEASE_ALL = """
UPDATE notices SET state = 'leased', attempts = attempts + 1, lease = :lease, lease_until = :until, params = facts, date = dated
  FROM {rows} x
 WHERE id {letters} AND id = letter"""

_NO_RECEIPT = "UPDATE notices SET state = 'superseded', hint = '' WHERE id = :id AND state = 'undeliverable'"

_RELEASE = """
UPDATE notices SET state = 'queued', lease = NULL, lease_until = NULL, attempts = attempts - 1
 WHERE id = :id AND lease = :lease AND state = 'leased'"""

_RECOVER = (
    """
    UPDATE notices SET state = 'uncertain', doubts = doubts + 1, lease = NULL, lease_until = NULL, not_before = :again
     WHERE state = 'leased' AND lease_until <= :now""",
    """
    UPDATE notices SET state = 'queued' WHERE state = 'uncertain' AND not_before <= :now AND doubts <= :copies""",
    """
    INSERT INTO failures (notice, since)
    SELECT id, :now FROM notices WHERE state = 'uncertain' AND not_before <= :now
        ON CONFLICT DO NOTHING""",
    """
    UPDATE notices SET state = 'failed', params = NULL WHERE state = 'uncertain' AND not_before <= :now""",
)
