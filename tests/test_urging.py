"""The công văn đôn đốc: exactly those who are late stand in it, in a form that an office may change and that can do nothing else."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.shared import Mm

from reports import word
from reports.urging import FORM, Signing, facts, urging
from scripts import forms
from tests import command_line
from tests.command_line import NUMBER, SAMPLE, Terminal
from tests.notices import PAPER, work
from tests.rows import ask
from tests.sample import at

dondoc = command_line.dondoc

NOW, UNTIL = at("2020-06-03", "10:00"), date(2020, 6, 10)


def _words(made: bytes) -> str:
    paper = Document(BytesIO(made))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in paper.paragraphs), *cells])


def _form(text: str) -> bytes:
    paper, held = Document(), BytesIO()
    paper.add_paragraph(text)
    paper.save(held)
    return held.getvalue()


def test_every_late_task_has_a_row_with_what_its_agency_last_said() -> None:
    made = urging(PAPER, [work(), work(2, last_words="Đang chờ in & gửi <b>")], NOW, UNTIL, Signing(office="UBND quận"))
    paper = Document(BytesIO(made))
    rows = [[cell.text for cell in row.cells] for row in paper.tables[1].rows]
    assert [row[0] for row in rows] == ["TT", "1", "2"]
    assert {row[5] for row in rows[1:]} == {"Chưa báo cáo", "Đang chờ in & gửi <b>"}
    assert {row[4] for row in rows[1:]} == {"10 ngày"}
    assert "còn 2 việc đã quá hạn của một đơn vị" in _words(made)
    assert "trước ngày 10/6/2020" in _words(made)
    assert "{" not in _words(made)


def test_the_page_is_that_of_official_papers() -> None:
    section = Document(BytesIO(word.form(FORM))).sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(each / Mm(1)) for each in margins if each] == [20, 20, 30, 15]
    assert [round(each / Mm(1)) for each in (section.page_width, section.page_height) if each] == [210, 297]


def test_the_form_that_comes_along_is_the_one_that_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = BytesIO()
    forms.urging().save(made)
    same: Any = lambda data: Document(BytesIO(data)).element.xml  # noqa: E731
    assert same(made.getvalue()) == same(word.form(FORM)), "python -m scripts.forms"


@pytest.mark.parametrize("text", [
    "{{ nguoi_la }}", "{{ co_quan.__class__.__mro__ }}", "{% for a in %}", "{{ viec.append(1) }}", "{{ 'a' * 10 ** 12 }}",
])
def test_a_form_that_asks_for_more_is_refused(text: str) -> None:
    with pytest.raises(word.FormError):
        word.filled(_form(text), facts(PAPER, [work()], NOW, UNTIL, Signing(office="x")))


def test_what_is_no_word_file_is_refused() -> None:
    with pytest.raises(word.FormError):
        word.filled(b"PK\x03\x04 not a paper", {})


def test_an_office_drafts_it_from_the_command_line_with_its_own_form(dondoc: Terminal) -> None:
    assert dondoc("apply", SAMPLE, "--yes").code == 0
    assert "không đơn vị nào quá hạn" in dondoc("urge", NUMBER, "-o", "a.docx").err
    later = at("2026-06-30", "09:00")
    ended = dondoc("urge", NUMBER, "-o", "a.docx", at=later)
    assert ended.code == 0, ended.err
    late = [each for each in dondoc.json("status", NUMBER, "--by", "task", "--late", at=later)["tasks"] if each["force"] == "do"]
    rows = Document(BytesIO((dondoc.home / "a.docx").read_bytes())).tables[1].rows
    assert len(rows) - 1 == len(late) > 0
    (dondoc.home / "templates").mkdir(exist_ok=True)
    own = dondoc.home / "templates" / f"{FORM}.docx"
    own.write_bytes(_form("Còn {{ so_viec }} việc."))
    assert dondoc("urge", NUMBER, "-o", "b.docx", at=later).code == 0
    assert f"Còn {len(late)} việc." in _words((dondoc.home / "b.docx").read_bytes())
    own.write_bytes(_form("{{ la }}"))
    refused = dondoc("urge", NUMBER, "-o", "c.docx", at=later)
    assert (refused.code, (dondoc.home / "c.docx").exists()) == (2, False)


def test_those_who_are_in_the_draft_are_urged_once_a_day_where_it_is_asked(dondoc: Terminal) -> None:
    assert dondoc("apply", SAMPLE, "--yes").code == 0
    later, typed = at("2026-06-30", "09:00"), ("urge", NUMBER, "-o", "a.docx", "--send")
    assert dondoc(*typed, at=later).code == 2
    assert not (dondoc.home / "a.docx").exists()
    said = [dondoc(*typed, "--role", "Chánh Văn phòng", at=later) for _ in range(2)]
    assert [each.code for each in said] == [0, 0], said[0].err
    rows = Document(BytesIO((dondoc.home / "a.docx").read_bytes())).tables[1].rows
    with dondoc.office() as office:
        urged = ask(office.store, "SELECT task FROM events WHERE kind = 'urged'")
    assert len(urged) == len({row.task for row in urged}) == len(rows) - 1
