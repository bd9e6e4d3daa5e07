"""Workbooks: an agency fills in what it owes, sends the file back, and what may not be changed is noticed row by row."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from reports.workbook import COLUMNS, workbook
from tasks.seals import Seal, Seals
from tests import command_line
from tests.command_line import NUMBER, SAMPLE, Terminal
from tests.notices import PAPER, work
from tests.sample import at

dondoc = command_line.dondoc

LATER = at("2026-03-09", "09:00")
HEADINGS = {
    "state": "Tình trạng", "num": "Số đạt", "den": "Tổng số", "note": "Nội dung", "until": "Lùi đến", "key": "Mục", "mark": "Dấu",
}
AT = {heading: column for column, (heading, _, _) in enumerate(COLUMNS, start=1)}


@pytest.fixture
def out(dondoc: Terminal) -> tuple[Terminal, Path]:
    """The sample directive, and the workbooks of all who owe something."""
    assert dondoc("apply", SAMPLE, "--yes").code == 0
    ended = dondoc("workbook", "export", NUMBER, "bang", at=LATER)
    assert ended.code == 0, ended.err
    return dondoc, dondoc.home / "bang"


def _filled(path: Path, fill: Callable[[Worksheet], None]) -> str:
    book = load_workbook(path)
    fill(book["Trả lời"])
    book.save(path)
    return str(path)


def _row(sheet: Worksheet, clause: str) -> int:
    return next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, AT["Mục"]).value == clause)


def _put(sheet: Worksheet, clause: str, **cells: Any) -> None:
    row = _row(sheet, clause)
    for word, value in cells.items():
        sheet.cell(row, AT[HEADINGS[word]]).value = value


def test_a_workbook_locks_what_names_a_duty_and_leaves_open_what_is_answered(out: tuple[Terminal, Path]) -> None:
    _, folder = out
    sheet = load_workbook(folder / "thon-dong.xlsx")["Trả lời"]
    assert [cell.value for cell in sheet[1]] == [heading for heading, _, _ in COLUMNS]
    assert sheet.protection.sheet
    assert sheet.freeze_panes == "C2"
    assert [not cell.protection.locked for cell in sheet[2]] == [filled for _, _, filled in COLUMNS]
    assert {row[0].value for row in sheet.iter_rows(min_row=2)} == {f"{NUMBER} ngày 2/3/2026"}
    assert sheet.column_dimensions["Q"].hidden


def test_what_is_filled_in_is_shown_first_then_recorded_once(out: tuple[Terminal, Path]) -> None:
    dondoc, folder = out
    file = _filled(folder / "thon-dong.xlsx", lambda sheet: _put(sheet, "2", num=170, den=200))
    looked = dondoc("workbook", "import", "--dry-run", file, at=LATER)
    assert looked.code == 0, looked.err
    assert "170/200" in looked.out
    assert not [each for each in dondoc.json("show", NUMBER, "2", at=LATER)["events"] if each["kind"] == "figure"]
    assert dondoc("workbook", "import", file, at=LATER).code == 0
    again = dondoc("workbook", "import", file, at=LATER)
    assert (again.code, "không có gì mới" in again.out) == (0, True)
    [told] = [each for each in dondoc.json("show", NUMBER, "2", at=LATER)["events"] if each["kind"] == "figure"]
    assert told["payload"]["source"] == "tệp thon-dong.xlsx, dòng 3"
    receipts = [each for each in dondoc.json("mail", "list", at=LATER)["letters"] if each["lane"] == "receipt"]
    assert len(receipts) == 1


@pytest.mark.parametrize(("cells", "code"), [
    ({"state": "xong rồi đấy"}, "D188"),
    ({"num": 300, "den": 200}, "D189"),
    ({"until": "không rõ", "state": "Xin lùi hạn"}, "D190"),
    ({"key": "3", "state": "Đã xong"}, "D191"),
    ({"mark": "17.1.AAAA", "state": "Đã tiếp nhận"}, "D197"),
    ({"note": "=1+1", "state": "Đang thực hiện"}, "D165"),
])
def test_of_a_file_with_a_mistake_nothing_is_recorded(out: tuple[Terminal, Path], cells: dict[str, Any], code: str) -> None:
    dondoc, folder = out
    file = _filled(folder / "thon-dong.xlsx", lambda sheet: _put(sheet, "2", **cells))
    ended = dondoc("workbook", "import", file, at=LATER)
    assert ended.code == 1
    assert code in ended.out
    assert not [each for each in dondoc.json("show", NUMBER, "2", at=LATER)["events"] if each["kind"] not in ("issued", "opened")]


def test_the_help_of_a_command_beneath_another_speaks_its_language(dondoc: Terminal) -> None:
    told = dondoc("workbook", "export", "--help").out
    assert "Tham số\n" in told
    assert not {"Arguments", "Parameters"} & set(told.split())


def test_a_row_of_another_agency_is_foreign(out: tuple[Terminal, Path]) -> None:
    dondoc, folder = out
    other = load_workbook(folder / "thon-tay.xlsx")["Trả lời"]
    mark = other.cell(_row(other, "2"), AT["Dấu"]).value
    file = _filled(folder / "thon-dong.xlsx", lambda sheet: _put(sheet, "2", mark=mark, state="Đã tiếp nhận"))
    assert "D197" in dondoc("workbook", "import", file, at=LATER).out


def test_a_whole_row_of_another_agencys_workbook_is_foreign(out: tuple[Terminal, Path]) -> None:
    dondoc, folder = out
    other = load_workbook(folder / "thon-tay.xlsx")["Trả lời"]
    row = [cell.value for cell in other[_row(other, "2")]]

    def fill(sheet: Worksheet) -> None:
        _put(sheet, "2", state="Đã tiếp nhận")
        for column, value in enumerate(row, start=1):
            sheet.cell(sheet.max_row + (column == 1), column).value = value
        sheet.cell(sheet.max_row, AT["Tình trạng"]).value = "Đã tiếp nhận"

    ended = dondoc("workbook", "import", _filled(folder / "thon-dong.xlsx", fill), at=LATER)
    assert ended.code == 1
    assert ended.out.count("D197") == 1


def test_what_is_no_workbook_is_told_in_words(out: tuple[Terminal, Path]) -> None:
    dondoc, folder = out
    (folder / "anh.xlsx").write_bytes(b"PNG")
    ended = dondoc("workbook", "import", str(folder / "anh.xlsx"), at=LATER)
    assert (ended.code, "không phải là bảng .xlsx" in " ".join(ended.out.split())) == (1, True)
    assert "zip" not in ended.out


def test_a_format_that_reaches_to_the_last_cell_is_no_content(out: tuple[Terminal, Path]) -> None:
    dondoc, folder = out

    def fill(sheet: Worksheet) -> None:
        _put(sheet, "2", state="Đã tiếp nhận")
        sheet.cell(1_048_576, 16_384).number_format = "0.00"

    ended = dondoc("workbook", "import", _filled(folder / "thon-dong.xlsx", fill), at=LATER)
    assert (ended.code, "D163" in ended.out) == (0, False), ended.out


def test_a_row_of_a_task_that_has_changed_meanwhile_is_stale(out: tuple[Terminal, Path]) -> None:
    dondoc, folder = out
    by = ("--by", "Văn thư xã", "--via", "phone")
    assert dondoc("answer", NUMBER, "2", "thon-dong", "--received", *by, at=LATER).code == 0
    file = _filled(folder / "thon-dong.xlsx", lambda sheet: _put(sheet, "2", state="Đang thực hiện", note="đang gom"))
    assert "D198" in dondoc("workbook", "import", file, at=LATER).out


def test_w103_text_that_looks_like_a_formula_stays_text(out: tuple[Terminal, Path]) -> None:
    data = workbook(PAPER, [work(short="=HYPERLINK(0)", clause="+1")], lambda _: "@SUM(1)", "lập hôm nay")
    cells = list(load_workbook(BytesIO(data))["Trả lời"][2])
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert cells[4].value.startswith("=HYPERLINK")


def test_a_mark_is_known_by_the_key_that_made_it_alone() -> None:
    ours, others = Seals(b"a" * 32), Seals(b"b" * 32)
    mark = ours.mark(Seal(17, 42))
    assert ours.read(mark) == Seal(17, 42)
    assert others.read(mark) is None
    assert [ours.read(bad) for bad in ("", "17.42", "18" + mark[2:], mark[:-1], mark.lower(), "1" * 40, "٣.٤.A")] == [None] * 7
    assert "a" * 8 not in repr(ours)
