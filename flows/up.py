"""Everything in one process tree: Prefect's server as a child, the schedules and the pages here, stopped by one signal."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator

import uvicorn
from prefect.runner import Runner
from starlette.types import ASGIApp

from config.settings import Settings
from notifications import pauses

from . import server
from .deployments import deployments, forget_overdue

#: Runs at once; each is a process of about 90 MB.
LIMIT = 2

#: When Python's collector looks while pages are served: it walks ten times as seldom, and so 99 of 100 answers are there the sooner.
SELDOM = (10_000, 20, 20)


async def up(settings: Settings, pages: ASGIApp, post: Callable[[], Awaitable[None]], told: Callable[[str, str], None]) -> None:
    """Run until SIGINT or SIGTERM; `post` sends the pages' receipts, `told(what, address)` hears of each part that stands.

    Raises ServerError where Prefect's server does not start, OSError where a port is taken.
    """
    stop = asyncio.Event()
    _listen(stop)  # before all else: a signal that came earlier would leave the server behind
    async with server.running(settings.data, settings.prefect_host, settings.prefect_port) as address:
        told("prefect", address)
        await forget_overdue()
        runner = Runner(name="dondoc", pause_on_shutdown=False, limit=LIMIT, query_seconds=5)
        for deployment in await deployments(settings.zone):
            await runner.aadd_deployment(deployment)
        web = pages_server(pages, settings)
        beat, page, posting = (asyncio.ensure_future(part) for part in (runner.start(), web.serve(), post()))
        while not (web.started or page.done()):
            await asyncio.sleep(0.05)
        _listen(stop)  # the runner took the signals when it started
        told("pages", settings.base_url)
        await asyncio.wait([asyncio.create_task(stop.wait()), beat, page], return_when=asyncio.FIRST_COMPLETED)
        web.should_exit = True
        await runner.astop()
        with contextlib.suppress(asyncio.CancelledError):
            beat.cancel()
            posting.cancel()
            await asyncio.gather(beat, page, posting, return_exceptions=True)


def _listen(stop: asyncio.Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)


class PagesServer(uvicorn.Server):
    """Serves the pages, leaves signals to us, and pauses for the collector as little as it can."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Whoever starts us listens."""
        yield

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Until told to exit; a page leaves much behind that is soon free, so that the collector need not hurry after it."""
        hurry = gc.get_threshold()
        gc.set_threshold(*SELDOM)
        try:
            with pauses.kept():
                await super().serve(sockets)
        finally:
            gc.set_threshold(*hurry)


def pages_server(pages: ASGIApp, settings: Settings) -> PagesServer:
    """A server of the pages that logs no address and trusts no proxy but those that were named."""
    return PagesServer(uvicorn.Config(
        pages, host=settings.web_host, port=settings.web_port, log_level="warning", access_log=False, server_header=False, lifespan="off",
        proxy_headers=bool(settings.trusted_proxies), forwarded_allow_ips=list(settings.trusted_proxies),
    ))
