"""What delivery asks of the ledger's outbox: letters to send, a place to say what became of them, a way to hand them back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from tasks.letters import Lane, Leased, Notice, Outcome

#: Lanes in the order in which they are served; each claim starts again from the first.
LANES: tuple[Lane, ...] = ("login", "receipt", "decision", "waiting", "new", "digest", "escalation", "report")

#: Seconds that a lease must last. Delivery never ends a letter with its dot later than four minutes after the claim, and waits ten
#: minutes for the answer; one minute is left to record it.
LEASE = 15 * 60


class Outbox(Protocol):
    """The store of letters. Claims come from one thread of delivery's own, all else from another; each call is one transaction."""

    def claim(self, lane: Lane, now: datetime, limit: int) -> Sequence[Notice]:
        """Lease at most `limit` letters of a lane, due by `now`, oldest first; none left gives none.

        Only letters that are still worth sending: expired, superseded and suppressed ones are settled in passing. An uncertain letter
        comes back here when its wait is over.
        """
        ...

    def record(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """Commit what became of letters, durably, before returning: a connection waits for this before its next letter.

        An outcome whose lease was lost changes nothing.
        """
        ...

    def release(self, letters: Sequence[Leased], now: datetime) -> None:
        """Give back leases that were not used: the letters are queued as before, and the claim is not counted as a try."""
        ...
