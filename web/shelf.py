"""The plain side of the house: evidence comes in under its hash and is shown again; readers are named, own forms handed out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from config import vault
from config.office import Office
from tasks.ledger import exhibits, roster
from tasks.sayings import File


class Shelf:
    """The part of `web.front.Front` that keeps evidence, names readers and hands out own forms, over an office."""

    office: Office

    def keep(self, content: Iterable[bytes], name: str) -> File:
        """Evidence to disk under its hash. Raises OSError where the disk is too full, BrokenPictureError for a picture that is none."""
        return vault.keep(self.office.settings.data, content, name)

    def exhibits(self, task: int) -> Sequence[File]:
        """What was brought for a task, oldest first."""
        with self.office.store.read() as db:
            return exhibits.of_task(db, task)

    def exhibit(self, hash_: str) -> Path | None:
        """Where evidence lies on the disk, None where it does not."""
        return vault.found(self.office.settings.data, hash_)

    def form(self, name: str) -> bytes | None:
        """The office's own form of a Word paper, None where it has none."""
        own = self.office.settings.home / "templates" / f"{name}.docx"
        return own.read_bytes() if own.exists() else None

    def reader(self, recipient: str) -> str:
        """The name of whom a page or paper is for."""
        with self.office.store.read() as db:
            return roster.parties(db, [roster.row_of(db, recipient)]).popitem()[1].name
