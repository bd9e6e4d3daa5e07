"""Letters as they arrived: to whom, what they are, and the link that their reader would press."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes

from notifications.sink import Received

_LINK = re.compile(r"https?://\S+/([tl])/(t1\.[\w.-]+)")



@dataclass(frozen=True, slots=True)
class Mail:
    """A letter in a mailbox; `desk` tells an agency's link from a leader's."""

    to: str
    link: str
    desk: bool
    lane: str

    @property
    def kind(self) -> str:
        """What the story calls it."""
        return _WORDS.get(self.lane, "thư")

    @property
    def is_asking(self) -> bool:
        """Whether it asks its reader for something; a receipt does not."""
        return self.lane in ("new", "digest")


_WORDS = {
    "new": "thư giao việc", "digest": "thư nhắc việc", "escalation": "thư báo lãnh đạo", "report": "thư báo cáo",
    "receipt": "biên nhận", "decision": "thư trả lời",
}


def mails(received: Iterable[Received]) -> Iterator[Mail]:
    """The letters of a sink, read as their readers would."""
    for to, path in received:
        message = message_from_bytes(path.read_bytes())
        plain = next(part for part in message.walk() if part.get_content_type() == "text/plain")
        text = plain.get_payload(decode=True)
        if isinstance(text, bytes) and (found := _LINK.search(text.decode())):
            yield Mail(to=to, link=found[0], desk=found[1] == "t", lane=str(message["X-Dondoc-Letter"]))
