"""How a directive stands as its page says it: the agencies that are named there, and what the others come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .cells import Cells
from .rates import Rate
from .values import AgencyStanding, Standing

#: Whom letters do not reach, whom something was only asked of, and of all others those with something overdue, silent or due soon.
Kind = Literal["unreachable", "peer", "pressing", "calm"]

#: Of each kind so many are named, worst first.
NAMED = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Agencies that are counted and not named: `owing` of them have something overdue, `mute` have not reported."""

    agencies: int = 0
    owing: int = 0
    mute: int = 0
    cells: Cells = field(default_factory=Cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Abridged(Standing):
    """A standing whose `agencies` are those of each kind that come first, and all that have a figure or a target of their own."""

    rests: Mapping[Kind, Rest]
    rated: Rate

    @property
    def rate(self) -> Rate:
        """That of all agencies, named or not."""
        return self.rated


def kind_of(agency: AgencyStanding) -> Kind:
    """Where an agency is named."""
    if agency.unreachable:
        return "unreachable"
    if agency.peer:
        return "peer"
    cells = agency.cells
    return "pressing" if cells.overdue or cells.silent or cells.soon else "calm"


def rest(standing: Standing, *kinds: Kind) -> Rest:
    """What the agencies of these kinds come to that a standing does not name: none where it names all."""
    found = [of for kind, of in standing.rests.items() if kind in kinds] if isinstance(standing, Abridged) else []
    return Rest(
        agencies=sum(of.agencies for of in found), owing=sum(of.owing for of in found), mute=sum(of.mute for of in found),
        cells=sum((of.cells for of in found), Cells()),
    )


def owing(standing: Standing) -> int:
    """How many agencies have something overdue."""
    return sum(agency.cells.overdue > 0 for agency in standing.agencies) + rest(standing, *KINDS).owing


def mute(standing: Standing) -> int:
    """How many agencies have not reported in the last round."""
    return sum(agency.cells.silent > 0 for agency in standing.agencies) + rest(standing, *KINDS).mute


KINDS: tuple[Kind, ...] = ("unreachable", "peer", "pressing", "calm")
