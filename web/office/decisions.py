"""What may be decided or recorded of one task, and how a filled form becomes the same act that the commands make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, cast

from starlette.exceptions import HTTPException
from starlette.responses import Response

from directives.language.words import near
from tasks.ledger import chronicle, listing
from tasks.states import TRANSITIONS
from tasks.values import Act, Paper, Receipt, Said, Work
from web.answer import figure_act, keyed, of_hundred
from web.form import Submitted
from web.telling import caption, facts
from web.typed import Typed
from web.words import Say, local

from .deed import NAME, NOTE, REASON, ROLE, Deed, Field, Outcome, Values, pressed
from .room import Room, desk_demanded

#: What the issuer decides, with what else has to be typed for it.
DECISIONS: dict[str, tuple[Say, tuple[Field, ...]]] = {
    "confirm": (Say("Xác nhận hoàn thành"), (NOTE,)),
    "reject": (Say("Yêu cầu thực hiện lại"), (REASON,)),
    "grant": (Say("Đồng ý gia hạn"), (Field(name="until", label=Say("Gia hạn đến ngày"), shape="day", missing=Say("Nhập ngày")), NOTE)),
    "refuse": (Say("Không đồng ý gia hạn"), (REASON,)),
    "keep": (Say("Không nhận trả lại"), (REASON,)),
    "reassign": (
        Say("Chuyển đơn vị khác"),
        (Field(name="to", label=Say("Mã đơn vị nhận việc"), missing=Say("Nhập mã đơn vị nhận việc"), hint=Say("Ví dụ: bhxh")),
         Field(name="until", label=Say("Thời hạn mới"), shape="day"), NOTE),
    ),
    "postpone": (Say("Lùi hạn"), (Field(name="until", label=Say("Lùi hạn đến ngày"), shape="day", missing=Say("Nhập ngày")), NOTE)),
    "pause": (
        Say("Tạm dừng"), (Field(name="until", label=Say("Thực hiện tiếp từ ngày"), shape="day", missing=Say("Nhập ngày")), REASON),
    ),
    "resume": (Say("Thực hiện tiếp"), (NOTE,)),
    "reopen": (Say("Mở lại"), (REASON,)),
    "close": (Say("Kết thúc"), (REASON,)),
}  # fmt: skip

WAYS = {"phone": Say("Điện thoại"), "paper": Say("Văn bản giấy")}

#: How it came, as every history, page and receipt says it.
_SOURCES = {"phone": "điện thoại", "paper": "văn bản giấy"}

_ON = Field(name="on", label=Say("Ngày chốt số liệu"), shape="day")
_UNTIL = Field(name="until", label=Say("Xin lùi tới ngày"), shape="day", missing=Say("Nhập ngày xin lùi tới"))
_FIGURES = (
    Field(name="figure-value", label=Say("Số liệu"), hint=Say("Hoặc nhập số đạt và tổng số")),
    Field(name="figure-numerator", label=Say("Số đạt")), Field(name="figure-denominator", label=Say("Tổng số")),
)  # fmt: skip

#: What an agency says by telephone or on paper.
ANSWERS: dict[str, tuple[Say, tuple[Field, ...]]] = {
    "received": (Say("Đã tiếp nhận"), (NOTE,)),
    "progress": (Say("Báo tiến độ"), (Field(name="note", label=Say("Nội dung"), shape="text", missing=Say("Ghi nội dung đã báo")),)),
    "figure": (Say("Báo số liệu"), (*_FIGURES, _ON, NOTE)),
    "done": (Say("Đã xong"), (Field(name="document", label=Say("Số và ngày của văn bản trả lời")), NOTE)),
    "extend": (Say("Xin lùi hạn"), (_UNTIL, REASON)),
}

_SPOKE = (
    Field(name="via", label=Say("Nhận qua"), shape="pick", missing=Say("Chọn cách nhận"), options=tuple(WAYS.items())),
    Field(name="ref", label=Say("Giờ gọi, hoặc số và ngày của văn bản giấy"), hint=Say("Bắt buộc khi nhận bằng văn bản giấy")),
    Field(name="by", label=Say("Chức danh người trả lời"), missing=Say("Nhập chức danh người trả lời")),
)


def offered(work: Work) -> tuple[list[tuple[str, Say]], list[tuple[str, Say]]]:
    """What the desk may decide, and which answers it may record, as the task stands: each with its name in addresses."""
    decided = [(kind, label) for kind, (label, _) in DECISIONS.items() if (kind, work.state) in TRANSITIONS and _fits(kind, work)]
    said = [(kind, label) for kind, (label, _) in ANSWERS.items() if (kind, work.state) in TRANSITIONS and _fits(kind, work)]
    return decided, said


def _fits(kind: str, work: Work) -> bool:
    """Whether an act that the state allows makes sense of this very task."""
    asks, dated = work.asks_until is not None, work.due_at is not None
    needed = {
        "grant": asks, "refuse": asks, "extend": dated and not asks, "postpone": dated, "figure": bool(work.indicator),
        "done": not work.indicator, "received": work.state == "open",
    }
    return needed.get(kind, True)


@desk_demanded
def decide(room: Room, sent: Submitted | None) -> Response:
    """A decision about a task."""
    work, paper = room.task()
    kind = str(room.at.request.path_params["kind"])
    if kind not in DECISIONS:
        raise HTTPException(404)
    label, asked = DECISIONS[kind]
    if kind == "grant" and work.asks_until:
        asked = (replace(asked[0], given=work.asks_until), *asked[1:])

    def record(values: Values, nonce: str) -> Outcome:
        said = Said(name=values["name"], role=values["role"], **room.agent)
        words = {name: values[name] for name in ("until", "note", "to") if values.get(name)}
        return recorded(room, keyed(Act(kind=cast(Any, kind), task=work.id, said=said, key="", **words), nonce))

    fields = (*asked, NAME, ROLE)
    deed = replace(_about(work, paper), heading=label, fields=fields, command=f"dondoc decide --{kind}", record=record)
    return pressed(room, replace(deed, check=lambda values, typed: known(room, values, typed)), sent)


@desk_demanded
def answered(room: Room, sent: Submitted | None) -> Response:
    """An answer that came by telephone or on paper: recorded in the agency's name, with how it came and who wrote it down."""
    work, paper = room.task()
    kind = str(room.at.request.path_params["kind"])
    if kind not in ANSWERS:
        raise HTTPException(404)
    label, asked = ANSWERS[kind]

    def check(values: Values, typed: Typed) -> None:
        if values["via"] == "paper" and not values["ref"]:
            typed.wrong("ref", Say("Nhập số và ngày của văn bản giấy"))
        if kind == "figure":
            _figure(typed, work, values, _today(room, paper))

    def record(values: Values, nonce: str) -> Outcome:
        figure = _figure(Typed({name: str(value or "") for name, value in values.items()}), work, values, _today(room, paper))
        blank = figure if kind == "figure" and figure else Act(kind=cast(Any, kind), task=work.id, said=Said(name="", role=""), key="")
        with room.read() as db:
            by = chronicle.speaker(db, work.id, figure=kind == "figure")
        words = {name: values[name] for name in ("until", "note", "document") if values.get(name)}
        source = f"{_SOURCES[values['via']]} {values['ref']}".strip() + f", ghi lại: {room.at.session.name}"
        said = Said(name="", role=values["by"], **room.agent)
        return recorded(room, keyed(replace(blank, said=said, by=by, source=source, **words), nonce))

    deed = replace(_about(work, paper), heading=label, fields=(*asked, *_SPOKE), command=f"dondoc answer --{kind}", record=record)
    return pressed(room, replace(deed, check=check), sent)


@desk_demanded
def corrected(room: Room, sent: Submitted | None) -> Response:
    """A figure put right by the issuer's side: the one before stays in the history, and reports show both."""
    work, paper = room.task()
    if not work.indicator:
        raise HTTPException(404)

    def record(values: Values, nonce: str) -> Outcome:
        typed = Typed({name: str(value or "") for name, value in values.items()})
        figure = _figure(typed, work, values, _today(room, paper)) or Act(kind="figure", task=work.id, said=Said(name="", role=""), key="")
        said = Said(name=values["name"], role=values["role"], **room.agent)
        return recorded(room, keyed(replace(figure, said=said, note=values["note"]), nonce))

    fields = (*_FIGURES, replace(_ON, missing=Say("Nhập ngày")), REASON, NAME, ROLE)
    deed = replace(_about(work, paper), heading=Say("Đính chính số liệu"), fields=fields, command="dondoc figure", record=record)

    def check(values: Values, typed: Typed) -> None:
        _figure(typed, work, values, _today(room, paper))

    return pressed(room, replace(deed, check=check), sent)


def recorded(room: Room, act: Act) -> Outcome:
    """The act in the ledger, once."""
    return outcome_of(room.house.act(act, room.at.now))


def outcome_of(receipt: Receipt) -> Outcome:
    """What the receipt page says of it."""
    if receipt.refusal:
        return Outcome(refusal=receipt.refusal)
    return Outcome(number=receipt.number, said=Say("Đã ghi. Đơn vị được báo bằng thư gửi tới hộp thư đã đăng ký."))


def _about(work: Work, paper: Paper) -> Deed:
    """What every act about a task says of it."""
    shown = [(name, value) for name, value in facts(work, paper) if isinstance(name, Say)][:1]
    about: list[tuple[Say, object]] = [(Say("Việc"), work.short), (Say("Đơn vị"), work.agency.name), *shown]
    return Deed(
        heading=Say("Việc"), about=caption(work, paper), facts=about, fields=(), back=f"/office/tasks/{work.id}", command="",
        record=lambda values, nonce: Outcome(),
    )


def known(room: Room, values: Values, typed: Typed) -> None:
    """An agency that nobody knows is told at its field, not by the ledger's refusal."""
    if values.get("to"):
        with room.read() as db:
            directory = listing.agencies(db)
        if values["to"] not in directory:
            typed.wrong("to", stranger(values["to"], directory))


def stranger(code: str, directory: Mapping[str, str]) -> Say:
    """That no agency has this code, and whose was perhaps meant: a name will do to be told its code."""
    meant = near(code, directory, directory)
    if meant is None:
        return Say("Danh bạ không có mã đơn vị “%(code)s”", code=code)
    name = directory[meant]
    return Say("Danh bạ không có mã đơn vị “%(code)s”; mã của %(name)s là “%(meant)s”", code=code, name=name, meant=meant)


def _figure(typed: Typed, work: Work, values: Values, today: date) -> Act | None:
    act = figure_act(typed, "figure", work.id, values.get("on") or today, of_hundred=of_hundred(work))
    if act is None:
        typed.wrong("figure-value", Say("Nhập số liệu"))
    return act


def _today(room: Room, paper: Paper) -> date:
    return local(room.at.now, paper.zone).date()
