"""What may be done to a whole paper: a clause or all of it withdrawn, its waiting letters held, let go, or called off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from starlette.exceptions import HTTPException
from starlette.responses import Response

from tasks.ledger import amending, issued, orders
from tasks.ledger.amending import UnfitAmendmentError
from tasks.values import Paper, Said
from web.form import Submitted
from web.telling import paper_name
from web.words import Say

from .deed import NAME, REASON, ROLE, Deed, Field, Outcome, Values, pressed
from .room import Room, desk_demanded

Verb = Literal["hold", "resume", "cancel"]

LETTERS: dict[str, tuple[Say, str]] = {
    "hold": (Say("Giữ thư lại"), "dondoc letters pause"), "resume": (Say("Cho thư đi tiếp"), "dondoc letters resume"),
    "cancel": (Say("Thôi gửi hẳn những thư còn chờ"), "dondoc letters cancel"),
}  # fmt: skip

WHOLE = "*"
BEFORE = Say("Đã thu hồi từ trước, không ai phải báo thêm.")


@desk_demanded
def withdraw(room: Room, sent: Submitted | None) -> Response:
    """A clause, or the whole paper: open work ends, done work stays, each agency is told once. Twice is once."""
    of = room.paper()
    with room.read() as db:
        # A press that comes again may name a clause that the first one has withdrawn.
        read = issued.ever if sent else issued.load
        known = [duty for duty in read(db, of.id, room.office.calendar).directive.duties if duty.force != "note"]
    named = [(duty.clause, Say("Mục %(clause)s. %(short)s", clause=duty.clause, short=duty.short)) for duty in known]
    which = Field(
        name="clause", label=Say("Thu hồi gì?"), shape="pick", missing=Say("Chọn mục thu hồi"),
        options=(*named, (WHOLE, Say("Cả văn bản"))),
    )

    def record(values: Values, nonce: str) -> Outcome:
        clause = None if values["clause"] == WHOLE else values["clause"]
        by = Said(name=values["name"], role=values["role"], **room.agent)
        return _withdrawn(room, of, clause, by, values["note"])

    warning = Say("Việc đang mở sẽ thôi thực hiện; mỗi đơn vị được báo lý do bằng thư. Việc đã hoàn thành giữ nguyên.")
    deed = replace(_deed(room, of), heading=Say("Thu hồi"), fields=(which, *_who(room)), record=record, command="dondoc withdraw")
    return pressed(room, replace(deed, warning=warning, facts=[(Say("Văn bản"), of.title)]), sent)


@desk_demanded
def letters(room: Room, sent: Submitted | None) -> Response:
    """The letters of a paper that wait: none leaves for now, they go on, none of them leaves ever."""
    of, verb = room.paper(), str(room.at.request.path_params["verb"])
    if verb not in LETTERS:
        raise HTTPException(404)
    label, command = LETTERS[verb]
    with room.read() as db:
        found = orders.counts(db, of.id)
    facts: list[tuple[Say, object]] = [(Say("Đang chờ"), found.waiting), (Say("Đang gửi"), found.in_flight), (Say("Đã gửi"), found.sent)]

    def record(values: Values, nonce: str) -> Outcome:
        return _ORDER[verb](room, of, f"{values['name']}, {values['role']}", values.get("note", ""))

    fields = _who(room)[1:] if verb == "resume" else _who(room)
    return pressed(room, replace(_deed(room, of), heading=label, fields=fields, record=record, command=command, facts=facts), sent)


def _withdrawn(room: Room, of: Paper, clause: str | None, by: Said, reason: str) -> Outcome:
    with room.read() as db:
        known = {duty.clause for duty in issued.load(db, of.id, room.office.calendar).directive.duties}
    if clause is not None and clause not in known:
        return Outcome(said=BEFORE)
    try:
        told = amending.withdraw(
            room.office.store, of.id, clause, reason=reason, by=by, calendar=room.office.calendar, now=room.at.now,
        )
    except UnfitAmendmentError as error:
        return Outcome(refusal=str(error))
    room.house.postman.wake()
    done = Say("Đã thu hồi, báo cho %(count)s đơn vị. Thư rời đi sau thời gian được rút lại.", count=told)
    return Outcome(said=done if told else BEFORE)


def _ordered(verb: Literal["pause", "cancel"], said: Say) -> Callable[[Room, Paper, str, str], Outcome]:
    def record(room: Room, of: Paper, by: str, note: str) -> Outcome:
        met = orders.order(room.office.store, verb, of.id, "", room.at.now, by=by, note=note)
        return Outcome(said=Say(said.text, count=met))

    return record


def _resumed(room: Room, of: Paper, by: str, note: str) -> Outcome:
    freed = orders.resume(room.office.store, of.id, "", room.at.now, by=by)
    if freed is None:
        return Outcome(refusal=Say("Không có lệnh giữ thư nào của văn bản này."))
    room.house.postman.wake()
    return Outcome(said=Say("%(count)s thư đi tiếp.", count=freed))


_ORDER: dict[str, Callable[[Room, Paper, str, str], Outcome]] = {
    "hold": _ordered("pause", Say("Giữ lại %(count)s thư.")), "cancel": _ordered("cancel", Say("Thôi gửi %(count)s thư.")),
    "resume": _resumed,
}  # fmt: skip


def _who(room: Room) -> tuple[Field, ...]:
    return REASON, NAME, ROLE


def _deed(room: Room, of: Paper) -> Deed:
    return Deed(
        heading=Say("Văn bản"), about=paper_name(of), fields=(), record=lambda values, nonce: Outcome(),
        back=f"/office/papers/{of.id}", command="",
    )
