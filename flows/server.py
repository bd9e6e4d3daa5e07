"""Prefect's own server as a child of ours: its settings, its start, its end with ours."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import certifi
import httpx

#: A new server makes its database first; on two busy cores that has taken 15 s.
PATIENCE = 90
_PARENT_DIED = 1  # PR_SET_PDEATHSIG


class ServerError(Exception):
    """Prefect's server does not answer; the sentence says where to look."""


def environment(data: Path, host: str, port: int) -> Mapping[str, str]:
    """What Prefect reads: a home of the project's own, no calls outside, no silent temporary server, short retention.

    A variable that the operator has set himself is left as it is.
    """
    (data / "prefect").mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted = {
        "PREFECT_HOME": str(data / "prefect"),
        "PREFECT_API_URL": f"http://{host}:{port}/api",
        "PREFECT_SERVER_API_HOST": host,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "DO_NOT_TRACK": "1",
        # Each client of Prefect reads the whole bundle of authorities, 65 ms, also for plain loopback, which asks none of them.
        "PREFECT_API_SSL_CERT_FILE": str(_one_authority(data / "prefect" / "authority.pem")),
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(30 * 24 * 3600),
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_EXTRA_LOGGERS": "dondoc",
        "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    }
    return {name: os.environ.get(name, value) for name, value in wanted.items()}


def _one_authority(path: Path) -> Path:
    if not path.exists():
        first, end, _ = Path(certifi.where()).read_text(encoding="utf-8").partition("-----END CERTIFICATE-----")
        path.write_text(f"{first}{end}\n", encoding="utf-8")
    return path


@asynccontextmanager
async def running(data: Path, host: str, port: int) -> AsyncIterator[str]:
    """Prefect's server until the block ends; yields the address of its pages. Raises ServerError where it does not answer."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(data / "prefect.log", "ab") as log:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "prefect", "server", "start", "--host", host, "--port", str(port),
            env={**os.environ, **environment(data, host, port)}, cwd=data, stdout=log, stderr=log,
            start_new_session=True, preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
    try:
        await _healthy(child, f"http://{host}:{port}/api/health", data / "prefect.log")
        yield f"http://{host}:{port}"
    finally:
        if child.returncode is None:
            child.terminate()
        await child.wait()


async def _healthy(child: asyncio.subprocess.Process, address: str, log: Path) -> None:
    async with asyncio.timeout(PATIENCE), httpx.AsyncClient(timeout=5) as client:
        while child.returncode is None:
            try:
                if (await client.get(address)).json() is True:
                    return
            except (httpx.HTTPError, ValueError):
                await asyncio.sleep(0.1)
    raise ServerError(f"Máy chủ Prefect không khởi động được; xem {log}. Cổng đang bận? Đặt DONDOC_PREFECT_PORT sang cổng khác.")


def _die_with_parent() -> None:
    """A parent that is killed outright takes its server along: else it would hold the port."""
    ctypes.CDLL(None).prctl(_PARENT_DIED, signal.SIGTERM)
