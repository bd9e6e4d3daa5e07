"""Ways that are not mail: one interface, a module for each."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol


class Message(NamedTuple):
    """Something to hand over: `id` names it to whoever gets it, however often it comes."""

    id: str
    address: str
    body: str


class Handed(NamedTuple):
    """What came of it. `again`: another try may help; `gone`: nobody is there for good."""

    taken: bool
    code: int = 0
    words: str = ""
    again: bool = True
    gone: bool = False


class Channel(Protocol):
    """A way. It raises nothing: whatever goes wrong is what came of it."""

    async def hand(self, message: Message, now: datetime) -> Handed:
        """Hand a message over, once."""
