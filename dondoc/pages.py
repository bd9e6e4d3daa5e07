"""The pages alone, where the flows run on workers of another Prefect: `python -P -m dondoc.pages`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from pathlib import Path

from config.clock import WallClock
from config.office import Office
from config.settings import load
from flows.up import pages_server
from web.app import build
from web.house import House
from web.postman import Postman

from .home import found


def main() -> None:
    """Serve the pages of the project of DONDOC_HOME, or the nearest one, and send their receipts until SIGINT or SIGTERM."""
    office = Office.open(load(Path(os.environ.get("DONDOC_HOME") or found(Path.cwd())).resolve()))
    asyncio.run(serve(office))
    office.close()


async def serve(office: Office) -> None:
    """Serve until a signal comes. Raises OSError where the port is taken."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    clock = WallClock()
    postman = Postman(office, clock)
    web = pages_server(build(House(office, clock, postman), clock.now), office.settings)
    page, posting = asyncio.ensure_future(web.serve()), asyncio.ensure_future(postman.run())
    await asyncio.wait([asyncio.ensure_future(stop.wait()), page], return_when=asyncio.FIRST_COMPLETED)
    web.should_exit = True
    posting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await posting
    await page


if __name__ == "__main__":
    main()
