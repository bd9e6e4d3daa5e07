"""Evidence on disk: each file under its hash, for its owner alone, and only where the ledger still finds room beside it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

#: Evidence is refused when the disk has less than this left: the ledger must always find room.
FLOOR = 512 * 1024 * 1024


def keep(data: Path, content: Iterable[bytes], name: str) -> tuple[str, str, int]:
    """Keep a file under a project's data: (sha256, name, size). Raises OSError where the disk is too full."""
    folder = data / "evidence"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < FLOOR:
        raise OSError("the disk has too little room left for evidence")
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as new:
        digest, size = sha256(), 0
        for chunk in content:
            digest.update(chunk)
            size += len(chunk)
            new.write(chunk)
        new.flush()
        os.fsync(new.fileno())
    os.chmod(new.name, 0o600)
    os.replace(new.name, folder / digest.hexdigest())
    return digest.hexdigest(), name, size
