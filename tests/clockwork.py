"""Plays a ledger through time without anybody answering: every round at each instant that something waits for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from directives.language.calendar import Calendar
from directives.language.practice import Practice
from notifications.outbox import LANES
from tasks.ledger import beats, clocks, opening, reporting, sweep
from tasks.ledger.outbox import LedgerOutbox
from tasks.ledger.store import Store
from tasks.letters import Notice, Outcome


def play(store: Store, calendar: Calendar, practice: Practice, start: datetime, end: datetime) -> Iterator[tuple[datetime, Notice]]:
    """Yield every letter as it leaves, with its instant, from `start` to `end`."""
    now = start
    while now <= end:
        turn(store, calendar, practice, now)
        yield from ((now, notice) for notice in post(store, calendar, now))
        with store.read() as db:
            ahead = beats.ahead(db).first
        if ahead is None:
            return
        now = calendar.window(max(ahead, now + timedelta(seconds=1)), practice)


def turn(store: Store, calendar: Calendar, practice: Practice, now: datetime) -> None:
    """One round of everything but the mail."""
    with store.read() as db:
        waiting = beats.opening_now(db, now)
    for number in waiting:
        opening.open_terms(store, number, calendar, now)
    with store.read() as db:
        stopped = clocks.waiting(db)
    for number in stopped:
        clocks.start(store, number, calendar, now)
    sweep.sweep(store, calendar, practice, now)
    for number in reporting.due(store, calendar, now):
        reporting.report(store, number, calendar, now)


def post(store: Store, calendar: Calendar, now: datetime) -> list[Notice]:
    """Claim every letter that is due and record it as sent."""
    outbox, sent = LedgerOutbox(store, calendar, "office.example"), []
    for lane in LANES:
        while notices := outbox.claim(lane, now, 500):
            outbox.record([Outcome(notice_id=n.id, lease=n.lease, state="sent", code=250) for n in notices], now)
            sent += notices
    return sent
