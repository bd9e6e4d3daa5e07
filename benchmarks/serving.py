"""Serves what `pages` measures, in a process of its own: our pages over a ledger, or a bare route that gives the same bytes."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import text
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from config.clock import HandClock
from config.office import Office
from config.settings import load
from flows.up import pages_server
from tasks.ledger.store import Store
from web.app import build
from web.house import House
from web.postman import Postman

from .nation import ISSUED


def main(which: str, url: str, home: Path) -> None:
    """Serve until terminated; the port is the first line said."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = load(home, database=url, web_port=port, base_url=f"http://127.0.0.1:{port}")
    clock = HandClock(ISSUED)
    office = Office.open(settings)
    served = build(House(office, clock, Postman(office, clock)), clock.now) if which == "ours" else _bare(office.store, home)
    asyncio.run(_serve(served, office, port))


async def _serve(app: ASGIApp, office: Office, port: int) -> None:
    web = pages_server(app, office.settings)
    serving = asyncio.create_task(web.serve())
    while not web.started:
        await asyncio.sleep(0.01)
    print(port, flush=True)
    await serving


def _bare(store: Store, home: Path) -> Starlette:
    """GET gives a page that is ready, POST takes a form, closes a task by one statement and gives a receipt that is ready."""
    page, receipt = ((home / name).read_bytes() for name in ("page.html", "receipt.html"))

    def close(task: int) -> None:
        with store.write() as db:
            db.execute(text("UPDATE tasks SET state = 'done', closed_at = :at, wake_at = NULL WHERE id = :task"), {"task": task, "at": 1})

    async def duty(request: Request) -> HTMLResponse:
        if request.method != "POST":
            return HTMLResponse(page)
        await request.form()
        await run_in_threadpool(close, int(request.path_params["task"]))
        return HTMLResponse(receipt)

    return Starlette(routes=[Route("/t/{token}/{task}", duty, methods=["GET", "POST"])])


def _said(words: Sequence[str]) -> None:
    which, url, home = words
    main(which, url, Path(home))


if __name__ == "__main__":
    _said(sys.argv[1:])
