"""What an event makes of the task that it is about, worked out from the event alone, so that a row changed behind it shows; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

#: The states after an event; "" is the state before it. What is not here is judged by no table, only by its place in the chain.
AFTER: Mapping[str, frozenset[str]] = {kind: frozenset(states.split(",")) for kind, states in {
    "received": "received", "progress": "progress,claimed,", "figure": "progress,", "done": "done,claimed,progress", "extend": "",
    "undo": "progress", "grant": "", "refuse": "", "confirm": "done", "reject": "progress", "settled": "done", "reopened": "progress",
}.items()}

#: Events that leave the date as it was.
_HOLD_DATE = frozenset(AFTER) - {"grant", "undo", "reopened"}

#: Events that are the agency's news.
_NEWS = frozenset({"received", "progress", "figure", "done", "extend"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An event about a task, with the task's row before and after it; instants in seconds. `said_done` is when "done" was last said."""

    kind: str
    at: int
    payload: Mapping[str, Any]
    was_state: str
    was_due_at: int | None
    state: str
    due_at: int | None
    closed_at: int | None
    reported_at: int | None
    said_done: int | None
    asked: Mapping[str, Any]  # the words of the last request for more time


def departure(step: Step, tz: tzinfo) -> str:
    """What of the row after the event is not what the event made it, in a word; "" where all of it is."""
    if not _state_follows(step):
        return "trạng thái"
    if not _date_follows(step, tz):
        return "thời hạn"
    if not _closing_follows(step):
        return "ngày hoàn thành"
    return "ngày báo cáo" if step.kind in _NEWS and step.reported_at != step.at else ""


def _state_follows(step: Step) -> bool:
    said = (step.payload.get("after") or {}).get("state")
    if said is not None:
        return step.state == said or (step.was_state == step.state and said not in ("done", "void"))  # a hold stands beside the state
    known = AFTER.get(step.kind)
    return known is None or step.state in known or ("" in known and step.state == step.was_state)


def _date_follows(step: Step, tz: tzinfo) -> bool:
    if step.kind == "grant" and (until := step.payload.get("until") or step.asked.get("until")):
        return step.due_at is not None and datetime.fromtimestamp(step.due_at, tz).date() == date.fromisoformat(str(until))
    return step.kind not in _HOLD_DATE or step.due_at == step.was_due_at


def _closing_follows(step: Step) -> bool:
    if step.kind not in AFTER or step.state != "done":
        return step.kind not in AFTER or step.closed_at is None
    if step.kind == "confirm":
        return step.closed_at == step.said_done
    if step.kind == "done":
        return step.closed_at == step.at
    return step.closed_at is not None and step.closed_at <= step.at
