"""Letters on their way: claimed by priority, said over a few connections, each outcome committed before the connection's next letter."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from directives.language.addresses import AddressError
from tasks.letters import Notice, Outcome

from .clerk import Claimed, Clerk
from .outbox import Outbox
from .outcomes import outcome, verdict
from .relay import Line, Relay, RelayBusy, RelayDown, encryption

#: Letters refused one after another before the relay, not the letters, is taken to be at fault.
PATIENCE = 20

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What a run did with the letters it tried; `stopped` says in words why it left letters queued, "" where it left none."""

    sent: int = 0
    retried: int = 0
    failed: int = 0  # refused for good, undeliverable addresses included
    uncertain: int = 0
    stopped: str = ""


async def deliver(
    outbox: Outbox, relay: Relay, compose: Callable[[Notice], bytes], now: Callable[[], datetime] | datetime, *, limit: int | None = None
) -> Delivered:
    """Send what is due, at most `limit` letters, until the outbox is empty or the relay cannot be used.

    After a crash an inbox may get one more copy for each connection, with the same Message-ID and Date; nothing is lost. Cancelled,
    it claims nothing more, finishes the letters in flight, hands back the rest and then raises CancelledError.
    """
    clock = now if callable(now) else lambda: now
    with Clerk(outbox, clock, relay, limit) as clerk:
        return await _Run(clerk, relay, compose).finish()


class _Run:
    """One delivery from start to end: its connections share a clerk and stop together."""

    def __init__(self, clerk: Clerk, relay: Relay, compose: Callable[[Notice], bytes]) -> None:
        self._clerk, self._relay, self._compose = clerk, relay, compose
        self._encryption = encryption(relay)
        self._connections: list[asyncio.Task[None]] = []
        self._counts: Counter[str] = Counter()
        self._refusals = 0
        self._reason = ""

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
        return Delivered(
            sent=count["sent"],
            retried=count["queued"],
            failed=count["failed"] + count["undeliverable"],
            uncertain=count["uncertain"],
            stopped=self._reason if self._clerk.has_more else "",
        )

    def _connect(self, connections: int) -> None:
        while len(self._connections) < connections:
            self._connections.append(asyncio.create_task(self._carry()))

    async def _all(self) -> None:
        while running := [connection for connection in self._connections if not connection.done()]:
            await asyncio.wait(running)
        broken = [error for connection in self._connections if (error := connection.exception())]
        if broken:  # the ledger could not be written, so leases end by themselves
            raise broken[0]
        await self._clerk.close()

    async def _carry(self) -> None:
        line = Line(self._relay, self._encryption)
        try:
            while claimed := await self._clerk.next():
                await self._settle(line, claimed)
        except RelayBusy as busy:
            self._reason = str(busy)
        except RelayDown as down:
            self._reason = str(down)
            self._clerk.stop()
        except BaseException:
            self._clerk.stop()
            line.close()
            raise
        finally:
            await line.quit()

    async def _settle(self, line: Line, claimed: Claimed) -> None:
        try:
            became = await self._say(line, claimed)
        except RelayDown:
            self._clerk.keep(claimed)
            raise
        await self._clerk.record(became)
        self._counts[became.state] += 1
        self._refusals = self._refusals + 1 if became.state == "failed" else 0
        if self._refusals >= PATIENCE:
            raise RelayDown(f"{PATIENCE} thư liền nhau bị từ chối, thư cuối: {became.code} {became.reply}")

    async def _say(self, line: Line, claimed: Claimed) -> Outcome:
        notice = claimed.notice
        try:
            letter = self._compose(notice)
        except AddressError as error:
            return Outcome(notice_id=notice.id, lease=notice.lease, state="undeliverable", reply=str(error))
        except Exception as error:  # one letter that cannot be written must not hold up the others
            log.error("notice %d cannot be written: %s", notice.id, type(error).__name__)
            return Outcome(notice_id=notice.id, lease=notice.lease, state="failed", reply=f"không soạn được thư: {error!r}"[:500])
        return await self._send(line, claimed, letter)

    async def _send(self, line: Line, claimed: Claimed, letter: bytes) -> Outcome:
        for _ in range(2):  # a connection that has rested may be gone, so a letter that was not taken is said once more
            if not line.is_open:
                await line.open()
                self._connect(self._relay.connections)
            answer = await line.send(claimed.notice.recipient.mail or "", letter, by=claimed.by)
            if verdict(answer) != "again":
                break
        became = outcome(claimed.notice, answer)
        assert became is not None  # Line.send raises what is about the relay
        return became
