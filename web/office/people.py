"""The agencies that the desk's papers give work to: how each is reached, and what it has open."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from tasks.ledger import addressees, desk, roster
from tasks.ledger.addressees import Addressee
from tasks.ledger.works import papers
from web.form import Submitted
from web.status import Status
from web.words import Say

from .room import Line, Room, desk_demanded

REACHED: dict[str, Say] = {
    "ok": Say("Thư tới được"), "none": Say("Không có địa chỉ thư"), "bad": Say("Địa chỉ hỏng: thư bị trả lại"),
}  # fmt: skip


def agency_line(of: Addressee) -> Line:
    """An agency in a list."""
    contacts = tuple(filter(None, (of.mail, of.phone)))
    told = Say("%(open)s việc đang mở, %(overdue)s quá hạn", open=of.open, overdue=of.overdue)
    stands = None if of.mail_state == "ok" else Status("late", REACHED[of.mail_state])
    return Line(href=f"/office/agencies/{of.code}", name=of.name, hints=(*contacts, told), status=stands)


@desk_demanded
def agencies(room: Room, sent: Submitted | None) -> Response:
    """Every agency by name."""
    words, (name, _, number) = room.asked("q"), room.asked("after").rpartition("~")
    after = (name, int(number)) if number.isdecimal() and len(number) < 16 else ("", 0)
    with room.read() as db:
        found, onward = addressees.agencies(db, room.mine, room.at.now, words=words, after=after)
    return room.at.page(
        "office/list.html", heading=Say("Đơn vị"), lines=[agency_line(each) for each in found], search=words,
        more=room.onward(after=f"{onward[0]}~{onward[1]}") if onward else "", nothing=Say("Không tìm thấy đơn vị nào."),
    )


@desk_demanded
def agency(room: Room, sent: Submitted | None) -> Response:
    """One agency: contacts, whom it answers to, and its open tasks of the desk's papers."""
    with room.read() as db:
        found = addressees.agency(db, room.mine, str(room.at.request.path_params["code"]), room.at.now)
        if found is None:
            raise HTTPException(404)
        works = desk.led(db, roster.row_of(db, found.code), room.mine, room.office.calendar)
        known = papers(db, {work.directive for work in works})
    rows: list[tuple[Say, object]] = [
        (Say("Mã"), found.code), (Say("Địa chỉ thư"), found.mail or Say("không có")), (Say("Tình trạng thư"), REACHED[found.mail_state]),
        (Say("Điện thoại"), found.phone or Say("không có")),
    ]
    rows += [(Say("Lãnh đạo"), found.head)] if found.head else []
    return room.at.page(
        "office/agency.html", name=found.name, rows=rows,
        lines=[room.line(work, known[work.directive], known[work.directive].number) for work in works],
    )
