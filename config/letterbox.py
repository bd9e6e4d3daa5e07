"""The office's letterbox: each message that lies in it is dealt with once, and none that cannot be read holds up the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from io import BytesIO

from directives.language.calendar import Calendar
from notifications import quoting, replies, returns, signatures
from notifications.arriving import Arrived, arrived, spoken
from notifications.envelopes import Envelopes
from notifications.mailbox import Box, Lying, Mailbox, opened
from notifications.returns import Returned
from notifications.signatures import Lookup
from tasks.evidence import MOST_FILES, file_name, problem
from tasks.ledger import receiving, replying
from tasks.ledger.receiving import Arrival
from tasks.ledger.replying import Answer
from tasks.ledger.store import Store
from tasks.pictures import BrokenPictureError
from tasks.sayings import File, Saying
from tasks.values import Said

from .settings import Settings

MOST_WORDS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a round found: letters that came back, acts that are proposed, of these done at once, the rest; `early` lies there still."""

    back: int = 0
    proposed: int = 0
    done: int = 0
    nothing: int = 0
    unread: int = 0
    early: int = 0

    def __add__(self, other: Read) -> Read:
        return Read(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a person's message says, and what came with it."""

    said: tuple[Saying, ...]
    text: str
    files: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, kw_only=True)
class Letterbox:
    """Reads for one office. `keep` puts evidence to disk; `lookup` asks a name server, None the system's."""

    settings: Settings
    store: Store
    calendar: Calendar
    keep: Callable[[bytes, str], File]
    lookup: Lookup | None = None

    def read(self, now: datetime) -> Read:
        """Deal with all that lies in the mailbox, then with what may be done without asking. Raises MailboxAwayError."""
        box, found = box_of(self.settings), Read()
        if box is not None:
            with opened(box) as mailbox:
                for lying in mailbox.messages():
                    found += self._put(mailbox, lying, now)
        return found + Read(done=self._carried_out(now))

    def _put(self, mailbox: Mailbox, lying: Lying, now: datetime) -> Read:
        """A message that was recorded and not moved, since the connection broke, is moved now."""
        message = arrived(lying.content, self._ours, whole=lying.whole)
        arrival = Arrival(source="mail", key=message.key, uidvalidity=lying.uidvalidity, uid=lying.uid)
        with self.store.read() as db:
            known = receiving.is_known(db, arrival)
        became = Read(nothing=1) if known else self._deal(message, arrival, lying, now)
        if not became.early:
            mailbox.put(lying.uid, "unread" if became.unread else "done")
        return became

    def _deal(self, message: Arrived, arrival: Arrival, lying: Lying, now: datetime) -> Read:
        understood = _understood(message, _day(self.settings, message, now))
        if isinstance(understood, Returned):
            return self._returned(message, understood, arrival, now)
        if isinstance(understood, Words):
            return self._answered(message, understood, arrival, lying, now)
        receiving.set_aside(self.store, arrival, understood, now)
        return Read(unread=1) if understood == "unreadable" else Read(nothing=1)

    def _returned(self, message: Arrived, report: Returned, arrival: Arrival, now: datetime) -> Read:
        letter = self._letter(message, report, now)
        if not letter or report.verdict == "delayed":
            receiving.set_aside(self.store, arrival, "delay" if letter else "unknown", now)
            return Read(nothing=1)
        gone = report.verdict == "gone"
        became = receiving.came_back(self.store, arrival, letter, now, code=report.code, reply=report.words, gone=gone)
        return Read(back=1) if became == "back" else Read(early=1) if became == "early" else Read(nothing=1)

    def _letter(self, message: Arrived, report: Returned, now: datetime) -> int:
        """The letter that came back: by the address that it came back to, else by what is sent back of it; 0 where it is none of ours.

        Who claims a letter by an address that we did not make is not asked further.
        """
        claim = self.envelopes.read(message.to, now) if self.envelopes else None
        if claim and claim.said != "nothing":
            return claim.letter
        with self.store.read() as db:
            found = receiving.letter_of(db, self._given((report.message_id,)), dated=report.date, check_date=True)
        return found.id if found else 0

    def _given(self, message_ids: tuple[str, ...]) -> tuple[str, ...]:
        """Those Message-IDs that we have given."""
        domain = self.settings.mail_from.rpartition("@")[2].lower()
        return tuple(each for each in message_ids if each.lower().endswith(f"@{domain}>"))

    def _answered(self, message: Arrived, words: Words, arrival: Arrival, lying: Lying, now: datetime) -> Read:
        """An agency's answer becomes what it proposes; of anybody else's nothing is done."""
        with self.store.read() as db:
            letter = receiving.letter_of(db, self._given(message.answers))
            mine = letter is not None and (letter.mail or "").lower() == message.sender
            agency = letter.recipient if mine and letter else replying.agency_of(db, message.sender)
        if agency is None or not (words.said or words.files):
            receiving.set_aside(self.store, arrival, "stranger" if agency is None else "silent", now)
            return Read(unread=1)
        try:
            files = self._kept(words.files)
        except OSError:  # the disk is full: it lies there until there is room
            return Read(early=1)
        said = words.said or (Saying(kind="progress", note=message.subject or "Gửi kèm tệp"),)
        answer = Answer(agency, letter.id if letter and mine else 0, said, words.text, files, self._trusted(message, lying))
        return Read(proposed=replying.propose(self.store, arrival, answer, now))

    def _kept(self, brought: Iterable[tuple[str, bytes]]) -> tuple[tuple[str, str, int], ...]:
        """The files, each once; a picture that cannot be read is left out. Raises OSError where the disk is too full."""
        files = {}
        for name, content in brought:
            with suppress(BrokenPictureError):
                file = self.keep(content, name)
                files[file[0]] = file
        return tuple(files.values())

    def _trusted(self, message: Arrived, lying: Lying) -> str:
        """The sender's domain, where the settings trust it, the message was written to us, and its signature holds."""
        domain = message.sender.rpartition("@")[2]
        if domain not in self.settings.reply_trust or not lying.whole or not self._ours & set(message.to):
            return ""
        return signatures.signer(lying.content, message.sender, self.lookup)

    def _carried_out(self, now: datetime) -> int:
        """Do what is trusted; what the rules refuse waits for a person, with the reason."""
        with self.store.read() as db:
            ready = [(number, replying.reply(db, self.calendar, number)) for number in replying.trusted(db)]
        done = 0
        for number, reply in ready:
            if reply:
                said = Said(name=reply.agency.short, role=f"thư điện tử có chữ ký của {reply.domain}")
                done += not replying.accept(self.store, self.calendar, number, said, now, by=reply.agency.id).refusal
        return done

    @cached_property
    def envelopes(self) -> Envelopes | None:
        """What reads the addresses that letters come back to."""
        return envelopes_of(self.settings)

    @cached_property
    def _ours(self) -> frozenset[str]:
        return frozenset(mail.lower() for mail in (self.settings.mail_from, self.settings.mail_reply_to) if mail)


def box_of(settings: Settings) -> Box | None:
    """The mailbox of the settings, None where they name none. Raises ValueError where it would be read unencrypted over a network."""
    if not settings.imap_host:
        return None
    file, typed = settings.imap_password_file, settings.imap_password
    password = file.read_text(encoding="utf-8").strip() if file else typed.get_secret_value() if typed else ""
    return Box(
        host=settings.imap_host, port=settings.imap_port, user=settings.imap_user, password=password, tls=settings.imap_tls,
        ca=settings.imap_ca, folder=settings.imap_folder,
    )


def envelopes_of(settings: Settings) -> Envelopes | None:
    """What writes the envelope's senders, None where every letter has the same."""
    return Envelopes(settings.mail_return, settings.secrets) if settings.mail_return else None


def _understood(message: Arrived, on: date) -> Returned | Words | str:
    """What a message says, else in a word why it says nothing; rubbish is `unreadable`."""
    try:
        if message.kind == "returned":
            return returns.returned(message.message) or "automatic"
        if message.kind == "reply":
            text = quoting.written(message.message)[:MOST_WORDS]
            return Words(said=replies.read(text, on), text=text, files=_files(message))
    except Exception:  # what anybody may send has no end of shapes
        return "unreadable"
    return message.kind


def _files(message: Arrived) -> tuple[tuple[str, bytes], ...]:
    """What is attached, checked as on the page; a picture that belongs to the text is a signature's."""
    found: list[tuple[str, bytes]] = []
    for part in message.message.walk() if message.whole else ():
        name, content = spoken(part.get_filename() or ""), part.get_payload(decode=True)
        inline = part["Content-ID"] and part.get_content_disposition() != "attachment"
        if name and isinstance(content, bytes) and not inline and not problem(name, len(content), BytesIO(content)):
            found.append((file_name(name), content))
    return tuple(found[:MOST_FILES])


def _day(settings: Settings, message: Arrived, now: datetime) -> date:
    """The day on which a message was written, as far as it can be believed."""
    tz = settings.practice.tz
    return min((message.at or now).astimezone(tz).date(), now.astimezone(tz).date())
