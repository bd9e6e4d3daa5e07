"""What an agency may say of a task, and how a filled form becomes one act or a list of mistakes; pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from tasks.figures import percent as share
from tasks.states import TRANSITIONS
from tasks.values import Act, Said, State, Work

from . import hindrances, proof
from .evidence import File
from .numbers import amount_of, count_of, doubts, share_of, shares_agree, unexplained
from .typed import Mistake, Typed
from .words import Say, long_day

Kind = Literal["received", "progress", "figure", "done", "extend", "return", "delegate", "undo", "answer"]

LABELS: dict[Kind, Say] = {
    "received": Say("Đã tiếp nhận"),
    "progress": Say("Báo tiến độ, khó khăn, vướng mắc"),
    "figure": Say("Nhập số liệu"),
    "done": Say("Đã xong"),
    "extend": Say("Xin lùi hạn"),
    "return": Say("Không thuộc thẩm quyền"),
    "delegate": Say("Giao người trong đơn vị"),
    "undo": Say("Rút lại báo cáo đã gửi"),
    "answer": Say("Trả lời sau khi đóng"),
}
UNDO_WITHIN = timedelta(days=7)

#: The key of an act that came by a page.
KEY = re.compile(r"web:[0-9a-f]{32}")

#: Acts whose form takes files.
WITH_FILES: frozenset[Kind] = frozenset({"progress", "figure", "done", "answer"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An answer as read: the act if nothing is wrong, the mistakes if something is, and what to ask before it is sent."""

    act: Act | None
    mistakes: tuple[Mistake, ...] = ()
    doubts: tuple[Say, ...] = ()


@dataclass(slots=True)
class _Reading:
    """One form on its way to an act."""

    typed: Typed
    work: Work
    files: tuple[File, ...]
    today: date
    due_on: date | None
    doubts: list[Say] = field(default_factory=list)


def choices(work: Work, now: datetime, table: Mapping[tuple[str, State], str] = TRANSITIONS) -> tuple[Kind, ...]:
    """What the form offers at `now`, in the order of a task's life; a coordinator comments and nothing else."""
    offered = [kind for kind in LABELS if (kind, work.state) in table and _fits(kind, work, now)]
    return tuple(kind for kind in offered if work.lead or (kind == "progress" and work.closed_at is None))


def _fits(kind: Kind, work: Work, now: datetime) -> bool:
    recent = work.closed_at is None or now - work.closed_at <= UNDO_WITHIN
    match kind:
        case "received":
            return work.state == "open"
        case "figure":
            return bool(work.indicator) and not work.figure_by and recent
        case "done":
            return not work.indicator
        case "extend":
            return work.due_at is not None and work.asks_until is None
        case "undo":
            return not work.indicator and recent
    return True


def read(kind: str, typed: Typed, *, work: Work, files: Sequence[File], today: date, due_on: date | None) -> Draft:
    """Read the fields of one kind of answer. What the task's state allows is the ledger's to say: a second press must come through."""
    reading = _Reading(typed, work, tuple(files), today, due_on)
    reader = _READERS.get(kind)
    if reader is None or not (work.lead or kind == "progress"):
        typed.wrong("kind", Say("Chọn một mục để báo"))
        reader = None
    act = reader(reading) if reader else None
    name = typed.line("name", Say("Nhập họ và tên người báo"))
    role = typed.line("role", Say("Nhập chức vụ của người báo"))
    if typed.mistakes or act is None:
        return Draft(act=None, mistakes=tuple(typed.mistakes))
    return Draft(act=replace(act, said=Said(name=name, role=role)), doubts=tuple(reading.doubts))


def keyed(act: Act, nonce: str) -> Act:
    """The act with its key: the same content from the same form is the same act, another content from it is another."""
    said = [act.kind, act.task, act.said.name, act.said.role, act.note, act.document, act.files, *filter(None, [act.to])]
    said += filter(None, [act.hindrance])
    numbers = [str(one) for one in (act.value, act.numerator, act.denominator, act.on, act.until)]
    content = json.dumps([nonce, said, numbers], ensure_ascii=False)
    return replace(act, key=f"web:{hashlib.sha256(content.encode()).hexdigest()[:32]}")


def figure_act(typed: Typed, prefix: str, task: int, on: date | None, *, of_hundred: bool) -> Act | None:
    """The figure typed under `prefix`, as counts where counts were typed; None where nothing or nothing readable was."""
    value = typed.number(f"{prefix}-value", share_of if of_hundred else amount_of)
    numerator = typed.number(f"{prefix}-numerator", count_of)
    denominator = typed.number(f"{prefix}-denominator", count_of)
    if not any_typed(typed, prefix, "numerator", "denominator"):
        return None if value is None else replace(_blank("figure", task), value=value, on=on)
    if numerator is None or denominator is None:
        typed.wrong(f"{prefix}-{'numerator' if numerator is None else 'denominator'}", Say("Nhập cả số đạt và tổng số"))
    elif denominator == 0 or numerator > denominator:
        typed.wrong(f"{prefix}-denominator", Say("Tổng số phải lớn hơn 0 và không nhỏ hơn số đạt"))
    elif value is not None and not shares_agree(value, numerator, denominator):
        typed.wrong(f"{prefix}-value", Say("Tỷ lệ không khớp với số lượng: tính ra %(share)s%%", share=share(numerator, denominator)))
    else:
        return replace(_blank("figure", task), numerator=numerator, denominator=denominator, on=on)
    return None


def any_typed(typed: Typed, prefix: str, *fields: str) -> bool:
    """Whether anything stands in one of the fields."""
    return any(typed.values.get(f"{prefix}-{field}", "").strip() for field in fields)


def value_of(act: Act) -> Decimal | None:
    """The figure that an act says, counts as their share."""
    if act.numerator is not None and act.denominator:
        return share(act.numerator, act.denominator)
    return act.value


def of_hundred(work: Work) -> bool:
    """Whether the task's figure is a percentage: its indicator says so."""
    return work.unit == "%"


def unit_sign(unit: str) -> str:
    """A unit as it stands behind a figure: 87,4% · 3.960 người."""
    return "%" if unit == "%" else f" {unit}"


def _blank(kind: Kind, task: int) -> Act:
    """An act before anything is said; its speaker and key are the same business for every kind."""
    return Act(kind=kind, task=task, said=Said(name="", role=""), key="")


def _received(reading: _Reading) -> Act:
    return _blank("received", reading.work.id)


def _progress(reading: _Reading) -> Act:
    if not reading.work.lead:
        note, hindrance = reading.typed.text("progress-note", Say("Ghi ý kiến phối hợp")), ""
    else:
        note, hindrance = hindrances.told(reading.typed)
    return replace(_blank("progress", reading.work.id), note=note, hindrance=hindrance, files=reading.files)


def _figure(reading: _Reading) -> Act | None:
    typed, work = reading.typed, reading.work
    on = typed.day("figure-on", Say("Nhập ngày chốt số liệu"))
    if on and on > reading.today:
        typed.wrong("figure-on-day", Say("Ngày chốt số liệu không thể sau hôm nay"))
    act = figure_act(typed, "figure", work.id, on, of_hundred=of_hundred(work))
    if act is None:
        if not any_typed(typed, "figure", "value", "numerator", "denominator"):
            typed.wrong("figure-value", Say("Nhập số liệu"))
        return None
    value, missing = value_of(act), None
    if value is not None and on:
        reading.doubts += doubts(value, on, work.figure, work.figure_on, of_hundred=of_hundred(work))
        missing = unexplained(value, on, work.figure, work.figure_on, of_hundred=of_hundred(work))
    return replace(act, note=typed.text("figure-note", missing), files=reading.files)


def _done(reading: _Reading) -> Act:
    document = proof.document(reading.typed, reading.today)
    said = proof.with_link(document, proof.link(reading.typed))
    proof.demanded(reading.typed, reading.work, reading.files, document=document, said=said)
    return replace(_blank("done", reading.work.id), note=reading.typed.text("done-note"), document=said, files=reading.files)


def _extend(reading: _Reading) -> Act:
    typed, due_on = reading.typed, reading.due_on
    until = typed.day("extend-until", Say("Nhập ngày xin lùi tới"))
    if until and due_on and (until <= due_on or until < reading.today):
        typed.wrong("extend-until-day", Say("Ngày xin lùi phải sau thời hạn %(due)s và không trước hôm nay", due=due_on))
    if until and until.weekday() >= 5:
        reading.doubts.append(Say("%(day)s là ngày cuối tuần. Có đúng không?", day=long_day(until)))
    return replace(_blank("extend", reading.work.id), until=until, note=typed.text("extend-note", Say("Nêu lý do xin lùi hạn")))


def _return(reading: _Reading) -> Act:
    typed, missing = reading.typed, Say("Nêu lý do việc này không thuộc thẩm quyền")
    return replace(_blank("return", reading.work.id), note=typed.text("return-note", missing), to=typed.line("return-to"))


def _delegate(reading: _Reading) -> Act:
    return replace(_blank("delegate", reading.work.id), to=reading.typed.line("delegate-to", Say("Nhập họ và tên người nhận việc")))


def _late(reading: _Reading) -> Act:
    missing = None if reading.files else Say("Ghi nội dung trả lời, hoặc gửi kèm tệp")
    return replace(_blank("answer", reading.work.id), note=reading.typed.text("answer-note", missing), files=reading.files)


def _undo(reading: _Reading) -> Act:
    return replace(_blank("undo", reading.work.id), note=reading.typed.text("undo-note", Say("Nêu lý do rút lại")))


_READERS: dict[str, Callable[[_Reading], Act | None]] = {
    "received": _received, "progress": _progress, "figure": _figure, "done": _done, "extend": _extend, "undo": _undo,
    "return": _return, "delegate": _delegate, "answer": _late,
}  # fmt: skip
