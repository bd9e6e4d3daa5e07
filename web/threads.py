"""Where the work of a page is done: in a few threads, since more of them only take turns and make everybody wait longer."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

#: At once: under fifty connections three threads on two cores answered twice as fast as the usual forty.
MOST = (os.cpu_count() or 1) + 1

_turns: RunVar[CapacityLimiter] = RunVar("pages")
_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


async def run_in_threadpool(make: Callable[_Given, _Made], *args: _Given.args, **named: _Given.kwargs) -> _Made:
    """What `make` gives, made in one of the threads of the pages."""
    try:
        turns = _turns.get()
    except LookupError:
        _turns.set(turns := CapacityLimiter(MOST))
    return await to_thread.run_sync(partial(make, *args, **named), limiter=turns)
