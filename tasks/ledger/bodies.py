"""What a reorganisation makes of the bodies themselves: who follows whom, what they are called, under whom they hang."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from directives.language.calendar import DAY
from tasks.reorganization import Reorganization

from . import dating, roster
from .echoing import HEARS
from .restating import read, written
from .rows import canonical
from .types import seconds


def begin(db: Connection, number: int, now: datetime) -> int:
    """Let the bodies themselves be as decided; returns how many others hang under another now. Twice is once."""
    if not db.execute(text(_BEGIN), {"now": seconds(now), "r": number}).rowcount:
        return 0
    said = read(db.execute(text("SELECT body FROM reorganizations WHERE id = :r"), {"r": number}).scalar_one())
    ids = roster.codes(db)
    below: list[int] = []
    endings = [ids[code] for code in said.ending]
    for ended in endings:
        below += db.execute(text("SELECT agency FROM parents WHERE parent = :p"), {"p": ended}).scalars()
    dating.keep(db, {*(ids[code] for code in said.bodies), *below}, seconds(now))
    if said.kind in ("rename", "move"):
        _change(db, number, said, ids)
        return 0
    for ended in endings:
        _succeed(db, {"r": number, "a": ended, "h": ids[said.into[0]] if said.into else None, "until": (said.on - DAY).isoformat()})
    if said.give:
        db.execute(text(_SHARE), [{"a": ids[said.bodies[0]], "duty": duty, "h": ids[heir], "r": number} for heir, duty in said.give])
    remains = set(said.bodies) if said.kind == "split" else set()
    hint = canonical({"taken": {"kind": said.kind, "on": said.on, "bodies": _names(db, said), "note": said.note}})
    told = [ids[heir] for heir in said.into if heir not in remains]
    if letters := [{"key": f"succession:{number}:{heir}", "h": heir, "hint": hint, "now": seconds(now)} for heir in told]:
        db.execute(text(_LETTER), letters)
    return len(set(below))


def _names(db: Connection, said: Reorganization) -> list[str]:
    known = {row.code: row.name for row in db.execute(text("SELECT code, name FROM agencies"))}
    return [known[code] for code in said.ending or said.bodies]


def _change(db: Connection, number: int, said: Reorganization, ids: Mapping[str, int]) -> None:
    """Another name, or another body above; what was is kept, so that an old file is known by it."""
    agency = ids[said.bodies[0]]
    old = db.execute(text("SELECT name, short, mail FROM agencies WHERE id = :a"), {"a": agency}).one()
    was = (old.name, old.short) if said.kind == "rename" else tuple(db.execute(text(_ABOVE), {"a": agency}).scalars())
    body = written(replace(said, was=was))
    db.execute(text("UPDATE reorganizations SET body = :body WHERE id = :r"), {"body": body, "r": number})
    if said.kind == "rename":
        db.execute(text(_RENAME), {"a": agency, "name": said.name, "short": said.short or old.short, "mail": said.mail or old.mail})
        return
    db.execute(text("DELETE FROM parents WHERE agency = :a"), {"a": agency})
    if said.into:
        db.execute(text("INSERT INTO parents (agency, parent) VALUES (:a, :p)"), [{"a": agency, "p": ids[up]} for up in said.into])


def _succeed(db: Connection, of: Mapping[str, Any]) -> None:
    """A body ends; whoever it followed for, hung below it or had it as a head turns to its heir."""
    db.execute(text("UPDATE agencies SET until = :until WHERE id = :a"), of)
    if of["h"] is not None:
        for statement in _SUCCEED:
            db.execute(text(statement), of)


_BEGIN = "UPDATE reorganizations SET begun_at = :now WHERE id = :r AND begun_at IS NULL"

_ABOVE = "SELECT a.code FROM parents p JOIN agencies a ON a.id = p.parent WHERE p.agency = :a ORDER BY a.code"

_SHARE = "INSERT INTO shares (agency, duty, heir, reorganization) VALUES (:a, :duty, :h, :r) ON CONFLICT DO NOTHING"

_LETTER = f"""
INSERT INTO notices (key, recipient, lane, hint, not_before, state)
SELECT :key, a.id, 'new', :hint, :now, 'gathering' FROM agencies a WHERE a.id = :h AND {HEARS}
    ON CONFLICT (key) DO NOTHING"""

#: An address that had bounced and is given anew is tried again.
_RENAME = """
UPDATE agencies SET name = :name, short = :short, mail = :mail,
       mail_state = CASE WHEN mail IS NOT DISTINCT FROM :mail THEN mail_state ELSE 'ok' END
 WHERE id = :a"""

_SUCCEED = (
    "INSERT INTO successions (agency, heir, reorganization) VALUES (:a, :h, :r) ON CONFLICT DO NOTHING",
    "UPDATE successions SET heir = :h WHERE heir = :a AND agency <> :h",
    "UPDATE shares SET heir = :h WHERE heir = :a",
    "INSERT INTO parents (agency, parent) SELECT p.agency, :h FROM parents p WHERE p.parent = :a AND p.agency <> :h ON CONFLICT DO NOTHING",
    "DELETE FROM parents WHERE parent = :a",
    "UPDATE agencies SET head = :h WHERE head = :a",
    "UPDATE deputies SET deputy = :h WHERE deputy = :a AND position <> :h",
)
