"""The turn of a writer of a SQLite ledger: first come, first served among all processes, and nobody waits for ever."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from sqlalchemy.exc import OperationalError

#: Seconds that a writer waits for its turn, as long as SQLite itself waits for a lock.
PATIENCE = 60.0


@contextmanager
def turn(database: str, patience: float = PATIENCE) -> Iterator[None]:
    """Be the one that writes; nothing to wait for in memory. Raises OperationalError where another has kept the turn for too long."""
    if not database:
        yield
        return
    queue = open(f"{database}.queue", "a", opener=lambda path, flags: os.open(path, flags, 0o600))  # noqa: SIM115  # see `_Waiting`
    if not (_is_free(queue) or _Waiting(queue).is_over(patience)):
        words = f"sổ bận hơn {patience:g} giây, một tiến trình khác giữ lượt ghi; xem tiến trình nào: fuser {database}.queue"
        raise OperationalError("BEGIN IMMEDIATE", None, TimeoutError(words))
    with queue:
        yield


def _is_free(queue: IO[str]) -> bool:
    try:
        fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class _Waiting(threading.Thread):
    """Waits in the kernel's own queue, which is fair but knows no end; a turn that comes after all is given back at once."""

    def __init__(self, queue: IO[str]) -> None:
        super().__init__(daemon=True)
        self._queue, self._one, self._has_it, self._given_up = queue, threading.Lock(), False, False

    def is_over(self, patience: float) -> bool:
        """Whether the turn has come in time; else the file is the thread's, to be closed when it comes."""
        self.start()
        self.join(patience)
        with self._one:
            self._given_up = not self._has_it
        return not self._given_up

    def run(self) -> None:
        fcntl.flock(self._queue, fcntl.LOCK_EX)
        with self._one:
            self._has_it = True
            if self._given_up:
                self._queue.close()
