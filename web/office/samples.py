"""Spot checks at the desk: a random sample of what is claimed to be done, what was found on the spot, and what it says of all."""

from __future__ import annotations

from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.responses import Response

from tasks.ledger import sampling
from tasks.ledger.sampling import Brief, Drawn, Sample
from tasks.values import Paper, Said
from web.form import Submitted
from web.status import Status
from web.telling import name_of, paper_name
from web.typed import Typed
from web.words import Say, local

from .deed import NAME, NOTE, ROLE, Deed, Field, Outcome, Values, pressed
from .room import Line, Room, desk_demanded, term_of

MOST = 500  # tasks of a sample that is drawn here

_FOUND: dict[bool | None, Status] = {
    None: Status("plain", Say("Chưa xem")), True: Status("done", Say("Đúng")), False: Status("late", Say("Không đúng")),
}  # fmt: skip

_DRAWN = (
    Field(name="n", label=Say("Bao nhiêu việc"), missing=Say("Nhập số việc"), given="30"),
    Field(name="seed", label=Say("Hạt giống"), missing=Say("Nhập hạt giống"), given="1", hint=Say("Cùng hạt giống thì cùng mẫu")),
)

_SEEN = Field(
    name="held", label=Say("Thực tế có đúng như đã báo không?"), shape="pick", missing=Say("Chọn đúng hay không đúng"),
    options=(("yes", Say("Đúng")), ("no", Say("Không đúng"))),
)

_WHO = (
    replace(NAME, label=Say("Họ và tên người kiểm tra"), missing=Say("Nhập họ và tên người kiểm tra")),
    replace(ROLE, label=Say("Chức vụ người kiểm tra"), missing=Say("Nhập chức vụ người kiểm tra")),
)


@desk_demanded
def samples(room: Room, sent: Submitted | None) -> Response:
    """The samples of a paper, and the way to a new one."""
    of = room.paper()
    with room.read() as db:
        found = sampling.samples(db, of.id)
    new = Line(href=f"/office/papers/{of.id}/samples/draw", name=Say("Rút mẫu mới, hoặc thêm việc vào mẫu đã có"))
    lines = [_brief_line(of, each) for each in found]
    return room.at.page(
        "office/list.html", heading=Say("Kiểm tra ngẫu nhiên việc đã báo xong"), lines=[new, *lines], more="", nothing="",
        back=(f"/office/papers/{of.id}", paper_name(of)),
    )


@desk_demanded
def draw(room: Room, sent: Submitted | None) -> Response:
    """A sample drawn; nothing of the tasks changes."""
    of = room.paper()

    def record(values: Values, nonce: str) -> Outcome:
        sampling.draw(room.office.store, of.id, values["seed"], int(values["n"]), room.at.now)
        with room.read() as db:
            brief = next(each for each in sampling.samples(db, of.id) if each.seed == values["seed"])
        ways = ((f"/office/papers/{of.id}/samples/{brief.id}", Say("Mở mẫu này")),)
        return Outcome(said=Say("Mẫu %(n)s trong %(all)s việc đã báo xong.", n=brief.drawn, all=brief.population), ways=ways)

    deed = Deed(
        heading=Say("Rút mẫu kiểm tra"), about=paper_name(of), fields=_DRAWN, record=record, back=f"/office/papers/{of.id}/samples",
        command="dondoc sample", check=_count,
    )
    return pressed(room, deed, sent)


@desk_demanded
def sample(room: Room, sent: Submitted | None) -> Response:
    """One sample: each task with what was found, and what that says of all."""
    of, brief, found = _sample(room)
    zone = room.office.practice.zone
    facts: list[tuple[Say, object]] = [
        (Say("Hạt giống"), brief.seed), (Say("Rút lúc"), local(found.drawn_at, zone)), (Say("Kết quả"), _said(found)),
    ]
    lines = [
        Line(
            href=f"/office/papers/{of.id}/samples/{brief.id}/{one.place}", name=name_of(one.work),
            hints=tuple(filter(None, (one.work.agency.name, term_of(one.work), one.note))), status=_FOUND[one.held],
        )
        for one in found.drawn
    ]
    return room.at.page(
        "office/sample.html", name=paper_name(of), facts=facts, lines=lines, nothing=Say("Chưa việc nào được báo xong."),
        back=f"/office/papers/{of.id}/samples",
    )


@desk_demanded
def check(room: Room, sent: Submitted | None) -> Response:
    """What was found on the spot of one task of a sample; the task itself changes only by a decision."""
    of, brief, found = _sample(room)
    one = next((each for each in found.drawn if each.place == room.number("place")), None)
    if one is None:
        raise HTTPException(404)

    def record(values: Values, nonce: str) -> Outcome:
        if (one.held, one.note) != (values["held"] == "yes", values["note"]):  # pressed again it is the same
            said = Said(name=values["name"], role=values["role"], **room.agent)
            sampling.check(
                room.office.store, of.id, brief.seed, one.place, held=values["held"] == "yes", note=values["note"], said=said,
                now=room.at.now,
            )
        return Outcome(said=Say("Đã ghi điều thấy tại chỗ. Việc giữ nguyên; muốn yêu cầu làm lại thì quyết định ở trang của việc."))

    deed = Deed(
        heading=Say("Ghi kết quả kiểm tra"), about=name_of(one.work), facts=_facts(one), fields=(_SEEN, NOTE, *_WHO), record=record,
        back=f"/office/papers/{of.id}/samples/{brief.id}", command="dondoc sample --held",
    )
    return pressed(room, deed, sent)


def _count(values: Values, typed: Typed) -> None:
    if not (values["n"].isascii() and values["n"].isdigit() and 0 < int(values["n"]) <= MOST):
        typed.wrong("n", Say("Nhập một số từ 1 đến %(most)s", most=MOST))


def _sample(room: Room) -> tuple[Paper, Brief, Sample]:
    """The sample that the address names. Raises HTTPException where the paper has none such."""
    of = room.paper()
    with room.read() as db:
        brief = next((each for each in sampling.samples(db, of.id) if each.id == room.number("sample")), None)
        found = sampling.found(db, of.id, brief.seed, room.office.calendar) if brief else None
    if brief is None or found is None:
        raise HTTPException(404)
    return of, brief, found


def _facts(one: Drawn) -> list[tuple[Say, object]]:
    rows: list[tuple[Say, object]] = [(Say("Đơn vị"), one.work.agency.name), (Say("Minh chứng đã báo"), one.work.last_words or "–")]
    return [*rows, (Say("Đã ghi"), _FOUND[one.held].words)] if one.held is not None else rows


def _brief_line(of: Paper, brief: Brief) -> Line:
    seen = Say("Đã xem %(checked)s trong %(drawn)s việc của mẫu", checked=brief.checked, drawn=brief.drawn)
    return Line(href=f"/office/papers/{of.id}/samples/{brief.id}", name=Say("Mẫu “%(seed)s”", seed=brief.seed), hints=(seen,))


def _said(found: Sample) -> Say:
    """What the sample says, in a sentence."""
    if (of := found.estimate) is None:
        return Say("mẫu %(n)s trong %(all)s việc đã báo xong, chưa xem việc nào", n=len(found.drawn), all=found.population)
    return Say(
        "đã xem %(checked)s việc, %(held)s việc đúng: %(share)s; khoảng tin cậy 95%%: %(low)s – %(high)s của %(all)s việc đã báo xong",
        checked=of.checked, held=of.held, share=_percent(of.share), low=_percent(of.low), high=_percent(of.high), all=found.population,
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%".replace(".", ",")
