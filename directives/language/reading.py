"""Directive files and directories as values, with every mistake of every file in its place; nothing else here opens files."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from .amendment import amended
from .annex import annex_of
from .books import Book, Library, book_of
from .calendar import Calendar
from .drafts import Beside, Papers
from .findings import Finding, by_line, sound
from .mistakes import Mark, Mistake, Notes
from .parsing import draft, parse
from .plain import SIZE, decoded, normal
from .rolls import roll_of
from .shapes import Basis, Directive
from .sheets import SIZE as LARGEST

__all__ = ["Reading", "directories", "parse", "read"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the directives that can be issued, all findings file by file, and the texts that those point into.

    A directive carries the rows of the annex that lies beside it.
    """

    directives: tuple[tuple[Path, Directive], ...]
    findings: tuple[Finding, ...]
    sources: Mapping[Path, str] = field(default_factory=dict, repr=False)
    silenced: int = 0

    def without(self, codes: Collection[str]) -> Reading:
        """The same reading, silent about warnings that are switched off; `silenced` says how many there were."""
        kept = tuple(found for found in self.findings if found.code not in codes)
        return replace(self, findings=kept, silenced=len(self.findings) - len(kept))


def read(paths: Sequence[Path], agencies: Path, calendar: Calendar | None = None) -> Reading:
    """Read directives, and of the folder `agencies` the directories that they name, or all where one names none.

    A path inside `agencies` is checked as a directory. With a `calendar`, due dates on days off are pointed out.
    """
    texts = _Texts()
    shelf = _Shelf(agencies, texts)
    library = Library(shelf)
    directives = {}
    findings: list[Finding] = []
    for path in paths:
        if path.parent.resolve() == agencies.resolve():
            name = next((name for name, known in shelf.paths.items() if known.name == path.name), None)
            findings += [] if name and library.among(name) else texts.of(path)[1]
            continue
        directive, found = _paper(path, texts, library, calendar)
        findings += found
        if directive is not None:
            directives[path] = directive
    return Reading(tuple(directives.items()), (*findings, *library.findings), texts.shown)


def directories(agencies: Path) -> Mapping[str, Book]:
    """Every directory of a folder, by the name that `agencies:` gives it."""
    return dict(_Shelf(agencies, _Texts()))


def _paper(path: Path, texts: _Texts, library: Library, calendar: Calendar | None) -> tuple[Directive | None, list[Finding]]:
    """A directive with its annex, that can be issued, and what was found in both."""
    text, found = texts.of(path)
    if text is None:
        return None, found
    directive, found, _ = draft(text, path, library, calendar, beside=_beside(path), papers=older(path, library))
    place = path.parent / (directive.figures or "" if directive else "")
    if directive is None or not place.is_file():
        return directive, found
    notes = Notes()
    rows, texts.shown[place] = annex_of(_bytes(place, LARGEST), place.name, directive, notes)
    told = by_line(place, notes)
    return directive.model_copy(update={"annex": rows}) if sound(told) else None, [*found, *told]


def office(agencies: Path) -> tuple[Library, Mapping[Path, str]]:
    """The office's directories, each read when it is asked for, and the texts that their findings point into."""
    texts = _Texts()
    return Library(_Shelf(agencies, texts)), texts.shown


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

    @cached_property
    def paths(self) -> Mapping[str, Path]:
        """Files by the name that `agencies:` gives them; a table beside a file of the same name keeps its ending."""
        named = {path.stem: path for path in sorted(self.folder.glob("*.yaml"))}
        tables = {path.name if path.stem in named else path.stem: path for path in self.folder.glob("*.csv")}
        return dict(sorted({**named, **tables}.items()))

    def __getitem__(self, name: str) -> Book:
        if name not in self.books:
            self.books[name] = self._book(self.paths[name])
        return self.books[name]

    def _book(self, path: Path) -> Book:
        if path.suffix == ".csv":
            return self._roll(path)
        text, found = self.texts.of(path)
        return Book(findings=tuple(found)) if text is None else book_of(text, path)

    def _roll(self, path: Path) -> Book:
        """A table, whose strangers the other files may know."""
        try:
            book, self.texts.shown[path] = roll_of(path.read_bytes(), path)
        except OSError:
            return Book(findings=tuple(self.texts.of(path)[1]))
        return book

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)


def _beside(path: Path) -> Beside:
    """The bytes of a file beside `path`, None where there is none."""

    def bytes_of(name: str) -> bytes | None:
        try:
            return _bytes(path.parent / name, SIZE)
        except OSError:
            return None

    return bytes_of


def _bytes(path: Path, most: int) -> bytes:
    """A file's bytes, one more than `most` of one that is larger."""
    with path.open("rb") as file:
        return file.read(most + 1)


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
