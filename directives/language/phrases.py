"""How due dates and clauses are said in sentences: the paper's own form in a reader's Vietnamese."""

from __future__ import annotations

from datetime import date

from .calendar import written
from .deadlines import without_cutoff
from .shapes import Directive, Due
from .spans import span_named


def named(clause: str, directive: Directive) -> str:
    """A clause as sentences name it: by its number, else by its short name, since keys that the paper lacks are not printed."""
    found = next((duty for duty in directive.duties if duty.clause == clause), None)
    return f"mục {clause}" if found is None or found.printed else f"việc “{found.short}”"


def due_words(due: Due, issued: date) -> str:
    """A due date in the paper's form: "trước ngày 25/5/2020", "trong tháng 9/2020"; empty where it names no day."""
    cutoff = f", số liệu chốt đến ngày {written(due.cutoff)}" if due.cutoff else ""
    return f"{_end_words(due, issued)}{cutoff}"


def _end_words(due: Due, issued: date) -> str:
    if due.form == "within":
        return f"trong {span_named(without_cutoff(due.words))}"
    if due.form == "relative":
        return f"{days_words(due)} kể từ ngày {written(issued)}"
    if due.day is None:
        return ""
    hour = f"{due.hour.hour}:{due.hour:%M} " if due.hour else ""
    return f"{'trước' if due.form == 'before' else 'đến'} {hour}ngày {written(due.day)}"


def days_words(due: Due) -> str:
    """How long a relative due date is: trong 10 ngày làm việc."""
    return f"trong {due.count} ngày làm việc" if due.working else f"trong {due.count} ngày"
