"""What a plan promises, sealed: the files, directory, calendar, settings and papers that it rests on, and the letters that come of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from directives.language.amendment import said
from directives.language.calendar import Calendar, instant
from directives.language.shapes import Directive
from tasks.forecast import forecast
from tasks.ledger import sealing
from tasks.ledger.rehearsal import rehearse, told
from tasks.ledger.rows import canonical, digest
from tasks.ledger.store import Store
from tasks.sums import sums

from .settings import Settings

#: What is said of each part that is not as it was planned.
CHANGED = {
    "file": "tệp {what} đã đổi",
    "directory": "danh bạ đã đổi",
    "calendar": "lịch nghỉ đã đổi",
    "settings": "cài đặt {what} đã đổi",
    "ledger": "trong sổ, {what} đã khác",
    "letters": "chương trình tính ra những thư khác",
}


class Broken(NamedTuple):
    """A part of a promise that does not hold any more, and what of it."""

    part: Literal["file", "directory", "calendar", "settings", "ledger", "letters"]
    what: str

    @property
    def words(self) -> str:
        """The sentence in Vietnamese."""
        return CHANGED[self.part].format(what=self.what)


class BrokenPlanError(Exception):
    """Something that a plan rests on has changed since."""

    def __init__(self, broken: tuple[Broken, ...]) -> None:
        super().__init__(f"khác với kế hoạch: {'; '.join(each.words for each in broken)}. Xem lại bằng `dondoc plan`.")
        self.broken = broken


class Promise(BaseModel):
    """A sealed plan. `file` is a path from the project's folder; `as_of` is the day whose morning the issue was planned for.

    `files`, `directory`, `calendar`, `papers` and `letters` are hashes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: Literal["1"] = "1"
    directive: str
    issued_on: date
    issuer: str
    title: str
    file: str
    as_of: date
    totals: dict[str, int]
    files: dict[str, str]
    directory: str
    calendar: str
    settings: dict[str, str]
    papers: dict[str, str]
    unreachable: tuple[str, ...]
    letters: str

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The plan that a text holds; None where it holds none."""
        try:
            return cls.model_validate_json(text)
        except ValidationError:
            return None

    @property
    def text(self) -> str:
        """The plan as it rests in a file."""
        return f"{self.model_dump_json(indent=2)}\n"

    @property
    def hash(self) -> str:
        """What it promises, whenever it was made."""
        return digest(self.model_dump_json(exclude={"as_of", "letters", "totals"}))


def promised(
    directive: Directive, path: Path, *, settings: Settings, calendar: Calendar, store: Store | None, as_of: date
) -> Promise:
    """What issuing a complete directive of the file at `path` on the morning of `as_of` rests on, and what comes of it.

    Raises StrangePaperError, UnfitAmendmentError where it cannot be issued.
    """
    if directive.number is None or directive.date is None:
        raise ValueError("a directive without number and date is a draft")
    practice = settings.practice
    issued_at = instant(as_of, practice.opens, practice.tz)
    made = forecast(directive, directive.directory, calendar, practice, issued_at=issued_at)
    papers, unreachable = _ledger(directive, store)
    effects = rehearse(store, directive, directive.directory, practice=practice, calendar=calendar, now=issued_at) if store else ()
    return Promise(
        directive=directive.number, issued_on=directive.date, issuer=directive.issuer, title=directive.title,
        file=_within(path.resolve(), settings.home.resolve()), as_of=as_of, totals=sums(made, issued_at, told(effects))._asdict(),
        files=dict(_files(directive, path)), directory=digest(canonical(directive.directory.model_dump(mode="json"))),
        calendar=digest(canonical([_days(calendar.off), _days(calendar.work)])),
        settings={name: said(getattr(practice, name)) for name in type(practice).model_fields},
        papers=papers, unreachable=unreachable, letters=digest(canonical([letter.to_json() for letter in made.letters])),
    )


def broken(old: Promise, new: Promise) -> tuple[Broken, ...]:
    """What does not hold any more of `old`, as `new` shows; letters only where nothing else explains them."""
    found = tuple(_broken(old, new))
    other = (old.letters, old.totals) != (new.letters, new.totals)
    return found or ((Broken("letters", ""),) if other else ())


def _broken(old: Promise, new: Promise) -> Iterator[Broken]:
    yield from (Broken("file", name) for name in _unlike(old.files, new.files))
    if old.directory != new.directory:
        yield Broken("directory", "")
    if old.calendar != new.calendar:
        yield Broken("calendar", "")
    for name in _unlike(old.settings, new.settings):
        yield Broken("settings", f"{name} ({old.settings.get(name, '')} → {new.settings.get(name, '')})")
    yield from (Broken("ledger", name) for name in _unlike(old.papers, new.papers))
    if old.unreachable != new.unreachable:
        yield Broken("ledger", ", ".join(sorted(set(old.unreachable) ^ set(new.unreachable))))


def _unlike(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    return [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]


def _files(directive: Directive, path: Path) -> Iterator[tuple[str, str]]:
    """The directive's file and those beside it that it names, by their bytes."""
    yield path.name, _hash(path)
    for name in (directive.figures, directive.source, *directive.files):
        if name:
            yield name, _hash(path.parent / name)


def _within(path: Path, home: Path) -> str:
    return str(path.relative_to(home) if path.is_relative_to(home) else path)


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _days(days: Mapping[date, str]) -> list[str]:
    return sorted(map(str, days))


def _ledger(directive: Directive, store: Store | None) -> tuple[dict[str, str], tuple[str, ...]]:
    if store is None:
        return {}, ()
    with store.read() as db:
        return sealing.papers(db, directive), sealing.unreachable(db, directive.directory.agencies)
