"""An urging letter of a leader himself, now: an event of each task that it urges, one letter for each agency. It moves no date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from directives.language.calendar import Calendar
from tasks.values import Said

from . import bonding, chain, telling
from . import tables as t
from .chain import Event
from .issued import Issued, load
from .rows import add, canonical, pairs, sql
from .store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """Who urges which tasks of a directive; the same `key` urges once."""

    directive: int
    tasks: tuple[int, ...]
    said: Said
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompted:
    """What became of it: the first event, and the tasks that were urged. Both empty where nobody could be urged."""

    seq: int = 0
    tasks: tuple[int, ...] = ()


def prompt(store: Store, of: Prompt, calendar: Calendar, now: datetime) -> Prompted:
    """Urge what is open and waits for nobody else; what waits for a decision of the issuer is left alone."""
    with store.write() as db:
        chain.lock(db, of.directive)
        if known := prompted(db, of.key):
            return Prompted(seq=known, tasks=of.tasks)
        wanted = {"d": of.directive, "pairs": canonical([[task, 0] for task in of.tasks])}
        rows = db.execute(sql(_OPEN.format(ids=pairs(db))), wanted).all()
        if not rows:
            return Prompted()
        return Prompted(seq=_urge(db, of, rows, load(db, of.directive, calendar), now), tasks=tuple(row.id for row in rows))


def prompted(db: Connection, key: str) -> int:
    """The first event of a prompt that was made, 0 where none was."""
    return int(db.execute(sql("SELECT seq FROM acts WHERE key = :key"), {"key": key}).scalar() or 0)


def _urge(db: Connection, of: Prompt, rows: Sequence[Row[Any]], issued: Issued, now: datetime) -> int:
    person = chain.person(db, of.said)
    written = chain.append(db, issued.id, now, *(
        Event(kind="urged", duty=row.duty, task=row.id, person=person, link=of.said.link or None, payload={"note": of.said.role})
        for row in rows
    ))
    seq, at = written[0]
    add(db, t.acts, [{"key": of.key, "directive": issued.id, "seq": seq}])
    add(db, t.prompts, [{"task": row.id, "seq": number} for row, (number, _) in zip(rows, written, strict=True)])
    by = f"thư ngày {at.astimezone(issued.practice.tz):%-d/%-m/%Y} của {of.said.role}"
    for duty, term in dict.fromkeys((row.duty, row.term) for row in rows):
        agencies = canonical([[row.agency, 0] for row in rows if (row.duty, row.term) == (duty, term)])
        values = {"directive": issued.id, "seq": seq, "paper": None, "duty": duty, "term": term, "sign": "!", "what": "urged", "after": by}
        bonding.change(db, values, f"SELECT x.a AS agency FROM {pairs(db)} x", {"pairs": agencies})
    telling.queue(db, issued.id, seq, issued.calendar.window(at, issued.practice))
    return seq


_OPEN = """
SELECT k.id, k.duty, k.term, k.agency
  FROM {ids} x JOIN tasks k ON k.id = x.a
 WHERE k.directive = :d AND k.closed_at IS NULL AND k.state IN ('open', 'received', 'progress')
   AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.task = k.id AND h.to_seq IS NULL)
   AND NOT EXISTS (SELECT 1 FROM requests r WHERE r.task = k.id AND r.decided_at IS NULL)
 ORDER BY k.due_at, k.id"""
