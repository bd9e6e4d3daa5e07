"""A mail server on this machine that keeps every letter as a file and sends none on: for trials, the demonstration and tests."""

from __future__ import annotations

import asyncio
import re
import threading
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from aiosmtpd.smtp import SMTP, Envelope, Session


class Received(NamedTuple):
    """A letter that was taken: to whom, and the file that keeps it."""

    recipient: str
    path: Path


class Sink:
    """Listens on loopback from a thread of its own; `port` 0 takes a free one, told after `start`."""

    def __init__(self, folder: Path, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._folder, self.host, self.port = folder, host, port
        self._received: list[Received] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="sink", daemon=True)
        self._ready: Future[int] = Future()
        self._ended = asyncio.Event()

    @property
    def received(self) -> tuple[Received, ...]:
        """The letters so far, in the order in which they came."""
        return tuple(self._received)

    def start(self) -> None:
        """Listen; returns when the port is open, and raises what kept it shut."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._thread.start()
        self.port = self._ready.result()

    def stop(self) -> None:
        """Close the port and all conversations."""
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        """Keep the letter, once for each recipient."""
        content = envelope.original_content or b""
        for recipient in envelope.rcpt_tos:
            name = re.sub(r"[^A-Za-z0-9@._+-]", "_", recipient)[:100]
            path = self._folder / f"{len(self._received) + 1:05d}-{name}.eml"
            path.write_bytes(content)
            self._received.append(Received(recipient, path))
        return "250 2.0.0 kept"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await asyncio.to_thread(self.stop)

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._listen())

    async def _listen(self) -> None:
        try:
            server = await self._loop.create_server(self._conversation, self.host, self.port)
        except OSError as error:
            self._ready.set_exception(error)
            return
        self._ready.set_result(server.sockets[0].getsockname()[1])
        await self._ended.wait()
        server.close()

    def _conversation(self) -> SMTP:
        return SMTP(self, hostname="localhost", ident="sink", loop=self._loop, enable_SMTPUTF8=False)
