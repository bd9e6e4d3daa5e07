"""A PostgreSQL of the suite's own: made in a temporary folder, on loopback, stopped with the suite."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

VERSIONS = Path("/usr/lib/postgresql")
TEMPORARY = Path(tempfile.gettempdir())


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL here, None where there is none."""
    found = sorted(VERSIONS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else Path(which).parent if (which := shutil.which("initdb")) else None


@contextmanager
def server(folder: Path, settings: Sequence[str] = ("fsync=off", "shared_buffers=128MB")) -> Iterator[str]:
    """A running server's URL, without a database's name."""
    programs = binaries()
    if programs is None:
        raise RuntimeError("PostgreSQL is missing: run scripts/system-packages, or apt-get install postgresql-15")
    data = folder / "postgres"
    _run([programs / "initdb", "-D", data, "-U", "dondoc", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8", "-N"], folder)
    port = _start(programs, data, folder, settings)
    try:
        yield f"postgresql+psycopg://dondoc@127.0.0.1:{port}"
    finally:
        _run([programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], folder)


def restart(folder: Path) -> None:
    """Stop the server of a folder at once, as a power cut would, and start it on the same port."""
    programs = binaries()
    assert programs
    _run([programs / "pg_ctl", "-D", folder / "postgres", "-m", "immediate", "-w", "-l", folder / "postgres.log", "restart"], folder)


def _start(programs: Path, data: Path, folder: Path, settings: Sequence[str], tries: int = 3) -> int:
    """Start on a port that was free a moment ago; where somebody else was faster, on another."""
    port = _free_port()
    options = " ".join((f"-h 127.0.0.1 -p {port} -k {folder}", *(f"-c {each}" for each in ("max_connections=60", *settings))))
    try:
        _run([programs / "pg_ctl", "-D", data, "-w", "-l", folder / "postgres.log", "-o", options, "start"], folder)
    except RuntimeError:
        if tries == 1:
            raise
        return _start(programs, data, folder, settings, tries - 1)
    return port


def _run(command: list[Path | str], folder: Path) -> None:
    """Run as somebody who is not root: PostgreSQL refuses to be started by root."""
    demote: dict[str, object] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for path in (folder, *folder.parents):
            if path != Path("/") and path != Path("/tmp"):
                _open(path)
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        demote = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    done = subprocess.run([str(part) for part in command], capture_output=True, check=False, text=True, cwd=folder, **demote)  # type: ignore[call-overload]
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stdout}{done.stderr}")


def _open(path: Path) -> None:
    if path.owner() == "root" and path.is_relative_to(TEMPORARY):
        path.chmod(path.stat().st_mode | 0o111)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
