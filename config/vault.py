"""Evidence on disk: each file under its hash, for its owner alone, and only where the ledger still finds room beside it.

A picture is kept without what it tells of its maker.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from tasks import pictures
from tasks.evidence import PICTURES, ending_of
from tasks.ledger import exhibits
from tasks.ledger.store import Store

#: Evidence is refused when the disk has less than this left: the ledger must always find room.
FLOOR = 512 * 1024 * 1024

#: What was uploaded and never sent lies so long: a form may stay open for days.
UNSENT = timedelta(days=30)


def keep(data: Path, content: Iterable[bytes], name: str) -> tuple[str, str, int]:
    """Keep a file under a project's data: (sha256, name, size). Raises OSError where the disk is too full, BrokenPictureError."""
    if ending_of(name) in PICTURES:
        content = (pictures.bare(b"".join(content), name),)
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


def found(data: Path, hash_: str) -> Path | None:
    """Where a kept file lies; None where it does not, or what is asked for is no hash."""
    path = data / "evidence" / hash_
    return path if re.fullmatch(r"[0-9a-f]{64}", hash_) and path.is_file() else None


def sweep(data: Path, store: Store, now: datetime) -> int:
    """Throw away files that nothing names and that have lain since `UNSENT`; returns how many.

    A ledger put back from a copy, or younger than a file, knows too little to judge it: then the file stays.
    """
    before, folder = now - UNSENT, data / "evidence"
    if not folder.is_dir():
        return 0
    with store.read() as db:
        since, named = exhibits.judged_from(db), exhibits.named(db)
    gone = 0
    for entry in os.scandir(folder) if since else ():
        lain = entry.stat(follow_symlinks=False).st_mtime
        if since and since.timestamp() <= lain < before.timestamp() and entry.name not in named and entry.is_file(follow_symlinks=False):
            os.unlink(entry.path)
            gone += 1
    return gone
