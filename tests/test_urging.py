"""The công văn đôn đốc: exactly those who are late stand in it, in a form that an office may change and that can do nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.shared import Mm

from reports import official, word
from reports.authority import authority
from reports.urging import FORM, Signing, facts, urging
from reports.vietnamese import on_papers
from scripts import forms, report_form
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


@pytest.mark.parametrize(("name", "makes"), [(FORM, forms.urging), (official.FORM, report_form.report)])
def test_the_form_that_comes_along_is_the_one_that_is_made(name: str, makes: Callable[[], Any]) -> None:
    made = BytesIO()
    makes().save(made)
    same: Any = lambda data: Document(BytesIO(data)).element.xml  # noqa: E731
    assert same(made.getvalue()) == same(word.form(name)), "make forms"


@pytest.mark.parametrize("name", [FORM, official.FORM])
def test_the_signature_is_never_alone_on_a_page(name: str) -> None:
    """From the last two rows of the last list on, every line holds on to the next, and the signature is not torn."""
    paper = Document(BytesIO(word.form(name)))
    rows, ending = paper.tables[-2].rows, paper.tables[-1]
    assert all(line.paragraph_format.keep_with_next for cell in rows[-2].cells for line in cell.paragraphs)
    below = [line for line in paper.paragraphs if line._p.getprevious() in _after(paper.tables[-2], ending)]
    assert [line.text for line in below if not line.text.startswith("{%p") and not line.paragraph_format.keep_with_next] == []
    assert "w:cantSplit" in ending.rows[0]._tr.xml


def _after(table: Any, end: Any) -> list[Any]:
    """A table and what stands between it and another."""
    found = [table._tbl]
    while found[-1].getnext() is not end._tbl:
        found.append(found[-1].getnext())
    return found


@pytest.mark.parametrize(("office", "signer", "above"), [
    ("Ủy ban nhân dân quận Cái Răng", "CHỦ TỊCH", ("TM. ỦY BAN NHÂN DÂN",)),
    ("UBND xã", "Phó Chủ tịch", ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH")),
    ("UBND quận", "CHÁNH VĂN PHÒNG", ("TL. CHỦ TỊCH",)),
    ("Sở Y tế", "GIÁM ĐỐC", ()),
])
def test_who_signs_for_a_committee_says_in_whose_name(office: str, signer: str, above: tuple[str, ...]) -> None:
    assert authority(office, signer) == above
    made = _words(urging(PAPER, [work()], NOW, UNTIL, Signing(office=office, signer=signer)))
    assert "\n".join((*above, signer.upper())) in made


@pytest.mark.parametrize(("day", "words"), [
    (date(2020, 9, 1), ("01", "9")), (date(2020, 2, 11), ("11", "02")), (date(2020, 10, 9), ("09", "10")),
])
def test_a_papers_date_has_the_zeros_of_the_decree(day: date, words: tuple[str, str]) -> None:
    assert on_papers(day) == {"ngay": words[0], "thang": words[1], "nam": "2020"}


def test_several_addressees_stand_below_each_other() -> None:
    other = replace(work(2), agency=replace(work().agency, id="x", name="UBND phường Hai"))
    one, two = (_words(urging(PAPER, late, NOW, UNTIL, Signing(office="x"))) for late in ([work()], [work(), other]))
    assert f"Kính gửi: {work().agency.name}." in one
    assert f"Kính gửi:\n- {work().agency.name};\n- UBND phường Hai." in two


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
