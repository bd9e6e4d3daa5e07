"""What the paper says and the file does not: clauses and days of its text that no duty, basis or target holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from .calendar import written
from .dates import day_of
from .drafts import Check, Draft, Told
from .mistakes import Mistake, Notes
from .plain import decoded
from .shapes import Shape

_CLAUSE = re.compile(r"^\s*(\d{1,2})[.)]\s+\S", re.MULTILINE)
DAY = re.compile(r"\b\d{1,2}/\d{1,2}/\d{4}\b|\b\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}\b")


def clauses_left_out(draft: Draft) -> Told:
    """Numbered clauses of the paper that no duty has."""
    numbers = dict.fromkeys(_CLAUSE.findall(_paper(draft)))
    held = {duty.clause.split(".")[0] for duty in draft.directive.duties}
    missing = [number for number in numbers if number not in held]
    if missing:
        yield ("source",), Mistake("D096", words=", ".join(missing))


def days_left_out(draft: Draft) -> Told:
    """Days of the paper that the file does not name, in words or in a field."""
    held = set(_days_in(draft.directive)) | {draft.directive.date}
    missing = [day for day in dict.fromkeys(days(_paper(draft))) if day not in held]
    if missing:
        yield ("source",), Mistake("D097", words=", ".join(map(written, missing)))


def days(text: str) -> Iterator[date]:
    """The days that a text names; one that cannot be is the paper's own affair."""
    for found in DAY.findall(text):
        try:
            yield day_of(found)
        except Mistake:
            continue


def _paper(draft: Draft) -> str:
    """The text of the paper, empty where it is a scan or not at hand."""
    name = draft.directive.source
    data = draft.beside(name) if name and draft.beside and name.endswith((".txt", ".md")) else None
    return (decoded(data, Notes()) if data else None) or ""


def _days_in(value: object) -> Iterator[date]:
    """Every day that a value holds, in a field or in its sentences; the directory is none of the paper."""
    match value:
        case date():
            yield value
        case str():
            yield from days(value)
        case tuple():
            for each in value:
                yield from _days_in(each)
        case dict():
            yield from _days_in(tuple(value.values()))
        case Shape():
            yield from _days_in(tuple(held for word, held in value if word != "directory"))


COVERAGE: tuple[Check, ...] = (clauses_left_out, days_left_out)
