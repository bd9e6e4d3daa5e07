"""From texts to directives: a directive with the directory it names, every mistake of both in its place; it opens no file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from . import succession, superiors
from .blanks import looked_through
from .books import Book, Library, book_of, extended
from .calendar import Calendar
from .checks import CHECKS, GROUP_CHECKS
from .drafts import Beside, Draft, Papers, check
from .findings import Finding, by_line, sound
from .forms import bounded, directive_form
from .growing import grow
from .lints import GROUP_LINTS, LINTS
from .mistakes import Enough, Mistake, Notes
from .plain import cleaned
from .shapes import Directive, Directory
from .shaping import shaped
from .tree import Block, Row, Text
from .vocabulary import entries
from .words import near


def parse(
    text: str, name: str, directories: Mapping[str, str | Directory], calendar: Calendar | None = None
) -> tuple[Directive | None, list[Finding]]:
    """A directive and the findings in it and in the directories, whose texts or values `directories` holds by name.

    None where an error keeps it from being issued. With a `calendar`, due dates on days off are pointed out.
    """
    books = {
        key: Book(directory=held) if isinstance(held, Directory) else book_of(held, Path(f"{key}.yaml"))
        for key, held in directories.items()
    }
    directive, findings, used = draft(text, Path(name), Library(books), calendar)
    return directive, [*findings, *used.findings]


def draft(
    text: str, path: Path, library: Library, calendar: Calendar | None, *, beside: Beside | None = None, papers: Papers | None = None
) -> tuple[Directive | None, list[Finding], Book]:
    """A directive, the findings of its own file by line, and the book that it names.

    `beside` gives the files that lie beside the directive, `papers` the papers before it; without them nobody looks.
    """
    notes = Notes()
    book = Book()
    directive = None
    try:
        tree = grow(cleaned(text, notes), notes)
        if tree is not None and "‹" in text:
            tree = looked_through(tree, notes)
        if tree is not None:
            book = _book(tree, library, notes)
            directive = _directive(tree, book, notes, _Sight(calendar, beside, papers))
    except Enough:
        pass  # the findings so far say enough
    findings = by_line(path, notes)
    return directive if book.is_sound and sound(findings) else None, findings, book


class _Sight(NamedTuple):
    """What checks may look at beside the file itself."""

    calendar: Calendar | None
    beside: Beside | None
    papers: Papers | None


def _directive(tree: Block, book: Book, notes: Notes, sight: _Sight) -> Directive | None:
    long = directive_form(tree, notes)
    shape = shaped(Directive, long, notes)
    if shape is None:
        return None
    directive = bounded(shape.model_copy(update={"directory": book.directory}))
    looked_at = Draft(directive=directive, tree=long, directory=book.directory, doubles=book.doubles, **sight._asdict())
    if not notes.has("D053", "D060"):  # without its directory every id would be unknown
        check(looked_at, CHECKS + succession.CHECKS + superiors.CHECKS, notes)
    if notes.has("D120", "D121"):
        return directive  # it is half written: nobody asks yet what it means
    if not directive.duties and notes.has("D030", "D032", "D037"):
        return directive  # what was meant as a duty could not be read as one
    check(looked_at, LINTS + succession.LINTS, notes)
    if book.is_sound and looked_at.is_resolved:
        check(looked_at, GROUP_CHECKS + GROUP_LINTS, notes)
    return directive


def _book(tree: Block, library: Library, notes: Notes) -> Book:
    """The directory of a directive: written inside it, one that it names, or all of the office's; its own groups are added."""
    named, book = tree.get("agencies"), Book()
    if isinstance(named, Text) and named in library.books:
        book = library.alone(named)
    elif isinstance(named, Text) and named:
        notes.tell(named.mark, _no_book(named, library))
    elif not isinstance(named, Block):
        book = library.whole
        if isinstance(named, Row):
            notes.tell(tree.key("agencies").mark, Mistake("D032", word="agencies", whole=""))
        if not library.books:
            notes.tell(tree.mark, Mistake("D053"))
    inline = Block(tree.mark)
    said = ((word, value) for word, value in entries(tree) if word in ("agencies", "groups") and not isinstance(value, Text))
    inline.update((word, value) for word, value in said if isinstance(value, Block) or word == "groups")
    return extended(book, inline, notes)


def _no_book(name: str, library: Library) -> Mistake:
    meant = near(name, library.books)
    return Mistake("D060", word=name[:60], known=", ".join(library.books), **({"near": meant} if meant else {}))
