"""Sends what an answer calls for at once: receipts and decisions leave while their page is still open; the net is `deliver`."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

from config.clock import Clock
from config.office import Office

log = logging.getLogger("dondoc")


@dataclass
class Postman:
    """One for each process that serves pages. `wake` may be called from any thread; `run` is its loop."""

    office: Office
    clock: Clock
    _loop: asyncio.AbstractEventLoop | None = None
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _idle: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Something may leave."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake)

    async def run(self) -> None:
        """Deliver whenever woken, until cancelled. A mail server that is away leaves the letters to the next delivery."""
        self._loop = asyncio.get_running_loop()
        while True:
            self._idle.set()
            await self._woken.wait()
            self._woken.clear()
            done = await self.office.deliver(self.clock.now)
            if done.stopped:
                log.warning("thư chưa gửi được: %s", done.stopped)

    async def idle(self) -> None:
        """Return when nothing is being sent."""
        await self._idle.wait()

    def _wake(self) -> None:
        self._idle.clear()
        self._woken.set()
