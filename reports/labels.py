"""Where words may stand in a picture so that they touch neither each other nor what is drawn; pure geometry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]

_ADVANCE = 0.6  # width of a character in parts of its height, a little more than a sans face takes
_DRAWN_EVERY = 3.0  # pixels between the points that stand for a drawn line


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """An upright rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Whether the two share any area."""
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom

    def holds(self, point: Point) -> bool:
        """Whether the point lies inside."""
        return self.left < point[0] < self.right and self.top < point[1] < self.bottom

    def within(self, other: Box) -> bool:
        """Whether all of it lies inside the other."""
        return self.left >= other.left and self.right <= other.right and self.top >= other.top and self.bottom <= other.bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Words that belong to a point; `kind` is their colour."""

    at: Point
    text: str
    kind: str
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Words in their place: `at` is the left, middle or right end of the baseline."""

    at: Point
    anchor: Anchor
    text: str
    kind: str
    box: Box


def place(wishes: Iterable[Wish], *, drawn: Sequence[Sequence[Point]], marks: Sequence[Box], frame: Box) -> tuple[Label, ...]:
    """Set each label at the best free spot around its point; earlier wishes choose first, and who finds no room stays out."""
    dots = [dot for path in drawn for dot in _along(path)]
    placed: list[Label] = []
    for wish in wishes:
        free = [spot for spot in _spots(wish) if spot.box.within(frame) and not any(spot.box.overlaps(other.box) for other in placed)]
        placed += sorted(free, key=lambda spot: _crossed(spot.box, dots, marks))[:1]
    return tuple(placed)


def _crossed(box: Box, dots: Iterable[Point], marks: Iterable[Box]) -> int:
    """How much of what is drawn the words would hide; a mark counts for a long stretch of line."""
    return 50 * sum(map(box.overlaps, marks)) + sum(map(box.holds, dots))


def _spots(wish: Wish) -> Iterator[Label]:
    """The places around a point, nearest and most usual first: above, below, beside, then further out."""
    for away in (wish.size * 0.75, wish.size * 2):
        above, below, level = -away, away + wish.size * 0.8, wish.size * 0.35
        for rise in (above, below):
            yield _label(wish, 0, rise, "middle")
            yield _label(wish, away, rise, "start")
            yield _label(wish, -away, rise, "end")
        yield _label(wish, away, level, "start")
        yield _label(wish, -away, level, "end")


def _label(wish: Wish, aside: float, rise: float, anchor: Anchor) -> Label:
    at = wish.at[0] + aside, wish.at[1] + rise
    return Label(at=at, anchor=anchor, text=wish.text, kind=wish.kind, box=box_of(wish.text, at, anchor, wish.size))


def box_of(text: str, at: Point, anchor: Anchor, size: float) -> Box:
    """The room that words take whose baseline ends or begins at a point."""
    width = len(text) * size * _ADVANCE
    left = at[0] - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    return Box(left=left, top=at[1] - size, right=left + width, bottom=at[1] + size * 0.3)


def _along(path: Sequence[Point]) -> Iterator[Point]:
    """Points close together along a path, so that crossing it can be counted."""
    for (x1, y1), (x2, y2) in pairwise(path):
        count = int(max(abs(x2 - x1), abs(y2 - y1)) / _DRAWN_EVERY) + 1
        yield from ((x1 + (x2 - x1) * step / count, y1 + (y2 - y1) * step / count) for step in range(count + 1))
