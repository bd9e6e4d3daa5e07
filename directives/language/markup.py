"""A file's text as entries that keep their comments: each comment finds the entry that it stands above, beside, or below."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import yaml
from yaml import CSafeLoader

from .layout import Branch, Entry
from .syntax import Place

_SIGN = re.compile(r"(?:^|(?<=\s))#")

Spot = tuple[int, int]  # line and column, from 0


class AliasUsed(Exception):  # noqa: N818 - it is allowed
    """The file repeats itself with & and *, which no canonical form keeps."""


class _Remark(NamedTuple):
    """A comment that has a line for itself; `apart` where the line before it is free."""

    spot: Spot
    text: str
    apart: bool


@dataclass(eq=False)
class _Stand:
    """An entry where it stands: the branch that holds it, and the place of the entry that this branch belongs to."""

    entry: Entry
    spot: Spot
    branch: Branch
    above: _Stand | None


@dataclass
class _Sheet:
    """What is known of a file: its entries in order, where tokens end, and which stretches of its lines are text."""

    lines: list[str]
    places: list[_Stand] = field(default_factory=list)
    ends: list[tuple[Spot, Entry]] = field(default_factory=list)
    taken: dict[int, list[tuple[int, int]]] = field(default_factory=dict)


def marked_up(text: str) -> Branch:
    """The entries of a file that can be read, with the comments that belong to them. Raises AliasUsed."""
    sheet = _Sheet(text.split("\n"))
    root = _Reader(sheet).root(text)
    alone = []
    for n, line in enumerate(sheet.lines):
        if "#" not in line:
            continue
        spans = sheet.taken.get(n, [])
        column = next((sign.start() for sign in _SIGN.finditer(line) if not any(a <= sign.start() < b for a, b in spans)), None)
        if column is None:
            continue
        comment = line[column:].rstrip()
        if line[:column].strip() and (entry := _beside((n, column), sheet)):
            _add_beside(entry, comment)
        else:
            alone.append(_Remark((n, column), comment, n > 0 and not sheet.lines[n - 1].strip()))
    for remark in alone:
        _settle(remark, root, sheet)
    for place in sheet.places:
        _part(place, sheet)
    return root


def _beside(spot: Spot, sheet: _Sheet) -> Entry | None:
    """The entry whose last word stands before the comment on the same line."""
    n = bisect_right(sheet.ends, spot, key=lambda each: each[0])
    return sheet.ends[n - 1][1] if n and sheet.ends[n - 1][0][0] == spot[0] else None


def _add_beside(entry: Entry, comment: str) -> None:
    if entry.beside:
        entry.above.append(entry.beside)
    entry.beside = comment


def _settle(remark: _Remark, root: Branch, sheet: _Sheet) -> None:
    """Give a comment to the entry that follows, or below the entries that it is as deep as."""
    line, column = remark.spot
    n = bisect_right(sheet.places, line, key=lambda place: place.spot[0])
    after = sheet.places[n] if n < len(sheet.places) else None
    last = sheet.places[n - 1] if n else None
    while last and last.spot[1] > column:
        last = last.above
    if after and (column <= after.spot[1] or last is None or last.branch is after.branch):
        _say(remark, after.entry.above)
    else:
        _say(remark, (last.branch if last else root).below)


def _say(remark: _Remark, lines: list[str]) -> None:
    lines += ["", remark.text] if remark.apart else [remark.text]


def _part(place: _Stand, sheet: _Sheet) -> None:
    """See whether the author left a line free before an entry, or between it and its comments."""
    above, (line, column) = place.entry.above, place.spot
    free = line > 0 and not sheet.lines[line - 1].strip() and not sheet.lines[line][:column].strip(" -")
    if above and free:
        above.append("")
    place.entry.apart = above[0] == "" if above else free
    if above and above[0] == "":
        del above[0]


class _Reader:
    """Takes the events of a file that can be read."""

    def __init__(self, sheet: _Sheet) -> None:
        self.sheet = sheet
        self.open: list[tuple[Branch, _Stand | None, Spot]] = []
        self.keys: list[_Stand | None] = []

    def root(self, text: str) -> Branch:
        """The block that the file holds."""
        root = Branch()
        for event in yaml.parse(text, Loader=CSafeLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise AliasUsed
            if isinstance(event, yaml.ScalarEvent):
                self.scalar(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                branch = Branch(is_list=isinstance(event, yaml.SequenceStartEvent))
                root = branch if not self.open else root
                self.begin(event, branch)
            elif isinstance(event, yaml.CollectionEndEvent):
                self.end(event)
        return root

    def scalar(self, event: yaml.ScalarEvent) -> None:
        self.take(event)
        place = self.place(event, event.value)
        self.sheet.ends.append((_end(event), place.entry))

    def begin(self, event: yaml.CollectionStartEvent, branch: Branch) -> None:
        place = self.place(event, branch) if self.open else None
        self.open.append((branch, place, _spot(event.start_mark)))
        self.keys.append(None)

    def end(self, event: yaml.CollectionEndEvent) -> None:
        _, place, begun = self.open.pop()
        self.keys.pop()
        end = _spot(event.end_mark)
        if place and end != _spot(event.start_mark) and end[0] == begun[0]:  # a bracket on the line of the one that opens
            self.sheet.ends.append((end, place.entry))

    def place(self, event: yaml.NodeEvent, value: str | Branch) -> _Stand:
        """The place of an item, of a word, or of the word that this is the value of."""
        branch, above, begun = self.open[-1]
        waiting = self.keys[-1]
        if waiting:
            waiting.entry.value = value
            self.keys[-1] = None
            return waiting
        spot = _spot(event.start_mark)
        entry = Entry(value=value) if branch.is_list else Entry(key=str(value), value="")
        place = _Stand(entry, (spot[0], min(begun[1], spot[1])) if branch.is_list else spot, branch, above)
        branch.entries.append(entry)
        self.sheet.places.append(place)
        if not branch.is_list:
            self.keys[-1] = place
        return place

    def take(self, event: yaml.ScalarEvent) -> None:
        """Note which stretches of lines a scalar covers."""
        for n, start, end in _stretches(event, self.sheet.lines):
            self.sheet.taken.setdefault(n, []).append((start, end))


def _stretches(event: yaml.ScalarEvent, lines: list[str]) -> Iterator[tuple[int, int, int]]:
    """Line, first column, column after the last; a block scalar has its sign and then whole lines."""
    first, last = _spot(event.start_mark), _spot(event.end_mark)
    if event.style in ("|", ">"):
        yield (*first, first[1] + 1)
        yield from ((n, 0, len(lines[n])) for n in range(first[0] + 1, last[0] + (last[1] > 0)))
        return
    for n in range(first[0], last[0] + 1):
        yield n, first[1] if n == first[0] else 0, last[1] if n == last[0] else len(lines[n])


def _end(event: yaml.ScalarEvent) -> Spot:
    """Where a comment beside a scalar may begin: after it, or after the sign that opens a block."""
    first = _spot(event.start_mark)
    return (first[0], first[1] + 1) if event.style in ("|", ">") else _spot(event.end_mark)


def _spot(mark: Place | None) -> Spot:
    return (mark.line, mark.column) if mark else (0, 0)
