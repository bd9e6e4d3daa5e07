"""How a task is said in a letter: days and weekdays, what is late, what is asked; plain strings that templates lay out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_FLOOR, Decimal
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from directives.language.calendar import written
from tasks.courses import sentence
from tasks.values import Paper, Party, Work

WEEKDAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")

EVIDENCE = {
    "optional": "Số, ngày văn bản trả lời (nếu có)",
    "required": "Văn bản trả lời, tệp hoặc ảnh chụp",
    "photo": "Ảnh chụp",
    "file": "Tệp tài liệu",
    "document": "Số, ngày văn bản trả lời",
}

#: The words before a target, as the directive may have them in English.
TARGETS = {
    "more than": "trên", "over": "trên", "above": "trên", "at least": "ít nhất", "at most": "không quá", "less than": "dưới",
    "under": "dưới", "below": "dưới", "exactly": "đúng", "strive for": "phấn đấu", "strive": "phấn đấu",
}  # fmt: skip

Tone = Literal["late", "soon", ""]
_END_OF_DAY = (time(23, 59, 59), time(0, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One task as a letter says it; "" where there is nothing to say. `days` are left until the due day, negative when past."""

    title: str
    text: str
    source: str  # "898/UBND, mục 6.4"
    clause: str  # "Mục 6.4"
    asked: bool  # đề nghị, not giao
    own: bool  # the reader leads it
    agency: Party
    days: int | None
    when: str  # "Còn 2 ngày", "Quá hạn 6 ngày"
    tone: Tone
    day: str  # "24/5/2020"
    due: str  # "chủ nhật 24/5/2020"
    due_words: str  # the paper's own words, where they say more: "trước ngày 25/5/2020"
    last_day: str  # "thứ sáu 22/5/2020", where the due day is a day off
    evidence: str
    partners: str
    target: str  # "Độ bao phủ BHYT: trên 90%"
    figure: str  # "78,11% (15/5/2020)"
    course: str  # "thiếu 2,6 điểm, cần 1,2 điểm mỗi tuần"
    hanging: str  # "cấp dưới xong 17/21", "chờ mục 6.4, đã trễ 3 ngày"
    request: str  # "xin lùi đến 30/5/2020, đang chờ quyết định"
    words: str  # what the agency last said

    @property
    def due_line(self) -> str:
        """The due day with the paper's own words: chủ nhật 24/5/2020 (trước ngày 25/5/2020); "" without either."""
        return f"{self.due} ({self.due_words})" if self.due and self.due_words else self.due or self.due_words


def entry(work: Work, paper: Paper, reader: str, at: datetime) -> Entry:
    """A task as `reader` (an agency's id) is told of it in a letter dated `at`."""
    zone = ZoneInfo(paper.zone)
    today, due_at = at.astimezone(zone).date(), work.due_at.astimezone(zone) if work.due_at else None
    last = day_of(due_at) if due_at else None
    days = (last - today).days if last else None
    off = last is not None and work.last_working_day is not None and work.last_working_day != last
    late = work.due_at is not None and work.due_at < at
    return Entry(
        title=work.short,
        text=work.text,
        source=f"{paper.number}, mục {work.clause}" if work.clause else paper.number,
        clause=f"Mục {work.clause}" if work.clause else "",
        asked=work.force == "ask",
        own=work.agency.id == reader,
        agency=work.agency,
        days=days,
        when=_when(days, late, off and work.last_working_day == today),
        tone="" if days is None else "late" if late else "soon",
        day=written(last) if last else "",
        due=_due(due_at),
        due_words=_due_words(work.due_words, last),
        last_day=weekday(work.last_working_day) if off and work.last_working_day else "",
        evidence=_evidence(work),
        partners=names(work.with_),
        target=_target(work),
        figure=_figure(work),
        course=sentence(work.course, today) if work.course else "",
        hanging=_hanging(work, at),
        request=_request(work),
        words=_words(work, zone),
    )


def _request(work: Work) -> str:
    """What waits to be decided, or what the task itself waits for."""
    if work.state == "returned":
        return "đã báo không thuộc thẩm quyền, đang chờ quyết định"
    if work.state == "paused" and work.held_until:
        return f"tạm dừng đến {written(work.held_until)}"
    return f"xin lùi đến {written(work.asks_until)}, đang chờ quyết định" if work.asks_until else ""


def _target(work: Work) -> str:
    """The target with its indicator's name, and whether it was given to this agency alone."""
    own = " (giao riêng)" if work.own else ""
    return ": ".join(filter(None, (work.indicator_name, f"{target(work.target)}{own}"))) if work.target else ""


def day_of(due_at: datetime) -> date:
    """The last day that counts of a local due instant: 24:00 belongs to the day that it ends."""
    return (due_at - timedelta(seconds=1)).date()


@lru_cache(1024)
def weekday(day: date) -> str:
    """A day with its weekday: chủ nhật 24/5/2020."""
    return f"{WEEKDAYS[day.weekday()]} {written(day)}"


def moment(at: datetime) -> str:
    """A local instant: 9:05 thứ sáu 22/5/2020."""
    return f"{at.hour}:{at.minute:02d} {weekday(at.date())}"


def names(all_of_them: Sequence[str], most: int = 8) -> str:
    """Names in a row, cut with a count where there are too many to read."""
    rest = len(all_of_them) - most
    return ", ".join(all_of_them) if rest <= 1 else f"{', '.join(all_of_them[:most])} và {rest} đơn vị khác"


@lru_cache(256)
def target(words: str) -> str:
    """A target as Vietnamese readers say it: "over 90%" is "trên 90%"."""
    for english, said in TARGETS.items():
        if words.startswith(english + " "):
            return f"{said} {words[len(english) + 1 :]}"
    return words


def decimal(value: Decimal) -> str:
    """A figure with a decimal comma, cut to two places, since rounding up would claim a target it misses."""
    whole, _, part = f"{value.quantize(Decimal('0.01'), rounding=ROUND_FLOOR):.2f}".partition(".")
    part = part.rstrip("0")
    return f"{whole},{part}" if part else whole


def tally(entries: Iterable[Entry]) -> str:
    """What a letter holds, in words, late first: "3 việc quá hạn, 2 việc sắp đến hạn"."""
    counts = {"late": 0, "soon": 0, "": 0}
    for each in entries:
        counts[each.tone] += 1
    said = (("late", "việc quá hạn"), ("soon", "việc sắp đến hạn"), ("", "việc cần báo cáo"))
    return ", ".join(f"{counts[tone]} {words}" for tone, words in said if counts[tone])


def by_urgency(each: Entry) -> tuple[bool, int]:
    """The order of a digest: most days late first, then the nearest date, then what has none."""
    return each.days is None, each.days or 0


def _when(days: int | None, late: bool, last_working: bool) -> str:
    if days is None:
        return "Cần báo cáo"
    if late:
        return f"Quá hạn {-days} ngày" if days < 0 else "Quá hạn hôm nay"
    if days == 0:
        return "Hạn hôm nay"
    return "Hôm nay là ngày làm việc cuối" if last_working else f"Còn {days} ngày"


def _due(due_at: datetime | None) -> str:
    if due_at is None:
        return ""
    hour = "" if due_at.time() in _END_OF_DAY else f"{due_at.hour}:{due_at.minute:02d} "
    return hour + weekday(day_of(due_at))


def _hanging(work: Work, at: datetime) -> str:
    """What a task hangs on: those it was passed down to, the clause that it waits for."""
    said = [f"cấp dưới xong {work.children[0]}/{work.children[1]}"] if work.children else []
    if work.waits_due_at and work.waits_due_at < at:
        said.append(f"chờ {work.waits_for}, đã trễ {(at - work.waits_due_at).days + 1} ngày")
    return "; ".join(said)


def _due_words(words: str, last: date | None) -> str:
    repeated = last is not None and words in {f"{before}{written(last)}" for before in ("", "ngày ", "đến ngày ", "mốc ")}
    return "" if repeated else words


def _evidence(work: Work) -> str:
    if not work.indicator:
        return EVIDENCE[work.evidence]
    return f"Không phải gửi, {work.figure_by} báo số" if work.figure_by else "Số liệu, bằng tỷ lệ hoặc số đạt trên tổng số"


def _figure(work: Work) -> str:
    if work.figure is None:
        return ""
    unit = "%" if work.unit == "%" else f" {work.unit}"
    return f"{decimal(work.figure)}{unit}{f' ({written(work.figure_on)})' if work.figure_on else ''}"


def _words(work: Work, zone: ZoneInfo) -> str:
    if not work.last_words or work.last_words_at is None:
        return work.last_words
    return f"{work.last_words} ({written(work.last_words_at.astimezone(zone).date())})"
