"""Tasks as letters and pages show them: rows joined into `Work` values, in a handful of statements for any number of tasks."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection

from directives.language.calendar import Calendar
from directives.language.shapes import Directive, Target
from tasks.values import Paper, Party, Work

from . import asides, courses, dating, former, kin, presence
from .dating import LATER, Former, called
from .direct import ask
from .issued import directive_of, practice_of
from .latest import Latest, latest, named
from .roster import parties
from .rows import canonical, each, pairs
from .types import instant


class Upto(NamedTuple):
    """What of a directive had happened: events up to a number, letters and requests before an instant (seconds)."""

    seq: int
    at: int


#: All that has happened.
NOW = Upto(LATER, LATER)


def works(db: Connection, ids: Iterable[int], calendar: Calendar, *, reader: int | None = None, upto: Upto = NOW) -> dict[int, Work]:
    """The tasks as `reader` (an agency's row number) sees them: as their lead, or as one who takes part.

    `upto` gives them as they were; it is of one directive, so the tasks must be, too.
    """
    wanted = {"pairs": canonical([[i, 0] for i in ids]), "reader": reader if reader is not None else -1, **upto._asdict()}
    rows = ask(db, _WORKS.format(ids=pairs(db)), wanted)
    if not rows:
        return {}
    names, there = dating.then(db, upto.at), presence.beside(db, wanted)
    last = latest(db, wanted, names, there, measured=any(row.indicator for row in rows))
    people = parties(db, {row.agency for row in rows}, names)
    if "bonds" in there:
        rows = former.as_then(db, rows, wanted)
        last = last._replace(with_=named(former.part(db, wanted), names), marks=former.marks(db, wanted))
    duties = _Duties(names, calendar)
    found = {row.id: work_of(row, people[row.agency], last, duties.of(row)) for row in rows}
    return courses.beside(db, upto.seq, kin.beside(db, wanted, there, asides.beside(db, wanted, there, found)))


def papers(db: Connection, ids: Iterable[int], upto: Upto = NOW) -> dict[int, Paper]:
    """The directives as letters name them, by row number; `upto` with what had been done to them by then."""
    rows = ask(db, _PAPERS.format(ids=pairs(db)), {"pairs": canonical([[i, 0] for i in set(ids)])})
    bodies = {row.id: directive_of(row.body) for row in rows}
    codes = {id_: asked(directive) for id_, directive in bodies.items()}
    names = dating.then(db, upto.at)
    phones = _phones(db, {code for each in codes.values() for code in each}, names)
    ties = former.ties(db, list(bodies), upto.seq)
    return {
        row.id: Paper(
            id=row.id, number=row.number, issued_on=date.fromisoformat(row.issued_on), title=row.title,
            issuer=called(names, row.issuer, row.name),
            contact=_first(phones, codes[row.id]), zone=practice_of(row.practice).zone,
            urgency=bodies[row.id].urgency or "", ties=ties.get(row.id, ()),
        )
        for row in rows
    }


def contact(db: Connection, codes: Sequence[str]) -> str:
    """Whom to telephone: the first of these who has a number, "" where none has."""
    return _first(_phones(db, set(codes), {}), codes) if codes else ""


def _first(phones: Mapping[str, str], codes: Iterable[str]) -> str:
    return next((phones[code] for code in codes if code in phones), "")


def asked(directive: Directive) -> list[str]:
    """Whom to telephone, by code: the issuer, else the first reader of its reports who has a number."""
    return [directive.issuer, *(who for plan in directive.reports or () for who in plan.to)]


def _phones(db: Connection, codes: set[str], names: Mapping[int, Former]) -> dict[str, str]:
    rows = ask(db, _PHONES.format(codes=each(db, "codes")), {"codes": canonical(sorted(codes))})
    said = ((row.code, names.get(row.id, row)) for row in rows)
    return {code: f"{one.name}: {one.phone}" for code, one in said if one.phone is not None}


class _Duties:
    """What all who owe the same for the same term have in common: a nation's tasks say it in four ways or five."""

    def __init__(self, names: Mapping[int, Former], calendar: Calendar) -> None:
        self._names, self._calendar = names, calendar
        self._known: dict[tuple[Any, ...], Mapping[str, Any]] = {}

    def of(self, row: Any) -> Mapping[str, Any]:
        """The values that a task shares with others."""
        key = _SHARED(row)
        if key not in self._known:
            self._known[key] = {**shared(row, self._calendar), "figure_by": called(self._names, row.source, row.figure_by)}
        return self._known[key]


def shared(row: Any, calendar: Calendar) -> Mapping[str, Any]:
    """What a task's row says that all who owe the same for the same term have in common."""
    return {**_shared(_SHARED(row)), "last_working_day": _last_day(row, calendar)}


@lru_cache(maxsize=1024)
def _shared(said: tuple[Any, ...]) -> Mapping[str, Any]:
    row: Any = _Row(*said)
    return {
        "directive": row.directive, "clause": row.clause if row.printed else "", "text": row.text, "short": row.short,
        "force": row.force, "term": row.term, "due_at": _at(row.due_at), "due_words": _due_words(row),
        "evidence": row.evidence, "product": row.product, "code": bool(row.code),
        "target": Target.model_validate_json(row.target).words if row.target else "", "own": bool(row.own),
        "indicator": row.indicator, "indicator_name": row.indicator_name, "figure_by": row.figure_by,
    }


_COLUMNS = (
    "directive", "clause", "printed", "text", "short", "force", "term", "due_at", "original_due_at", "due_words", "clock_words",
    "last_working_day", "practice", "product", "evidence", "code", "target", "own", "indicator", "indicator_name", "source", "figure_by",
)
_SHARED = attrgetter(*_COLUMNS)
_Row = namedtuple("_Row", _COLUMNS)  # type: ignore[misc]  # mypy wants them written out


def work_of(row: Any, agency: Party, last: Latest, shared: Mapping[str, Any]) -> Work:
    """A task of its row, of what was said of it last, and of what it shares with others."""
    words, source, at = last.words.get(row.id, ("", "", None))
    value, on = last.figures.get(row.id, (None, None))
    moved = last.marks.dates.get(row.id, ("", ""))
    return Work(
        **shared, id=row.id, agency=agency, lead=row.id not in last.coordinated, state=row.state, told_at=_at(row.told_at),
        closed_at=_at(row.closed_at), due_before=moved[0], due_by=moved[1], urged=last.marks.urged.get(row.id, ()),
        figure=Decimal(value) if value is not None else None, figure_on=date.fromisoformat(on) if on else None,
        with_=last.with_.get(row.id, ()), last_words=words, last_source=source, last_words_at=_at(at),
        asks_until=date.fromisoformat(last.asks[row.id]) if row.id in last.asks else None,
    )


def _due_words(row: Any) -> str:
    """The paper's words for the date, or for why there is none; of a clock that has started, what it counts from."""
    if row.due_at is None:
        return str(row.due_words)
    return str(row.clock_words or row.due_words) if row.due_at == row.original_due_at else "gia hạn"


def _last_day(row: Any, calendar: Calendar) -> date | None:
    if row.due_at is None:
        return None
    if row.last_working_day and row.due_at == row.original_due_at:
        return date.fromisoformat(row.last_working_day)
    tz = practice_of(row.practice).tz
    return calendar.previous_working(instant(row.due_at).astimezone(tz).date())


def _at(seconds: int | None) -> Any:
    return None if seconds is None else instant(seconds)


_WORKS = """
SELECT k.id, k.directive, coalesce(h.agency, k.agency) AS agency, k.term, k.original_due_at, coalesce(h.state, k.state) AS state,
       CASE WHEN h.task IS NULL THEN k.due_at ELSE h.due_at END AS due_at,
       CASE WHEN h.task IS NULL THEN k.closed_at ELSE h.closed_at END AS closed_at,
       CASE WHEN k.told_at < :at THEN k.told_at END AS told_at,
       u.clause, u.printed, u.text, u.short, u.force, u.product, u.evidence, u.code, u.indicator, m.due_words,
       m.last_working_day, d.practice, coalesce(o.target, m.target) AS target, o.target IS NOT NULL AS own,
       coalesce(i.name, '') AS indicator_name, coalesce(s.name, '') AS figure_by, i.source, c.words AS clock_words
  FROM {ids} x
  JOIN tasks k ON k.id = x.a
  LEFT JOIN task_history h ON h.task = k.id AND h.from_seq <= :seq AND h.to_seq >= :seq
  JOIN duties u ON u.id = k.duty
  JOIN terms m ON m.duty = k.duty AND m.term = k.term
  LEFT JOIN own_targets o ON o.duty = k.duty AND o.term = k.term AND o.unit = k.unit
  JOIN directives d ON d.id = k.directive
  LEFT JOIN indicators i ON i.directive = k.directive AND i.indicator = u.indicator
  LEFT JOIN agencies s ON s.id = i.source
  LEFT JOIN clocks c ON c.duty = k.duty AND c.due_at = k.original_due_at"""

_PHONES = "SELECT id, code, name, phone FROM agencies WHERE code IN ({codes})"

_PAPERS = """
SELECT d.id, d.number, d.issued_on, d.title, d.practice, d.body, d.issuer, a.name
  FROM {ids} x JOIN directives d ON d.id = x.a JOIN agencies a ON a.id = d.issuer"""
