"""How a duty is looked at and how an answer is recorded: those who wait together by the statements of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Literal, NamedTuple

from config.office import Office
from notifications import links
from notifications.links import Purpose
from tasks.ledger import acts, desk, passing, untold
from tasks.ledger.store import Connection
from tasks.values import Act, Receipt

from .front import Opened, Seen
from .postman import Postman
from .together import Together

#: A link that opens nothing is checked against this one, so that it takes as long as one that does.
_NOBODY = desk.Link(id="-----------", purpose="desk", recipient="", agency=0, stands=False)
NOTHING = links.Token("", _NOBODY.id, "")
_PAGES: Mapping[str, Purpose] = {"desk": "desk", "page": "page"}


class _Look(NamedTuple):
    token: str
    task: int
    now: datetime


class Pressed:
    """The part of `web.front.Front` that opens links, shows duties and records answers, over an office."""

    office: Office
    postman: Postman

    def opened(self, token: str, now: datetime) -> Opened | None:
        """What the token opens; the same road and the same time for unknown, revoked, expired and malformed."""
        with self.office.store.read() as db:
            return self._opened(db, [token], now)[0]

    async def seen(self, token: str, task: int, now: datetime) -> Seen:
        """What the token opens, and the task of it; asked together with whatever else is looked at."""
        return await self._looks.answered(_Look(token, task, now))

    async def recorded(self, act: Act, now: datetime) -> Receipt:
        """Record what was said, once; with whatever else waits to be recorded."""
        return await self._presses.answered((act, now))

    def act(self, act: Act, now: datetime) -> Receipt:
        """Record what was said, once."""
        return self._record([(act, now)])[0]

    @cached_property
    def _looks(self) -> Together[_Look, Seen]:
        return Together(self._seen)

    @cached_property
    def _presses(self) -> Together[acts.Spoken, Receipt]:
        return Together(self._record)

    def _seen(self, looks: Sequence[_Look]) -> list[Seen]:
        with self.office.store.read() as db:
            opened = self._opened(db, [look.token for look in looks], max(look.now for look in looks))
            shown = [_shown(each, look.task) for each, look in zip(opened, looks, strict=True)]
            desks = iter(untold.each_opened(db, [of for of in shown if of], self.office.calendar))
            return [Seen(each, *(next(desks) if of else (None, ()))) for each, of in zip(opened, shown, strict=True)]

    def _record(self, spoken: Sequence[acts.Spoken]) -> list[Receipt]:
        with self.office.store.write() as db:
            receipts = acts.acts_in(db, spoken, self.office.calendar)
            new = [receipt for receipt in receipts if receipt.new and not receipt.refusal]
            for act in (receipt.act for receipt in new if receipt.act.kind == "delegate"):
                passing.pass_on(db, act.said.link, act.task, act.to, max(now for _, now in spoken))
        if new:
            self.postman.wake()
        return receipts

    def _opened(self, db: Connection, tokens: Sequence[str], now: datetime) -> list[Opened | None]:
        said = [links.read(token) or NOTHING for token in tokens]
        rows = desk.links(db, [each.link_id for each in said], now)
        return [_opens(self._standing(each, rows.get(each.link_id), _PAGES)) for each in said]

    def _link(self, token: str, now: datetime, kinds: Mapping[str, Purpose]) -> desk.Link | None:
        """The row of a token that stands; `kinds` are those of rows, each with the purpose whose key must have made the token."""
        said = links.read(token) or NOTHING
        with self.office.store.read() as db:
            row = desk.link(db, said.link_id, now)
        return self._standing(said, row, kinds)

    def _standing(self, said: links.Token, found: desk.Link | None, kinds: Mapping[str, Purpose]) -> desk.Link | None:
        row = found or _NOBODY
        valid = self.office.settings.keys.valid(said, kinds.get(row.purpose, "desk"), row.recipient)
        return row if valid and row.stands and row.purpose in kinds else None


def _opens(row: desk.Link | None) -> Opened | None:
    purpose: Literal["page", "desk"] = "page" if row and row.purpose == "page" else "desk"
    return Opened(purpose=purpose, recipient=row.opens, link=row.id, task=row.task, lang=row.lang) if row else None


def _shown(opened: Opened | None, task: int) -> tuple[str, int] | None:
    """Whose task is shown: of a link that was passed on that task alone."""
    if opened is None or opened.purpose != "desk" or not task or opened.task not in (0, task):
        return None
    return opened.recipient, task
