"""A letter that came back: why, by the report of RFC 3464 or by the words of an old mail server, and which letter it was; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_string
from email.message import Message
from typing import Literal

from flufl.bounce import all_failures

from .arriving import dated, header, text_of

Verdict = Literal["gone", "refused", "delayed"]

_STATUS = re.compile(r"\b[45]\.\d{1,3}\.\d{1,3}\b")
#: The address: no such mailbox or domain, or one that is closed. 5.1.7 and 5.1.8 blame the sender.
_GONE = re.compile(r"5\.1\.(?!7$|8$)\d+|5\.2\.1")
_CODE = re.compile(r"\b([45]\d\d)[ -]")
_WORST: tuple[Verdict, ...] = ("gone", "refused", "delayed")
_HEADERS = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers")
_COPIED_ID = re.compile(r"^\s*(?:>\s*)?Message-ID:\s*(<[^<>\s]{3,250}>)", re.IGNORECASE | re.MULTILINE)
_COPIED_DATE = re.compile(r"^\s*(?:>\s*)?Date:\s*(.{10,60})$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What a report says of a letter. `gone`: the address itself; `refused`: this letter only; `delayed`: not yet."""

    verdict: Verdict
    code: int  # of the reply, 0 where the report has none
    words: str
    message_id: str = ""
    date: datetime | None = None  # of the letter, as it was sent back


def returned(message: Message) -> Returned | None:
    """What a report says; None where it says nothing of a letter that did not arrive."""
    report = next((part for part in message.walk() if part.get_content_type() == "multipart/report"), None)
    if report is not None:
        return _reported(report)
    temporary, permanent = all_failures(message)
    return _told(message, bool(permanent)) if temporary or permanent else None


def _reported(report: Message) -> Returned | None:
    """The report's own parts, never those of a report inside the letter that came back."""
    parts = _inside(report)
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    found = list(_verdicts(status)) if status is not None else []
    if not found:
        return None
    verdict, code, words = min(found, key=lambda each: _WORST.index(each[0]))
    letter = next((_copy(part) for part in parts if part.get_content_type() in _HEADERS), None)
    message_id = header(letter, "Message-ID") if letter is not None else ""
    date = dated(header(letter, "Date")) if letter is not None else None
    return Returned(verdict=verdict, code=code, words=words, message_id=message_id, date=date)


def _verdicts(status: Message) -> Iterator[tuple[Verdict, int, str]]:
    """One for each recipient of whom the report says that the letter did not arrive, or not yet."""
    for block in _inside(status):
        action = header(block, "Action").lower()
        if action not in ("failed", "delayed"):
            continue
        diagnostic = header(block, "Diagnostic-Code")
        status_code = next(iter(_STATUS.findall(f"{header(block, 'Status')} {diagnostic}")), "")
        words = f"{status_code} {diagnostic.partition(';')[2].strip() or diagnostic}".strip()
        yield _verdict(action == "failed", status_code), _code(diagnostic), words[:500]


def _verdict(failed: bool, status: str) -> Verdict:
    """A delay is none; a letter that was given up is back, whether its reason was lasting (5) or not (4)."""
    if not failed:
        return "delayed"
    return "gone" if _GONE.fullmatch(status) else "refused"


def _told(message: Message, permanent: bool) -> Returned:
    """A report in words of its own: without a status it says nothing of the address."""
    said = "\n".join(text_of(part) for part in message.walk() if part.get_content_maintype() == "text")[:200_000]
    status = next(iter(_STATUS.findall(said)), "")
    message_id, date = _COPIED_ID.search(said), _COPIED_DATE.search(said)
    inside = next((part for part in message.walk() if part is not message and part["Message-ID"]), None)
    return Returned(
        verdict=_verdict(permanent, status), code=_code(said), words=status or " ".join(said.split())[:200],
        message_id=message_id[1] if message_id else header(inside, "Message-ID") if inside is not None else "",
        date=dated(date[1].strip()) if date else dated(header(inside, "Date")) if inside is not None else None,
    )


def _copy(part: Message) -> Message | None:
    """The headers of the letter that a part brings back."""
    return message_from_string(text_of(part)) if part.get_content_maintype() == "text" else next(iter(_inside(part)), None)


def _inside(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def _code(words: str) -> int:
    found = _CODE.search(words)
    return int(found[1]) if found else 0
