"""What states, lanes, events and counts are called; one row of counts for every table."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, tzinfo
from typing import Any

from rich.text import Text

from directives.language.calendar import END_OF_DAY
from reports.vietnamese import percent
from tasks.cells import Cells
from tasks.ledger.listing import Told
from tasks.rates import Rate
from tasks.ties import Tie
from tasks.values import Paper, Work

from .speech import day, number, say

STATES = {
    "open": "chưa tiếp nhận", "received": "đã tiếp nhận", "progress": "đang thực hiện",
    "claimed": "chờ xác nhận", "returned": "trả lại, chờ quyết định", "paused": "tạm dừng", "done": "hoàn thành", "void": "thu hồi",
}
LANES = {
    "new": "giao việc", "digest": "nhắc, đôn đốc", "escalation": "báo lãnh đạo", "report": "báo cáo",
    "receipt": "biên nhận", "decision": "quyết định", "waiting": "việc chờ quyết định", "login": "đăng nhập",
}
POSTED = {
    "gathering": "đang gom", "queued": "chờ gửi", "leased": "đang gửi", "sent": "đã gửi", "failed": "hỏng", "uncertain": "chưa rõ",
    "superseded": "không còn cần", "undeliverable": "địa chỉ hỏng", "expired": "hết hiệu lực",
}
EVENTS = {
    "proposed": "trình ban hành", "approved": "duyệt ban hành", "reorganized": "sắp xếp lại đơn vị",
    "issued": "ban hành", "opened": "mở việc", "received": "đã tiếp nhận", "progress": "báo tiến độ", "figure": "báo số liệu",
    "done": "báo đã xong", "extend": "xin lùi hạn", "undo": "rút lại báo xong", "grant": "đồng ý gia hạn", "refuse": "không đồng ý gia hạn",
    "confirm": "xác nhận hoàn thành", "reject": "yêu cầu thực hiện lại", "settled": "hoàn thành", "reopened": "mở lại",
    "return": "trả lại, không thuộc thẩm quyền", "delegate": "giao cho người trong đơn vị", "answer": "trả lời sau khi đóng",
    "keep": "không nhận trả lại", "reassign": "chuyển đơn vị khác", "pause": "tạm dừng", "resume": "thực hiện tiếp",
    "postpone": "lùi hạn", "reopen": "mở lại", "close": "kết thúc", "resumed": "thực hiện tiếp", "undone": "hoàn tác",
    "amended": "sửa đổi", "replaced": "thay thế", "withdrawn": "thu hồi", "urged": "đôn đốc", "recalled": "thu hồi trong im lặng",
    "annex": "nhập số liệu phụ lục", "asked": "yêu cầu báo cáo", "clock": "bắt đầu tính hạn", "calendar": "tính lại theo lịch",
    "comment": "góp ý phối hợp",
    "sampled": "chọn mẫu kiểm tra", "checked": "kiểm tra tại chỗ", "erased": "xóa tên", "bounced": "thư bị trả lại",
    "letters paused": "giữ thư", "letters resumed": "cho thư đi tiếp", "letters cancelled": "thôi gửi thư",
    "handed": "giao thư giấy", "letter arrived": "thư chưa rõ: đã đến", "letter lost": "thư chưa rõ: gửi lại",
}

#: The columns of counts; they sum to all tasks, but for the last, which is a part of the one before it.
COUNTS = ("Quá hạn", "Sắp hạn", "Trong hạn", "Xong đúng", "Xong muộn", "Không hạn", "Chưa báo")


def counts(cells: Cells) -> tuple[Text, ...]:
    """A row of counts: nothing where there is none, colour where something is wrong."""
    values = (cells.overdue, cells.soon, cells.in_time - cells.soon, cells.on_time, cells.late, cells.undated, cells.silent)
    colours = ("bold red", "yellow", "", "green", "", "", "yellow")
    return tuple(Text(number(value) if value else "·", colour if value else "dim") for value, colour in zip(values, colours, strict=True))


def rate(of: Rate) -> dict[str, Any]:
    """The rate for a program, with what stands beside it."""
    return {**asdict(of), "percent": None if of.percent is None else round(of.percent, 2)}


def aside(of: Rate) -> str:
    """The rate in a sentence; what it does not judge stands beside it, never inside."""
    said = "·" if of.percent is None else percent(of.percent)
    return say(
        "Đúng hạn {rate} ({on_time}/{judged}). Ngoài tỷ lệ: {exempt} việc miễn tính, {unreachable} việc thư không tới được.",
        rate=said, on_time=of.on_time, judged=of.judged, exempt=of.exempt, unreachable=of.unreachable,
    )


def plain(cells: Cells) -> dict[str, int]:
    """The cells for a program."""
    return {**asdict(cells), "dated": cells.dated}


def named(paper: Paper) -> dict[str, Any]:
    """A paper for a program."""
    return {"number": paper.number, "date": paper.issued_on, "title": paper.title, "issuer": paper.issuer}


def state(work: Work, at: datetime) -> Text:
    """A task's state, and how late it is."""
    if work.closed_at is None and work.due_at is not None and work.due_at < at:
        return Text(say("quá hạn {n} ngày", n=max(1, (at - work.due_at).days)), "bold red")
    late = work.closed_at is not None and work.due_at is not None and work.closed_at > work.due_at
    return Text(say("hoàn thành quá hạn") if late else say(STATES[work.state]), "green" if work.state == "done" else "")


def beside(work: Work, at: datetime) -> str:
    """What a task hangs on: those it was passed down to, the clause that it waits for, who takes part and is silent."""
    late = (at - work.waits_due_at).days + 1 if work.waits_due_at and work.waits_due_at < at else 0
    said = [say("cấp dưới xong {done}/{all}", done=work.children[0], all=work.children[1])] if work.children else []
    said += [say("còn: {names}", names=", ".join(work.lacking))] if work.lacking else []
    whose = ", ".join(work.waits_by)
    said += [say("chờ {clause} của {names}, đã trễ {n} ngày", clause=work.waits_for, names=whose, n=late)] if late else []
    said += [say("chưa góp ý: {names}", names=", ".join(work.quiet))] if work.quiet else []
    return "; ".join(said)


def due(work: Work, zone: tzinfo) -> str:
    """A task's date in a column, else why it has none, "" where the paper says nothing."""
    if work.due_at is None:
        return work.due_words
    at = work.due_at.astimezone(zone)
    hour = "" if at.time() == END_OF_DAY else f"{at:%H:%M} "
    before = say(" (cũ {day})", day=work.due_before) if work.due_before else ""
    return f"{hour}{day(at.date())}{before}"


def tie(done: Tie, zone: tzinfo) -> str:
    """What was done to a paper since its issue, in one line."""
    what = say("mục {clause}", clause=done.clause) if done.clause else say("văn bản này")
    kind = say(EVENTS[done.kind])
    if done.paper:
        return say("{what}: được {done} bởi {paper}", what=what, done=kind, paper=done.paper)
    return f"{say('{what}: {done}, {by}', what=what, done=kind, by=day(done.at.astimezone(zone).date()))}: {done.reason}"


def told(event: Told) -> str:
    """An event in one line: what, with its words."""
    payload = event.payload
    words = [str(payload[key]) for key in ("value", "document", "note", "source") if payload.get(key)]
    if payload.get("numerator") is not None:
        words.insert(0, f"{payload['numerator']}/{payload['denominator']}")
    if payload.get("to"):
        words.insert(0, str(payload["to"]))
    if payload.get("times"):
        words.append(say("lần thứ {times}", times=payload["times"]))
    if payload.get("until"):
        words.insert(0, str(payload["until"]))
    if event.kind == "opened" and payload.get("term"):
        words.append(str(payload["term"]))
    return say(EVENTS.get(event.kind, event.kind)) + (f": {' · '.join(words)}" if words else "")
