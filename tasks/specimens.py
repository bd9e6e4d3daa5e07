"""One letter of each kind that a forecast foresees, as a composer takes it: what readers will see before anything is issued; pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from directives.language.calendar import instant, written
from directives.language.directory import mail_of
from directives.language.expansion import Holder, Term
from directives.language.practice import Practice
from directives.language.shapes import Duty

from .audience import Crew, hearers
from .forecast import Forecast, Owed
from .letters import Item, Lane, Notice
from .postbag import Letter, Line
from .values import Paper, Party, Work

LANES: tuple[Lane, ...] = ("new", "digest", "escalation")
_MOST = 100  # tasks of a letter that is shown, where there is one with so few
_PAPER = 1  # in place of the row that the paper does not have yet


def specimens(made: Forecast, practice: Practice) -> Iterator[Notice]:
    """Yield the fullest letter of each kind that is not too long to be read; a report is made of answers, so there is none yet."""
    for lane in LANES:
        letters = [letter for letter in made.letters if letter.lane == lane]
        short = [letter for letter in letters if _length(letter) <= _MOST]
        if letters:
            yield _Desk(made, practice, max(short, key=_dated) if short else min(letters, key=_length)).notice()


def _length(letter: Letter) -> int:
    return sum(line.tasks for line in letter.items)


def _dated(letter: Letter) -> tuple[int, int]:
    """How many dated clauses it speaks of, then how many at all: the first of the fullest is shown."""
    return len({line.clause for line in letter.items if line.due}), len({line.clause for line in letter.items})


class _Desk(NamedTuple):
    """A letter about to be written."""

    made: Forecast
    practice: Practice
    letter: Letter

    @property
    def at(self) -> datetime:
        return instant(self.letter.on, self.practice.opens, self.practice.tz)

    def notice(self) -> Notice:
        first, paper = self.letter.lane == "new", self.paper()
        own, part = self.lines()
        opened = [(line, owed, term) for line, owed, term in own if term and not (first and self.is_later(term))]
        return Notice(
            id=LANES.index(self.letter.lane) + 1, key="", lane=self.letter.lane, recipient=self.party(self.letter.to), message_id="",
            date=self.at, paper=paper if first else None, papers={_PAPER: paper}, link="-----------",
            items=tuple(item for line, owed, term in opened for item in self.items(line, owed, term)),
            future=tuple(
                (_printed(owed.duty), owed.duty.text, self.begins(owed.duty, term))
                for _, owed, term in own if first and (term is None or self.is_later(term))
            ),
            part=tuple(dict.fromkeys((_printed(owed.duty), owed.duty.text) for owed in part)),
        )

    def lines(self) -> tuple[list[tuple[Line, Owed, Term | None]], list[Owed]]:
        """What a letter says, and of an assignment letter apart what its reader only takes part in."""
        told = [(line, *self.found(line)) for line in self.letter.items]
        if self.letter.lane != "new":
            return told, []
        own = [each for each in told if self.letter.to in _units(each[1])]
        return own, [owed for _, owed, _ in told if self.letter.to not in _units(owed)]

    def found(self, line: Line) -> tuple[Owed, Term | None]:
        owed = next(owed for owed in self.made.duties if owed.duty.clause == line.clause)
        return owed, next((term for term in owed.terms if term.key == line.term), None)

    def is_later(self, term: Term) -> bool:
        return term.begins_at.astimezone(self.practice.tz).date() > self.letter.on

    def begins(self, duty: Duty, term: Term | None) -> str:
        if term:
            return f"từ ngày {written(term.begins_at.astimezone(self.practice.tz).date())}"
        opened = {"on request": "khi có yêu cầu", "on event": "khi phát sinh"}
        return opened.get(duty.every.unit if duty.every else "", f"sau ngày {written(self.made.until)}")

    def items(self, line: Line, owed: Owed, term: Term) -> Iterator[Item]:
        held = ((crew, holder) for crew in owed.crews for holder in crew.holders if self.hears(line, crew, holder))
        for place, (crew, holder) in enumerate(islice(held, line.tasks), start=1):
            yield Item(work=self.work(place, owed.duty, crew, holder, term), rung=1 if line.rung else 0, rung_words=line.rung)

    def hears(self, line: Line, crew: Crew, holder: Holder) -> bool:
        """Whether the reader hears of a holder's task in a line."""
        if not line.rung:
            return holder.unit == self.letter.to
        made = self.made
        said = [s for s in made.spoken if s.crew.duty is crew.duty and s.on == self.letter.on and s.term.key == line.term]
        steps = [s.step for s in said if holder.unit in s.crew.units]
        return any(self.letter.to in hearers(step, crew.only(holder), made.directive, made.directive.directory).tasks for step in steps)

    def work(self, number: int, duty: Duty, crew: Crew, holder: Holder, term: Term) -> Work:
        indicator = self.made.directive.indicators.get(duty.target) if isinstance(duty.target, str) else None
        return Work(
            id=number, directive=_PAPER, clause=_printed(duty), text=duty.text, short=duty.short,
            force="ask" if duty.force == "ask" else "do", agency=self.party(holder.unit), lead=holder.unit == self.letter.to,
            term=term.key, due_at=term.due.at if term.due else None, due_words=term.due.words if term.due else "",
            last_working_day=term.due.last_working_day if term.due else None, state="open", told_at=None, closed_at=None,
            evidence=duty.evidence, target=term.target.words if term.target else "", indicator=indicator.id if indicator else "",
            indicator_name=indicator.name if indicator else "", figure=None, figure_on=None,
            with_=tuple(self.party(who).name for who in crew.partners.get(holder.unit, ())),
        )

    def party(self, who: str) -> Party:
        known = self.made.directive.directory
        agency = known.agencies[who]
        return Party(id=who, name=agency.name, short=agency.short, mail=mail_of(who, known), phone=agency.phone)

    def paper(self) -> Paper:
        directive = self.made.directive
        issuer = directive.directory.agencies[directive.issuer]
        return Paper(
            id=_PAPER, number=directive.number or "(chưa có số)", issued_on=directive.date or self.made.until, title=directive.title,
            issuer=issuer.name, contact=f"{issuer.name}: {issuer.phone}" if issuer.phone else "", zone=self.practice.zone,
        )


def _units(owed: Owed) -> set[str]:
    return {holder.unit for crew in owed.crews for holder in crew.holders}


def _printed(duty: Duty) -> str:
    return duty.clause if duty.printed else ""
