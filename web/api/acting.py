"""What programs write: the same acts as the pages, in the key's name; the same call again is answered as the first was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Header, Request

from tasks.ledger import acts, paging, programs
from tasks.values import Act, Receipt, Said
from web.visit import network

from . import evidence, handing
from .caller import Called, Caller
from .problems import Refused, canonical, responses
from .reading import Number
from .saying import Deciding, ReceiptOut, Telling
from .shapes import TaskOut

FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)

Key = Annotated[str, Header(
    alias="Idempotency-Key", pattern=r"^[A-Za-z0-9._:-]{8,100}$", description="new for each act; the same again is answered as before"
)]

router = APIRouter(responses=responses(401, 403, 404, 409, 422, 429))


@router.post("/tasks/{task}/acts", summary="Say something of a task in an agency's name")
def tell(of: Called, request: Request, task: Number, said: Telling, key: Key) -> ReceiptOut:
    """Needs `act:<agency>`. What the rules forbid is answered 409 in words, and nothing is recorded.

    A colleague's link stands in the answer for a key with `link:<agency>`; the agency's page shows it to be handed over."""
    act = Act(
        kind=said.kind, task=task, said=_speaker(of, request), key="", by=_agency(of, said.agency), note=said.note,
        value=Decimal(said.value) if said.value else None,
        numerator=said.numerator, denominator=said.denominator, on=_day(said.on), until=_day(said.until), document=said.document,
        to=said.colleague if said.kind == "delegate" else said.to, files=evidence.named(of, said.files), source=of.program.name,
    )
    return _record(of, act, key, canonical({"path": f"tasks/{task}/acts", **said.model_dump()}))


@router.post("/tasks/{task}/decisions", summary="Decide of a task for its issuer")
def decide(of: Called, request: Request, task: Number, said: Deciding, key: Key) -> ReceiptOut:
    """Needs `decide:<agency>` of the agency that issued the paper."""
    act = Act(
        kind=said.kind, task=task, said=_speaker(of, request), key="", note=said.note, until=_day(said.until), to=said.to,
        source=of.program.name,
    )
    return _record(of, act, key, canonical({"path": f"tasks/{task}/decisions", **said.model_dump()}))


def _record(of: Caller, act: Act, key: str, request: str) -> ReceiptOut:
    """Record an act and what is answered in one transaction; a refusal keeps neither."""
    office, program = of.office, of.program
    with office.store.write() as db:
        programs.queue(db, program)
        if before := programs.answered(db, program, key, of.now):
            return _again(before, request).model_copy(update={"link": handing.link(of, db, act)})
        issuer = paging.issuer(db, act.task)
        if not issuer:
            raise Refused(404, "unknown", "Không có việc này.")
        if not act.by and issuer not in program.of("decide"):
            raise Refused(403, "scope", "Khóa này không được quyết định thay cơ quan ban hành của việc này.")
        receipt = acts.act_in(db, replace(act, key=f"api:{program.id}:{key}"), office.calendar, of.now)
        answer = _answer(receipt)
        if not receipt.new:  # whose answer is forgotten: what it was about is no longer known
            raise _used()
        if act.kind == "delegate":
            handing.pass_on(db, act, of.now)
        programs.keep(db, program, key, (request, answer.model_dump_json()), of.now)
        link = handing.link(of, db, act)
    of.wake()
    return answer.model_copy(update={"link": link})


def _again(before: tuple[str, str], request: str) -> ReceiptOut:
    if before[0] != request:
        raise _used()
    return ReceiptOut.model_validate_json(before[1])


def _used() -> Refused:
    return Refused(409, "key-used", "Idempotency-Key này đã dùng cho một yêu cầu khác.")


def _answer(receipt: Receipt) -> ReceiptOut:
    if receipt.refusal or receipt.work is None or receipt.at is None:
        raise Refused(409, "rule", receipt.refusal)
    return ReceiptOut(number=receipt.number, at=receipt.at, kind=receipt.act.kind, task=TaskOut.of(receipt.work))


def _agency(of: Caller, wished: str) -> str:
    """In whose name the program speaks."""
    given = of.program.of("act")
    if wished in given:
        return wished
    if not wished and len(given) == 1:
        return given[0]
    raise Refused(403, "scope", "Khóa này không được trả lời thay đơn vị này.")


def _day(day: date | None) -> date | None:
    """A day that an office can mean."""
    if day and not FIRST <= day <= LAST:
        raise Refused(409, "day", f"Ngày {day.isoformat()} nằm ngoài lịch làm việc.")
    return day


def _speaker(of: Caller, request: Request) -> Said:
    return Said(name=of.program.name, role="chương trình", ip=network(request), agent=request.headers.get("user-agent", "")[:200])
