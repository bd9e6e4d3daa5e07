"""One decision about many tasks of a directive: looked at first, carried out in one transaction, an event each, and undone once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from directives.language.calendar import Calendar
from tasks.values import Act, Work

from . import acts, chain, deciding, facts, handover, telling, unsaying
from .deciding import Decision
from .issued import Issued, load
from .store import Store
from .works import works


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is decided (`act.task` is 0, `act.key` names the order) of which tasks of a directive."""

    directive: int
    act: Act
    tasks: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A task of an order as it is before it; `refusal` says why nothing is done to it, else `seq` is its event."""

    work: Work
    refusal: str = ""
    seq: int = 0


def look(db: Connection, order: Order, calendar: Calendar, now: datetime) -> tuple[Line, ...]:
    """What the order would do; nothing is done."""
    issued = load(db, order.directive, calendar)
    rows = facts.rows_of(db, order.tasks, order.act)
    known = works(db, [row.id for row in rows], calendar)
    return tuple(Line(work=known[row.id], refusal=facts.refusal(db, row, order.act, issued, now)) for row in rows)


def carry_out(
    store: Store, order: Order, calendar: Calendar, now: datetime, keep: Callable[[tuple[Line, ...]], None] = lambda _: None
) -> tuple[Line, ...]:
    """Do it to every task that the rules allow; the rest is refused in words. `keep` sees what was done before it is committed."""
    with store.write() as db:
        chain.lock(db, order.directive)
        lines = look(db, order, calendar, now)
        accepted = {line.work.id for line in lines if not line.refusal}
        if not accepted:
            return lines
        issued = load(db, order.directive, calendar)
        rows = [row for row in facts.rows_of(db, order.tasks, order.act) if row.id in accepted]
        seqs = _do(db, order, issued, rows, now)
        done = tuple(Line(work=line.work, refusal=line.refusal, seq=seqs.get(line.work.id, 0)) for line in lines)
        keep(done)
        return done


def _do(db: Connection, order: Order, issued: Issued, rows: Sequence[Row[Any]], now: datetime) -> dict[int, int]:
    """The events, the effects, the letters; returns the event of each task."""
    [speaker] = chain.speakers(db, [order.act.said])
    written = acts.append(db, issued, [acts.Voice(order.act, now, speaker, rows)])
    seqs, at = [seq for seq, _ in written], written[-1][1]
    of = Decision(db=db, issued=issued, act=order.act, rows=rows, seqs=seqs, at=at)
    deciding.carry_out(of)
    unsaying.unsay(db, issued.id, seqs[0])
    telling.tell(of, seqs[0])
    if order.act.kind == "reassign":
        leaves = issued.calendar.window(now, issued.practice, minutes=issued.practice.recall)
        handover.tell(db, issued, of.ids, seqs[0], leaves)
    return {row.id: seq for row, seq in zip(rows, seqs, strict=True)}


def known(db: Connection, key: str) -> dict[int, int]:
    """The event of each task of an order that was carried out."""
    rows = db.execute(text(_KNOWN), {"prefix": f"{key}:", "end": f"{key};"})
    return {int(row.key.rpartition(":")[2]): row.seq for row in rows}


_KNOWN = "SELECT key, seq FROM acts WHERE key >= :prefix AND key < :end ORDER BY seq"
