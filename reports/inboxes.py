"""How much mail a plan puts into each inbox, week by week; inboxes that get the same in every week are told of together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from directives.language.directory import mail_of
from directives.language.shapes import Directory
from tasks.postbag import Letter

MUCH = 3  # letters a week beyond which a reader stops reading them
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Inboxes, each named by its owner's id, and how many letters come into each of them in every week from `first`, a Monday."""

    owners: tuple[str, ...]
    first: date
    weeks: tuple[int, ...]

    @property
    def most(self) -> int:
        """Letters in the fullest week."""
        return max(self.weeks)

    @property
    def fullest(self) -> date:
        """The Monday of the first week with that many."""
        return self.first + self.weeks.index(self.most) * WEEK

    @property
    def total(self) -> int:
        """Letters in all weeks."""
        return sum(self.weeks)


def loads(letters: Iterable[Letter], directory: Directory) -> tuple[Load, ...]:
    """Every inbox of a plan, the fullest first."""
    by_reader: dict[str, dict[int, int]] = {}
    first = last = None
    for letter in letters:
        monday = letter.on.toordinal() - letter.on.weekday()
        first, last = monday if first is None else first, monday
        weeks = by_reader.setdefault(letter.to, {})
        weeks[monday] = weeks.get(monday, 0) + 1
    if first is None or last is None:
        return ()
    alike: dict[tuple[int, ...], list[str]] = {}
    for owner, counts in _by_inbox(by_reader, directory).items():
        alike.setdefault(tuple(counts.get(monday, 0) for monday in range(first, last + 1, 7)), []).append(owner)
    found = [Load(owners=tuple(owners), first=date.fromordinal(first), weeks=weeks) for weeks, owners in alike.items()]
    return tuple(sorted(found, key=lambda load: (-load.most, -load.total, -len(load.owners))))


def borrowed(readers: Iterable[str], directory: Directory) -> dict[str, str]:
    """Readers without an inbox of their own, each with the owner of the one that their letters go into."""
    owners = owners_of(directory)
    found = {}
    for reader in readers:
        mail = mail_of(reader, directory)
        if mail and not directory.agencies[reader].mail:
            found[reader] = owners[mail]
    return found


def owners_of(directory: Directory) -> dict[str, str]:
    """Whose each address is: the first who gives it."""
    found: dict[str, str] = {}
    for agency in directory.agencies.values():
        if agency.mail:
            found.setdefault(agency.mail, agency.id)
    return found


def _by_inbox(by_reader: Mapping[str, Mapping[int, int]], directory: Directory) -> dict[str, dict[int, int]]:
    """Readers who share an address share an inbox."""
    owners, found = owners_of(directory), dict[str, dict[int, int]]()
    for reader, weeks in by_reader.items():
        inbox = found.setdefault(owners[mail_of(reader, directory) or ""], {})
        for monday, many in weeks.items():
            inbox[monday] = inbox.get(monday, 0) + many
    return found
