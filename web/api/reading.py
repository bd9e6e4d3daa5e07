"""What programs read: papers, tasks, events, standings now or on any day since the issue, reports as they were made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Generic, TypeVar

from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import AwareDatetime, BaseModel

from tasks.ledger import counting, issued, paging, reporting, watching
from tasks.ledger import standing as standings
from tasks.ledger.paging import Sought
from tasks.values import State

from .caller import Called, Caller
from .problems import Refused, responses
from .shapes import AgencyOut, DirectiveOut, EventOut, ReportOut, StandingOut, TaskOut

LARGEST = 2**53
T = TypeVar("T")

Number = Annotated[int, Path(ge=1, le=LARGEST)]
After = Annotated[int, Query(ge=0, le=LARGEST, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=200)]
AsOf = Annotated[AwareDatetime | None, Query(description="as of then")]
Hash = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
Word = Annotated[str, Query(max_length=50, pattern=r"^[^\x00-\x1f\x7f]*$")]
Words = Annotated[list[Annotated[str, Query(max_length=100, pattern=r"^[a-z0-9.-]+$")]], Query(max_length=50)]

router = APIRouter(responses=responses(401, 403, 404, 422, 429))


class Page(BaseModel, Generic[T]):
    """A page of a list; `next` is None at its end."""

    items: list[T]
    next: int | None


def _page(items: Sequence[T], numbers: Sequence[int], limit: int) -> Page[T]:
    return Page(items=list(items), next=numbers[-1] if len(items) == limit else None)


@router.get("/directives", summary="Papers in the order of their issue")
def directives(of: Called, after: After = 0, limit: Limit = 50) -> Page[DirectiveOut]:
    """Every paper that was issued and not recalled."""
    with of.office.store.read() as db:
        found = paging.directives(db, after, limit)
    return _page([DirectiveOut.of(paper) for paper in found], [paper.id for paper in found], limit)


@router.get("/directives/{directive}", summary="One paper")
def directive(of: Called, directive: Number) -> DirectiveOut:
    """A paper."""
    with of.office.store.read() as db:
        found = paging.directives(db, directive - 1, 1)
    if not found or found[0].id != directive:
        raise _unknown()
    return DirectiveOut.of(found[0])


@router.get(
    "/directives/{directive}/standing", summary="How a paper stands, or stood",
    responses={304: {"description": "Unchanged"}, **responses(409)},
)
def standing(
    of: Called, directive: Number, response: Response, at: AsOf = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> StandingOut:
    """The numbers of the report as of now or of `at`; the same for a past instant whenever it is asked. The ETag is over the numbers."""
    of.need_all()
    when = _instant(of, directive, at)
    with of.office.store.read() as db:
        watch = None if at else watching.watch(db, directive, of.office.calendar, of.office.practice, when)
        stood = StandingOut.of(standings.standing(db, directive, of.office.calendar, when), watch)
    tag = f'"{sha256(stood.model_dump_json(exclude={"as_of"}).encode()).hexdigest()[:32]}"'
    if if_none_match and tag in {each.strip().removeprefix("W/") for each in if_none_match.split(",")}:
        return Response(status_code=304, headers={"etag": tag})  # type: ignore[return-value]  # an answer without a body
    response.headers["etag"] = tag
    return stood


@router.get("/directives/{directive}/tasks", summary="The tasks of a paper as they stand, or stood", responses=responses(409))
def tasks_of(of: Called, directive: Number, at: AsOf = None, after: After = 0, limit: Limit = 50) -> Page[TaskOut]:
    """Those that had begun and were not withdrawn, by number; the same for a past instant whenever it is asked."""
    of.need_all()
    when, office = _instant(of, directive, at), of.office
    with office.store.read() as db:
        then = counting.past(db, issued.load(db, directive, office.calendar), when)
        found = paging.tasks_then(db, then, office.calendar, after, limit)
    return _page([TaskOut.of(work) for work in found], [work.id for work in found], limit)


@router.get("/directives/{directive}/events", summary="What was recorded of a paper", responses=responses(409))
def events(of: Called, directive: Number, at: AsOf = None, after: After = 0, limit: Limit = 100) -> Page[EventOut]:
    """The chained history, by now or by `at`: the order is that of `seq`."""
    of.need_all()
    when = _instant(of, directive, at)
    with of.office.store.read() as db:
        found = paging.events(db, directive, after, limit, when)
    return _page([EventOut.of(event) for event in found], [event.seq for event in found], limit)


@router.get("/directives/{directive}/reports", summary="Reports that were made of a paper")
def reports(of: Called, directive: Number) -> list[ReportOut]:
    """The newest first."""
    of.need_all()
    with of.office.store.read() as db:
        if paging.issued_at(db, directive) is None:
            raise _unknown()
        return [ReportOut.of(made) for made in paging.rounds(db, directive)]


@router.get("/directives/{directive}/reports/{hash}", summary="A report as it was made")
def report(of: Called, directive: Number, hash: Hash) -> StandingOut:
    """The standing that the report froze."""
    of.need_all()
    with of.office.store.read() as db:
        name = next((made.name for made in paging.rounds(db, directive) if made.hash == hash), None)
        if name is None:
            raise _unknown()
        return StandingOut.of(reporting.frozen(db, directive, name))


@router.get("/tasks", summary="Tasks, over all papers or of one")
def tasks(
    of: Called, *, directive: Annotated[int, Query(ge=0, le=LARGEST, description="0: every one")] = 0, clause: Word = "",
    agency: Words = [],  # noqa: B006  # read by FastAPI, never changed
    state: Annotated[list[State], Query(max_length=8)] = [],  # noqa: B006
    late: bool = False, after: After = 0, limit: Limit = 50,
) -> Page[TaskOut]:
    """By number. Without `state` all but the withdrawn; `late`: open and past their date now."""
    mine = _theirs(of, agency)
    sought = Sought(
        directive=directive, clause=clause, agencies=tuple(mine), states=tuple(state), late_at=of.now if late else None,
    )
    with of.office.store.read() as db:
        found = paging.tasks(db, sought, of.office.calendar, after, limit) if mine or of.may_read() else ()
    return _page([TaskOut.of(work) for work in found], [work.id for work in found], limit)


@router.get("/tasks/{task}", summary="One task")
def task(of: Called, task: Number) -> TaskOut:
    """A task, withdrawn or not."""
    states: tuple[State, ...] = ("open", "received", "progress", "claimed", "returned", "paused", "done", "void")
    with of.office.store.read() as db:
        found = paging.tasks(db, Sought(task=task, states=states), of.office.calendar, 0, 1)
    if not found or not of.may_read(found[0].agency.id):
        raise _unknown()
    return TaskOut.of(found[0])


@router.get("/agencies", summary="The directory")
def agencies(of: Called, after: After = 0, limit: Limit = 100) -> Page[AgencyOut]:
    """Without addresses and telephones."""
    of.need_all()
    with of.office.store.read() as db:
        found = paging.agencies(db, after, limit)
    return _page([AgencyOut.read(body) for body in found], [body.number for body in found], limit)


def _theirs(of: Caller, wished: Sequence[str]) -> list[str]:
    """The agencies whose tasks are meant: those wished, within those that the program may read."""
    if of.may_read():
        return list(wished)
    given = of.program.of("read")
    return [agency for agency in given if not wished or agency in wished]


def _instant(of: Caller, directive: int, at: datetime | None) -> datetime:
    with of.office.store.read() as db:
        issued_at = paging.issued_at(db, directive)
    if issued_at is None or (at and at < issued_at):
        raise _unknown()
    if at and at > of.now:
        raise Refused(409, "not-yet", "Chưa tới ngày này.")
    return at or of.now


def _unknown() -> Refused:
    return Refused(404, "unknown", "Không có.")
