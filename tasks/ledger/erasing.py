"""Erasing a person: every place of the ledger that holds the name forgets it, the chain stays whole and says that it was done."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, text

from . import chain
from . import tables as t
from .chain import Event
from .rows import canonical
from .store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What forgot a name: its rows, letters that waited with it, proposals, answers by mail, and the directives whose chain says so.

    Who asked for other contacts, or had a link passed on to him, is one of those rows.
    """

    persons: int
    letters: int
    proposals: int
    replies: int
    directives: int


def named(db: Connection, name: str) -> list[int]:
    """Row numbers of everybody of exactly that name, however often he spoke."""
    return list(db.execute(select(t.persons.c.id).where(t.persons.c.name == name).order_by(t.persons.c.id)).scalars())


def erase(store: Store, name: str, reason: str, now: datetime) -> Erased:
    """Erase a person in one transaction; asked again, there is nobody of that name. Words that people wrote into a reason stay as said.

    The salt goes with the name: what the chain keeps of it can no longer be told from chance.
    """
    with store.write() as db:
        persons = named(db, name)
        spoke = _spoke(db, persons)
        for directive, mine in sorted(spoke.items()):
            chain.append(db, directive, now, Event(kind="erased", payload={"persons": sorted(mine), "note": reason}))
        replies = db.execute(text(_REPLIES), {"name": name, "mark": "…"}).rowcount
        letters = sum(_blank(db, row, name) for row in db.execute(text(_LETTERS)).all())
        proposals = _proposals(db, name)
        if persons:
            db.execute(text(_FORGET), [{"id": each} for each in persons])
        return Erased(persons=len(persons), letters=letters, proposals=proposals, replies=replies, directives=len(spoke))


def _spoke(db: Connection, persons: list[int]) -> dict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    e = t.events.c
    for row in db.execute(select(e.directive, e.person).where(e.person.in_(persons)).order_by(e.directive)) if persons else ():
        found[row.directive].add(row.person)
    return found


def _blank(db: Connection, row: Row[Any], name: str) -> bool:
    """Let a letter go on without the name; whether it held it."""
    kept = {column: json.loads(said) for column, said in row._mapping.items() if column != "id" and said}
    held = [said for each in kept.values() for said in _saids(each) if said.get("name") == name]
    for said in held:
        said |= {"name": "", "role": "", "ip": "", "agent": ""}
    for column in kept if held else ():
        db.execute(text(f"UPDATE notices SET {column} = :words WHERE id = :id"), {"words": canonical(kept[column]), "id": row.id})
    return bool(held)


def _saids(value: Any) -> Iterator[dict[str, Any]]:
    """Every `said` in what a letter carries."""
    if isinstance(value, dict):
        yield from (each for key, each in value.items() if key == "said" and isinstance(each, dict))
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _saids(each)


def _proposals(db: Connection, name: str) -> int:
    """Two persons stay two: each has another mark."""
    mark = {"name": name, "mark": f"(đã xóa {secrets.token_hex(4)})"}
    statement = "UPDATE proposals SET {column} = :mark WHERE {column} = :name"
    return sum(db.execute(text(statement.format(column=column)), mark).rowcount for column in ("author", "judge"))


_LETTERS = "SELECT id, hint, params FROM notices WHERE lane IN ('receipt', 'decision') AND (hint <> '' OR params IS NOT NULL)"

#: What agencies wrote by mail and nobody has decided: it is read by whoever decides, so that only the name goes.
_REPLIES = """
UPDATE replies SET said = replace(said, :name, :mark), act = replace(act, :name, :mark), files = replace(files, :name, :mark)
 WHERE replace(said || act || files, :name, :mark) <> said || act || files"""

_FORGET = "UPDATE persons SET salt = '', name = '', role = '', ip = '', agent = '' WHERE id = :id"
