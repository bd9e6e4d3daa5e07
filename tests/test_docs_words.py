"""docs/words is true: a page for every word, what it says of the word is the language's own, its examples are read as it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time
from itertools import islice
from typing import Any

import pytest

from directives.language.calendar import overlay, written
from directives.language.deadlines import due_of
from directives.language.hints import HINTS
from directives.language.periods import due_day, periods
from directives.language.practice import LADDER, Practice
from directives.language.rhythms import every_of
from directives.language.schema import directive_schema
from directives.language.shapes import Due, Every
from directives.language.vocabulary import WORDS
from tests.examples import findings
from tests.reader import ROOT, Page, spans

FOLDER = ROOT / "docs" / "words"
PAGES = {path.stem: Page(f"docs/words/{path.name}") for path in sorted(FOLDER.glob("*.md")) if path.stem != "README"}
INDEX = Page("docs/words/README.md")
EXPLAINED = Page("docs/errors.md").anchors()
DEFINITIONS = directive_schema({})["definitions"]
CALENDAR = overlay((ROOT / "config" / "calendar.yaml").read_text(encoding="utf-8"))
ISSUED = date(2026, 3, 2)
PLACES = {
    "directive": "văn bản", "duty": "nhiệm vụ", "change": "nội dung sửa đổi", "overall": "sửa đổi chung", "indicator": "chỉ tiêu",
    "baseline": "hiện trạng", "report": "kỳ báo cáo", "paper": "văn bản được dẫn", "period": "giai đoạn", "cc": "nơi nhận",
    "directory": "danh bạ", "agency": "đơn vị", "contacts": "người liên hệ", "contact": "một liên hệ", "group": "nhóm",
}


def offered(word: str) -> dict[str, str]:
    """What an editor offers behind a word, wherever it stands, with its meaning."""
    found: dict[str, str] = {}
    for place in [place for place, words in WORDS.items() if word in words]:
        made = DEFINITIONS[f"own:{place}"]["properties"][word]
        found |= {step: said["description"] for step, said in made.get("properties", {}).items() if "description" in said}
        for each in walk(made):
            found |= dict(zip(each.get("enum", ()), each.get("enumDescriptions", ()), strict=True))
            found |= {snippet["label"]: snippet["description"] for snippet in each.get("defaultSnippets", ()) if "bodyText" in snippet}
    return found


def walk(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for below in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from walk(below)


def quoted(page: Page) -> str:
    """What a page says that the program says of its wrong example; the code leads to its explanation."""
    return re.sub(r"\[(D\d+)\]\(\S+\)", r"\1", " ".join(re.findall(r"^> (.+)$", page.prose, re.MULTILINE)))


def test_every_word_has_its_page_and_every_page_its_word() -> None:
    assert PAGES.keys() == {word for words in WORDS.values() for word in words}
    assert [page.headings()[0] for page in PAGES.values()] == [(1, f"`{word}`") for word in PAGES]


def test_the_index_lists_every_word_with_its_meaning() -> None:
    rows = [(spans(row[0])[0], row[1]) for row in INDEX.table("từ")]
    assert rows == [each for words in WORDS.values() for each in words.items()]


@pytest.mark.parametrize("word", PAGES)
def test_a_page_says_where_its_word_stands_and_what_it_means_there(word: str) -> None:
    rows = [(row[0].partition(" (")[0], row[1]) for row in PAGES[word].table("nằm trong")]
    assert rows == [(PLACES[place], words[word]) for place, words in WORDS.items() if word in words]


@pytest.mark.parametrize("word", PAGES)
def test_a_page_shows_the_forms_that_editors_offer(word: str) -> None:
    assert {spans(row[0])[0]: row[1] for row in PAGES[word].table("ghi")} == offered(word)


@pytest.mark.parametrize("word", PAGES)
def test_the_right_example_of_a_page_is_read(word: str) -> None:
    [right] = [block.text for block in PAGES[word].blocks("yaml") if not block.wrong]
    assert re.search(rf"\b{word}:", right) or word == "secrecy"
    assert [found.message for found in findings(right) if found.level == "error"] == []
    assert quoted(PAGES[word]) not in [said(found) for found in findings(right)]


@pytest.mark.parametrize("word", PAGES)
def test_the_wrong_example_of_a_page_is_told_as_shown(word: str) -> None:
    [wrong] = [block.text for block in PAGES[word].blocks("yaml") if block.wrong]
    assert quoted(PAGES[word]) in [said(found) for found in findings(wrong)]


def said(found: Any) -> str:
    return f"{found.code}: {found.message}" + (f" — {found.hint}" if found.hint else "")


@pytest.mark.parametrize(("place", "word"), HINTS)
def test_what_an_editor_hints_at_stands_on_the_page(place: str, word: str) -> None:
    assert word in WORDS[place]
    assert HINTS[place, word].removesuffix(".") in " ".join(PAGES[word].prose.split())


@pytest.mark.parametrize(("text", "ends"), [(spans(row[0])[0], row[1]) for row in PAGES["due"].table("chép từ giấy vào `due`")])
def test_a_due_date_copied_from_paper_ends_when_the_page_says(text: str, ends: str) -> None:
    due = Due.model_validate(due_of(text))
    day = due_day(due, ISSUED, CALENDAR, Practice())
    assert ends == (f"{written(day)}{hour_of(due.hour)}" if day else "không có ngày")


@pytest.mark.parametrize(("text", "dates"), [(spans(row[0])[0], row[1]) for row in PAGES["every"].table("chép từ giấy vào `every`")])
def test_a_rhythm_copied_from_paper_falls_due_when_the_page_says(text: str, dates: str) -> None:
    turns = [f"{written(turn.last)}{hour_of(turn.hour)}" for turn in islice(periods(Every.model_validate(every_of(text)), ISSUED), 3)]
    assert dates == (", ".join(turns) or "không có ngày")


def hour_of(hour: time | None) -> str:
    return f" {hour:%-H:%M}" if hour else ""


def test_words_that_are_only_kept_are_the_same_on_both_pages() -> None:
    [kept] = re.findall(r"^## Kept and not acted upon\n(.*?)^##", Page("docs/directives.md").text, re.MULTILINE | re.DOTALL)
    listed = {word for line in kept.splitlines() if line.startswith("- ") for word in spans(line)}
    told = {word for word, page in PAGES.items() if "hỉ lưu" in page.prose}
    assert told == (listed - {"source"} | WORDS["cc"].keys())  # `check` holds a source against the file


def test_the_offices_own_ladder_is_the_one_that_is_told() -> None:
    assert (
        "trước hạn 3 ngày làm việc và quá hạn 1 ngày nhắc chủ trì, quá hạn 5 ngày làm việc thêm cấp trên trực tiếp, quá hạn 10 ngày làm "
        "việc báo cơ quan ban hành"
    ) in " ".join(PAGES["escalation"].prose.split())
    assert [(rung.words, rung.audience) for rung in LADDER] == [
        ("3 working days before", ("lead",)), ("1 day late", ("lead",)),
        ("5 working days late", ("lead", "above")), ("10 working days late", ("issuer",)),
    ]


@pytest.mark.parametrize("word", [*PAGES, "README"])
def test_links_of_a_page_lead_somewhere(word: str) -> None:
    for link in PAGES.get(word, INDEX).links():
        target, _, anchor = link.partition("#")
        assert (FOLDER / target).exists(), link
        assert not anchor or anchor in EXPLAINED, link
