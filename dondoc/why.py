"""How a date came about: the paper's words, the days that do not count, and the mornings on which it is spoken of; pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from directives.language.calendar import DAY, Calendar
from directives.language.expansion import Deadline, Term, due_after, terms
from directives.language.shapes import Due, Duty, Rung
from tasks.ladder import gap_rung, words_of
from tasks.ledger.issued import Issued

from .outlook import rung_words
from .speech import say, weekday

_TERMS = 2  # so many dates of a duty are explained


def reasons(duty: Duty, issued: Issued) -> Iterator[str]:
    """Yield, a line each, how the first dates of a duty were computed."""
    dated = [term for term in islice(terms(duty, issued.directive, issued.calendar, issued.practice), _TERMS + 1) if term.due]
    if duty.due and duty.due.after and any(clause == duty.clause for clause, _ in issued.clocks):
        yield from _started(duty, duty.due, issued)
    elif duty.due and duty.due.after:
        yield say("Hạn tính từ ngày xong mục {clause}: “{words}”. Chưa xong thì chưa có hạn, cũng chưa nhắc.",
                  clause=duty.due.after, words=duty.due.words)
    elif not dated:
        yield say("Văn bản không ghi ngày nào cho mục này, nên không có thời hạn và không có bậc đôn đốc.")
    for number, term in enumerate(dated[:_TERMS]):
        assert term.due is not None
        yield from _date(duty, term.due, issued)
        following = dated[number + 1 : number + 2]
        yield from _rungs(duty, term, following[0] if following and duty.every else None, issued)


def _started(duty: Duty, said: Due, issued: Issued) -> Iterator[str]:
    """The dates of clocks that have started, by the day on which the clause that they waited for was done."""
    tz = issued.practice.tz
    for done in sorted({at.astimezone(tz).date() for (clause, _), at in issued.clocks.items() if clause == duty.clause}):
        if due := due_after(duty, issued.directive, done, issued.calendar, issued.practice):
            yield say("Hạn {day}: văn bản ghi “{words}”.", day=weekday(due.day), words=due.words)
            yield say("  Tính từ sau ngày xong mục {clause}: {day}.", clause=said.after, day=weekday(done))
            yield from _counted(said, done, due.day, issued.calendar)


def _date(duty: Duty, due: Deadline, issued: Issued) -> Iterator[str]:
    yield say("Hạn {day}: văn bản ghi “{words}”.", day=weekday(due.day), words=due.words)
    if duty.due and duty.due.form == "before" and duty.due.hour is None and duty.due.day and issued.practice.before_means:
        yield say("  Ngày {day} không tính: “trước ngày” kết thúc hôm trước.", day=weekday(duty.due.day))
    if duty.due and duty.due.form == "relative" and issued.directive.date:
        start = duty.due.since or issued.directive.date
        yield say("  Tính từ sau ngày ban hành {day}.", day=weekday(start))
        yield from _counted(duty.due, start, due.day, issued.calendar)
    if reason := issued.calendar.reason(due.day):
        yield say("  {day} là ngày nghỉ ({reason}). Ngày ghi trong văn bản không dời; ngày làm việc cuối: {last}.",
                  day=weekday(due.day), reason=reason, last=weekday(due.last_working_day))


def _counted(due: Due, start: date, end: date, calendar: Calendar) -> Iterator[str]:
    """The days of a relative term that were not counted."""
    skipped = [start + n * DAY for n in range(1, (end - start).days) if not calendar.is_working(start + n * DAY)]
    if not due.working:
        skipped = [day for day in skipped if day >= start + (due.count or 0) * DAY]
    for day in skipped:
        yield say("  Không tính {day}: {reason}.", day=weekday(day), reason=calendar.reason(day))


def _rungs(duty: Duty, term: Term, following: Term | None, issued: Issued) -> Iterator[str]:
    """When it is spoken of, and which days off moved that."""
    assert term.due is not None
    steps = list(issued.steps(
        begins_at=max(term.begins_at, issued.issued_at), due_at=term.due.at,
        next_due_at=following.due.at if following and following.due else None, climbs=not (term.target and term.target.soft),
        measured=duty.is_measured, force=duty.force,
    ))
    ladder = issued.practice.ladder if issued.directive.escalation is None else issued.directive.escalation
    named = {words_of(rung): rung for rung in (*ladder, gap_rung(issued.practice))}
    if not steps:
        yield say("  Không bậc đôn đốc nào rơi sau ngày ban hành.")
    for step in (each for each in steps if each.audience):
        on = step.at.astimezone(issued.practice.tz).date()
        line = say("  {day}  {words} → {audience}", day=weekday(on), words=rung_words(step.words), audience=", ".join(step.audience))
        off = [f"{weekday(day)} ({issued.calendar.reason(day)})" for day in _off(named[step.words], term.due.day, on, issued.calendar)]
        yield line + (say(" · không tính {days}", days=", ".join(off)) if off else "")


def _off(rung: Rung, due: date, on: date, calendar: Calendar) -> list[date]:
    """The days off that a rung passed over on its way from the due day, or from the day that it names where all days count."""
    start = due if rung.working else due + (rung.count if rung.side == "late" else -rung.count) * DAY
    first, last = sorted((start, on))
    return [day for n in range((last - first).days + 1) if not calendar.is_working(day := first + n * DAY) and day != due]
