"""Directories as offices write them: one file, several files as one, or a few entries inside a directive; checked on their own."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from .checks import unknown
from .drafts import Told
from .findings import Finding, by_line, sound
from .forms import directory_form
from .growing import BOOK_NODES, grow
from .mistakes import Enough, Mistake, Notes
from .plain import cleaned
from .shapes import Directory
from .shaping import shaped
from .tree import Block, Loc, locate

_EMPTY = Directory()


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A directory with what was found in it. `doubles` are ids of merged books that two of them have, with their names.

    `torn`: entries that a directive adds to it could not be read.
    """

    directory: Directory = _EMPTY
    findings: tuple[Finding, ...] = ()
    doubles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    torn: bool = False

    @property
    def is_sound(self) -> bool:
        """Whether everything in it could be read."""
        return not self.torn and sound(self.findings)


def book_of(text: str, path: Path) -> Book:
    """The directory that a file of the agencies folder holds."""
    notes = Notes()
    directory = _EMPTY
    try:
        tree = grow(cleaned(text, notes), notes, BOOK_NODES)
        if tree is not None:
            directory = directory_in(tree, notes)
    except Enough:
        pass  # the findings so far say enough
    return Book(directory=directory, findings=tuple(by_line(path, notes)))


def directory_in(tree: Block, notes: Notes, base: Directory = _EMPTY) -> Directory:
    """The directory of a tree, as far as it can be read; its entries may name those of `base`."""
    long = directory_form(tree, notes)
    directory = shaped(Directory, long, notes) or _EMPTY
    for loc, mistake in (*_twice(directory), *_strangers(directory, base), *_loops(directory)):
        notes.tell(locate(long, loc), mistake)
    return directory


class Library:
    """The office's books by name."""

    def __init__(self, books: Mapping[str, Book]) -> None:
        """`books` may be read as late as they are asked for."""
        self.books = books

    @cached_property
    def whole(self) -> Book:
        """All books as one."""
        return merged(self.books)


def merged(books: Mapping[str, Book]) -> Book:
    """All books as one; an id that two of them have is the first one's, and is told where it is used."""
    agencies, groups = {}, {}
    owners: dict[str, str] = {}
    doubles: dict[str, tuple[str, str]] = {}
    for name, book in books.items():
        for id in (*book.directory.agencies, *book.directory.groups):
            if owners.setdefault(id, name) != name:
                doubles.setdefault(id, (owners[id], name))
        agencies.update({id: agency for id, agency in book.directory.agencies.items() if owners[id] == name})
        groups.update({id: group for id, group in book.directory.groups.items() if owners[id] == name})
    findings = tuple(found for book in books.values() for found in book.findings)
    return Book(directory=Directory(agencies=agencies, groups=groups), findings=findings, doubles=doubles)


def extended(book: Book, inline: Block, notes: Notes) -> Book:
    """A book with the entries that a directive adds, which come before its own."""
    if not inline:
        return book
    told = len(notes.slips)
    added = directory_in(inline, notes, book.directory)
    directory = Directory(
        agencies={**book.directory.agencies, **added.agencies},
        groups={**book.directory.groups, **added.groups},
    )
    doubles = {id: names for id, names in book.doubles.items() if id not in added.agencies and id not in added.groups}
    return Book(directory=directory, findings=book.findings, doubles=doubles, torn=len(notes.slips) > told)


def _twice(directory: Directory) -> Told:
    """Agencies and groups share their ids."""
    for id in directory.groups:
        if id in directory.agencies:
            yield ("groups", id), Mistake("D074", word=id)


def _strangers(directory: Directory, base: Directory) -> Told:
    """Ids that an entry names and nobody has; only where a list is meant may they be a group's."""
    agencies = ChainMap(dict(directory.agencies), dict(base.agencies))
    groups = ChainMap(dict(directory.groups), dict(base.groups))
    named = _named(directory)
    yield from unknown([(loc, word) for loc, word, list_ in named if word not in agencies and not (list_ and word in groups)], directory)


def _named(directory: Directory) -> Iterator[tuple[Loc, str, bool]]:
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
