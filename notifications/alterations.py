"""How a letter says what a paper changes of earlier ones: `+` new, `~` other than before, `−` no longer, `!` urged; plain strings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from directives.language.calendar import written
from tasks.letters import Altered

from .measures import day_of, target, weekday
from .tongues import Tongue
from .wording import EVIDENCE

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


def grouped(altered: Sequence[Altered], zone: str, at: datetime, most: int, to: Tongue) -> list[Changes]:
    """The first `most` lines by paper, what is urged apart from what changes; `at` is the letter's own instant."""
    groups = groupby(altered[:most], key=lambda each: (each.paper, each.sign == "!"))
    return [
        Changes(
            heading=to("Đôn đốc việc còn mở của {paper}" if urged else "Thay đổi ở {paper}", paper=_dated(paper, to)),
            lines=tuple(_line(each, ZoneInfo(zone), at, to) for each in of),
            note=to("Văn bản này không lùi hạn: ngày đã ghi giữ nguyên.") if urged else "",
        )
        for (paper, urged), of in groups
    ]


def counted(altered: Sequence[Altered], to: Tongue) -> tuple[str, str]:
    """A fact that says how much there is to read below, and its label; both "" where there is nothing."""
    urged = sum(each.sign == "!" for each in altered)
    if urged == len(altered):
        return (to("Đôn đốc"), to("{n} việc, liệt kê dưới đây", n=urged)) if urged else ("", "")
    return to("Thay đổi"), to("{n} điểm ở văn bản trước, liệt kê dưới đây", n=len(altered) - urged)


def headline(altered: Sequence[Altered], zone: str, to: Tongue) -> str:
    """What the letter is about, where it is about nothing else."""
    duties = {(each.paper, each.clause, each.short): each for each in altered}
    paper = altered[0].paper.partition(" ")[0]
    if all(each.sign == "!" for each in altered):
        return to("Đôn đốc {n} việc của {paper}", n=len(duties), paper=paper)
    if all(each.sign == "-" for each in altered):
        return to("Thôi thực hiện {n} việc của {paper}", n=len(duties), paper=paper)
    if len(duties) == 1 and (moved := next((each for each in altered if each.what == "due" and each.due_at), None)) and moved.due_at:
        day = written(day_of(moved.due_at.astimezone(ZoneInfo(zone))))
        return to("Hạn mới {day}: {title}", day=day, title=moved.short)
    return to("Thay đổi {n} việc của {paper}", n=len(duties), paper=paper)


def _line(each: Altered, zone: ZoneInfo, at: datetime, to: Tongue) -> Change:
    clause = f"{to('Mục {clause}', clause=each.clause)}. " if each.clause else ""
    title = clause + (each.text if (each.sign, each.what) == ("+", "duty") else each.short)
    late = each.sign == "!" and each.due_at is not None and each.due_at < at
    return Change(mark={"-": "−"}.get(each.sign, each.sign), title=title, words=_words(each, zone, to, late=late), is_late=late)


def _words(each: Altered, zone: ZoneInfo, to: Tongue, *, late: bool) -> str:
    day = weekday(day_of(each.due_at.astimezone(zone)), to) if each.due_at else ""
    if each.sign == "!":
        return _urged(day, to, late=late)
    if each.sign == "+":
        said = to("việc mới" if each.what == "duty" else "phối hợp, đơn vị khác chủ trì")
        return f"{said}, {to('thời hạn')}: {each.after}" if each.after else said
    if each.sign == "-" or each.what in DECIDED:
        said = f"{to(DECIDED.get(each.what, 'thôi thực hiện' if each.what == 'duty' else 'thôi phối hợp'))} {each.after}".strip()
        return f"{said}: {each.reason}" if each.reason else said
    if each.what == "due":
        none = to("không ghi")
        return to("hạn mới {day} (cũ {before})", day=day or none, before=each.before or none)
    if each.what == "asks":
        return to("đề nghị lùi hạn đang chờ được khép lại: thời hạn do văn bản này định")
    after, before = _value(each.what, each.after, to), _value(each.what, each.before, to)
    return f"{to(LABELS[each.what])}: {to('{after} (trước đây: {before})', after=after, before=before)}"


def _urged(day: str, to: Tongue, *, late: bool) -> str:
    if not day:
        return to("không ghi thời hạn, còn mở")
    return to("quá hạn từ {day}, vẫn còn mở" if late else "hạn {day}, còn mở", day=day)


def _dated(paper: str, to: Tongue) -> str:
    """An earlier paper as the ledger names it, "898/UBND ngày 18/5/2020", in the reader's language."""
    number, _, day = paper.partition(" ngày ")
    return to("{number} ngày {day}", number=number, day=day) if day else paper


def _value(what: str, said: str, to: Tongue) -> str:
    """A value as people say it."""
    if what == "evidence":
        return to(EVIDENCE[said]) if said in EVIDENCE else said
    if what == "confirm":
        return to({"yes": "có", "no": "không"}.get(said, said))
    return (target(said, to) if what == "target" else said) or to("không ghi")
