"""The calendar side of the house: since when tasks are as they are, and what falls due in papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from config.office import Office
from tasks.feeds import Falling, Since
from tasks.ledger import feeding


class Almanac:
    """The part of `web.front.Front` that feeds calendars, over an office."""

    office: Office

    def since(self, tasks: Iterable[int]) -> Mapping[int, Since]:
        """By task, the event since which it is as it is."""
        with self.office.store.read() as db:
            return feeding.since(db, tasks)

    def falling(self, directives: Iterable[int]) -> tuple[Falling, ...]:
        """What falls due in the directives and waits for somebody, the earliest first."""
        with self.office.store.read() as db:
            return feeding.falling(db, directives)
