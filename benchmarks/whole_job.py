"""The whole job for a thousand recipients through our flows, against plain Prefect: until it returns, and until the server is quiet."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from .measuring import RUNS, Bound, Figure, Taken
from .sink import sink
from .stores import Shelf

RECIPIENTS = 1_000
CALM = 3.0  # seconds after which a server that has done nothing more is taken to be quiet
LOOK = 0.1  # seconds from look to look
IDLE = 0.015  # seconds of processor time between two looks
MURMUR = 0.1  # seconds of processor time in one second: what the server's own services take now and then


class Ran(NamedTuple):
    """How long a job took, and how long until Prefect's server had digested it."""

    returned: float
    quiet: float


def whole_job(shelf: Shelf, *, small: bool) -> Iterable[Figure]:
    """Ours, then the plain job, on one server."""
    n, runs = (20, 1) if small else (RECIPIENTS, RUNS)
    with sink() as port:
        ours, plain = asyncio.run(_both(shelf.folder / "prefect", port, n, runs))
    said = f"open, mail, sweep and aggregate for {n:,} recipients, against plain Prefect with one task run a recipient"
    for until, least in (("returned", 15), ("quiet", 50)):
        taken = Taken(ours=tuple(getattr(ran, until) for ran in ours), bare=tuple(getattr(ran, until) for ran in plain))
        words = "until it returns" if until == "returned" else "until the server is quiet"
        yield taken.ratio("whole job", f"{said}: {words}", "SQLite", Bound(at="≥", value=least, unit="×"))


async def _both(folder: Path, port: int, n: int, runs: int) -> tuple[list[Ran], list[Ran]]:
    from flows import server  # noqa: PLC0415  # a second that the other benchmarks need not wait

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    environment = {**os.environ, **server.environment(folder, "127.0.0.1", free)}
    async with server.running(folder, "127.0.0.1", free):
        busy = Busy(_child())
        await busy.calm()
        told: dict[str, Any] = {"port": port, "n": n, "environment": environment, "busy": busy}
        # Ours first: a server that has digested the plain job's thousands of runs is slower for whoever comes after.
        ours = [await _ran("ours", folder / f"ours-{run}", **told) for run in range(runs)]
        plain = [await _ran("plain", folder / f"plain-{run}", **told) for run in range(runs)]
    return ours, plain


async def _ran(which: str, home: Path, *, port: int, n: int, environment: dict[str, str], busy: Busy) -> Ran:
    job = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.jobs", which, str(home), str(port), str(n), env=environment, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    said, _ = await job.communicate()
    if job.returncode:
        raise RuntimeError(f"the job {which} failed")
    took = json.loads(said.splitlines()[-1])
    return Ran(took["end"] - took["start"], await busy.calm() - took["start"])


class Busy:
    """How busy a process and its children are."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    async def calm(self) -> float:
        """Wait until the process has been calm for a while; the instant at which it became so."""
        since, used = time.monotonic(), self._used()
        second: deque[float] = deque(maxlen=round(1 / LOOK))
        while time.monotonic() - since < CALM:
            await asyncio.sleep(LOOK)
            now, then = self._used(), used
            second.append(now - then)
            if now - then > IDLE and sum(second) > MURMUR:
                since = time.monotonic()
            used = now
        return since

    def _used(self) -> float:
        """Seconds of processor time of all processes in the session that the process leads."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has just ended
            if int(fields[3]) == self._pid:
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


def _child() -> int:
    """The child of ours that leads a session of its own: Prefect's server."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, _, rest = stat.read_text().partition(" ")
        except OSError:
            continue
        fields = rest.rpartition(")")[2].split()
        if int(fields[1]) == os.getpid() and fields[3] == pid:
            return int(pid)
    raise RuntimeError("Prefect's server is no child of this process")
