"""What comes into an office's mailbox in the tests: letters of ours that come back, answers of agencies, and rubbish."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import NamedTuple

from tasks.letters import Notice

DOMAIN = "office.example"
OFFICE = f"don-doc@{DOMAIN}"


class Sent(NamedTuple):
    """A letter as its reader has it: its Message-ID, its date, and the envelope's sender."""

    message_id: str
    date: datetime
    sender: str
    to: str


def sent(notice: Notice, sender: str = OFFICE) -> Sent:
    return Sent(notice.message_id, notice.date, sender, notice.recipient.mail or "")


def bounce(
    of: Sent, status: str = "5.1.1", *, action: str = "failed", to: str = "", quoted: bool = True, words: str = "no such user",
    message_id: str = "<b1@relay.example>",
) -> bytes:
    """What a mail server writes of a letter (RFC 3464)."""
    head = f"From: MAILER-DAEMON@relay.example\r\nTo: {to or of.sender}\r\nReturn-Path: <>\r\nAuto-Submitted: auto-replied\r\n"
    head += f"Message-ID: {message_id}\r\nSubject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
    head += 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
    said = "--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry.\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
    said += "Reporting-MTA: dns; relay.example\r\n\r\n"
    said += f"Final-Recipient: rfc822; {of.to}\r\nAction: {action}\r\nStatus: {status}\r\n"
    said += f"Diagnostic-Code: smtp; 550 {status} {words}\r\n\r\n"
    copy = f"Message-ID: {of.message_id}\r\nDate: {format_datetime(of.date)}\r\nTo: {of.to}\r\n\r\n"
    said += f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{copy}\r\n" if quoted else ""
    return f"{head}{said}--b--\r\n".encode()


def answer(
    text: str, *, sender: str = "insurance@office.example", to: Sent | None = None, at: datetime | None = None, key: str = "",
    files: tuple[tuple[str, bytes], ...] = (), subject: str = "Re: Nhắc việc", **head: str,
) -> bytes:
    """What an agency writes back."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Văn thư <{sender}>", OFFICE, subject
    message["Message-ID"] = f"<{key or abs(hash(text)) % 10**9}@{sender.partition('@')[2]}>"
    if at:
        message["Date"] = format_datetime(at)
    if to:
        message["In-Reply-To"] = to.message_id
    for name, value in head.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()
