"""Issues that wait for a second pair of eyes: who asked for what, and who decided; nothing is sent by a proposal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, select, update

from tasks.values import Said

from . import chain
from . import tables as t
from .chain import Event
from .rows import add
from .store import Store

State = Literal["waiting", "approved", "refused", "replaced"]

_p = t.proposals.c


class SamePersonError(Exception):
    """Four eyes are two persons."""

    def __init__(self, number: str, person: str) -> None:
        super().__init__(f"{number} do chính {person} trình: cần người khác duyệt.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An issue as it was asked for. `plan` is the sealed plan; `directive` the row of the paper that was issued by it."""

    id: int
    number: str
    issuer: str
    issued_on: date
    title: str
    plan: str
    hash: str
    author: str
    at: datetime
    state: State
    judge: str | None
    decided_at: datetime | None
    note: str
    directive: int | None

    @property
    def waits(self) -> bool:
        """Whether somebody has something to do with it: decide, or carry out what was approved."""
        return self.state == "waiting" or (self.state == "approved" and self.directive is None)


def propose(
    store: Store, *, number: str, issuer: str, issued_on: date, title: str, plan: str, hash_: str, author: str, now: datetime
) -> Proposal:
    """Record that an issue is asked for, and return what waits. The same plan is asked for once; another one replaces it."""
    same = (_p.issuer == issuer, _p.number == number, _p.issued_on == issued_on, _p.state == "waiting")
    values = {
        "number": number, "issuer": issuer, "issued_on": issued_on, "title": title, "plan": plan, "hash": hash_, "author": author,
        "at": now, "state": "waiting",
    }
    with store.write() as db:
        db.execute(update(t.proposals).where(*same, _p.hash != hash_).values(state="replaced", decided_at=now))
        add(db, t.proposals, [values])
        return _proposal(db.execute(select(t.proposals).where(*same)).one())


def waiting(db: Connection) -> tuple[Proposal, ...]:
    """What waits to be decided or carried out, oldest first."""
    return tuple(each for each in _latest(db) if each.waits)


def named(db: Connection, number: str, on: date | None = None) -> tuple[Proposal, ...]:
    """The last proposal of each paper of a number, newest first."""
    return tuple(each for each in reversed(_latest(db, _p.number == number)) if on in (None, each.issued_on))


def _latest(db: Connection, *which: ColumnElement[bool]) -> list[Proposal]:
    """Of each paper the proposal that was made last."""
    found = db.execute(select(t.proposals).where(_p.state != "replaced", *which).order_by(_p.id))
    return list({(row.issuer, row.number, row.issued_on): _proposal(row) for row in found}.values())


def decide(store: Store, proposal: Proposal, to: Literal["approved", "refused"], judge: str, now: datetime, *, note: str = "") -> Proposal:
    """Decide what waits, once; returns how it stands, whoever has decided. Raises SamePersonError for its own author."""
    if judge.casefold() == proposal.author.casefold():
        raise SamePersonError(proposal.number, judge)
    decided = update(t.proposals).where(_p.id == proposal.id, _p.state == "waiting")
    with store.write() as db:
        db.execute(decided.values(state=to, judge=judge, decided_at=now, note=note))
        return _proposal(db.execute(select(t.proposals).where(_p.id == proposal.id)).one())


def carried_out(store: Store, proposal: Proposal, directive: int, now: datetime) -> None:
    """Write into the issued paper's chain who asked for it and who approved it; a second time writes nothing."""
    taken = update(t.proposals).where(_p.id == proposal.id, _p.directive.is_(None)).values(directive=directive)
    with store.write() as db:
        if db.execute(taken).rowcount == 0:
            return
        payload = {"proposal": proposal.id, "hash": proposal.hash}
        people = [(proposal.author, "người trình", "proposed"), (proposal.judge or "", "người duyệt", "approved")]
        chain.append(db, directive, now, *(
            Event(kind=kind, person=chain.person(db, Said(name=name, role=role)), payload=payload) for name, role, kind in people
        ))


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(**{name: getattr(row, name) for name in Proposal.__slots__})
