"""The office's mailbox by IMAP: what lies in it, one message after the other, and where a message is put when it is dealt with."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, NamedTuple

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from .arriving import MOST

TIMEOUT = 60.0
BEGINNING = 262_144  # octets that are read of a message that is too large
PER_ROUND = 500  # messages: what is left is read in the next round

_TROUBLE = (OSError, imaplib.IMAP4.error, ImapToolsError)


AWAY = "không đọc được hộp thư ở {host}: {why}"


class MailboxAwayError(Exception):
    """The mailbox cannot be read; the sentence says why, for the operator. What lies in it stays there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Where the office's mailbox is. `starttls` and `tls` verify certificate and name; `plain` is for this machine only."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: Literal["starttls", "tls", "plain"] = "tls"
    ca: Path | None = None
    folder: str = "INBOX"
    done: str = "Done"
    unread: str = "Unread"

    def __post_init__(self) -> None:
        if self.tls == "plain" and not _here(self.host):
            raise ValueError(f"the mailbox at {self.host} would be read unencrypted; set tls to starttls or tls")


class Lying(NamedTuple):
    """A message in the mailbox; `content` is its beginning where it is not `whole`."""

    uidvalidity: int
    uid: int
    content: bytes
    whole: bool


class Mailbox:
    """An open mailbox."""

    def __init__(self, box: Box, client: BaseMailBox) -> None:
        self._box, self._client = box, client
        self._known: set[str] = set()

    def messages(self) -> Iterator[Lying]:
        """Yield what lies in the folder, the oldest first; what another program takes away meanwhile is passed over."""
        with _spoken(self._box):
            validity = int(self._client.folder.status(self._box.folder, ["UIDVALIDITY"])["UIDVALIDITY"])
            uids = sorted(map(int, self._client.uids("ALL")))[:PER_ROUND]
        for uid in uids:
            with _spoken(self._box):
                found = self._read(uid)
            if found is not None:
                yield Lying(validity, uid, *found)

    def put(self, uid: int, where: Literal["done", "unread"]) -> None:
        """Move a message that was dealt with out of the folder; the other folder is made where there is none."""
        name = self._box.done if where == "done" else self._box.unread
        with _spoken(self._box):
            if name not in self._known and not self._client.folder.exists(name):
                self._client.folder.create(name)
            self._known.add(name)
            self._client.move(str(uid), name)

    def _read(self, uid: int) -> tuple[bytes, bool] | None:
        """The octets of a message as they are: a library that parsed it first could fail over it."""
        size = _number(self._fetch(uid, "(RFC822.SIZE)"))
        whole = size <= MOST
        content = _literal(self._fetch(uid, "(BODY.PEEK[])" if whole else f"(BODY.PEEK[]<0.{BEGINNING}>)"))
        return (content, whole) if content is not None else None

    def _fetch(self, uid: int, what: str) -> list[Any]:
        kind, found = self._client.client.uid("FETCH", str(uid), what)
        if kind != "OK":
            raise imaplib.IMAP4.error(f"{kind} {found}")
        return list(found)


@contextmanager
def opened(box: Box) -> Iterator[Mailbox]:
    """The mailbox, logged in. Raises MailboxAwayError."""
    with _spoken(box):
        client = _client(box)
    try:
        with _spoken(box):
            plain = (box.user + box.password).isascii()
            (client.login if plain else client.login_utf8)(box.user, box.password, box.folder)
        yield Mailbox(box, client)
    finally:
        try:
            client.logout()
        except _TROUBLE:
            client.client.shutdown()


def _client(box: Box) -> BaseMailBox:
    match box.tls:
        case "tls":
            return MailBox(box.host, box.port, timeout=TIMEOUT, ssl_context=_encryption(box))
        case "starttls":
            return MailBoxStartTls(box.host, box.port, timeout=TIMEOUT, ssl_context=_encryption(box))
    return MailBoxUnencrypted(box.host, box.port, timeout=TIMEOUT)


def _encryption(box: Box) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if box.ca:
        context.load_verify_locations(box.ca)
    return context


@contextmanager
def _spoken(box: Box) -> Iterator[None]:
    try:
        yield
    except _TROUBLE as error:
        raise MailboxAwayError(AWAY.format(host=box.host, why=" ".join(str(error).split())[:200])) from error


def _number(found: list[Any]) -> int:
    digits = [word for part in found if isinstance(part, bytes) for word in part.rstrip(b")").split() if word.isdigit()]
    return int(digits[-1]) if digits else 0


def _literal(found: list[Any]) -> bytes | None:
    return next((part[1] for part in found if isinstance(part, tuple)), None)


def _here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
