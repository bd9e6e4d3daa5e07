"""The leaders' report in English: every sentence has one, with the same facts, and only what papers and people said stays Vietnamese."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from reports import page, printed, sheets
from reports.csv_files import csv_file
from reports.outline import outline
from reports.tables import tables
from reports.tongues import english, say, speaking
from reports.vietnamese import decimal, number
from tests.counter import HOST, LEADER, NOW, Counter, Visitor
from tests.reader import ROOT
from tests.test_letters_in_english import VIETNAMESE, fields
from tests.test_papers import docx_text
from tests.test_report_page import COVERAGE, LINK, READER, standing, words_of
from web.app import build

MODULES = (
    "calls", "changes", "chart", "classes", "headline", "measures", "outline", "page", "printed", "rolls", "sheets", "tables", "targets",
    "ties", "vietnamese", "vouching",
)
#: Words without a mark of Vietnamese, words of the ledger that are looked up as they come, and how odd figures are told.
GIVEN = {
    "Trang", "trang", "Xong", "hai", "ba", "mục", "việc", "đổi hơn 10 điểm", "y như số kỳ trước",
    "lúc báo tỷ lệ, lúc báo số lượng", "tổng số đổi hơn 5%",
}
#: Words that a file may have before a target, read and not printed.
READ = {"tối đa"}


def said() -> Iterator[str]:
    """Every sentence of the report, in templates and in code."""
    for name in ("page.html", "letter.html", "letter.txt", "line.svg"):
        yield from re.findall(r'\b_\("([^"]+)"', (ROOT / "reports" / "templates" / f"{name}.j2").read_text("utf-8"))
    for name in MODULES:
        found = list(ast.walk(ast.parse((ROOT / "reports" / f"{name}.py").read_text("utf-8"))))
        loose = {id(node.value) for node in found if isinstance(node, ast.Expr)}  # docstrings
        constants = (node.value for node in found if isinstance(node, ast.Constant) and id(node) not in loose)
        yield from (text for text in constants if isinstance(text, str) and VIETNAMESE.search(text))


def test_every_sentence_of_the_report_has_its_english_and_none_is_left_over() -> None:
    wanted = {sentence if sentence[:1] == " " else sentence.rstrip() for sentence in said()} - READ | GIVEN
    assert sorted(wanted - english().keys()) == []
    assert sorted(english().keys() - wanted) == []


def test_the_english_of_the_report_tells_the_same_facts() -> None:
    for vietnamese, forms in english().items():
        assert all(fields(each) == fields(vietnamese) for each in forms), vietnamese
        assert len(forms) == 1 or "n" in fields(vietnamese), vietnamese
        assert not any(VIETNAMESE.search(each) for each in forms), vietnamese


def data() -> set[str]:
    """What of the sample is Vietnamese in every language."""
    of = MADE.paper
    parties = {word for each in MADE.agencies for word in (each.party.name, each.party.short)}
    lines = {word for line in MADE.lines for word in (line.name, *line.missing)}
    works = [*MADE.overdue, *MADE.requests, *(change.work for change in MADE.changes)]
    return {READER, of.title, of.issuer, of.contact, *parties, *lines, *(short for _, short in MADE.duties), *(w.last_words for w in works)}


def left(text: str) -> list[str]:
    """The Vietnamese words of a text that are no data."""
    for words in sorted(filter(None, data()), key=len, reverse=True):
        text = text.replace(words, "").replace(words.upper(), "")
    return [word for word in text.split() if VIETNAMESE.search(word)]


MADE = standing()


def test_page_and_letter_in_english_leave_only_what_papers_and_people_said() -> None:
    subject, markup, text = page.letter(MADE, LINK, READER, "en")
    shown = page.html(MADE, link=None, reader=READER, lang="en")
    for body in (subject, words_of(markup), text, words_of(shown)):
        assert left(body) == []
    assert '<html lang="en">' in shown
    assert '<html lang="en">' in markup
    assert '<html lang="vi">' in page.html(MADE, link=None, reader=READER)


def test_both_languages_say_the_same_numbers() -> None:
    def digits(lang: str) -> list[str]:
        told = page.letter(MADE, LINK, READER, "en" if lang == "en" else "vi")[2]
        return sorted(re.findall(r"\d+", told))

    assert digits("vi") == digits("en")


def test_the_papers_of_an_english_reader_are_english_and_the_official_one_stays_vietnamese() -> None:
    with speaking("en"):
        body = printed.pdf(MADE, reader=READER)
        assert csv_file(tables(MADE)[0]).decode("utf-8-sig").startswith("Measure;Now;Before\r\nDone on time;")
        assert left(" ".join(str(value) for table in tables(MADE) for row in (table.heads, *table.rows) for value in row)) == []
        with ZipFile(BytesIO(sheets.workbook(MADE, reader=READER))) as parcel:
            book = parcel.read("xl/workbook.xml").decode()
        assert left(docx_text(MADE)) != []
    assert "Three agencies have 4 overdue duties" in " ".join(PdfReader(BytesIO(body)).pages[0].extract_text().split())
    assert re.findall('sheet name="([^"]+)"', book) == ["Summary", "Agency", "Duty", "Agency by duty", "Overdue", "Change", "Target"]
    assert outline(MADE, READER).sum.startswith("34 việc có thời hạn")


def test_a_leader_switches_the_language_of_his_page_and_it_is_remembered() -> None:
    with Visitor(build(Counter(), lambda: NOW), HOST) as client:
        page_at = f"/l/{LEADER}/1"
        assert [lang_of(client.get(f"{page_at}{asked}").text) for asked in ("", "?lang=en", "")] == ["vi", "en", "en"]
        assert client.get(f"{page_at}/bao-cao.csv").text.startswith("\ufeffCode;Agency;")
        assert [lang_of(client.get(f"{page_at}{asked}").text) for asked in ("?lang=vi", "")] == ["vi", "vi"]
    assert 'hreflang="en"' in page.served(MADE, stylesheet_at="/", link=None, reader=READER, ways=page.Ways(speaks=True))


def lang_of(body: str) -> str:
    return body.partition('<html lang="')[2][:2]


@pytest.mark.parametrize(
    ("sentence", "facts", "expected"),
    [
        ("{n} việc xong", {"n": 1}, "1 duty done"), ("{n} việc xong", {"n": 1_234}, "1,234 duties done"),
        ("{n} đơn vị chưa báo cáo", {"n": "one"}, "one agency has not reported"),
        ("{n} đề nghị gia hạn đang chờ quyết định.", {"n": "One"}, "One request for more time waits for a decision."),
        ("lời của đơn vị {x}", {}, "lời của đơn vị {x}"),
    ],
)
def test_english_tells_one_from_many(sentence: str, facts: dict[str, object], expected: str) -> None:
    with speaking("en"):
        assert say(sentence, **facts) == expected


def test_figures_are_written_as_their_language_writes_them() -> None:
    value = COVERAGE.points[-1][1]
    assert (decimal(value), number(3281)) == ("87,4", "3.281")
    with speaking("en"):
        assert (decimal(value), number(3281)) == ("87.4", "3,281")
    assert decimal(value) == "87,4"
