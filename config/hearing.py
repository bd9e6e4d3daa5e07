"""All that comes in to an office in a round: files that other systems drop, then the mailbox; one that is away keeps nothing back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from notifications.mailbox import MailboxAwayError

from .inbox import Inbox, Taken
from .letterbox import Letterbox, Read


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a round heard; `away` says in words why the mailbox was not read, "" where it was, or where there is none."""

    files: Taken
    mail: Read
    away: str = ""

    @property
    def acts(self) -> int:
        """What was recorded, of which somebody waits for a receipt."""
        return self.files.rows + self.mail.done


def hear(inbox: Inbox, letterbox: Letterbox, now: datetime) -> Heard:
    """Deal with what came in. What lies in a mailbox that cannot be read lies there in the next round."""
    files = inbox.take(now)
    try:
        return Heard(files=files, mail=letterbox.read(now))
    except (MailboxAwayError, ValueError, OSError) as error:  # a mailbox that is away, or settings that lead to none
        return Heard(files=files, mail=Read(), away=str(error))
