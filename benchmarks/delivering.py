"""Letters on their way to a local sink with every promise kept, against a mail client that sends ready bytes and remembers nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial

import aiosmtplib

from notifications.delivery import Delivered, deliver
from notifications.letters import Composer
from notifications.links import Keys
from notifications.relay import Relay
from tasks.ledger.opening import open_directive
from tasks.ledger.outbox import LedgerOutbox
from tasks.ledger.store import Store

from .measuring import RUNS, Bound, Figure, Taken, timed
from .million import settle
from .nation import CALENDAR, ISSUED, PRACTICE, directory, paper
from .sink import sink
from .stores import KINDS, Shelf

CONNECTIONS = 16
LETTERS = 3_000
SENDER = "don-doc@giao-duc.example"
LEAST = {"SQLite": 0.5, "PostgreSQL": 0.3}
COMPOSER = Composer(base_url="https://don-doc.example", keys=Keys({"k1": bytes(32)}), office="Bộ Giáo dục và Đào tạo", sender=SENDER)

Letter = tuple[str, bytes]


def delivering(shelf: Shelf, *, small: bool) -> Iterable[Figure]:
    """The first letters of a directive to so many schools, in turn with the same bytes sent bare."""
    letters = 50 if small else LETTERS
    with sink() as port:
        relay = Relay(host="127.0.0.1", port=port, sender=SENDER, tls="plain", connections=CONNECTIONS)
        for kind in KINDS:
            waiting = shelf.kept(kind, "waiting", partial(_queue, letters))
            ready = _written(shelf, kind, waiting)
            ours, bare = [], []
            for _ in range(1 if small else RUNS):
                with shelf.copy(kind, waiting) as store:
                    ours.append(timed(partial(_delivered, store, relay, letters)))
                bare.append(timed(partial(_sent, port, ready)))
            said = f"deliver {letters:,} letters over {CONNECTIONS} connections, written and recorded, against ready bytes by aiosmtplib"
            yield Taken(ours=tuple(ours), bare=tuple(bare)).ratio("delivering", said, kind, Bound(at="≥", value=LEAST[kind], unit="×"))


def _queue(schools: int, store: Store) -> None:
    people = directory(schools)
    open_directive(store, paper(people), people, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    settle(store)


def _delivered(store: Store, relay: Relay, letters: int) -> None:
    done = asyncio.run(deliver(_outbox(store), relay, COMPOSER.compose, ISSUED + timedelta(hours=1)))
    assert done == Delivered(sent=letters), done


def _written(shelf: Shelf, kind: str, waiting: Store) -> Sequence[Letter]:
    """The letters as bytes, with their addresses."""
    with shelf.copy(kind, waiting) as store:
        notices = _outbox(store).claim("new", ISSUED + timedelta(hours=1), LETTERS)
        return [(notice.recipient.mail or "", COMPOSER.compose(notice)) for notice in notices]


def _outbox(store: Store) -> LedgerOutbox:
    return LedgerOutbox(store, CALENDAR, "giao-duc.example")


def _sent(port: int, ready: Sequence[Letter]) -> None:
    async def all_connections() -> None:
        left = iter(ready)
        await asyncio.gather(*(_connection(port, left) for _ in range(CONNECTIONS)))

    asyncio.run(all_connections())


async def _connection(port: int, left: Iterator[Letter]) -> None:
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as smtp:
        for recipient, letter in left:
            await smtp.sendmail(SENDER, [recipient], letter)
