"""The annex of figures beside a directive: a row for each agency, indicator and day, every cell read as its column asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from .amounts import target_of, whole_of
from .annexed import alone, together
from .checks import unknown, unknown_indicator
from .dates import day_of
from .measures import Reported, Target
from .mistakes import Enough, Mark, Mistake, Notes
from .shapes import Directive, Directory
from .sheets import Sheet, sheet_of
from .tree import Row, Text
from .vocabulary import unknown_word, words
from .words import fold, match_form

#: The columns, with what else offices call them (folded).
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "agency": ("don vi", "ma don vi", "ten don vi", "co quan", "dia phuong"),
    "indicator": ("chi tieu", "ten chi tieu"),
    "on": ("ngay", "den ngay", "tinh den ngay", "thoi diem", "moc", "moc thoi gian"),
    "numerator": ("tu so", "dat", "so dat", "da dat", "thuc hien"),
    "denominator": ("mau so", "tong so", "tong"),
    "target": ("chi tieu giao", "chi tieu duoc giao", "giao"),
}
_MEANT = {name: word for word, names in _COLUMNS.items() for name in (word, *names)}
_IGNORED = ("stt", "tt", "so thu tu", "ghi chu")
_COUNT = re.compile(r"\d{1,15}|\d{1,3}(?:\.\d{3}){1,4}", re.ASCII)
_START = Mark(1, 1, 2)


def annex_of(data: bytes, name: str, directive: Directive, notes: Notes) -> tuple[tuple[Reported, ...], str]:
    """The rows of an annex as far as they can be read, and its text as people see it. What is wrong with them is told."""
    shown = ""
    try:
        if not name.lower().endswith((".csv", ".xlsx")):
            notes.tell(_START, Mistake("D114", word=name[-60:]))
            raise Enough
        sheet = sheet_of(data, name, notes, cached=True)
        shown = sheet.text
        rows = _Reader(directive, notes).read(sheet)
        _blanks(sheet, notes)
    except Enough:
        rows = ()  # the findings so far say enough
    return rows, shown


class _Reader:
    """Reads the rows of one annex for its directive."""

    def __init__(self, directive: Directive, notes: Notes) -> None:
        self.directive, self.notes = directive, notes
        self.named = _Named(directive.directory)
        self.indicators = {fold(word): each.id for each in directive.indicators.values() for word in (each.name, each.id)}
        self.strangers: list[tuple[Mark, str]] = []

    def read(self, sheet: Sheet) -> tuple[Reported, ...]:
        """The rows below the heading. Raises Enough where it has no names."""
        start = next((n for n, row in enumerate(sheet.rows) if any(_word_of(cell) == "agency" for cell in row)), 0)
        columns = self._columns(sheet.rows[start] if sheet.rows else Row(_START))
        lines = [(row, {word: cell for word, cell in zip(columns, row, strict=False) if word}) for row in sheet.rows[start + 1 :]]
        found = [(*line, reported) for line in lines if (reported := self._row(*line)) is not None]
        for (mark, _), (_, mistake) in zip(self.strangers, unknown([((), who) for _, who in self.strangers], self.directive.directory),
                                           strict=False):
            self.notes.tell(mark, mistake)
        rows = tuple(reported for *_, reported in found)
        for told in (alone, together):
            for place, column, mistake in told(rows, self.directive) if told is alone or not self.notes.slips else ():
                row, cells, _ = found[place] if place is not None else (Row(_START), {}, None)
                self.notes.tell(cells[column].mark if cells.get(column) else _whole(row), mistake)
        return rows

    def _columns(self, heading: Row) -> list[str]:
        """The word of each column, "" for those that say nothing here."""
        columns = [_word_of(cell) for cell in heading]
        for word, cell in zip(columns, heading, strict=True):
            if cell and not word and fold(str(cell)).rstrip(".") not in _IGNORED:
                self.notes.tell(cell.mark, unknown_word(str(cell), words(Reported)))
            elif word and columns.count(word) > 1:
                self.notes.tell(cell.mark, Mistake("D018", word=word, line=str(cell.mark.line)))
        for word in ("agency", "indicator"):
            if word not in columns and not (word == "indicator" and len(self.directive.indicators) == 1):
                self.notes.tell(_whole(heading), Mistake("D031", word=word))
                raise Enough
        return columns

    def _row(self, row: Row, cells: Mapping[str, Any]) -> Reported | None:
        """A row as it is meant, None where it cannot be read."""
        said: dict[str, Any] = {"agency": self._agency(row, cells.get("agency")), "indicator": self._indicator(row, cells.get("indicator"))}
        told = len(self.notes.slips)
        for word, read in _READERS.items():
            if cell := cells.get(word):
                try:
                    said[word] = read(cell)
                except Mistake as mistake:
                    self.notes.tell(cell.mark, Mistake(mistake.code, **{"word": word, **mistake.facts}))
        if None in (said["agency"], said["indicator"]) or len(self.notes.slips) > told:
            return None
        return Reported.model_construct(**said)

    def _agency(self, row: Row, cell: Text | None) -> str | None:
        found = self.named.ids(cell) if cell else ()
        if len(found) == 1:
            return found[0]
        if found:
            self.notes.tell(cell.mark if cell else _whole(row), Mistake("D167", word=str(cell)[:60], n=str(len(found))))
        else:
            self.strangers.append((cell.mark if cell else _whole(row), str(cell or "")))
        return None

    def _indicator(self, row: Row, cell: Text | None) -> str | None:
        known = self.directive.indicators
        if not cell:
            if len(known) != 1:
                self.notes.tell(_whole(row), Mistake("D031", word="indicator"))
            return next(iter(known)) if len(known) == 1 else None
        found = cell if cell in known else self.indicators.get(fold(cell))
        if found is None:
            self.notes.tell(cell.mark, unknown_indicator(cell, known))
        return None if found is None else str(found)


class _Named:
    """Agencies by what a table may call them: the id, else the short or the full name."""

    def __init__(self, directory: Directory) -> None:
        self.agencies = directory.agencies

    def ids(self, word: str) -> tuple[str, ...]:
        """Who is called so; several where a name is not enough."""
        if word in self.agencies:
            return (str(word),)
        return self._written.get(word) or self._called.get(match_form(word), ())

    @cached_property
    def _written(self) -> Mapping[str, tuple[str, ...]]:
        return self._by(str)

    @cached_property
    def _called(self) -> Mapping[str, tuple[str, ...]]:
        return self._by(match_form)

    def _by(self, form: Callable[[str], str]) -> Mapping[str, tuple[str, ...]]:
        called: dict[str, dict[str, None]] = {}
        for agency in self.agencies.values():
            for name in {agency.name, agency.short}:
                called.setdefault(form(name), {})[agency.id] = None
        return {name: tuple(ids) for name, ids in called.items()}


def _word_of(cell: Any) -> str:
    """The word of a heading: `Chỉ tiêu giao (%)` is `target`, "" where it is none of ours."""
    return _MEANT.get(re.sub(r" ?\(.*\)$|\.$", "", fold(str(cell))), "")


def _whole(row: Row) -> Mark:
    """A row from its first cell to its last."""
    return row.mark._replace(end_column=max((cell.mark.end_column for cell in row), default=2))


def _blanks(sheet: Sheet, notes: Notes) -> None:
    """Blank rows between others are left out, and told once, where the first is."""
    lines = sheet.text.split("\n")
    last = sheet.rows[-1].mark.line if sheet.rows else 0
    first = sheet.rows[0].mark.line if sheet.rows else 0
    blank = [number for number, line in enumerate(lines[:last], start=1) if number > first and not line.strip(" ;,\t\"")]
    if blank:
        notes.tell(Mark(blank[0], 1, 2), Mistake("D112", what=(f"{len(blank)} dòng trống", f"{len(blank)} blank rows")))


@lru_cache(maxsize=1024)
def _day(text: str) -> date:
    return day_of(text)


@lru_cache(maxsize=1024)
def _target(text: str) -> Target:
    return Target.model_validate(target_of(text))


def _count(text: str) -> int:
    """A count; the plain ones, of which an annex has many, without asking twice."""
    if _COUNT.fullmatch(text):
        return int(text.replace(".", ""))
    number = whole_of(text)
    if number >= 10**15:
        raise Mistake("D048")
    return number


_READERS: Mapping[str, Callable[[str], Any]] = {"on": _day, "numerator": _count, "denominator": _count, "target": _target}
