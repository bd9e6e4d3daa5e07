"""Letters on their way: claimed by priority, said over a few connections, each outcome committed before the connection's next letter."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from tasks.letters import Outcome

from . import pauses
from .clerk import Claimed, Clerk
from .outbox import Outbox
from .outcomes import outcome, slows, verdict
from .pace import Pace
from .relay import Line, Relay, RelayBusy, RelayDown, encryption
from .scribe import Room, Scribe
from .written import Compose

#: Letters refused one after another before the relay, not the letters, is taken to be at fault.
PATIENCE = 20

#: Seconds that a thread may keep the interpreter while the loop wants it.
SWITCH = 0.0005

REFUSED = "{n} thư liền nhau bị từ chối, thư cuối: {said}"
SPENT = "{host} đã hết {n} thư của 24 giờ; thư còn lại đi dần khi có lượt"

log = logging.getLogger(__name__)


class LettersRefused(RelayDown):
    """The mail server takes none of many letters; another would hardly take them either, and nobody knows why yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What a run did with the letters it tried; `stopped` says in words why it left letters queued, "" where it left none.

    `is_down`: the relay could not be reached or would not serve, so that another may be tried. `is_shared`: others had all connections,
    and send. `is_spent`: the day has had all the letters that the relay allows; nothing is wrong.
    """

    sent: int = 0
    retried: int = 0
    failed: int = 0  # refused for good, undeliverable addresses included
    uncertain: int = 0
    stopped: str = ""
    is_down: bool = False
    is_shared: bool = False
    is_spent: bool = False

    def __add__(self, then: Delivered) -> Delivered:
        """Both runs, one after the other: the counts of both, and how the second ended."""
        return replace(
            then, sent=self.sent + then.sent, retried=self.retried + then.retried, failed=self.failed + then.failed,
            uncertain=self.uncertain + then.uncertain,
        )


async def deliver(
    outbox: Outbox, relay: Relay, compose: Compose, now: Callable[[], datetime] | datetime, *, limit: int | None = None,
    pace: Pace | None = None, room: Room | None = None,
) -> Delivered:
    """Send what is due, at most `limit` letters, until the outbox is empty or the relay cannot be used.

    After a crash an inbox may get one more copy for each connection, with the same Message-ID and Date; nothing is lost. Cancelled,
    it claims nothing more, finishes the letters in flight, hands back the rest and then raises CancelledError. Without a `pace` that is
    shared, this run keeps its own. `room` opens the same outbox in another process, which writes for this one where letters are many.
    """
    with pauses.kept(), _short_turns(), Clerk(outbox, Scribe(outbox, compose, room), now, relay, limit=limit, pace=pace) as clerk:
        async with clerk.seated() as seats:
            if not seats:
                return Delivered(is_shared=True)
            return await _Run(clerk, relay, seats).finish()


@contextmanager
def _short_turns() -> Iterator[None]:
    """Let the thread that writes give the interpreter back to the loop sooner than after 5 ms at each word."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


class _Run:
    """One delivery from start to end: its connections share a clerk and stop together."""

    def __init__(self, clerk: Clerk, relay: Relay, seats: int) -> None:
        self._clerk, self._relay, self._seats = clerk, relay, seats
        self._encryption = encryption(relay)
        self._connections: list[asyncio.Task[None]] = []
        self._counts: Counter[str] = Counter()
        self._refusals = 0
        self._reason = ""
        self._is_down = False

    async def finish(self) -> Delivered:
        self._connect(1)  # alone until it has logged in, so that a wrong password is tried once and not eight times
        everything = asyncio.create_task(self._all())
        try:
            await asyncio.shield(everything)
        except asyncio.CancelledError:
            self._clerk.stop()
            await everything
            raise
        count = self._counts
        if self._clerk.day_is_spent:
            self._reason = self._reason or SPENT.format(host=self._relay.host, n=self._relay.per_day)
        if (await self._clerk.trouble(self._reason, is_proven=count.total() > 0)) and self._reason:
            log.error("%s", self._reason)
        return Delivered(
            sent=count["sent"],
            retried=count["queued"],
            failed=count["failed"] + count["undeliverable"],
            uncertain=count["uncertain"],
            stopped=self._reason if self._clerk.has_more else "",
            is_down=self._is_down,
            is_spent=self._clerk.day_is_spent,
        )

    def _connect(self, connections: int) -> None:
        while len(self._connections) < connections:
            self._connections.append(asyncio.create_task(self._carry()))

    async def _all(self) -> None:
        while running := [connection for connection in self._connections if not connection.done()]:
            await asyncio.wait(running)
        broken = [error for connection in self._connections if (error := connection.exception())]
        if broken:  # the ledger could not be written, so leases end by themselves
            await self._clerk.abandon()
            raise broken[0]
        await self._clerk.close()

    async def _carry(self) -> None:
        line = Line(self._relay, self._encryption)
        try:
            claimed = await self._clerk.next()
            while claimed:
                claimed = await self._settle(line, claimed)
        except RelayBusy as busy:
            self._reason = str(busy)
            await self._clerk.slower()
        except RelayDown as down:
            self._reason, self._is_down = str(down), not isinstance(down, LettersRefused)
            self._clerk.stop()
        except BaseException:
            self._clerk.stop()
            line.close()
            raise
        finally:
            await line.quit()

    async def _settle(self, line: Line, claimed: Claimed) -> Claimed | None:
        """Say a letter and return the next, which is waited for while the outcome of this one is committed, and not said before."""
        content = claimed.letter.content
        try:
            became = content if isinstance(content, Outcome) else await self._send(line, claimed, content)
        except RelayDown:
            self._clerk.keep(claimed)
            raise
        recording = asyncio.create_task(self._clerk.record(became))
        try:
            following = await self._clerk.next()
        finally:
            await recording
        self._counts[became.state] += 1
        self._refusals = self._refusals + 1 if became.state == "failed" else 0
        is_over = self._refusals >= PATIENCE
        if following and (is_over or self._clerk.is_stopped):
            self._clerk.keep(following)
            following = None
        if is_over:
            raise LettersRefused(REFUSED, n=PATIENCE, said=f"{became.code} {became.reply}")
        return following

    async def _send(self, line: Line, claimed: Claimed, content: bytes) -> Outcome:
        letter = claimed.letter
        sender = self._relay.sender_of(letter.id, letter.date)
        for _ in range(2):  # a connection that has rested may be gone, so a letter that was not taken is said once more
            if not line.is_open:
                await line.open()
                self._connect(self._seats)
            answer = await line.send(letter.mail, content, by=claimed.by, sender=sender)
            if slows(answer):
                await self._clerk.slower()
            if verdict(answer) != "again":
                break
        became = outcome(letter, answer)
        assert became is not None  # Line.send raises what is about the relay
        return became
