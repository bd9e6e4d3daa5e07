"""Status files that another system drops, CSV, XLSX or JSON: their rows as sayings about tasks, with what is wrong in which cell; pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from directives.language.findings import Finding
from directives.language.mistakes import Enough, Mistake, Notes
from directives.language.sheets import ROWS, SIZE, sheet_of
from directives.language.words import fold

from .dropped_rows import Reading, Register, Sheet

#: The columns that are read, with what else offices call them (folded).
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "paper": ("van ban", "so van ban", "so, ky hieu", "so ky hieu", "van ban chi dao", "directive"),
    "clause": ("muc", "dieu khoan", "diem", "nhiem vu"),
    "agency": ("don vi", "ma don vi", "ten don vi", "don vi chu tri", "chu tri", "lead"),
    "term": ("ky", "ky bao cao"),
    "state": ("tinh trang", "trang thai", "ket qua", "status"),
    "value": ("so lieu", "ty le", "ti le", "gia tri", "figure"),
    "numerator": ("so dat", "dat"),
    "denominator": ("tong so", "tong"),
    "on": ("ngay", "tinh den ngay", "ngay chot", "ngay chot so lieu", "as of"),
    "until": ("lui den", "xin lui den", "xin lui toi", "gia han den"),
    "document": ("van ban tra loi", "minh chung", "so van ban tra loi"),
    "note": ("noi dung", "ghi chu", "ly do", "kho khan, vuong mac"),
    "name": ("nguoi bao", "ho ten", "ho va ten"),
    "role": ("chuc vu",),
    "seal": ("dau",),
}
#: What the columns are called in a report.
NAMES: Mapping[str, str] = {
    "paper": "Văn bản", "clause": "Mục", "agency": "Đơn vị", "term": "Kỳ", "state": "Tình trạng", "value": "Số liệu",
    "numerator": "Số đạt", "denominator": "Tổng số", "on": "Ngày", "until": "Lùi đến", "document": "Văn bản trả lời",
    "note": "Nội dung", "name": "Người báo", "role": "Chức vụ", "seal": "Dấu",
}
NEEDED = ("paper", "clause")

_MEANT = {alias: word for word, aliases in COLUMNS.items() for alias in (word, *aliases)}
_IGNORED = ("stt", "tt", "so tt", "viec", "han")


def read(data: bytes, name: str, register: Register, today: date, own: str = "") -> Sheet:
    """The rows of a file; a file with a mistake has none that may be applied. `own` is the agency in whose name the whole file speaks."""
    found = Sheet()
    try:
        heading, cells = _json(data) if name.lower().endswith(".json") else _table(data, name, found)
    except Mistake as mistake:
        found.troubles.append((1, "", mistake))
        return found
    except Enough:
        return found
    columns = [_column(each, found) for each in heading]
    for word in (*NEEDED, *(() if own else ("agency",))):
        if word not in columns:
            found.troubles.append((1, word, Mistake("D031", word=NAMES[word])))
    if not found.troubles:
        seen: dict[tuple[object, ...], int] = {}
        for line, values in cells:
            Reading(found, line, dict(zip(columns, values, strict=False)), register, today, own).keep(seen)
    return found


def _table(data: bytes, name: str, found: Sheet) -> tuple[Sequence[str], list[tuple[int, list[str]]]]:
    notes = Notes()
    try:
        rows = sheet_of(data, name, notes).rows
    finally:
        found.troubles += [(mark.line, "", mistake) for mark, mistake, _ in notes.slips]
    if not rows:
        raise Mistake("D016")
    return [str(cell) for cell in rows[0]], [(row.mark.line, [str(cell) for cell in row]) for row in rows[1:]]


def _json(data: bytes) -> tuple[Sequence[str], list[tuple[int, list[str]]]]:
    """A list of objects; a "line" is an object's place in it. Raises Mistake."""
    if len(data) > SIZE:
        raise Mistake("D161", size=str(SIZE // 1_000_000))
    try:
        rows = json.loads(data.decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise Mistake("D162", why=str(error)[:80]) from None
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows) or len(rows) > ROWS:
        raise Mistake("D162", why="[{…}, {…}]")
    heading = list(dict.fromkeys(key for row in rows for key in row))[:60]
    return heading, [(no, [_plain(row.get(key)) for key in heading]) for no, row in enumerate(rows, start=1)]


def _plain(value: Any) -> str:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else str(value)
    return value.strip() if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)


def _column(heading: str, found: Sheet) -> str:
    form = fold(heading).rstrip(".")
    word = _MEANT.get(form, "")
    if heading and not word and form not in _IGNORED:
        found.troubles.append((1, heading[:60], Mistake("D185", word=heading[:60])))
    return word


def told(sheet: Sheet, path: Path) -> Iterator[tuple[int, str, Finding]]:
    """Yield each mistake with its line and column."""
    for line, column, mistake in sorted(sheet.troubles, key=lambda trouble: trouble[0]):
        yield line, NAMES.get(column, column), Finding(path=path, line=line, column=1, end_column=2, code=mistake.code, facts=mistake.facts)
