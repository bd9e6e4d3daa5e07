"""Between the connections and the outbox: claims ahead, hands out letters at the relay's pace, commits waiting outcomes together."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from types import TracebackType
from typing import NamedTuple, ParamSpec, Self, TypeVar

from tasks.letters import Outcome

from . import pace as pacing
from .outbox import Outbox
from .pace import URGENT, Alone, Pace, milliseconds, spread
from .relay import Relay
from .scribe import Scribe
from .written import Written

P = ParamSpec("P")
T = TypeVar("T")

#: Seconds after a claim in which a letter must reach its dot; the lease outlives them by the ten minutes that the relay may take.
FRESH = 240.0

#: Turns of the loop before a commit, so that who hears from the relay at about the same moment comes along; no time where it is slow.
GATHERING = 8


class Claimed(NamedTuple):
    """A letter that is ours to say, and the instant of the loop's clock by which its dot must be reached."""

    letter: Written
    by: float
    at: float = 0.0  # its turn, of the same clock


class Clerk:
    """The only one in a run who speaks to the outbox: from one thread it claims, from another it records, each a call at a time."""

    def __init__(
        self, outbox: Outbox, scribe: Scribe, now: Callable[[], datetime] | datetime, relay: Relay, *, limit: int | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._outbox, self._scribe, self._relay, self._pace = outbox, scribe, relay, pace or Alone()
        # A run that is told its instant stays there for a minute, then moves on, since leases do; its turns move on at once.
        self._clock, self._exact = (now, now) if callable(now) else (_running(now, 60_000), _running(now, 1))
        self._claims, self._thread = ThreadPoolExecutor(1, "claims"), ThreadPoolExecutor(1, "outbox")
        # Two of them are in hand at most: what a paced relay takes in 15 seconds, so that a more urgent letter waits no longer.
        self._batch = min(10 * relay.connections, max(1, relay.per_minute // 8) if relay.per_minute else 10_000)
        self._left = limit
        self._hand: deque[Claimed] = deque()
        self._ahead: asyncio.Task[None] | None = None
        self._empty = False
        self._orders, self._looked = -1, 0.0
        self.day_is_spent = False
        self._stopped = asyncio.Event()
        self._claiming, self._committing = asyncio.Lock(), asyncio.Lock()
        self._outcomes: dict[int, Outcome] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._claims.submit(self._scribe.close)
        for thread in (self._claims, self._thread):
            thread.shutdown(wait=False)

    def stop(self) -> None:
        """Hand out nothing more."""
        self._stopped.set()

    @property
    def is_stopped(self) -> bool:
        """Whether nothing more is handed out, nor to be said of what was."""
        return self._stopped.is_set()

    @property
    def has_more(self) -> bool:
        """Whether letters may be left that nobody has tried."""
        return bool(self._hand) or not self._empty

    def keep(self, claimed: Claimed) -> None:
        """Take back a letter that was handed out and not said."""
        self._hand.appendleft(claimed)

    async def next(self) -> Claimed | None:
        """The next letter, when the relay's pace allows; None when there is none, or the run stops."""
        async with self._claiming:
            if self._hand and (_monotonic() > self._hand[0].by - FRESH / 2 or await self._is_countermanded()):
                await self._hand_back()
            await self._fill()
            if self._hand:
                await self._turn(self._hand[0].at)
            if self._stopped.is_set() or not self._hand:
                return None
            return self._hand.popleft()

    async def slower(self) -> None:
        """The relay has asked for less: what is in hand gets later turns."""
        async with self._claiming:
            await self._call(self._pace.slower, self._relay.name, self._relay.limits, self._exact())
            await self.close()

    async def record(self, outcome: Outcome) -> None:
        """Return when the outcome is committed; whoever comes first commits for all that wait."""
        self._outcomes[outcome.notice_id] = outcome
        async with self._committing:
            if outcome.notice_id in self._outcomes:
                for _ in range(GATHERING):
                    await asyncio.sleep(0)
                waiting, self._outcomes = self._outcomes, {}
                await self._call(self._outbox.record, list(waiting.values()), self._clock())

    async def close(self) -> None:
        """Hand back what was claimed and not said."""
        await self._claimed()
        if self._hand:
            await self._hand_back()

    async def abandon(self) -> None:
        """Leave what was claimed to its lease; only wait until nothing is under way."""
        with suppress(Exception):
            await self._claimed()

    @asynccontextmanager
    async def seated(self) -> AsyncIterator[int]:
        """The relay's connections that are this run's until it ends."""
        holder = secrets.token_hex(8)
        seats = await self._seats(holder)
        keeping = asyncio.create_task(self._keep_seats(holder))
        try:
            yield seats
        finally:
            keeping.cancel()
            await self._call(self._pace.leave, self._relay.name, holder)

    async def trouble(self, words: str, *, is_proven: bool) -> bool:
        """Remember why the relay cannot be used; that it can, only where it has taken a letter. False where that is known already."""
        return (bool(words) or is_proven) and await self._call(self._pace.trouble, self._relay.name, words, self._clock())

    async def _seats(self, holder: str) -> int:
        return await self._call(self._pace.seats, self._relay.name, self._relay.limits, holder, self._exact())

    async def _keep_seats(self, holder: str) -> None:
        while True:
            await asyncio.sleep(pacing.HEARTBEAT)
            await self._seats(holder)

    async def _fill(self) -> None:
        """Claim the next letters while the last of those in hand are said, so that nobody waits for them."""
        if self._ahead and (self._ahead.done() or not self._hand):
            await self._claimed()
        if self._ahead or self._empty or self.day_is_spent or self._stopped.is_set():
            return
        if len(self._hand) < self._batch:
            self._ahead = asyncio.create_task(self._claim())
        if not self._hand:
            await self._claimed()

    async def _claimed(self) -> None:
        """Wait until what is being claimed is in hand."""
        ahead, self._ahead = self._ahead, None
        if ahead:
            await ahead

    async def _claim(self) -> None:
        size = self._batch if self._left is None else min(self._batch, self._left)
        by = _monotonic() + FRESH
        if claimed := await _in(self._claims, self._scribe.claim, self._clock(), size) if size > 0 else ():
            await self._take_turns(claimed, by)
        else:
            self._empty = True

    async def _take_turns(self, claimed: Sequence[Written], by: float) -> None:
        """Put in hand what the relay's pace allows, and hand back the rest at once."""
        now = self._exact()
        urgent = claimed[0].lane in URGENT
        turns = await self._call(self._pace.turns, self._relay.name, self._relay.limits, len(claimed), now, urgent=urgent)
        first = _monotonic() + (turns.first - milliseconds(now)) / 1000
        self._hand.extend(
            Claimed(letter, by, first + place * turns.every / 1000) for place, letter in enumerate(spread(claimed[: turns.letters]))
        )
        self._left = None if self._left is None else self._left - turns.letters
        if rest := claimed[turns.letters :]:
            await self._call(self._outbox.release, rest, self._clock())
        self.day_is_spent = not turns.letters

    async def _is_countermanded(self) -> bool:
        """Whether an operator has given other orders since the last look."""
        if _monotonic() < self._looked + pacing.LOOK:
            return False
        before, self._orders = self._orders, await self._call(self._pace.orders)
        self._looked = _monotonic()
        return before not in (-1, self._orders)

    async def _hand_back(self) -> None:
        await self._claimed()
        unused = tuple(claimed.letter for claimed in self._hand)
        self._hand.clear()
        self._empty = False
        self._left = None if self._left is None else self._left + len(unused)
        await self._call(self._outbox.release, unused, self._clock())
        if self._relay.per_day is not None:
            await self._call(self._pace.unused, self._relay.name, len(unused))

    async def _turn(self, at: float) -> None:
        if (wait := at - _monotonic()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), wait)

    async def _call(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await _in(self._thread, work, *args, **kwargs)


async def _in(thread: ThreadPoolExecutor, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    return await asyncio.get_running_loop().run_in_executor(thread, lambda: work(*args, **kwargs))


def _running(start: datetime, step: int) -> Callable[[], datetime]:
    """A clock that shows `start` now and moves on by so many milliseconds at a time."""
    began = _monotonic()
    return lambda: start + timedelta(milliseconds=(_monotonic() - began) * 1000 // step * step)


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
