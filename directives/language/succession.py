"""What a paper says of papers that were issued before it: that they are there, and that what it changes of them can be changed."""

from __future__ import annotations

from datetime import date

from .amendment import TIME, faults
from .calendar import written
from .drafts import Check, Draft, Told
from .mistakes import Mistake
from .shapes import Basis, Directive, Due, Overall

_WORDS = ("amends", "replaces", "urges")


def revises(directive: Directive) -> bool:
    """Whether the paper changes an issued one, clause by clause or as a whole."""
    return bool(directive.changes) or directive.overall != Overall()


def changes(draft: Draft) -> Told:
    """What is changed stands in the one paper that is amended."""
    directive = draft.directive
    if not revises(directive):
        return
    if len(directive.amends) != 1:
        yield ("changes",), Mistake("D143")
    elif not _is(directive, directive.amends[0]) and (old := draft.issued(directive.amends[0])):
        yield from faults(old, directive)


def older_papers(draft: Draft) -> Told:
    """No paper changes itself, and a clause that is named stands in its paper."""
    directive = draft.directive
    for word in _WORDS:
        for n, basis in enumerate(getattr(directive, word)):
            if _is(directive, basis):
                yield (word, n), Mistake("D146")
            elif basis.clause and (old := draft.issued(basis)) and not _has(old, basis.clause, whole=word == "urges"):
                yield (word, n, "clause"), Mistake("D148", number=basis.number, word=basis.clause[:60])


def _has(old: Directive, clause: str, *, whole: bool) -> bool:
    """Whether a paper has a clause, or with `whole` points of it."""
    return any(duty.clause == clause or (whole and duty.clause.startswith(f"{clause}.")) for duty in old.duties)


def _is(directive: Directive, basis: Basis) -> bool:
    return basis.number == directive.number and basis.date in (None, directive.date)


def windows(draft: Draft) -> Told:
    """What begins ends later."""
    for n, change in enumerate(draft.directive.changes):
        if change.from_ and change.until and change.until < change.from_:
            yield ("changes", n, "until"), Mistake("D076", start=written(change.from_), end=written(change.until))


def amends_nothing(draft: Draft) -> Told:
    """An amendment says what it changes."""
    if draft.directive.amends and "changes" not in draft.tree:
        yield ("amends",), Mistake("D150")


def held_by_nobody(draft: Draft) -> Told:
    """Whoever takes over a clause after its date is never reminded of it, unless he gets a date of his own."""
    paper = draft.directive
    if len(paper.amends) != 1 or not (old := draft.issued(paper.amends[0])):
        return
    known = {duty.clause: duty for duty in old.duties}
    for n, change in enumerate(paper.changes):
        was = known.get(change.clause)
        passed_on = was and change.lead not in ((), was.lead) and change.model_fields_set.isdisjoint(TIME)
        if passed_on and was and was.due and _is_past(was.due, paper.date):
            yield ("changes", n, "lead"), Mistake("D170", word=change.clause, due=was.due.words)


def _is_past(due: Due, on: date | None) -> bool:
    """Whether a written date lies before a day."""
    return bool(due.day and on and (due.day < on or (due.form == "before" and due.hour is None and due.day == on)))


CHECKS: tuple[Check, ...] = (changes, older_papers, windows)
LINTS: tuple[Check, ...] = (amends_nothing, held_by_nobody)
