"""Directive files and directories as values, with every mistake of every file in its place; nothing else here opens files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .books import Book, Library, book_of
from .calendar import Calendar
from .findings import Finding, finding
from .mistakes import Mark, Mistake, Notes
from .parsing import draft, parse
from .plain import SIZE, decoded, normal
from .shapes import Directive

__all__ = ["Reading", "parse", "read"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the directives that can be issued, all findings file by file, and the texts that those point into."""

    directives: tuple[tuple[Path, Directive], ...]
    findings: tuple[Finding, ...]
    sources: Mapping[Path, str] = field(default_factory=dict, repr=False)


def read(paths: Sequence[Path], agencies: Path, calendar: Calendar | None = None) -> Reading:
    """Read directives, and of the folder `agencies` the directories that they name, or all where one names none.

    A path inside `agencies` is checked as a directory. With a `calendar`, due dates on days off are pointed out.
    """
    shelf = _Shelf(agencies)
    library = Library(shelf)
    directives, findings = [], []
    for path in paths:
        if path.parent.resolve() == agencies.resolve():
            shelf.get(path.stem)
            continue
        text, found = shelf.text_of(path)
        directive = None
        if text is not None:
            directive, found, _ = draft(text, path, library, calendar, _beside(path))
        findings += found
        if directive is not None:
            directives.append((path, directive))
    findings += [found for book in shelf.books.values() for found in book.findings]
    return Reading(tuple(directives), tuple(findings), shelf.sources)


class _Shelf(Mapping[str, Book]):
    """The agencies folder, of which each directory is read when it is first asked for; and the texts of all files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.books: dict[str, Book] = {}
        self.sources: dict[Path, str] = {}

    def __getitem__(self, name: str) -> Book:
        if name not in self.books:
            path = self.folder / f"{name}.yaml"
            if name not in list(self):
                raise KeyError(name)
            self.books[name] = self._read(path)
        return self.books[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(path.stem for path in self.folder.glob("*.yaml")))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _read(self, path: Path) -> Book:
        text, findings = self.text_of(path)
        return Book(findings=tuple(findings)) if text is None else book_of(text, path)

    def text_of(self, path: Path) -> tuple[str | None, list[Finding]]:
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
                self.sources[path] = normal(data.decode("utf-8", "replace"))
        return text, [finding(path, *slip) for slip in notes.slips]


def _beside(path: Path) -> Callable[[str], bool]:
    """Whether a file of a name lies beside the file at `path`."""
    return lambda name: (path.parent / name).is_file()
