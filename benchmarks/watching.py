"""What a run does to its process while it lasts: how long its event loop answers nothing, whether its memory grows."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import NamedTuple, TypeVar

T = TypeVar("T")

#: Seconds between two looks.
EVERY = 0.005


class Seen(NamedTuple):
    """The longest lag of the loop in seconds, and how many times the memory of the first tenth the last tenth needed."""

    lag: float
    growth: float


async def watched(work: Awaitable[T]) -> tuple[T, Seen]:
    """Do the work and look at the process meanwhile, from the same loop."""
    lags, sizes = [0.0], [_resident()]
    looking = asyncio.create_task(_look(lags, sizes))
    try:
        done = await work
    finally:
        looking.cancel()
    sizes.append(_resident())
    tenth = max(1, len(sizes) // 10)
    return done, Seen(max(lags), max(sizes[-tenth:]) / max(sizes[:tenth]))


async def _look(lags: list[float], sizes: list[int]) -> None:
    while True:
        asked = time.perf_counter()
        await asyncio.sleep(EVERY)
        lags.append(time.perf_counter() - asked - EVERY)
        sizes.append(_resident())


def _resident() -> int:
    """Octets of memory that the process holds now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
