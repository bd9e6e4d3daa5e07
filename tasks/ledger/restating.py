"""Directory files that still say what was before a reorganisation, read as it is now; and decisions as they are kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, text

from directives.language.calendar import DAY
from directives.language.shapes import Directory
from tasks.reorganization import Reorganization

from .rows import canonical

_BODY = TypeAdapter(Reorganization)


def read(body: str) -> Reorganization:
    """A decision from its row."""
    return _BODY.validate_json(body)


def written(said: Reorganization) -> str:
    """A decision as its row keeps it."""
    return canonical(_BODY.dump_python(said, mode="json"))


def mentioned(db: Connection) -> frozenset[str]:
    """The codes that any decision is about, carried out or waiting."""
    return frozenset(code for each in _all(db) for code in (*each.bodies, *each.into))


def renewed(db: Connection, directory: Directory) -> Directory:
    """A directory file that still says what was before a reorganisation, as it is now; the same one where it says nothing old."""
    rows = db.execute(text("SELECT body FROM reorganizations WHERE begun_at IS NOT NULL ORDER BY id")).scalars().all()
    if not rows:
        return directory
    heirs: dict[str, str] = dict(db.execute(text(_HEIRS)).all())
    ends = {code: each.on - DAY for body in rows for each in [read(body)] for code in each.ending}
    agencies = dict(directory.agencies)
    for id_, agency in agencies.items():
        above = tuple(dict.fromkeys(heirs.get(up, up) for up in agency.in_ if heirs.get(up, up) != id_))
        new: dict[str, Any] = {"in_": above, "head": heirs.get(agency.head or "", agency.head)}
        if id_ in ends and id_ in heirs:
            new |= {"until": agency.until or ends[id_], "successor": heirs[id_]}
        if any(getattr(agency, name) != value for name, value in new.items()):
            agencies[id_] = agency.model_copy(update=new)
    for body in rows:
        said = read(body)
        if (old := agencies.get(said.bodies[0])) and said.was:
            agencies[old.id] = old.model_copy(update=_restated(said, old.name, old.in_, old.short))
    return directory.model_copy(update={"agencies": agencies})


def _restated(said: Reorganization, name: str, above: tuple[str, ...], short: str) -> dict[str, Any]:
    if said.kind == "move" and set(above) == set(said.was):
        return {"in_": said.into}
    if said.kind == "rename" and name == said.was[0]:
        mail = {"mail": said.mail} if said.mail else {}
        return {"name": said.name, "short": said.short if said.short and short == said.was[1] else short, **mail}
    return {}


def _all(db: Connection) -> Iterable[Reorganization]:
    return (read(body) for body in db.execute(text("SELECT body FROM reorganizations ORDER BY id")).scalars())


_HEIRS = "SELECT a.code, h.code FROM successions s JOIN agencies a ON a.id = s.agency JOIN agencies h ON h.id = s.heir"
