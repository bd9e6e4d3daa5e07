"""A directive on its way to being issued: what its checks look at, and every id that it names with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from .calendar import Calendar
from .mistakes import Mistake, Notes
from .shapes import Basis, Directive, Directory, Duty, Overall
from .tree import Block, Loc, locate
from .vocabulary import AUDIENCE
from .words import fold

#: "Lưu: VT, TH" names a shelf, "Như trên" those of kính gửi: whole lines of a paper's nơi nhận that are no ids.
_NO_READER = re.compile(r"[-+ ]*(?:luu\b.*|nhu tren)[ ;.]*")

Beside = Callable[[str], bytes | None]
Papers = Callable[[Basis, date], Directive | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A directive on its way to being issued, with all that its checks look at.

    `doubles` are the ids that several directories have, with two of their names; `tree` is the long form, for places.
    `beside` gives the files that lie beside the directive, `papers` an older paper as in force before a day; without them nobody looks.
    """

    directive: Directive
    tree: Block
    directory: Directory
    doubles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    calendar: Calendar | None = None
    beside: Beside | None = None
    papers: Papers | None = None

    @property
    def on(self) -> date:
        """The day as of which groups are taken; a draft without a date sees those that have no end."""
        return self.directive.date or date.max

    def issued(self, basis: Basis) -> Directive | None:
        """An older paper as in force before this one, where somebody has it."""
        return self.papers(basis, self.on) if self.papers else None

    def knows(self, word: str) -> bool:
        """Whether the directory has an agency or a group of this id."""
        return word in self.directory.agencies or word in self.directory.groups

    @property
    def is_resolved(self) -> bool:
        """Whether every id that acts, receives or reads is known and means one thing, so that groups can be looked into."""
        return all(self.knows(word) and word not in self.doubles for loc, word in uses(self.directive) if loc != ("issuer",))


Told = Iterator[tuple[Loc, Mistake]]
Check = Callable[[Draft], Told]


def check(draft: Draft, checks: tuple[Check, ...], notes: Notes) -> None:
    """Tell everything that `checks` find."""
    for each in checks:
        for loc, mistake in each(draft):
            notes.tell(locate(draft.tree, loc, mistake.words), mistake)


def uses(directive: Directive) -> Iterator[tuple[Loc, str]]:
    """Every id that a directive names, with its place."""
    yield ("issuer",), directive.issuer
    if directive.signer:
        yield ("signer",), directive.signer
    yield from recipients(directive)
    for name, indicator in directive.indicators.items():
        if indicator.source:
            yield ("indicators", name, "source"), indicator.source
    for place, duty in orders(directive):
        yield from _each((*place, "for"), duty.for_)
    yield from readers(directive)


def recipients(directive: Directive) -> Iterator[tuple[Loc, str]]:
    """Every id that a letter of the directive goes to, with its place."""
    yield from _each(("to",), directive.to)
    for purpose, ids in directive.cc.items():
        if purpose != "archive":
            yield from ((loc, word) for loc, word in _each(("cc", purpose), ids) if not _NO_READER.fullmatch(fold(word)))
    yield from _each(("overall", "to"), directive.overall.to or ())
    for place, duty in orders(directive):
        yield from _each((*place, "lead"), duty.lead)
        yield from _each((*place, "with"), duty.with_)
        for level, ids in enumerate(duty.cascade):
            yield from _each((*place, "cascade", level), ids)


def orders(directive: Directive) -> Iterator[tuple[Loc, Duty]]:
    """The duties of a paper and what it makes of another's, each with its place."""
    yield from ((("duties", n), duty) for n, duty in enumerate(directive.duties))
    yield from ((("changes", n), change) for n, change in enumerate(directive.changes))


def readers(directive: Directive) -> Iterator[tuple[Loc, str]]:
    """Every id that a rung or a report names; `lead`, `above` … are no ids."""
    said: tuple[tuple[Loc, Directive | Overall], ...] = (((), directive), (("overall",), directive.overall))
    for place, each in said:
        for n, rung in enumerate(each.escalation or ()):
            yield from ((loc, word) for loc, word in _each((*place, "escalation", n, "audience"), rung.audience) if word not in AUDIENCE)
        for n, plan in enumerate(each.reports or ()):
            yield from ((loc, word) for loc, word in _each((*place, "reports", n, "to"), plan.to) if word != "issuer")


def _each(loc: Loc, ids: tuple[str, ...]) -> Iterator[tuple[Loc, str]]:
    for n, word in enumerate(ids):
        yield (*loc, n), word
