"""One duty as the visitor meets it: what the link shows of it, and the pages about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import cast

from starlette.responses import HTMLResponse

from tasks.values import Desk, Paper, Work

from .answer import Kind, choices
from .blanks import Blank
from .desk import contacts
from .evidence import File
from .molds import molded
from .pages import page
from .telling import caption
from .visit import Visit


@dataclass(frozen=True)
class Sheet:
    """One duty as the visitor meets it."""

    at: Visit
    mine: Desk
    work: Work
    files: Sequence[File] = ()  # what was brought before

    @property
    def paper(self) -> Paper:
        """The directive that orders it."""
        return self.mine.papers[self.work.directive]

    @property
    def today(self) -> date:
        """The day of the visit in the directive's zone."""
        return self.at.today(self.paper)

    @property
    def offered(self) -> tuple[Kind, ...]:
        """What may be said now."""
        return tuple(kind for kind in choices(self.work, self.at.now) if kind != "delegate" or not self.at.task)

    def page(self, template: str, *, code: int = 200, **more: object) -> HTMLResponse:
        """A page about this duty."""
        return page(self.at.request, template, code=code, **self._facts, **more)

    @property
    def _facts(self) -> dict[str, object]:
        named = caption(self.work, self.paper)
        return {"party": self.mine.party, "contacts": contacts(self.mine), "desk": self.at.path(), "work": self.work, "caption": named}

    @cached_property
    def common(self) -> Sheet:
        """The same with blanks for what is this reader's own, so that it is written once for all who owe the same."""
        party, work = self.mine.party, self.work
        mail = Blank("mail", party.mail) if party.mail else None
        to = replace(party, id="", name=Blank("party", party.name), short="", mail=mail, phone=None)
        lead = replace(work.agency, id="", name=Blank("lead", work.agency.name), short="", mail=None, phone=None)
        task = cast(int, Blank("task", str(work.id)))
        at = replace(self.at, token=Blank("token", self.at.token))
        return Sheet(at, replace(self.mine, party=to), replace(work, id=task, agency=lead, told_at=None))

    def molded(
        self, template: str, *own: Blank, code: int = 200, always: Mapping[str, object] = MappingProxyType({}), **more: object
    ) -> HTMLResponse:
        """A page about this duty, of which `more` says nothing that is one reader's own but in its blanks."""
        said = self.common
        found = [said.at.token, said.mine.party.name, said.mine.party.mail, said.work.agency.name, said.work.id, *own]
        blanks = [each for each in found if isinstance(each, Blank)]
        return molded(self.at.request, template, *blanks, code=code, always=always, **said._facts, **more)
