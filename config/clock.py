"""The one clock: everything else is handed `now`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


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


class HandClock:
    """A clock that is set by hand: a demonstration's and a test's."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The instant that it was set to last."""
        return self.at
