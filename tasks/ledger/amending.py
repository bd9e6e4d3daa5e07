"""What a paper does to others when it is issued, and an operator by hand: amend, replace, withdraw. One transaction each, tasks in sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, text

from directives.language.amendment import Difference, amended, differences, faults
from directives.language.calendar import Calendar
from directives.language.directory import members
from directives.language.mistakes import SENTENCES, Mistake
from directives.language.shapes import Basis, Change, Directive, Directory, Duty, Overall
from tasks.values import Said

from . import bonding, carrying, chain, meeting, retelling, roster, settling, unsaying, urging
from .chain import Event
from .echoing import HEARS
from .entering import duties_of, frozen
from .issued import Issued, directive_of, directory, keep_text, load, orders
from .redating import carry_over
from .reporting import next_round
from .retelling import Source
from .revising import Revision, duty_rows, revise_part, revise_words
from .rows import digest
from .store import Store
from .types import seconds

#: Words of the paper as a whole by which tasks are urged; changing any moves every ladder.
_LADDER = ("escalation", "reports", "until")


class UnfitAmendmentError(Exception):
    """What a paper would change of another cannot be carried out."""

    def __init__(self, number: str, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes
        said = (SENTENCES[each.code][0][0].format(**each.facts) for each in mistakes)
        super().__init__(f"không sửa được {number}: {'; '.join(said)}")


@dataclass(frozen=True, kw_only=True)
class Hand:
    """By whom something is done to a directive, and what for: a paper with its row and its name, or a person."""

    kind: str  # amended · replaced · withdrawn
    calendar: Calendar
    now: datetime
    paper: int | None = None
    name: str = ""
    person: int | None = None
    reason: str = ""


def carry_out(db: Connection, paper: int, directive: Directive, people: Directory, *, calendar: Calendar, now: datetime) -> None:
    """Do to other directives what a paper that has just been entered says. Raises StrangePaperError, CircleError, UnfitAmendmentError."""
    carrying.keep(db, paper, directive)
    by = Hand(kind="amended", calendar=calendar, now=now, paper=paper, name=bonding.named(directive))
    touched = {bonding.find(db, basis, directive.issuer, paper) for basis in (*directive.amends, *directive.replaces, *directive.urges)}
    _hold(db, *(target for target in touched if target))
    for basis in directive.amends:
        target = bonding.find(db, basis, directive.issuer, paper)
        if target:
            _amend(db, target, directive, people, by)
        elif directive.changes or directive.overall != Overall():
            raise bonding.StrangePaperError(basis)
    for basis in directive.replaces:
        if target := bonding.find(db, basis, directive.issuer, paper):
            _end(db, target, basis, replace(by, kind="replaced", reason=f"được thay thế bằng {by.name}"))
    for basis in directive.urges:
        if target := bonding.find(db, basis, directive.issuer, paper):
            named = {unit for word in directive.to for unit in members(word, people, directive.date or now.date())}
            urging.urge(db, load(db, target, calendar), basis.clause or "", named, paper=paper, name=by.name, now=now)


def withdraw(
    store: Store, directive: int, clause: str | None, *, reason: str, by: Said, calendar: Calendar, now: datetime
) -> int:
    """Withdraw a clause, or the whole directive: open work ends, done work stays; returns how many agencies are told.

    The letters leave after the recall window. A clause that is not there, or a directive that has ended: nothing, and 0.
    Raises UnfitAmendmentError for a clause that the paper does not have.
    """
    with store.write() as db:
        _hold(db, directive)
        if bonding.has_ended(db, directive):
            return 0
        hand = Hand(kind="withdrawn", calendar=calendar, now=now, person=chain.person(db, by), reason=reason)
        seq = _end(db, directive, Basis(number="", clause=clause), hand)
        practice = load(db, directive, calendar).practice
        leaves = calendar.window(now, practice, minutes=practice.recall)
        return db.execute(text(_LETTERS), {"d": directive, "seq": seq, "leaves": seconds(leaves)}).rowcount


def _hold(db: Connection, *directives: int) -> None:
    """Be alone with these directives and with the letters: first the directives, as everybody does who speaks of their tasks."""
    for directive in sorted(directives):
        chain.lock(db, directive)
    if directives:
        unsaying.hold(db)


def _end(db: Connection, target: int, basis: Basis, by: Hand) -> int:
    """End a clause, or the whole directive; returns the number of the event."""
    if basis.clause:
        changes = (Change(clause=basis.clause, drop=by.reason),)
        dropping = load(db, target, by.calendar).directive.model_copy(update={"changes": changes, "overall": Overall()})
        return _amend(db, target, dropping, Directory(), by)
    old, people, rows = load(db, target, by.calendar), directory(db, target), duties_of(db, target)
    found = [Difference(sign="-", clause=duty.clause, before=duty, reason=by.reason) for duty in orders(old.directive)]
    whole, *seqs = _events(db, old, old, found, rows=rows, by=by)
    ids = roster.codes(db)
    for each, (seq, at) in zip(found, seqs, strict=True):
        of = Revision(
            db=db, old=old, new=old, people=people, ids=ids, duty=rows[each.clause], before=each.before, after=None, seq=seq, at=at
        )
        _revise(of, Source(by.paper, whole[0]), each)
    db.execute(text("UPDATE directives SET opens_at = NULL WHERE id = :d"), {"d": target})
    bonding.bind(db, by.kind, target, paper=by.paper, seq=whole[0], at=whole[1], reason=by.reason)
    unsaying.unsay(db, target, whole[0])
    unsaying.end(db, target)
    return whole[0]


def _amend(db: Connection, target: int, paper: Directive, people: Directory, by: Hand) -> int:
    """Put the amended text in force and bring tasks and letters to it; returns the number of the event."""
    old, known = load(db, target, by.calendar), directory(db, target)
    if wrong := [mistake for _, mistake in faults(old.directive, paper)]:
        raise UnfitAmendmentError(bonding.named(old.directive), wrong)
    now_in_force = amended(old.directive.model_copy(update={"directory": known}), paper.model_copy(update={"directory": people}))
    joined = known if _covers(known, people) else now_in_force.directory
    body = frozen(now_in_force, joined)
    new = replace(old, directive=directive_of(body))
    rows = duty_rows(db, target, new.directive)
    found = [each for each in differences(old.directive, now_in_force, paper) if each.clause in rows]
    whole, *seqs = _events(db, old, new, found, rows=rows, by=by, hash=digest(body))
    keep_text(db, target, whole, body, roster.keep(db, joined) if joined is not known else None)
    done = {each.clause: (each, seq) for each, (seq, _) in zip(found, seqs, strict=True)}
    changes_ladder = any(getattr(old.directive, word) != getattr(new.directive, word) for word in _LADDER)
    ids = roster.codes(db)
    for clause, duty in rows.items():
        if clause in done or changes_ladder:
            each, seq = done.get(clause, (None, whole[0]))
            before, after = _order(old.directive, clause), _order(new.directive, clause)
            of = Revision(db=db, old=old, new=new, people=joined, ids=ids, duty=duty, before=before, after=after, seq=seq, at=whole[1])
            _revise(of, Source(by.paper, whole[0]), each or Difference(sign="~", clause=clause))
    _follow(db, old, new, whole[1])
    bonding.bind(db, by.kind, target, paper=by.paper, seq=whole[0], at=whole[1], clause=_one(paper, by), reason=by.reason)
    unsaying.unsay(db, target, whole[0])
    unsaying.renew(db, load(db, target, by.calendar), joined)
    return whole[0]


def _revise(of: Revision, source: Source, found: Difference) -> None:
    """One duty: its words, who takes part, its tasks, and what is told of it."""
    if of.before != of.after:
        revise_words(of)
    if of.before is None or of.after is None or of.changes_hands or of.before.with_ != of.after.with_:
        revise_part(of)
    dates = carry_over(of)
    retelling.tell(of, source, found, dates)
    settling.childless(of.db, of.new, of.duty, of.seq, of.at)


def _follow(db: Connection, old: Issued, new: Issued, at: datetime) -> None:
    """What follows for the directive as a whole: targets that are met already, when its next term and its next report come."""
    meeting.opened(db, new, at)
    db.execute(text("UPDATE directives SET opens_at = :now WHERE id = :d AND (opens_at IS NULL OR opens_at > :now)"), {
        "d": new.id, "now": seconds(at),
    })
    if old.directive.reports != new.directive.reports:
        ahead = next_round(new, at)
        db.execute(text("UPDATE directives SET reports_at = :at WHERE id = :d"), {"d": new.id, "at": seconds(ahead) if ahead else None})


def _events(
    db: Connection, old: Issued, new: Issued, found: list[Difference], *, rows: Mapping[str, int], by: Hand, **more: str
) -> list[tuple[int, datetime]]:
    """Number and instant of the event of the whole, then of each clause's."""
    cause = {"paper": by.name} if by.name else {}
    events = [Event(kind=by.kind, person=by.person, payload={**cause, "note": by.reason or by.name, **more})]
    for each in found:
        note = ": ".join(filter(None, (by.name, retelling.in_a_line(each, old, new))))
        events.append(Event(kind=by.kind, duty=rows[each.clause], person=by.person, payload={**cause, "note": note}))
    return chain.append(db, old.id, by.now, *events)


def _order(directive: Directive, clause: str) -> Duty | None:
    return next((duty for duty in orders(directive) if duty.clause == clause), None)


def _covers(known: Directory, added: Directory) -> bool:
    return added.agencies.keys() <= known.agencies.keys() and added.groups.keys() <= known.groups.keys()


def _one(paper: Directive, by: Hand) -> str:
    """The clause that was ended by hand or replaced; an amendment is about the paper."""
    return paper.changes[0].clause if by.kind != "amended" else ""


#: One letter for each agency that a withdrawal concerns.
_LETTERS = f"""
INSERT INTO notices (key, directive, recipient, lane, hint, not_before, state)
SELECT DISTINCT 'change:' || c.directive || ':' || c.seq || ':' || r.agency, c.directive, r.agency, 'new', CAST(c.seq AS text),
       CAST(:leaves AS bigint), 'queued'
  FROM changes c JOIN readers r ON r.change = c.id JOIN agencies a ON a.id = r.agency AND {HEARS}
 WHERE c.directive = :d AND c.seq = :seq
    ON CONFLICT (key) DO NOTHING"""
