"""A task as people read it on the pages: its name, its rows of facts, what it hangs on."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from reports.vietnamese import day
from tasks.values import FigureForm, Paper, Work

from . import decided
from .answer import unit_sign
from .status import due_on
from .words import Say, hour_of, local, long_day, near_day, target_words

Row = tuple[Say | str, object]

EVIDENCE = {
    "optional": Say("Ghi số văn bản trả lời hoặc gửi tệp minh chứng, nếu có."),
    "required": Say("Cần minh chứng: số và ngày văn bản trả lời, hoặc tệp gửi kèm."),
    "photo": Say("Cần ảnh chụp gửi kèm."),
    "file": Say("Cần tệp gửi kèm."),
    "document": Say("Cần số và ngày của văn bản trả lời."),
}


def name_of(work: Work) -> Say | str:
    """A task's name in a list; a key that is not printed on the paper is not printed here."""
    return Say("Mục %(clause)s. %(short)s", clause=work.clause, short=work.short) if work.clause else work.short


def paper_name(paper: Paper) -> Say:
    """A directive by its number and date."""
    return Say("%(number)s ngày %(day)s", number=paper.number, day=paper.issued_on)


def caption(work: Work, paper: Paper) -> Say:
    """The line above a task's heading."""
    number = paper_name(paper)
    return Say("%(number)s · mục %(clause)s", number=number, clause=work.clause) if work.clause else number


def term_words(work: Work, paper: Paper, today: date) -> list[Say]:
    """The period or the milestone that a task stands for, and its target."""
    due = due_on(work, paper.zone)
    target = target_words(work.target)
    if work.indicator and target:
        if due is None:
            return [Say("Chỉ tiêu: %(target)s", target=target)]
        return [Say("Mốc %(day)s: %(target)s", day=near_day(due, today), target=target)]
    if due is None and work.due_words:
        return [Say("%(words)s", words=work.due_words[0].upper() + work.due_words[1:])]
    return [Say("Kỳ từ %(day)s", day=near_day(date.fromisoformat(work.term[:10]), today))] if work.term else []


def last_figure(work: Work) -> Say:
    """The figure before, for whoever types the next."""
    if work.figure is None:
        return Say("Chưa có số liệu. Ví dụ: %(example)s", example=Decimal("86.5"))
    sign = unit_sign(work.unit)
    return Say("Lần trước %(figure)s%(sign)s. Ví dụ: %(example)s", figure=work.figure, sign=sign, example=Decimal("86.5"))


def facts(work: Work, paper: Paper) -> list[Row]:
    """Everything about a task beside its words."""
    cited = Say("%(paper)s của %(issuer)s: %(title)s", paper=paper_name(paper), issuer=paper.issuer, title=paper.title)
    rows: list[Row] = [(Say("Thời hạn"), _due_words(work, paper.zone))]
    if work.due_by:
        rows.append((Say("Hạn cũ"), Say("%(day)s, đổi theo %(paper)s", day=work.due_before or Say("không có"), paper=work.due_by)))
    if work.urged:
        rows.append((Say("Đôn đốc"), Say("đã đôn đốc bằng %(papers)s", papers="; ".join(work.urged))))
    if work.term and not work.indicator:
        rows.append((Say("Kỳ báo cáo"), Say("từ %(day)s", day=date.fromisoformat(work.term[:10]))))
    if work.indicator:
        rows.append((Say("Chỉ tiêu"), _indicator_words(work)))
    if work.last_words and work.last_words_at:
        rows.append((Say("Đã báo"), Say("“%(words)s” (%(day)s)", words=work.last_words, day=local(work.last_words_at, paper.zone).date())))
    if work.last_source:
        rows.append((Say("Nhận qua"), work.last_source))
    if work.asks_until:
        rows.append((Say("Xin lùi hạn"), decided.asked(work)))
    rows += decided.beside(work, paper.zone)
    rows.append((Say("Chủ trì"), work.agency.name))
    if work.with_:
        rows.append((Say("Phối hợp"), ", ".join(work.with_)))
    return [*rows, (Say("Văn bản"), cited), *_later(paper)]


def _later(paper: Paper) -> list[Row]:
    """The papers that have changed this one since."""
    changing = dict.fromkeys(tie.paper for tie in paper.ties if tie.kind == "amended" and tie.paper)
    return [(Say("Đã sửa đổi"), Say("theo %(papers)s", papers="; ".join(changing)))] if changing else []


def _due_words(work: Work, zone: str) -> Say:
    if work.due_at is None:
        return Say("không có, %(words)s", words=work.due_words) if work.due_words else Say("không có")
    due = local(work.due_at, zone)
    said = Say("%(hour)s %(day)s", hour=hour_of(due), day=long_day(due.date())) if hour_of(due) else long_day(due.date())
    if work.due_words not in ("", day(due.date())):
        said = Say("%(day)s (“%(words)s”)", words=vietnamese(work.due_words), day=said)
    if work.last_working_day and work.last_working_day != due.date():
        return Say("%(due)s. Ngày làm việc cuối: %(day)s", due=said, day=long_day(work.last_working_day))
    return said


def vietnamese(words: str) -> str:
    """A due date's words as the file has them, its English "before" as the paper says it."""
    return re.sub(r"^before\b", "trước", words)


def _indicator_words(work: Work) -> Say | str:
    said: Say | str = work.indicator_name
    if work.target:
        said = Say("%(name)s: %(target)s", name=said, target=target_words(work.target))
    if work.own:
        said = Say("%(said)s (giao riêng)", said=said)
    if work.figure is not None and work.figure_on:
        sign = unit_sign(work.unit)
        said = Say("%(said)s. Tính đến %(day)s đạt %(figure)s%(sign)s", said=said, day=work.figure_on, figure=work.figure, sign=sign)
    if work.figure_by:
        said = Say("%(said)s. Số liệu do %(source)s nhập", said=said, source=work.figure_by)
    return said


def hanging(work: Work, now: datetime) -> list[Row]:
    """What a task hangs on: those it was passed down to, the clause that it waits for, who takes part and is silent."""
    rows: list[Row] = []
    if work.children:
        rows.append((Say("Cấp dưới"), Say("đã xong %(done)s/%(all)s", done=work.children[0], all=work.children[1])))
    if work.lacking:
        rows.append((Say("Chưa xong"), ", ".join(work.lacking)))
    if (late := late_above(work, now)) is not None:
        rows.append((Say("Đang chờ"), late))
    if work.quiet:
        rows.append((Say("Chưa góp ý"), ", ".join(work.quiet)))
    return rows


def late_above(work: Work, now: datetime) -> Say | None:
    """Who keeps a task waiting, and for how many days; None where nobody does."""
    if work.waits_due_at is None or work.waits_due_at >= now:
        return None
    days, whose = (now - work.waits_due_at).days + 1, ", ".join(work.waits_by)
    return Say("%(clause)s của %(whose)s, đã trễ %(days)s ngày", clause=work.waits_for, whose=whose, days=days)


def course_rows(work: Work, today: date) -> list[Row]:
    """How far the figure is from its milestone, and what each week must bring; nothing where it is reached or unknown."""
    course = work.course
    if course is None or course.is_reached:
        return []
    gap, weekly = apart(course.gap, course.unit), course.weekly(today)
    if not course.gap:
        said = Say("mới bằng mức, chưa đủ")
    elif weekly is None:
        said = Say("vượt %(gap)s", gap=gap) if course.falls else Say("thiếu %(gap)s", gap=gap)
    else:
        need = apart(weekly, course.unit)
        down = Say("vượt %(gap)s, cần giảm %(need)s mỗi tuần", gap=gap, need=need)
        said = down if course.falls else Say("thiếu %(gap)s, cần %(need)s mỗi tuần", gap=gap, need=need)
    if course.falls_short and weekly is not None:
        said = Say("%(said)s; theo đà từ %(day)s thì chưa kịp", said=said, day=course.since)
    return [(Say("So với mốc"), said)]


def apart(value: Decimal, unit: str) -> Say:
    """How far two figures are from each other."""
    return Say("%(value)s điểm", value=value) if unit == "%" else Say("%(value)s %(unit)s", value=value, unit=unit)


def form_hint(form: FigureForm, paper: Paper) -> list[Say]:
    """What stands under a form of figures on the desk."""
    last = [on for _, _, on in form.rows if on]
    said = [Say("%(paper)s · %(count)s đơn vị", paper=paper_name(paper), count=len(form.rows))]
    return [*said, Say("Số liệu gần nhất: %(day)s", day=max(last))] if last else said
