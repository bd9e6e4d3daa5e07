"""How people speak to a ledger in the tests: an agency about its own task, a source about another's figure, the issuer's side."""

from __future__ import annotations

import itertools
from datetime import datetime

from directives.language.calendar import Calendar
from tasks.ledger import acts
from tasks.ledger.store import Store
from tasks.values import Act, Receipt, Said
from tests.rows import task

CLERK = Said(name="Người báo", role="Văn thư", link="l1", ip="127.0.0.1")
ISSUER = ""

_keys = itertools.count(1)


def says(
    store: Store, unit: str, kind: str, clause: str, now: datetime, *, by: str | None = None, term: str = "", key: str = "", **words: object
) -> Receipt:
    """What comes of an act about the task of `unit`; it comes by the unit's own link unless `by` says otherwise."""
    with store.read() as db:
        number = task(db, clause, unit, term)
    said = Act(
        kind=kind, task=number, said=CLERK, key=key or f"k{next(_keys)}", by=unit if by is None else by, **words,  # type: ignore[arg-type]
    )
    return acts.act(store, said, Calendar(), now)
