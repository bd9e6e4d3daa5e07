"""What receipts and decisions say, as plain values for their templates: what was recorded, who said it, what follows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from directives.language.calendar import written
from tasks.letters import Notice
from tasks.values import Act, Paper, Receipt

from .measures import decimal, moment
from .tongues import Tongue
from .wording import Entry, entry

UNDO = timedelta(days=7)

RECORDED = {
    "received": "tiếp nhận",
    "progress": "tiến độ",
    "figure": "số liệu",
    "done": "hoàn thành",
    "extend": "đề nghị lùi hạn",
    "undo": "rút lại báo cáo",
    "return": "đề nghị trả lại, không thuộc thẩm quyền",
    "delegate": "người nhận việc",
    "answer": "trả lời sau khi đóng",
}

#: What the issuer decided with a day and without one, and what follows from it.
DECIDED = {
    "grant": ("Được lùi hạn đến {day}", "Được lùi hạn", "Hạn mới có hiệu lực từ lúc này."),
    "refuse": ("", "Không được lùi hạn", "Hạn cũ giữ nguyên."),
    "confirm": ("", "Đã xác nhận hoàn thành", "Việc đã đóng, không còn nhắc nữa."),
    "reject": ("", "Yêu cầu thực hiện lại", "Việc mở lại. Xin bổ sung theo lý do dưới đây rồi báo lại."),
    "keep": ("", "Không nhận trả lại", "Việc vẫn do đơn vị thực hiện, hạn cũ giữ nguyên."),
    "reassign": ("", "Đã chuyển đơn vị khác", "Đơn vị không phải thực hiện việc này nữa."),
    "pause": ("Tạm dừng đến {day}", "Tạm dừng", "Trong lúc tạm dừng không nhắc. Hạn giữ nguyên, trừ khi có quyết định khác."),
    "resume": ("", "Thực hiện tiếp", "Việc thôi tạm dừng, hạn giữ nguyên."),
    "postpone": ("Lùi hạn đến {day}", "Lùi hạn", "Hạn mới có hiệu lực từ lúc này."),
    "reopen": ("", "Mở lại", "Việc đã báo xong được mở lại. Xin xem lý do dưới đây."),
    "close": ("", "Kết thúc", "Việc đã đóng, không còn nhắc nữa."),
}


def receipt(notice: Notice, most: int, to: Tongue) -> dict[str, Any]:
    """What was recorded, who said it, what follows, and how to take it back."""
    given, each, act, paper = _given(notice, to)
    at = (given.at or notice.date).astimezone(ZoneInfo(paper.zone))
    stands = given.work is not None and given.work.state in ("done", "claimed")  # what is reported when it happens stays open
    undo = to("Mở danh sách việc, chọn việc này và rút lại báo cáo, đến hết ngày {day}.", day=written((at + UNDO).date()))
    return {
        "headline": to("Đã ghi nhận {done}: {title}", done=to(RECORDED[act.kind]), title=each.title),
        "lead": _next(given, act, each, paper, to),
        "number": given.number,
        "each": each,
        "content": _content(act, to),
        "who": _who(act, ""),
        "at": moment(at, to),
        "undo": undo if act.kind == "done" and stands else to("Mở danh sách việc và báo lại, lần báo sau thay lần trước."),
    }


def decision(notice: Notice, most: int, to: Tongue) -> dict[str, Any]:
    """What the issuer decided of a request or a claim."""
    _, each, act, paper = _given(notice, to)
    until, without, follows = DECIDED[act.kind]
    done = to(until, day=written(act.until)) if act.until and until else to(without)
    return {"headline": f"{done}: {each.title}", "lead": to(follows), "each": each, "content": act.note, "who": _who(act, paper.issuer)}


def _given(notice: Notice, to: Tongue) -> tuple[Receipt, Entry, Act, Paper]:
    given, paper = notice.receipt, notice.paper
    if given is None or given.work is None or paper is None:
        raise ValueError(f"notice {notice.id} carries no receipt, or names no paper")
    return given, entry(given.work, paper, notice.recipient.id, notice.date, to), given.act, paper


def _who(act: Act, otherwise: str) -> str:
    return ", ".join(filter(None, (act.said.name, act.said.role))) or otherwise


def _content(act: Act, to: Tongue) -> str:
    parts = [act.document]
    if act.value is not None:
        parts.append(decimal(act.value, to))
    elif act.numerator is not None and act.denominator is not None:
        parts.append(f"{act.numerator}/{act.denominator}")
    parts.append(to("tính đến {day}", day=written(act.on)) if act.on else "")
    parts.append(to("đến {day}", day=written(act.until)) if act.until else "")
    parts += [act.to, to("nhận qua {source}", source=act.source) if act.source else ""]
    parts.append(to("{n} tệp: {names}", n=len(act.files), names=", ".join(name for _, name, _ in act.files)) if act.files else "")
    return "; ".join(filter(None, (*parts, act.note)))


def _next(given: Receipt, act: Act, each: Entry, paper: Paper, to: Tongue) -> str:
    work = given.work
    if act.kind in ("extend", "return"):
        return to("Chờ {issuer} quyết định; trong lúc chờ, việc này tạm thôi nhắc.", issuer=paper.issuer)
    if act.kind == "answer":
        return to("Việc đã đóng từ trước: nội dung được lưu lại, tình trạng không đổi.")
    if work and work.state == "claimed":
        return to("Chờ {issuer} xác nhận; trong lúc chờ, việc này tạm thôi nhắc.", issuer=paper.issuer)
    if work and work.closed_at:
        return to("Việc đã đóng, không còn nhắc nữa.")
    return to("Việc vẫn mở, hạn {due}.", due=each.due_line) if each.day else to("Việc vẫn mở.")
