"""The directory in the ledger: agencies and whom they hang under, links, and who a code is."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, case, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import NoResultFound

from directives.language.directory import mail_of
from directives.language.shapes import Agency, Directory
from tasks.values import Party

from . import contacts, dating, restating
from . import tables as t
from .dating import Former
from .direct import ask, one
from .rows import add, canonical, digest, listed, pairs, sql
from .types import seconds

_COPIED = ("kind", "name", "short", "mail", "phone", "since", "until", "lang", "channels")


class StrangerError(Exception):
    """A code of the ledger would become another agency with another mailbox: letters would go to strangers."""

    def __init__(self, code: str, known: str, new: str) -> None:
        super().__init__(
            f"mã “{code}” trong sổ là {known}, trong danh bạ này là {new} với địa chỉ thư khác. "
            "Hai đơn vị thì đặt hai mã, hoặc để mỗi cơ quan một thư mục làm việc; đổi tên và đổi địa chỉ thì làm hai lần."
        )


def enter(db: Connection, directory: Directory, now: datetime) -> dict[str, int]:
    """Write a directory: new agencies come in, changed ones are changed, none is deleted. Returns row numbers by code.

    What changes is kept as it was until `now`. Raises StrangerError where a code's name and address both differ from the ledger's.
    """
    directory = contacts.renewed(db, restating.renewed(db, directory))
    _recognize(db, directory)
    dating.keep(db, _changed(db, directory), seconds(now))
    _write(db, [_row(agency, directory) for agency in directory.agencies.values()])
    ids = codes(db)
    people = directory.agencies.values()
    db.execute(sql(_HEADLESS.format(ids=pairs(db))), {"pairs": canonical([[ids[a.id], 0] for a in people if a.head not in ids])})
    heads = [{"agency": ids[a.id], "head": ids[a.head]} for a in people if a.head in ids]
    if heads:
        db.execute(sql("UPDATE agencies SET head = :head WHERE id = :agency AND head IS DISTINCT FROM :head"), heads)
    _hang(db, [(ids[a.id], ids[parent]) for a in people for parent in a.in_ if parent in ids], [ids[a.id] for a in people])
    return ids


def keep(db: Connection, directory: Directory) -> str:
    """Keep the directory of an issue, whole and in its own order, which decides who comes first; returns its hash."""
    body = directory.model_dump_json()
    name = digest(body)
    add(db, t.rosters, [{"hash": name, "body": body}])
    return name


def codes(db: Connection) -> dict[str, int]:
    """Row numbers of all agencies by code."""
    return dict(db.execute(select(t.agencies.c.code, t.agencies.c.id)).all())


def row_of(db: Connection, code: str) -> int:
    """The row number of an agency. Raises NoResultFound for one that never was in a directory."""
    if (row := one(db, "SELECT id FROM agencies WHERE code = :code", {"code": code})) is None:
        raise NoResultFound
    return int(row.id)


def silent(db: Connection) -> dict[str, int]:
    """Agencies that were told of tasks and never answered any, by code, with how many tasks."""
    return dict(db.execute(sql(_SILENT)).all())


def parties(db: Connection, ids: Iterable[int], names: Mapping[int, Former] = MappingProxyType({})) -> dict[int, Party]:
    """Agencies as people see them, by row number; `names` are those that were otherwise then."""
    query = f"SELECT id, code, name, short, mail, phone, lang FROM agencies WHERE id IN (SELECT a FROM {pairs(db)} wanted)"
    rows = ask(db, query, {"pairs": canonical([[i, 0] for i in set(ids)])})
    return {row.id: _party(row, names.get(row.id, row)) for row in rows}


def _party(row: Any, said: Any) -> Party:
    return Party(id=row.code, name=said.name, short=said.short, mail=said.mail, phone=said.phone, lang=row.lang)


def link(db: Connection, agencies: Iterable[int], purpose: str, expires_at: datetime | None = None) -> None:
    """Give each agency a link of that purpose where none stands; one that stands lives on until `expires_at`."""
    wanted = {"purpose": purpose, "pairs": canonical([[agency, 0] for agency in set(agencies)])}
    if expires_at:
        db.execute(sql(_LONGER.format(ids=pairs(db))), wanted | {"until": seconds(expires_at)})
    if new := [[secrets.token_urlsafe(8), agency] for agency in db.execute(sql(_WITHOUT.format(ids=pairs(db))), wanted).scalars()]:
        of = {"rows": canonical(new), "purpose": purpose, "until": seconds(expires_at) if expires_at else None}
        db.execute(sql(_NEW.format(rows=listed(db, "rows", "id text", "agency"))), of)


def _recognize(db: Connection, directory: Directory) -> None:
    known = {row.code: row for row in db.execute(select(t.agencies.c.code, t.agencies.c.name, t.agencies.c.mail))}
    reorganized = restating.mentioned(db)  # who is meant is known, whatever it is called
    for agency in directory.agencies.values():
        row, mail = known.get(agency.id), mail_of(agency.id, directory)
        if row and row.mail and mail and agency.id not in reorganized and (row.name != agency.name and row.mail != mail):
            raise StrangerError(agency.id, row.name, agency.name)


def _changed(db: Connection, directory: Directory) -> list[int]:
    """The agencies of which the directory says something else than the ledger."""
    above: defaultdict[int, set[str]] = defaultdict(set)
    for agency, code in db.execute(sql("SELECT p.agency, a.code FROM parents p JOIN agencies a ON a.id = p.parent")):
        above[agency].add(code)
    rows = db.execute(sql("SELECT id, code, kind, name, short, mail, phone FROM agencies")).all()
    known = {row.code: (row.id, (*row[2:], above[row.id])) for row in rows}
    mine = ((agency, *known[agency.id]) for agency in directory.agencies.values() if agency.id in known)
    return [id_ for agency, id_, said in mine if said != _said(agency, directory, known)]


def _said(agency: Agency, directory: Directory, known: Container[str]) -> tuple[Any, ...]:
    above = {code for code in agency.in_ if code in directory.agencies or code in known}
    return (" ".join(agency.kind), agency.name, agency.short, mail_of(agency.id, directory), agency.phone, above)


_SILENT = """
WITH told AS (SELECT agency, COUNT(*) AS tasks FROM tasks WHERE told_at IS NOT NULL AND state <> 'void' GROUP BY agency)
SELECT a.code, told.tasks
  FROM told
  JOIN agencies a ON a.id = told.agency
 WHERE told.agency NOT IN (SELECT t.agency FROM events e JOIN tasks t ON t.id = e.task WHERE e.link IS NOT NULL)
 ORDER BY told.tasks DESC, a.code"""

_HEADLESS = "UPDATE agencies SET head = NULL WHERE head IS NOT NULL AND id IN (SELECT a FROM {ids} m)"

_LONGER = """
UPDATE links SET expires_at = :until
 WHERE purpose = :purpose AND revoked_at IS NULL AND expires_at < :until AND agency IN (SELECT a FROM {ids} w)"""

_WITHOUT = """
SELECT a FROM {ids} w
 WHERE NOT EXISTS (SELECT 1 FROM links l WHERE l.purpose = :purpose AND l.agency = w.a AND l.revoked_at IS NULL)"""


_NEW = """
INSERT INTO links (id, purpose, agency, expires_at)
SELECT id, :purpose, agency, CAST(:until AS bigint) FROM {rows} x WHERE true
    ON CONFLICT DO NOTHING"""


def _row(agency: Agency, directory: Directory) -> dict[str, Any]:
    mail = mail_of(agency.id, directory)
    return {
        "code": agency.id, "kind": " ".join(agency.kind), "name": agency.name, "short": agency.short, "mail": mail,
        "phone": agency.phone, "mail_state": "ok" if mail else "none", "since": agency.since, "until": agency.until,
        "lang": agency.lang, "channels": " ".join(agency.channels),
    }


def _write(db: Connection, rows: list[Mapping[str, Any]]) -> None:
    new = (sqlite if db.dialect.name == "sqlite" else postgresql).insert(t.agencies)
    kept = t.agencies.c
    changed = or_(*(kept[name].is_distinct_from(new.excluded[name]) for name in _COPIED))
    # An address that bounced stays suppressed until the address itself changes.
    state = case((kept.mail.is_distinct_from(new.excluded.mail), new.excluded.mail_state), else_=kept.mail_state)
    values = {name: new.excluded[name] for name in _COPIED} | {"mail_state": state}
    if rows:
        db.execute(new.on_conflict_do_update(index_elements=["code"], set_=values, where=changed), rows)


def _hang(db: Connection, edges: list[tuple[int, int]], mine: Iterable[int]) -> None:
    known = canonical([*edges, *((agency, 0) for agency in mine)])
    stale = f"""
        DELETE FROM parents
         WHERE agency IN (SELECT a FROM {pairs(db)} m)
           AND (agency, parent) NOT IN (SELECT k.a, k.b FROM {pairs(db)} k)"""
    db.execute(sql(stale), {"pairs": known})
    add(db, t.parents, [{"agency": agency, "parent": parent, "since": None, "until": None} for agency, parent in edges])
