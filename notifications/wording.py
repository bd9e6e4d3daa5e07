"""How a task is said in a letter: days and weekdays, what is late, what is asked; plain strings that templates lay out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, Literal
from zoneinfo import ZoneInfo

from directives.language.calendar import written
from tasks.values import Paper, Party, Work

from .measures import course, day_of, decimal, due, target, weekday
from .tongues import Tongue

EVIDENCE = {
    "optional": "Số, ngày văn bản trả lời (nếu có)",
    "required": "Văn bản trả lời, tệp hoặc ảnh chụp",
    "photo": "Ảnh chụp",
    "file": "Tệp tài liệu",
    "document": "Số, ngày văn bản trả lời",
}

Tone = Literal["late", "soon", "unheard", ""]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Entry:
    """One task as a letter says it; "" where there is nothing to say. `days` are left until the due day, negative when past.

    Those who owe the same share one entry, so that what is made of it is made once.
    """

    title: str
    text: str
    source: str  # "898/UBND, mục 6.4"
    clause: str  # "Mục 6.4"
    asked: bool  # đề nghị, not giao
    own: bool  # the reader leads it
    agency: Party  # who leads it; `NOBODY` where the reader does
    days: int | None
    when: str  # "Còn 2 ngày", "Quá hạn 6 ngày"
    tone: Tone
    day: str  # "24/5/2020"
    due: str  # "chủ nhật 24/5/2020"
    due_words: str  # the paper's own words, where they say more: "trước ngày 25/5/2020"
    last_day: str  # "thứ sáu 22/5/2020", where the due day is a day off
    product: str  # the deliverable that the paper names
    evidence: str
    partners: str
    target: str  # "Độ bao phủ BHYT: trên 90%"
    figure: str  # "78,11% (15/5/2020)"
    course: str  # "thiếu 2,6 điểm, cần 1,2 điểm mỗi tuần"
    hanging: str  # "cấp dưới xong 17/21; còn thiếu: phường A", "chờ mục 6.4 của BHXH quận, đã trễ 3 ngày"
    request: str  # "xin lùi đến 30/5/2020, đang chờ quyết định"
    words: str  # what the agency last said

    @property
    def gist(self) -> str:
        """The paper's words as far as a short letter needs them to know the task again: so that the button stays on the first screen."""
        if len(self.text) <= GIST:
            return self.text
        return self.text[: self.text.rfind(" ", 0, GIST)].rstrip(" ,;:.") + "…" if " " in self.text[:GIST] else self.text[: GIST - 1] + "…"

    @property
    def due_line(self) -> str:
        """The due day with the paper's own words: chủ nhật 24/5/2020 (trước ngày 25/5/2020); "" without either."""
        return f"{self.due} ({self.due_words})" if self.due and self.due_words else self.due or self.due_words


NOBODY = Party(id="", name="", short="")
GIST = 160  # characters
_MOST = 256  # entries that a teller keeps
_PLACE = attrgetter("clause", "term", "state", "last_words")
_SAID = attrgetter(*(field.name for field in fields(Work) if field.name not in ("id", "agency", "told_at", "closed_at")))


class Teller:
    """Says the tasks of one paper in letters of one date; what all who owe the same are told is made once."""

    def __init__(self, paper: Paper, at: datetime, to: Tongue) -> None:
        self._paper, self._at, self._to = paper, at, to
        self._known: dict[tuple[str, ...], tuple[tuple[Any, ...], Entry]] = {}

    def entry(self, work: Work, reader: str) -> Entry:
        """A task as `reader` (an agency's id) is told of it; of a clause the last entry serves again where all else is equal."""
        agency = None if work.agency.id == reader else work.agency
        place, said = _PLACE(work), (agency, _SAID(work))
        if (known := self._known.get(place)) and known[0] == said:
            return known[1]
        if len(self._known) >= _MOST:
            self._known.clear()
        made = _entry(work, agency or NOBODY, self._paper, self._at, self._to)
        self._known[place] = said, made
        return made


@lru_cache(32)
def teller(paper: Paper, at: datetime, to: Tongue) -> Teller:
    """Who says a paper's tasks in letters dated `at`, in the language `to`."""
    return Teller(paper, at, to)


def entry(work: Work, paper: Paper, reader: str, at: datetime, to: Tongue) -> Entry:
    """A task as `reader` is told of it in a letter dated `at`, in the language `to`."""
    return teller(paper, at, to).entry(work, reader)


def _entry(work: Work, agency: Party, paper: Paper, at: datetime, to: Tongue) -> Entry:
    zone = ZoneInfo(paper.zone)
    today, due_at = at.astimezone(zone).date(), work.due_at.astimezone(zone) if work.due_at else None
    last = day_of(due_at) if due_at else None
    days = (last - today).days if last else None
    off = last is not None and work.last_working_day is not None and work.last_working_day != last
    late = work.due_at is not None and work.due_at < at
    return Entry(
        title=work.short,
        text=work.text,
        source=to("{number}, mục {clause}", number=paper.number, clause=work.clause) if work.clause else paper.number,
        clause=to("Mục {clause}", clause=work.clause) if work.clause else "",
        asked=work.force == "ask",
        own=agency is NOBODY,
        agency=agency,
        days=days,
        when=_when(days, late, off and work.last_working_day == today, to),
        tone="" if days is None else "late" if late else "soon",
        day=written(last) if last else "",
        due=due(due_at, to),
        due_words=_due_words(work.due_words, last),
        last_day=weekday(work.last_working_day, to) if off and work.last_working_day else "",
        product=work.product,
        evidence=_evidence(work, to),
        partners=names(work.with_, to),
        target=_target(work, to),
        figure=_figure(work, to),
        course=course(work.course, today, to),
        hanging=_hanging(work, at, to),
        request=_request(work, to),
        words=_words(work, zone),
    )


def _request(work: Work, to: Tongue) -> str:
    """What waits to be decided, or what the task itself waits for."""
    if work.state == "returned":
        return to("đã báo không thuộc thẩm quyền, đang chờ quyết định")
    if work.state == "paused" and work.held_until:
        return to("tạm dừng đến {day}", day=written(work.held_until))
    return to("xin lùi đến {day}, đang chờ quyết định", day=written(work.asks_until)) if work.asks_until else ""


def _target(work: Work, to: Tongue) -> str:
    """The target with its indicator's name, and whether it was given to this agency alone."""
    own = f" ({to('giao riêng')})" if work.own else ""
    return ": ".join(filter(None, (work.indicator_name, f"{target(work.target, to)}{own}"))) if work.target else ""


def names(all_of_them: Sequence[str], to: Tongue, most: int = 8) -> str:
    """Names in a row, cut with a count where there are too many to read."""
    rest = len(all_of_them) - most
    if rest <= 1:
        return ", ".join(all_of_them)
    return to("{names} và {n} đơn vị khác", names=", ".join(all_of_them[:most]), n=rest)


def tally(entries: Iterable[Entry], to: Tongue) -> str:
    """What a letter holds, in words, late first: "3 việc quá hạn, 2 việc sắp đến hạn"."""
    counts = {"late": 0, "soon": 0, "unheard": 0, "": 0}
    for each in entries:
        counts[each.tone] += 1
    said = (
        ("late", "{n} việc quá hạn"), ("soon", "{n} việc sắp đến hạn"), ("unheard", "{n} việc thư không tới được"),
        ("", "{n} việc cần báo cáo"),
    )
    return ", ".join(to(words, n=counts[tone]) for tone, words in said if counts[tone])


def unheard(each: Entry, to: Tongue) -> Entry:
    """The same of an agency whose letters come back: it is not called late, and what is asked of the reader is its address."""
    said = to("thư gửi đơn vị bị trả lại, chưa tính là chậm; cần địa chỉ mới")
    return replace(each, when=to("Địa chỉ thư hỏng"), tone="unheard", words=said)


def by_urgency(each: Entry) -> tuple[bool, int]:
    """The order of a digest: most days late first, then the nearest date, then what has none."""
    return each.days is None, each.days or 0


def _when(days: int | None, late: bool, last_working: bool, to: Tongue) -> str:
    if days is None:
        return to("Cần báo cáo")
    if late:
        return to("Quá hạn {n} ngày", n=-days) if days < 0 else to("Quá hạn hôm nay")
    if days == 0:
        return to("Hạn hôm nay")
    return to("Hôm nay là ngày làm việc cuối") if last_working else to("Còn {n} ngày", n=days)


def _hanging(work: Work, at: datetime, to: Tongue) -> str:
    """What a task hangs on: those it was passed down to and who of them lack, the clause that it waits for and who keeps it waiting."""
    said = [to("cấp dưới xong {done}/{all}", done=work.children[0], all=work.children[1])] if work.children else []
    if work.lacking:
        said.append(to("còn thiếu: {names}", names=", ".join(work.lacking)))
    if work.waits_due_at and work.waits_due_at < at:
        kind, _, name = work.waits_for.partition(" ")  # "mục 6.4", or "việc “…”"
        words = "chờ {what} của {whose}, đã trễ {n} ngày" if work.waits_by else "chờ {what}, đã trễ {n} ngày"
        named = f"{to(kind)} {name}"
        said.append(to(words, what=named, whose=", ".join(work.waits_by), n=(at - work.waits_due_at).days + 1))
    return "; ".join(said)


def _due_words(words: str, last: date | None) -> str:
    repeated = last is not None and words in {f"{before}{written(last)}" for before in ("", "ngày ", "đến ngày ", "mốc ")}
    return "" if repeated else words


def _evidence(work: Work, to: Tongue) -> str:
    if not work.indicator:
        return to(EVIDENCE[work.evidence])
    source = work.figure_by
    return to("Không phải gửi, {source} báo số", source=source) if source else to("Số liệu, bằng tỷ lệ hoặc số đạt trên tổng số")


def _figure(work: Work, to: Tongue) -> str:
    if work.figure is None:
        return ""
    unit = "%" if work.unit == "%" else f" {work.unit}"
    return f"{decimal(work.figure, to)}{unit}{f' ({written(work.figure_on)})' if work.figure_on else ''}"


def _words(work: Work, zone: ZoneInfo) -> str:
    if not work.last_words or work.last_words_at is None:
        return work.last_words
    return f"{work.last_words} ({written(work.last_words_at.astimezone(zone).date())})"
