"""Two mail servers: the second is given only what the first can have had nothing of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from .delivery import Delivered, deliver
from .outbox import Outbox
from .pace import Pace
from .relay import Relay
from .scribe import Room
from .written import Compose


async def carry(
    outbox: Outbox, sure: Outbox, relays: Sequence[Relay], compose: Compose, now: Callable[[], datetime] | datetime, *, pace: Pace,
    room: Room | None = None,
) -> Delivered:
    """Send over the first relay; where it cannot be reached or will not serve, what is left goes over the next.

    A relay that is busy, has had its day's letters or refuses many is waited for instead. `sure` is the outbox without letters in
    doubt: those wait for the relay that may have them. `room` opens `outbox` for a process that writes for the first relay.
    """
    done = await deliver(outbox, relays[0], compose, now, pace=pace, room=room)
    for relay in relays[1:]:
        if not done.is_down:
            return done
        done += await deliver(sure, relay, compose, now, pace=pace)
    return done
