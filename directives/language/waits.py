"""Clauses that wait for other clauses: circles, what is never done, and what has no end of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .drafts import Draft, Told
from .expansion import has_rhythm, is_on_event
from .mistakes import Mistake, Said
from .shapes import Directive, Duty, Milestone


def circles(draft: Draft) -> Told:
    """Clauses that wait for each other all wait for ever; each circle is told once, at its first clause in the paper."""
    after = _after(draft.directive)
    told: set[str] = set()
    for n, duty in enumerate(draft.directive.duties):
        circle = list(_circle(duty.clause, after))
        if len(circle) > 1 and not told & set(circle):  # whoever waits for himself is told apart
            told.update(circle)
            yield ("duties", n, "due"), Mistake("D100", circle=" → ".join([*circle, duty.clause]))


def never_done(draft: Draft) -> Told:
    """A clause that orders nothing is never done."""
    for n, _, ended in _waiting(draft.directive):
        if ended.force == "note":
            yield ("duties", n, "due"), Mistake("D101", word=ended.clause)


def without_end(draft: Draft) -> Told:
    """What stands, comes round without an end or comes unforeseen ends only when somebody says so."""
    for n, _, ended in _waiting(draft.directive):
        if why := _why_endless(ended, draft.directive):
            yield ("duties", n, "due"), Mistake("D102", word=ended.clause, why=why)


def _after(directive: Directive) -> Mapping[str, str]:
    return {duty.clause: duty.due.after for duty in directive.duties if duty.due and duty.due.after}


def _circle(clause: str, after: Mapping[str, str]) -> Iterator[str]:
    """The clauses from one back to itself; none where it is in no circle."""
    path = [clause]
    while (following := after.get(path[-1])) and following not in path:
        path.append(following)
    if following == clause:
        yield from path


def _waiting(directive: Directive) -> Iterator[tuple[int, Duty, Duty]]:
    """Each duty that waits, with its place and the clause that it waits for."""
    known = {duty.clause: duty for duty in directive.duties}
    for n, duty in enumerate(directive.duties):
        ended = known.get(duty.due.after or "") if duty.due else None
        if ended and ended is not duty:
            yield n, duty, ended


def _why_endless(duty: Duty, directive: Directive) -> Said | None:
    if duty.force == "note" or duty.due:
        return None
    if is_on_event(duty):
        return "chỉ có khi phát sinh", "comes only when it happens"
    if duty.every and not has_rhythm(duty):
        return "chỉ có khi được yêu cầu", "comes only on request"
    if duty.every:
        return None if duty.until or directive.until else ("lặp lại mãi", "comes round for ever")
    dated = duty.until or (isinstance(duty.target, str) and any(stage.on for stage in _stages(duty.target, directive)))
    return None if dated else ("là việc thường xuyên", "stands")


def _stages(indicator: str, directive: Directive) -> tuple[Milestone, ...]:
    return directive.indicators[indicator].targets if indicator in directive.indicators else ()
