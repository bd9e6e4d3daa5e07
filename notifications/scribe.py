"""Who claims and writes letters for a run: the run's own thread, and, once many have been asked for, a process beside it.

Both freeze a letter in the ledger before they hand it out. A process that dies leaves what it had claimed to its lease, as any worker
does, and the run goes on by itself; a run that dies takes its process with it, which hears that nobody asks any more.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from . import written
from .outbox import Outbox
from .written import Compose, Written

#: What a process opens for itself: the outbox and its composer. It is sent there, and so has to be a function with plain values.
Room = Callable[[], tuple[Outbox, Compose]]

#: Letters claimed before a process is started. It needs a second or two to get ready: most runs are over before.
MANY = 1_500

log = logging.getLogger(__name__)


class Scribe:
    """Claims and writes, one call at a time. Without a `room` it never starts a process."""

    def __init__(self, outbox: Outbox, compose: Compose, room: Room | None = None) -> None:
        self._outbox, self._compose, self._room = outbox, compose, room
        self._claimed = 0
        self._other: _Process | None = None

    def claim(self, now: datetime, limit: int) -> list[Written]:
        """At most `limit` letters of the first lane that has any due; none left gives none."""
        if self._other and (letters := self._other.claim(now, limit)) is not None:
            return letters
        letters = written.claim(self._outbox, self._compose, now, limit)
        self._claimed += len(letters)
        if self._room and self._claimed >= MANY and self._other is None:
            self._other = _Process(self._room)
        return letters

    def close(self) -> None:
        """Let the process end, and wait for it."""
        if self._other:
            self._other.close()


class _Process:
    """The run's end of the line to the process."""

    def __init__(self, room: Room) -> None:
        self._line, far = Pipe()
        with far:
            command = [sys.executable, "-P", "-m", "notifications.scribe", str(far.fileno())]  # a foreign tasks.py may lie here
            environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
            self._process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, pass_fds=[far.fileno()])
        self._is_ready = self._is_gone = False
        self._tell(room)

    def claim(self, now: datetime, limit: int) -> list[Written] | None:
        """The letters that it has claimed and written; None while it gets ready, and once it has died."""
        try:
            self._is_ready = self._is_ready or (not self._is_gone and self._line.poll() and bool(self._line.recv()))
            if self._is_ready and not self._is_gone:
                self._line.send((now, limit))
                letters: list[Written] = self._line.recv()
                return letters
        except (EOFError, OSError):
            self._lost()
        return None

    def close(self) -> None:
        self._line.close()
        self._process.wait()

    def _tell(self, room: Room) -> None:
        try:
            self._line.send(room)
        except OSError:
            self._lost()

    def _lost(self) -> None:
        self._is_gone = True
        log.warning("the process that wrote letters has ended; what it had claimed waits for its lease")


def serve(line: Connection) -> None:
    """Claim and write whenever asked, until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asks is told as well, and has letters to finish
    try:
        outbox, compose = line.recv()()
        gc.freeze()
        line.send(True)
        while True:
            line.send(written.claim(outbox, compose, *line.recv()))
    except (EOFError, ConnectionError):
        return


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
