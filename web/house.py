"""The pages' other side in production: the office's ledger, its keys and its disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from config import vault
from config.clock import Clock
from config.office import Office
from notifications import links
from notifications.links import Purpose
from reports import page
from tasks.ledger import acts, desk, health, roster, sessions, standing
from tasks.ledger.issued import load
from tasks.ledger.reporting import before
from tasks.ledger.works import papers
from tasks.sessions import Knock, Session
from tasks.values import Act, Desk, Paper, Receipt, Standing

from .front import Opened
from .postman import Postman

#: A link that opens nothing is checked against this one, so that it takes as long as one that does.
_NOBODY = desk.Link(id="-----------", purpose="desk", recipient="", agency=0, stands=False)


@dataclass(frozen=True)
class House:
    """`web.front.Front` over an office."""

    office: Office
    clock: Clock
    postman: Postman

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
        return ""

    def opened(self, token: str, now: datetime) -> Opened | None:
        """What the token opens; the same road and the same time for unknown, revoked, expired and malformed."""
        row = self._link(token, now, {"desk": "desk", "page": "page"})
        return Opened(purpose="page" if row.purpose == "page" else "desk", recipient=row.opens, link=row.id) if row else None

    def _link(self, token: str, now: datetime, kinds: Mapping[str, Purpose]) -> desk.Link | None:
        """The row of a token that stands; `kinds` are those of rows, each with the purpose whose key must have made the token."""
        said = links.read(token) or links.Token("", _NOBODY.id, "")
        with self.office.store.read() as db:
            row = desk.link(db, said.link_id, now) or _NOBODY
        purpose = kinds.get(row.purpose, "desk")
        valid = self.office.settings.keys.valid(said, purpose, row.recipient)
        return row if valid and row.stands and row.purpose in kinds else None

    def desk(self, recipient: str, now: datetime) -> Desk:
        """Everything the recipient owes and has done, worst first."""
        with self.office.store.read() as db:
            return desk.desk(db, roster.row_of(db, recipient), self.office.calendar)

    def act(self, act: Act, now: datetime) -> Receipt:
        """Record what was said, once."""
        receipt = acts.act(self.office.store, act, self.office.calendar, now)
        if receipt.new and not receipt.refusal:
            self.postman.wake()
        return receipt

    def keep(self, content: Iterable[bytes], name: str) -> tuple[str, str, int]:
        """Evidence to disk under its hash. Raises OSError where the disk is too full."""
        return vault.keep(self.office.settings.data, content, name)

    def readable(self, recipient: str, now: datetime) -> tuple[Paper, ...]:
        """The directives whose pages the recipient may read."""
        with self.office.store.read() as db:
            return desk.readable(db, roster.row_of(db, recipient))

    def standing(self, directive: int, recipient: str, now: datetime) -> Standing:
        """How a directive stands now, against the last report that the reader has had."""
        with self.office.store.read() as db:
            since = before(db, load(db, directive, self.office.calendar), now, recipient)
            return standing.standing(db, directive, self.office.calendar, now, since)

    def report_page(self, standing: Standing, recipient: str, stylesheet_at: str) -> str:
        """The leader's whole page."""
        with self.office.store.read() as db:
            reader = roster.parties(db, [roster.row_of(db, recipient)]).popitem()[1]
        return page.served(standing, stylesheet_at=stylesheet_at, link=None, reader=reader.name)

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
