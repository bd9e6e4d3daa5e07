"""What an issuer should see before he issues: letters by day, load by inbox, who hears nothing, days off, how high silence is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from directives.language.calendar import Calendar
from directives.language.directory import mail_of, members
from directives.language.practice import Practice
from directives.language.shapes import Directory
from tasks.forecast import Forecast

from . import almanac, collisions, inboxes
from .almanac import Month
from .collisions import DayOff, Moved
from .heights import Heights, heights
from .inboxes import Load


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """A forecast seen from above.

    `mute` would have had a letter and have no address; `listed` are only named among the recipients (`to`, `cc`) and have none either.
    `borrowed` are readers without an inbox, each with the owner of the one that they use.
    """

    forecast: Forecast
    months: tuple[Month, ...]
    loads: tuple[Load, ...]
    mute: tuple[str, ...]
    listed: tuple[str, ...]
    borrowed: dict[str, str]
    days_off: tuple[DayOff, ...]
    moved: tuple[Moved, ...]
    heights: tuple[Heights, ...]

    @property
    def directory(self) -> Directory:
        """The directory that the directive names its people from."""
        return self.forecast.directive.directory

    def named(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Agencies by their short names."""
        return tuple(self.directory.agencies[each].short for each in ids)

    def to_json(self) -> dict[str, Any]:
        """Plain values with ISO dates; agencies by their ids."""
        return {
            "no_address": list(self.mute),
            "listed_without_address": list(self.listed),
            "borrowed_address": self.borrowed,
            "days_off": [each._asdict() | {"on": each.on.isoformat(), "last_working_day": each.last_working_day.isoformat()}
                         for each in self.days_off],
            "moved": [each._asdict() | {"named": each.named.isoformat(), "on": each.on.isoformat()} for each in self.moved],
            "load": [_load(load) for load in self.loads],
            "highest": [_height(each) for each in self.heights],
        }


def foresight(made: Forecast, calendar: Calendar, practice: Practice) -> Foresight:
    """Look over a forecast; pure, seconds for a nation."""
    readers = dict.fromkeys(letter.to for letter in made.letters)
    directory = made.directive.directory
    return Foresight(
        forecast=made, months=almanac.months(made.letters, calendar), loads=inboxes.loads(made.letters, directory), mute=made.unreached,
        listed=tuple(_listed(made)),
        borrowed=inboxes.borrowed(readers, directory), days_off=collisions.days_off(made, calendar),
        moved=collisions.moved(made, calendar, practice), heights=heights(made, practice),
    )


def _listed(made: Forecast) -> Iterator[str]:
    """Named among the recipients, with nothing to do or hear and no address."""
    directive, known = made.directive, set(made.unreached)
    words = [*directive.to, *(word for purpose, ids in directive.cc.items() if purpose != "archive" for word in ids)]
    for who in dict.fromkeys(who for word in words for who in members(word, directive.directory, directive.date or made.until)):
        if who not in known and mail_of(who, directive.directory) is None:
            yield who


def _load(load: Load) -> dict[str, Any]:
    weeks = {(load.first + n * inboxes.WEEK).isoformat(): many for n, many in enumerate(load.weeks) if many}
    return {"inboxes": list(load.owners), "most": load.most, "fullest": load.fullest.isoformat(), "total": load.total, "weeks": weeks}


def _height(each: Heights) -> dict[str, Any]:
    height = each.height
    return {
        "agencies": list(each.units), "rung": height.words, "told": list(height.hearers), "clauses": list(height.clauses),
        "why_not_higher": height.why,
    }
