"""Why an agency has not answered, and who is to be telephoned first: exclusive classes; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from .values import Party

Silence = Literal["undelivered", "contradictory", "silent", "received", "partial"]

#: In the order of the telephone: first who does not know, then whose words do not hold, then who has said least.
ORDER: tuple[Silence, ...] = ("undelivered", "contradictory", "silent", "received", "partial")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What is known of an agency's ordered tasks. `pressing` are open, overdue or soon due or not reported, and wait for the agency."""

    agency: Party
    tasks: int
    told: int  # tasks of which a letter has left and not bounced
    received: int
    spoken: int  # of which something was said beyond "received"
    contradicted: int  # said to be done, then taken back or sent back, and nothing since
    pressing: int
    oldest: datetime | None = None  # the oldest date among the pressing


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One telephone call: to whom, and why."""

    silence: Silence
    heard: Heard


def silence(heard: Heard) -> Silence | None:
    """The one class of an agency; None where nothing is to be asked of it now."""
    if heard.tasks and not heard.told:
        return "undelivered"
    if not heard.pressing:
        return None
    if heard.contradicted:
        return "contradictory"
    if heard.spoken:
        return "partial"
    return "received" if heard.received else "silent"


def calls(all_heard: Iterable[Heard]) -> tuple[Call, ...]:
    """The call list: by class, the oldest date first, then the most tasks, then by name and id."""
    found = [Call(silence=said, heard=heard) for heard in all_heard if (said := silence(heard))]
    return tuple(sorted(found, key=_rank))


def _rank(call: Call) -> tuple[int, float, int, str, str]:
    heard = call.heard
    oldest = heard.oldest.timestamp() if heard.oldest else float("inf")
    return ORDER.index(call.silence), oldest, -heard.pressing, heard.agency.name, heard.agency.id
