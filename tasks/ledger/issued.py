"""An issued directive read back from the ledger: the paper, its practice, and the ladder of each of its terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text
from sqlalchemy.exc import NoResultFound

from directives.language.calendar import Calendar
from directives.language.directory import places
from directives.language.expansion import is_asked_about
from directives.language.phrases import named
from directives.language.practice import Practice
from directives.language.shapes import Directive, Directory, Duty
from tasks import ladder
from tasks.ladder import Step

from . import tables as t
from .dating import LATER
from .direct import ask, one
from .types import instant, seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What the statements need to know of a directive that is under way."""

    id: int
    directive: Directive
    practice: Practice
    calendar: Calendar
    issued_at: datetime
    clocks: Mapping[tuple[str, int], datetime] = field(default_factory=dict)  # when the clock started that made a clause due then

    def duty(self, clause: str) -> Duty:
        """The duty of a clause. Raises StopIteration for a clause that the paper does not have."""
        return next(duty for duty in self.directive.duties if duty.clause == clause)

    def has(self, clause: str) -> bool:
        """Whether the paper in force still orders something in a clause."""
        return any(duty.clause == clause and duty.force != "note" for duty in self.directive.duties)

    def steps(
        self,
        *,
        begins_at: datetime,
        due_at: datetime | None,
        next_due_at: datetime | None = None,
        climbs: bool = True,
        at_once: bool = False,
        asked: bool = True,
        measured: bool = False,
        force: str = "do",
    ) -> Iterable[Step]:
        """The steps of a task: rungs around a date, or the rounds in which a task without one is asked for news, if it is.

        What was only requested (`ask`) is never said above whom it was asked of.
        """
        if due_at is None and not asked:
            return ()
        if due_at is None:
            rhythm = ladder.ask_rhythm(self.directive, self.practice)
            return ladder.asks(rhythm, begins_at=begins_at, at_once=at_once, calendar=self.calendar, practice=self.practice)
        if not climbs:
            return ()
        rungs = self.practice.ladder if self.directive.escalation is None else self.directive.escalation
        found = ladder.steps(
            rungs, due_at=due_at, begins_at=begins_at, next_due_at=next_due_at, calendar=self.calendar, practice=self.practice,
            measured=measured,
        )
        return ladder.near(found) if force == "ask" else found

    def steps_of(self, row: Row[Any]) -> Iterable[Step]:
        """The steps of a cohort's row: clause, begins_at, due_at, term_due_at, next_due_at (seconds) and climbs."""
        duty = self.duty(row.clause)
        started_at = self.clocks.get((row.clause, row.due_at))
        if started_at:
            return self.started(duty, instant(row.due_at), started_at, climbs=bool(row.climbs))
        # A task whose date was moved has outlived the rungs that its next term would have cut short.
        own = row.due_at == row.term_due_at
        return self.steps(
            begins_at=instant(row.begins_at), due_at=_at(row.due_at), next_due_at=_at(row.next_due_at) if own else None,
            climbs=bool(row.climbs), at_once=duty.due is not None and duty.due.form == "at once",
            asked=bool(row.term) or is_asked_about(duty), measured=duty.is_measured, force=duty.force,
        )

    def started(self, duty: Duty, due_at: datetime, started_at: datetime, *, climbs: bool = True) -> tuple[Step, ...]:
        """The steps of a task that has waited for a clause: first its lead hears that the clock runs, then the rungs that are left."""
        if not climbs:
            return ()
        at = self.calendar.window(started_at, self.practice)
        waited = named(duty.due.after, self.directive) if duty.due and duty.due.after else ""
        words = f"bắt đầu tính hạn: {waited} đã xong"
        rungs = self.steps(begins_at=at, due_at=due_at, measured=duty.is_measured, force=duty.force)
        return ladder.prefaced(rungs, at, words)


def load(db: Connection, directive: int, calendar: Calendar, at: datetime | None = None) -> Issued:
    """Read a directive back as in force now, or at an instant. Raises NoResultFound for a number that was never issued."""
    row = one(db, _ONE, {"id": directive, "at": LATER if at is None else seconds(at)})
    if row is None:
        raise NoResultFound
    issued = _issued(db, row, calendar, instant(row.issued_at))
    if row.in_force is not None:
        issued = replace(issued, directive=directive_of(row.in_force))
    if not any(duty.due and duty.due.after for duty in issued.directive.duties):
        return issued
    rows = ask(db, _CLOCKS, {"directive": directive})
    return replace(issued, clocks={(row.clause, row.due_at): instant(row.started_at) for row in rows})


#: With the last text that another paper put in force.
_ONE = """
SELECT d.id, d.body, d.practice, d.issued_at,
       (SELECT x.body FROM texts x WHERE x.directive = d.id AND x.at <= :at ORDER BY x.seq DESC LIMIT 1) AS in_force
  FROM directives d
 WHERE d.id = :id"""

_CLOCKS = """
SELECT u.clause, c.due_at, c.started_at
  FROM duties u JOIN clocks c ON c.duty = u.id
 WHERE u.directive = :directive"""


def ever(db: Connection, directive: int, calendar: Calendar) -> Issued:
    """A directive as in force, followed by the duties that it had once and has no more."""
    issued = load(db, directive, calendar)
    bodies = [db.execute(select(t.directives.c.body).where(t.directives.c.id == directive)).scalar_one()]
    bodies += db.execute(select(t.texts.c.body).where(t.texts.c.directive == directive).order_by(t.texts.c.seq)).scalars()
    once = {duty.clause: duty for body in bodies for duty in directive_of(body).duties}
    known = {duty.clause for duty in issued.directive.duties}
    gone = tuple(duty for clause, duty in once.items() if clause not in known)
    return replace(issued, directive=issued.directive.model_copy(update={"duties": (*issued.directive.duties, *gone)}))


def all_issued(db: Connection, calendar: Calendar, at: datetime) -> list[Issued]:
    """Every directive under way that had been issued by `at`."""
    d = t.directives.c
    rows = db.execute(_ISSUED.where(d.state == "issued", d.issued_at <= at).order_by(d.id))
    found = [_issued(db, row, calendar, row.issued_at) for row in rows.all()]
    texts = t.texts.c
    latest = db.execute(select(texts.directive, texts.body).where(texts.at <= at).order_by(texts.seq))
    changed = {row.directive: row.body for row in latest}
    ended = set(db.execute(text(_ENDED), {"at": seconds(at)}).scalars())
    return [
        replace(one, directive=directive_of(changed[one.id])) if one.id in changed else one for one in found if one.id not in ended
    ]


def keep_text(db: Connection, directive: int, event: tuple[int, datetime], body: str, roster: str | None) -> None:
    """Put a text in force from an event on; without a new roster the one before goes on."""
    before = roster or db.execute(_ROSTER, {"d": directive}).scalar_one()
    db.execute(insert(t.texts).values(directive=directive, seq=event[0], at=event[1], body=body, roster=before))


_ROSTER = text("""
SELECT coalesce((SELECT x.roster FROM texts x WHERE x.directive = d.id ORDER BY x.seq DESC LIMIT 1), d.roster)
  FROM directives d WHERE d.id = :d""")

_ENDED = "SELECT directive FROM bonds WHERE clause = '' AND kind IN ('replaced', 'withdrawn') AND at <= :at"


_ISSUED = select(t.directives.c.id, t.directives.c.body, t.directives.c.practice, t.directives.c.issued_at)


def _issued(db: Connection, row: Any, calendar: Calendar, issued_at: datetime) -> Issued:
    """A paper counts with its issuer's calendar, so that all whom it addresses have one date."""
    directive = directive_of(row.body)
    own = calendar.within(places(directive.issuer, directory(db, row.id))) if calendar.local else calendar
    return Issued(id=row.id, directive=directive, practice=practice_of(row.practice), calendar=own, issued_at=issued_at)


def orders(directive: Directive) -> tuple[Duty, ...]:
    """The duties that order something, in the order of the paper."""
    return tuple(duty for duty in directive.duties if duty.force != "note")


def directory(db: Connection, directive: int) -> Directory:
    """The directory as it stood when the directive was issued, with whom an amendment has brought in since."""
    query = select(t.rosters.c.body).where(t.rosters.c.hash == db.execute(_ROSTER, {"d": directive}).scalar_one())
    return _directory(db.execute(query).scalar_one())


@lru_cache(maxsize=2500)  # a page counts two thousand papers
def directive_of(body: str) -> Directive:
    """A directive from its row's JSON."""
    return Directive.model_validate_json(body)


@lru_cache(maxsize=4)  # a nation takes half a second to read, and an opening asks for it twice
def _directory(body: str) -> Directory:
    return Directory.model_validate_json(body)


@lru_cache(maxsize=16)
def practice_of(body: str) -> Practice:
    """An office's habits from a row's JSON."""
    return Practice.model_validate_json(body)


def _at(seconds: int | None) -> datetime | None:
    return None if seconds is None else instant(seconds)
