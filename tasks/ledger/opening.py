"""Opening: an issue becomes rows, and its terms become tasks as they begin.

A second run finds everything and writes nothing; a run that was killed is finished by the next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, text, update

from directives.language import expansion
from directives.language.calendar import Calendar
from directives.language.expansion import Holder, Term
from directives.language.practice import Practice
from directives.language.shapes import Directive, Directory, Duty

from . import amending, annexes, chain, meeting, origins, roster, successions
from . import tables as t
from .assigning import first_letters
from .chain import Event
from .entering import ChangedPaperError, duties_of, enter
from .issued import Issued, directory, load, orders
from .rows import add, canonical, chunks, pairs
from .store import Store
from .terms import Begun
from .trying import persistent
from .types import seconds

__all__ = ["Begun", "ChangedPaperError", "Opened", "levels", "open_directive", "open_term", "open_terms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a run wrote: new tasks and new letters; both 0 the second time."""

    directive: int
    tasks: int
    letters: int


#: Hears how many tasks are open, and which share of the paper's duties is done.
Tell = Callable[[int, float], None]


@persistent
def open_directive(
    store: Store, directive: Directive, people: Directory, *,
    practice: Practice, calendar: Calendar, now: datetime, tell: Tell | None = None,
) -> Opened:
    """Issue a complete directive: enter it, open the terms that have begun, decide and queue the first letters.

    Each chunk is one transaction, letters are queued last: a kill in between leaves nothing sent, and the next run goes on.
    Raises ChangedPaperError where the number is issued with other words.
    """
    with store.write() as db:
        number, is_new = enter(db, directive, people, practice=practice, now=now)
        if is_new:
            amending.carry_out(db, number, directive, people, calendar=calendar, now=now)
    tasks = open_terms(store, number, calendar, now, tell)
    return Opened(directive=number, tasks=tasks, letters=first_letters(store, number, calendar, now))


def open_terms(store: Store, number: int, calendar: Calendar, now: datetime, tell: Tell | None = None) -> int:
    """Open every term of a directive that has begun by `now` and is not open yet; returns how many tasks are new.

    A milestone that an earlier figure meets is settled as it opens.
    """
    with store.read() as db:
        since = db.execute(select(t.directives.c.opens_at).where(t.directives.c.id == number)).scalar_one()
        if since is None or since > now:
            return 0  # a run that came to its end has opened everything before `since`
        issued, people = load(db, number, calendar), directory(db, number)
        duties, ids = duties_of(db, number), roster.codes(db)
    opened = 0
    later: list[datetime] = []
    ordered = list(orders(issued.directive))
    for place, duty in enumerate(ordered, start=1):
        known = list(_begun(duty, issued, since, now, later))
        held = list(levels(expansion.holders(duty, people, issued.directive.date or now.date()), ids)) if known else []
        for term, after in known:
            opened += open_term(store, Begun(issued, duties[duty.clause], duty, term, after), held, now)
        if tell:
            tell(opened, place / len(ordered))
    with store.write() as db:
        meeting.opened(db, issued, now)
        db.execute(update(t.directives).where(t.directives.c.id == number).values(opens_at=min(later, default=None)))
    return opened


_TASKS = """
INSERT INTO tasks (directive, duty, unit, agency, term, parent, due_at, original_due_at, wake_at, since_seq, told_at)
SELECT :directive, :duty, x.a, {agency}, :term, p.id, :due_at, :due_at, {wake_at}, :seq, {told_at}
  FROM {pairs} x LEFT JOIN tasks p ON p.duty = :duty AND p.unit = x.b AND p.term = :term
 WHERE true
    ON CONFLICT (duty, unit, term) DO NOTHING"""

#: Whose own target is only striven for never wakes; whose own is not does, whatever the paper's is.
_WAKE_AT = """
       CASE WHEN coalesce((SELECT o.climbs FROM own_targets o WHERE o.duty = :duty AND o.term = :term AND o.unit = x.a), :climbs)
            THEN CAST(:wake_at AS bigint) END"""

#: The lead of a later term has been told of it by the letter that named the duty.
_TOLD = "(SELECT n.sent_at FROM notices n WHERE n.key = 'assign:' || :directive || ':' || {agency} AND n.state = 'sent')"


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


def levels(holders: Iterable[Holder], ids: Mapping[str, int]) -> Iterator[list[tuple[int, int | None]]]:
    """Pairs (unit, parent) by depth: a parent's row stands before its children look for it."""
    depth: dict[str | None, int] = {None: -1}
    found: defaultdict[int, list[tuple[int, int | None]]] = defaultdict(list)
    for unit, parent in holders:
        depth[unit] = depth[parent] + 1
        found[depth[unit]].append((ids[unit], ids[parent] if parent else None))
    return (found[level] for level in sorted(found))


def open_term(store: Store, term: Begun, held: Iterable[list[tuple[int, int | None]]], now: datetime, why: Event | None = None) -> int:
    """Open a term for its holders by levels, `why` being the event where the issuer asked for it; returns how many tasks are new."""
    with store.write() as db:
        seq = _enter_term(db, term, why, now)
        own = term.due_at is not None and annexes.has_own(db, term.duty, term.term.key)
        agency = successions.answering(db, "x.a", ":duty")
    due_at, wake_at = (seconds(at) if at else None for at in (term.due_at, term.first_step(climbs=True) if own else term.wake_at))
    row = {"directive": term.issued.id, "duty": term.duty, "term": term.term.key, "seq": seq, "due_at": due_at, "wake_at": wake_at}
    told_at = _TOLD.format(agency=agency) if why is None and term.term.begins_at > term.issued.issued_at else "NULL"
    statement = _TASKS.format(pairs="{pairs}", agency=agency, told_at=told_at, wake_at=_WAKE_AT if own else ":wake_at")
    row |= {"climbs": term.climbs} if own else {}
    opened = 0
    for part in (part for level in held for part in chunks(level)):
        with store.write() as db:
            opened += db.execute(text(statement.format(pairs=pairs(db))), row | {"pairs": canonical(part)}).rowcount
    return opened


def _enter_term(db: Connection, term: Begun, why: Event | None, now: datetime) -> int:
    """The number of the event that opened the term; a second run finds the first one's, a second asking has its own."""
    known = db.execute(select(t.terms.c.seq).where(t.terms.c.duty == term.duty, t.terms.c.term == term.term.key)).scalar()
    if known is not None and why is None:
        return int(known)
    opened = Event(kind="opened", duty=term.duty, payload={"term": term.term.key})
    [(seq, _)] = chain.append(db, term.issued.id, now, why or opened)
    origins.keep(db, (term.duty, term.term.key), seq, term.issued.calendar, now)
    add(db, t.terms, [term.row | {"seq": seq}])
    annexes.give(db, term.issued, term.duty, term.said, term.term)
    return seq
