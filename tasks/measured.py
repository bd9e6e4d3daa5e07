"""An indicator as reports have it: its line over the whole area, what its territories make of it, what was doubted or restated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """What the agencies of a territory, or below a parent, make together: Σ numerators / Σ denominators, never a mean.

    `figure` is None while one of them is missing: nobody's figure is made up.
    """

    name: str
    units: int
    figure: Decimal | None
    missing: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()  # who gave a share without counts: it is not missing, and adds up to nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubted:
    """A figure that contradicts what was said before: which doubts (jump, copied, kind, whole), and the agency's reason."""

    agency: str
    on: date
    figure: Decimal
    doubts: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restated:
    """A figure that was said again about the same day, with the figure before; `issuer` where the issuer's side did it."""

    agency: str
    on: date
    before: Decimal
    figure: Decimal
    reason: str
    issuer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An indicator over the whole area: points (day, Σnum/Σden in %), its milestones and baseline."""

    indicator: str
    name: str
    points: tuple[tuple[date, Decimal], ...]
    milestones: tuple[tuple[date, Decimal, str], ...]  # day, value, the paper's form
    missing: tuple[str, ...] = ()  # names of agencies with no figure
    shares: tuple[str, ...] = ()  # of those whose last figure is a share without counts, which adds up to nothing
    lapsed: tuple[str, ...] = ()  # of those that had one before, but none of the reading period that has ended last
    own: int = 0  # agencies that are judged on a target of their own
    unit: str = "%"
    areas: tuple[Area, ...] = ()
    doubted: tuple[Doubted, ...] = ()
    restated: tuple[Restated, ...] = ()
