"""The mark of a row that was handed out to be filled in: which task it is of, as it was then, and that nobody made it up."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from typing import NamedTuple


class Seal(NamedTuple):
    """What a mark says: a task, and the event since which its row was as handed out."""

    task: int
    since: int


class Seals:
    """Makes and reads marks with a key of the office, 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        """The key is never shown."""
        return "Seals(…)"

    def mark(self, seal: Seal) -> str:
        """The mark as it stands in a cell: "17.42.K3…"; capitals and digits only, as spreadsheets keep them."""
        said = f"{seal.task}.{seal.since}"
        mac = hmac.digest(self._key, said.encode(), hashlib.sha256)[:15]
        return f"{said}.{b32encode(mac).decode()}"

    def read(self, mark: str) -> Seal | None:
        """What a mark says; None for one that was not made here."""
        task, _, rest = mark.partition(".")
        since = rest.partition(".")[0]
        if not (task.isdecimal() and since.isdecimal() and len(task) < 16 and len(since) < 16):
            return None
        seal = Seal(int(task), int(since))
        return seal if hmac.compare_digest(self.mark(seal).encode(), mark.encode()) else None
