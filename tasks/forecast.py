"""What an issue sets going: who owes what by when, and every letter that leaves if nobody answers; the sweep's rules without a ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import islice, takewhile
from typing import Any, NamedTuple

from directives.language.calendar import DAY, Calendar, instant
from directives.language.directory import mail_of, places, resolve
from directives.language.expansion import Holder, Term, has_rhythm, is_asked_about, report_plans, terms
from directives.language.goals import own_targets
from directives.language.periods import add_months, rounds
from directives.language.practice import Practice
from directives.language.shapes import Directive, Directory, Duty, Target

from .audience import Crew, crews, hearers
from .ladder import Step, ask_rhythm, asks, near, saying, steps
from .postbag import Letter, Line, Postbag
from .starting import falling_short, hushed


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A duty with those who hold it and its terms that begin within the forecast; `own` are holders' own targets, by term."""

    duty: Duty
    crews: tuple[Crew, ...]
    terms: tuple[Term, ...]
    own: Mapping[str, Mapping[str, Target]] = field(default_factory=dict)

    @property
    def holders(self) -> list[Holder]:
        """All who hold it."""
        return [holder for crew in self.crews for holder in crew.holders]

    def to_json(self) -> dict[str, Any]:
        """Plain values with ISO dates; `lead` and `with` as written, a group by its id."""
        once = next((term for term in self.terms if not term.key), None)
        due = once.due if once else None
        counted = [term for term in self.terms if term.key and term.due]
        return {
            "clause": self.duty.clause,
            "force": self.duty.force,
            "text": self.duty.text,
            "lead": list(self.duty.lead),
            "with": list(self.duty.with_),
            "due": due.day.isoformat() if due else None,
            "last_working_day": due.last_working_day.isoformat() if due else None,
            "periods": [_period(no, term) for no, term in enumerate(counted, start=1)] if self.duty.every else [],
            "milestones": [] if self.duty.every else [_milestone(term) for term in counted],
            "standing": once is not None and due is None and is_asked_about(self.duty),
            "tasks": sum(len(crew.holders) for crew in self.crews) * len(self.terms),
            **({"own_targets": {term: {who: each.words for who, each in of.items()} for term, of in self.own.items()}} if self.own else {}),
        }


class Spoken(NamedTuple):
    """A step of a term's ladder, on the day on which it is said of a crew's tasks."""

    on: date
    crew: Crew
    term: Term
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The duties of a directive, its letters in the order in which they leave, and what the issuer should know before.

    `spoken` are the reminders and rungs behind the letters, `unreached` those who would have had a letter and have no address.
    """

    directive: Directive
    until: date
    duties: tuple[Owed, ...]
    letters: tuple[Letter, ...]
    warnings: tuple[str, ...]
    spoken: tuple[Spoken, ...] = ()
    unreached: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values with ISO dates."""
        return {
            "directive": self.directive.number,
            "duties": [owed.to_json() for owed in self.duties],
            "letters": [letter.to_json() for letter in self.letters],
            "warnings": list(self.warnings),
        }


def forecast(
    directive: Directive, directory: Directory, calendar: Calendar, practice: Practice, *, issued_at: datetime, until: date | None = None
) -> Forecast:
    """What happens if `directive` is issued at `issued_at` and nobody answers.

    A draft without a date counts from the day of `issued_at`. Without `until` it ends with the last rung of the last dated term,
    or one year after the issue where nothing is dated, a rhythm has no end, or every date has passed.
    """
    day = directive.date or issued_at.astimezone(practice.tz).date()
    own = calendar.within(places(directive.issuer, directory))
    issue = _Issue(directive.model_copy(update={"date": day, "directory": directory}), day, directory, own, practice, issued_at, calendar)
    ends = [end for duty in directive.duties if (end := issue.last_word(duty)) and end > issue.local(issued_at)]
    end = until or max(ends, default=issue.in_a_year)
    has_address = cache(lambda who: mail_of(who, directory) is not None)
    duties = tuple(issue.owed(duty, end, crews(duty, issue.directive, directory, has_address)) for duty in directive.duties)
    bag = Postbag(has_address)
    spoken: list[Spoken] = []
    for owed in duties:
        issue.tell(owed, bag)
        spoken += issue.urge(owed, end, bag)
    issue.report(end, bag)
    warnings = bag.warnings(lambda who: directory.agencies[who].short, practice.letters_a_week)
    return Forecast(
        directive=issue.directive, until=end, duties=duties, letters=bag.letters(), warnings=warnings, spoken=tuple(spoken),
        unreached=bag.unreached(),
    )


@dataclass(frozen=True, slots=True)
class _Issue:
    """A directive at its issue, with all that its future depends on."""

    directive: Directive
    day: date
    directory: Directory
    calendar: Calendar
    practice: Practice
    issued_at: datetime
    office: Calendar  # of who sends the letters; the other one is that of who issues the paper

    @property
    def told_at(self) -> datetime:
        """When the assignment letters leave."""
        return self.office.window(self.issued_at, self.practice, minutes=self.practice.recall)

    @property
    def in_a_year(self) -> date:
        """A year after the date of the paper, or after its issue where that is later."""
        return add_months(max(self.day, self.local(self.issued_at)), 12)

    def terms(self, duty: Duty) -> Iterator[Term]:
        return terms(duty, self.directive, self.calendar, self.practice)

    def owed(self, duty: Duty, end: date, held: tuple[Crew, ...]) -> Owed:
        closes = self.calendar.day_end(end, self.practice.tz)
        begun = tuple(takewhile(lambda term: term.begins_at <= closes, self.terms(duty)))
        who = {holder.unit for crew in held for holder in crew.holders} if self.directive.annex else ()
        own = {term.key: {unit: each for unit, each in own_targets(self.directive, duty, term).items() if unit in who} for term in begun}
        return Owed(duty=duty, crews=held, terms=begun, own={term: of for term, of in own.items() if of})

    def last_word(self, duty: Duty) -> date | None:
        """The day of the last rung of a duty's last dated term; a year on for a rhythm without an end; None where nothing is dated."""
        if has_rhythm(duty) and not (duty.until or self.directive.until):
            return self.in_a_year
        dated = [(term.due.at, term.due.day, term) for term in self.terms(duty) if term.due]
        if not dated:
            return None
        _, day, term = max(dated, key=lambda found: found[0])
        silent = term.target and term.target.soft and not own_targets(self.directive, duty, term)
        return max([day, *(self.local(step.at) for step in (() if silent else self.ladder(duty, term, None)))])

    def ladder(self, duty: Duty, term: Term, following: Term | None) -> Iterable[Step]:
        """The steps of a term: rungs around its date, rounds where it stands."""
        begins_at = max(term.begins_at, self.issued_at)
        if term.due is None and not is_asked_about(duty):
            return ()
        if term.due is None:
            rhythm, at_once = ask_rhythm(self.directive, self.practice), duty.due is not None and duty.due.form == "at once"
            return asks(rhythm, begins_at=begins_at, at_once=at_once, calendar=self.calendar, practice=self.practice)
        rungs = self.practice.ladder if self.directive.escalation is None else self.directive.escalation
        found = steps(
            rungs, due_at=term.due.at, begins_at=begins_at, next_due_at=following.due.at if following and following.due else None,
            calendar=self.calendar, practice=self.practice, measured=duty.is_measured,
        )
        return near(found) if duty.force == "ask" else found

    def tell(self, owed: Owed, bag: Postbag) -> None:
        """The assignment letters: to whoever holds the duty or takes part, with what has begun, else with what begins first."""
        begun = [term for term in owed.terms if term.begins_at <= self.issued_at] or list(islice(self.terms(owed.duty), 1))
        lines = [_line(owed.duty, term, "") for term in begun] or [Line(owed.duty.clause, "", "", None)]
        for crew in owed.crews:
            for line in lines:
                bag.put(self.local(self.told_at), "new", crew.readers, line)

    def urge(self, owed: Owed, end: date, bag: Postbag) -> Iterator[Spoken]:
        """Put the ladder of each term into the bag, and yield what it says.

        Of a duty with a rhythm only the first term speaks: nobody closes it, so the later ones keep silent.
        """
        speaking: Iterable[tuple[Term, Term | None]] = ((term, None) for term in owed.terms)
        if has_rhythm(owed.duty):
            first = list(islice(self.terms(owed.duty), 2))
            speaking = [(first[0], first[-1] if len(first) > 1 else None)] if owed.terms else []
        closes = self.calendar.day_end(end, self.practice.tz)
        for term, following in speaking:
            ladder = tuple(takewhile(lambda step: step.at <= closes, self.ladder(owed.duty, term, following)))
            hush = hushed(owed.duty, term, self.directive, owed.holders)
            short = falling_short(owed.duty, term, self.directive, owed.holders) if any(step.gap for step in ladder) else frozenset()
            for crew in filter(None, (each.without(hush) for each in owed.crews)):
                for day, step in self.spoken(ladder, crew.reached, closes):
                    if of := crew.without(crew.units - short) if step.gap else crew:
                        heard = hearers(step, of, self.directive, self.directory)
                        bag.put(day, "digest", heard.tasks, _line(owed.duty, term, step.words), near=heard.own)
                        yield Spoken(day, of, term, step)

    def spoken(self, ladder: Sequence[Step], told: bool, closes: datetime) -> Iterator[tuple[date, Step]]:
        """What is said of an unanswered task on which day: nobody above hears before the lead has been told and had his grace."""
        said, wake_at = 0, ladder[0].at if ladder else None
        while wake_at and wake_at <= closes:
            day, now = self.local(wake_at), saying(ladder, said=said, now=wake_at)
            step, wake_at = now.say, now.wake_at
            if step and step.climbs and not (told and self.has_grace(day)):
                step, wake_at = now.low, instant(self.office.next_working(day + DAY), self.practice.opens, self.practice.tz)
            if step:
                yield day, step
                said = step.no

    def has_grace(self, day: date) -> bool:
        """Whether a lead who was told at the issue has had his grace by the morning of `day`."""
        return self.told_at <= self.office.day_end(self.office.add_working(day, -self.practice.grace), self.practice.tz)

    def report(self, end: date, bag: Postbag) -> None:
        """The report rounds: one letter for each reader and day; what only changes others has nothing of its own to report."""
        if all(duty.force == "note" for duty in self.directive.duties):
            return
        closes = self.calendar.day_end(end, self.practice.tz)
        for plan in report_plans(self.directive, self.practice):
            readers = {who: 0 for word in plan.to for who in resolve(word, self.directive.issuer, self.directive, self.directory)}
            for at in takewhile(lambda at: at <= closes, rounds(plan.every, self.day, self.calendar, self.practice)):
                if at > self.issued_at:
                    bag.put(self.local(at), "report", readers)

    def local(self, at: datetime) -> date:
        return at.astimezone(self.practice.tz).date()


def _line(duty: Duty, term: Term, rung: str) -> Line:
    return Line(duty.clause, term.key, rung, term.due.day if term.due else None)


def _period(no: int, term: Term) -> dict[str, Any]:
    return {"no": no, "from": term.key, "due": term.due.day.isoformat() if term.due else None}


def _milestone(term: Term) -> dict[str, Any]:
    return {"on": term.key, "target": term.target.words if term.target else ""}
