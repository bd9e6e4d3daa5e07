"""What a careful colleague would ask before a directive is issued: warnings, which keep nothing from being issued."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from .calendar import WEEKDAYS, written
from .counting import COUNTING
from .coverage import COVERAGE, DAY, named
from .directory import mail_of, members
from .drafts import Check, Draft, Told, orders, recipients
from .mistakes import Mistake
from .shapes import Due, Every
from .tree import Loc
from .waits import without_end
from .wording import WORDING

NAMED = 3  # agencies named in a sentence, before it only counts


def no_duties(draft: Draft) -> Told:
    """A paper without a duty follows up nothing."""
    paper = draft.directive
    if not (paper.duties or paper.amends or paper.replaces or paper.urges):
        yield (), Mistake("D092")


def due_before_issue(draft: Draft) -> Told:
    """A due date that had passed at issue is probably mistyped."""
    issued = draft.directive.date
    for place, due in _due_days(draft):
        end = _end_of_before(due) or due.day
        if issued and end and end < issued:
            yield place, Mistake("D083", due=written(end), issued=written(issued))


def due_after_period(draft: Draft) -> Told:
    """A due date outside the period of the paper."""
    period = draft.directive.period
    for place, due in _due_days(draft):
        if due.day and period and period.until and due.day > period.until:
            yield place, Mistake("D088", due=written(due.day), name=period.name, until=written(period.until))


def due_before_period(draft: Draft) -> Told:
    """A due date before the period of the paper begins."""
    period = draft.directive.period
    for place, due in _due_days(draft):
        if due.day and period and period.from_ and due.day < period.from_:
            yield place, Mistake("D128", due=written(due.day), name=period.name, start=written(period.from_))


def due_on_basis_day(draft: Draft) -> Told:
    """The date of a legal basis is not a due date."""
    papers = {paper.date: paper.number for paper in (*draft.directive.basis, *draft.directive.under) if paper.date}
    for place, due in _due_days(draft):
        if due.day in papers:
            yield place, Mistake("D089", number=papers[due.day])


def _due_days(draft: Draft) -> Iterator[tuple[Loc, Due]]:
    """Every due date that names a day, of duties and of changes, with its place."""
    for place, duty in orders(draft.directive):
        if duty.due and duty.due.day:
            yield (*place, "due"), duty.due


def before_a_day_off(draft: Draft) -> Told:
    """`before` ends on the day before; where that is off, people stop working earlier."""
    calendar = draft.calendar
    for place, due in _due_days(draft):
        end = _end_of_before(due)
        if calendar and end and not calendar.is_working(end):
            last = calendar.previous_working(end)
            yield place, Mistake("D084", words=str(due.words), end=_weekday(end), last=_weekday(last))


def milestone_on_a_day_off(draft: Draft) -> Told:
    """Figures of a milestone are gathered by people who work on the days before it."""
    calendar, issued = draft.calendar, draft.directive.date
    for name, indicator in draft.directive.indicators.items() if calendar else ():
        for n, stage in enumerate(indicator.targets):
            if calendar and stage.on and (not issued or stage.on >= issued) and not calendar.is_working(stage.on):
                words, last = f"mốc {written(stage.on)}", calendar.previous_working(stage.on)
                said = Mistake("D084", words=(words, f"milestone {written(stage.on)}"), end=_weekday(stage.on), last=_weekday(last))
                yield ("indicators", name, "targets", n, "on"), said


def _end_of_before(due: Due | None) -> date | None:
    if due is None or due.form != "before" or due.day is None or due.hour:
        return None
    return due.day - timedelta(days=1)


def _weekday(day: date) -> tuple[str, str]:
    return f"{WEEKDAYS[day.weekday()]} {written(day)}", f"{day:%A} {written(day)}"


def skipped_months(draft: Draft) -> Told:
    """`month on 31` has no turn in short months."""
    for loc, every in _rhythms(draft):
        if every.unit == "month" and every.day and every.day > 28:
            yield loc, Mistake("D086", day=str(every.day))


def _rhythms(draft: Draft) -> Iterator[tuple[Loc, Every]]:
    for name, indicator in draft.directive.indicators.items():
        if indicator.every:
            yield ("indicators", name, "every"), indicator.every
    for place, duty in orders(draft.directive):
        if duty.every:
            yield (*place, "every"), duty.every
    for n, plan in enumerate(draft.directive.reports or ()):
        yield ("reports", n, "every"), plan.every


def date_in_period(draft: Draft) -> Told:
    """A label is a label: no date is taken from it."""
    if draft.directive.period and DAY.search(draft.directive.period.name):
        yield ("period", "name"), Mistake("D087")


def date_without_due(draft: Draft) -> Told:
    """A sentence names a later day, and nothing in the duty holds it."""
    issued = draft.directive.date
    for n, duty in enumerate(draft.directive.duties):
        if duty.force == "note" or duty.due or duty.every or duty.target or duty.until:
            continue
        later = [(day, words) for day, words in named(duty.text) if issued and day > issued]
        if later:
            yield ("duties", n, "text"), Mistake("D090", day=written(later[0][0])).about(later[0][1])


def due_and_every(draft: Draft) -> Told:
    """A duty is done once or again and again."""
    for n, duty in enumerate(draft.directive.duties):
        if duty.due and duty.every:
            yield ("duties", n, "every"), Mistake("D095")


def idle_indicators(draft: Draft) -> Told:
    """An indicator that is no duty's target judges nobody."""
    used = {duty.target for _, duty in orders(draft.directive) if isinstance(duty.target, str)}
    if not used <= set(draft.directive.indicators):
        return  # the misspelt one is told already
    for name in draft.directive.indicators:
        if name not in used:
            yield ("indicators", name), Mistake("D091", word=name)


def absent_files(draft: Draft) -> Told:
    """Annexes and attachments lie beside the directive."""
    directive = draft.directive
    named: list[tuple[Loc, str | None]] = [(("figures",), directive.figures), (("source",), directive.source)]
    named += [(("files", n), name) for n, name in enumerate(directive.files)]
    for loc, name in named:
        if name and draft.beside and draft.beside(name) is None:
            yield loc, Mistake("D093", word=name)


def addressees_without_duty(draft: Draft) -> Told:
    """Whoever is addressed must act somewhere."""
    busy = {id for _, id in _acting(draft)}
    others = draft.directive.amends or draft.directive.urges  # whose duties are changed or urged stands in another paper
    for n, word in enumerate(draft.directive.to if draft.directive.duties and not others else ()):
        named = members(word, draft.directory, draft.on)
        if named and not busy & set(named):  # an empty group is an error of its own
            yield ("to", n), Mistake("D081", word=word)


def _acting(draft: Draft) -> Iterator[tuple[int, str]]:
    """Every agency that has a part in a duty, with the duty's place."""
    for n, duty in enumerate(draft.directive.duties):
        for word in (*duty.lead, *duty.with_, *(each for level in duty.cascade for each in level)):
            yield from ((n, id) for id in members(word, draft.directory, draft.on))


def leads_not_addressed(draft: Draft) -> Told:
    """Whoever leads should find the paper addressed to him."""
    if not draft.directive.to:
        return
    told = {id for word in draft.directive.to for id in members(word, draft.directory, draft.on)}
    for n, duty in enumerate(draft.directive.duties):
        for place, word in enumerate(duty.lead):
            others = [id for id in members(word, draft.directory, draft.on) if id not in told] if duty.force != "note" else []
            if others:
                yield ("duties", n, "lead", place), Mistake("D082", name=_names(others, draft), clause=duty.clause)
                told.update(others)


def recipients_without_mail(draft: Draft) -> Told:
    """Whoever should get a letter needs an address; each is named once, all of one list together."""
    mute: dict[str, Loc] = {}
    for loc, word in recipients(draft.directive):
        for id in members(word, draft.directory, draft.on):
            if id not in mute and not mail_of(id, draft.directory):
                mute[id] = loc[:-1]
    for place in dict.fromkeys(mute.values()):
        yield place, Mistake("D085", names=_names([id for id, where in mute.items() if where == place], draft))


def _names(ids: list[str], draft: Draft) -> tuple[str, str]:
    """A few names and how many more there are."""
    names = ", ".join(draft.directory.agencies[id].name or id for id in ids[:NAMED])
    more = len(ids) - NAMED
    return (f"{names} và {more} đơn vị khác", f"{names} and {more} more") if more > 0 else (names, names)


LINTS: tuple[Check, ...] = (
    no_duties,
    due_before_issue,
    due_after_period,
    due_before_period,
    due_on_basis_day,
    before_a_day_off,
    milestone_on_a_day_off,
    skipped_months,
    date_in_period,
    date_without_due,
    due_and_every,
    without_end,
    idle_indicators,
    absent_files,
    *WORDING,
    *COUNTING,
    *COVERAGE,
)
#: Look inside groups, so every id must be known.
GROUP_LINTS: tuple[Check, ...] = (addressees_without_duty, leads_not_addressed, recipients_without_mail)
