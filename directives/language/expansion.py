"""Who owes what by when: a directive, its directory and a calendar become terms, holders and assignments; pure."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from .calendar import Calendar, instant, written
from .directory import roster
from .periods import after, cutoff_words, due_day, instant_of, periods, rhythm_words, span_words
from .phrases import days_words, named
from .phrases import due_words as due_words  # noqa: PLC0414 - its old place is known
from .practice import Practice
from .shapes import Directive, Directory, Due, Duty, Milestone, ReportPlan, Target

MIDNIGHT = time()
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A computed end: the instant (aware, UTC), its day in the directive's zone, the last working day, the paper's own words."""

    at: datetime
    day: date
    last_working_day: date
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What is counted: "" for a one-off duty, else the first day of a period, the day of a milestone or of the asking (ISO).

    A period that begins on the day of a milestone of the same duty is keyed by that day and a letter. `words` say why there is no date,
    where the paper says it.
    """

    key: str
    begins_at: datetime
    due: Deadline | None
    target: Target | None = None
    words: str = ""


class Holder(NamedTuple):
    """An agency in whose name a duty is owed; `parent` is the lead that cascaded it down, None at the top."""

    unit: str
    parent: str | None


class _Paper(NamedTuple):
    """What the terms of every duty of a directive are counted with."""

    directive: Directive
    issued: date
    calendar: Calendar
    practice: Practice

    def starts(self, day: date | None) -> datetime:
        """The first instant of a day, or of the date of issue where the day is earlier or not named."""
        return instant(max(day or self.issued, self.issued), MIDNIGHT, self.practice.tz)

    def ends(self, day: date, hour: time | None, words: str) -> Deadline:
        return _deadline(day, hour, words, self.calendar, self.practice)


def terms(duty: Duty, directive: Directive, calendar: Calendar, practice: Practice) -> Iterator[Term]:
    """Yield the terms of a duty in the order in which they begin; endless where the paper gives a rhythm and no end.

    A clause that orders nothing has none, a duty on request none until the issuer asks; one on event stands open from the first.
    Raises ValueError where the directive has no date yet: nothing can be counted from it.
    """
    if directive.date is None:
        raise ValueError("a directive without a date has no terms")
    if duty.force == "note":
        return
    paper = _Paper(directive, directive.date, calendar, practice)
    yield from heapq.merge(_one_off(duty, paper), _beside(duty, paper), _staged(duty, paper), key=lambda term: term.begins_at)


def holders(duty: Duty, directory: Directory, on: date) -> Iterator[Holder]:
    """Yield each agency that holds the duty, parents before their children, each once."""
    people = roster(directory, on)
    level = [Holder(unit, None) for unit in dict.fromkeys(unit for word in duty.lead for unit in people.members(word))]
    seen = {holder.unit for holder in level}
    yield from level
    for groups in duty.cascade:
        below = []
        for parent, _ in level:
            for unit in dict.fromkeys(unit for word in groups for unit in people.territory(parent, word)):
                if unit not in seen:
                    seen.add(unit)
                    below.append(Holder(unit, parent))
        yield from below
        level = below


def coordinators(duty: Duty, lead: str, directory: Directory, on: date) -> tuple[str, ...]:
    """The agencies that take part with `lead`: named ids, and of groups the members in the lead's territory."""
    people = roster(directory, on)
    found = dict.fromkeys(unit for word in duty.with_ for unit in people.territory(lead, word))
    found.pop(lead, None)
    return tuple(found)


def report_plans(directive: Directive, practice: Practice) -> tuple[ReportPlan, ...]:
    """The directive's report rounds; where it names none, one for the issuer in the office's rhythm."""
    return directive.reports if directive.reports is not None else (ReportPlan(every=practice.rhythm, to=("issuer",)),)


def is_asked_about(duty: Duty) -> bool:
    """Whether news of its tasks without a date is asked for: not of what is reported when it happens, nor of what waits for a clause."""
    return not (duty.due and duty.due.after) and not is_on_event(duty)


def is_on_event(duty: Duty) -> bool:
    """Whether it is reported whenever it happens, so that its one task stands open as long as the directive does."""
    return duty.every is not None and duty.every.unit == "on event"


def has_rhythm(duty: Duty) -> bool:
    """Whether its terms follow from the paper; what is asked for or happens has terms of its own, and none speaks for another."""
    return duty.every is not None and duty.every.unit not in ("on request", "on event")


def asked_term(duty: Duty, directive: Directive, due: Due | None, calendar: Calendar, practice: Practice, *, now: datetime) -> Term:
    """The term that the issuer opens by asking at `now`, keyed by that day; a relative `due` counts from it."""
    on = now.astimezone(practice.tz).date()
    paper = _Paper(directive, directive.date or on, calendar, practice)
    words = f"theo yêu cầu ngày {written(on)}"
    day = due_day(due, on, calendar, practice) if due else None
    said = f"{words}, {due_words(due, on)}" if due and (due.form != "on" or due.hour) else words
    deadline = paper.ends(day, due.hour if due else None, said) if day else None
    return Term(key=on.isoformat(), begins_at=now, due=deadline, target=_target(duty, paper, day), words=words)


def due_after(duty: Duty, directive: Directive, done: date, calendar: Calendar, practice: Practice) -> Deadline | None:
    """The deadline of a duty that waits for another clause, once that was done; None where the duty waits for none."""
    if duty.due is None or duty.due.after is None:
        return None
    words = f"{days_words(duty.due)} sau khi xong {named(duty.due.after, directive)}"
    return _deadline(after(done, duty.due, calendar), duty.due.hour, words, calendar, practice)


def _deadline(day: date, hour: time | None, words: str, calendar: Calendar, practice: Practice) -> Deadline:
    at = instant_of(day, hour, practice)
    return Deadline(at=at, day=day, last_working_day=calendar.previous_working(day), words=words)


def _one_off(duty: Duty, paper: _Paper) -> Iterator[Term]:
    """The term that is owed once; where the paper neither dates nor repeats anything, it stands."""
    due = _due(duty, paper)
    if due or duty.due or is_on_event(duty) or not (duty.every or _milestones(duty, paper)):
        target = _target(duty, paper, due.day if due else None)
        yield Term(key="", begins_at=paper.starts(duty.from_), due=due, target=target, words=_why_undated(duty, paper))


def _why_undated(duty: Duty, paper: _Paper) -> str:
    if duty.due and duty.due.after:
        return f"chờ xong {named(duty.due.after, paper.directive)}"
    return "khi phát sinh" if is_on_event(duty) else ""


def _recurring(duty: Duty, paper: _Paper) -> Iterator[Term]:
    if duty.every is None:
        return
    target, rhythm = _target(duty, paper, None), rhythm_words(duty.every)
    before_means = paper.practice.before_means
    for period in periods(duty.every, duty.from_ or paper.issued, duty.until or paper.directive.until, before_means=before_means):
        if period.last >= paper.issued:
            hour = f", lúc {period.hour.hour}:{period.hour:%M}" if period.hour else ""
            words = f"{rhythm}, kỳ {span_words(period.first, period.last)}{hour}{cutoff_words(duty.every, period.last)}"
            due = paper.ends(period.last, period.hour, words)
            yield Term(key=period.first.isoformat(), begins_at=paper.starts(period.first), due=due, target=target)


def _beside(duty: Duty, paper: _Paper) -> Iterator[Term]:
    """Periods, none of them under the key of a milestone."""
    taken = {term.key for term in _staged(duty, paper)} if duty.every else set()
    for term in _recurring(duty, paper):
        yield replace(term, key=f"{term.key}b") if term.key in taken else term


def _staged(duty: Duty, paper: _Paper) -> Iterator[Term]:
    """A term for each dated target that the duty's own date does not take; each opens when the one before has passed."""
    own = _due(duty, paper)
    begins_at = paper.starts(duty.from_)
    for day, target in _milestones(duty, paper):
        if own is None or own.day != day:
            due = paper.ends(day, None, f"mốc {written(day)}")
            yield Term(key=day.isoformat(), begins_at=begins_at, due=due, target=target)
            begins_at = max(begins_at, due.at + SECOND)


def _due(duty: Duty, paper: _Paper) -> Deadline | None:
    """The duty's own date: as written, else the end of its window."""
    if duty.due is not None:
        since = duty.due.since or paper.issued
        day = due_day(duty.due, since, paper.calendar, paper.practice)
        return None if day is None else paper.ends(day, duty.due.hour, due_words(duty.due, since))
    if duty.until is None or duty.every is not None:
        return None
    opening = f"từ ngày {written(duty.from_)} " if duty.from_ else ""
    return paper.ends(duty.until, None, f"{opening}đến ngày {written(duty.until)}")


def _milestones(duty: Duty, paper: _Paper) -> list[tuple[date, Target]]:
    """The dated targets of the duty's indicator in order of time; what had passed at issue is history, not a duty."""
    staged = ((stage.on, stage.target) for stage in _stages(duty, paper.directive) if stage.on and stage.on >= paper.issued)
    return sorted(staged, key=lambda stage: stage[0])


def _stages(duty: Duty, directive: Directive) -> tuple[Milestone, ...]:
    return directive.indicators[duty.target].targets if isinstance(duty.target, str) else ()


def _target(duty: Duty, paper: _Paper, day: date | None) -> Target | None:
    """What a term due on `day` must reach: the duty's own value, its indicator's for that day, or one that has no day."""
    if isinstance(duty.target, Target):
        return duty.target
    stages = {stage.on: stage.target for stage in _stages(duty, paper.directive)}
    return stages.get(day) or stages.get(None)
