"""Directories as offices write them: one file, several files as one, or a few entries inside a directive."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from .checks import unknown
from .drafts import Told
from .findings import Finding, by_line, sound
from .forms import directory_form
from .growing import BOOK_NODES, grow
from .mistakes import Enough, Mark, Mistake, Notes
from .plain import cleaned
from .shapes import Agency, Directory, Group
from .shaping import shaped
from .tree import Block, Loc, locate

_EMPTY = Directory()


class Stranger(NamedTuple):
    """An id that an entry names and its own file does not have: another file of the office may. `listed`: a group will do."""

    loc: Loc
    mark: Mark
    word: str
    listed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A directory with what was found in it. `doubles` are ids of merged books that two of them have, with their names.

    `torn`: entries that a directive adds to it could not be read. `strangers` are settled when it is known what it stands beside.
    """

    directory: Directory = _EMPTY
    findings: tuple[Finding, ...] = ()
    doubles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    torn: bool = False
    strangers: tuple[Stranger, ...] = ()
    path: Path = Path()

    @property
    def is_sound(self) -> bool:
        """Whether everything in it could be read."""
        return not self.torn and sound(self.findings)


def book_of(text: str, path: Path) -> Book:
    """The directory that a YAML file of the agencies folder holds."""
    return bound(path, lambda notes: grow(cleaned(text, notes), notes, BOOK_NODES))


def bound(path: Path, grown: Callable[[Notes], Block | None]) -> Book:
    """The book of a tree, as far as it can be read."""
    notes = Notes()
    directory: Directory = _EMPTY
    strangers: list[Stranger] = []
    try:
        tree = grown(notes)
        if tree is not None:
            directory, strangers = _entries(tree, notes)
    except Enough:
        pass  # the findings so far say enough
    return Book(directory=directory, findings=tuple(by_line(path, notes)), strangers=tuple(strangers), path=path)


def _entries(tree: Block, notes: Notes) -> tuple[Directory, list[Stranger]]:
    """What a tree holds, and whom it names that it does not hold."""
    long = directory_form(tree, notes)
    directory = shaped(Directory, long, notes) or _EMPTY
    for loc, mistake in (*_twice(directory), *_loops(directory)):
        notes.tell(locate(long, loc), mistake)
    strangers = [(loc, word, listed) for loc, word, listed in _named(directory) if not _has(directory, word, listed)]
    return directory, [Stranger(loc, locate(long, loc), word, listed) for loc, word, listed in strangers]


class Library:
    """The office's books by name."""

    def __init__(self, books: Mapping[str, Book]) -> None:
        """`books` may be read as late as they are asked for."""
        self.books = books
        self._asked: dict[tuple[str, bool], Book] = {}

    def alone(self, name: str) -> Book:
        """One book by itself. Raises KeyError where there is none of that name."""
        return self._settle(name, alone=True)

    def among(self, name: str) -> Book:
        """One book as it stands beside the others. Raises KeyError where there is none of that name."""
        return self._settle(name, alone=not self.books[name].strangers)

    def _settle(self, name: str, *, alone: bool) -> Book:
        if (name, alone) not in self._asked:
            book = self.books[name]
            self._asked[name, alone] = settled(book, book.directory if alone else whole_of(self.books))
        return self._asked[name, alone]

    @cached_property
    def whole(self) -> Book:
        """All books as one."""
        return merged(self.books)

    @property
    def findings(self) -> list[Finding]:
        """What was found in the books that were asked for, each once."""
        found: list[Finding] = []
        for book in (*self._asked.values(), *([self.whole] if "whole" in self.__dict__ else ())):
            found += [each for each in book.findings if each not in found]
        return found


def merged(books: Mapping[str, Book]) -> Book:
    """All books as one; an id that two of them have is the first one's, and is told where it is used."""
    owners: dict[str, str] = {}
    doubles: dict[str, tuple[str, str]] = {}
    for name, book in books.items():
        for id in (*book.directory.agencies, *book.directory.groups):
            if owners.setdefault(id, name) != name:
                doubles.setdefault(id, (owners[id], name))
    whole = whole_of(books)
    findings = tuple(found for book in books.values() for found in settled(book, whole).findings)
    return Book(directory=whole, findings=findings, doubles=doubles)


def whole_of(books: Mapping[str, Book]) -> Directory:
    """The entries of all books; what two of them have is the first one's."""
    agencies: dict[str, Agency] = {}
    groups: dict[str, Group] = {}
    for book in books.values():
        mine = book.directory
        agencies |= {id: agency for id, agency in mine.agencies.items() if id not in agencies and id not in groups}
        groups |= {id: group for id, group in mine.groups.items() if id not in groups and id not in agencies}
    return Directory(agencies=agencies, groups=groups)


def settled(book: Book, whole: Directory) -> Book:
    """A book whose strangers are known to `whole`, or told."""
    if not book.strangers:
        return book
    notes = Notes()
    lost = [each for each in book.strangers if not _has(whole, each.word, each.listed)]
    marks = {each.loc: each.mark for each in book.strangers}
    looped = [(loc, mistake) for loc, mistake in (_loops(whole) if whole is not book.directory else ()) if (*loc, 0) in marks]
    try:
        for loc, mistake in (*unknown([(each.loc, each.word) for each in lost], whole), *(((*loc, 0), said) for loc, said in looped)):
            notes.tell(marks[loc], mistake)
    except Enough:
        pass  # a hundred are enough
    found = sorted((*book.findings, *by_line(book.path, notes)), key=lambda each: (each.line, each.column))
    return replace(book, findings=tuple(found), strangers=())


def extended(book: Book, inline: Block, notes: Notes) -> Book:
    """A book with the entries that a directive adds, which come before its own."""
    if not inline:
        return book
    told = len(notes.slips)
    added, strangers = _entries(inline, notes)
    directory = Directory(
        agencies={**book.directory.agencies, **added.agencies},
        groups={**book.directory.groups, **added.groups},
    )
    lost = {each.loc: each for each in strangers if not _has(directory, each.word, each.listed)}
    for loc, mistake in unknown([(loc, each.word) for loc, each in lost.items()], directory):
        notes.tell(lost[loc].mark, mistake)
    doubles = {id: names for id, names in book.doubles.items() if id not in added.agencies and id not in added.groups}
    return Book(directory=directory, findings=book.findings, doubles=doubles, torn=len(notes.slips) > told)


def _has(directory: Directory, word: str, listed: bool) -> bool:
    """Whether it knows the agency; only where a list is meant may it be a group."""
    return word in directory.agencies or (listed and word in directory.groups)


def _twice(directory: Directory) -> Told:
    """Agencies and groups share their ids."""
    for id in directory.groups:
        if id in directory.agencies:
            yield ("groups", id), Mistake("D074", word=id)


def _named(directory: Directory) -> Iterator[tuple[Loc, str, bool]]:
    """Every id that an entry names: its place, the id, whether a list is meant."""
    for id, agency in directory.agencies.items():
        yield from ((("agencies", id, "in", n), word, False) for n, word in enumerate(agency.in_))
        if agency.head:
            yield ("agencies", id, "head"), agency.head, False
        if agency.successor:
            yield ("agencies", id, "successor"), agency.successor, False
    for id, group in directory.groups.items():
        yield from ((("groups", id, "in", n), word, False) for n, word in enumerate(group.in_))
        yield from ((("groups", id, "list", n), word, True) for n, word in enumerate(group.list_))
        yield from ((("groups", id, "except", n), word, True) for n, word in enumerate(group.except_))


def _loops(directory: Directory) -> Told:
    """Nothing hangs under itself."""
    rooted: set[str] = set()
    for id in directory.agencies:
        path = {id}
        level = [id]
        while level:
            level = [up for each in level if each in directory.agencies for up in directory.agencies[each].in_ if up not in rooted]
            if id in level:
                yield ("agencies", id, "in"), Mistake("D075", word=id)
                break
            level = [up for up in dict.fromkeys(level) if up not in path]
            path.update(level)
        else:
            rooted.add(id)
