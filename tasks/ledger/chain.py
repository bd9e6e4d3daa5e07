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
from .rows import canonical, digest, listed, pairs
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
    at: datetime | None = None  # when it is said, where that is not when the others are


def lock(db: Connection, directive: int) -> None:
    """Let nobody else write of a directive until the transaction ends, so that what is read from here on stays true."""
    if db.dialect.name != "sqlite":  # SQLite has one writer at a time
        ask(db, "SELECT 1 FROM directives WHERE id = :id FOR NO KEY UPDATE", {"id": directive})


def lock_of(db: Connection, tasks: Iterable[int]) -> None:
    """Likewise of the directives of tasks."""
    if db.dialect.name != "sqlite":
        ask(db, _LOCK.format(ids=pairs(db)), {"pairs": canonical([[task, 0] for task in tasks])})


def append(db: Connection, directive: int, now: datetime, *new: Event) -> list[tuple[int, datetime]]:
    """Write events of one directive; returns (seq, at) of each. `at` is never before the event before it."""
    [(last,)] = ask(db, "UPDATE directives SET seq = seq + :n WHERE id = :id RETURNING seq", {"n": len(new), "id": directive})
    first = last - len(new) + 1
    # A statement of its own: on PostgreSQL RETURNING's subqueries still see the moment before the lock.
    before = one(db, "SELECT at, hash FROM events WHERE directive = :id AND seq = :seq", {"id": directive, "seq": first - 1})
    at, head = (before.at, before.hash) if before else (0, "")
    rows, who = [], _signatures(db, new)
    for seq, event in enumerate(new, first):
        at = max(seconds(event.at or now), at)
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
    return speakers(db, [said])[0][0]


def speakers(db: Connection, said: Iterable[Said]) -> list[tuple[int, str]]:
    """As `person` of each, with what the chain keeps of him."""
    people = [(secrets.token_hex(8), one.name, one.role, one.ip, one.agent[:200]) for one in said]
    number = {row.salt: row.id for row in ask(db, _PERSONS.format(said=listed(db, "said", *_SAID)), {"said": canonical(people)})}
    return [(number[salt], digest(salt, *words)) for salt, *words in people]


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


_LOCK = """
SELECT 1 FROM directives WHERE id IN (SELECT k.directive FROM {ids} x JOIN tasks k ON k.id = x.a) ORDER BY id FOR NO KEY UPDATE"""

_SAID = ("salt text", "name text", "role text", "ip text", "agent text")

_PERSONS = """
INSERT INTO persons (salt, name, role, ip, agent) SELECT x.salt, x.name, x.role, x.ip, x.agent FROM {said} x RETURNING id, salt"""
_PEOPLE = "SELECT p.id, p.salt, p.name, p.role, p.ip, p.agent FROM {ids} x JOIN persons p ON p.id = x.a"
