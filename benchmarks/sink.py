"""The cheapest mail server on loopback, a process of its own: it says yes to everything and keeps nothing but a count."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

#: PIPELINING is what every real server offers; the bare way, which says one command at a time, gets it as well.
ANSWERS = {b"EHLO": b"250-sink\r\n250 PIPELINING", b"HELO": b"250 sink", b"DATA": b"354 go on", b"QUIT": b"221 bye"}


class Conversation(asyncio.Protocol):
    """One connection: commands line by line, a letter up to its dot."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._rest, self._in_letter = transport, b"", False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer all that is complete."""
        self._rest += data
        while self._take():
            pass

    def _take(self) -> bool:
        end = b"\r\n.\r\n" if self._in_letter else b"\r\n"
        said, found, rest = self._rest.partition(end)
        if not found:
            return False
        self._rest, self._in_letter = rest, not self._in_letter and said[:4].upper() == b"DATA"
        self._transport.write((b"250 ok" if end != b"\r\n" else ANSWERS.get(said[:4].upper(), b"250 ok")) + b"\r\n")
        return True


@contextmanager
def sink() -> Iterator[int]:
    """The port of a sink that runs as long as the block."""
    child = subprocess.Popen([sys.executable, "-m", "benchmarks.sink"], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout
        yield int(child.stdout.readline())
    finally:
        child.terminate()
        child.communicate()


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Conversation, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
