"""What a paper would do to others: issued, looked at and taken back in one transaction, so that no plan can differ from the issue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Row, text

from directives.language import superiors
from directives.language.amendment import Difference, differences
from directives.language.calendar import Calendar
from directives.language.practice import Practice
from directives.language.shapes import Directive, Directory
from tasks.values import Paper

from . import amending, bonding
from .entering import enter
from .issued import Issued, load
from .store import Store
from .types import instant
from .works import papers

Kind = Literal["kept", "redated", "withdrawn", "opened", "urged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What becomes of one task. `agency` is a code; `kept` is work that is done and stays done."""

    kind: Kind
    clause: str
    agency: str
    name: str
    term: str
    before: datetime | None = None
    after: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What becomes of one issued paper. `told` are names by code of those who get a letter, `mute` of those who have no address."""

    kind: Literal["amended", "replaced", "urged"]
    paper: Paper
    differences: tuple[Difference, ...]
    fates: tuple[Fate, ...]
    told: dict[str, str]
    mute: dict[str, str]


class _Seen(Exception):  # noqa: N818 - a signal
    """Everything was looked at: nothing is kept."""

    def __init__(self, effects: tuple[Effect, ...]) -> None:
        self.effects = effects


class _Target(NamedTuple):
    """An older paper as it stands before."""

    kind: Literal["amended", "replaced", "urged"]
    id: int
    issued: Issued
    tasks: dict[int, Row[Any]]


def rehearse(
    store: Store, directive: Directive, people: Directory, *, practice: Practice, calendar: Calendar, now: datetime
) -> tuple[Effect, ...]:
    """What issuing a complete directive at `now` would do to issued papers; nothing where it names none, or is issued already.

    Raises StrangePaperError, CircleError, UnfitAmendmentError, as the issue would.
    """
    if not (directive.amends or directive.replaces or directive.urges or any(superiors.carried_out(directive))):
        return ()
    try:
        with store.write() as db:
            targets = list(_targets(db, directive, calendar))
            number, is_new = enter(db, directive, people, practice=practice, now=now)
            if is_new:
                amending.carry_out(db, number, directive, people, calendar=calendar, now=now)
            raise _Seen(tuple(_effect(db, each, number, directive, calendar) for each in targets if is_new))
    except _Seen as seen:
        return seen.effects


def told(effects: Iterable[Effect]) -> frozenset[str]:
    """Everyone who gets a letter of what becomes of older papers."""
    return frozenset(code for effect in effects for code in effect.told)


def _targets(db: Connection, directive: Directive, calendar: Calendar) -> Iterator[_Target]:
    kinds: tuple[tuple[Literal["amended", "replaced", "urged"], Any], ...] = (
        ("amended", directive.amends), ("replaced", directive.replaces), ("urged", directive.urges),
    )
    for kind, named in kinds:
        for basis in named:
            if found := bonding.find(db, basis, directive.issuer, 0):
                yield _Target(kind, found, load(db, found, calendar), _tasks(db, found))


def _effect(db: Connection, target: _Target, number: int, directive: Directive, calendar: Calendar) -> Effect:
    new = load(db, target.id, calendar)
    found = differences(target.issued.directive, new.directive, directive)
    heard = list(db.execute(text(_TOLD), {"paper": number, "d": target.id}))
    urged = {(row.clause, row.term, row.code) for row in heard if row.sign == "!"}
    return Effect(
        kind=target.kind, paper=papers(db, [target.id])[target.id], differences=found,
        fates=tuple(_fates(target.tasks, _tasks(db, target.id), {each.clause for each in found}, urged)),
        told={row.code: row.name for row in heard if row.mail_state != "none"},
        mute={row.code: row.name for row in heard if row.mail_state == "none"},
    )


def _fates(
    before: dict[int, Row[Any]], after: dict[int, Row[Any]], touched: set[str], urged: Iterable[tuple[str, str, str]]
) -> Iterator[Fate]:
    """What becomes of each task: of those that nothing happens to, only finished work of a clause that is touched is named."""
    for id_, new in after.items():
        old = before.get(id_)
        if kind := _fate(old, new, touched, (new.clause, new.term, new.code) in urged):
            yield Fate(
                kind=kind, clause=new.clause, agency=new.code, name=new.name, term=new.term,
                before=instant(old.due_at) if old and old.due_at else None, after=instant(new.due_at) if new.due_at else None,
            )


def _fate(old: Row[Any] | None, new: Row[Any], touched: set[str], is_urged: bool) -> Kind | None:
    if new.state == "void":
        return "withdrawn" if old and old.state != "void" else None
    if old is None or old.state == "void":
        return "opened"
    if old.due_at != new.due_at:
        return "redated"
    if new.state == "done" and new.clause in touched:
        return "kept"
    return "urged" if is_urged else None


def _tasks(db: Connection, directive: int) -> dict[int, Row[Any]]:
    return {row.id: row for row in db.execute(text(_TASKS), {"d": directive})}


_TASKS = """
SELECT k.id, u.clause, k.term, a.code, a.name, k.state, k.due_at
  FROM tasks k JOIN duties u ON u.id = k.duty JOIN agencies a ON a.id = k.agency
 WHERE k.directive = :d
 ORDER BY u.position, a.name, k.term, k.id"""

_TOLD = """
SELECT DISTINCT a.code, a.name, a.mail_state, c.sign, u.clause, c.term
  FROM changes c JOIN readers r ON r.change = c.id JOIN agencies a ON a.id = r.agency JOIN duties u ON u.id = c.duty
 WHERE c.paper = :paper AND c.directive = :d
 ORDER BY a.name"""
