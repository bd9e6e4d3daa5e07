"""The showing: a mail sink, Prefect's server and the pages stand, the story is played, the pages keep serving or end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from config.clock import HandClock
from config.office import Office
from flows import desk, server
from flows.up import pages_server
from notifications.sink import Sink
from web.app import build
from web.house import House
from web.postman import Postman

from .browser import Browser
from .script import Script
from .story import START, Story, at


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a showing came to, and where to look at it."""

    summary: dict[str, Any]
    addresses: dict[str, str]
    home: Path


async def show(home: Path, *, seed: int, told: Callable[[date, str, int], None], ended: Callable[[Shown], None], once: bool) -> None:
    """Play the story in the project `home`. `ended` hears how it went; without `once` it serves until SIGINT or SIGTERM."""
    began = time.monotonic()
    with Sink(home / "mail") as sink:
        # The flows open the project by its folder, as they do in production.
        os.environ |= {"DONDOC_HOME": str(home), "DONDOC_SMTP_PORT": str(sink.port)}
        office, clock = desk.office(), HandClock(at(START, 9))
        settings = office.settings
        async with server.running(settings.data, settings.prefect_host, settings.prefect_port) as prefect, pages(office, clock) as postman:
            async with httpx.AsyncClient(timeout=30, follow_redirects=True) as client:
                story = Story(office, clock, sink, postman, Browser(client), Script(seed), told)
                await story.play()
            ended(Shown(summary=summary(story, time.monotonic() - began), addresses=addresses(story, prefect), home=home))
            if not once:
                await _until_stopped()
        office.close()


def summary(story: Story, seconds: float) -> dict[str, Any]:
    """The counts that the demonstration ends with."""
    found = story.office.counted(story.clock.at)
    return {**found, "answers": story.answers, "flow_runs": sum(story.runs.values()), "seconds": round(seconds, 1)}


def addresses(story: Story, prefect: str) -> dict[str, str]:
    """Three pages to open: the chairman's, an agency's, Prefect's."""
    return {
        "leader": story.pages["ct@cairang.example"], "agency": story.desks["balang@cairang.example"], "prefect": f"{prefect}/runs",
    }


@contextlib.asynccontextmanager
async def pages(office: Office, clock: HandClock) -> AsyncIterator[Postman]:
    """Serve the pages and send their receipts until the block ends."""
    postman = Postman(office, clock)
    posting = asyncio.create_task(postman.run())
    app = build(House(office, clock, postman), clock.now)
    web = pages_server(app, office.settings)
    serving = asyncio.create_task(web.serve())
    while not (web.started or serving.done()):
        await asyncio.sleep(0.02)
    try:
        yield postman
    finally:
        web.should_exit = True
        posting.cancel()
        await asyncio.gather(serving, posting, return_exceptions=True)


async def _until_stopped() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
