"""Who hears a step of the ladder: the words of a rung as people, for all holders of a duty of whom the same is said; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from directives.language.directory import resolve
from directives.language.expansion import Holder, coordinators, holders
from directives.language.shapes import Directive, Directory, Duty

from .ladder import NEAR, Step


@dataclass(frozen=True, kw_only=True)
class Crew:
    """Holders of a duty of whom the sweep says the same: all at the top or all cascaded, all of them with an address or none."""

    duty: Duty
    holders: tuple[Holder, ...]
    child: bool
    reached: bool
    partners: Mapping[str, tuple[str, ...]]  # who takes part with which lead

    @cached_property
    def readers(self) -> Mapping[str, int]:
        """Who is told of the duty at the issue, and of how many tasks: the lead and those who take part."""
        found = Counter({holder.unit: 1 for holder in self.holders})
        found.update(who for part in self.partners.values() for who in part)
        return found

    @cached_property
    def units(self) -> Set[str]:
        """Those in whose name the duty is owed."""
        return frozenset(holder.unit for holder in self.holders)

    def without(self, hushed: Set[str]) -> Crew | None:
        """The same crew but for some of its holders; None where nobody is left."""
        left = tuple(holder for holder in self.holders if holder.unit not in hushed)
        return self if len(left) == len(self.holders) else replace(self, holders=left) if left else None

    def only(self, holder: Holder) -> Crew:
        """The same crew with one of its holders."""
        return replace(self, holders=(holder,), partners={holder.unit: self.partners.get(holder.unit, ())})


def crews(duty: Duty, directive: Directive, directory: Directory, has_address: Callable[[str], bool]) -> tuple[Crew, ...]:
    """The holders of a duty of a dated directive, by what will be said of them. A clause that orders nothing has none."""
    if duty.force == "note" or directive.date is None:
        return ()
    found: dict[tuple[bool, bool], list[Holder]] = {}
    for holder in holders(duty, directory, directive.date):
        found.setdefault((holder.parent is not None, has_address(holder.unit)), []).append(holder)
    return tuple(
        Crew(duty=duty, holders=tuple(held), child=child, reached=reached, partners=_partners(duty, held, child, directive, directory))
        for (child, reached), held in found.items()
    )


class Hearers(NamedTuple):
    """Who hears a step, and of how many tasks; `own` are those who hear of one that they hold or take part in."""

    tasks: Mapping[str, int]
    own: Set[str]


def hearers(step: Step, crew: Crew, directive: Directive, directory: Directory) -> Hearers:
    """Who hears a step of the tasks of a crew.

    Of a cascaded task nobody beyond itself hears but the lead that passed it down.
    """
    near = [word for word in step.audience if word in NEAR]
    beyond = [word for word in step.audience if word not in NEAR]
    if crew.child:
        return _counted(crew, [*near, "parent"] if beyond else near, (), directory)
    bound = [word for word in beyond if word in ("head", "above")]
    free = [who for word in beyond if word not in bound for who in resolve(word, directive.issuer, directive, directory)]
    return _counted(crew, near + bound, free, directory)


def _partners(duty: Duty, held: Iterable[Holder], child: bool, directive: Directive, directory: Directory) -> Mapping[str, tuple[str, ...]]:
    """Who takes part with each lead at the top; a cascaded child answers alone."""
    if child or not duty.with_ or directive.date is None:
        return {}
    return {holder.unit: coordinators(duty, holder.unit, directory, directive.date) for holder in held}


def _counted(crew: Crew, words: list[str], everything: Iterable[str], directory: Directory) -> Hearers:
    """Those in `everything` hear of all tasks; who is meant by two words of one task hears of it once. Always in the same order."""
    found: Counter[str] = Counter()
    if words == ["lead"]:
        found.update({holder.unit: 1 for holder in crew.holders})
        own = set(found)
    else:
        meant = [(holder, tuple(dict.fromkeys(_meant(words, holder, crew, directory)))) for holder in (crew.holders if words else ())]
        found.update(who for _, each in meant for who in each)
        own = {who for holder, each in meant for who in each if who == holder.unit or who in crew.partners.get(holder.unit, ())}
    whole = dict.fromkeys(everything, len(crew.holders))
    return Hearers({**found, **whole}, own | (crew.readers.keys() & whole.keys()))


def _meant(words: Iterable[str], holder: Holder, crew: Crew, directory: Directory) -> Iterator[str]:
    return (who for word in words for who in _named(word, holder, crew, directory))


def _named(word: str, holder: Holder, crew: Crew, directory: Directory) -> Iterator[str]:
    if word == "lead":
        yield holder.unit
    elif word == "with":
        yield from crew.partners.get(holder.unit, ())
    elif word == "parent" and holder.parent:
        yield holder.parent
    elif word == "head":
        yield directory.agencies[holder.unit].head or holder.unit
    elif word == "above":
        yield from directory.agencies[holder.unit].in_
