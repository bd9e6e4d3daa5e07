"""A process that only delivers: it is started to be killed."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial

from directives.language.calendar import Calendar
from notifications.delivery import deliver
from notifications.relay import Relay
from tasks.ledger.outbox import DOUBT, LedgerOutbox
from tasks.ledger.relays import LedgerPace
from tasks.ledger.store import Store
from tests.notices import composer
from tests.scribes import room


def carry(url: str, port: int, connections: int, now: datetime) -> None:
    """Deliver what is due at `now`; letters whose carrier died more than half an hour before come back."""
    outbox = LedgerOutbox(Store(url), Calendar(), "cairang.example")
    outbox.recover(now - DOUBT)
    outbox.recover(now)
    relay = Relay(host="127.0.0.1", port=port, sender="don-doc@cairang.example", tls="plain", connections=connections)
    asyncio.run(deliver(outbox, relay, composer().compose, now, pace=LedgerPace(outbox.store), room=partial(room, url)))
