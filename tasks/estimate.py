"""What a spot check of a sample says of everything that was claimed: a share with its interval; pure."""

from __future__ import annotations

from dataclasses import dataclass

#: How sure the interval is.
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Of `checked` tasks `held` held; the share of all of them lies between `low` and `high` (exact binomial, 95 %)."""

    held: int
    checked: int
    share: float
    low: float
    high: float


def estimate(held: int, checked: int, population: int) -> Estimate | None:
    """The estimate, None before anything was checked. Who has looked at everything knows, and has no interval."""
    if not checked:
        return None
    share = held / checked
    if checked >= population:
        return Estimate(held=held, checked=checked, share=share, low=share, high=share)
    from scipy.stats import binomtest  # type: ignore[import-untyped]  # noqa: PLC0415  # a second to load: only where it is asked for

    interval = binomtest(held, checked).proportion_ci(CONFIDENCE, method="exact")
    return Estimate(held=held, checked=checked, share=share, low=float(interval.low), high=float(interval.high))
