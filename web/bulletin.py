"""The leaders' side of the house: how a directive stands, whole or as its page says it."""

from __future__ import annotations

from datetime import datetime

from config.office import Office
from tasks.ledger import reporting, standing, watching
from tasks.ledger.abridging import abridged
from tasks.ledger.issued import load
from tasks.values import Standing
from tasks.watches import Watch


class Bulletin:
    """The part of `web.front.Front` that leaders read, over an office."""

    office: Office

    def standing(self, directive: int, recipient: str, now: datetime) -> Standing:
        """How a directive stands now, against the last report that the reader has had."""
        with self.office.store.read() as db:
            since = reporting.before(db, load(db, directive, self.office.calendar), now, recipient)
            return standing.standing(db, directive, self.office.calendar, now, since)

    def abridged(self, directive: int, recipient: str, now: datetime) -> Standing:
        """The same numbers; of agencies beyond those that a page names only what they come to."""
        with self.office.store.read() as db:
            since = reporting.before(db, load(db, directive, self.office.calendar), now, recipient)
            return abridged(db, directive, self.office.calendar, now, since)

    def watch(self, directive: int, now: datetime) -> Watch:
        """Until when the engine has run, and which letters of a directive have not left."""
        with self.office.store.read() as db:
            return watching.watch(db, directive, self.office.calendar, self.office.practice, now)
