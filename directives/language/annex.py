"""The annex of figures beside a directive: a row for each agency, indicator and day, every cell read as its field asks."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Annotated

from .amounts import target_of
from .checks import counted, unknown, unknown_indicator
from .drafts import Told
from .fields import Count, Many, On, says, typed
from .mistakes import Enough, Mark, Mistake, Notes
from .plain import cleaned
from .shapes import Directive, Shape, Target
from .shaping import shaped
from .tree import Block, Row, Text, locate
from .vocabulary import unknown_word, words

_NEEDED = ("agency", "indicator")


class Reported(Shape):
    """What an agency had reached on a day, or what it is to reach."""

    agency: Annotated[str, says("đơn vị")]
    indicator: Annotated[str, says("chỉ tiêu")]
    on: Annotated[On | None, says("tính đến ngày")] = None
    numerator: Annotated[Count | None, says("tử số: số đã đạt")] = None
    denominator: Annotated[Count | None, says("mẫu số: tổng số")] = None
    target: Annotated[Target | None, typed(target_of), says("chỉ tiêu được giao")] = None


class Annex(Shape):
    """All rows of an annex."""

    rows: Annotated[tuple[Reported, ...], Many]


def annex_of(text: str, directive: Directive, notes: Notes) -> tuple[Reported, ...]:
    """The rows of a CSV annex, as far as they can be read; cells are parted by `;`, a tab or `,`, whichever the heading has."""
    try:
        tree = Block(Mark(1, 1, 2))
        tree["rows"] = _table(cleaned(text, notes), notes)
        annex = shaped(Annex, tree, notes)
        for loc, mistake in _misfits(annex, directive) if annex else ():
            notes.tell(locate(tree, loc), mistake)
    except Enough:
        return ()  # the findings so far say enough
    return annex.rows if annex else ()


def _table(text: str, notes: Notes) -> Row:
    heading, *lines = text.split("\n")
    sign = next((sign for sign in ";\t" if sign in heading), ",")
    known = words(Reported)
    columns = list(_cells(heading, 1, sign))
    for column in columns:
        if column not in known:
            notes.tell(column.mark, unknown_word(column, known))
    for word in _NEEDED:
        if word not in columns:
            notes.tell(Mark(1, 1, len(heading) + 1), Mistake("D031", word=word))
            raise Enough
    rows = Row(Mark(1, 1, 2))
    for number, line in enumerate(lines, start=2):
        row = Block(Mark(number, 1, max(len(line), 1) + 1))
        row.update((column, cell) for column, cell in zip(columns, _cells(line, number, sign), strict=False) if cell and column in known)
        if row:
            rows.append(row)
    return rows


def _cells(line: str, number: int, sign: str) -> Iterator[Text]:
    """The cells of a line where they stand; of a line with quotes, all in the whole line."""
    column = 1
    for cell in next(csv.reader([line], delimiter=sign), ()):
        whole = Mark(number, 1, len(line) + 1)
        yield Text(cell.strip(), whole if '"' in line else Mark(number, column, column + max(len(cell), 1)))
        column += len(cell) + 1


def _misfits(annex: Annex, directive: Directive) -> Told:
    """Rows that name nobody or nothing, count more than there is, or say the same twice."""
    agencies, known = directive.directory.agencies, directive.indicators
    yield from unknown(
        [(("rows", n, "agency"), row.agency) for n, row in enumerate(annex.rows) if row.agency not in agencies], directive.directory
    )
    seen = set()
    for n, row in enumerate(annex.rows):
        if row.indicator not in known:
            yield ("rows", n, "indicator"), unknown_indicator(row.indicator, known)
        if row.numerator is not None and row.denominator is not None and row.numerator > row.denominator:
            yield ("rows", n, "numerator"), Mistake("D078", numerator=counted(row.numerator), denominator=counted(row.denominator))
        key = (row.agency, row.indicator, row.on)
        if key in seen:
            yield ("rows", n), Mistake("D079", agency=row.agency, indicator=row.indicator)
        seen.add(key)
