"""A table as offices hand it over, CSV or XLSX: rows of cells that know where they stand, and the text that findings point into."""

from __future__ import annotations

import csv
import re
import struct
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any, NamedTuple

from .calendar import written
from .mistakes import Enough, Mark, Mistake, Notes
from .plain import normal
from .tree import Row, Text

SIZE = 32_000_000  # bytes of a file, and a tenth of what it may unpack to
ROWS = 200_000
COLUMNS = 60

_BETWEEN = " │ "  # cells of a workbook's line, where it is shown
_MERGED = re.compile(rb'<mergeCell\s+ref="([A-Z]+)(\d+):')
_UNSAVED = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>')
_START = Mark(1, 1, 2)
_LARGE = "tệp nén này mở ra quá lớn", "it unpacks to too much"
_BROKEN = "tệp không phải là bảng .xlsx, hoặc đã hỏng", "the file is no .xlsx workbook, or is broken"

#: What is raised of a workbook that is torn, or was made to hurt.
_TORN = (
    OSError, EOFError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RuntimeError, SyntaxError,
    zipfile.BadZipFile, zlib.error, struct.error,
)


class Sheet(NamedTuple):
    """Rows of cells, the heading first; blank rows are left out. `text` is what a person sees of them, a line a row."""

    rows: list[Row]
    text: str


def sheet_of(data: bytes, name: str, notes: Notes, *, cached: bool = False) -> Sheet:
    """The table of a file; `name` ends in .xlsx for a workbook, of which the first sheet is meant. What is wrong is told.

    `cached` takes the values that formulas had when the file was saved; without it formulas are told.

    Raises Enough where there is no table at all.
    """
    if len(data) > SIZE:
        notes.tell(_START, Mistake("D161", size=str(SIZE // 1_000_000)))
        raise Enough
    return _workbook(data, notes, cached=cached) if name.lower().endswith(".xlsx") else _listed(data, notes)


def separator(heading: str) -> str:
    """The sign that parts the cells of a CSV file: `;` or a tab where its heading has one, else `,`."""
    return next((sign for sign in ";\t" if sign in heading), ",")


def _listed(data: bytes, notes: Notes) -> Sheet:
    text = normal(_decoded(data, notes))
    cells = csv.reader(StringIO(text), delimiter=separator(text.partition("\n")[0]))
    lines, line = text.split("\n"), 1
    rows: list[Row] = []
    try:
        for values in cells:
            whole = lines[line - 1]
            rows += _row(values, line, whole if '"' in whole or cells.line_num > line else "")
            line = cells.line_num + 1
            _bounded(rows, values, line, notes)
    except csv.Error as error:
        notes.tell(Mark(line, 1, 2), Mistake("D162", why=str(error)))
        raise Enough from None
    return Sheet(rows, text)


def _decoded(data: bytes, notes: Notes) -> str:
    """UTF-8, or UTF-16 where the file says so with its first bytes. Raises Enough."""
    try:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        notes.tell(Mark(data[: error.start].count(b"\n") + 1, 1, 2), Mistake("D003"))
        raise Enough from None


def _row(values: Sequence[str], line: int, whole: str = "", between: int = 1) -> Iterator[Row]:
    """A row that is not blank; of a `whole` line with quotes every cell is the line."""
    if not "".join(values).strip():
        return
    row, column = Row(Mark(line, 1, max(2, len(whole) + 1))), 1
    for value in values:
        mark = row.mark if whole or not value else Mark(line, column, column + len(value))
        row.append(Text(" ".join(value.split()), mark))
        column += len(value) + between
    yield row


def _bounded(rows: Sequence[Row], values: Sequence[object], line: int, notes: Notes) -> None:
    if len(rows) > ROWS or len(values) > COLUMNS:
        notes.tell(Mark(line, 1, 2), Mistake("D163", rows=f"{ROWS:,}".replace(",", "."), columns=str(COLUMNS)))
        raise Enough


def _workbook(data: bytes, notes: Notes, *, cached: bool) -> Sheet:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and formats that nobody asks for
            cells = _page(data, notes, cached=cached)
    except _TORN as error:
        notes.tell(_START, Mistake("D162", why=_LARGE if str(error) == _LARGE[1] else _BROKEN))
        raise Enough from None
    rows: list[Row] = []
    lines: list[str] = []
    for number, values in cells:
        lines += [""] * (number - 1 - len(lines)) + [_BETWEEN.join(values)]
        rows += _row(values, number, between=len(_BETWEEN))
        _bounded(rows, values, number, notes)
    return Sheet(rows, "\n".join(lines))


def _page(data: bytes, notes: Notes, *, cached: bool) -> list[tuple[int, list[str]]]:
    """The lines of the first sheet by number; what of the workbook cannot be read as it is, or is not read at all, is told."""
    from openpyxl import load_workbook  # noqa: PLC0415 - a quarter of a second, for workbooks alone

    with zipfile.ZipFile(BytesIO(data)) as parts:
        if sum(part.file_size for part in parts.infolist()) > 10 * SIZE:
            raise ValueError(_LARGE[1])
    book = load_workbook(BytesIO(data), read_only=True, data_only=cached)
    page = book.worksheets[0]
    cells = list(_cells(page.iter_rows(max_row=ROWS + 1, max_col=COLUMNS + 1), notes))  # a stray format may reach to the last cell there is
    for mark in _merged(data, page):
        notes.tell(mark, Mistake("D164"))
    for mark, cell in _unsaved(data, page) if cached else ():
        notes.tell(mark, Mistake("D115", cell=cell))
    if more := [each.title for each in book.worksheets[1:]] if cached else ():
        notes.tell(_START, Mistake("D112", what=(f"trang {', '.join(more)[:60]}", f"sheet {', '.join(more)[:60]}")))
    return cells


def _cells(lines: Iterable[Sequence[Any]], notes: Notes) -> Iterator[tuple[int, list[str]]]:
    """The lines of a sheet that say something; a formula is told where it stands."""
    for number, line in enumerate(lines, start=1):
        if all(cell.value is None for cell in line):
            continue
        values = [_said(cell.value, cell.number_format if isinstance(cell.value, int | float) else "") for cell in line]
        if formula := next((value for cell, value in zip(line, values, strict=True) if cell.data_type == "f"), ""):
            notes.tell(Mark(number, 1, 2), Mistake("D165", word=formula[:40]))
        if any(values):
            yield number, values[:COLUMNS] if values[COLUMNS:] == [""] else values


def _said(value: object, shown: str) -> str:
    """A cell as a clerk would type it; `shown` is the format of a number."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return written(value.date() if isinstance(value, datetime) else value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = round(Decimal(str(value)) * (100 if "%" in shown else 1), 6)
        return f"{number.normalize():f}".replace(".", ",") + "%" * ("%" in shown)
    return unicodedata.normalize("NFC", str(value)).strip()


def _merged(data: bytes, page: Any) -> list[Mark]:
    """Where merged cells begin, from the sheet's own part: reading row by row does not tell of them."""
    with zipfile.ZipFile(BytesIO(data)) as parts:
        part = parts.read(page._worksheet_path)
    return [Mark(int(line), 1, 2) for _, line in _MERGED.findall(part)]


def _unsaved(data: bytes, page: Any) -> Iterator[tuple[Mark, str]]:
    """Formulas that were saved without a value, as programs write them; a person's spreadsheet program saves one."""
    with zipfile.ZipFile(BytesIO(data)) as parts:
        part = parts.read(page._worksheet_path)
    for column, line in _UNSAVED.findall(part):
        yield Mark(int(line), 1, 2), f"{column.decode()}{line.decode()}"
