"""A decision that is pressed on a page, about one task or many: an order that can be taken back; pressed twice it is made once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from directives.language.calendar import Calendar
from tasks.values import Act

from . import bulk
from .bulk import Line, Order
from .store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """What became of it: the event, or why there is none; `key` names the order that can be taken back."""

    key: str
    seq: int = 0
    refusal: str = ""


def press(store: Store, directive: int, act: Act, calendar: Calendar, now: datetime) -> Pressed:
    """Carry out a decision of the kinds that can be made in bulk about `act.task`, once for each `act.key`."""
    order = Order(directive=directive, act=replace(act, task=0), tasks=(act.task,))
    refusal = ""
    if not _seq(store, act):
        try:
            refusal = next((line.refusal for line in bulk.carry_out(store, order, calendar, now)), "")
        except IntegrityError:
            refusal = ""  # another press of the same form was faster, and its event is found below
    seq = _seq(store, act)
    return Pressed(key=act.key, seq=seq, refusal="" if seq else refusal or "Chưa ghi được, hãy thử lại.")


def press_many(
    store: Store, order: Order, calendar: Calendar, now: datetime, keep: Callable[[tuple[Line, ...]], None] = lambda _: None
) -> dict[int, int]:
    """Carry out an order that is pressed, once for each key; the event of each of its tasks to which it was done."""
    with suppress(IntegrityError):  # another press of the same form was faster, and what it did is found below
        bulk.carry_out(store, order, calendar, now, keep)
    with store.read() as db:
        return bulk.known(db, order.act.key)


def _seq(store: Store, act: Act) -> int:
    with store.read() as db:
        return bulk.known(db, act.key).get(act.task, 0)
