"""What a status file may speak of: papers by their number, agencies by what they are called, tasks by clause and agency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from sqlalchemy import Connection, text

from directives.language.words import match_form
from tasks.dropped_rows import Owed
from tasks.seals import Seals

from . import listing
from .rows import sql


class LedgerRegister:
    """Twin of `tasks.dropped_rows.Register` over one moment of the ledger; what was asked once is remembered."""

    def __init__(self, db: Connection, seals: Seals) -> None:
        self._db, self.seal = db, seals.read
        self._papers: dict[tuple[str, date | None], Sequence[int]] = {}
        self._clauses: dict[int, Sequence[str]] = {}

    def papers(self, number: str, on: date | None) -> Sequence[int]:
        """The issued papers of a number."""
        key = (number, on)
        if key not in self._papers:
            self._papers[key] = tuple(paper.id for paper in listing.numbered(self._db, number, on))
        return self._papers[key]

    def clauses(self, paper: int) -> Sequence[str]:
        """The clauses of a paper."""
        if paper not in self._clauses:
            self._clauses[paper] = tuple(self._db.execute(text("SELECT clause FROM duties WHERE directive = :d"), {"d": paper}).scalars())
        return self._clauses[paper]

    def agencies(self, word: str) -> Sequence[str]:
        """The codes of agencies that are called so; a code comes before a name."""
        return (word,) if word in self._codes else self._called.get(match_form(word), ())

    def tasks(self, paper: int, clause: str, agency: str) -> Sequence[Owed]:
        """The tasks of a clause that an agency answers for, open before closed, the newest term first."""
        rows = self._db.execute(text(_OWED), {"d": paper, "clause": clause, "agency": self._codes[agency]})
        return tuple(Owed(row.id, row.term, row.source or "") for row in rows)

    def since(self, task: int) -> int:
        """The event since which a task is as it is."""
        return int(self._db.execute(sql("SELECT since_seq FROM tasks WHERE id = :task"), {"task": task}).scalar_one())

    @cached_property
    def _codes(self) -> dict[str, int]:
        return {row.code: row.id for row in self._db.execute(text("SELECT id, code FROM agencies"))}

    @cached_property
    def _called(self) -> dict[str, tuple[str, ...]]:
        called: dict[str, tuple[str, ...]] = {}
        for row in self._db.execute(text("SELECT code, name, short FROM agencies ORDER BY code")):
            for name in {match_form(row.name), match_form(row.short)}:
                called[name] = (*called.get(name, ()), row.code)
        return called


_OWED = """
SELECT k.id, k.term, a.code AS source
  FROM tasks k JOIN duties u ON u.id = k.duty
  LEFT JOIN indicators i ON i.directive = k.directive AND i.indicator = u.indicator
  LEFT JOIN agencies a ON a.id = i.source
 WHERE k.directive = :d AND u.clause = :clause AND k.agency = :agency
 ORDER BY CASE WHEN k.closed_at IS NULL THEN 0 ELSE 1 END, k.term DESC, k.id"""
