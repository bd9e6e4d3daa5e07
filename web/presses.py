"""Presses that wait together are recorded together: one thread, one transaction and one commit for all, each answered once it stands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import cached_property
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar, cast

from starlette.exceptions import HTTPException

from config.office import Office

T = TypeVar("T")

#: At most so many in one transaction, so that whoever writes beside them waits but a moment.
MOST = 32


@dataclass(frozen=True, slots=True)
class _Press:
    """What one press does, and whom its answer goes to."""

    work: Callable[[], Any]
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Any]


class Presses:
    """The queue of presses; `together` opens a transaction of which everything is part that its thread reads and writes within."""

    def __init__(self, together: Callable[[], AbstractContextManager[object]]) -> None:
        self._together = together
        self._queue: SimpleQueue[_Press] = SimpleQueue()
        self._started = Lock()

    async def recorded(self, work: Callable[[], T]) -> T:
        """What the work gives once all that it wrote stands; in their order."""
        loop = asyncio.get_running_loop()
        press = _Press(work, loop, loop.create_future())
        self._queue.put(press)
        if self._started.acquire(blocking=False):
            Thread(target=self._run, name="presses", daemon=True).start()
        return cast(T, await press.answer)

    def _run(self) -> None:
        while True:
            waiting = [self._queue.get()]
            while len(waiting) < MOST and not self._queue.empty():
                waiting.append(self._queue.get())
            self._record(waiting)

    def _record(self, waiting: list[_Press]) -> None:
        """All in one transaction; where anything goes wrong nothing stands, and each has one of its own."""
        try:
            with self._together():
                answers = [_done(press.work) for press in waiting]
        except Exception as error:
            if len(waiting) == 1:
                answers = [error]
            else:
                for press in waiting:
                    self._record([press])
                return
        for press, answer in zip(waiting, answers, strict=True):
            with suppress(RuntimeError):  # the loop has closed
                press.loop.call_soon_threadsafe(_tell, press.answer, answer)


class Pressed:
    """The part of `web.front.Front` that says how looks and presses are taken, over an office."""

    office: Office

    @cached_property
    def at_once(self) -> bool:
        """SQLite answers within this process."""
        return self.office.store.is_sqlite

    def moment(self) -> AbstractContextManager[None]:
        """One moment for all that is asked within."""
        return self.office.store.moment()

    async def recorded(self, work: Callable[[], T]) -> T:
        """Record presses that wait together by one transaction."""
        return await self._presses.recorded(work)

    @cached_property
    def _presses(self) -> Presses:
        return Presses(self.office.store.together)


def _done(work: Callable[[], Any]) -> Any:
    """A refusal is an answer like any other: what was written before it stands."""
    try:
        return work()
    except HTTPException as refusal:
        return refusal


def _tell(waiting: asyncio.Future[Any], answer: Any) -> None:
    if waiting.done():  # whoever waited has gone
        return
    if isinstance(answer, Exception):
        waiting.set_exception(answer)
    else:
        waiting.set_result(answer)
