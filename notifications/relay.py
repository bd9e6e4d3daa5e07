"""One connection to the office's mail server, driven phase by phase so that every failure says whether the server may have the letter."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

import aiosmtplib

from directives.language.addresses import address

from .outcomes import Answer, Phase, verdict

#: Seconds that RFC 5321 (4.5.3.2) gives each command; after the dot a shorter wait makes copies.
TIMEOUTS: dict[Phase, float] = {"connect": 60, "mail": 300, "rcpt": 300, "data": 120, "dot": 600}


class RelayDown(Exception):  # noqa: N818  # it names a state, not a mistake
    """The mail server cannot be used; the sentence says why, for the operator. No letter is to blame."""


class RelayBusy(RelayDown):
    """The mail server asks for less: one connection leaves, the others go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """The office's mail server. `starttls` and `tls` verify certificate and name; `plain` is for this machine only."""

    host: str
    port: int
    sender: str  # the envelope's sender, where bounces go
    tls: Literal["starttls", "tls", "plain"] = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: Path | None = None  # the office's own certificate authority
    connections: int = 8
    per_minute: int | None = None  # letters, over all connections

    def __post_init__(self) -> None:
        address(self.sender)
        if self.tls == "plain" and not _here(self.host):
            raise ValueError(f"mail to {self.host} would leave this machine unencrypted; set tls to starttls or tls")
        if self.connections < 1 or (self.per_minute is not None and self.per_minute < 1):
            raise ValueError("a relay needs at least one connection and one letter a minute")


class Line:
    """A connection to a relay; `send` answers in values and raises only what concerns the relay as a whole."""

    def __init__(self, relay: Relay, context: ssl.SSLContext | None) -> None:
        self._relay = relay
        self._sender = address(relay.sender)
        self._smtp = self._client(context)

    @property
    def is_open(self) -> bool:
        """Whether the next letter can be said without connecting."""
        return self._smtp.is_connected

    async def open(self) -> None:
        """Connect, encrypt and log in. Raises RelayDown or RelayBusy."""
        self.close()
        try:
            await self._smtp.connect()
            if self._smtp.is_ehlo_or_helo_needed:
                await self._smtp.ehlo()
        except aiosmtplib.SMTPResponseException as error:
            phase: Phase = "login" if isinstance(error, aiosmtplib.SMTPAuthenticationError) else "connect"
            raise self._refused(Answer(phase, error.code, error.message)) from error
        except (aiosmtplib.SMTPException, ssl.SSLError, OSError) as error:
            raise RelayDown(f"không nối được {self._relay.host}:{self._relay.port}: {error}") from error
        except ValueError as error:  # a proper TLS name cannot be made of the host
            raise RelayDown(f"không nối được {self._relay.host}: {error}") from error

    async def send(self, recipient: str, letter: bytes, *, by: float) -> Answer:
        """Say one letter; the dot is reached by `by`, an instant of the loop's clock, or not at all. Raises RelayDown or RelayBusy."""
        try:
            async with asyncio.timeout_at(by):
                answer = await self._envelope(recipient, letter)
        except TimeoutError:
            self.close()
            raise RelayBusy(f"{self._relay.host} trả lời quá chậm") from None
        if answer.phase == "data" and answer.code == 354:
            answer = await self._body(letter)
        if verdict(answer) in ("busy", "down"):
            self.close()
            raise self._refused(answer)
        if answer.phase != "dot" and self.is_open and (await self._say("mail", b"RSET")).code != 250:
            self.close()
        return answer

    async def quit(self) -> None:
        """Leave politely; a server that does not answer is left all the same."""
        try:
            if self.is_open:
                await self._smtp.quit(timeout=5)
        except (aiosmtplib.SMTPException, OSError):
            pass
        self.close()

    def close(self) -> None:
        """Hang up at once: the only way out of a conversation that was cut in the middle."""
        self._smtp.close()

    async def _envelope(self, recipient: str, letter: bytes) -> Answer:
        size = [b"SIZE=%d" % len(letter)] if self._smtp.supports_extension("size") else []
        answer = await self._say("mail", b"MAIL", b"FROM:<%s>" % self._sender.encode(), *size)
        if verdict(answer) == "go on":
            answer = await self._say("rcpt", b"RCPT", b"TO:<%s>" % address(recipient).encode())
        if verdict(answer) == "go on":
            answer = await self._say("data", b"DATA")
        return answer

    async def _say(self, phase: Phase, *words: bytes) -> Answer:
        try:
            reply = await self._smtp.execute_command(*words, timeout=TIMEOUTS[phase])
        except aiosmtplib.SMTPResponseException as error:  # a reply that is none
            self.close()
            return Answer(phase, 0, error.message)
        except (aiosmtplib.SMTPException, OSError) as error:
            self.close()
            return Answer(phase, 0, str(error))
        return Answer(phase, reply.code, reply.message)

    async def _body(self, letter: bytes) -> Answer:
        # aiosmtplib's own data() raises the same error before and after the dot; its protocol lets the two be told apart.
        protocol = self._smtp.protocol
        if protocol is None or not self.is_open:
            return Answer("data", 0, "connection lost")
        try:
            protocol.write(_stuffed(letter) + b".\r\n")
            reply = await protocol.read_response(timeout=TIMEOUTS["dot"])
        except (aiosmtplib.SMTPException, OSError) as error:
            self.close()
            return Answer("dot", 0, str(error))
        if reply.code == 421:
            self.close()
        return Answer("dot", reply.code, reply.message)

    def _refused(self, answer: Answer) -> RelayDown:
        said = f"{self._relay.host} từ chối ({answer.code} {answer.text})"
        return RelayBusy(said) if verdict(answer) == "busy" else RelayDown(said)

    def _client(self, context: ssl.SSLContext | None) -> aiosmtplib.SMTP:
        relay = self._relay
        return aiosmtplib.SMTP(
            hostname=relay.host,
            port=relay.port,
            username=relay.user,
            password=relay.password,
            local_hostname=self._sender.rpartition("@")[2],
            timeout=TIMEOUTS["connect"],
            use_tls=relay.tls == "tls",
            start_tls=relay.tls == "starttls",
            tls_context=context,
        )


def encryption(relay: Relay) -> ssl.SSLContext | None:
    """The TLS settings of all connections to a relay: the system's authorities and the office's own."""
    if relay.tls == "plain":
        return None
    context = ssl.create_default_context()
    if relay.ca:
        context.load_verify_locations(relay.ca)
    return context


def _stuffed(letter: bytes) -> bytes:
    """The letter with CRLF at its end and a second dot before a line that begins with one; our letters have CRLF throughout."""
    letter = letter if letter.endswith(b"\r\n") else letter + b"\r\n"
    stuffed = letter.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


def _here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
