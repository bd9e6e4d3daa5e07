"""`dondoc up` as an operator runs it: one command, one process tree, one signal to stop it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from dondoc.demo.stage import free_port, project


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """The process, the address of its pages and of its Prefect."""
    settings = project(tmp_path, free_port(), free_port())
    (tmp_path / "config.py").write_text("raise RuntimeError('a foreign config.py was imported')", encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "DONDOC_"))}
    with subprocess.Popen(
        [sys.executable, "-m", "dondoc", "--home", str(tmp_path), "up"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=clean, start_new_session=True,
    ) as process:
        yield process, settings.base_url, f"http://127.0.0.1:{settings.prefect_port}"
        if process.poll() is None:
            process.kill()


def test_one_command_starts_everything_and_one_signal_stops_it(running: tuple[subprocess.Popen[str], str, str]) -> None:
    process, pages, prefect = running
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(2)]
    assert prefect in said[0]
    assert pages in said[1]

    assert httpx.get(f"{pages}/livez").status_code == 200
    assert httpx.get(f"{pages}/t/t1.k1.nothing").status_code == 404
    found = httpx.post(f"{prefect}/api/deployments/filter", json={}).json()
    assert {deployment["name"] for deployment in found} == {"dondoc"}
    assert {bool(deployment["schedules"]) for deployment in found} == {True, False}
    assert len(found) == 5

    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{prefect}/api/health")
