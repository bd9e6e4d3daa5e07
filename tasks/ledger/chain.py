"""The chain of events: each numbered under its directive's lock, dated never before the one before, hashed over it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from tasks.values import Said

from . import tables as t
from .direct import ask, one, put
from .rows import canonical, digest, pairs
from .types import instant, seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What is to be written: who and why stand beside the rows, which are the truth."""

    kind: str
    duty: int | None = None
    task: int | None = None
    person: int | None = None
    link: str | None = None
    who: str | None = None  # what the chain keeps of the person, where it is known already
    payload: Mapping[str, Any]


def lock(db: Connection, directive: int) -> None:
    """Let nobody else write of a directive until the transaction ends, so that what is read from here on stays true."""
    if db.dialect.name != "sqlite":  # SQLite has one writer at a time
        ask(db, "SELECT 1 FROM directives WHERE id = :id FOR NO KEY UPDATE", {"id": directive})


def lock_of(db: Connection, task: int) -> None:
    """Likewise of the directive of a task."""
    if db.dialect.name != "sqlite":
        ask(db, "SELECT 1 FROM directives WHERE id = (SELECT directive FROM tasks WHERE id = :task) FOR NO KEY UPDATE", {"task": task})


def append(db: Connection, directive: int, now: datetime, *new: Event) -> list[tuple[int, datetime]]:
    """Write events of one directive; returns (seq, at) of each. `at` is never before the event before it."""
    [(last,)] = ask(db, "UPDATE directives SET seq = seq + :n WHERE id = :id RETURNING seq", {"n": len(new), "id": directive})
    first = last - len(new) + 1
    # A statement of its own: on PostgreSQL RETURNING's subqueries still see the moment before the lock.
    before = one(db, "SELECT at, hash FROM events WHERE directive = :id AND seq = :seq", {"id": directive, "seq": first - 1})
    at = max(seconds(now), before.at) if before else seconds(now)
    rows, head, who = [], before.hash if before else "", _signatures(db, new)
    for seq, event in enumerate(new, first):
        row = _row(directive, seq, at, event) | {"who": event.who or who.get(event.person)}
        head = link(head, row)
        rows.append(row | {"at": instant(at), "hash": head})
    put(db, "events", rows)
    return [(row["seq"], row["at"]) for row in rows]


def link(head: str, row: Mapping[str, Any]) -> str:
    """The hash of an event after the one whose hash is `head`; `at` in seconds."""
    said = [row[name] for name in ("directive", "seq", "at", "kind", "duty", "task", "person", "link", "payload")]
    return digest(head, canonical(said + ([row["who"]] if row["who"] else [])))


def signature(person: Row[Any]) -> str:
    """What the chain keeps of somebody: it tells whether the name beside it was changed, and says nothing once the salt is gone."""
    return digest(person.salt, person.name, person.role, person.ip, person.agent)


def person(db: Connection, said: Said) -> int:
    """Keep who spoke beside the chain, so that a name can be erased without breaking it; returns the row number."""
    return speaker(db, said)[0]


def speaker(db: Connection, said: Said) -> tuple[int, str]:
    """As `person`, with what the chain keeps of him."""
    values = {"salt": secrets.token_hex(8), "name": said.name, "role": said.role, "ip": said.ip, "agent": said.agent[:200]}
    return int(one(db, _PERSON, values).id), digest(*values.values())


def colleague(db: Connection, name: str) -> int:
    """Keep whom somebody names, beside the chain likewise."""
    return person(db, Said(name=name, role=""))


def verify(db: Connection, directive: int) -> int | None:
    """The number of the first event that is missing, or does not follow from the rows before it; None where the chain is whole."""
    head, expected = "", 1
    for row in db.execute(select(t.events).where(t.events.c.directive == directive).order_by(t.events.c.seq)).mappings():
        head = link(head, dict(row) | {"at": seconds(row["at"])})
        if row["hash"] != head or row["seq"] != expected:
            return expected
        expected += 1
    last = db.execute(select(t.directives.c.seq).where(t.directives.c.id == directive)).scalar_one()
    return None if last == expected - 1 else min(last + 1, expected)


def _signatures(db: Connection, events: Iterable[Event]) -> Mapping[int | None, str]:
    people = {event.person for event in events if event.person and not event.who}
    if not people:
        return {}
    of = {"pairs": canonical([[person, 0] for person in people])}
    return {row.id: signature(row) for row in ask(db, _PEOPLE.format(ids=pairs(db)), of)}


def _row(directive: int, seq: int, at: int, event: Event) -> dict[str, Any]:
    return {
        "directive": directive, "seq": seq, "at": at, "kind": event.kind, "duty": event.duty, "task": event.task,
        "person": event.person, "link": event.link, "payload": canonical(dict(event.payload)),
    }


_PERSON = "INSERT INTO persons (salt, name, role, ip, agent) VALUES (:salt, :name, :role, :ip, :agent) RETURNING id"
_PEOPLE = "SELECT p.id, p.salt, p.name, p.role, p.ip, p.agent FROM {ids} x JOIN persons p ON p.id = x.a"
