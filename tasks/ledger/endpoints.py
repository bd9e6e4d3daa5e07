"""Who is told of events by program: addresses, how each fares, and when one that has failed for days is told no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, select, text

from . import tables as t
from .rows import add
from .types import seconds

#: What an address may be told of; none given: everything.
KINDS = ("paper.issued", "duty.done", "duty.overdue", "decision.made", "answer.given")

#: An address that has failed for so long is told no more, and the operator hears of it.
PATIENCE = timedelta(days=5)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An address. `wait_until`: it failed last, and is tried again then."""

    id: int
    url: str
    kinds: tuple[str, ...]
    made_at: datetime
    failures: int = 0
    failing_since: datetime | None = None
    wait_until: datetime | None = None
    ended_at: datetime | None = None
    ended_why: str = ""


def make(db: Connection, url: str, kinds: Sequence[str], now: datetime) -> int:
    """Tell an address from now on; returns its number, 0 where it is told already. Of what was before it hears nothing."""
    if not add(db, t.endpoints, [{"url": url, "kinds": " ".join(kinds), "made_at": now, "overdue_to": now}]):
        return 0
    number = int(db.execute(text("SELECT max(id) FROM endpoints WHERE url = :url"), {"url": url}).scalar_one())
    db.execute(text("INSERT INTO heard (endpoint, directive, seq) SELECT :id, d.id, d.seq FROM directives d"), {"id": number})
    return number


def end(db: Connection, number: int, why: str, now: datetime) -> bool:
    """Tell an address no more; what waits for it is dropped."""
    ended = db.execute(text(_END), {"id": number, "why": why, "now": seconds(now)}).rowcount == 1
    if ended:
        db.execute(text(_DROP), {"id": number})
    return ended


def known(db: Connection, *, standing: bool = False) -> tuple[Endpoint, ...]:
    """The addresses in their order; `standing` those alone that are told."""
    rows = db.execute(select(t.endpoints).order_by(t.endpoints.c.id)).mappings()
    return tuple(_endpoint(row) for row in rows if not (standing and row["ended_at"]))


def fared(db: Connection, number: int, now: datetime, *, well: bool) -> None:
    """Keep how an address took what it was told: after a failure it rests, longer each time; after days it is told no more."""
    row = db.execute(select(t.endpoints).where(t.endpoints.c.id == number)).mappings().one()
    if row["ended_at"]:
        return
    since = None if well else row["failing_since"] or now
    failures = 0 if well else row["failures"] + 1
    rest = None if well else now + min(FIRST_WAIT * 2 ** min(failures - 1, 10), LONGEST_WAIT)
    values = {"failing_since": since, "failures": failures, "wait_until": rest}
    db.execute(t.endpoints.update().where(t.endpoints.c.id == number).values(**values))
    if since and now - since >= PATIENCE:
        end(db, number, "failing", now)


def _endpoint(row: RowMapping) -> Endpoint:
    return Endpoint(
        id=row["id"], url=row["url"], kinds=tuple(row["kinds"].split()), made_at=row["made_at"], failures=row["failures"],
        failing_since=row["failing_since"], wait_until=row["wait_until"], ended_at=row["ended_at"], ended_why=row["ended_why"],
    )


_END = "UPDATE endpoints SET ended_at = :now, ended_why = :why WHERE id = :id AND ended_at IS NULL"

_DROP = "UPDATE parcels SET state = 'failed' WHERE channel = 'webhook' AND endpoint = :id AND state = 'queued'"
