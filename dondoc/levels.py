"""`status` by kind, territory or body above, and since a day: levels whose rows sum to the whole, moves that reconcile two standings."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from config.office import Office
from tasks.cells import Cells
from tasks.ledger import counting, levels, moves
from tasks.ledger.issued import load
from tasks.rates import Rate
from tasks.values import Paper, Standing

from . import labels
from .screen import table
from .speech import number as count
from .speech import say

LEVELS = {"kind": "Loại", "territory": "Địa bàn", "parent": "Cấp trên"}

CELLS = {
    "on_time": "Xong đúng", "late": "Xong muộn", "in_time": "Trong hạn", "overdue": "Quá hạn", "undated": "Không hạn", "none": "Ngoài sổ",
}

Shown = tuple[Table, dict[str, Any]]


def cells_table(*columns: str, wide: str) -> Table:
    """A table of counts, their headings in two lines."""
    made = table(*columns, *labels.COUNTS, right=labels.COUNTS, wide=(wide,))
    for column in made.columns[len(columns) :]:
        column.header = str(column.header).replace(" ", "\n", 1)
    return made


def by_level(office: Office, made: Standing, late: bool, level: str) -> Shown:
    """A row for each kind, territory or body above; "—" is who has none. Rows sum to the whole."""
    with office.store.read() as db:
        places = levels.places(db, made.paper.id, made.as_of)
    cells: defaultdict[str, Cells] = defaultdict(Cells)
    rates: defaultdict[str, Rate] = defaultdict(Rate)
    for row in made.agencies:
        name = getattr(places[row.party.id], level)
        cells[name] += row.cells
        rates[name] += row.rate
    names = sorted((name for name in cells if cells[name].overdue or not late), key=lambda name: (-cells[name].overdue, name))
    rows = cells_table(LEVELS[level], wide=LEVELS[level])
    for name in names:
        rows.add_row(name or "—", *labels.counts(cells[name]))
    rows.add_section()
    rows.add_row(say("Tất cả"), *labels.counts(made.cells))
    return rows, {"rows": [{"name": name, "cells": labels.plain(cells[name]), "rate": labels.rate(rates[name])} for name in names]}


def since(office: Office, of: Paper, before: datetime, at: datetime) -> Shown:
    """How many tasks have gone from which cell to which: rows sum to the standing before, columns to the one now."""
    with office.store.read() as db:
        issued = load(db, of.id, office.calendar, at)
        then, now = (counting.past(db, issued, when) for when in (before, at))
        counted, moved = moves.counted(db, then, now), moves.moves(db, then, now)
    columns = [name for name in moves.CELLS if any(after == name for _, after in counted)]
    rows = table("Trước đó", *(CELLS[name] for name in columns), "Cộng", right=(*(CELLS[name] for name in columns), "Cộng"))
    for name in moves.CELLS:
        line = [counted.get((name, column), 0) for column in columns]
        if any(line):
            rows.add_row(say(CELLS[name]), *(count(n) if n else Text("·", "dim") for n in line), count(sum(line)))
    return rows, {
        "before": before, "counted": [{"before": was, "after": is_, "tasks": n} for (was, is_), n in counted.items()],
        "moves": [{"task": move.task, "before": move.before, "after": move.after} for move in moved],
    }
