"""From a claimed notice to the bytes of its letter; the same notice always gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple
from zoneinfo import ZoneInfo

from directives.language.addresses import address
from tasks.letters import Lane, Notice
from tasks.values import Standing
from tasks.watches import Watch

from . import contents
from .editions import Editions
from .headers import mailbox, words
from .layout import folders
from .links import Keys, Purpose
from .links import address as link_address
from .mime import octets, passages, sealed
from .tongues import Lang, Tongue, tongue

#: Octets of HTML above which mail programs cut a letter (Gmail: 102 kB).
CLIPPED = 100_000
MOST = 100  # tasks of a letter; the page has the rest

#: Lanes that a reader may leave with one press: what is assigned is no list that one leaves, a leader's reports are.
OPTIONAL: tuple[Lane, ...] = ("report",)

#: The purpose of the link in a letter of each lane; a desk where none is named.
_PURPOSES: dict[Lane, Purpose] = {"login": "login", "escalation": "page", "report": "page"}

#: The purpose of a link that was asked for anew.
_ANEW: dict[str, Purpose] = {"desk": "desk", "page": "page", "contact": "contact", "code": "desk"}


class Rendered(NamedTuple):
    """A letter as its reader sees it."""

    subject: str
    text: str
    html: str


class _Written(NamedTuple):
    """A letter whose twins stand in passages, so that what many letters have need not be coded for each."""

    subject: str
    text: list[str]
    html: list[str]


class Composer:
    """Writes letters in the name of `office`, in the recipient's language or else `lang`; what papers and people say stays in theirs.

    `report` renders the issuing committee's page: (standing, link, reader's name, language, what is vouched for) → subject, HTML,
    text. `editions` are the office's own templates, each for letters from its day on; a letter that it does not have is ours.
    `answers`: the mailbox of replies is read, so that letters about one's own work say how to answer by mail.
    """

    def __init__(
        self,
        *,
        base_url: str,
        keys: Keys,
        office: str,
        sender: str,
        reply_to: str | None = None,
        report: Callable[[Standing, str, str, Lang, Watch | None], tuple[str, str, str]] | None = None,
        editions: Editions | None = None,
        lang: Lang = "vi",
        answers: bool = False,
    ) -> None:
        self._base_url, self._keys, self._office, self._report = base_url, keys, office, report
        self._domain = address(sender).rpartition("@")[2]
        self._from = mailbox(office, sender, len("From: "))
        self._reply_to = mailbox(office, reply_to, len("Reply-To: ")) if reply_to else None
        self._to = tongue(lang)
        self._editions, self._answers = editions, answers

    def compose(self, notice: Notice) -> bytes:
        """The message. Raises AddressError where the recipient has no usable address."""
        to = mailbox(notice.recipient.name, notice.recipient.mail or "", len("To: "))
        letter = self._written(notice)
        return sealed(self._head(notice, to, letter.subject), letter.text, letter.html, boundary=f"=_dondoc.{notice.id}")

    def preview(self, notice: Notice) -> Rendered:
        """The letter for a person's eyes: the very parts that `compose` seals."""
        letter = self._written(notice)
        return Rendered(letter.subject, "".join(letter.text), "".join(letter.html))

    def _written(self, notice: Notice) -> _Written:
        link = self._link(notice)
        if notice.lane == "report":
            return self._reported(notice, link)
        most = MOST
        letter = self._rendered(notice, link, most)
        while octets(letter.html) > CLIPPED and most > 1:
            most //= 2
            letter = self._rendered(notice, link, most)
        return letter

    def _rendered(self, notice: Notice, link: str, most: int) -> _Written:
        to = self._tongue(notice)
        name, contents_of = contents.LETTERS["takeover" if notice.taken else notice.lane]
        folder = folders(self._editions.at(notice.date) if self._editions else None, to)[name]
        said = {**contents.common(notice, self._office, link, to, answers=self._answers), **contents_of(notice, most, to)}
        if notice.opens == "code":
            digits = self._keys.digits(notice.note or "")
            said["code"] = f"{digits[:3]} {digits[3:]}"
        said["subject"] = " ".join(folder.subject.render(said).split())
        return _Written(said["subject"], _ended(passages(folder.text.generate(said))), passages(folder.html.generate(said)))

    def _reported(self, notice: Notice, link: str) -> _Written:
        if notice.standing is None or self._report is None:
            raise ValueError(f"notice {notice.id} is a report without a standing, or this composer renders none")
        subject, html, text = self._report(notice.standing, link, notice.recipient.name, self._tongue(notice).lang, notice.watch)
        return _Written(subject, [text], [html])

    def _tongue(self, notice: Notice) -> Tongue:
        """The recipient's own language, else the office's."""
        return tongue(notice.recipient.lang) if notice.recipient.lang else self._to

    def _link(self, notice: Notice, purpose: Purpose | None = None) -> str:
        if notice.lane == "waiting":
            return f"{self._base_url.rstrip('/')}/office"  # it opens for whoever is logged in: no way in rests in such a letter
        if not notice.link:
            raise ValueError(f"notice {notice.id} has no link")
        purpose = purpose or (_ANEW[notice.opens] if notice.opens else _PURPOSES.get(notice.lane, "desk"))
        return link_address(self._base_url, purpose, self._keys.token(purpose, notice.link, notice.recipient.id))

    def _head(self, notice: Notice, to: str, subject: str) -> dict[str, str]:
        root = self._root(notice)
        head = {
            "From": self._from,
            "To": to,
            "Subject": words(subject, len("Subject: ")),
            "Date": _dated(notice.date, notice.paper.zone if notice.paper else contents.ZONE),
            "Message-ID": notice.message_id,
            "In-Reply-To": root,
            "References": root,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",  # bounces are wanted, so neither NDR nor DR
            "Content-Language": self._tongue(notice).lang,
            "X-Dondoc-Letter": notice.lane,  # for the reader's own filters
        }
        if notice.lane == "new" and notice.paper and notice.paper.urgency:
            head["Importance"] = "high"
        if notice.lane in OPTIONAL and self._base_url.startswith("https:"):  # RFC 8058 knows no other scheme
            head["List-Unsubscribe"] = f"<{self._link(notice, 'unsubscribe')}>"
            head["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return head | ({"Reply-To": self._reply_to} if self._reply_to else {})

    def _root(self, notice: Notice) -> str:
        """The letter that nobody sends and every letter answers, so that what is about one task, one paper, a reader's days is stacked."""
        tasks = {item.work.id for item in notice.items} or ({notice.receipt.act.task} if notice.receipt else set())
        about = f"task {tasks.pop()}" if len(tasks) == 1 else f"paper {notice.paper.id}" if notice.paper else notice.lane
        thread = sha256(f"{about} {notice.recipient.id}".encode()).hexdigest()[:20]
        return f"<thread.{thread}@{self._domain}>"


def _ended(text: list[str]) -> list[str]:
    """The text without the white space at its end."""
    if not text[-1].strip():
        text = ["".join(text)]
    return [*text[:-1], text[-1].rstrip() + "\n"]


@lru_cache(64)
def _dated(at: datetime, zone: str) -> str:
    return format_datetime(at.astimezone(ZoneInfo(zone)))
