"""The office at work: ledger, calendar, keys and relay joined once, and each round of its day as a plain function of `now`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self

from directives.language.calendar import Calendar, overlay
from directives.language.practice import Practice
from directives.language.shapes import Directive
from notifications.delivery import Delivered
from notifications.editions import Editions
from notifications.failover import carry
from notifications.letters import Composer
from notifications.scribe import Room
from notifications.written import Compose
from reports import page
from tasks.cells import Cells
from tasks.ledger import (
    beats,
    breaker,
    clocks,
    daily,
    deriving,
    holding,
    migrate,
    opening,
    overview,
    reorganizing,
    reporting,
    sweep,
    totals,
)
from tasks.ledger.beats import Ahead
from tasks.ledger.briefing import brief
from tasks.ledger.keeping import settle
from tasks.ledger.opening import Opened, Tell
from tasks.ledger.outbox import LedgerOutbox
from tasks.ledger.relays import LedgerPace
from tasks.ledger.store import Store
from tasks.ledger.sweep import Swept
from tasks.values import Paper

from . import vault, ways
from .courier import Carried, Courier
from .hearing import Heard, hear
from .inbox import Inbox
from .letterbox import Letterbox, envelopes_of
from .settings import Settings


@dataclass(frozen=True, kw_only=True)
class Office:
    """One project with its settings; every round may run 0, 1 or 50 times with the same result."""

    settings: Settings
    store: Store
    calendar: Calendar
    practice: Practice

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open the project's ledger, bringing an empty one up. Raises CalendarError, StoreError."""
        store = Store(settings.database_url)
        try:
            migrate.upgrade(store, settings.data / "ledger.at")
        except Exception:
            store.close()
            raise
        return cls(settings=settings, store=store, calendar=calendar(settings.home), practice=settings.practice)

    def close(self) -> None:
        """Give back the ledger's connections."""
        self.store.close()

    def issue(self, directive: Directive, now: datetime, tell: Tell | None = None) -> Opened:
        """Issue a complete directive: its tasks, and its first letters after the recall window. Raises ChangedPaperError."""
        opened = opening.open_directive(
            self.store, directive, directive.directory, practice=self.practice, calendar=self.calendar, now=now, tell=tell
        )
        self._foresee(now)
        return opened

    def poll(self, now: datetime) -> int:
        """Open the terms that have begun, start the clocks whose clause has ended, let go on what was paused, let heirs follow.

        A milestone that an earlier figure meets is settled at once, a clause that derived papers carry out when they are done. Returns how
        many tasks are new or have got their date.
        """
        if self.doubts_clock():
            return 0
        with self.store.read() as db:
            beginning = beats.opening_now(db, now)
        opened = sum(opening.open_terms(self.store, number, self.calendar, now) for number in beginning)
        with self.store.read() as db:
            waiting = clocks.waiting(db)
        holding.lapse(self.store, now)
        reorganizing.follow(self.store, self.calendar, self.practice, now)
        deriving.roll_up(self.store, self.calendar, now)
        opened += sum(clocks.start(self.store, number, self.calendar, now) for number in waiting)
        if opened:
            self._foresee(now)
        return opened

    def hear(self, now: datetime) -> Heard:
        """Deal with what came in by mail, and as files in the project's `inbox/`."""
        return hear(Inbox(settings=self.settings, store=self.store, calendar=self.calendar), self.letterbox, now)

    def doubts_clock(self) -> bool:
        """Whether the clock has jumped, so that every round waits for `release`."""
        with self.store.read() as db:
            held = breaker.stop(db)
        return bool(held and held.jumped)

    def escalate(self, now: datetime) -> Swept:
        """Say what is due: reminders and rungs into each person's letter of the day."""
        return sweep.sweep(self.store, self.calendar, self.practice, now)

    def brief(self, now: datetime) -> int:
        """Write to each issuing desk what waits for it, once a working day; returns new letters."""
        return brief(self.store, self.calendar, self.practice, now)

    def release(self, now: datetime, by: str, left_by: datetime | None = None) -> int:
        """Let go the letters that are held; returns how many. Of a ledger put back from a copy, those until `left_by` have left."""
        if left_by:
            settle(self.store, left_by, now)
        return breaker.release(self.store, self.calendar, self.practice, now, by)

    def release_own(self, directives: Iterable[int], now: datetime, by: str) -> tuple[int, int]:
        """Let go what is held of these papers alone; returns how many letters, and how many of others are held on."""
        return breaker.release_own(self.store, directives, self.calendar, self.practice, now, by=by)

    def _foresee(self, now: datetime) -> None:
        """What has just been opened belongs to the next day's forecast."""
        breaker.foresee(self.store, breaker.ahead(self.calendar, self.practice, now), self.practice, again=True)

    def aggregate(self, now: datetime) -> int:
        """Make the report rounds that are due; returns new letters. Once a day it clears up: files nobody sent, links of empty desks."""
        if self.doubts_clock():
            return 0
        if daily.turn(self.store, now):
            vault.sweep(self.settings.data, self.store, now)
            daily.end_links(self.store, now)
        due = reporting.due(self.store, self.calendar, now)
        return sum(reporting.report(self.store, number, self.calendar, now) for number in due)

    def standings(self, now: datetime) -> list[tuple[Paper, Cells]]:
        """Every directive under way with its cells, worst first."""
        with self.store.read() as db:
            found = overview.all_counted(db, self.calendar, now)
        return sorted(found, key=lambda of: (-of[1].overdue, -of[1].silent, of[0].issued_on))

    def counted(self, now: datetime) -> dict[str, Any]:
        """Counts over the whole ledger; their names are those of `dondoc demo --json`."""
        with self.store.read() as db:
            return totals.totals(db, now)

    def ahead(self) -> Ahead:
        """What waits for which instant; what a task waits for is said when the send window is open."""
        with self.store.read() as db:
            found = beats.ahead(db, self.practice.tz)
        return found._replace(tasks=self.calendar.window(found.tasks, self.practice) if found.tasks else None)

    async def deliver(self, now: Callable[[], datetime] | datetime) -> Delivered:
        """Send what is due until the outbox is empty or the mail server cannot be used."""
        self.outbox.recover(now() if callable(now) else now)
        named = envelopes_of(self.settings)
        relays = [replace(relay, envelope=named.sender if named else None) for relay in self.settings.relays]
        pace = LedgerPace(self.store)
        return await carry(self.outbox, self.outbox.sure(), relays, self.composer.compose, now, pace=pace, room=self.room)

    async def carry(self, now: datetime) -> Carried:
        """Hand over what goes another way than mail."""
        return await Courier.of(self.settings, self.store).carry(now)

    @property
    def room(self) -> Room:
        """How another process opens this office's letters and writes them."""
        return partial(_opened, self.settings.model_dump(), self.calendar)

    @cached_property
    def outbox(self) -> LedgerOutbox:
        """The ledger's letters."""
        echo = ways.echo(self.settings, lambda notice: self.composer.preview(notice).subject)
        return LedgerOutbox(self.store, self.calendar, self.settings.mail_from.rpartition("@")[2], echo)

    @cached_property
    def letterbox(self) -> Letterbox:
        """Where bounces and replies come in."""
        def keep(content: bytes, name: str) -> tuple[str, str, int]:
            return vault.keep(self.settings.data, (content,), name)

        return Letterbox(settings=self.settings, store=self.store, calendar=self.calendar, keep=keep)

    @cached_property
    def composer(self) -> Composer:
        """Writes the letters, with links to this office's own pages."""
        return Composer(
            base_url=self.settings.base_url, keys=self.settings.keys, office=self.settings.mail_from_name, sender=self.settings.mail_from,
            reply_to=self.settings.mail_reply_to, report=page.letter, lang=self.settings.mail_lang,
            editions=Editions(self.settings.data / "templates"), answers=bool(self.settings.imap_host),
        )


def _opened(values: Mapping[str, Any], holidays: Calendar) -> tuple[LedgerOutbox, Compose]:
    """The letters of an office with such settings, and who writes them; its ledger stands already."""
    settings = Settings.model_construct(**values)
    office = Office(settings=settings, store=Store(settings.database_url), calendar=holidays, practice=settings.practice)
    return office.outbox, office.composer.compose


def calendar(home: Path) -> Calendar:
    """The official calendar under the project's own `config/calendar.yaml`. Raises CalendarError."""
    path = home / "config" / "calendar.yaml"
    return overlay(path.read_text(encoding="utf-8")) if path.exists() else Calendar()
