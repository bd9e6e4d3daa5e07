"""The collector stays away from what a program holds while it serves, and is as it was afterwards."""

from __future__ import annotations

import asyncio
import gc
import socket
from pathlib import Path

from starlette.responses import PlainTextResponse

from config.settings import load
from flows.up import SELDOM, pages_server
from notifications import pauses


def test_a_block_within_another_leaves_what_the_outer_holds() -> None:
    with pauses.kept():
        held = gc.get_freeze_count()
        made = [[number] for number in range(1000)]  # which the collector may walk through
        with pauses.kept():
            assert 1000 < gc.get_freeze_count() <= held  # less, once something of it is gone
        assert 1000 < gc.get_freeze_count() <= held
        assert len(made) == 1000
    assert gc.get_freeze_count() == 0


def test_pages_are_served_without_long_pauses_and_nothing_of_it_stays(tmp_path: Path) -> None:
    before = gc.get_threshold()

    async def play() -> tuple[int, tuple[int, int, int]]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            web = pages_server(PlainTextResponse("trang"), load(tmp_path))
            serving = asyncio.create_task(web.serve([free]))
            while not web.started:
                await asyncio.sleep(0)
            seen = gc.get_freeze_count(), gc.get_threshold()
            web.should_exit = True
            await serving
        return seen

    held, threshold = asyncio.run(play())
    assert held > 1000
    assert threshold == SELDOM
    assert (gc.get_freeze_count(), gc.get_threshold()) == (0, before)
