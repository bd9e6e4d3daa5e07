"""Which papers carry out which clauses and figures of their superiors: kept when the later of the two is issued, never in a circle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import takewhile

from sqlalchemy import Connection, insert, text

from directives.language import superiors
from directives.language.calendar import Calendar
from directives.language.expansion import Term, terms
from directives.language.shapes import Basis, Directive

from . import bonding
from . import tables as t
from .bonding import ENDED, StrangePaperError, cited
from .entering import duties_of
from .issued import load, orders
from .types import instant


class CircleError(StrangePaperError):
    """Two papers would each carry out the other, so that both would wait for ever."""

    def __init__(self, basis: Basis, number: str | None) -> None:
        super().__init__(basis)
        named = cited(basis.number, basis.date)
        self.args = (f"{named} đã ghi là thực hiện {number}: hai văn bản không thể cùng thực hiện lẫn nhau; bỏ under ở một trong hai",)


def keep(db: Connection, paper: int, directive: Directive) -> None:
    """Keep what a paper that is issued carries out, and which papers have named it already, as far as they are in the ledger.

    Raises CircleError.
    """
    for basis in {each.basis for each in superiors.carried_out(directive)}:
        target = bonding.find(db, basis, "", paper)
        if target is not None and _leads_back(db, target, directive):
            raise CircleError(basis, directive.number)
    _keep(db, paper, directive)
    for other in db.execute(text(_CITING), {"d": paper, "number": f'%"number":"{directive.number}"%'}).scalars().all():
        _keep(db, other, load(db, other, Calendar()).directive, only=paper)


def comes(db: Connection, task: int, calendar: Calendar) -> bool:
    """Whether anything is still to begin that a task of a superior's clause waits for."""
    rows = db.execute(text(f"SELECT * FROM ({CARRIED.format(tasks='tasks k')}) s WHERE s.task = :task AND s.opens_at IS NOT NULL"), {
        "task": task,
    })
    return any(
        term.begins_at >= instant(row.opens_at) and (not row.term or (term.due and row.begins_at <= term.due.at.timestamp() <= row.due_at))
        for row in rows.all()
        for term in _terms(db, row.paper, row.via, instant(row.due_at) if row.term else None, calendar)
    )


def _terms(db: Connection, paper: int, via: int, until: datetime | None, calendar: Calendar) -> Iterator[Term]:
    """The terms of a paper, or of one duty of it, that begin by an instant."""
    issued, duties = load(db, paper, calendar), duties_of(db, paper)
    for duty in orders(issued.directive):
        if via in (0, duties.get(duty.clause)):
            found = terms(duty, issued.directive, issued.calendar, issued.practice)
            yield from takewhile(lambda term: until is None or term.begins_at <= until, found)


def _keep(db: Connection, paper: int, directive: Directive, only: int | None = None) -> None:
    """Enter what a paper carries out (of one directive `only`), each clause and figure once: what all of it does, no duty does again."""
    duties, known = duties_of(db, paper), set[tuple[int, int, str, int]]()
    for clause, basis, _ in superiors.carried_out(directive):
        target, via = bonding.find(db, basis, "", paper), duties.get(clause, 0)
        if target is None or only not in (None, target) or (clause and not via):
            continue
        for duty, indicator in _carried_out(db, target, basis):
            if known.isdisjoint({(target, duty, indicator, each) for each in (0, via)}):
                known.add((target, duty, indicator, via))
                row = {"paper": paper, "directive": target, "duty": duty or None, "indicator": indicator, "via": via}
                db.execute(insert(t.derivations).values(row))


def _carried_out(db: Connection, target: int, basis: Basis) -> Iterator[tuple[int, str]]:
    """What a basis names, as (duty, figure): a figure, else a clause with its points."""
    if basis.indicator:
        yield 0, basis.indicator
    elif basis.clause:
        for duty in db.execute(text(_DUTIES), {"d": target, "clause": basis.clause}).scalars():
            yield duty, ""


def _leads_back(db: Connection, target: int, directive: Directive) -> bool:
    """Whether a paper, or one that it carries out in turn, says that it carries out this one."""
    seen: set[int] = set()
    ahead = [target]
    while ahead:
        number = ahead.pop()
        if number in seen:
            continue
        seen.add(number)
        above = load(db, number, Calendar()).directive
        if any(superiors.names(each.basis, directive) for each in superiors.carried_out(above)):
            return True
        ahead += db.execute(text("SELECT directive FROM derivations WHERE paper = :paper"), {"paper": number}).scalars()
    return False


_DUTIES = "SELECT id FROM duties WHERE directive = :d AND (clause = :clause OR substr(clause, 1, length(:clause) + 1) = :clause || '.')"

#: Papers under way that name a number somewhere; what they mean by it is read.
_CITING = "SELECT id FROM directives d WHERE d.state = 'issued' AND d.id <> :d AND d.body LIKE :number ORDER BY d.id"

#: A lead's own papers that are in force.
OWN = f"JOIN directives d ON d.id = v.paper AND d.issuer = {{agency}} AND d.state = 'issued' AND NOT EXISTS ({ENDED})"

#: Tasks (of `tasks`) that their lead has passed on by papers of its own, a period with its first and its due instant.
CARRIED = f"""
SELECT k.id AS task, k.term, d.id AS paper, v.via, d.opens_at, m.begins_at, m.due_at
  FROM {{tasks}}
  JOIN derivations v ON v.duty = k.duty
  JOIN duties u ON u.id = k.duty
  JOIN terms m ON m.duty = k.duty AND m.term = k.term AND (k.term = '' OR (u.recurring AND u.indicator = ''))
  {OWN.format(agency="k.agency")}"""

#: What counts below (`c`) for a task that was carried on (`s`): what has a date, or waits for one, since what stands is never done;
#: for a period what falls due in it.
COUNTS = """
       c.directive = s.paper AND (s.via = 0 OR c.duty = s.via)
   AND (c.due_at IS NOT NULL OR EXISTS (SELECT 1 FROM unasked w WHERE w.duty = c.duty AND w.waits_for IS NOT NULL))
   AND (s.term = '' OR EXISTS (
        SELECT 1 FROM terms p WHERE p.duty = c.duty AND p.term = c.term AND p.due_at BETWEEN s.begins_at AND s.due_at))"""
