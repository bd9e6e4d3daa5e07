"""A mail server on loopback that keeps letters and answers as its script says, and an outbox that forgets nothing but leases."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from notifications.relay import Relay
from tasks.letters import Lane, Leased, Notice, Outcome

#: (phase, how often this phase was reached, recipient) → a reply; "" is the good one. `drop` hangs up without a word, `silent` says
#: nothing, `late 700 …` replies after so many seconds, `… then drop` hangs up after the reply; after the dot `drop` has kept the letter,
#: `lose` has not.
Script = Callable[[str, int, str], str]

GOOD = {
    "greet": "220 relay.example",
    "ehlo": "250 relay.example",
    "auth": "235 2.7.0 welcome",
    "mail": "250 2.1.0 ok",
    "rcpt": "250 2.1.5 ok",
    "data": "354 go on",
    "dot": "250 2.0.0 queued",
    "rset": "250 2.0.0 ok",
    "quit": "221 2.0.0 bye",
    "starttls": "220 2.0.0 go on",
}

#: What must have been accepted just before: one who says several commands at once learns only later that one was refused.
NEEDS = {"rcpt": "mail", "data": "rcpt"}


class Scripted:
    """Listens while it is open; `letters` are those it has kept, `said` every command it heard, in order."""

    def __init__(self, script: Script = lambda *_: "", *, offers: Sequence[str] = (), tls: ssl.SSLContext | None = None) -> None:
        self.script, self._offers, self._tls = script, offers, tls
        self._counts: Counter[str] = Counter()
        self._talks: set[asyncio.Task[None]] = set()
        self.letters: list[tuple[str, bytes]] = []
        self.said: list[str] = []
        self.most_open = 0

    def relay(self, **changes: Any) -> Relay:
        """Settings that lead here."""
        here: dict[str, Any] = {"host": "127.0.0.1", "port": self.port, "sender": "don-doc@cairang.example", "tls": "plain"}
        return Relay(**here | {"connections": 4} | changes)

    @property
    def copies(self) -> Counter[str]:
        """How many letters each recipient has."""
        return Counter(recipient for recipient, _ in self.letters)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._talks.add(task)
        task.add_done_callback(self._talks.discard)
        self.most_open = max(self.most_open, len(self._talks))
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._conversation(reader, writer)
        writer.close()

    async def _conversation(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        recipient, on, begun, last = "", await self._answer(writer, "greet", ""), False, ""
        while on:
            line = (await reader.readuntil(b"\r\n")).decode().strip()
            self.said.append(line)
            phase = line.split(" ")[0].lower()
            recipient = line.partition("<")[2].rstrip(">") if phase == "rcpt" else recipient
            if phase == "mail" and begun:
                writer.write(b"503 5.5.1 a letter is under way\r\n")
                continue
            if last != NEEDS.get(phase, last):
                writer.write(b"503 5.5.1 not in this order\r\n")
                continue
            begun = phase not in ("rset", "ehlo") and (begun or phase == "mail")
            on = await self._answer(writer, phase, recipient)
            last = phase if on.startswith("2") else ""
            if phase == "starttls" and self._tls:
                await writer.start_tls(self._tls)
                self.said.append("(encrypted)")
            if phase == "data" and on == "354":
                letter = (await reader.readuntil(b"\r\n.\r\n"))[:-3].replace(b"\r\n.", b"\r\n")
                on, begun = await self._answer(writer, "dot", recipient, letter), False

    async def _answer(self, writer: asyncio.StreamWriter, phase: str, recipient: str, letter: bytes = b"") -> str:
        self._counts[phase] += 1
        reply = self.script(phase, self._counts[phase], recipient) or GOOD[phase]
        if phase == "dot" and reply.startswith(("2", "drop", "silent", "late")):
            self.letters.append((recipient, letter))
        if reply == "silent":
            await asyncio.Event().wait()
        if reply in ("drop", "lose"):
            return ""
        if reply.startswith("late "):
            _, seconds, reply = reply.split(" ", 2)
            await asyncio.sleep(float(seconds))
        said, _, then = reply.partition(" then ")
        lines = [said] if phase != "ehlo" else [said, *(f"250 {each}" for each in self._offers)]
        writer.write("".join(f"{each[:3]}{'-' if each is not lines[-1] else ' '}{each[4:]}\r\n" for each in lines).encode())
        await writer.drain()
        return "" if then == "drop" or phase == "quit" else said[:3]


@dataclass
class Box:
    """An outbox in memory. `on_record` may raise, as a killed process does between sending and recording."""

    queued: list[Notice]
    outcomes: list[Outcome] = field(default_factory=list)
    leased: dict[int, Notice] = field(default_factory=dict)
    commits: int = 0
    on_record: Callable[[Sequence[Outcome]], None] = lambda _: None

    def claim(self, lane: Lane, now: datetime, limit: int) -> Sequence[Notice]:
        found = [notice for notice in self.queued if notice.lane == lane][:limit]
        self.queued = [notice for notice in self.queued if notice not in found]
        self.leased |= {notice.id: notice for notice in found}
        return found

    def record(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        self.on_record(outcomes)
        self.commits += 1
        for outcome in outcomes:
            assert self.leased.pop(outcome.notice_id).lease == outcome.lease
            self.outcomes.append(outcome)

    def release(self, notices: Sequence[Leased], now: datetime) -> None:
        self.queued = [self.leased.pop(notice.id) for notice in notices] + self.queued

    def expire(self) -> None:
        """What the ledger does when leases have run out and the wait is over."""
        self.queued += [replace(notice, attempts=notice.attempts + 1) for notice in self.leased.values()]
        self.leased = {}

    @property
    def states(self) -> Counter[str]:
        """How many letters became what."""
        return Counter(outcome.state for outcome in self.outcomes)
