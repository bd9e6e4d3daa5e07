"""A letter in a few words, for ways that are not mail: the fact first, then the reader's own address."""

from __future__ import annotations

import json
from typing import NamedTuple, Self

from notifications.links import Keys, Purpose, address
from tasks.letters import Notice

#: Characters of a message, its address among them.
LONGEST = 300


class Brief(NamedTuple):
    """What waits to be said. It names the row of a link, not its address, which opens doors and is never stored."""

    words: str
    purpose: Purpose
    link: str
    reader: str

    @classmethod
    def of(cls, notice: Notice, subject: str) -> Self:
        """A letter by its subject, which begins with the fact."""
        return cls(subject, "page" if notice.lane in ("escalation", "report") else "desk", notice.link, notice.recipient.id)

    @classmethod
    def read(cls, body: str) -> Self:
        """The same again, from `kept`."""
        return cls(*json.loads(body))

    @property
    def kept(self) -> str:
        """As it waits in the ledger."""
        return json.dumps(self, ensure_ascii=False)

    def written(self, base_url: str, keys: Keys) -> str:
        """The message: words, and in a line of its own the address, which is never cut."""
        door = address(base_url, self.purpose, keys.token(self.purpose, self.link, self.reader))
        room = max(LONGEST - len(door) - 1, 0)
        return f"{self.words if len(self.words) <= room else self.words[:max(room - 1, 0)].rstrip() + '…'}\n{door}"
