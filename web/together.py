"""What waits together is answered together: one thread asks for all at once, and tells each when it has the answers."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Generic, TypeVar, cast

Asked = TypeVar("Asked")
Given = TypeVar("Given")

#: At most so many at once, so that whoever writes to the ledger beside them waits but a moment.
MOST = 32


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What one asks, and whom its answer goes to."""

    asked: Any
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Any]


class Together(Generic[Asked, Given]):
    """A queue and its thread; `given` answers any number that wait, in their order."""

    def __init__(self, given: Callable[[Sequence[Asked]], Sequence[Given]]) -> None:
        self._given = given
        self._queue: SimpleQueue[_Waiting] = SimpleQueue()
        self._started = Lock()

    async def answered(self, asked: Asked) -> Given:
        """The answer, once it is there."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(asked, loop, loop.create_future())
        self._queue.put(waiting)
        if self._started.acquire(blocking=False):
            Thread(target=self._run, name="together", daemon=True).start()
        return cast(Given, await waiting.answer)

    def _run(self) -> None:
        while True:
            waiting = [self._queue.get()]
            while len(waiting) < MOST and not self._queue.empty():
                waiting.append(self._queue.get())
            self._answer(waiting)

    def _answer(self, waiting: list[_Waiting]) -> None:
        """All at once; where anything goes wrong, each by itself, so that nobody's fault is anybody else's."""
        try:
            answers: Sequence[Any] = self._given([each.asked for each in waiting])
        except Exception as error:
            if len(waiting) > 1:
                for each in waiting:
                    self._answer([each])
                return
            answers = [error]
        told = defaultdict(list)
        for each, answer in zip(waiting, answers, strict=True):
            told[each.loop].append((each.answer, answer))
        for loop, those in told.items():
            with suppress(RuntimeError):  # the loop has closed
                loop.call_soon_threadsafe(_tell, those)


def _tell(answers: Iterable[tuple[asyncio.Future[Any], Any]]) -> None:
    for waiting, answer in answers:
        if waiting.done():  # whoever waited has gone
            continue
        if isinstance(answer, Exception):
            waiting.set_exception(answer)
        else:
            waiting.set_result(answer)
