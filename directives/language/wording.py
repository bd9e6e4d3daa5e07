"""What the words of a clause say against its fields: several orders in one duty, another day, one lead of many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from .calendar import written
from .counting import LONGEST
from .coverage import DAY, days, named
from .drafts import Check, Draft, Told
from .mistakes import Mistake
from .shapes import Duty
from .words import fold

_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n+")
_ORDER = re.compile(r"(?:[-+•]\s*)?(?:đồng thời,?\s+)?(?:giao|yêu cầu|đề nghị)\s+(?P<whom>\S+(?:\s+[^\s,;]+){0,4})", re.IGNORECASE)
#: Days of a figure, and of what others do with the result: no due dates of the duty.
_OTHERS = re.compile(rf"(?:tính|số liệu|chốt|\bđể)\s[^.;]{{0,80}}?(?:{DAY.pattern})", re.IGNORECASE)
_LEADS = re.compile(r"(?<!đồng )(?<!cùng )chủ trì", re.IGNORECASE)
_WINDOW = re.compile(rf"\btừ\s[^.;]{{3,40}}?\sđến\s+(?:hết\s+)?(?:ngày\s+)?({DAY.pattern})", re.IGNORECASE)


def compound(draft: Draft) -> Told:
    """One clause with sentences that order different agencies is several duties."""
    for n, duty in _orders(draft):
        whom = {fold(" ".join(words.split()[:3])): words for words in _ordered(duty.text)}
        if len(whom) > 1:
            names = [*whom.values()]
            yield ("duties", n, "text"), Mistake("D094", names="; ".join(f"{words}…" for words in names)).about(names[1])


def _ordered(text: str) -> Iterator[str]:
    """The first words of each agency that a sentence of the clause turns to by its name."""
    for sentence in _SENTENCE.split(text):
        found = _ORDER.match(sentence)
        if found and found["whom"][0].isupper():
            yield found["whom"][:60]


def other_days(draft: Draft) -> Told:
    """A sentence that names a second day beside the due date may hold a second duty."""
    issued = draft.directive.date
    for n, duty in _orders(draft):
        if not (duty.due and duty.due.day and issued):
            continue
        said = list(named(_OTHERS.sub("", duty.text)))
        others = [(day, words) for day, words in said if day > issued and day not in _held(duty, draft)]
        if others and duty.due.day in dict(said):
            day, words = others[0]
            yield ("duties", n, "text"), Mistake("D098", day=written(day), due=written(duty.due.day)).about(words)


def _held(duty: Duty, draft: Draft) -> set[date | None]:
    """The days that a duty holds in a field of its own."""
    indicator = draft.directive.indicators.get(duty.target) if isinstance(duty.target, str) else None
    milestones = {milestone.on for milestone in indicator.targets} if indicator else set()
    return {duty.due.day if duty.due else None, duty.from_, duty.until, *milestones}


def several_leads(draft: Draft) -> Told:
    """Where the sentence says who leads, one leads and the others join in."""
    for n, duty in _orders(draft):
        if len(duty.lead) > 1 and _LEADS.search(duty.text) and any(word in draft.directory.agencies for word in duty.lead):
            yield ("duties", n, "lead", 1), Mistake("D125", count=str(len(duty.lead)))


def early_reports(draft: Draft) -> Told:
    """What is to be reported is not over before its window ends."""
    for n, duty in _orders(draft):
        if not (duty.due and duty.due.day):
            continue
        end = duty.until or _window(duty.text)
        if end and duty.due.day < end:
            yield ("duties", n, "due"), Mistake("D126", due=written(duty.due.day), end=written(end))


def _window(text: str) -> date | None:
    """The last day of a window that a reporting sentence names."""
    found = _WINDOW.search(text) if "báo cáo" in text.casefold() else None
    return next(days(found[1]), None) if found else None


def _orders(draft: Draft) -> Iterator[tuple[int, Duty]]:
    return ((n, duty) for n, duty in enumerate(draft.directive.duties) if duty.force != "note" and len(duty.text) < LONGEST)


WORDING: tuple[Check, ...] = (compound, other_days, several_leads, early_reports)
