"""Whether an act can be recorded, judged by the facts of its task; why not, in words with advice; pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from directives.language.calendar import written

from .states import CORRECT_HOURS, NAMES, TRANSITIONS, UNDO_DAYS, becomes
from .values import State


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
    before: State = "received"  # the state beneath a hold
    today: date = date.min
    above_on: date | None = None  # the date of the task that this one was passed down from
    corrects_hours: int = 0  # whole hours since a figure of the same day was first reported; 0 for the issuer
    to: str = ""  # whom the act names
    taker: str = "new"  # of a new holder: new, same (it holds the task now), holds (another of the same duty), unknown


def refusal(case: Case) -> str:
    """Why the act cannot be recorded, in words with advice; "" when it can."""
    if (case.kind, case.state) not in TRANSITIONS:
        return _closed(case)
    rules = _RULES.get(case.kind, ())
    return next((words for rule in (rules if case.kind == "figure" else (_not_theirs, *rules)) if (words := rule(case))), "")


def after(case: Case) -> State:
    """The state after an act that was not refused."""
    state = becomes(case.kind, case.state, case.before)
    return "claimed" if case.kind == "done" and case.needs_confirmation else state


def _closed(case: Case) -> str:
    if case.kind in _NOTHING:
        return _NOTHING[case.kind]
    if case.kind in _NEEDLESS and case.state in ("open", "received", "progress"):
        return _NEEDLESS[case.kind]
    now = NAMES[case.state][0]
    if case.state in ("done", "void"):
        return f"Việc này đang ở trạng thái “{now}” nên không ghi thêm được. Nếu có nhầm lẫn, xin gọi cơ quan ban hành."
    return f"Việc này đang ở trạng thái “{now}” nên chưa ghi được: xin chờ cơ quan ban hành quyết định, hoặc gọi cơ quan ban hành."


#: What an agency need not say of a task that it has in hand.
_NEEDLESS = {
    "received": "Việc này đã được ghi là tiếp nhận từ trước.", "undo": "Việc này chưa báo xong nên không có gì để rút lại.",
}

_NOTHING = {
    "confirm": "Việc này không chờ xác nhận.", "reject": "Việc này không chờ xác nhận.",
    "keep": "Không có đề nghị trả lại nào đang chờ quyết định.", "resume": "Việc này không tạm dừng.",
    "reopen": "Việc này chưa hoàn thành nên không có gì để mở lại.", "answer": "Việc này còn mở: xin báo tiến độ, hoặc báo đã xong.",
}


def _not_theirs(case: Case) -> str:
    if case.lead or case.kind in ("progress", "answer"):
        return ""
    return "Đơn vị tham gia với tư cách phối hợp: gửi được ý kiến ở mục “báo tiến độ”, còn đơn vị chủ trì báo kết quả."


def _not_typed(case: Case) -> str:
    if not case.indicator:
        return "Việc này không có chỉ tiêu nên không ghi số liệu: xin báo tiến độ, hoặc báo đã xong."
    return f"Số liệu này do {case.typed_by} nhập." if case.typed_by else ""


def _not_corrected(case: Case) -> str:
    if case.corrects_hours < CORRECT_HOURS:
        return ""
    return f"Số liệu của ngày này đã báo quá {CORRECT_HOURS} giờ nên đơn vị không tự sửa được nữa: xin gọi cơ quan ban hành."


def _not_done(case: Case) -> str:
    if case.measured:
        return "Việc này hoàn thành theo số liệu: xin nhập số liệu mới thay cho nút “đã xong”."
    if case.children_open and not case.note.strip():
        return f"Còn {case.children_open} đơn vị cấp dưới chưa xong. Nếu vẫn kết thúc, xin ghi lý do."
    return _evidence(case)


def _evidence(case: Case) -> str:
    if case.evidence == "document" and not case.documents:
        return "Việc này cần số và ngày của văn bản trả lời."
    if case.evidence in ("photo", "file") and not case.files:
        return "Việc này cần gửi kèm ảnh chụp." if case.evidence == "photo" else "Việc này cần gửi kèm tệp."
    if case.evidence == "required" and not (case.documents or case.files):
        return "Việc này cần minh chứng: số và ngày văn bản, hoặc một tệp gửi kèm."
    return ""


def _not_undone(case: Case) -> str:
    if case.measured:
        return "Việc này hoàn thành theo số liệu: xin nhập số liệu đúng thay cho rút lại."
    return f"Đã quá {UNDO_DAYS} ngày nên không tự rút lại được: xin gọi cơ quan ban hành." if case.said_days >= UNDO_DAYS else ""


def _not_asked(case: Case) -> str:
    if not case.dated or case.due_on is None:
        return "Việc này không có thời hạn nên không cần xin lùi."
    if case.asks_until is not None:
        return f"Đã có đề nghị lùi tới {written(case.asks_until)} đang chờ quyết định."
    if case.until is None or case.until <= case.due_on:
        return f"Ngày xin lùi phải sau thời hạn {written(case.due_on)}."
    return _not_above(case) or ("" if case.note.strip() else "Xin ghi lý do xin lùi hạn.")


def _not_decided(case: Case) -> str:
    if case.asks_until is None:
        return "Không có đề nghị nào đang chờ quyết định."
    if case.kind == "refuse" and not case.note.strip():
        return "Không đồng ý thì phải nêu rõ lý do."
    return _not_later(case) if case.kind == "grant" else ""


def _not_later(case: Case) -> str:
    """A date that the issuer gives is later than the one that stands, and not after that of the task above."""
    if case.due_on and case.until and case.until <= case.due_on:
        return f"Thời hạn mới phải sau {written(case.due_on)}."
    return _not_above(case)


def _not_above(case: Case) -> str:
    until = case.until or case.asks_until
    if case.above_on is None or until is None or until <= case.above_on:
        return ""
    return f"Thời hạn không thể sau thời hạn {written(case.above_on)} của nhiệm vụ cấp trên: xin lùi hạn cấp trên trước."


def _without_reason(case: Case) -> str:
    return "" if case.note.strip() else _REASONS[case.kind]


_REASONS = {
    "return": "Xin ghi vì sao việc này không thuộc thẩm quyền.", "keep": "Không nhận trả lại thì phải nêu rõ lý do.",
    "pause": "Tạm dừng thì phải nêu rõ lý do.", "reopen": "Mở lại thì phải nêu rõ lý do.", "close": "Kết thúc thì phải nêu rõ lý do.",
}


def _without_return(case: Case) -> str:
    if case.until is None:
        return "Tạm dừng thì phải có ngày thực hiện tiếp."
    return "" if case.until > case.today else f"Ngày thực hiện tiếp phải sau hôm nay {written(case.today)}."


def _without_colleague(case: Case) -> str:
    return "" if case.to.strip() else "Xin ghi họ tên người nhận việc trong đơn vị."


def _without_words(case: Case) -> str:
    return "" if case.note.strip() or case.documents or case.files else "Xin ghi nội dung trả lời, số văn bản, hoặc gửi kèm tệp."


def _without_taker(case: Case) -> str:
    return {
        "unknown": f"Sổ không có đơn vị “{case.to}” để chuyển việc.", "same": "Việc này đang do chính đơn vị đó chủ trì.",
        "holds": "Đơn vị đó đã có nhiệm vụ của mục này trong cùng kỳ nên không nhận thêm được.",
    }.get(case.taker, "")


def _without_date(case: Case) -> str:
    """More time that nobody has asked for: a date to move, and one to move it to."""
    if case.due_on is None:
        return "Việc này không có thời hạn nên không có gì để lùi."
    return "Cần thời hạn mới." if case.until is None else _not_later(case)


def _by_figures(case: Case) -> str:
    return "Việc này hoàn thành theo số liệu: xin sửa số liệu thay cho mở lại." if case.measured else ""


_RULES: dict[str, tuple[Callable[[Case], str], ...]] = {
    "figure": (_not_typed, _not_theirs, _not_corrected), "done": (_not_done,), "extend": (_not_asked,), "undo": (_not_undone,),
    "return": (_without_reason,), "delegate": (_without_colleague,), "answer": (_without_words,),
    "grant": (_not_decided,), "refuse": (_not_decided,), "keep": (_without_reason,), "reassign": (_without_taker, _not_later),
    "pause": (_without_reason, _without_return), "reopen": (_by_figures, _without_reason), "close": (_without_reason,),
    "postpone": (_without_date,),
}
