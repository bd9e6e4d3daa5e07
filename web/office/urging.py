"""Many agencies urged at once: all who are late or those ticked, one letter each, and the công văn đôn đốc that lists exactly them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from starlette.responses import Response

from tasks.ledger import prompting
from tasks.ledger.prompting import Prompt
from tasks.values import Act, Paper, Said, Work
from web.answer import keyed
from web.drafting import draft_of, theirs
from web.form import Submitted
from web.telling import paper_name
from web.words import Say

from .deed import NAME, ROLE, Deed, Field, Meant, Outcome, Values, pressed
from .many import CHANGED, SHOWN, listed, mark_of
from .room import Room, desk_demanded


@desk_demanded
def urge(room: Room, sent: Submitted | None) -> Response:
    """The agencies that are late, what each owes, and the receipt with the draft; no date moves."""
    of = room.paper()
    late = theirs(room.office, of, room.at)
    if not late and sent is None:
        return _nobody(room, of)
    mark = sent.values.get("mark", "") if sent else ""
    deed = Deed(
        heading=Say("Đôn đốc các đơn vị quá hạn"), about=paper_name(of),
        fields=(_whom(late), NAME, ROLE), back=f"/office/papers/{of.id}", command="dondoc urge --send",
        record=lambda values, nonce: _urged(room, of, _of(late, values["agency"]), values, (nonce, mark)),
        meant=lambda values: _meant(room, of, _of(late, values["agency"])),
    )
    return pressed(room, deed, sent)


def _whom(late: Sequence[Work]) -> Field:
    """Every agency that is late, with how much, the most first; all of them ticked."""
    names = {work.agency.id: work.agency.name for work in late}
    counts = {code: sum(work.agency.id == code for work in late) for code in names}
    options = tuple(
        (code, Say("%(name)s: quá hạn %(count)s việc", name=names[code], count=counts[code]))
        for code in sorted(names, key=lambda code: (-counts[code], names[code]))
    )
    return Field(
        name="agency", label=Say("Đôn đốc những đơn vị nào?"), shape="ticks", options=options, missing=Say("Chọn ít nhất một đơn vị"),
        given="yes",
    )


def _urged(room: Room, of: Paper, works: Sequence[Work], values: Values, press: tuple[str, str]) -> Outcome:
    """Urge what was shown; the same form again finds what it has done."""
    nonce, mark = press
    said = Said(name=values["name"], role=values["role"], **room.agent)
    key = keyed(Act(kind="progress", task=0, said=said, key=""), f"urge {nonce}").key
    ways = ((draft_of(of.id, values["agency"]), Say("Tải dự thảo công văn đôn đốc đúng các đơn vị này (Word)")),)
    told = Say("Thư đôn đốc gửi từng đơn vị trong giờ gửi thư; thời hạn giữ nguyên.")
    with room.read() as db:
        if prompting.prompted(db, key):
            return Outcome(said=told, ways=ways)
    if _mark(works) != mark:
        return Outcome(refusal=CHANGED)
    prompt = Prompt(directive=of.id, tasks=tuple(work.id for work in works), said=said, key=key)
    done = prompting.prompt(room.office.store, prompt, room.office.calendar, room.at.now)
    room.house.postman.wake()
    return Outcome(said=told, ways=ways) if done.seq else Outcome(refusal=CHANGED)


def _of(late: Sequence[Work], agencies: Collection[str]) -> list[Work]:
    return [work for work in late if work.agency.id in agencies]


def _meant(room: Room, of: Paper, works: Sequence[Work]) -> Meant:
    agencies = len({work.agency.id for work in works})
    said = Say("%(count)s việc quá hạn của %(agencies)s đơn vị", count=len(works), agencies=agencies)
    if len(works) > SHOWN:
        said = Say("%(said)s; dưới đây là %(shown)s việc đầu", said=said, shown=SHOWN)
    return Meant(lines=listed(room, of, works), said=said, mark=_mark(works))


def _mark(works: Sequence[Work]) -> str:
    return mark_of([work.id for work in works])


def _nobody(room: Room, of: Paper) -> Response:
    return room.at.page(
        "office/list.html", heading=Say("Đôn đốc các đơn vị quá hạn"), lines=[], more="", nothing=Say("Không đơn vị nào quá hạn."),
        back=(f"/office/papers/{of.id}", paper_name(of)),
    )
