"""Where agencies stood on a day: their kind, the branch below the issuer that they are of, the body that they hang under."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from . import dating
from .types import seconds

#: Bodies that hang under one another in a circle end somewhere.
_DEPTH = 40


class Place(NamedTuple):
    """An agency's first kind, and the names of its branch and of its body above; "" where there is none."""

    kind: str
    territory: str
    parent: str


def places(db: Connection, directive: int, at: datetime) -> Mapping[str, Place]:
    """The place of every agency at an instant, by its id. Each has one, so that what is counted by place sums to the whole.

    Of several bodies above the first in the directory counts. A territory is the outermost body below the issuer, the agency
    itself where nothing stands between.
    """
    names = dating.then(db, seconds(at))
    known = {row.id: (row.code, names.get(row.id, row)) for row in db.execute(text("SELECT id, code, name, kind FROM agencies"))}
    above = _above(db, names)
    issuer = db.execute(text("SELECT issuer FROM directives WHERE id = :d"), {"d": directive}).scalar_one()
    name = {agency: said.name for agency, (_, said) in known.items()}
    return {
        code: Place(said.kind.partition(" ")[0], name[_branch(agency, issuer, above)], name.get(above.get(agency, 0), ""))
        for agency, (code, said) in known.items()
    }


def _above(db: Connection, names: Mapping[int, dating.Former]) -> Mapping[int, int]:
    """The first body above each agency that has one."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for agency, parent in db.execute(text("SELECT agency, parent FROM parents WHERE until IS NULL")):
        found[agency].append(parent)
    of = {**found, **{agency: list(then.above) for agency, then in names.items()}}
    return {agency: min(parents) for agency, parents in of.items() if parents}


def _branch(agency: int, issuer: int, above: Mapping[int, int]) -> int:
    for _ in range(_DEPTH):
        parent = above.get(agency, issuer)
        if parent == issuer:
            break
        agency = parent
    return agency
