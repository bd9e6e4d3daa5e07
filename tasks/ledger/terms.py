"""A term that has begun: the row that all its tasks share, and the first step of its ladder."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from directives.language import expansion
from directives.language.expansion import Term
from directives.language.shapes import Duty

from .issued import Issued


class Begun(NamedTuple):
    """A term that has begun: of which duty, and what comes after it."""

    issued: Issued
    duty: int
    said: Duty
    term: Term
    after: Term | None

    @property
    def begins_at(self) -> datetime:
        """Nothing begins before the issue itself."""
        return max(self.term.begins_at, self.issued.issued_at)

    @property
    def due_at(self) -> datetime | None:
        """When it is due, None without a date."""
        return self.term.due.at if self.term.due else None

    @property
    def next_due_at(self) -> datetime | None:
        """When the term after it is due, where a rhythm makes that one speak instead."""
        return self.after.due.at if self.after and self.after.due and expansion.has_rhythm(self.said) else None

    @property
    def climbs(self) -> bool:
        """What is only striven for is reported, not escalated."""
        return not (self.term.target and self.term.target.soft)

    @property
    def wake_at(self) -> datetime | None:
        """The first step of its ladder, None where nothing is said."""
        return self.first_step(climbs=self.climbs)

    def first_step(self, *, climbs: bool) -> datetime | None:
        """The first step of its ladder for tasks that climb, or do not."""
        at_once = self.said.due is not None and self.said.due.form == "at once"
        ladder = self.issued.steps(
            begins_at=self.begins_at, due_at=self.due_at, next_due_at=self.next_due_at, climbs=climbs, at_once=at_once,
            asked=bool(self.term.key) or expansion.is_asked_about(self.said), measured=self.said.is_measured,
            force=self.said.force,
        )
        return next((step.at for step in ladder), None)

    @property
    def row(self) -> dict[str, Any]:
        """The values that all its tasks share."""
        due = self.term.due
        return {
            "duty": self.duty, "term": self.term.key, "begins_at": self.begins_at, "due_at": self.due_at, "climbs": self.climbs,
            "due_words": due.words if due else self.term.words, "last_working_day": due.last_working_day if due else None,
            "target": self.term.target.model_dump_json() if self.term.target else "", "next_due_at": self.next_due_at,
        }
