"""The rows behind a number of a report: the tasks of one cell, whole or of one agency or clause, a page at a time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal, get_args

from sqlalchemy import Connection

from directives.language.calendar import Calendar
from tasks.values import Work

from .counting import THEN, Past
from .rows import sql
from .works import works

#: What can be opened; the first six are the classes of a table, the last three wait for the issuer.
Cell = Literal["late", "silent", "soon", "doing", "undated", "done", "dateless", "all", "asked", "claimed", "returned"]
CELLS: tuple[Cell, ...] = get_args(Cell)

#: A page begins after the key of the last line of the page before.
Key = tuple[int, int]
START: Key = (-1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which tasks are meant; "" is any agency (its code) or clause."""

    cell: Cell
    agency: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A page of rows, how many there are in all, and where the next page begins."""

    works: tuple[Work, ...]
    count: int
    after: Key | None


def rows(db: Connection, at: Past, chosen: Chosen, calendar: Calendar, *, after: Key = START, limit: int = 100) -> Rows:
    """The tasks of a cell as they were at an instant: exactly those that the report counts there, the oldest date first."""
    bound = {**asdict(at), "agency": chosen.agency, "clause": chosen.clause, "due": after[0], "after": after[1], "limit": limit + 1}
    of = _ROWS.format(tasks=THEN, within=_WITHIN[chosen.cell])
    found = db.execute(sql(f"SELECT k.id, {_DUE} AS due {of} AND ({_DUE}, k.id) > (:due, :after) ORDER BY 2, 1 LIMIT :limit"), bound).all()
    count = db.execute(sql(f"SELECT count(*) {of}"), bound).scalar_one()
    shown = found[:limit]
    known = works(db, [row.id for row in shown], calendar, upto=at.upto)
    onward = (int(shown[-1].due), int(shown[-1].id)) if len(found) > limit else None
    return Rows(works=tuple(known[row.id] for row in shown), count=int(count), after=onward)


_DUE = "coalesce(k.due_at, 99999999999)"

_SILENT = """
k.due_at IS NULL AND k.closed_at IS NULL AND :round_at > 0 AND (k.reported_at IS NULL OR k.reported_at <= :since)
  AND k.duty IN (SELECT m.duty FROM terms m WHERE m.duty = k.duty AND m.term = '' AND m.begins_at <= :asked_at)
  AND k.duty NOT IN (SELECT w.duty FROM unasked w)"""

_HELD = """k.closed_at IS NULL AND EXISTS (
  SELECT 1 FROM holds h WHERE h.task = k.id AND h.kind = 'returned' AND h.from_seq <= :seq AND (h.to_seq IS NULL OR h.to_seq > :seq))"""

_ASKED = """k.closed_at IS NULL AND EXISTS (
  SELECT 1 FROM requests r WHERE r.task = k.id AND r.asked_at <= :at AND (r.decided_at IS NULL OR r.decided_at > :at))"""

#: The same conditions as those that count (`counting`), so that rows and numbers agree.
_WITHIN: dict[Cell, str] = {
    "late": "k.closed_at IS NULL AND k.due_at < :at",
    "silent": _SILENT,
    "soon": "k.closed_at IS NULL AND k.due_at >= :at AND k.due_at <= :soon",
    "doing": "k.closed_at IS NULL AND k.due_at > :soon AND k.due_at >= :at",
    "undated": f"k.due_at IS NULL AND NOT ({_SILENT})",
    "done": "k.closed_at IS NOT NULL AND k.due_at IS NOT NULL",
    "dateless": "k.due_at IS NULL",
    "all": "1 = 1",
    "asked": _ASKED,
    "claimed": "k.state = 'claimed'",
    "returned": _HELD,
}

_ROWS = """
  FROM ({tasks}) k JOIN duties u ON u.id = k.duty JOIN agencies a ON a.id = k.agency
 WHERE (:agency = '' OR a.code = :agency) AND (:clause = '' OR u.clause = :clause) AND {within}"""
