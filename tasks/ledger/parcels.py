"""What goes another way than mail: events gathered once for each endpoint, handed out when it is time, kept with what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, text

from . import tables as t
from .endpoints import KINDS, Endpoint, known
from .rows import add, canonical
from .types import instant, seconds

#: Events taken up in one go: the rest follow in the next.
MOST = 1_000

_DECISIONS = ("grant", "refuse", "confirm", "reject", "keep", "reassign", "pause", "resume", "postpone", "reopen", "close")
_ANSWERS = ("received", "progress", "figure", "done", "extend", "return", "answer", "undo")
_KINDS = {"issued": "paper.issued", **dict.fromkeys(_DECISIONS, "decision.made"), **dict.fromkeys(_ANSWERS, "answer.given")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Something to be handed over; `key` names it to whoever gets it, however often."""

    id: int
    channel: str
    endpoint: int
    key: str
    address: str
    body: str
    attempts: int


def gather(db: Connection, now: datetime) -> int:
    """Put what has happened since into a parcel for each endpoint that is told; returns how many are new."""
    return sum(_events(db, endpoint, now) + _overdue(db, endpoint, now) for endpoint in known(db, standing=True))


def put(db: Connection, parcels: Sequence[Mapping[str, Any]], now: datetime) -> int:
    """Queue parcels; one with a key that was decided before is left alone."""
    return add(db, t.parcels, [{**each, "made_at": now, "not_before": now} for each in parcels])


def of_letter(letter: int) -> str:
    """The key of a letter's messages, one by each way."""
    return f"letter {letter}"


def letter_of(parcel: Parcel) -> int:
    """The letter that a message says, 0 of what is no letter."""
    name, _, number = parcel.key.partition(" ")
    return int(number) if not parcel.endpoint and name == "letter" else 0


def drop(db: Connection, letter: int) -> None:
    """Forget the messages of a letter that were given up: it is said anew."""
    db.execute(text("DELETE FROM parcels WHERE endpoint = 0 AND key = :key AND state = 'failed'"), {"key": of_letter(letter)})


def waiting(db: Connection, now: datetime, limit: int) -> tuple[Parcel, ...]:
    """What may go now, oldest first; nothing for an endpoint that rests."""
    rows = db.execute(text(_WAITING), {"now": seconds(now), "limit": limit})
    return tuple(
        Parcel(
            id=row.id, channel=row.channel, endpoint=row.endpoint, key=row.key, address=row.address, body=row.body, attempts=row.attempts
        )
        for row in rows
    )


def arrived(db: Connection, of: Parcel, code: int, now: datetime) -> None:
    """It was taken; to whom and what a person was told is erased."""
    db.execute(text(_ARRIVED), {"id": of.id, "code": code, "now": seconds(now)})


def missed(db: Connection, of: Parcel, said: tuple[int, str], again: datetime | None) -> None:
    """It was not taken: tried again at an instant, or never."""
    values = {"id": of.id, "code": said[0] or None, "reply": said[1][:200], "again": seconds(again) if again else 0}
    db.execute(text(_MISSED), values)


def counts(db: Connection) -> Mapping[str, int]:
    """How many parcels of each state."""
    return {row.state: row.n for row in db.execute(text("SELECT state, count(*) AS n FROM parcels GROUP BY state"))}


def troubles(db: Connection) -> Mapping[str, tuple[int, str]]:
    """Of each way to people: how many messages were not taken, and what was said of the latest."""
    return {row.channel: (row.n, row.reply) for row in db.execute(text(_TROUBLES))}


def forget(db: Connection, now: datetime, after: timedelta) -> None:
    """Drop parcels that ended long ago."""
    db.execute(text("DELETE FROM parcels WHERE state <> 'queued' AND made_at < :before"), {"before": seconds(now - after)})


def _events(db: Connection, endpoint: Endpoint, now: datetime) -> int:
    rows = db.execute(text(_EVENTS), {"id": endpoint.id, "limit": MOST}).all()
    told = [(kind, row) for row in rows for kind in _told(row) if kind in (endpoint.kinds or KINDS)]
    made = put(db, [_parcel(endpoint, kind, row, f"{row.directive}-{row.seq}", instant(row.at)) for kind, row in told], now)
    last = {row.directive: row.seq for row in rows}
    for directive, seq in last.items():
        db.execute(text(_HEARD), {"id": endpoint.id, "d": directive, "seq": seq})
    return made


def _told(row: Row[Any]) -> Iterator[str]:
    """What an event is to programs: what was said or decided, and the end of a duty where it is one."""
    if row.kind in _KINDS:
        yield _KINDS[row.kind]
    moves = json.loads(row.payload)
    was, became = (moves.get(side, {}).get("state") for side in ("before", "after"))
    if row.kind == "settled" or (became == "done" and was != "done"):
        yield "duty.done"


def _overdue(db: Connection, endpoint: Endpoint, now: datetime) -> int:
    if "duty.overdue" not in (endpoint.kinds or KINDS):
        return 0
    rows = db.execute(text(_OVERDUE), {"id": endpoint.id, "now": seconds(now)}).all()
    made = put(db, [_parcel(endpoint, "duty.overdue", row, f"{row.task}-{row.due_at}", instant(row.due_at)) for row in rows], now)
    db.execute(text(_UPTO), {"id": endpoint.id, "now": seconds(now)})
    return made


def _parcel(endpoint: Endpoint, kind: str, row: Row[Any], key: str, at: datetime) -> dict[str, Any]:
    """A parcel about an event. It names things by number: who wants more reads it by the interface, with a key of his own."""
    data = {"directive": row.directive, "number": row.number, "clause": row.clause, "task": row.task, "agency": row.agency}
    if kind != "duty.overdue":
        data |= {"event": row.kind, "seq": row.seq}
    body = {"type": kind, "timestamp": at.isoformat(), "data": {name: value for name, value in data.items() if value is not None}}
    return {"channel": "webhook", "endpoint": endpoint.id, "key": f"{kind}:{key}", "address": endpoint.url, "body": canonical(body)}


_WAITING = """
SELECT p.* FROM parcels p LEFT JOIN endpoints e ON e.id = p.endpoint
 WHERE p.state = 'queued' AND p.not_before <= :now AND (e.wait_until IS NULL OR e.wait_until <= :now)
 ORDER BY p.not_before, p.id
 LIMIT :limit"""

_ARRIVED = """
UPDATE parcels SET state = 'sent', sent_at = :now, code = :code, reply = '', attempts = attempts + 1,
       address = CASE WHEN endpoint = 0 THEN '' ELSE address END, body = CASE WHEN endpoint = 0 THEN '' ELSE body END
 WHERE id = :id AND state = 'queued'"""

_MISSED = """
UPDATE parcels SET state = CASE WHEN :again = 0 THEN 'failed' ELSE state END, code = :code, reply = :reply, attempts = attempts + 1,
       not_before = CASE WHEN :again = 0 THEN not_before ELSE :again END,
       address = CASE WHEN endpoint = 0 AND :again = 0 THEN '' ELSE address END,
       body = CASE WHEN endpoint = 0 AND :again = 0 THEN '' ELSE body END
 WHERE id = :id AND state = 'queued'"""

#: The latest that was not taken stands for its way.
_TROUBLES = """
SELECT p.channel, p.reply,
       (SELECT count(*) FROM parcels m WHERE m.channel = p.channel AND m.endpoint = 0 AND m.state <> 'sent' AND m.attempts > 0) AS n
  FROM parcels p
 WHERE p.endpoint = 0 AND p.id = (
       SELECT max(l.id) FROM parcels l WHERE l.channel = p.channel AND l.endpoint = 0 AND l.attempts > 0 AND l.state <> 'sent')
 ORDER BY p.channel"""

_EVENTS = """
SELECT e.directive, e.seq, e.at, e.kind, e.task, e.payload, d.number, u.clause, a.code AS agency
  FROM directives d
  LEFT JOIN heard h ON h.endpoint = :id AND h.directive = d.id
  JOIN events e ON e.directive = d.id AND e.seq > coalesce(h.seq, 0)
  LEFT JOIN duties u ON u.id = e.duty
  LEFT JOIN tasks k ON k.id = e.task
  LEFT JOIN agencies a ON a.id = k.agency
 WHERE d.state = 'issued' AND d.seq > coalesce(h.seq, 0)
 ORDER BY e.directive, e.seq
 LIMIT :limit"""

_HEARD = """
INSERT INTO heard (endpoint, directive, seq) VALUES (:id, :d, :seq)
    ON CONFLICT (endpoint, directive) DO UPDATE SET seq = excluded.seq"""

_OVERDUE = """
SELECT k.id AS task, k.directive, k.due_at, d.number, u.clause, a.code AS agency
  FROM endpoints x
  JOIN tasks k ON k.due_at >= x.overdue_to AND k.due_at < :now AND k.closed_at IS NULL AND k.state <> 'void'
  JOIN directives d ON d.id = k.directive AND d.state = 'issued'
  JOIN duties u ON u.id = k.duty
  JOIN agencies a ON a.id = k.agency
 WHERE x.id = :id
 ORDER BY k.due_at, k.id"""

_UPTO = "UPDATE endpoints SET overdue_to = :now WHERE id = :id AND overdue_to < :now"
