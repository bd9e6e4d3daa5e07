"""Between the connections and the outbox: hands out claimed letters at the relay's pace, commits waiting outcomes together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import NamedTuple, ParamSpec, Self, TypeVar

from tasks.letters import Notice, Outcome

from .outbox import LANES, Outbox
from .relay import Relay

P = ParamSpec("P")
T = TypeVar("T")

#: Seconds after a claim in which a letter must reach its dot; the lease outlives them by the ten minutes that the relay may take.
FRESH = 240.0


class Claimed(NamedTuple):
    """A letter that is ours to say, and the instant of the loop's clock by which its dot must be reached."""

    notice: Notice
    by: float


class Clerk:
    """The only one in a run who speaks to the outbox, from a thread of its own, one call at a time."""

    def __init__(self, outbox: Outbox, clock: Callable[[], datetime], relay: Relay, limit: int | None) -> None:
        self._outbox, self._clock = outbox, clock
        self._thread = ThreadPoolExecutor(1, "outbox")
        self._batch = min(20 * relay.connections, 2 * (relay.per_minute or 10_000))
        self._pause = 60 / relay.per_minute if relay.per_minute else 0.0
        self._left = limit
        self._hand: deque[Claimed] = deque()
        self._next_turn = 0.0
        self._empty = False
        self._stopped = asyncio.Event()
        self._claiming, self._committing = asyncio.Lock(), asyncio.Lock()
        self._outcomes: dict[int, Outcome] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._thread.shutdown(wait=False)

    def stop(self) -> None:
        """Hand out nothing more."""
        self._stopped.set()

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
            await self._turn()
            if self._hand and _monotonic() > self._hand[0].by - FRESH / 2:
                await self._hand_back()
            if not self._hand and not self._empty and not self._stopped.is_set():
                await self._claim()
            if self._stopped.is_set() or not self._hand:
                return None
            return self._hand.popleft()

    async def record(self, outcome: Outcome) -> None:
        """Return when the outcome is committed; whoever comes first commits for all that wait."""
        self._outcomes[outcome.notice_id] = outcome
        async with self._committing:
            if outcome.notice_id in self._outcomes:
                waiting, self._outcomes = self._outcomes, {}
                await self._call(self._outbox.record, list(waiting.values()), self._clock())

    async def close(self) -> None:
        """Hand back what was claimed and not said."""
        if self._hand:
            await self._hand_back()

    async def _claim(self) -> None:
        size = self._batch if self._left is None else min(self._batch, self._left)
        by = _monotonic() + FRESH
        for lane in LANES if size > 0 else ():
            claimed: Sequence[Notice] = await self._call(self._outbox.claim, lane, self._clock(), size)
            if claimed:
                self._hand.extend(Claimed(notice, by) for notice in claimed)
                self._left = None if self._left is None else self._left - len(claimed)
                return
        self._empty = True

    async def _hand_back(self) -> None:
        unused = tuple(claimed.notice for claimed in self._hand)
        self._hand.clear()
        self._empty = False
        self._left = None if self._left is None else self._left + len(unused)
        await self._call(self._outbox.release, unused, self._clock())

    async def _turn(self) -> None:
        if not self._pause or not self.has_more:
            return
        wait = self._next_turn - _monotonic()
        if wait > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), wait)
        self._next_turn = max(self._next_turn, _monotonic()) + self._pause

    async def _call(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(*args, **kwargs))


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
