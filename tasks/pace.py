"""How fast a mail server is written to: whose turn is when, slower where it asks for less, faster again as time goes by; pure.

Instants are whole milliseconds since 1970, since turns are closer together than the ledger's seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

#: Turns are given out so many milliseconds ahead, so that a more urgent letter waits no longer than that.
AHEAD = 15_000
#: Complaints within so many milliseconds are one.
STORM = 10_000
#: After a complaint the full pace comes back evenly over so many milliseconds.
RECOVERY = 600_000
#: Letters a minute that a relay without a bound of its own is taken to bear once it has complained.
BEARABLE = 600
#: The slowest pace is this part of the full one.
LEAST = 8
#: This part of a day's letters is kept for what somebody waits for: login, receipts, decisions.
KEPT = 20

DAY = 86_400_000
#: A day's letters are counted by quarters of an hour.
QUARTER = 900_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a relay allows over all workers; None: no bound of its own."""

    connections: int = 8
    per_minute: int | None = None
    per_day: int | None = None  # within any 24 hours
    per_connection: int = 100  # letters, then the connection is made anew
    idle: int = 60  # seconds after which a connection that rests is made anew


class Tempo(NamedTuple):
    """What is remembered of a relay: the next free turn, the letters a minute that it was slowed to, and when (0: never)."""

    turn_at: int = 0
    low: int = 0
    low_at: int = 0


class Turns(NamedTuple):
    """So many letters may go, the first at `first`, then one every `every` milliseconds."""

    letters: int
    first: int
    every: int


def rate(limits: Limits, tempo: Tempo, now: int) -> float | None:
    """Letters a minute that may go now; None: as fast as they are taken."""
    if not tempo.low_at:
        return limits.per_minute
    full = limits.per_minute or BEARABLE
    now_at = tempo.low + full * max(0, now - tempo.low_at) / RECOVERY
    return limits.per_minute if now_at >= full else now_at


def lowered(limits: Limits, tempo: Tempo, now: int) -> Tempo:
    """Half as fast, as a relay has asked for less; one storm of complaints counts once."""
    if tempo.low_at and now - tempo.low_at < STORM:
        return tempo
    full = limits.per_minute or BEARABLE
    return tempo._replace(low=max(1, full // LEAST, int((rate(limits, tempo, now) or full) // 2)), low_at=now)


def taken(limits: Limits, tempo: Tempo, wanted: int, now: int) -> tuple[Turns, Tempo]:
    """The next turns, at least one and no more than come soon, and what is to be remembered.

    They are evenly apart, so that no window of a minute has more letters than the relay allows, whoever sends them.
    """
    per_minute = rate(limits, tempo, now)
    if per_minute is None or wanted < 1:
        return Turns(wanted, now, 0), tempo
    every = -int(-60_000 // per_minute)
    first = max(now, tempo.turn_at)
    letters = min(wanted, max(1, AHEAD // every))
    return Turns(letters, first, every), tempo._replace(turn_at=first + letters * every)


def left(limits: Limits, spent: int, wanted: int, *, urgent: bool) -> int:
    """How many of the letters wanted the day still allows."""
    if limits.per_day is None:
        return wanted
    whole = limits.per_day if urgent else limits.per_day - limits.per_day // KEPT
    return max(0, min(wanted, whole - spent))


def departures(limits: Limits, starts: Iterable[int]) -> Sequence[int]:
    """When letters leave that may leave at `starts` at the earliest, in this order, if the relay is written to as fast as it allows."""
    every = -(-60_000 // limits.per_minute) if limits.per_minute else 0
    a_day = max(1, limits.per_day - limits.per_day // KEPT) if limits.per_day else 0
    leaves: list[int] = []
    for number, start in enumerate(starts):
        earliest = max(start, leaves[-1] + every) if leaves else start
        leaves.append(max(earliest, leaves[number - a_day] + DAY) if a_day and number >= a_day else earliest)
    return leaves
