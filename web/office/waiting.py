"""What waits at the desk: trays of tasks, answers by mail that somebody must confirm, letters that a run was stopped from sending."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from tasks.ledger import addressees, breaker, desk, mailroom, replying, roster, trays
from tasks.ledger.trays import Tray
from tasks.ledger.works import papers
from tasks.sayings import Reply
from tasks.values import Said, Work
from web.form import Submitted
from web.telling import name_of
from web.words import Say, local

from .decisions import ANSWERS, outcome_of
from .deed import NAME, NOTE, ROLE, Deed, Field, Outcome, Values, pressed
from .papers import TRAYS, key_of
from .people import agency_line
from .post import letter_line
from .room import Line, Room, desk_demanded

#: What an answer by mail may propose, besides what a clerk may record.
SAID = {kind: label for kind, (label, _) in ANSWERS.items()} | {"return": Say("Trả lại, không thuộc thẩm quyền")}


@desk_demanded
def tray(room: Room, sent: Submitted | None) -> Response:
    """One tray, what has waited longest first."""
    name = str(room.at.request.path_params["tray"])
    if name not in TRAYS:
        raise HTTPException(404)
    lines, more = _LISTS.get(name, _tasks)(room, name)
    return room.at.page(
        "office/list.html", heading=TRAYS[name], lines=lines, more=more, nothing=Say("Không có gì đang chờ."),
    )


@desk_demanded
def reply(room: Room, sent: Submitted | None) -> Response:
    """An answer by mail: recorded as what it is taken to say, about the task that it means, or left to be nothing."""
    found = _reply(room)
    chosen = str(room.at.request.path_params["kind"])
    if chosen == "refuse":
        return pressed(room, _left(room, found), sent)
    if chosen != "accept":
        raise HTTPException(404)
    return pressed(room, _accepted(room, found), sent)


@desk_demanded
def release(room: Room, sent: Submitted | None) -> Response:
    """Let go the desk's own letters of a run that wanted more than anybody foresaw; the whole house's are let go by command alone."""
    with room.read() as db:
        held = breaker.stop(db)
    if held is None or held.taken_at or held.jumped:
        return RedirectResponse("/office", 303)

    def record(values: Values, nonce: str) -> Outcome:
        letters, others = room.office.release_own(room.mine, room.at.now, f"{values['name']}, {values['role']}")
        room.house.postman.wake()
        if others:
            return Outcome(said=Say("%(count)s thư sẽ rời đi; %(others)s thư của cơ quan khác vẫn giữ.", count=letters, others=others))
        return Outcome(said=Say("%(count)s thư sẽ rời đi trong giờ gửi thư.", count=letters))

    stopped = local(held.at, room.office.practice.zone)
    deed = Deed(
        heading=Say("Cho đi những thư bị giữ"), about=Say("Chỉ thư về văn bản của cơ quan mình. Thư bị giữ vì nhiều hơn dự kiến."),
        facts=[(Say("Dừng lúc"), stopped), (Say("Cần gửi"), held.wanted), (Say("Dự kiến"), held.expected)],
        fields=(NAME, ROLE), record=record, back="/office", command="dondoc release",
    )
    return pressed(room, deed, sent)


def _tasks(room: Room, name: Tray) -> tuple[list[Line], str]:
    with room.read() as db:
        found, onward = trays.tasks(db, room.mine, name, room.office.calendar, after=key_of(room.asked("after")))
        known = papers(db, {work.directive for work in found})
    lines = [room.line(work, known[work.directive], known[work.directive].number, _why(name, work)) for work in found]
    return lines, room.onward(after="-".join(map(str, onward))) if onward else ""


def _why(name: Tray, work: Work) -> Say | str:
    if name == "requests" and work.asks_until:
        return Say("Xin lùi tới %(day)s: %(words)s", day=work.asks_until, words=work.last_words)
    return work.held_words if name in ("returned", "paused") else work.last_words


def _replies(room: Room, name: Tray) -> tuple[list[Line], str]:
    with room.read() as db:
        found = trays.replies(db, room.mine, room.office.calendar)
    return [
        Line(
            href=f"/office/replies/{each.id}/accept", name=name_of(each.work) if each.work else Say("Chưa rõ về việc nào"),
            hints=(each.agency.name, SAID[each.said.kind], Say("“%(words)s”", words=each.words[:200])),
        )
        for each in found
    ], ""


def _letters(room: Room, name: Tray) -> tuple[list[Line], str]:
    before = room.asked("after")
    with room.read() as db:
        number = int(before) if before.isdecimal() and len(before) < 16 else 0
        found, onward = mailroom.letters(db, room.mine, troubled=True, before=number)
    return [letter_line(each, room.office.practice.zone) for each in found], room.onward(after=onward) if onward else ""


def _addresses(room: Room, name: Tray) -> tuple[list[Line], str]:
    with room.read() as db:
        found, _ = addressees.agencies(db, room.mine, room.at.now, unreachable=True, limit=500)
    return [agency_line(each) for each in found], ""


_LISTS = {"replies": _replies, "letters": _letters, "addresses": _addresses}


def _reply(room: Room) -> Reply:
    number = room.number("reply")
    with room.read() as db:
        found = replying.reply(db, room.office.calendar, number)
        about = found.work.directive in room.mine if found and found.work else bool(found and _owed(room, found))
    if found is None or not about:
        raise HTTPException(404)
    return found


def _owed(room: Room, of: Reply) -> Sequence[Work]:
    """What the agency of an answer has open of the desk's papers."""
    with room.read() as db:
        return desk.led(db, roster.row_of(db, of.agency.id), room.mine, room.office.calendar)


def _about(room: Room, of: Reply) -> list[tuple[Say, object]]:
    said = of.said
    figure = f"{said.numerator}/{said.denominator}" if said.numerator is not None else said.value
    rows: list[tuple[Say, object]] = [(Say("Đơn vị"), of.agency.name), (Say("Nguyên văn"), of.words), (Say("Đề nghị ghi"), SAID[said.kind])]
    named = ((Say("Số liệu"), figure), (Say("Đến ngày"), said.until), (Say("Văn bản"), said.document), (Say("Vướng mắc"), of.note))
    rows += [(Say("Việc"), name_of(of.work))] if of.work else []
    return [*rows, *((name, value) for name, value in named if value)]


def _accepted(room: Room, of: Reply) -> Deed:
    owed = [] if of.work else _owed(room, of)
    which = Field(
        name="task", label=Say("Về việc nào?"), shape="pick", missing=Say("Chọn việc mà thư nói tới"),
        options=tuple((str(work.id), name_of(work)) for work in owed),
    )

    def record(values: Values, nonce: str) -> Outcome:
        said, task = Said(name=values["name"], role=values["role"], **room.agent), int(values.get("task") or 0)
        outcome = outcome_of(replying.accept(room.office.store, room.office.calendar, of.id, said, room.at.now, task=task or None))
        room.house.postman.wake()
        return outcome

    return Deed(
        heading=Say("Ghi điều mà thư đề nghị"), about=Say("Thư trả lời số %(number)s", number=str(of.id)), facts=_about(room, of),
        fields=(*([] if of.work else [which]), NAME, ROLE), record=record,
        back="/office/waiting/replies", command="dondoc replies accept", other=(f"/office/replies/{of.id}/refuse", Say("Bỏ qua thư này")),
    )


def _left(room: Room, of: Reply) -> Deed:
    def record(values: Values, nonce: str) -> Outcome:
        if not replying.refuse(room.office.store, of.id, room.at.now, note=values["note"]):
            return Outcome(refusal=Say("Thư trả lời này không còn chờ. Chưa có gì được ghi thêm."))
        return Outcome(said=Say("Đã bỏ qua. Không có gì được ghi về việc này."))

    return Deed(
        heading=Say("Bỏ qua thư này"), about=Say("Thư trả lời số %(number)s", number=str(of.id)), facts=_about(room, of), fields=(NOTE,),
        record=record, back="/office/waiting/replies", command="dondoc replies refuse",
    )
