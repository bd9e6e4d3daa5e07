"""What a process opens that writes letters for another: for tests of it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from functools import partial

from directives.language.calendar import Calendar
from notifications import scribe
from notifications.scribe import Scribe
from notifications.written import Compose
from tasks.ledger.outbox import LedgerOutbox
from tasks.ledger.store import Store
from tasks.letters import Notice
from tests.notices import composer


def room(url: str) -> tuple[LedgerOutbox, Compose]:
    """The letters of a ledger, and who writes them."""
    return LedgerOutbox(Store(url), Calendar(), "cairang.example"), composer().compose


def deadly(url: str) -> tuple[LedgerOutbox, Compose]:
    """The same, with a letter that ends the process."""

    def ends(notice: Notice) -> bytes:
        os._exit(1)

    return room(url)[0], ends


def hold(url: str, now: datetime) -> None:
    """Have letters written by another process, say so, and stay until killed."""
    scribe.MANY = 0
    first = Scribe(*room(url), partial(room, url))
    first.claim(now, 1)
    sys.stdout.write("started\n")
    sys.stdout.flush()
    sys.stdin.read()


def held(url: str, now: datetime) -> subprocess.Popen[str]:
    """A process that does so; who started it reads its errors to their end when both have ended."""
    code = f"from datetime import datetime; from tests.scribes import hold; hold({url!r}, datetime.fromisoformat({now.isoformat()!r}))"
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe, stderr=pipe, text=True)
