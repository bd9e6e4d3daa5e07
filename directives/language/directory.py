"""Who is meant: groups as their members, territories, whose letters go where, on a given day; it knows nothing of duties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from .agencies import POSITION
from .shapes import Agency, Directive, Directory

_KEPT = 8  # rosters remembered: a few directories, each on a few days


class Roster:
    """A directory as of one day, with each group's members and territories computed once.

    For a nation of 53,000 schools a territory is a look-up, never a walk over the members.
    """

    def __init__(self, directory: Directory, on: date) -> None:
        self.directory = directory
        self.on = on
        self._places = {agency: place for place, agency in enumerate(directory.agencies)}
        self._members: dict[str, tuple[str, ...]] = {}
        self._within: dict[str, dict[str, tuple[str, ...]]] = {}
        self._above: dict[str, tuple[tuple[str, ...], ...]] = {}

    def members(self, word: str) -> tuple[str, ...]:
        """The agency itself, or the members of a group, in the order of the directory; only those who exist on the day.

        Raises KeyError where the directory knows no such id.
        """
        if word not in self._members:
            self._members[word] = self._expand(word, frozenset())
        return self._members[word]

    def territory(self, lead: str, word: str) -> tuple[str, ...]:
        """Members of a group below `lead`, else at or below its nearest ancestor that has any, else all.

        An agency is its own territory. A school's commune is the commune it hangs under, not all communes of the province.
        """
        if word in self.directory.agencies:
            return self.members(word)
        within = self._members_within(word)
        if own := [member for member in within.get(lead, ()) if member != lead]:
            return tuple(own)
        for level in self.above(lead):
            found = [within[place] for place in level if place in within]
            if found:
                return found[0] if len(found) == 1 else self._in_order(member for part in found for member in part)
        return self.members(word)

    def above(self, agency: str) -> tuple[tuple[str, ...], ...]:
        """All that an agency hangs under, nearest first: a tuple for each level, no id twice even where the tree has a loop."""
        if agency not in self._above:
            self._above[agency] = tuple(self._climb(agency))
        return self._above[agency]

    def _climb(self, agency: str) -> Iterator[tuple[str, ...]]:
        seen = {agency}
        level = parents(agency, self.directory)
        while level := tuple(dict.fromkeys(place for place in level if place not in seen)):
            yield level
            seen.update(level)
            level = tuple(place for child in level for place in parents(child, self.directory))

    def _expand(self, word: str, within: frozenset[str]) -> tuple[str, ...]:
        """`within` holds the groups on the way here, so that a group that lists itself ends."""
        if word in self.directory.agencies:
            return (word,) if self._exists(self.directory.agencies[word]) else ()
        group, way = self.directory.groups[word], within | {word}
        if word in within:
            return ()
        listed = {member for other in group.list_ for member in self._expand(other, way)}
        taken = {member for other in group.except_ for member in self._expand(other, way)}
        asked = self._query(frozenset(group.kind), frozenset(group.in_)) if group.kind or group.in_ else frozenset()
        return self._in_order((asked | listed) - taken)

    def _query(self, kinds: frozenset[str], places: frozenset[str]) -> frozenset[str]:
        return frozenset(
            agency.id
            for agency in self.directory.agencies.values()
            if (kinds & set(agency.kind) if kinds else POSITION not in agency.kind)
            and self._exists(agency)
            and (not places or any(places & set(level) for level in self.above(agency.id)))
        )

    def _members_within(self, word: str) -> dict[str, tuple[str, ...]]:
        """The members of a group at or under each place that has any."""
        if word not in self._within:
            within: dict[str, list[str]] = {}
            for member in self.members(word):
                for level in ((member,), *self.above(member)):
                    for place in level:
                        within.setdefault(place, []).append(member)
            self._within[word] = {place: tuple(members) for place, members in within.items()}
        return self._within[word]

    def _in_order(self, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(set(ids), key=self._places.__getitem__))

    def _exists(self, agency: Agency) -> bool:
        return (agency.since is None or agency.since <= self.on) and (agency.until is None or self.on <= agency.until)


_rosters: dict[tuple[int, date], Roster] = {}


def roster(directory: Directory, on: date) -> Roster:
    """The roster of a directory on a day. Asked again for the same directory object, it is the same roster."""
    key = (id(directory), on)
    found = _rosters.get(key)
    # A roster holds its directory, so an id in here cannot have passed to another object.
    if found is None:
        if len(_rosters) >= _KEPT:
            _rosters.pop(next(iter(_rosters)), None)
        found = _rosters[key] = Roster(directory, on)
    return found


def members(word: str, directory: Directory, on: date) -> tuple[str, ...]:
    """The agency itself or the members of a group on a day, in the order of the directory."""
    return roster(directory, on).members(word)


def territory(lead: str, word: str, directory: Directory, on: date) -> tuple[str, ...]:
    """Members of a group below `lead`, else at or below its nearest ancestor that has any, else all of them."""
    return roster(directory, on).territory(lead, word)


def parents(agency: str, directory: Directory) -> tuple[str, ...]:
    """What an agency hangs under: none, one, or several (a Phòng GDĐT under its Sở and its huyện)."""
    known = directory.agencies.get(agency)
    return known.in_ if known else ()


def places(agency: str, directory: Directory) -> frozenset[str]:
    """The agency itself and all that it hangs under, at every height."""
    found, new = {agency}, {agency}
    while new := {above for each in new for above in parents(each, directory)} - found:
        found |= new
    return frozenset(found)


def mail_of(agency: str, directory: Directory) -> str | None:
    """The agency's own address, else the first found going up; None where a letter would reach nobody."""
    level, seen = [agency], {agency}
    while level:
        for place in level:
            known = directory.agencies.get(place)
            if known and known.mail:
                return known.mail
        level = [up for place in level for up in parents(place, directory) if up not in seen]
        seen.update(level)
    return None


def resolve(word: str, agency: str, directive: Directive, directory: Directory) -> tuple[str, ...]:
    """Whom a rung's or a report's word means for a task of `agency`.

    `with` belongs to the duty, not to the agency: see `expansion.coordinators`; here it is nobody.
    """
    if word == "above":
        return parents(agency, directory)
    if word == "head":
        return (directory.agencies[agency].head or agency,)
    if word in ("lead", "with", "issuer"):
        return {"lead": (agency,), "with": (), "issuer": (directive.issuer,)}[word]
    if word in directory.agencies:
        return (word,)  # a position is whoever holds it when the letter is sent
    return members(word, directory, directive.date or date.max)
