"""What a changed duty's rows say from now on: words, terms, those who take part. What they said before is kept beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, text, update

from directives.language import expansion
from directives.language.amendment import TIME
from directives.language.shapes import Directive, Directory, Duty

from . import annexes, origins
from . import tables as t
from .entering import duty_row
from .issued import Issued, orders
from .rows import add, chunks
from .terms import Begun

Held = tuple[int, int | None]  # unit, the unit that passed it down


@dataclass(frozen=True, kw_only=True)
class Revision:
    """One clause as an event changes it: None where it orders nothing before, or afterwards. `ids` are row numbers by code."""

    db: Connection
    old: Issued
    new: Issued
    people: Directory
    ids: Mapping[str, int]
    duty: int
    before: Duty | None
    after: Duty | None
    seq: int
    at: datetime

    @property
    def is_retimed(self) -> bool:
        """Whether its terms may be others than before."""
        if self.before is None or self.after is None:
            return True
        words = (*TIME, "target")
        if any(getattr(self.before, word) != getattr(self.after, word) for word in words):
            return True
        aim = self.after.target
        if isinstance(aim, str) and self.old.directive.indicators.get(aim) != self.new.directive.indicators.get(aim):
            return True
        return self.old.directive.until != self.new.directive.until and expansion.has_rhythm(self.after)

    @property
    def changes_hands(self) -> bool:
        """Whether other agencies may hold it than before."""
        return self.before is None or self.after is None or (self.before.lead, self.before.cascade) != (self.after.lead, self.after.cascade)

    def holders(self, duty: Duty | None) -> list[Held]:
        """Who holds the duty, parents first."""
        if duty is None:
            return []
        found = expansion.holders(duty, self.people, self.new.directive.date or self.at.date())
        return [(self.ids[unit], self.ids[parent] if parent else None) for unit, parent in found]

    def has_later(self, issued: Issued, duty: Duty | None) -> bool:
        """Whether a term of the duty has not begun yet."""
        if duty is None:
            return False
        ahead = expansion.terms(duty, issued.directive, issued.calendar, issued.practice)
        return any(term.begins_at > self.at for term in ahead)


_KEEP_INDICATORS = """
INSERT INTO indicator_history (directive, indicator, to_seq, name, source)
SELECT directive, indicator, :seq - 1, name, source FROM indicators WHERE directive = :d AND :indicator IN ('', indicator)
    ON CONFLICT DO NOTHING"""

_KEEP = """
INSERT INTO duty_history (duty, to_seq, force, text, short, indicator, product, evidence)
SELECT id, :seq - 1, force, text, short, indicator, product, evidence FROM duties WHERE id = :duty"""


def known_terms(db: Connection, duty: int) -> dict[str, Row[Any]]:
    """The terms of a duty that have been opened, by key."""
    return {row.term: row for row in db.execute(select(t.terms).where(t.terms.c.duty == duty))}


def expected(of: Revision, known: Mapping[str, Row[Any]]) -> Iterator[Begun]:
    """Yield the terms that the duty has from now on: those that have begun, and those that are open already."""
    assert of.after is not None
    ahead = expansion.terms(of.after, of.new.directive, of.new.calendar, of.new.practice)
    term = next(ahead, None)
    while term and (term.begins_at <= of.at or term.key in known):
        following = next(ahead, None)
        yield Begun(of.new, of.duty, of.after, term, following)
        term = following


def is_asked_for(duty: Duty | None) -> bool:
    """Whether the issuer opens its terms, so that none follows from the paper."""
    return duty is not None and duty.every is not None and duty.every.unit == "on request"


def duty_rows(db: Connection, directive: int, new: Directive) -> dict[str, int]:
    """The duties' row numbers by clause; a clause that is new gets its row, behind the one that it follows in the paper."""
    d = t.duties.c
    rows = {row.clause: row for row in db.execute(select(d.clause, d.id, d.position).where(d.directive == directive))}
    known, place = {clause: row.id for clause, row in rows.items()}, 0
    for duty in orders(new):
        if duty.clause in known:
            place = rows[duty.clause].position
        else:
            values = duty_row(directive, place, duty)
            known[duty.clause] = int(db.execute(insert(t.duties).values(values).returning(d.id)).scalar_one())
    return known


def revise_words(of: Revision) -> None:
    """Write what the duty says now, and keep what it said; indicators that it is measured by come with it."""
    if of.after is None:
        return
    db, d = of.db, t.duties.c
    if of.before is not None or known_terms(db, of.duty):
        db.execute(text(_KEEP), {"duty": of.duty, "seq": of.seq})
    row = duty_row(of.new.id, 0, of.after)
    db.execute(update(t.duties).where(d.id == of.duty).values({word: row[word] for word in row if word not in ("directive", "position")}))
    db.execute(delete(t.unasked).where(t.unasked.c.duty == of.duty))
    if not expansion.is_asked_about(of.after):
        waits = of.after.due.after if of.after.due else None
        waits_for = db.execute(select(d.id).where(d.directive == of.new.id, d.clause == (waits or ""))).scalar()
        db.execute(insert(t.unasked).values(duty=of.duty, waits_for=waits_for))
    if isinstance(of.after.target, str):
        _revise_indicator(of, of.after.target)


def _revise_indicator(of: Revision, id_: str) -> None:
    found, i = of.new.directive.indicators[id_], t.indicators.c
    values = {"name": found.name, "source": of.ids[found.source] if found.source else None}
    keep_indicators(of.db, of.new.id, of.seq, id_)
    add(of.db, t.indicators, [{"directive": of.new.id, "indicator": id_, **values}])
    of.db.execute(update(t.indicators).where(i.directive == of.new.id, i.indicator == id_).values(values))


def keep_indicators(db: Connection, directive: int, seq: int, indicator: str = "") -> None:
    """Keep what an indicator, or each of them, was called and who typed it, before event `seq` changes it."""
    db.execute(text(_KEEP_INDICATORS), {"d": directive, "seq": seq, "indicator": indicator})


def revise_terms(of: Revision, known: Mapping[str, Row[Any]], terms: list[Begun]) -> set[str]:
    """Write what the terms say now, and keep what they said; returns those whose date is another."""
    moved = set()
    for begun in terms:
        new, row = begun.row, known.get(begun.term.key)
        if row is None:
            of.db.execute(insert(t.terms).values(new | {"seq": of.seq, "begins_at": max(begun.begins_at, of.at)}))
            annexes.give(of.db, of.new, of.duty, begun.said, begun.term)
        elif said := {word: value for word, value in new.items() if word != "begins_at" and getattr(row, word) != value}:
            kept = ("due_at", "due_words", "last_working_day", "target")
            if not said.keys().isdisjoint(kept):
                before = {word: getattr(row, word) for word in kept}
                of.db.execute(insert(t.term_history).values(duty=of.duty, term=row.term, to_seq=of.seq - 1, **before))
            of.db.execute(update(t.terms).where(t.terms.c.duty == of.duty, t.terms.c.term == row.term).values(said))
            moved |= {row.term} if "due_at" in said else set()
        if row is None or row.term in moved:
            origins.keep(of.db, (of.duty, begun.term.key), of.seq, of.new.calendar, of.at)
    return moved


def revise_part(of: Revision) -> None:
    """Write who takes part from now on; who came and who left is kept."""
    c = t.coordinators.c
    known = {(row.agency, row.lead) for row in of.db.execute(select(c.agency, c.lead).where(c.duty == of.duty))}
    wanted = set(_part(of)) if of.after else set()
    rows = [{"duty": of.duty, "agency": agency, "lead": lead} for agency, lead in wanted - known]
    for part in chunks(rows):
        add(of.db, t.coordinators, part)
    gone = known - wanted
    moved = [{"duty": of.duty, "agency": agency, "lead": lead, "seq": of.seq, "joined": int((agency, lead) in wanted)}
             for agency, lead in known ^ wanted]
    for part in chunks(moved):
        add(of.db, t.part_history, part)
    if gone:
        left = "DELETE FROM coordinators WHERE duty = :duty AND agency = :agency AND lead = :lead"
        of.db.execute(text(left), [{"duty": of.duty, "agency": agency, "lead": lead} for agency, lead in gone])


def _part(of: Revision) -> Iterator[tuple[int, int]]:
    assert of.after is not None
    on = of.new.directive.date or of.at.date()
    if of.after.with_:
        for holder in expansion.holders(of.after, of.people, on):
            if holder.parent is None:
                for agency in expansion.coordinators(of.after, holder.unit, of.people, on):
                    yield of.ids[agency], of.ids[holder.unit]
