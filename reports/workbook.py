"""The workbook that an agency fills in and sends back: a row for each duty, what names it locked, what it answers open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from tasks.values import Paper, Work

from .calls import due_day
from .sheets import LINE, lines
from .vietnamese import day, quantity

#: What may be chosen of a duty, as `tasks.dropped_rows` reads it.
STATES = ("Đã tiếp nhận", "Đang thực hiện", "Đã xong", "Xin lùi hạn", "Không thuộc thẩm quyền")
FIGURE = "Số liệu"

#: Heading, width in characters, whether the agency fills it in.
COLUMNS: tuple[tuple[str, int, bool], ...] = (
    ("Văn bản", 25, False), ("Mục", 7, False), ("Kỳ", 12, False), ("Đơn vị", 16, False), ("Việc", 44, False), ("Hạn", 12, False),
    ("Tình trạng", 22, True), ("Số đạt", 9, True), ("Tổng số", 9, True), (FIGURE, 9, True), ("Ngày", 12, True),
    ("Lùi đến", 12, True), ("Văn bản trả lời", 24, True), ("Nội dung", 40, True), ("Người báo", 20, True), ("Chức vụ", 18, True),
    ("Dấu", 12, False),
)
_AT = {heading: column for column, (heading, _, _) in enumerate(COLUMNS)}

ADVICE = (
    "Điền các ô nền vàng của trang “Trả lời”: chọn Tình trạng; việc có số liệu thì ghi Số đạt và Tổng số, hoặc Số liệu.",
    "Xin lùi hạn thì ghi ngày ở cột Lùi đến và lý do ở cột Nội dung; báo xong thì ghi số, ngày văn bản trả lời nếu có.",
    "Dòng để trống được coi là chưa trả lời. Ngày ghi như 25/5/2020.",
    "Không sửa các cột khác: cột Dấu cho biết dòng nào là của việc nào; dòng chép từ nơi khác không được nhận.",
    "Gửi lại tệp này cho cơ quan ban hành. Việc đã đổi sau ngày lập bảng thì cần bảng mới.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looks:
    """Formats of cells."""

    head: Any
    locked: Any
    open: Any
    day: Any


def workbook(paper: Paper, works: Sequence[Work], mark: Callable[[Work], str], made: str) -> bytes:
    """The workbook of one agency: its open duties of one paper. `mark` seals a row; `made` says when it was laid out."""
    held = BytesIO()
    with Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        book.set_properties({"title": f"{paper.number}: trả lời", "subject": paper.title, "comments": made})
        sheet = book.add_worksheet("Trả lời")
        _fill(sheet, _looks(book), paper, works, mark)
        _advise(book.add_worksheet("Hướng dẫn"), book, made)
    return held.getvalue()


def _looks(book: Workbook) -> _Looks:
    plain = {"font_name": "Times New Roman", "font_size": 12, "text_wrap": True, "valign": "top", "border": 1, "border_color": "#b1b4b6"}
    head = plain | {"bold": True, "bg_color": "#e8eef4", "valign": "vcenter"}
    filled = plain | {"bg_color": "#fff9e0", "locked": False}
    return _Looks(
        head=book.add_format(head), locked=book.add_format(plain),
        open=book.add_format(filled), day=book.add_format(filled | {"num_format": "d/m/yyyy"}),
    )


def _fill(sheet: Worksheet, looks: _Looks, paper: Paper, works: Sequence[Work], mark: Callable[[Work], str]) -> None:
    for column, (heading, width, _) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, looks.head)
    for line, work in enumerate(works, start=1):
        cells = _cells(paper, work, mark(work))
        sheet.set_row(line, LINE * max(lines(cells.get(heading), width) for heading, width, _ in COLUMNS if heading != "Dấu"))
        for column, (heading, _, filled) in enumerate(COLUMNS):
            look = looks.locked if not filled else looks.day if heading in ("Ngày", "Lùi đến") else looks.open
            sheet.write_string(line, column, cells[heading], look) if heading in cells else sheet.write_blank(line, column, None, look)
        _bound(sheet, line, work)
    sheet.set_column(_AT["Dấu"], _AT["Dấu"], None, None, {"hidden": True})
    sheet.freeze_panes(1, 2)
    sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_print_scale(56)  # two pages side by side: what names the duty, what it answers
    sheet.set_v_pagebreaks([_AT["Tình trạng"]])
    sheet.repeat_rows(0)
    sheet.repeat_columns(0, 1)
    sheet.set_margins(left=0.5, right=0.5)
    sheet.set_header(f"&L{paper.number.replace('&', '&&')}&RTrang &P/&N")


def _cells(paper: Paper, work: Work, mark: str) -> Mapping[str, str]:
    """The cells that name the duty."""
    last = due_day(work, paper.zone)
    figure = f" (đã báo {quantity(work.figure, work.unit)})" if work.figure is not None else ""
    return {
        "Văn bản": f"{paper.number} ngày {day(paper.issued_on)}", "Mục": work.clause, "Kỳ": work.term, "Đơn vị": work.agency.id,
        "Việc": f"{work.short}{figure}", "Hạn": day(last) if last else "", "Dấu": mark,
    }


def _bound(sheet: Worksheet, line: int, work: Work) -> None:
    """What the open cells of a row may hold."""
    states = (*STATES, FIGURE) if work.indicator and not work.figure_by else STATES
    sheet.data_validation(line, _AT["Tình trạng"], line, _AT["Tình trạng"], {
        "validate": "list", "source": list(states), "error_title": "Tình trạng", "error_message": "Chọn một mục trong danh sách.",
    })
    for heading in ("Số đạt", "Tổng số"):
        sheet.data_validation(line, _AT[heading], line, _AT[heading], {
            "validate": "integer", "criteria": ">=", "value": 0, "error_title": heading, "error_message": "Ghi một số nguyên, không âm.",
        })


def _advise(sheet: Worksheet, book: Workbook, made: str) -> None:
    words = book.add_format({"font_name": "Times New Roman", "font_size": 13, "text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 76)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for line, sentence in enumerate((*ADVICE, made)):
        sheet.set_row(line, (LINE + 2) * lines(sentence, 72))
        sheet.write_string(line, 0, sentence, words)
    sheet.protect()
