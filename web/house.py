"""The pages' other side in production: the office's ledger, its keys and its disk."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import cast

from config import vault
from config.clock import Clock
from config.office import Office
from config.other_house import Attempt, OtherHouse
from notifications import links
from notifications.links import Purpose
from reports import page
from tasks.ledger import correcting, desk, health, passing, renewing, replying, reporting, roster, sessions, untold
from tasks.ledger.works import papers
from tasks.sayings import Correction, Reply
from tasks.sessions import Knock, Passed, Session
from tasks.values import Desk, Paper, Receipt, Said, Standing

from .almanac import Almanac
from .bulletin import Bulletin
from .doorkeeper import Doorkeeper
from .postman import Postman
from .presses import NOTHING, Pressed
from .shelf import Shelf
from .ways import ways
from .words import Code, tongue


@dataclass(frozen=True)
class House(Doorkeeper, Shelf, Almanac, Bulletin, Pressed):
    """`web.front.Front` over an office."""

    office: Office
    clock: Clock
    postman: Postman

    def __post_init__(self) -> None:
        _ = self._vouching  # settings that are wrong are found at the start

    @property
    def base_url(self) -> str:
        """The configured public address."""
        return self.office.settings.base_url

    @property
    def form_key(self) -> bytes:
        """Signs what a form carries from page to page."""
        return self.office.settings.form_key

    @property
    def other_house(self) -> str:
        """The name of the house whose accounts may log in as well."""
        return self._vouching.name if self._vouching else ""

    @cached_property
    def _vouching(self) -> OtherHouse | None:
        return OtherHouse.of(self.office.settings)

    def desk(self, recipient: str, now: datetime, task: int = 0, page: int = 1) -> Desk:
        """A page of what the recipient owes and has done, worst first; or one task of it alone."""
        with self.office.store.read() as db:
            return untold.opened(db, recipient, self.office.calendar, task=task, page=page)

    def replies(self, recipient: str) -> Sequence[Reply]:
        """What the recipient has answered by mail and nobody has confirmed."""
        with self.office.store.read() as db:
            return replying.waiting(db, self.office.calendar, agency=roster.row_of(db, recipient))

    def confirm_reply(self, reply: int, said: Said, recipient: str, now: datetime) -> Receipt:
        """Record what an answer proposes, once."""
        receipt = replying.accept(self.office.store, self.office.calendar, reply, said, now, by=recipient)
        if receipt.new and not receipt.refusal:
            self.postman.wake()
        return receipt

    def leave_reply(self, reply: int, recipient: str, now: datetime) -> bool:
        """Let an answer be nothing."""
        return replying.refuse(self.office.store, reply, now, by=recipient)

    def ask_contact(self, recipient: str, said: Said, now: datetime, *, mail: str, phone: str) -> str:
        """Ask for other contacts of the recipient, by a letter to whoever must confirm them."""
        with self.office.store.write() as db:
            confirmer = correcting.ask(db, recipient, said, now, mail=mail, phone=phone)
        self.postman.wake()
        return confirmer.name if confirmer else ""

    def correction(self, token: str, now: datetime) -> Correction | None:
        """What a confirming letter asks; only its own token opens it."""
        said = links.read(token) or NOTHING
        with self.office.store.read() as db:
            found = correcting.asked(db, said.link_id, now)
        valid = self.office.settings.keys.valid(said, "contact", found.confirmer.id if found else "")
        return found if valid else None

    def decide_contact(self, token: str, now: datetime, *, confirm: bool) -> bool:
        """Put the contacts in force, or leave them."""
        said = links.read(token)
        if said is None or self.correction(token, now) is None:
            return False
        with self.office.store.write() as db:
            return correcting.decide(db, said.link_id, now, confirm=confirm)

    def readable(self, recipient: str, now: datetime) -> tuple[Paper, ...]:
        """The directives whose pages the recipient may read."""
        with self.office.store.read() as db:
            return desk.readable(db, roster.row_of(db, recipient))

    def report_page(self, standing: Standing, recipient: str, stylesheet_at: str, base: str, lang: Code) -> str:
        """The leader's whole page."""
        there = ways(self.office, standing, recipient, base, tongue(lang))
        return page.served(standing, stylesheet_at=stylesheet_at, link=None, reader=self.reader(recipient), ways=there, lang=lang)

    def passed(self, link: str) -> Sequence[tuple[Passed, str]]:
        """What was passed on from a link and stands, each with its token."""
        with self.office.store.read() as db:
            row = desk.link(db, link, self.clock.now())
            found = passing.passed(db, link)
        keys = self.office.settings.keys
        return [(each, keys.token("desk", each.id, row.recipient)) for each in found] if row else []

    def take_back(self, link: str, passed: str, now: datetime) -> bool:
        """End what was passed on from a link."""
        with self.office.store.write() as db:
            return passing.take_back(db, link, passed, now)

    def renew(self, token: str, now: datetime) -> None:
        """Mail a link anew to the registered address of whom the token was made for, whether it stands or not."""
        said = links.read(token)
        with self.office.store.read() as db:
            row = desk.link(db, said.link_id, now) if said else None
        purpose = {"desk": "desk", "page": "page"}.get(row.purpose) if row else None
        if said and row and purpose and self.office.settings.keys.valid(said, cast(Purpose, purpose), row.recipient):
            with self.office.store.write() as db:
                renewing.renew(db, row.opens, purpose, now, self._today(now))
            self.postman.wake()

    def reports_come(self, token: str, now: datetime) -> bool | None:
        """Whether the reports come that a letter offers to stop."""
        row = self._link(token, now, {"page": "unsubscribe"})
        with self.office.store.read() as db:
            come = reporting.comes(db, row.agency if row else 0)
        return come if row else None

    def let_reports_come(self, token: str, come: bool, now: datetime) -> None:
        """Stop the reports of whom the token was made for, or let them come again."""
        if row := self._link(token, now, {"page": "unsubscribe"}):
            with self.office.store.write() as db:
                reporting.let_come(db, row.agency, come, now)

    def invite(self, address: str, wish: str, now: datetime) -> None:
        """Mail a login link to whoever is registered under the address and may log in."""
        with self.office.store.read() as db:
            found = sessions.callers(db, address, self._today(now))
        if found:
            with self.office.store.write() as db:
                for agency in found:
                    sessions.invite(db, agency, wish, now)
            self.postman.wake()

    def knock(self, token: str, now: datetime) -> Knock | None:
        """What a login link would open; the same road for every token that opens nothing."""
        row = self._link(token, now, {"login": "login"})
        with self.office.store.read() as db:
            return sessions.knock(db, row.id if row else "")

    def begin(self, link: str, id: str, now: datetime) -> bool:
        """Use a login link up and begin a session."""
        with self.office.store.write() as db:
            return sessions.begin(db, link, id, now)

    def house_door(self, attempt: Attempt) -> str:
        """Where the other house lets people in."""
        return self._vouching.door(attempt) if self._vouching else ""

    def vouch(self, code: str, attempt: Attempt, id: str, now: datetime) -> bool:
        """Begin a session for whom the other house vouches: whoever is registered under that very address."""
        mail = self._vouching.vouched(code, attempt, now) if self._vouching else ""
        with self.office.store.write() as db:
            found = sessions.callers(db, mail, self._today(now)) if mail else ()
            for agency in found[:1]:
                sessions.begin_for(db, agency, id, "oidc", now)
        return bool(found)

    def session(self, id: str, now: datetime) -> Session | None:
        """The session of a cookie's hash."""
        with self.office.store.read() as db:
            return sessions.session(db, id, now, self._today(now))

    def end(self, session: Session, now: datetime, *, everywhere: bool) -> None:
        """End a session, or all that its position has."""
        with self.office.store.write() as db:
            if everywhere:
                sessions.end_all(db, roster.row_of(db, session.agency), now)
            else:
                sessions.end(db, session.id, now)

    def papers(self, session: Session) -> tuple[Paper, ...]:
        """The directives that the session may read, newest first."""
        with self.office.store.read() as db:
            known = papers(db, session.reads | session.decides)
        return tuple(sorted(known.values(), key=lambda paper: (paper.issued_on, paper.id), reverse=True))

    def _today(self, now: datetime) -> date:
        return now.astimezone(self.office.practice.tz).date()

    def ready(self) -> Mapping[str, str]:
        """What a start needs: a ledger that can be written, room on the disk, letters that leave in time."""
        free = shutil.disk_usage(self.office.settings.data).free
        return {**health.checks(self.office.store, self.clock.now()), "disk": "" if free >= vault.FLOOR else "đĩa sắp đầy"}
