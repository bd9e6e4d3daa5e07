"""Opening: an issue becomes rows, and its terms become tasks as they begin.

A second run finds everything and writes nothing; a run that was killed is finished by the next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, text, update

from directives.language import expansion
from directives.language.calendar import Calendar, instant
from directives.language.directory import members
from directives.language.expansion import Holder, Term
from directives.language.practice import Practice
from directives.language.shapes import Directive, Directory, Duty

from . import chain, roster, settling
from . import tables as t
from .assigning import first_letters
from .chain import Event
from .issued import Issued, directory, load, orders
from .rows import add, canonical, chunks, digest, pairs
from .store import Store
from .types import seconds


class ChangedPaperError(Exception):
    """An issued directive is immutable paper."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"{number} đã ban hành và nội dung trong tệp đã khác. Văn bản đã ban hành không sửa được: "
            "hãy soạn văn bản sửa đổi với từ `amends:`."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a run wrote: new tasks and new letters; both 0 the second time."""

    directive: int
    tasks: int
    letters: int


def open_directive(
    store: Store, directive: Directive, people: Directory, *, practice: Practice, calendar: Calendar, now: datetime
) -> Opened:
    """Issue a complete directive: enter it, open the terms that have begun, decide and queue the first letters.

    Each chunk is one transaction, letters are queued last: a kill in between leaves nothing sent, and the next run goes on.
    Raises ChangedPaperError where the number is issued with other words.
    """
    with store.write() as db:
        number = enter(db, directive, people, practice=practice, now=now)
    tasks = open_terms(store, number, calendar, now)
    return Opened(directive=number, tasks=tasks, letters=first_letters(store, number, calendar, now))


def enter(db: Connection, directive: Directive, people: Directory, *, practice: Practice, now: datetime) -> int:
    """Write the directive, its duties and who takes part; returns its row number, the old one where it stands already."""
    if directive.number is None or directive.date is None:
        raise ValueError("a directive without number and date is a draft")
    ids = roster.enter(db, people)
    body = directive.model_dump_json(exclude={"directory"})
    d = t.directives.c
    key = (d.issuer == ids[directive.issuer], d.number == directive.number, d.issued_on == directive.date)
    if row := db.execute(select(d.id, d.hash).where(*key)).first():
        if row.hash != digest(body):
            raise ChangedPaperError(directive.number)
        return int(row.id)
    values = {
        "number": directive.number, "issuer": ids[directive.issuer], "issued_on": directive.date, "title": directive.title,
        "issued_at": now, "body": _frozen(directive, people), "hash": digest(body), "roster": roster.keep(db, people),
        "practice": practice.model_dump_json(), "opens_at": instant(directive.date, time(), practice.tz), "reports_at": now, "seq": 0,
    }
    number = int(db.execute(insert(t.directives).values(values).returning(d.id)).scalar_one())
    chain.append(db, number, now, Event(kind="issued", payload={"hash": digest(body)}))
    add(db, t.duties, [_duty(number, position, duty) for position, duty in enumerate(orders(directive))])
    add(db, t.indicators, [
        {"directive": number, "indicator": i.id, "name": i.name, "source": ids[i.source] if i.source else None}
        for i in directive.indicators.values()
    ])
    _take_part(db, number, directive, people, ids)
    return number


def open_terms(store: Store, number: int, calendar: Calendar, now: datetime) -> int:
    """Open every term of a directive that has begun by `now` and is not open yet; returns how many tasks are new.

    A milestone that an earlier figure meets is settled as it opens.
    """
    with store.read() as db:
        since = db.execute(select(t.directives.c.opens_at).where(t.directives.c.id == number)).scalar_one()
        if since is None or since > now:
            return 0  # a run that came to its end has opened everything before `since`
        issued, people = load(db, number, calendar), directory(db, number)
        duties, ids = _duties(db, number), roster.codes(db)
    opened = 0
    later: list[datetime] = []
    for duty in orders(issued.directive):
        known = list(_begun(duty, issued, since, now, later))
        held = list(_levels(expansion.holders(duty, people, issued.directive.date or now.date()), ids)) if known else []
        for term, after in known:
            opened += _open_term(store, _Term(issued, duties[duty.clause], duty, term, after), held, now)
    with store.write() as db:
        settling.opened(db, issued, now)
        db.execute(update(t.directives).where(t.directives.c.id == number).values(opens_at=min(later, default=None)))
    return opened


_TASKS = """
INSERT INTO tasks (directive, duty, unit, agency, term, parent, due_at, original_due_at, wake_at, since_seq, told_at)
SELECT :directive, :duty, x.a, x.a, :term, p.id, :due_at, :due_at, :wake_at, :seq, {told_at}
  FROM {pairs} x LEFT JOIN tasks p ON p.duty = :duty AND p.unit = x.b AND p.term = :term
 WHERE true
    ON CONFLICT (duty, unit, term) DO NOTHING"""


#: The lead of a later term has been told of it by the letter that named the duty.
_TOLD = "(SELECT n.sent_at FROM notices n WHERE n.key = 'assign:' || :directive || ':' || x.a AND n.state = 'sent')"


def _frozen(directive: Directive, people: Directory) -> str:
    """The directive as it is carried out: a group that hears a rung is its members on the day of issue."""
    on, rungs = directive.date, directive.escalation
    if rungs and on:
        rungs = tuple(rung.model_copy(update={"audience": tuple(_named(rung.audience, people, on))}) for rung in rungs)
    return directive.model_copy(update={"escalation": rungs}).model_dump_json(exclude={"directory"})


def _named(audience: Iterable[str], people: Directory, on: date) -> Iterator[str]:
    for word in audience:
        yield from members(word, people, on) if word in people.groups else (word,)


def _duty(number: int, position: int, duty: Duty) -> dict[str, Any]:
    return {
        "directive": number, "position": position, "clause": duty.clause, "printed": duty.printed, "force": duty.force,
        "text": duty.text, "short": duty.short, "indicator": duty.target if isinstance(duty.target, str) else "",
        "evidence": duty.evidence, "confirm": duty.confirm, "recurring": duty.every is not None,
    }


def _duties(db: Connection, number: int) -> dict[str, int]:
    rows = db.execute(select(t.duties.c.clause, t.duties.c.id).where(t.duties.c.directive == number))
    return {row.clause: row.id for row in rows}


def _take_part(db: Connection, number: int, directive: Directive, people: Directory, ids: dict[str, int]) -> None:
    duties, on = _duties(db, number), directive.date
    assert on is not None
    rows = (
        {"duty": duties[duty.clause], "agency": ids[agency], "lead": ids[holder.unit]}
        for duty in orders(directive) if duty.with_
        for holder in expansion.holders(duty, people, on) if holder.parent is None
        for agency in expansion.coordinators(duty, holder.unit, people, on)
    )
    for part in chunks(rows):
        add(db, t.coordinators, part)


def _begun(
    duty: Duty, issued: Issued, since: datetime, now: datetime, later: list[datetime]
) -> Iterator[tuple[Term, Term | None]]:
    """Terms that have begun from `since` on, each with the term after it; the first that has not goes to `later`."""
    def has_begun(term: Term) -> bool:
        if term.begins_at > now:
            later.append(term.begins_at)
        return term.begins_at <= now

    ahead = expansion.terms(duty, issued.directive, issued.calendar, issued.practice)
    term = next(ahead, None)
    while term and has_begun(term):
        after = next(ahead, None)
        if term.begins_at >= since:
            yield term, after
        term = after


def _levels(holders: Iterable[Holder], ids: dict[str, int]) -> Iterator[list[tuple[int, int | None]]]:
    """Pairs (unit, parent) by depth: a parent's row stands before its children look for it."""
    depth: dict[str | None, int] = {None: -1}
    levels: defaultdict[int, list[tuple[int, int | None]]] = defaultdict(list)
    for unit, parent in holders:
        depth[unit] = depth[parent] + 1
        levels[depth[unit]].append((ids[unit], ids[parent] if parent else None))
    return (levels[level] for level in sorted(levels))


class _Term(NamedTuple):
    """A term that has begun: of which duty, and what comes after it."""

    issued: Issued
    duty: int
    said: Duty
    term: Term
    after: Term | None

    @property
    def begins_at(self) -> datetime:
        """Nothing begins before the issue itself."""
        return max(self.term.begins_at, self.issued.issued_at)

    @property
    def due_at(self) -> datetime | None:
        return self.term.due.at if self.term.due else None

    @property
    def next_due_at(self) -> datetime | None:
        return self.after.due.at if self.after and self.after.due and self.said.every else None

    @property
    def climbs(self) -> bool:
        """What is only striven for is reported, not escalated."""
        return not (self.term.target and self.term.target.soft)

    @property
    def wake_at(self) -> datetime | None:
        """The first step of its ladder."""
        at_once = self.said.due is not None and self.said.due.form == "at once"
        ladder = self.issued.steps(
            begins_at=self.begins_at, due_at=self.due_at, next_due_at=self.next_due_at, climbs=self.climbs, at_once=at_once
        )
        return next((step.at for step in ladder), None)

    @property
    def row(self) -> dict[str, Any]:
        """The values that all its tasks share."""
        due = self.term.due
        return {
            "duty": self.duty, "term": self.term.key, "begins_at": self.begins_at, "due_at": self.due_at, "climbs": self.climbs,
            "due_words": due.words if due else "", "last_working_day": due.last_working_day if due else None,
            "target": self.term.target.model_dump_json() if self.term.target else "", "next_due_at": self.next_due_at,
        }


def _open_term(store: Store, term: _Term, levels: list[list[tuple[int, int | None]]], now: datetime) -> int:
    with store.write() as db:
        seq = _enter_term(db, term, now)
    due_at, wake_at = (seconds(at) if at else None for at in (term.due_at, term.wake_at))
    row = {"directive": term.issued.id, "duty": term.duty, "term": term.term.key, "seq": seq, "due_at": due_at, "wake_at": wake_at}
    told_at = _TOLD if term.term.begins_at > term.issued.issued_at else "NULL"
    opened = 0
    for part in (part for level in levels for part in chunks(level)):
        with store.write() as db:
            opened += db.execute(text(_TASKS.format(pairs=pairs(db), told_at=told_at)), row | {"pairs": canonical(part)}).rowcount
    return opened


def _enter_term(db: Connection, term: _Term, now: datetime) -> int:
    """The number of the event that opened the term; a second run finds the first one's."""
    seq = db.execute(select(t.terms.c.seq).where(t.terms.c.duty == term.duty, t.terms.c.term == term.term.key)).scalar()
    if seq is None:
        [(seq, _)] = chain.append(db, term.issued.id, now, Event(kind="opened", duty=term.duty, payload={"term": term.term.key}))
        db.execute(insert(t.terms).values(term.row | {"seq": seq}))
    return int(seq)
