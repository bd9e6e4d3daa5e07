"""What an operator says of letters that wait, of one paper or of one kind: none leaves for now, they go on, none leaves ever.

The queue is judged by it at every claim, so that nothing slips through: what is being gathered, what comes back from a server, what a
worker hands back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, text

from tasks.letters import Lane

from . import chain
from .chain import Event
from .store import Store
from .types import instant, seconds

Verb = Literal["pause", "cancel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order that stands: over which paper ("" every one) and kind ("" every one), how many letters it met, who gave it and why."""

    id: int
    verb: Verb
    number: str
    lane: str
    letters: int
    at: datetime
    by: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The letters of a paper, a kind, or both, by what became of them; they add up to `whole`."""

    sent: int
    waiting: int  # queued, gathering or in doubt
    in_flight: int
    ended: int  # superseded, cancelled, expired
    failed: int  # for the operator, bad addresses included

    @property
    def whole(self) -> int:
        """All of them."""
        return self.sent + self.waiting + self.in_flight + self.ended + self.failed


def order(store: Store, verb: Verb, directive: int | None, lane: Lane | Literal[""], now: datetime, *, by: str, note: str) -> int:
    """Pause or cancel letters; returns how many it meets at once. Each paper among them has an event. Paused again it is one pause."""
    which = {"directive": directive, "lane": lane}
    with store.write() as db:
        if verb == "pause" and db.execute(text(_PAUSED), which).first():
            return 0
        met = db.execute(text(_MET), which).all()
        given = {**which, "verb": verb, "letters": sum(row.n for row in met), "at": seconds(now), "by": by, "note": note}
        db.execute(text(_ORDER), given)
        if verb == "cancel":
            db.execute(text(_CANCEL), which | {"note": note[:500]})
        kind = "letters paused" if verb == "pause" else "letters cancelled"
        _said(db, kind, {row.directive for row in met}, now, {"lane": lane, "by": by, "note": note})
        return int(given["letters"])


def resume(store: Store, directive: int | None, lane: Lane | Literal[""], now: datetime, *, by: str) -> int | None:
    """End a pause; returns how many letters go on, None where there is none."""
    which = {"directive": directive, "lane": lane}
    with store.write() as db:
        if not db.execute(text(_RESUME), which | {"at": seconds(now), "by": by}).rowcount:
            return None
        met = db.execute(text(_MET), which).all()
        _said(db, "letters resumed", {row.directive for row in met}, now, {"lane": lane, "by": by})
        return int(sum(row.n for row in met))


def standing(db: Connection) -> tuple[Order, ...]:
    """The orders that stand, oldest first."""
    return tuple(
        Order(
            id=row.id, verb=row.verb, number=row.number or "", lane=row.lane, letters=row.letters, at=instant(row.at), by=row.by,
            note=row.note,
        )
        for row in db.execute(text(_STANDING))
    )


def counts(db: Connection, directive: int | None = None, lane: str = "") -> Counts:
    """What became of the letters of a paper, of a kind, or of both."""
    found = {row.fate: row.n for row in db.execute(text(_COUNTS), {"directive": directive, "lane": lane})}
    return Counts(**{fate: found.get(fate, 0) for fate in Counts.__slots__})


def _said(db: Connection, kind: str, directives: set[int | None], now: datetime, payload: dict[str, str]) -> None:
    for directive in sorted(number for number in directives if number is not None):
        chain.append(db, directive, now, Event(kind=kind, payload=payload))


def _covers(order: str, notice: str) -> str:
    """Whether an order is over a letter."""
    return f"({order}.directive IS NULL OR {order}.directive = {notice}.directive) AND ({order}.lane = '' OR {order}.lane = {notice}.lane)"


#: Conditions of a claim: what may leave at all, and what never will.
MAY_LEAVE = f"NOT EXISTS (SELECT 1 FROM orders o WHERE o.verb = 'pause' AND o.ended_at IS NULL AND {_covers('o', 'notices')})"
CANCELLED = f"EXISTS (SELECT 1 FROM orders o WHERE o.verb = 'cancel' AND notices.id <= o.upto AND {_covers('o', 'notices')})"

_WHICH = "(CAST(:directive AS bigint) IS NULL OR n.directive = :directive) AND (:lane = '' OR n.lane = :lane)"

_MET = f"""
SELECT n.directive, count(*) AS n FROM notices n
 WHERE n.state IN ('queued', 'gathering', 'uncertain') AND {_WHICH}
 GROUP BY n.directive"""

_SAME = "verb = 'pause' AND ended_at IS NULL AND directive IS NOT DISTINCT FROM CAST(:directive AS bigint) AND lane = :lane"

_PAUSED = f"SELECT 1 FROM orders WHERE {_SAME}"

_ORDER = """
INSERT INTO orders (verb, directive, lane, upto, letters, at, by, note)
SELECT :verb, CAST(:directive AS bigint), :lane, coalesce(max(id), 0), :letters, :at, :by, :note FROM notices"""

#: What is in flight, gathering or in doubt is judged when it comes back to the queue.
_CANCEL = f"""
UPDATE notices AS n SET state = 'superseded', params = NULL, reply = :note
 WHERE n.state = 'queued' AND {_WHICH}"""

_RESUME = f"UPDATE orders SET ended_at = :at, ended_by = :by WHERE {_SAME}"

_STANDING = """
SELECT o.id, o.verb, d.number, o.lane, o.letters, o.at, o.by, o.note
  FROM orders o LEFT JOIN directives d ON d.id = o.directive
 WHERE o.ended_at IS NULL
 ORDER BY o.id"""

_COUNTS = f"""
SELECT CASE n.state WHEN 'sent' THEN 'sent' WHEN 'leased' THEN 'in_flight'
            WHEN 'failed' THEN 'failed' WHEN 'undeliverable' THEN 'failed'
            WHEN 'superseded' THEN 'ended' WHEN 'expired' THEN 'ended' ELSE 'waiting' END AS fate, count(*) AS n
  FROM notices n
 WHERE {_WHICH}
 GROUP BY 1"""
