"""What is said over a mail connection once it stands: commands alone or several at once, each reply in its turn."""

from __future__ import annotations

import asyncio
import re
from typing import NamedTuple

#: Octets of one reply above which it is none.
LONGEST = 32_768

LOST = "connection lost"

_CONTROLS = re.compile(rb"[\x00-\x1f\x7f]")
_REPLY = re.compile(rb"(?:\d{3}-[^\n]*\n)*(\d{3})(?: [^\n]*|\r?)\n")


class Reply(NamedTuple):
    """A server's answer to one command; code 0 where none came, with the reason in words."""

    code: int
    text: str


class Conversation(asyncio.Protocol):
    """Takes over a connection that greeted, encrypted and logged in; `before`, who did, is told when it ends.

    One who asks at a time. What a server says unasked is dropped, so that it is never taken for an answer.
    """

    def __init__(self, transport: asyncio.WriteTransport, before: asyncio.BaseProtocol) -> None:
        self._transport, self._before = transport, before
        self._heard, self._replies, self._wanted = b"", list[Reply](), 0
        self._answered: asyncio.Future[None] | None = None
        self._ended = ""
        transport.set_protocol(self)

    @property
    def is_open(self) -> bool:
        """Whether more can be said."""
        return not self._ended and not self._transport.is_closing()

    async def say(self, words: bytes, replies: int, *, within: float) -> list[Reply]:
        """Say it and return so many replies; after a loss, a reply that is none or `within` seconds of silence the rest have code 0."""
        if self.is_open:
            loop = asyncio.get_running_loop()
            self._heard, self._replies, self._wanted, self._answered = b"", [], replies, loop.create_future()
            self._transport.write(words)
            silence = loop.call_later(within, self._end, "timed out")
            try:
                await self._answered
            finally:
                silence.cancel()
                self._answered = None
        else:
            self._replies = []
        return self._replies + [Reply(0, self._ended or LOST)] * (replies - len(self._replies))

    def close(self) -> None:
        """Hang up."""
        self._end("closed")

    def data_received(self, data: bytes) -> None:
        """Keep what is asked for; wake who asked when all of it is there."""
        if self._answered is None or self._answered.done():
            return
        self._heard += data
        while len(self._replies) < self._wanted and (found := _REPLY.match(self._heard)):
            self._heard = self._heard[found.end() :]
            self._replies.append(Reply(int(found[1]), _text(found[0])))
        if len(self._replies) == self._wanted:
            self._answered.set_result(None)
        elif _is_none(self._heard):
            self._end(f"no reply: {self._heard[:200].decode('utf-8', 'replace').strip()}")

    def eof_received(self) -> bool:
        """Nothing more will come."""
        self._end(LOST)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._end(str(exc or LOST))
        self._before.connection_lost(exc)

    def pause_writing(self) -> None:
        """A letter waits in memory until the server takes it: there is never more than one."""

    def _end(self, why: str) -> None:
        self._ended = self._ended or why
        self._transport.close()
        if self._answered and not self._answered.done():
            self._answered.set_result(None)


def command(*words: bytes) -> bytes:
    """A line to say. Raises ValueError where a word would end it early."""
    said = b" ".join(words)
    if _CONTROLS.search(said):
        raise ValueError("a command holds a control character")
    return said + b"\r\n"


def _text(reply: bytes) -> str:
    return "\n".join(line[4:].strip() for line in reply.decode("utf-8", "replace").splitlines())


def _is_none(heard: bytes) -> bool:
    """Whether what is still unread cannot become a reply: a whole line without a code, or no end to it."""
    whole, ends, _ = heard.rpartition(b"\n")
    return len(heard) > LONGEST or (bool(ends) and not all(re.match(rb"\d{3}-", line) for line in whole.split(b"\n")))
