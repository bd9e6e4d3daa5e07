"""One ledger with the process that works on it, which may be killed at any statement, and a mail server that does as it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import event

from config.office import Office
from config.settings import Settings
from directives.language.calendar import Calendar
from notifications.outbox import LANES
from tasks.ledger import acts, bouncing, recounting, reorganizing
from tasks.ledger.store import Store
from tasks.letters import Notice, Outcome
from tasks.values import Act, Receipt
from tests.rows import ask
from tests.sample import PRACTICE

T = TypeVar("T")

_NOTICE = TypeAdapter(Notice)

#: What a mail server does with a letter: takes it, puts it off, falls silent after the dot, refuses it or its address; or the process
#: dies with it in hand, before it has left or after.
FATES = ("sent", "sent", "sent", "sent", "queued", "uncertain", "failed", "undeliverable", "died before", "died after")


class KilledError(Exception):
    """The process ends here."""


@dataclass(frozen=True)
class Left:
    """A letter that the mail server has taken for the first time, with its lines (task, rung, version of the date)."""

    id: int
    at: datetime
    lane: str
    recipient: str
    paper: int | None
    lines: frozenset[tuple[int, int, int]]


@dataclass
class World:
    """`kill` counts the statements that are left before the process dies; None: it lives. `left` and `copies` are the server's own."""

    store: Store
    folder: Path
    calendar: Calendar = field(default_factory=Calendar)
    kill: int | None = None
    left: dict[int, Left] = field(default_factory=dict)
    back: dict[int, datetime] = field(default_factory=dict)  # when letters came back
    heads: dict[int, str] = field(default_factory=dict)
    bytes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    changes: int = 0  # papers and calendars that came in between
    copies: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._works = False
        self._dies = lambda *_: self._step()
        event.listen(self.store.engine, "before_cursor_execute", self._dies)
        event.listen(self.store.engine, "commit", self._dies)

    def _step(self) -> None:
        if self._works and self.kill is not None:
            self.kill -= 1
            if self.kill < 0:
                raise KilledError

    @property
    def office(self) -> Office:
        return Office(settings=Settings(home=self.folder), store=self.store, calendar=self.calendar, practice=PRACTICE)

    def survive(self, work: Callable[[], T]) -> T:
        """Work that may be killed; who comes after it does it again, as a restarted process would."""
        self._works = True
        try:
            return work()
        except KilledError:
            self.kill = None
            self.store.engine.dispose()
            return work()
        finally:
            self._works = False

    def round(self, now: datetime) -> None:
        """What the flows do between two looks at the clock, but for the mail."""
        for work in (self.office.poll, self.office.escalate, self.office.aggregate):
            self.survive(lambda work=work: work(now))  # type: ignore[misc]

    def act(self, said: Act, now: datetime) -> Receipt:
        return self.survive(lambda: acts.act(self.store, said, self.calendar, now))

    def recount(self, calendar: Calendar, now: datetime) -> None:
        """Another calendar, and what it moves."""
        self.calendar, self.changes = calendar, self.changes + 1
        with self.store.read() as db:
            numbers = recounting.under_way(db)
        for number in numbers:
            self.survive(lambda number=number: recounting.carry_out(self.store, number, calendar, now))  # type: ignore[misc]

    def follow(self, now: datetime) -> None:
        self.changes += 1
        self.survive(lambda: reorganizing.follow(self.store, self.calendar, PRACTICE, now))

    def deliver(self, now: datetime, seed: int, fates: Sequence[str] = FATES) -> None:
        """One run of the mail: each letter has the fate that chance gives to its reader and lane."""
        outbox = self.office.outbox
        self.survive(lambda: outbox.recover(now))
        for lane in LANES:
            letters = self.survive(lambda lane=lane: outbox.claim(lane, now, 500))  # type: ignore[misc]
            self.kill = None  # between here and the record a kill is a fate
            ends = [end for letter in letters if (end := self._carry(letter, now, seed, fates))]
            outbox.record(ends, now)

    def _carry(self, letter: Notice, now: datetime, seed: int, fates: Sequence[str]) -> Outcome | None:
        fate = Random(f"{seed} {letter.lane} {letter.recipient.id}").choice(fates)
        if fate in ("sent", "uncertain", "died after"):
            self._is_the_same(letter)
            self.copies[letter.id] = self.copies.get(letter.id, 0) + 1
            self.left.setdefault(letter.id, self._left(letter, now))
        if fate.startswith("died"):
            return None
        wait = timedelta(minutes=5) if fate == "queued" else None
        return Outcome(notice_id=letter.id, lease=letter.lease, state=fate, code=250, retry_after=wait)  # type: ignore[arg-type]

    def _is_the_same(self, letter: Notice) -> None:
        """A copy has the Message-ID and Date of the first, and its bytes, unless what it says was changed by another decision since."""
        head, body = f"{letter.message_id} {letter.date}", _NOTICE.dump_json(replace(letter, lease="", attempts=0))
        assert self.heads.setdefault(letter.id, head) == head, "a copy has another date"
        assert self.bytes.setdefault((letter.id, self.changes), body) == body, "a copy differs"

    def _left(self, letter: Notice, now: datetime) -> Left:
        shown = {item.work.id for item in letter.items}
        rows = ask(self.store, "SELECT task, rung, due_version FROM notice_items WHERE notice = :id", id=letter.id)
        return Left(
            id=letter.id, at=now, lane=letter.lane, recipient=letter.recipient.id, paper=letter.paper.id if letter.paper else None,
            lines=frozenset(tuple(row) for row in rows if row.task in shown),
        )

    def bounce(self, which: int, now: datetime) -> None:
        """A letter that had left comes back."""
        sent = [letter for letter in self.left.values() if letter.lane in ("new", "digest") and letter.id not in self.back]
        if sent:
            letter = sorted(sent, key=lambda each: (each.at, each.lane, each.recipient))[which % len(sent)]
            self.survive(lambda: bouncing.bounced(self.store, letter.id, now))
            self.back[letter.id] = now

    def names(self) -> dict[tuple[Any, ...], Any]:
        """Tasks by what they are called in every ledger."""
        return {(row.number, row.clause, row.code, row.term): row for row in ask(self.store, _TASKS)}


_TASKS = """
SELECT k.id, d.number, u.clause, a.code, k.term, h.code AS holder, k.due_at FROM tasks k JOIN duties u ON u.id = k.duty
  JOIN directives d ON d.id = k.directive JOIN agencies a ON a.id = k.unit JOIN agencies h ON h.id = k.agency
 ORDER BY d.number, u.position, k.term, a.code"""
