"""A report asked for at the desk: of a clause on request or on event, by all who hold it or by those named."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.responses import Response

from directives.language.deadlines import due_of
from directives.language.expansion import has_rhythm
from directives.language.mistakes import Mistake
from directives.language.shapes import Due, Duty
from tasks.ledger import asking, issued, roster
from tasks.ledger.asking import Asking, Looked
from tasks.values import Paper, Said
from web.form import Submitted
from web.telling import paper_name
from web.typed import Typed
from web.words import Say

from .deed import NAME, ROLE, Deed, Field, Meant, Outcome, Values, pressed
from .many import SHOWN, codes, mark_of, named
from .room import Line, Room, desk_demanded

_FIELDS = (
    Field(name="due", label=Say("Hạn báo cáo"), hint=Say("Ví dụ: 30/9/2020, 16:00 30/9/2020, hoặc 5 ngày làm việc")),
    Field(name="agency", label=Say("Mã đơn vị"), hint=Say("Nhiều mã cách nhau bằng dấu phẩy; để trống là mọi đơn vị thực hiện mục ấy")),
    Field(name="note", label=Say("Yêu cầu báo cáo điều gì; in trong thư"), shape="text"), NAME, ROLE,
)


def asked_for(duties: Sequence[Duty]) -> list[Duty]:
    """The duties whose reports the issuer asks for."""
    return [duty for duty in duties if duty.force != "note" and duty.every and not has_rhythm(duty)]


@desk_demanded
def ask(room: Room, sent: Submitted | None) -> Response:
    """The form, whom it means, and the receipt; asked twice on a day it is asked once."""
    of = room.paper()
    with room.read() as db:
        duties = asked_for(issued.load(db, of.id, room.office.calendar).directive.duties)
    if not duties:
        raise HTTPException(404)
    options = tuple((duty.clause, Say("Mục %(clause)s. %(short)s", clause=duty.clause, short=duty.short)) for duty in duties)
    clause = Field(name="clause", label=Say("Báo cáo theo mục nào?"), shape="pick", missing=Say("Chọn một mục"), options=options)

    def record(values: Values, nonce: str) -> Outcome:
        said = Said(name=values["name"], role=values["role"], **room.agent)
        done = asking.ask(room.office.store, _asking(of, values, said), room.office.calendar, room.at.now)
        room.house.postman.wake()
        told = Say("Đã yêu cầu: %(tasks)s việc, %(letters)s thư.", tasks=done.tasks, letters=done.letters)
        again = Say("Hôm nay đã yêu cầu rồi, không có gì mới.")
        return Outcome(refusal=done.refusal) if done.refusal else Outcome(said=told if done.tasks or done.letters else again)

    deed = Deed(
        heading=Say("Yêu cầu báo cáo"), about=paper_name(of), record=record,
        fields=(clause, *_FIELDS), back=f"/office/papers/{of.id}", command="dondoc ask",
        check=lambda values, typed: _check(room, of, values, typed), meant=lambda values: _meant(room, _looked(room, of, values)),
    )
    return pressed(room, deed, sent)


def _check(room: Room, of: Paper, values: Values, typed: Typed) -> None:
    named(room, values, typed)
    try:
        refusal = "" if typed.mistakes else _looked(room, of, values).refusal
    except Mistake:
        typed.wrong("due", Say("Không hiểu hạn “%(typed)s”; viết như 30/9/2020 hoặc 5 ngày làm việc", typed=values["due"]))
        return
    if refusal:
        typed.wrong("clause", Say("%(refusal)s", refusal=refusal))


def _looked(room: Room, of: Paper, values: Values) -> Looked:
    with room.read() as db:
        return asking.look(db, _asking(of, values, Said(name="", role="")), room.office.calendar, room.at.now)


def _meant(room: Room, looked: Looked) -> Meant:
    with room.read() as db:
        codes = roster.codes(db)
        known = roster.parties(db, [codes[holder.unit] for holder in looked.new[:SHOWN]])
    lines = [Line(href=f"/office/agencies/{party.id}", name=party.name) for party in known.values()]
    return Meant(lines=lines, said=Say("Gửi %(count)s đơn vị", count=len(looked.new)), mark=mark_of([holder.unit for holder in looked.new]))


def _asking(of: Paper, values: Values, said: Said) -> Asking:
    """What is asked. Raises Mistake for a date that nobody can read."""
    due = Due.model_validate(due_of(values["due"])) if values["due"] else None
    return Asking(directive=of.id, clause=values["clause"], said=said, due=due, agencies=codes(values["agency"]), note=values["note"])
