"""How a letter says what a paper changes of earlier ones: `+` new, `~` other than before, `−` no longer, `!` urged; plain strings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from directives.language.calendar import written
from tasks.letters import Altered

from .wording import EVIDENCE, day_of, target, weekday

#: What a word of a duty is called where it has changed.
LABELS = {
    "time": "thời hạn", "lead": "chủ trì", "with": "phối hợp", "text": "nội dung", "target": "chỉ tiêu", "product": "sản phẩm",
    "evidence": "cần gửi", "confirm": "chờ xác nhận",
}


#: What the issuer has decided of work without another paper.
DECIDED = {
    "pause": "tạm dừng đến", "resume": "thực hiện tiếp", "reopen": "mở lại", "close": "kết thúc",
    "undone": "quyết định vừa báo không còn hiệu lực",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line: its mark, what it is about, what becomes of it."""

    mark: str
    title: str
    words: str
    is_late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """All lines about one earlier paper."""

    heading: str
    lines: tuple[Change, ...]
    note: str = ""


def grouped(altered: Sequence[Altered], zone: str, at: datetime, most: int) -> list[Changes]:
    """The first `most` lines by paper, what is urged apart from what changes; `at` is the letter's own instant."""
    groups = groupby(altered[:most], key=lambda each: (each.paper, each.sign == "!"))
    return [
        Changes(
            heading=f"Đôn đốc việc còn mở của {paper}" if urged else f"Thay đổi ở {paper}",
            lines=tuple(_line(each, ZoneInfo(zone), at) for each in of),
            note="Văn bản này không lùi hạn: ngày đã ghi giữ nguyên." if urged else "",
        )
        for (paper, urged), of in groups
    ]


def counted(altered: Sequence[Altered]) -> tuple[str, str]:
    """A fact that says how much there is to read below, and its label; both "" where there is nothing."""
    urged = sum(each.sign == "!" for each in altered)
    if urged == len(altered):
        return ("Đôn đốc", f"{urged} việc, liệt kê dưới đây") if urged else ("", "")
    return "Thay đổi", f"{len(altered) - urged} điểm ở văn bản trước, liệt kê dưới đây"


def headline(altered: Sequence[Altered], zone: str) -> str:
    """What the letter is about, where it is about nothing else."""
    duties = {(each.paper, each.clause, each.short): each for each in altered}
    paper = altered[0].paper.partition(" ")[0]
    if all(each.sign == "!" for each in altered):
        return f"Đôn đốc {len(duties)} việc của {paper}"
    if all(each.sign == "-" for each in altered):
        return f"Thôi thực hiện {len(duties)} việc của {paper}"
    if len(duties) == 1 and (moved := next((each for each in altered if each.what == "due" and each.due_at), None)) and moved.due_at:
        return f"Hạn mới {written(day_of(moved.due_at.astimezone(ZoneInfo(zone))))}: {moved.short}"
    return f"Thay đổi {len(duties)} việc của {paper}"


def _line(each: Altered, zone: ZoneInfo, at: datetime) -> Change:
    clause = f"Mục {each.clause}. " if each.clause else ""
    title = clause + (each.text if (each.sign, each.what) == ("+", "duty") else each.short)
    late = each.sign == "!" and each.due_at is not None and each.due_at < at
    return Change(mark={"-": "−"}.get(each.sign, each.sign), title=title, words=_words(each, zone, late=late), is_late=late)


def _words(each: Altered, zone: ZoneInfo, *, late: bool) -> str:
    day = weekday(day_of(each.due_at.astimezone(zone))) if each.due_at else ""
    if each.sign == "!":
        return f"quá hạn từ {day}, vẫn còn mở" if late else f"hạn {day}, còn mở" if day else "không ghi thời hạn, còn mở"
    if each.sign == "+":
        said = "việc mới" if each.what == "duty" else "phối hợp, đơn vị khác chủ trì"
        return f"{said}, thời hạn: {each.after}" if each.after else said
    if each.sign == "-" or each.what in DECIDED:
        said = f"{DECIDED.get(each.what, 'thôi thực hiện' if each.what == 'duty' else 'thôi phối hợp')} {each.after}".strip()
        return f"{said}: {each.reason}" if each.reason else said
    if each.what == "due":
        return f"hạn mới {day or 'không ghi'} (cũ {each.before or 'không ghi'})"
    if each.what == "asks":
        return "đề nghị lùi hạn đang chờ được khép lại: thời hạn do văn bản này định"
    return f"{LABELS[each.what]}: {_value(each.what, each.after)} (trước đây: {_value(each.what, each.before)})"


def _value(what: str, said: str) -> str:
    """A value as people say it."""
    if what == "evidence":
        return EVIDENCE.get(said, said)
    if what == "confirm":
        return {"yes": "có", "no": "không"}.get(said, said)
    return (target(said) if what == "target" else said) or "không ghi"
