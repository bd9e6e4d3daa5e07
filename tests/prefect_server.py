"""A Prefect server of the suite's own, for the few tests that need one: settings as `up` gives them."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.server import environment, running


@contextmanager
def server(folder: Path, port: int) -> Iterator[str]:
    """The server's address while the block runs, with this process's Prefect pointed at it."""
    os.environ |= environment(folder, "127.0.0.1", port)
    ready, stop, loop = threading.Event(), asyncio.Event(), asyncio.new_event_loop()

    async def stand() -> None:
        async with running(folder, "127.0.0.1", port):
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(stand(),), daemon=True)
    thread.start()
    if not ready.wait(90):
        raise RuntimeError((folder / "prefect.log").read_text(encoding="utf-8"))
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
