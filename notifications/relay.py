"""One connection to the office's mail server, driven phase by phase so that every failure says whether the server may have the letter."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

import aiosmtplib

from directives.language.addresses import AddressError, address
from tasks.pace import Limits

from .conversing import LOST, Conversation, Reply, command
from .outcomes import Answer, Phase, verdict

if tuple(map(int, aiosmtplib.__version__.split(".")[:3])) < (5, 1, 2):
    raise ImportError("aiosmtplib before 5.1.2 takes what is said before the handshake for the encrypted server's (GHSA-vxj7-4xrp-5vr4)")

#: Seconds that RFC 5321 (4.5.3.2) gives each command; after the dot a shorter wait makes copies.
TIMEOUTS: dict[Phase, float] = {"connect": 60, "mail": 300, "rcpt": 300, "data": 120, "dot": 600}


CLEAR = "thư tới {host} sẽ rời máy này mà không mã hóa; đặt smtp_tls là starttls hoặc tls"
NOTHING = "máy chủ thư cần ít nhất một kết nối, mỗi phút, mỗi ngày, mỗi kết nối ít nhất một thư"
UNREACHED = "không nối được {host}: {why}"
SLOW = "{host} trả lời quá chậm"
REFUSED = "{host} từ chối ({said})"


class RelaySettingsError(ValueError):
    """Settings that would send mail in clear over a network, or hold it up for good; `sentence` and `facts` say so in any language."""

    def __init__(self, sentence: str, **facts: object) -> None:
        super().__init__(sentence.format_map(facts))
        self.sentence, self.facts = sentence, facts


class RelayDown(Exception):  # noqa: N818  # it names a state, not a mistake
    """The mail server cannot be used; `sentence` and `facts` say why, for the operator. No letter is to blame."""

    def __init__(self, sentence: str, **facts: object) -> None:
        super().__init__(sentence.format_map(facts))
        self.sentence, self.facts = sentence, facts


class RelayBusy(RelayDown):
    """The mail server asks for less: one connection leaves, the others go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """The office's mail server. `starttls` and `tls` verify certificate and name; `plain` is for this machine only."""

    host: str
    port: int
    sender: str  # the envelope's sender, where bounces go
    envelope: Callable[[int, datetime], str] | None = field(default=None, repr=False)  # … of one letter, by its number and date
    tls: Literal["starttls", "tls", "plain"] = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: Path | None = None  # the office's own certificate authority
    connections: int = 8
    per_minute: int | None = None  # letters, over all connections
    per_day: int | None = None  # letters within any 24 hours
    per_connection: int = 100  # letters, then a connection is made anew
    idle: float = 60  # seconds after which a connection that rests is made anew

    def __post_init__(self) -> None:
        address(self.sender)
        if self.tls == "plain" and not _here(self.host):
            raise RelaySettingsError(CLEAR, host=self.host)
        if min(self.connections, self.per_connection, *(n for n in (self.per_minute, self.per_day) if n is not None)) < 1:
            raise RelaySettingsError(NOTHING)

    def sender_of(self, letter: int, at: datetime) -> str:
        """The envelope's sender of a letter, by its number and its date."""
        return self.envelope(letter, at) if self.envelope else self.sender

    @property
    def name(self) -> str:
        """What its pace is kept under."""
        return f"{self.host}:{self.port}"

    @property
    def limits(self) -> Limits:
        """What all who work may do together."""
        return Limits(connections=self.connections, per_minute=self.per_minute, per_day=self.per_day)


class Line:
    """A connection to a relay; `send` answers in values and raises only what concerns the relay as a whole."""

    def __init__(self, relay: Relay, context: ssl.SSLContext | None) -> None:
        self._relay = relay
        self._sender = address(relay.sender)
        self._smtp = self._client(context)
        self._talk: Conversation | None = None
        self._extensions: frozenset[str] = frozenset()
        self._said, self._rests_since = 0, 0.0

    @property
    def is_open(self) -> bool:
        """Whether the next letter can be said without connecting; one that has carried or rested enough is made anew."""
        rested = asyncio.get_running_loop().time() - self._rests_since
        return self._is_connected and self._said < self._relay.per_connection and rested < self._relay.idle

    async def open(self) -> None:
        """Connect, encrypt and log in. Raises RelayDown or RelayBusy."""
        await self.quit()
        self._said, self._rests_since = 0, asyncio.get_running_loop().time()
        try:
            await self._smtp.connect()
            if self._smtp.is_ehlo_or_helo_needed:
                await self._smtp.ehlo()
        except aiosmtplib.SMTPResponseException as error:
            phase: Phase = "login" if isinstance(error, aiosmtplib.SMTPAuthenticationError) else "connect"
            raise self._refused(Answer(phase, error.code, error.message)) from error
        except (aiosmtplib.SMTPException, ssl.SSLError, OSError) as error:
            raise RelayDown(UNREACHED, host=self._relay.name, why=error) from error
        except ValueError as error:  # a proper TLS name cannot be made of the host
            raise RelayDown(UNREACHED, host=self._relay.host, why=error) from error
        self._take_over()

    async def send(self, recipient: str, letter: bytes, *, by: float, sender: str = "") -> Answer:
        """Say one letter; the dot is reached by `by`, an instant of the loop's clock, or not at all. Raises RelayDown or RelayBusy.

        `sender` is the envelope's for this letter alone, else it is the relay's.
        """
        try:
            to = address(recipient)
        except AddressError as error:
            return Answer("address", 0, str(error))
        try:
            async with asyncio.timeout_at(by):
                answer = await self._envelope(to, letter, sender or self._sender)
        except TimeoutError:
            self.close()
            raise RelayBusy(SLOW, host=self._relay.host) from None
        if answer.phase == "data" and answer.code == 354:
            [answer] = await self._say(_stuffed(letter) + b".\r\n", "dot") if self._is_connected else [Answer("data", 0, LOST)]
        if verdict(answer) in ("busy", "down"):
            self.close()
            raise self._refused(answer)
        if answer.phase != "dot" and self._is_connected and (await self._say(b"RSET\r\n", "mail"))[0].code != 250:
            self.close()
        self._said, self._rests_since = self._said + 1, asyncio.get_running_loop().time()
        return answer

    async def quit(self) -> None:
        """Leave politely; a server that does not answer is left all the same."""
        if self._talk:
            await self._talk.say(b"QUIT\r\n", 1, within=5)
        self.close()

    def close(self) -> None:
        """Hang up at once: the only way out of a conversation that was cut in the middle."""
        if self._talk:
            self._talk.close()
        self._talk = None
        self._smtp.close()

    @property
    def _is_connected(self) -> bool:
        return self._talk is not None and self._talk.is_open

    def _take_over(self) -> None:
        # aiosmtplib reads one reply at a time, raises the same error before and after the dot, and costs more than all else of a letter.
        protocol = self._smtp.protocol
        if protocol is None or not isinstance(protocol.transport, asyncio.WriteTransport):
            raise RelayDown(UNREACHED, host=self._relay.name, why="connection lost")
        self._extensions = frozenset(self._smtp.esmtp_extensions)
        self._talk = Conversation(protocol.transport, protocol)

    async def _envelope(self, recipient: str, letter: bytes, sender: str) -> Answer:
        """The last reply of the envelope, or the first that is a refusal; in one go where the server takes several commands (RFC 2920)."""
        size = [b"SIZE=%d" % len(letter)] if "size" in self._extensions else []
        commands: dict[Phase, bytes] = {
            "mail": command(b"MAIL", b"FROM:<%s>" % sender.encode(), *size), "rcpt": command(b"RCPT", b"TO:<%s>" % recipient.encode()),
            "data": b"DATA\r\n",
        }
        if "pipelining" not in self._extensions:
            for phase, words in commands.items():
                [answer] = await self._say(words, phase)
                if verdict(answer) != "go on":
                    return answer
            return answer
        answers = await self._say(b"".join(commands.values()), *commands)
        refused = next((answer for answer in answers[:-1] if verdict(answer) != "go on"), None)
        if refused and answers[-1].code == 354:  # it waits for a letter to nobody
            self.close()
        return refused or answers[-1]

    async def _say(self, words: bytes, *phases: Phase) -> list[Answer]:
        replies = await self._talk.say(words, len(phases), within=TIMEOUTS[phases[0]]) if self._talk else [Reply(0, LOST)] * len(phases)
        if any(reply.code in (0, 421) for reply in replies):
            self.close()
        return [Answer(phase, *reply) for phase, reply in zip(phases, replies, strict=True)]

    def _refused(self, answer: Answer) -> RelayDown:
        kind = RelayBusy if verdict(answer) == "busy" else RelayDown
        return kind(REFUSED, host=self._relay.host, said=f"{answer.code} {answer.text}")

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
