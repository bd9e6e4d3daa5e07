"""One row of a status file as a saying about a task that the ledger knows, or what is wrong in which of its cells; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from directives.language.dates import day_of
from directives.language.fields import paper_of
from directives.language.mistakes import Mistake
from directives.language.words import fold

from .sayings import Kind, Saying
from .seals import Seal

#: What a row may say of a task, as offices write it (folded).
STATES: Mapping[Kind, tuple[str, ...]] = {
    "done": ("xong", "da xong", "hoan thanh", "da hoan thanh", "done", "completed"),
    "progress": ("dang thuc hien", "dang lam", "tien do", "chua xong", "in progress", "progress"),
    "received": ("da tiep nhan", "tiep nhan", "da nhan", "received"),
    "extend": ("xin lui han", "lui han", "xin gia han", "gia han", "extend"),
    "return": ("khong thuoc tham quyen", "tra lai", "return"),
    "figure": ("so lieu", "bao so lieu", "figure"),
}

#: The columns of which one at least is filled in where a row that was handed out has an answer.
ANSWERS = ("state", "value", "numerator", "denominator", "until", "document", "note")

_KIND = {alias: kind for kind, aliases in STATES.items() for alias in aliases}
_COUNT = re.compile(r"\d{1,12}|\d{1,3}(?:[. ]\d{3}){1,3}")
_SHARE = re.compile(r"(\d{1,12}|\d{1,3}(?:\.\d{3}){1,3})(?:,(\d{1,6}))?\s*%?|(\d{1,3})\.(\d{1,6})\s*%?")


class Owed(NamedTuple):
    """A task that a row may be about; `source` types its figure, where that is not its own agency."""

    task: int
    term: str
    source: str


class Register(Protocol):
    """What the ledger knows of papers, agencies and tasks."""

    def papers(self, number: str, on: date | None) -> Sequence[int]:
        """The issued papers of a number."""

    def clauses(self, paper: int) -> Sequence[str]:
        """The clauses of a paper."""

    def agencies(self, word: str) -> Sequence[str]:
        """The codes of agencies that are called so: by code, name or short name."""

    def tasks(self, paper: int, clause: str, agency: str) -> Sequence[Owed]:
        """The tasks of a clause that an agency answers for, open before closed, the newest term first."""

    def seal(self, mark: str) -> Seal | None:
        """What the mark of a row that was handed out says; None for one that was not made here."""

    def since(self, task: int) -> int:
        """The event since which a task is as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row that can be read: its task, in whose name it speaks, what it says; `marked`: it bears the mark it was handed out with."""

    line: int
    task: int
    by: str
    saying: Saying
    name: str
    role: str
    marked: bool


@dataclass(slots=True)
class Sheet:
    """What was read of a file: its rows, and its mistakes by line with the name of the column."""

    rows: list[Row] = field(default_factory=list)
    troubles: list[tuple[int, str, Mistake]] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    """One row on its way to a saying about a task; `own` is the agency in whose name the whole file speaks, "" where each row names one."""

    found: Sheet
    line: int
    cells: Mapping[str, str]
    register: Register
    today: date
    own: str
    wrong: bool = False

    def keep(self, seen: dict[tuple[object, ...], int]) -> None:
        """Add the row, or what is wrong with it."""
        if not any(self._cell(word) for word in (ANSWERS if "seal" in self.cells else self.cells)):
            return
        saying, owed, agency = self._saying(), None, self._agency()
        if paper := self._paper():
            owed = self._task(paper, agency)
        if owed is not None and "seal" in self.cells:
            self._check_seal(owed)
        if self.wrong or saying is None or owed is None:
            return
        same = (owed.task, saying.kind, saying.on)
        if (first := seen.setdefault(same, self.line)) != self.line:
            self._tell("clause", Mistake("D192", line=str(first)))
            return
        names, marked = {word: self._cell(word)[:200] for word in ("name", "role")}, "seal" in self.cells
        by = self.own or (owed.source if saying.kind == "figure" and owed.source and not marked else agency)
        if marked and self.found.rows and self.found.rows[0].by != by:  # copied from another agency's workbook
            self._tell("agency", Mistake("D197"))
            return
        self.found.rows.append(Row(line=self.line, task=owed.task, by=by, saying=saying, marked=marked, **names))

    def _cell(self, word: str) -> str:
        return self.cells.get(word, "").strip()

    def _tell(self, column: str, mistake: Mistake) -> None:
        self.wrong = True
        self.found.troubles.append((self.line, column, mistake))

    def _read(self, word: str, read: Callable[[str], Any], code: str) -> Any:
        """The value of a cell, None where it is empty or means nothing."""
        typed = self._cell(word)
        try:
            return read(typed) if typed else None
        except ValueError:
            self._tell(word, Mistake(code, word=typed[:60]))
            return None

    def _paper(self) -> int:
        typed = self._cell("paper")
        try:
            basis = paper_of(typed)
            papers = self.register.papers(str(basis["number"]), _day(str(basis["date"])) if basis.get("date") else None)
        except ValueError:
            papers = ()
        if len(papers) != 1:
            self._tell("paper", Mistake("D186", word=typed[:60], n=str(len(papers))))
            return 0
        return papers[0]

    def _agency(self) -> str:
        typed = self._cell("agency")
        found = self.register.agencies(typed) if typed else (self.own,)
        if len(found) != 1:
            self._tell("agency", Mistake("D187", word=typed[:60]))
            return ""
        return found[0]

    def _task(self, paper: int, agency: str) -> Owed | None:
        clause, term = self._cell("clause"), self._cell("term")
        if clause not in self.register.clauses(paper):
            self._tell("clause", Mistake("D148", number=self._cell("paper"), word=clause[:60]))
            return None
        owed = self.register.tasks(paper, clause, agency) if agency else ()
        fit = [each for each in owed if not term or each.term in (term, str(_safe_day(term)))]
        if agency and not fit:
            self._tell("term" if term and owed else "agency", Mistake("D191", agency=agency, word=clause))
        return fit[0] if fit else None

    def _check_seal(self, owed: Owed) -> None:
        """A row that was handed out is of the task it was made for, and the task is as it was then."""
        seal = self.register.seal(self._cell("seal"))
        if seal is None or seal.task != owed.task:
            self._tell("seal", Mistake("D197"))
        elif seal.since != self.register.since(owed.task):
            self._tell("seal", Mistake("D198"))

    def _saying(self) -> Saying | None:
        value = self._read("value", _amount, "D189")
        counts = [self._read(word, _count, "D189") for word in ("numerator", "denominator")]
        typed = self._cell("state")
        kind = _KIND.get(fold(typed)) if typed else "figure" if value is not None or None not in counts else None
        if kind is None:
            self._tell("state", Mistake("D188", word=typed[:60]))
            return None
        on, until = self._read("on", _day, "D190"), self._read("until", _day, "D190")
        said = Saying(kind=kind, note=self._cell("note")[:4000], document=self._cell("document")[:200], until=until)
        if kind != "figure":
            return said
        if None not in counts and not 0 < counts[1] >= counts[0]:
            self._tell("denominator", Mistake("D189", word=f"{counts[0]}/{counts[1]}"))
        if value is None and None in counts:
            self._tell("value", Mistake("D189", word=""))
        figure = {"numerator": counts[0], "denominator": counts[1]} if None not in counts else {"value": value}
        return replace(said, on=on or self.today, **figure)


def _day(typed: str) -> date:
    return day_of(typed)


def _safe_day(typed: str) -> date | None:
    try:
        return day_of(typed)
    except ValueError:
        return None


def _count(typed: str) -> int:
    if not _COUNT.fullmatch(typed):
        raise ValueError(typed)
    return int(re.sub(r"\D", "", typed))


def _amount(typed: str) -> Decimal:
    found = _SHARE.fullmatch(typed)
    if not found:
        raise ValueError(typed)
    whole, part = (found[1], found[2]) if found[1] else (found[3], found[4])
    return Decimal(f"{whole.replace('.', '')}.{part or 0}")
