"""How a million tasks stand, directive by directive, against the least that a store can be asked: how many there are of each."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from sqlalchemy import text

from tasks.cells import Cells
from tasks.ledger.overview import all_counted
from tasks.ledger.store import Store

from .measuring import Bound, Figure, Taken, timed
from .million import MORNING, close_some, million
from .nation import CALENDAR
from .stores import KINDS, Shelf

MOST = {"SQLite": 3.5, "PostgreSQL": 2.0}
LOOKS = 7


def standing(shelf: Shelf, *, small: bool) -> Iterable[Figure]:
    """The cells of every directive, a fifth of the tasks closed, in turn with the bare count."""
    for kind in KINDS:
        with shelf.copy(kind, million(shelf, kind, small)) as store:
            close_some(store)
            assert sum(cells.dated + cells.undated for cells in counted(store)) == sum(bare(store))
            looks = [(timed(partial(counted, store)), timed(partial(bare, store))) for _ in range(LOOKS)]
            ours, least = zip(*looks, strict=True)
        taken = Taken(ours=ours, bare=least)
        said = f"standing of {_number(small)} tasks"
        yield taken.ratio("standing", f"{said}, against the bare GROUP BY", kind, Bound(at="≤", value=MOST[kind], unit="×"))
        yield taken.span("standing", said, kind, Bound(at="<", value=0.3, unit="s"))


def counted(store: Store) -> list[Cells]:
    """The cells of each directive, as summaries ask for them."""
    with store.read() as db:
        return [cells for _, cells in all_counted(db, CALENDAR, MORNING)]


def bare(store: Store) -> list[int]:
    """How many tasks each directive has, by the same index."""
    with store.read() as db:
        return list(db.execute(text("SELECT count(*) FROM tasks WHERE state <> 'void' GROUP BY directive")).scalars())


def _number(small: bool) -> str:
    return "9,720" if small else "1,000,000"
