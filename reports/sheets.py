"""A report as an Excel workbook: a sheet for each table, to be filtered and printed, with bars and the chart of the indicator."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from tasks.values import Standing
from tasks.watches import Watch

from .outline import Outline, outline
from .tables import COUNTED, Table, Value, tables
from .targets import main_line
from .tongues import say

#: Words from outside are words: nothing that an agency types is computed or opened.
_PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
_CELL = _FONT | {"bottom": 1, "bottom_color": "#d3d7da"}
#: Light enough for the number that stands upon them.
_BARS = {"Quá hạn": "#ee9a92", "Chưa báo cáo": "#f6cfcb", "Sắp đến hạn": "#f3c566", "Đã xong": "#8fcba8"}

#: Characters; what is not named is as wide as a day.
_WIDTHS = {
    "Nhiệm vụ": 46, "Lời gần nhất": 46, "Chỉ số": 46, "Chỉ tiêu": 54, "Đơn vị": 44, "Kết quả": 40, "Thay đổi": 22,
    "Mã": 18, "Loại": 15, "Mục": 8, "Điện thoại": 15, **dict.fromkeys(COUNTED, 9),
}
_DAY = 12
LINE = 16  # points


def workbook(standing: Standing, *, reader: str, watch: Watch | None = None) -> bytes:
    """The whole report; `reader` is named at the head of the first sheet, and what `watch` vouches for."""
    held = BytesIO()
    with Workbook(held, _PLAIN) as book:
        it = outline(standing, reader, watch)
        book.set_properties({"title": it.subject, "subject": standing.paper.title, "author": "", "company": standing.paper.issuer})
        looks = _looks(book)
        made = tables(standing)
        for table in made:
            sheet = book.add_worksheet(table.title)
            top = _headed(sheet, it, looks) if table.id == "tong-hop" else 0
            _laid(sheet, table, looks, top, standing.paper.number)
            if top and (chart := _drawn(book, made[-1], standing)):
                sheet.insert_chart(top, len(table.columns), chart, {"x_offset": 20})
    return held.getvalue()


def _looks(book: Workbook) -> dict[str, Any]:
    head = {"bold": True, "bg_color": "#e8eef4", "border": 1, "border_color": "#b1b4b6", "text_wrap": True, "valign": "vcenter"}
    return {
        "title": book.add_format(_FONT | {"bold": True, "font_size": 14}), "aside": book.add_format(_FONT | {"font_color": "#505a5f"}),
        "bad": book.add_format(_FONT | {"bold": True, "font_color": "#b3261e"}),
        "head": book.add_format(_FONT | head), "text": book.add_format(_CELL | {"text_wrap": True}),
        "count": book.add_format(_CELL | {"num_format": '#,##0;-#,##0;"–"'}), "figure": book.add_format(_CELL | {"num_format": "#,##0.0#"}),
        "day": book.add_format(_CELL | {"num_format": "d/m/yyyy", "align": "right"}),
    }


def _headed(sheet: Worksheet, it: Outline, looks: dict[str, Any]) -> int:
    """What stands above the first table; returns the row that the table begins in."""
    above = [("title", it.headline), ("aside", f"{it.addressee} · {it.document} · {it.span}")]
    if it.vouched:
        above.append(("aside" if it.sound else "bad", it.vouched))
    for line, (look, words) in enumerate(above):
        sheet.write_string(line, 0, words, looks[look])
    return len(above) + 1


def _laid(sheet: Worksheet, table: Table, looks: dict[str, Any], top: int, number: str) -> None:
    sheet.set_row(top, LINE * max(lines(heading, _width(table, column)) for column, heading in enumerate(table.heads)))
    for column, heading in enumerate(table.heads):
        sheet.set_column(column, column, _width(table, column))
        sheet.write_string(top, column, heading, looks["head"])
    for line, row in enumerate(table.rows, start=top + 1):
        sheet.set_row(line, LINE * max(lines(value, _width(table, column)) for column, value in enumerate(row)))
        for column, value in enumerate(row):
            _write(sheet, (line, column), value, looks)
    last = top + max(1, len(table.rows))
    sheet.autofilter(top, 0, last, len(table.columns) - 1)
    sheet.freeze_panes(top + 1, 1 if top else min(2, len(table.columns)))
    for heading, colour in _BARS.items():
        if heading in table.columns:
            column = table.columns.index(heading)
            bar = {"type": "data_bar", "bar_color": colour, "bar_solid": True, "min_type": "num", "min_value": 0}
            sheet.conditional_format(top + 1, column, last, column, bar)
    _printed(sheet, top, f"{number}: {table.title}")


def _width(table: Table, column: int) -> int:
    return _WIDTHS.get(table.columns[column], _DAY)


def lines(value: Value, width: int) -> int:
    """How many lines the words of a cell take; sheets do not all measure them when they open a file."""
    room = width - 1  # bold and wide letters
    return sum(-(-max(1, len(line)) // room) for line in value.splitlines() or [""]) if isinstance(value, str) else 1


def _write(sheet: Worksheet, at: tuple[int, int], value: Value, looks: dict[str, Any]) -> None:
    """Numbers as numbers, days as days, all else as words."""
    if value is None or value == "":
        sheet.write_blank(*at, None, looks["text"])
    elif isinstance(value, str):
        sheet.write_string(*at, value, looks["text"])
    elif isinstance(value, date):
        sheet.write_datetime(*at, value, looks["day"])
    else:
        sheet.write_number(*at, float(value), looks["figure" if isinstance(value, Decimal) else "count"])


def _printed(sheet: Worksheet, top: int, name: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    safe = name.replace("&", "&&")
    sheet.set_footer(f"&L{safe}&R{say('Trang')} &P/&N")


def _drawn(book: Workbook, table: Table, standing: Standing) -> Any:
    """A chart of the first indicator against its milestones, over the days of its table; None where there is nothing to draw."""
    line = main_line(standing)
    rows = [at for at, row in enumerate(table.rows, start=1) if line and row[0] == line.name]
    if not rows or line is None:
        return None
    chart = book.add_chart({"type": "line"})
    looks: tuple[tuple[int, dict[str, Any]], ...] = (
        (2, {"line": {"color": "#0b5cad", "width": 2.5}, "marker": {"type": "circle", "size": 5}}),
        (3, {"line": {"color": "#505a5f", "dash_type": "dash", "width": 1.25}, "marker": {"type": "diamond", "size": 8}}),
    )
    for column, look in looks:
        spans = {of: [table.title, rows[0], at, rows[-1], at] for of, at in (("categories", 1), ("values", column))}
        chart.add_series({"name": [table.title, 0, column], **spans, **look})
    chart.show_blanks_as("span")
    chart.set_title({"name": line.name, "name_font": {"size": 12}})
    chart.set_x_axis({"date_axis": True, "num_format": "d/m", "major_unit": 1, "major_unit_type": "months"})
    grid = {"visible": True, "line": {"color": "#dfe3e6"}}
    chart.set_y_axis({"num_format": '0"%"' if line.unit == "%" else "#,##0", "major_gridlines": grid})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 700, "height": 340})
    return chart
