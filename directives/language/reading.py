"""Directive files and directories as values, with every mistake of every file in its place; nothing else here opens files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from .amendment import amended
from .annex import Reported, annex_of
from .books import Book, Library, book_of
from .calendar import Calendar
from .drafts import Beside, Papers
from .findings import Finding, by_line, sound
from .mistakes import Mark, Mistake, Notes
from .parsing import draft, parse
from .plain import SIZE, decoded, normal
from .shapes import Basis, Directive

__all__ = ["Reading", "parse", "read"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the directives that can be issued, all findings file by file, and the texts that those point into.

    `annexes` are the figures that lie beside a directive, by its path.
    """

    directives: tuple[tuple[Path, Directive], ...]
    findings: tuple[Finding, ...]
    sources: Mapping[Path, str] = field(default_factory=dict, repr=False)
    annexes: Mapping[Path, tuple[Reported, ...]] = field(default_factory=dict, repr=False)


def read(paths: Sequence[Path], agencies: Path, calendar: Calendar | None = None) -> Reading:
    """Read directives, and of the folder `agencies` the directories that they name, or all where one names none.

    A path inside `agencies` is checked as a directory. With a `calendar`, due dates on days off are pointed out.
    """
    texts = _Texts()
    shelf = _Shelf(agencies, texts)
    library = Library(shelf)
    directives, annexes = {}, {}
    findings: list[Finding] = []
    for path in paths:
        if path.parent.resolve() == agencies.resolve():
            findings += [] if path.stem in shelf and library.among(path.stem) else texts.of(path)[1]
            continue
        directive, rows, found = _paper(path, texts, library, calendar)
        findings += found
        if directive is not None:
            directives[path], annexes[path] = directive, rows
    return Reading(tuple(directives.items()), (*findings, *library.findings), texts.shown, annexes)


def _paper(
    path: Path, texts: _Texts, library: Library, calendar: Calendar | None
) -> tuple[Directive | None, tuple[Reported, ...], list[Finding]]:
    """A directive that can be issued, its annex, and what was found in both."""
    text, found = texts.of(path)
    if text is None:
        return None, (), found
    directive, found, _ = draft(text, path, library, calendar, beside=_beside(path), papers=older(path, library))
    name = directive.figures if directive else None
    place = path.parent / (name or "")
    if directive is None or not place.name.endswith(".csv") or not place.is_file():
        return directive, (), found
    text, told = texts.of(place)
    notes = Notes()
    rows = annex_of(text, directive, notes) if text is not None else ()
    told += by_line(place, notes)
    return directive if sound(told) else None, rows, [*found, *told]


class _Texts:
    """Opens files, and keeps what they show."""

    def __init__(self) -> None:
        self.shown: dict[Path, str] = {}

    def of(self, path: Path) -> tuple[str | None, list[Finding]]:
        """The text of a file, or the finding that says why it has none."""
        notes = Notes()
        text = None
        try:
            with path.open("rb") as file:
                data = file.read(SIZE + 1)
        except OSError as error:
            notes.tell(Mark(1, 1, 2), Mistake("D006", why=error.strerror or str(error)))
        else:
            text = decoded(data, notes)
            if text is not None or notes.has("D003"):
                self.shown[path] = normal(data.decode("utf-8", "replace"))
        return text, by_line(path, notes)


class _Shelf(Mapping[str, Book]):
    """The agencies folder, of which each directory is read when it is first asked for."""

    def __init__(self, folder: Path, texts: _Texts) -> None:
        self.folder, self.texts = folder, texts
        self.books: dict[str, Book] = {}

    def __getitem__(self, name: str) -> Book:
        if name not in self.books:
            path = next((path for path in self.folder.glob("*.yaml") if path.stem == name), None)
            if path is None:
                raise KeyError(name)
            text, found = self.texts.of(path)
            self.books[name] = Book(findings=tuple(found)) if text is None else book_of(text, path)
        return self.books[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(path.stem for path in self.folder.glob("*.yaml")))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _beside(path: Path) -> Beside:
    """The bytes of a file beside `path`, None where there is none."""

    def bytes_of(name: str) -> bytes | None:
        try:
            with (path.parent / name).open("rb") as file:
                return file.read(SIZE + 1)
        except OSError:
            return None

    return bytes_of


def older(path: Path, library: Library) -> Papers:
    """The sound papers beside the directive at `path`, each with the amendments that were issued before a day."""

    def paper(basis: Basis, before: date) -> Directive | None:
        found = [each for other in sorted(path.parent.glob("*.yaml")) if other != path and (each := _named(other, basis, library))]
        old = next((each for each in found if each.number == basis.number and basis.date in (None, each.date)), None)
        later = [each for each in found if old and each.date and each.date < before and any(_is(old, amends) for amends in each.amends)]
        for each in sorted(later, key=lambda each: each.date or date.max):
            old = amended(old, each) if old else None
        return old

    return paper


def _is(old: Directive, basis: Basis) -> bool:
    return basis.number == old.number and basis.date in (None, old.date)


def _named(path: Path, basis: Basis, library: Library) -> Directive | None:
    """The directive of a file that names the number."""
    text, _ = _Texts().of(path)
    return draft(text, path, library, None)[0] if text is not None and basis.number in text else None
