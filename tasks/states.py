"""What may be said of a task in which state, and what it becomes: one table; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .values import State

OPEN: tuple[State, ...] = ("open", "received", "progress", "claimed")

#: (act, state) → the state after; an act that is not here is refused.
TRANSITIONS: dict[tuple[str, State], State] = {
    ("received", "open"): "received",
    ("received", "received"): "received",
    ("progress", "open"): "progress",
    ("progress", "received"): "progress",
    ("progress", "progress"): "progress",
    ("progress", "claimed"): "claimed",
    ("figure", "open"): "progress",
    ("figure", "received"): "progress",
    ("figure", "progress"): "progress",
    ("figure", "done"): "done",
    ("done", "open"): "done",
    ("done", "received"): "done",
    ("done", "progress"): "done",
    ("extend", "open"): "open",
    ("extend", "received"): "received",
    ("extend", "progress"): "progress",
    ("undo", "claimed"): "progress",
    ("undo", "done"): "progress",
    ("grant", "open"): "open",
    ("grant", "received"): "received",
    ("grant", "progress"): "progress",
    ("refuse", "open"): "open",
    ("refuse", "received"): "received",
    ("refuse", "progress"): "progress",
    ("confirm", "claimed"): "done",
    ("reject", "claimed"): "progress",
}

#: An agency may take "done" back for so many days.
UNDO_DAYS = 7

#: Acts that only the issuer's side may make.
DECISIONS = frozenset({"grant", "refuse", "confirm", "reject"})

_NAMES = {
    "open": "chưa tiếp nhận", "received": "đã tiếp nhận", "progress": "đang thực hiện",
    "claimed": "chờ xác nhận", "done": "hoàn thành", "void": "thu hồi",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The facts that an act is judged by. `asks_until` is the date of an undecided request for more time."""

    kind: str
    state: State
    lead: bool
    children_open: int
    measured: bool  # a figure settles it, nobody presses "done"
    dated: bool
    due_on: date | None
    needs_confirmation: bool
    asks_until: date | None
    note: str
    until: date | None
    evidence: str
    documents: int
    files: int
    said_days: int = 0  # whole days since it was last reported; 0 for the issuer, whom nothing hurries
    indicator: bool = True  # there is a figure to type
    typed_by: str = ""  # who types it, where that is not the one who speaks


def refusal(case: Case) -> str:
    """Why the act cannot be recorded, in words with advice; "" when it can."""
    if (case.kind, case.state) not in TRANSITIONS:
        return _closed(case)
    for rule in (_not_typed, _not_theirs, _not_done, _not_undone, _not_asked, _not_decided):
        if words := rule(case):
            return words
    return ""


def after(case: Case) -> State:
    """The state after an act that was not refused."""
    state = TRANSITIONS[case.kind, case.state]
    return "claimed" if case.kind == "done" and case.needs_confirmation else state


def _closed(case: Case) -> str:
    if case.kind in ("confirm", "reject"):
        return "Việc này không chờ xác nhận."
    return f"Việc này đang ở trạng thái “{_NAMES[case.state]}” nên không ghi thêm được. Nếu có nhầm lẫn, xin gọi cơ quan ban hành."


def _not_typed(case: Case) -> str:
    if case.kind != "figure":
        return ""
    if not case.indicator:
        return "Việc này không có chỉ tiêu nên không ghi số liệu: xin báo tiến độ, hoặc báo đã xong."
    return f"Số liệu này do {case.typed_by} nhập." if case.typed_by else ""


def _not_theirs(case: Case) -> str:
    if case.lead or case.kind == "progress":
        return ""
    return "Đơn vị tham gia với tư cách phối hợp: gửi được ý kiến ở mục “báo tiến độ”, còn đơn vị chủ trì báo kết quả."


def _not_done(case: Case) -> str:
    if case.kind != "done":
        return ""
    if case.measured:
        return "Việc này hoàn thành theo số liệu: xin nhập số liệu mới thay cho nút “đã xong”."
    if case.children_open and not case.note.strip():
        return f"Còn {case.children_open} đơn vị cấp dưới chưa xong. Nếu vẫn kết thúc, xin ghi lý do."
    return _evidence(case)


def _not_undone(case: Case) -> str:
    if case.kind != "undo":
        return ""
    if case.measured:
        return "Việc này hoàn thành theo số liệu: xin nhập số liệu đúng thay cho rút lại."
    return f"Đã quá {UNDO_DAYS} ngày nên không tự rút lại được: xin gọi cơ quan ban hành." if case.said_days >= UNDO_DAYS else ""


def _evidence(case: Case) -> str:
    if case.evidence == "document" and not case.documents:
        return "Việc này cần số và ngày của văn bản trả lời."
    if case.evidence in ("photo", "file") and not case.files:
        return "Việc này cần gửi kèm ảnh chụp." if case.evidence == "photo" else "Việc này cần gửi kèm tệp."
    if case.evidence == "required" and not (case.documents or case.files):
        return "Việc này cần minh chứng: số và ngày văn bản, hoặc một tệp gửi kèm."
    return ""


def _not_asked(case: Case) -> str:
    if case.kind != "extend":
        return ""
    if not case.dated or case.due_on is None:
        return "Việc này không có thời hạn nên không cần xin lùi."
    if case.asks_until is not None:
        return f"Đã có đề nghị lùi tới {case.asks_until:%-d/%-m/%Y} đang chờ quyết định."
    if case.until is None or case.until <= case.due_on:
        return f"Ngày xin lùi phải sau thời hạn {case.due_on:%-d/%-m/%Y}."
    return "" if case.note.strip() else "Xin ghi lý do xin lùi hạn."


def _not_decided(case: Case) -> str:
    if case.kind not in ("grant", "refuse"):
        return ""
    if case.asks_until is None:
        return "Không có đề nghị nào đang chờ quyết định."
    if case.kind == "refuse" and not case.note.strip():
        return "Không đồng ý thì phải nêu rõ lý do."
    if case.kind == "grant" and case.due_on and case.until and case.until <= case.due_on:
        return f"Thời hạn mới phải sau {case.due_on:%-d/%-m/%Y}."
    return ""
