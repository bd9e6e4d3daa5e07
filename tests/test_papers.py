"""The papers of a report: every form says the same numbers, looks as an office writes, and computes nothing that an agency typed."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from docx.shared import Mm
from openpyxl import load_workbook
from pydantic import TypeAdapter
from pypdf import PdfReader

from reports import official, picture, printed, sheets, word
from reports.csv_files import csv_file
from reports.outline import Outline, outline
from reports.tables import Value, tables
from tasks.values import Standing, State
from tasks.watches import Watch
from tests.test_report_page import COVERAGE, READER, WATCHES, standing, written
from web.api.shapes import StandingOut, WatchOut

pytestmark = [  # openpyxl does not read data bars of one colour
    pytest.mark.filterwarnings("ignore:Unknown extension"), pytest.mark.filterwarnings("ignore:Conditional Formatting extension"),
]

_STANDING = TypeAdapter(Standing)
_SIGNING = official.Signing(place="Cái Răng")
MADE = standing(cells_before=standing().cells)
WATCH = WATCHES[0][0]


def squeezed(text: str) -> str:
    """Text without spaces, which papers break lines at as they like."""
    return re.sub(r"\s+", "", text)


@cache
def the_pdf() -> bytes:
    return printed.pdf(MADE, reader=READER, watch=WATCH)


def pdf_text(made: Standing, watch: Watch = WATCH) -> str:
    body = the_pdf() if made is MADE and watch is WATCH else printed.pdf(made, reader=READER, watch=watch)
    return "".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)


def docx_text(made: Standing, watch: Watch = WATCH) -> str:
    paper = Document(BytesIO(official.docx(made, reader=READER, signing=_SIGNING, watch=watch)))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in paper.paragraphs), *cells])


def claims(it: Outline) -> Iterator[str]:
    """Every sentence with a number that the page, the letter, the PDF and the Word paper all print."""
    yield from (it.headline, it.vouched, it.sum, it.rate, it.span, it.document.partition(" ngày ")[2])
    if it.measure:
        yield from (it.measure.title, it.measure.course, it.measure.missing)
    for other in it.others:
        yield other.latest
    for call in it.calls:
        yield from (call.party.name, call.duty, call.late, call.said)
    for note in it.changes:
        yield from (note.head, note.body)
    yield it.reckoned
    for count in it.counts:
        yield count.change.lstrip("▲▼ ")
    for row in it.roll.rows:
        yield from (row.name, row.figure, row.gap)
    yield it.roll.rest
    yield from it.footer


WORDS: dict[str, Callable[..., str]] = {
    "page": lambda made, watch=WATCH: written(made, watch)[0],
    "letter": lambda made, watch=WATCH: written(made, watch)[1],
    "text": lambda made, watch=WATCH: written(made, watch)[2],
    "pdf": pdf_text,
    "docx": docx_text,
}


def lacking(form: str, made: Standing, told: Standing = MADE) -> list[str]:
    """What a form made of one standing does not say of another."""
    text = squeezed(WORDS[form](made)).casefold()
    return [claim for claim in claims(outline(told, READER, WATCH)) if squeezed(claim).casefold() not in text]


@pytest.mark.parametrize("form", WORDS)
def test_every_form_in_words_says_every_number_of_the_outline(form: str) -> None:
    assert lacking(form, MADE) == []


@pytest.mark.parametrize("form", WORDS)
def test_a_form_that_changes_one_number_is_found(form: str) -> None:
    changed = standing(cells=replace(MADE.cells, overdue=MADE.cells.overdue + 1))
    assert lacking(form, changed) != []


@pytest.mark.parametrize(("watch", "said"), WATCHES)
def test_every_paper_vouches_for_silence_in_the_words_of_the_page(watch: Watch, said: str) -> None:
    for form, words in WORDS.items():
        assert squeezed(said) in squeezed(words(MADE, watch)), form
        assert (squeezed(said) in squeezed(words(MADE))) == (watch is WATCH), form
    head = load_workbook(BytesIO(sheets.workbook(MADE, reader=READER, watch=watch)))["Tổng hợp"]["A3"]
    assert (head.value, head.font.b) == (said, watch is not WATCH)
    assert StandingOut.of(MADE, watch).watch == WatchOut.model_validate(watch)


def numbers(made: Standing) -> dict[str, list[list[Value]]]:
    return {table.title: [list(table.columns), *(list(row) for row in table.rows)] for table in tables(made)}


def as_read(value: object) -> object:
    """A value as both a sheet and a CSV file give it back."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, Decimal | float | int):
        return Decimal(str(value)).normalize()
    return value or None


def in_excel(made: Standing) -> dict[str, list[list[object]]]:
    book = load_workbook(BytesIO(sheets.workbook(made, reader=READER, watch=WATCH)))
    found = {}
    for sheet in book.worksheets:
        rows = [[as_read(cell.value) for cell in row] for row in sheet.iter_rows()]
        found[sheet.title] = rows[4:] if sheet.title == "Tổng hợp" else rows
    return found


def test_excel_has_every_number_as_a_number_and_every_day_as_a_day() -> None:
    assert in_excel(MADE) == {name: [[as_read(value) for value in row] for row in rows] for name, rows in numbers(MADE).items()}
    assert in_excel(standing(cells=replace(MADE.cells, overdue=9))) != in_excel(MADE)


def test_a_csv_file_has_every_value_of_its_table() -> None:
    for table in tables(MADE):
        text = csv_file(table).decode("utf-8-sig")
        head, *rows = csv.reader(StringIO(text, newline=""), delimiter=";")
        assert head == list(table.columns)
        assert [[_said(value) for value in row] for row in table.rows] == rows


def _said(value: Value) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value).replace(".", ",") if isinstance(value, Decimal) else str(value)


def test_the_tables_add_up_to_the_counts_of_the_page_and_json_gives_them_back() -> None:
    of = {table.id: table for table in tables(MADE)}
    for column, count in zip((3, 5, 6, 8), outline(MADE, READER).counts, strict=True):
        assert str(sum(int(str(row[column])) for row in of["don-vi"].rows)) == count.number
        assert str(sum(int(str(row[column - 1])) for row in of["nhiem-vu"].rows)) == count.number
        assert str(sum(int(str(row[column])) for row in of["don-vi-nhiem-vu"].rows)) == count.number
    assert tables(_STANDING.validate_json(_STANDING.dump_json(MADE))) == tables(MADE)


def as_programs_read(made: Standing) -> Any:
    """What the interface answers, as JSON."""
    return StandingOut.of(made).model_dump(mode="json")


def test_the_interface_says_of_each_work_what_the_tables_say() -> None:
    of, told, zone = {table.id: table.rows for table in tables(MADE)}, as_programs_read(MADE), ZoneInfo(MADE.paper.zone)
    today = MADE.as_of.astimezone(zone).date()
    late = []
    for work in told["overdue"]:
        due = (datetime.fromisoformat(work["due_at"]).astimezone(zone) - timedelta(seconds=1)).date()
        asks = date.fromisoformat(work["asks_until"]) if work["asks_until"] else None
        term = date.fromisoformat(work["term"][:10]) if work["term"] else None
        late.append((work["agency"]["name"], work["clause"], work["short"], term, due, (today - due).days, asks, work["last_words"]))
    assert late == list(of["qua-han"])
    agencies = [(row["agency"]["id"], row["cells"]["overdue"], row["cells"]["silent"], row["cells"]["soon"]) for row in told["agencies"]]
    assert agencies == [(row[0], *row[3:6]) for row in of["don-vi"]]
    whole = dict(zip((row[0] for row in of["tong-hop"]), (row[1] for row in of["tong-hop"]), strict=True))
    assert (told["cells"]["on_time"], told["cells"]["late"], told["cells"]["in_time"], told["cells"]["overdue"]) == (
        whole["Hoàn thành đúng hạn"], whole["Hoàn thành quá hạn"], whole["Đang thực hiện trong hạn"], whole["Đang thực hiện quá hạn"],
    )
    assert (len(told["requests"]), told["unsent"]) == (whole["Đề nghị gia hạn chờ quyết định"], whole["Thư chưa gửi được"])


#: By work state as the interface names it, what is told of who has said nothing; "" where the work waits for the issuer: no call.
TOLD: dict[State, str] = {
    "open": "Chưa tiếp nhận, thư gửi", "received": "Đã tiếp nhận, chưa báo gì từ", "progress": "Đã tiếp nhận, chưa báo gì từ",
    "claimed": "", "returned": "", "paused": "",
}


@pytest.mark.parametrize("state", TOLD)
def test_page_letter_and_papers_tell_the_work_state_that_the_interface_names(state: State) -> None:
    mute = replace(MADE.overdue[0], state=state, last_words="", last_words_at=None, figure=None, figure_on=None, told_at=MADE.before)
    made = standing(overdue=(mute,), requests=())
    [work] = as_programs_read(made)["overdue"]
    assert work["state"] == state
    for form in ("page", "letter", "text", "docx"):
        words = squeezed(WORDS[form](made))
        assert [told for told in sorted(filter(None, {*TOLD.values()})) if squeezed(told) in words] == [TOLD[state]][: bool(TOLD[state])]


@pytest.mark.parametrize("typed", ["=HYPERLINK(\"http://x.example\")", "+1+1", "-2", "@SUM(A1)", "\t=1", " =1", "http://x.example"])
def test_w103_what_an_agency_typed_is_never_computed_by_a_sheet(typed: str) -> None:
    late = replace(MADE.overdue[0], last_words=typed)
    made = standing(overdue=(late,))
    sheet = load_workbook(BytesIO(sheets.workbook(made, reader=READER)))["Quá hạn"]
    cell = sheet.cell(2, 8)
    assert (cell.data_type, cell.hyperlink, cell.value) == ("s", None, typed)
    table = next(table for table in tables(made) if table.id == "qua-han")
    [_, row] = csv.reader(StringIO(csv_file(table).decode("utf-8-sig"), newline=""), delimiter=";")
    assert row[7] == (typed if typed.startswith("http") else f"'{typed}")


def test_the_sheets_are_frozen_filtered_barred_and_drawn() -> None:
    made = sheets.workbook(MADE, reader=READER)
    book = load_workbook(BytesIO(made))
    for sheet in book.worksheets:
        assert sheet.freeze_panes
        assert sheet.auto_filter.ref
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows
    rules = [rule.type for ranges in book["Đơn vị"].conditional_formatting for rule in ranges.rules]
    assert rules == ["dataBar"] * 4
    with ZipFile(BytesIO(made)) as parcel:
        assert "<c:dateAx>" in parcel.read("xl/charts/chart1.xml").decode()


def test_the_pdf_is_tagged_titled_in_vietnamese_and_carries_its_letters() -> None:
    paper = PdfReader(BytesIO(the_pdf()))
    root: Any = paper.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "vi"
    assert paper.metadata is not None
    assert paper.metadata.title == outline(MADE, READER).subject
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert 1 <= len(paper.pages) <= 2
    resources: list[Any] = [page["/Resources"] for page in paper.pages]
    faces = [font.get_object()["/DescendantFonts"][0].get_object() for each in resources for font in each["/Font"].values()]
    assert all("paper" in face["/FontDescriptor"]["/FontName"] and "/FontFile2" in face["/FontDescriptor"] for face in faces)
    for place, page in enumerate(paper.pages, 1):
        assert f"trang {place}/{len(paper.pages)}" in page.extract_text()


def test_the_word_paper_has_the_layout_of_official_papers_and_the_chart() -> None:
    paper = Document(BytesIO(official.docx(MADE, reader=READER, signing=_SIGNING)))
    [section] = paper.sections
    wanted = {"page_width": 210, "page_height": 297, "top_margin": 20, "bottom_margin": 20, "left_margin": 30, "right_margin": 15}
    assert {side: round(getattr(section, side) / Mm(1)) for side in wanted} == wanted
    assert paper.styles["Normal"].font.name == "Times New Roman"
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in docx_text(MADE)
    assert len(paper.inline_shapes) == 1
    for table in paper.tables:
        assert [cell.width for cell in table.rows[0].cells] == [column.width for column in table.columns]


def test_a_form_with_an_unknown_word_is_refused_by_its_name() -> None:
    paper = Document()
    paper.add_paragraph("{{ nguoi_nao }}")
    held = BytesIO()
    paper.save(held)
    with pytest.raises(word.FormError, match="nguoi_nao"):
        official.docx(MADE, reader=READER, signing=replace(_SIGNING, form=held.getvalue()))


def test_an_office_has_its_own_form() -> None:
    paper = Document()
    paper.add_paragraph("{{ co_quan }}: {{ cong }}")
    held = BytesIO()
    paper.save(held)
    made = Document(BytesIO(official.docx(MADE, reader=READER, signing=replace(_SIGNING, form=held.getvalue()))))
    assert made.paragraphs[0].text == f"{MADE.paper.issuer}: {outline(MADE, READER).sum}"


def test_the_picture_is_drawn_with_our_own_letters() -> None:
    drawn = picture.png(COVERAGE, date(2020, 9, 1))
    assert drawn.startswith(b"\x89PNG")
    assert drawn == picture.png(COVERAGE, date(2020, 9, 1))
    assert len(drawn) < 100_000
    assert picture.png(replace(COVERAGE, points=(), milestones=()), date(2020, 9, 1)) == b""
