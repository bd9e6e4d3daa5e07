"""Letters on their way to a local sink with every promise kept, against a mail client that sends ready bytes and remembers nothing."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import cycle, islice

import aiosmtplib

from notifications.delivery import Delivered, deliver
from notifications.letters import Composer
from notifications.links import Keys
from notifications.relay import Relay
from notifications.written import Compose
from tasks.ledger.opening import open_directive
from tasks.ledger.outbox import LedgerOutbox
from tasks.ledger.store import Store

from .measuring import RUNS, Bound, Figure, Taken, timed
from .million import settle
from .nation import CALENDAR, ISSUED, PRACTICE, SCHOOLS, directory, paper
from .sink import sink
from .stores import KINDS, Shelf
from .watching import Seen, watched

CONNECTIONS = 16
READY = 3_000  # letters that the bare way sends round and round, since it need not remember which
SENDER = "don-doc@giao-duc.example"
LEAST = {"SQLite": 0.5, "PostgreSQL": 0.3}
COMPOSER = Composer(base_url="https://don-doc.example", keys=Keys({"k1": bytes(32)}), office="Bộ Giáo dục và Đào tạo", sender=SENDER)

Letter = tuple[str, bytes]


def delivering(shelf: Shelf, *, small: bool, letters: int = SCHOOLS) -> Iterable[Figure]:
    """The first letters of a directive to so many schools, in turn with the same bytes sent bare."""
    letters = 50 if small else letters
    with sink() as port:
        relay = Relay(host="127.0.0.1", port=port, sender=SENDER, tls="plain", connections=CONNECTIONS)
        for kind in KINDS:
            waiting = shelf.kept(kind, "waiting", partial(_queue, letters))
            ready = _written(shelf, kind, waiting)
            ours, bare, seen, plain = [], [], [], []
            for _ in range(1 if small else RUNS):
                with shelf.copy(kind, waiting) as store:
                    ours.append(timed(lambda: seen.append(_delivered(store, relay, letters))))  # noqa: B023  # called at once
                bare.append(timed(lambda: plain.append(_sent(port, islice(cycle(ready), letters)))))  # noqa: B023  # called at once
            yield from _figures(kind, letters, Taken(ours=tuple(ours), bare=tuple(bare)), seen, plain)


def _figures(kind: str, letters: int, taken: Taken, seen: Sequence[Seen], plain: Sequence[Seen]) -> Iterable[Figure]:
    said = f"deliver {letters:,} letters over {CONNECTIONS} connections, written and recorded"
    yield taken.ratio("delivering", f"{said}, against ready bytes by aiosmtplib", kind, Bound(at="≥", value=LEAST[kind], unit="×"))
    lag = statistics.median(each.lag for each in seen)
    yield Figure(
        benchmark="delivering", budget=f"{said}: longest silence of the event loop", store=kind, runs=len(seen),
        must=Bound(at="<", value=50, unit="ms"), measured=lag * 1000, ours=lag, bare=statistics.median(each.lag for each in plain),
    )
    yield Figure(
        benchmark="delivering", budget=f"{said}: most memory in the last tenth of the time, against the first", store=kind,
        must=Bound(at="≤", value=1.1, unit="×"), measured=max(each.growth for each in seen), runs=len(seen), ours=taken.ours[0],
    )


def _queue(schools: int, store: Store) -> None:
    people = directory(schools)
    open_directive(store, paper(people), people, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    settle(store)


def _delivered(store: Store, relay: Relay, letters: int) -> Seen:
    room = partial(_room, store.url.render_as_string(hide_password=False))
    done, seen = asyncio.run(watched(deliver(_outbox(store), relay, COMPOSER.compose, ISSUED + timedelta(hours=1), room=room)))
    assert done == Delivered(sent=letters), done
    return seen


def _room(url: str) -> tuple[LedgerOutbox, Compose]:
    """The same outbox and composer, for a process of its own."""
    return _outbox(Store(url)), COMPOSER.compose


def _written(shelf: Shelf, kind: str, waiting: Store) -> Sequence[Letter]:
    """The letters as bytes, with their addresses."""
    with shelf.copy(kind, waiting) as store:
        notices = _outbox(store).claim("new", ISSUED + timedelta(hours=1), READY)
        return [(notice.recipient.mail or "", COMPOSER.compose(notice)) for notice in notices]


def _outbox(store: Store) -> LedgerOutbox:
    return LedgerOutbox(store, CALENDAR, "giao-duc.example")


def _sent(port: int, left: Iterator[Letter]) -> Seen:
    async def all_connections() -> None:
        await asyncio.gather(*(_connection(port, left) for _ in range(CONNECTIONS)))

    return asyncio.run(watched(all_connections()))[1]


async def _connection(port: int, left: Iterator[Letter]) -> None:
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as smtp:
        for recipient, letter in left:
            await smtp.sendmail(SENDER, [recipient], letter)
