"""A clock for tests of waiting: where nobody has anything to say, time passes at once."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from concurrent.futures import Executor
from typing import Any, TypeVar

T = TypeVar("T")


class _Impatient(selectors.DefaultSelector):
    """Waits for what is under way between this process's own threads and sockets; for timers it does not."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if found := super().select(0):
            return found
        if timeout == 0:
            return []
        found = super().select(0.2 if self.loop.working or timeout is None else 0.001)
        if not found and timeout is not None and not self.loop.working:
            self.loop.passed += timeout
        return found


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose seconds pass as soon as nothing is left to do in them."""

    def __init__(self) -> None:
        self.passed, self.working = 0.0, 0
        selector = _Impatient()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        """Seconds since the loop began, none of them waited for."""
        return self.passed

    def run_in_executor(self, executor: Executor | None, func: Any, *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]  # any function
        """Work of a thread is waited for as long as it takes."""
        self.working += 1
        done = super().run_in_executor(executor, func, *args)
        done.add_done_callback(self._rested)
        return done

    def _rested(self, _: asyncio.Future[Any]) -> None:
        self.working -= 1


def played(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run to the end on a clock of its own."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(coroutine)
