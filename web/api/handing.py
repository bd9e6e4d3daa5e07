"""The link of a colleague to whom a program passes a task: made as on the agency's page, told only to keys that may hand it out."""

from __future__ import annotations

from datetime import datetime

from notifications.links import address
from tasks.ledger import doors, passing
from tasks.ledger.store import Connection
from tasks.values import Act

from .caller import Caller


def pass_on(db: Connection, act: Act, now: datetime) -> None:
    """Give the colleague a link beneath the agency's own, where its page shows it and takes it back."""
    passing.pass_on(db, doors.give(db, act.by, "desk", now), act.task, act.to, now)


def link(of: Caller, db: Connection, act: Act) -> str:
    """Its address; "" for a key without `link:<agency>`, and once it was taken back. It is made anew each time and kept nowhere."""
    if act.kind != "delegate" or act.by not in of.program.of("link"):
        return ""
    above = doors.standing(db, act.by, "desk", of.now)
    mine = [each.id for each in passing.passed(db, above) if each.task == act.task] if above else []
    settings = of.office.settings
    return address(settings.base_url, "desk", settings.keys.token("desk", mine[0], act.by)) if mine else ""
