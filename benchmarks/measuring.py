"""How things are timed and judged: ours and the bare way in turn, the median of their ratios against a bound."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Literal

RUNS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What a figure must be: at most or at least so much of a unit."""

    at: Literal["≤", "≥", "<"]
    value: float
    unit: Literal["×", "s", "ms"]

    def allows(self, figure: float) -> bool:
        """Whether a figure keeps to it."""
        return figure >= self.value if self.at == "≥" else figure < self.value if self.at == "<" else figure <= self.value

    def __str__(self) -> str:
        return f"{self.at} {shown(self.value, self.unit)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One budget as measured: ours in seconds, the bare way in seconds where there is one, and what follows from them."""

    benchmark: str
    budget: str
    store: str
    must: Bound
    measured: float  # in the bound's unit
    runs: int
    ours: float
    bare: float | None = None

    @property
    def met(self) -> bool:
        """Whether the budget is kept."""
        return self.must.allows(self.measured)

    def to_json(self) -> dict[str, Any]:
        """The figure for programs."""
        return {**asdict(self), "must": str(self.must), "unit": self.must.unit, "met": self.met}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What the runs took, in seconds, pair by pair."""

    ours: tuple[float, ...]
    bare: tuple[float, ...] = ()

    def ratio(self, benchmark: str, budget: str, store: str, must: Bound) -> Figure:
        """The median of the ratios: ours over the bare way where less is better, else how many times the bare way takes longer."""
        pairs = zip(self.ours, self.bare, strict=True)
        ratios = [bare / ours if must.at == "≥" else ours / bare for ours, bare in pairs]
        return Figure(
            benchmark=benchmark, budget=budget, store=store, must=must, measured=statistics.median(ratios), runs=len(ratios),
            ours=statistics.median(self.ours), bare=statistics.median(self.bare),
        )

    def span(self, benchmark: str, budget: str, store: str, must: Bound) -> Figure:
        """The median of what ours took."""
        took = statistics.median(self.ours)
        measured = took * (1000 if must.unit == "ms" else 1)
        return Figure(benchmark=benchmark, budget=budget, store=store, must=must, measured=measured, runs=len(self.ours), ours=took)


def timed(work: Callable[[], object]) -> float:
    """The seconds that a piece of work takes, without the collector's pauses for what others left behind."""
    with watch() as seconds:
        work()
    return seconds[0]


@contextmanager
def watch() -> Iterator[list[float]]:
    """Yield a list that holds the block's seconds when it has ended."""
    took: list[float] = []
    gc.collect()
    start = time.perf_counter()
    yield took
    took.append(time.perf_counter() - start)


def shown(value: float, unit: str) -> str:
    """A figure as people read it."""
    if unit == "×":
        return f"{value:.0f}×" if value >= 15 else f"{value:.3g}×"
    return f"{value:.3g} {unit}"
