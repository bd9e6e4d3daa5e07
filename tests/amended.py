"""Papers that change the small paper of `tests.sample`, as tests of amendments issue them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from directives.language.shapes import Basis, Change, Directive, Directory
from tasks.ledger.opening import Opened, open_directive
from tasks.ledger.store import Store
from tests.sample import CALENDAR, PEOPLE, PRACTICE, at, paper

NAMED = Basis(number="898/UBND", date=date(2020, 5, 18))
ISSUED = at("2020-05-18")
LATER = at("2020-05-20", "10:00")


def amending(*changes: Change, **said: Any) -> Directive:
    """1021/UBND of 20/5/2020, which changes 898/UBND."""
    said = {"number": "1021/UBND", "date": date(2020, 5, 20), "amends": (NAMED,), **said}
    return after(changes=changes, **said)


def after(**said: Any) -> Directive:
    """A paper without duties of its own."""
    words = {"title": "Điều chỉnh một số nhiệm vụ", "issuer": "district", "reports": (), **said}
    return Directive.model_validate(words)


def issue(store: Store, directive: Directive, now: datetime, people: Directory = PEOPLE) -> Opened:
    """Issue a paper."""
    return open_directive(store, directive, people, practice=PRACTICE, calendar=CALENDAR, now=now)


def begun(store: Store, *duties: Any, **said: Any) -> int:
    """The small paper, issued; its row number."""
    return issue(store, paper(*duties, **said), ISSUED).directive
