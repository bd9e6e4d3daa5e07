"""Who owes what by when: a directive, its directory and a calendar become terms, holders and assignments; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from .calendar import Calendar
from .practice import Practice
from .shapes import Directive, Directory, Duty, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A computed end: the instant (aware, UTC), its day in the directive's zone, the last working day, the paper's own words."""

    at: datetime
    day: date
    last_working_day: date
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What is counted: "" for a one-off duty, else the first day of a period or the day of a milestone (ISO)."""

    key: str
    begins_at: datetime
    due: Deadline | None
    target: Target | None = None


class Holder(NamedTuple):
    """An agency in whose name a duty is owed; `parent` is the lead that cascaded it down, None at the top."""

    unit: str
    parent: str | None


def terms(duty: Duty, directive: Directive, calendar: Calendar, practice: Practice) -> Iterator[Term]:
    """Yield the terms of a duty in the order in which they begin; endless where the paper gives a rhythm and no end."""
    raise NotImplementedError


def holders(duty: Duty, directory: Directory, on: date) -> Iterator[Holder]:
    """Yield each agency that holds the duty, parents before their children, each once."""
    raise NotImplementedError


def coordinators(duty: Duty, lead: str, directory: Directory, on: date) -> tuple[str, ...]:
    """The agencies that take part with `lead`: named ids, and of groups the members in the lead's territory."""
    raise NotImplementedError
