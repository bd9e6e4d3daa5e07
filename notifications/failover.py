"""Two mail servers: the second is given only what the first can have had nothing of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from tasks.letters import Notice

from .delivery import Delivered, deliver
from .outbox import Outbox
from .pace import Pace
from .relay import Relay


async def carry(
    outbox: Outbox, sure: Outbox, relays: Sequence[Relay], compose: Callable[[Notice], bytes],
    now: Callable[[], datetime] | datetime, *, pace: Pace,
) -> Delivered:
    """Send over the first relay; where it cannot be reached or will not serve, what is left goes over the next.

    A relay that is busy, has had its day's letters or refuses many is waited for instead. `sure` is the outbox without letters in
    doubt: those wait for the relay that may have them.
    """
    done = await deliver(outbox, relays[0], compose, now, pace=pace)
    for relay in relays[1:]:
        if not done.is_down:
            return done
        done += await deliver(sure, relay, compose, now, pace=pace)
    return done
