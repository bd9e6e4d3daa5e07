"""What the pages ask of the rest of dondoc: one protocol, so that they know neither a ledger nor a disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from config.other_house import Attempt
from tasks.feeds import Falling, Since
from tasks.sayings import Correction, Reply
from tasks.sessions import Knock, Passed, Session
from tasks.values import Act, Desk, Paper, Receipt, Said, Standing
from tasks.watches import Watch

from .words import Code

Purpose = Literal["desk", "page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a token opens: an agency's desk or a leader's pages; `link` is the row's id, never the token."""

    purpose: Purpose
    recipient: str
    link: str
    task: int = 0  # of a link that was passed on to a colleague: the one task that it opens
    expires_at: datetime | None = None
    lang: str | None = None  # in which its pages begin


class Seen(NamedTuple):
    """What a look at a duty gives: no desk where the link opens none, or not that task."""

    opened: Opened | None
    desk: Desk | None
    files: Sequence[tuple[str, str, int]]


class Front(Protocol):
    """The other side of the pages. Everything but `act`, `recorded` and `keep` leaves the ledger as it was."""

    @property
    def base_url(self) -> str:
        """The configured public address, without a slash at its end; the only source of host names."""

    @property
    def form_key(self) -> bytes:
        """Signs what a form carries from one page to the next; the same in every web process, 32 bytes."""

    @property
    def other_house(self) -> str:
        """The name of the house whose accounts may log in as well, "" where there is none."""

    async def seen(self, token: str, task: int, now: datetime) -> Seen:
        """What the token opens, as of `opened`, and of a desk that task alone, as of `desk` and `exhibits`, in one moment."""

    async def recorded(self, act: Act, now: datetime) -> Receipt:
        """As `act`, for who may wait with others and is recorded together with them."""

    def opened(self, token: str, now: datetime) -> Opened | None:
        """What the token opens; None for unknown, revoked, expired and malformed alike, in equal time."""

    def desk(self, recipient: str, now: datetime, task: int = 0, page: int = 1) -> Desk:
        """A page of what the recipient owes and has done, worst first; or, without forms of figures, one task of it alone."""

    def act(self, act: Act, now: datetime) -> Receipt:
        """Record what was said; an act with the same key gives the receipt of the first. A refusal is in words."""

    def keep(self, content: Iterable[bytes], name: str) -> tuple[str, str, int]:
        """Evidence to disk under its hash: (sha256, name, size). Raises OSError where the disk is too full, BrokenPictureError."""

    def exhibits(self, task: int) -> Sequence[tuple[str, str, int]]:
        """What was brought for a task, oldest first: (sha256, name, size)."""

    def exhibit(self, hash_: str) -> Path | None:
        """Where evidence lies on the disk, None where it does not."""

    def send_code(self, task: int, now: datetime) -> bool:
        """Mail a code for the task's "done" to the registered address, once in ten minutes; False where that is known not to work."""

    def prove(self, task: int, code: str, now: datetime) -> bool:
        """Whether it is the code that was mailed for the task."""

    def replies(self, recipient: str) -> Sequence[Reply]:
        """What the recipient has answered by mail and nobody has confirmed, oldest first."""

    def confirm_reply(self, reply: int, said: Said, recipient: str, now: datetime) -> Receipt:
        """Record what an answer proposes, once; a refusal is in words."""

    def leave_reply(self, reply: int, recipient: str, now: datetime) -> bool:
        """Let an answer be nothing; False where none such waits."""

    def ask_contact(self, recipient: str, said: Said, now: datetime, *, mail: str, phone: str) -> str:
        """Ask for other contacts of the recipient; the name of whoever must confirm them, "" where nobody can."""

    def correction(self, token: str, now: datetime) -> Correction | None:
        """What a confirming letter asks; None as of `opened`."""

    def decide_contact(self, token: str, now: datetime, *, confirm: bool) -> bool:
        """Put the contacts in force, or leave them; False where nothing waits any more."""

    def since(self, tasks: Iterable[int]) -> Mapping[int, Since]:
        """By task, the event since which it is as it is."""

    def falling(self, directives: Iterable[int]) -> tuple[Falling, ...]:
        """What falls due in the directives and waits for somebody, the earliest first."""

    def readable(self, recipient: str, now: datetime) -> tuple[Paper, ...]:
        """The directives whose pages the recipient may read, newest first."""

    def standing(self, directive: int, recipient: str, now: datetime) -> Standing:
        """How a readable directive stands now."""

    def abridged(self, directive: int, recipient: str, now: datetime) -> Standing:
        """The same numbers for a page, which names the worst agencies and counts the others."""

    def watch(self, directive: int, now: datetime) -> Watch:
        """What a directive's page and papers may vouch for when nothing is heard."""

    def reader(self, recipient: str) -> str:
        """The name of the position or body that a page or paper is for."""

    def form(self, name: str) -> bytes | None:
        """The office's own form of a Word paper, None where it has none."""

    def report_page(self, standing: Standing, recipient: str, stylesheet_at: str, base: str, lang: Code) -> str:
        """The whole page that the recipient reads, without inline styles: they are served at `stylesheet_at`; it stands at `base`."""

    def passed(self, link: str) -> Sequence[tuple[Passed, str]]:
        """What was passed on from a link and stands, each with its token."""

    def take_back(self, link: str, passed: str, now: datetime) -> bool:
        """End what was passed on from a link; False where nothing such stood."""

    def renew(self, token: str, now: datetime) -> None:
        """Mail a link anew to the registered address of whom the token was made for, whether it stands or not."""

    def reports_come(self, token: str, now: datetime) -> bool | None:
        """Whether the reports come that a letter offers to stop; None as of `opened`, in equal time."""

    def let_reports_come(self, token: str, come: bool, now: datetime) -> None:
        """Stop the reports of whom the token was made for, or let them come again."""

    def invite(self, address: str, wish: str, now: datetime) -> None:
        """Mail a login link to whoever is registered under the address and may log in; nobody learns whether anybody was."""

    def knock(self, token: str, now: datetime) -> Knock | None:
        """What a login link would open, without using it up; None as of `opened`, in equal time."""

    def begin(self, link: str, id: str, now: datetime) -> bool:
        """Use a login link up and begin a session; False where somebody was faster."""

    def house_door(self, attempt: Attempt) -> str:
        """Where the other house lets people in. Raises StrangerHouseError."""

    def vouch(self, code: str, attempt: Attempt, id: str, now: datetime) -> bool:
        """Begin a session for whom the other house vouches; False where nobody may log in by that address. Raises StrangerHouseError."""

    def session(self, id: str, now: datetime) -> Session | None:
        """The session of a cookie's hash, None once it has ended."""

    def end(self, session: Session, now: datetime, *, everywhere: bool) -> None:
        """End a session, or all that its position has."""

    def papers(self, session: Session) -> tuple[Paper, ...]:
        """The directives that the session may read, newest first."""

    def ready(self) -> Mapping[str, str]:
        """Each check that a start needs and what is wrong with it in words, "" where all is well."""
