"""What the interface says: the ledger's values with the names that programs may rely on; instants in UTC, figures as exact text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tasks.cells import Cells
from tasks.ledger.paging import Body, Happened, Round
from tasks.values import AgencyStanding, Paper, Party, Standing, State, Work
from tasks.watches import Watch


class Shape(BaseModel):
    """A value that is read from another's attributes."""

    model_config = ConfigDict(from_attributes=True)


class PartyOut(Shape):
    """An agency as people see it; `id` is the directory's."""

    id: str
    name: str
    short: str

    @classmethod
    def of(cls, party: Party) -> PartyOut:
        """Without its address and telephone."""
        return cls(id=party.id, name=party.name, short=party.short)


class AgencyOut(PartyOut):
    """An agency of the directory."""

    kind: str
    reachable: bool = Field(description="whether letters reach it")

    @classmethod
    def read(cls, body: Body) -> AgencyOut:
        """An agency without its address."""
        return cls(id=body.id, name=body.name, short=body.short, kind=body.kind, reachable=body.reachable)


class DirectiveOut(Shape):
    """An issued paper."""

    id: int
    number: str
    issued_on: date
    title: str
    issuer: str = Field(description="the issuing agency's name")
    urgency: str
    zone: str

    @classmethod
    def of(cls, paper: Paper) -> DirectiveOut:
        """A paper without its telephone."""
        return cls.model_validate(paper)


class TaskOut(Shape):
    """A task: duty × agency × term. Whether it is late is worked out of `due_at` and the clock; no state says so."""

    id: int
    directive: int
    clause: str
    text: str
    short: str
    force: Literal["do", "ask"]
    agency: PartyOut
    term: str = Field(description="first day of its period or day of its milestone; empty: once")
    state: State
    due_at: datetime | None
    told_at: datetime | None
    closed_at: datetime | None = Field(description="the instant that counts for “on time”")
    evidence: str
    target: str
    indicator: str
    unit: str
    figure: Decimal | None
    figure_on: date | None
    last_words: str
    last_words_at: datetime | None
    asks_until: date | None = Field(description="the date of an undecided request for more time")
    held_until: date | None

    @classmethod
    def of(cls, work: Work) -> TaskOut:
        """A task as its lead sees it."""
        return cls.model_validate(work)


class EventOut(Shape):
    """Something that was recorded; who spoke stands in the office's own ledger."""

    seq: int
    at: datetime
    kind: str
    clause: str
    task: int = Field(description="0: about the paper")
    agency: str
    payload: Mapping[str, Any]
    hash: str = Field(description="over this event and the hash before it")

    @classmethod
    def of(cls, event: Happened) -> EventOut:
        """An event."""
        return cls.model_validate(event)


class ReportOut(Shape):
    """A report that was made; `hash` is over its numbers, and names it."""

    hash: str
    name: str
    as_of: datetime

    @classmethod
    def of(cls, made: Round) -> ReportOut:
        """A report's name."""
        return cls.model_validate(made)


class CellsOut(Shape):
    """on_time + late + in_time + overdue = the tasks with a date; undated ones stand beside them."""

    on_time: int
    late: int
    in_time: int
    overdue: int
    soon: int
    undated: int
    silent: int
    undated_done: int


class RateOut(Shape):
    """on_time of judged; exempt and unreachable are not judged."""

    on_time: int
    judged: int
    exempt: int
    unreachable: int


class AgencyStandingOut(Shape):
    """How one agency stands."""

    agency: PartyOut
    cells: CellsOut
    by_clause: dict[str, CellsOut]
    rate: RateOut
    figure: Decimal | None
    peer: bool = Field(description="only asked (đề nghị): unranked")
    unreachable: bool

    @classmethod
    def of(cls, row: AgencyStanding) -> AgencyStandingOut:
        """A row of the standing."""
        return cls(
            agency=PartyOut.of(row.party), cells=cells(row.cells), by_clause={clause: cells(of) for clause, of in row.by_clause.items()},
            rate=RateOut.model_validate(row.rate), figure=row.figure, peer=row.peer, unreachable=row.unreachable,
        )


class WatchOut(Shape):
    """What may be vouched for when nothing is heard."""

    ran_at: datetime | None = Field(description="until when reminders have run; null: never")
    stands: bool = Field(description="they should have run since")
    held: bool = Field(description="letters are held until the operator lets them go")
    unsent: int = Field(description="letters of the paper that failed and wait for the operator")
    queued: int = Field(description="letters of the paper that should have left an hour ago")


class StandingOut(Shape):
    """How a directive stood at `as_of`: the numbers of its report."""

    directive: DirectiveOut
    as_of: datetime
    seq: int = Field(description="the last event that it rests on")
    head: str = Field(description="the hash of that event")
    cells: CellsOut
    rate: RateOut
    agencies: list[AgencyStandingOut] = Field(description="worst first")
    overdue: list[TaskOut] = Field(description="the twenty to call, worst first")
    requests: list[TaskOut] = Field(description="undecided requests for more time")
    unsent: int = Field(description="letters that failed and wait for the operator")
    watch: WatchOut | None = Field(description="the proof of silence now; null of a past instant")

    @classmethod
    def of(cls, stood: Standing, watch: Watch | None = None) -> StandingOut:
        """A standing."""
        return cls(
            directive=DirectiveOut.of(stood.paper), as_of=stood.as_of, seq=stood.seq, head=stood.head, cells=cells(stood.cells),
            rate=RateOut.model_validate(stood.rate), agencies=[AgencyStandingOut.of(row) for row in stood.agencies],
            overdue=[TaskOut.of(work) for work in stood.overdue], requests=[TaskOut.of(work) for work in stood.requests],
            unsent=stood.unsent, watch=WatchOut.model_validate(watch) if watch else None,
        )


def cells(of: Cells) -> CellsOut:
    """Counts."""
    return CellsOut.model_validate(of)
