"""The one clock: everything else is handed `now`."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from tasks.timepiece import Reading

_STARTS = Path("/proc/sys/kernel/random/boot_id")


class Clock(Protocol):
    """Tells the present instant, aware, in UTC."""

    def now(self) -> datetime:
        """The present instant."""
        ...


class WallClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant to the second: the ledger keeps whole seconds."""
        return datetime.now(UTC).replace(microsecond=0)


def reading() -> Reading | None:
    """Which start of the machine this is, and when it was by the clock; None where the system does not count while it sleeps."""
    if not _STARTS.exists() or not hasattr(time, "CLOCK_BOOTTIME"):
        return None
    since = timedelta(seconds=time.clock_gettime(time.CLOCK_BOOTTIME))
    return Reading(_STARTS.read_text(encoding="ascii").strip(), datetime.now(UTC) - since)


class HandClock:
    """A clock that is set by hand: a demonstration's and a test's."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The instant that it was set to last."""
        return self.at
