"""The round of what goes another way than mail: each address in its own order, all at once, none of them longer than the round."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from notifications.channels import Channel, Handed, Message
from notifications.channels.brief import Brief
from notifications.channels.webhook import WebhookChannel, secret_of
from tasks.ledger import endpoints, otherwise, parcels
from tasks.ledger.parcels import Parcel
from tasks.ledger.store import Store

from . import ways
from .settings import Settings

#: Seconds that a round may take: what is not done by then is done in the next.
LONGEST = 45.0
MOST = 500
AT_ONCE = 8
KEPT = timedelta(days=30)
FIRST_WAIT, LONGEST_WAIT, TRIES = timedelta(minutes=1), timedelta(hours=6), 12


class Carried(NamedTuple):
    """What a round did: new parcels, those taken, those not taken."""

    gathered: int
    taken: int
    missed: int


@dataclass(frozen=True)
class Courier:
    """Carries for one office. `channels` are the ways to people by name; endpoints have one of their own each."""

    store: Store
    settings: Settings
    channels: Mapping[str, Channel]
    longest: float = LONGEST

    @classmethod
    def of(cls, settings: Settings, store: Store) -> Courier:
        """The courier of an office's settings."""
        return cls(store, settings, ways.channels(settings))

    async def carry(self, now: datetime) -> Carried:
        """Gather what has happened and hand over what is due; a round that runs out of time loses nothing."""
        gathered, waiting = await asyncio.to_thread(self._gather, now)
        lines: dict[tuple[str, int, str], list[Parcel]] = defaultdict(list)
        for parcel in waiting:
            lines[parcel.channel, parcel.endpoint, "" if parcel.endpoint else parcel.address].append(parcel)
        turns, done = asyncio.Semaphore(AT_ONCE), list[bool]()
        running = [asyncio.create_task(self._along(line, turns, done, now)) for line in lines.values()]
        if running:
            _, late = await asyncio.wait(running, timeout=self.longest)
            for task in late:
                task.cancel()
            for ended in await asyncio.gather(*running, return_exceptions=True):
                if isinstance(ended, Exception):
                    raise ended
        return Carried(gathered, sum(done), len(done) - sum(done))

    def _gather(self, now: datetime) -> tuple[int, tuple[Parcel, ...]]:
        with self.store.write() as db:
            parcels.forget(db, now, KEPT)
            return parcels.gather(db, now), parcels.waiting(db, now, MOST)

    async def _along(self, line: Sequence[Parcel], turns: asyncio.Semaphore, done: list[bool], now: datetime) -> None:
        """What waits for one address, in its order; one that fails rests with all the rest of it."""
        channel = self._channel(line[0])
        if channel is None:
            return
        for parcel in line:
            async with turns:
                handed = await self._hand(channel, parcel, now)
            await asyncio.to_thread(self._keep, parcel, handed, now)
            done.append(handed.taken)
            if not handed.taken and (parcel.endpoint or handed.again):
                return

    async def _hand(self, channel: Channel, parcel: Parcel, now: datetime) -> Handed:
        """What came of it, whatever a way raises: one that is broken must not end the round, nor the mail beside it."""
        try:
            return await channel.hand(self._message(parcel), now)
        except Exception as error:
            return Handed(False, 0, f"không gọi được: {type(error).__name__}")

    def _keep(self, parcel: Parcel, handed: Handed, now: datetime) -> None:
        with self.store.write() as db:
            if handed.taken:
                parcels.arrived(db, parcel, handed.code, now)
                if letter := parcels.letter_of(parcel):
                    otherwise.heard(db, letter)
            else:
                again = self._again(parcel, handed, now)
                parcels.missed(db, parcel, (handed.code, handed.words), again)
                if again is None:
                    otherwise.given_up(db, parcel, handed.words)
            if parcel.endpoint and handed.gone:
                endpoints.end(db, parcel.endpoint, "gone", now)
            elif parcel.endpoint:
                endpoints.fared(db, parcel.endpoint, now, well=handed.taken)

    def _again(self, parcel: Parcel, handed: Handed, now: datetime) -> datetime | None:
        """When it is tried again: for an endpoint as soon as that has rested, to a person twelve times within two days."""
        if parcel.endpoint:
            return now
        if not handed.again or parcel.attempts + 1 >= TRIES:
            return None
        return now + min(FIRST_WAIT * (1 << parcel.attempts), LONGEST_WAIT)

    def _channel(self, parcel: Parcel) -> Channel | None:
        return self.webhook(parcel.endpoint) if parcel.channel == "webhook" else self.channels.get(parcel.channel)

    def _message(self, parcel: Parcel) -> Message:
        """What is handed over: an event as it is, a letter with its reader's address, made for this moment."""
        body = parcel.body if parcel.endpoint else Brief.read(parcel.body).written(self.settings.base_url, self.settings.keys)
        return Message(f"dd-{parcel.endpoint}-{parcel.id}", parcel.address, body)

    def webhook(self, endpoint: int) -> WebhookChannel:
        """The way to an endpoint, signed by every key in use."""
        return WebhookChannel([secret_of(key, endpoint) for key in self.settings.secrets], self.settings.webhook_networks)
