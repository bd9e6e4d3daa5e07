"""One task at the desk: its facts, what may be done with it, its letters, and its events as a history that a person can read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from tasks.ledger import chronicle, mailroom
from tasks.ledger.chronicle import Entry
from tasks.states import NAMES
from web.form import Submitted
from web.showing import served
from web.status import status
from web.telling import caption, course_rows, facts, hanging
from web.words import Say, local, size_words

from .decisions import offered
from .post import letter_line
from .room import Line, Room, desk_demanded

EVENTS: dict[str, Say] = {
    "issued": Say("Ban hành"), "opened": Say("Mở việc"), "received": Say("Đã tiếp nhận"), "progress": Say("Báo tiến độ"),
    "figure": Say("Báo số liệu"), "done": Say("Báo đã xong"), "extend": Say("Xin lùi hạn"), "undo": Say("Rút lại báo xong"),
    "grant": Say("Đồng ý gia hạn"), "refuse": Say("Không đồng ý gia hạn"), "confirm": Say("Xác nhận hoàn thành"),
    "reject": Say("Yêu cầu thực hiện lại"), "settled": Say("Hoàn thành theo số liệu hoặc theo cấp dưới"), "reopened": Say("Mở lại"),
    "return": Say("Trả lại, không thuộc thẩm quyền"), "delegate": Say("Giao cho người trong đơn vị"), "answer": Say("Trả lời sau khi đóng"),
    "keep": Say("Không nhận trả lại"), "reassign": Say("Chuyển đơn vị khác"), "pause": Say("Tạm dừng"), "resume": Say("Thực hiện tiếp"),
    "postpone": Say("Lùi hạn"), "reopen": Say("Mở lại"), "close": Say("Kết thúc"), "resumed": Say("Đến ngày thực hiện tiếp"),
    "undone": Say("Hoàn tác"), "amended": Say("Sửa đổi"), "replaced": Say("Thay thế"), "withdrawn": Say("Thu hồi"),
    "urged": Say("Đôn đốc bằng văn bản"), "comment": Say("Góp ý phối hợp"), "clock": Say("Bắt đầu tính hạn"),
    "calendar": Say("Tính lại hạn theo lịch"), "checked": Say("Kiểm tra tại chỗ"), "bounced": Say("Thư bị trả lại"),
    "asked": Say("Yêu cầu báo cáo"), "annex": Say("Nhập số liệu phụ lục"), "sampled": Say("Chọn mẫu kiểm tra"),
}  # fmt: skip

STATES: dict[str, Say] = {
    "open": Say("chưa tiếp nhận"), "received": Say("đã tiếp nhận"), "progress": Say("đang thực hiện"), "claimed": Say("chờ xác nhận"),
    "returned": Say("trả lại, chờ quyết định"), "paused": Say("tạm dừng"), "done": Say("hoàn thành"), "void": Say("thu hồi"),
}  # fmt: skip

@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event in words: when, what, who, and lines of what was said and changed; files with where they are viewed."""

    at: datetime
    what: Say | str
    who: str
    lines: tuple[Say | str, ...]
    files: tuple[tuple[str, str, Say], ...]


@desk_demanded
def task(room: Room, sent: Submitted | None) -> Response:
    """A task with all that happened to it, the latest first."""
    work, paper = room.task()
    with room.read() as db:
        entries = chronicle.of_task(db, work.id)
        letters, _ = mailroom.letters(db, room.mine, task=work.id)
    decided, said = offered(work)
    figure = [Line(href=f"/office/tasks/{work.id}/figure", name=Say("Đính chính số liệu"))] if work.indicator else []
    return room.at.page(
        "office/task.html", work=work, caption=caption(work, paper), status=status(work, room.at.now, paper.zone),
        facts=[*facts(work, paper), *course_rows(work, local(room.at.now, paper.zone).date()), *hanging(work, room.at.now)],
        told=[_told(entry, paper.zone) for entry in reversed(entries)], letters=[letter_line(each, paper.zone) for each in letters],
        decided=[Line(href=f"/office/tasks/{work.id}/decide/{kind}", name=label) for kind, label in decided] + figure,
        said=[Line(href=f"/office/tasks/{work.id}/answer/{kind}", name=label) for kind, label in said],
        paper_at=f"/office/papers/{paper.id}",
        agency_at=f"/office/agencies/{work.agency.id}",
    )


@desk_demanded
def evidence(room: Room, sent: Submitted | None) -> Response:
    """A file that came with an event, always to be saved: the browser neither runs nor shows it on this site."""
    of = room.paper()
    hash_ = str(room.at.request.path_params["hash"])
    with room.read() as db:
        found = chronicle.file(db, of.id, room.number("seq"), hash_)
    if found is None:
        raise HTTPException(404)
    return served(room.at.front, found)


def _told(entry: Entry, zone: str) -> Told:
    said = entry.payload if entry.payload.get("note") != entry.role else {**entry.payload, "note": ""}  # an urging names its speaker twice
    return Told(
        at=local(entry.at, zone), what=EVENTS.get(entry.kind, entry.kind), who=", ".join(filter(None, (entry.name, entry.role))),
        lines=tuple(_lines(said)),
        files=tuple(
            (f"/office/evidence/{entry.directive}/{entry.seq}/{hash_}", name, size_words(size)) for hash_, name, size in entry.files
        ),
    )


def _lines(payload: Mapping[str, Any]) -> Iterable[Say | str]:
    """What an event says beside its kind: words, figures, dates, and what it changed from what to what."""
    if payload.get("note") or payload.get("reason"):
        yield Say("“%(words)s”", words=payload.get("note") or payload["reason"])
    if payload.get("numerator") is not None:
        yield Say("Số liệu: %(part)s trên %(whole)s", part=payload["numerator"], whole=payload["denominator"])
    elif payload.get("value") is not None:
        yield Say("Số liệu: %(value)s", value=Decimal(str(payload["value"])))
    if payload.get("on"):
        yield Say("Tính đến %(day)s", day=date.fromisoformat(payload["on"]))
    if payload.get("until"):
        yield Say("Đến ngày %(day)s", day=date.fromisoformat(str(payload["until"])[:10]))
    if payload.get("document"):
        yield Say("Văn bản: %(document)s", document=payload["document"])
    if payload.get("colleague"):
        yield Say("Người nhận việc: %(name)s", name=payload["colleague"])
    if payload.get("to") and "agency" not in payload.get("after", {}):
        yield Say("Đơn vị nên giao: %(name)s", name=payload["to"])
    if payload.get("times"):
        yield Say("Lần thứ %(times)s", times=payload["times"])
    if payload.get("source"):
        yield Say("Nhận qua: %(source)s", source=payload["source"])
    yield from _changed(payload.get("before") or {}, payload.get("after") or {})


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Say]:
    for name, value in after.items():
        old = before.get(name)
        if old == value:
            continue
        match name:
            case "state":
                yield Say("Tình trạng: %(before)s → %(after)s", before=STATES.get(str(old), old), after=STATES.get(str(value), value))
            case "due":
                yield Say("Thời hạn: %(before)s → %(after)s", before=_day(old), after=_day(value))
            case "agency":
                yield Say("Đơn vị: %(before)s → %(after)s", before=old, after=value)
            case "value":
                yield Say("Số liệu: %(before)s → %(after)s", before=old, after=value)


def _day(text: Any) -> Say | date | str:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return Say("không có") if text in (None, "None", "") else str(text)


assert set(STATES) == set(NAMES)
