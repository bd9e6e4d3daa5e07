"""Who is in the office's directory, and how each can be reached: by its own address, by somebody else's, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from directives.language.agencies import Agency, Directory
from directives.language.directory import mail_of, parents, roster


class Person(NamedTuple):
    """An entry of the directory. `through` is whose mailbox its letters go to, itself where it has one, "" for nobody's.

    `groups` are those that it is a member of; `waits` counts its tasks where it was told of some and never answered any.
    """

    agency: Agency
    mail: str | None
    through: str
    groups: tuple[str, ...]
    waits: int = 0

    @property
    def is_reached_through_others(self) -> bool:
        """Whether its letters go to somebody else's mailbox."""
        return bool(self.mail) and self.through != self.agency.id

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        said = self.agency.model_dump(mode="json", exclude_none=True, by_alias=False)
        entry = {name.rstrip("_"): list(value) if isinstance(value, tuple) else value for name, value in said.items()}
        return entry | {"reached_by": self.mail, "through": self.through, "groups": list(self.groups), "never_answered": self.waits}


def people(directory: Directory, on: date, silent: Mapping[str, int]) -> Iterator[Person]:
    """Yield everybody, in the order of the directory; `silent` are those who never answered, with their tasks."""
    of = roster(directory, on)
    groups: dict[str, list[str]] = {}
    for group in directory.groups:
        for member in of.members(group):
            groups.setdefault(member, []).append(group)
    for agency in directory.agencies.values():
        mail = mail_of(agency.id, directory)
        yield Person(agency, mail, _through(agency.id, mail, directory), tuple(groups.get(agency.id, ())), silent.get(agency.id, 0))


def sharing(directory: Directory) -> Mapping[str, list[str]]:
    """Addresses that several agencies call their own, with their ids."""
    owners: dict[str, list[str]] = {}
    for agency in directory.agencies.values():
        if agency.mail:
            owners.setdefault(agency.mail.lower(), []).append(agency.id)
    return {mail: ids for mail, ids in owners.items() if len(ids) > 1}


def _through(agency: str, mail: str | None, directory: Directory) -> str:
    """Whose mailbox an address is, going up from an agency."""
    level = [agency] if mail else []
    while level:
        for place in level:
            if (known := directory.agencies.get(place)) and known.mail == mail:
                return place
        level = [up for place in level for up in parents(place, directory)]
    return ""
