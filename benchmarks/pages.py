"""Agency pages under wrk: a duty's page and its answer for many links, against a bare route that gives the same bytes and one UPDATE."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
from sqlalchemy import text

from config.settings import Settings, load
from notifications.delivery import deliver
from notifications.relay import Relay
from tasks.ledger import roster
from tasks.ledger.opening import open_directive
from tasks.ledger.outbox import LedgerOutbox
from tasks.ledger.store import Store

from .delivering import COMPOSER, SENDER
from .measuring import Bound, Figure, Taken
from .million import settle
from .nation import CALENDAR, ISSUED, PRACTICE, directory, paper
from .sink import sink
from .stores import KINDS, Shelf

SCHOOLS, CONNECTIONS, SECONDS = 6_000, 50, 6
RUNS = 3
P99 = {"SQLite": 100, "PostgreSQL": 250}
NOON = ISSUED + timedelta(hours=4)

#: GET of a duty, then the press that reports it done, for one duty of one link after another.
SCRIPT = Path(__file__).parent / "pages.lua"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """What wrk saw."""

    a_second: float
    p99: float  # seconds
    wrong: int


def pages(shelf: Shelf, *, small: bool) -> Iterable[Figure]:
    """With delivery at rest, then while it sends the letters of the same ledger."""
    seconds = 1 if small else SECONDS
    for kind in KINDS:
        full = shelf.kept(kind, "desks", partial(_fill, 200 if small else SCHOOLS))
        for delivers in (False, True):
            runs = [_pair(shelf, kind, full, seconds, delivers=delivers) for _ in range(1 if small else RUNS)]
            yield from _figures(kind, runs, delivers=delivers)


def _figures(kind: str, runs: Sequence[tuple[Pressed, Pressed]], *, delivers: bool) -> Iterable[Figure]:
    said = f"GET and POST of a duty over {CONNECTIONS} connections{' while letters are delivered' if delivers else ''}"
    taken = Taken(ours=tuple(1 / ours.a_second for ours, _ in runs), bare=tuple(1 / bare.a_second for _, bare in runs))
    yield taken.ratio("pages", f"{said}, against a bare route", kind, Bound(at="≥", value=0.5, unit="×"))
    slow = Taken(ours=tuple(ours.p99 for ours, _ in runs))
    yield slow.span("pages", f"{said}: 99 of 100 within", kind, Bound(at="<", value=P99[kind], unit="ms"))


def _fill(schools: int, store: Store) -> None:
    """A directive to so many schools, each with the link that its letter carries."""
    people = directory(schools)
    open_directive(store, paper(people), people, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    with store.write() as db:
        roster.link(db, (number for code, number in roster.codes(db).items() if code.startswith("s")), "desk")
    settle(store)


def _pair(shelf: Shelf, kind: str, full: Store, seconds: int, *, delivers: bool) -> tuple[Pressed, Pressed]:
    """Ours and the bare way in turn, each on a fresh ledger."""
    home = shelf.folder / "home"
    home.mkdir(exist_ok=True)
    with shelf.copy(kind, full) as store, _letters(store, delivers), _served("ours", store, home) as base:
        desks = _desks(store, load(home))
        page, receipt = _sample(base, desks.pop())
        ours = _wrk(base, desks, seconds, home)
    (home / "page.html").write_bytes(page)
    (home / "receipt.html").write_bytes(receipt)
    with shelf.copy(kind, full) as store, _served("bare", store, home) as base:
        bare = _wrk(base, desks, seconds, home)
    assert ours.wrong == bare.wrong == 0, (ours, bare)
    return ours, bare


def _desks(store: Store, settings: Settings) -> list[str]:
    """The address of every duty of every link."""
    with store.read() as db:
        rows = db.execute(text(_DUTIES)).all()
    return [f"/t/{settings.keys.token('desk', row.link, row.code)}/{row.task}" for row in rows]


def _sample(base: str, duty: str) -> tuple[bytes, bytes]:
    """A duty's page and a receipt, by a person's own road."""
    with httpx.Client(base_url=base, headers={"accept-encoding": "identity"}) as client:
        page = client.get(duty)
        nonce = re.search(r'name="nonce" value="([^"]+)"', page.text)
        assert nonce, page.text
        press = {"step": "send", "kind": "done", "nonce": nonce[1], "name": "Cán bộ tổng hợp", "role": "Văn thư"}
        receipt = client.post(duty, data=press, headers={"origin": base})
        assert receipt.status_code == 200, receipt.text
        return page.content, receipt.content


def _wrk(base: str, desks: Sequence[str], seconds: int, folder: Path) -> Pressed:
    (folder / "desks.txt").write_text("\n".join(desks), encoding="ascii")
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s"]
    command += ["-s", str(SCRIPT), base, "--", str(folder / "desks.txt")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    seen = json.loads(said.splitlines()[-1])
    return Pressed(a_second=max(1, seen["requests"]) / seen["seconds"], p99=seen["p99"], wrong=seen["wrong"])


@contextmanager
def _served(which: str, store: Store, home: Path) -> Iterator[str]:
    """The address of pages in a process of their own."""
    url = store.url.render_as_string(hide_password=False)
    child = subprocess.Popen([sys.executable, "-m", "benchmarks.serving", which, url, str(home)], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout
        yield f"http://127.0.0.1:{int(child.stdout.readline())}"
    finally:
        child.terminate()
        child.communicate()


@contextmanager
def _letters(store: Store, delivers: bool) -> Iterator[None]:
    """Letters on their way from the same ledger as long as the block lasts, from a thread of this process."""
    if not delivers:
        yield
        return
    ended = threading.Event()
    with sink() as port:
        relay = Relay(host="127.0.0.1", port=port, sender=SENDER, tls="plain", connections=8)
        thread = threading.Thread(target=lambda: asyncio.run(_until(ended, store, relay)))
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


async def _until(ended: threading.Event, store: Store, relay: Relay) -> None:
    outbox = LedgerOutbox(store, CALENDAR, "giao-duc.example")
    while not ended.is_set():
        await deliver(outbox, relay, COMPOSER.compose, NOON, limit=400)


_DUTIES = """
SELECT k.id AS task, a.code, l.id AS link
  FROM tasks k JOIN agencies a ON a.id = k.agency JOIN links l ON l.agency = a.id AND l.purpose = 'desk'
 ORDER BY k.duty, k.id"""
