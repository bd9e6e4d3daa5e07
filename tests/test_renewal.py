"""Of last year's directive nothing that is a year's own survives into this year's draft without an answer."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from directives.language.blanks import BLANK, blank
from directives.language.mistakes import Mistake
from directives.language.parsing import parse
from directives.language.printing import printed, reprinted
from directives.language.renewal import Question, check, questions, renewed
from directives.language.shapes import Directive
from tests.generated import directives
from tests.seeds import PAPERS, ROOT, directive

QUIET: dict[str, Any] = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
DAY = re.compile(r"\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}|\b20\d\d\b|\d{1,2} tháng \d{1,2}")


def own(text: str) -> str:
    """A draft without its directory, its comments and its blanks."""
    paper = re.split(r"^(?:agencies|groups):\n", text, flags=re.MULTILINE)[0]
    return re.sub(r"^ *#.*$|  #.*$", "", BLANK.sub("", paper), flags=re.MULTILINE)


@settings(max_examples=150, derandomize=True, **QUIET)
@given(directives())
def test_no_date_and_no_year_of_any_directive_is_left(made: Directive) -> None:
    text = renewed(printed(made))
    assert not DAY.search(own(text))
    assert reprinted(text) == text


@settings(max_examples=100, derandomize=True, **QUIET)
@given(directives())
def test_answered_with_last_years_words_it_is_last_years_directive(made: Directive) -> None:
    text = printed(made)
    assert renewed(text, lambda question: question.old) == text
    for question in questions(text):
        check(question, question.old)


@settings(max_examples=50, derandomize=True, **QUIET)
@given(directives())
def test_a_draft_with_a_blank_is_never_a_directive_and_says_nothing_but_its_blanks(made: Directive) -> None:
    text = renewed(printed(made))
    again, found = parse(text, "x.yaml", {})
    assert (again is None) == ("‹" in text)
    assert {each.code for each in found if each.level == "error"} <= {"D120"}


@pytest.mark.parametrize("paper", PAPERS)
def test_of_a_real_directive_nothing_of_its_year_is_left(paper: str) -> None:
    text = renewed((ROOT / "directives" / f"{paper}.yaml").read_text(encoding="utf-8"))
    assert not DAY.search(own(text))
    assert len(BLANK.findall(text)) == len([*questions(printed(directive(paper)))])


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        pytest.param("due: before 25/5/2020", ["before 25/5/2020"], id="a due date"),
        pytest.param("due: năm học 2019-2020", ["năm học 2019-2020"], id="a school year"),
        pytest.param("due: quý II/2020", ["quý II/2020"], id="a quarter"),
        pytest.param("due: 10 working days", [], id="a term has no date"),
        pytest.param("due: at once", [], id="at once has none either"),
        pytest.param("every: month on 25", [], id="nor has a rhythm"),
        pytest.param("every: rrule:FREQ=WEEKLY;UNTIL=20201231", ["rrule:FREQ=WEEKLY;UNTIL=20201231"], id="but for one that ends"),
        pytest.param("from: 1/9/2020", ["1/9/2020"], id="a window"),
        pytest.param("product: Báo cáo năm 2020, 3.960 hộ", ["2020"], id="a product"),
        pytest.param("target: 100%", [], id="a value to reach"),
        pytest.param("short: Từ ngày 30 tháng 5 đến ngày 30 tháng 9", ["ngày 30 tháng 5", "ngày 30 tháng 9"], id="days without a year"),
        pytest.param("lead: khoa-2020", [], id="an id is no date"),
    ],
)
def test_what_is_asked_anew(line: str, asked: list[str]) -> None:
    assert [question.old for question in questions(f"title: x\nduties:\n  1:\n    do: y\n    {line}\n")] == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        pytest.param("directive: 898/UBND\ndate: 18/5/2020\n", ["898/UBND", "18/5/2020"], id="number and date"),
        pytest.param("period: { name: năm học 2019-2020, until: 31/5/2020 }\n", ["2019-2020", "31/5/2020"], id="a period with bounds"),
        pytest.param("period: giai đoạn 2021–2025\n", ["giai đoạn 2021–2025"], id="a period by its name"),
        pytest.param("figures: f-2020.csv\nsource: 898.pdf\nfiles: [a.docx]\n", ["f-2020.csv", "898.pdf", "a.docx"], id="files"),
        pytest.param("basis:\n  - 1249/UBND-VX 14/9/2019\n", ["1249/UBND-VX 14/9/2019"], id="a legal basis"),
        pytest.param("amends: { directive: 1/UBND, date: 2/3/2020 }\n", ["1/UBND", "2/3/2020"], id="an amended paper"),
        pytest.param("indicators: { a: { name: A, baseline: 70% on 1/5/2020 } }\n", ["70% on 1/5/2020"], id="a baseline in a line"),
        pytest.param(
            "indicators: { a: { name: A, baseline: { value: 70, on: 1/5/2020, missing: 3 }, targets: { 30/9/2020: 80% } } }\n",
            ["70", "1/5/2020", "3", "30/9/2020"], id="a baseline, milestones",
        ),
        pytest.param("agencies: { a: { name: A 2020, since: 1/1/2020 } }\n", [], id="the directory stays"),
    ],
)  # fmt: skip
def test_what_is_asked_anew_of_the_document(text: str, asked: list[str]) -> None:
    assert [question.old for question in questions(text)] == asked


def test_an_answer_is_read_as_its_place_asks() -> None:
    check(Question(("date",), "18/5/2020", "day"), "18/5/2021")
    for kind, said in (("day", "31/2/2021"), ("due", "mai"), ("number", "nhiều")):
        with pytest.raises(Mistake):
            check(Question(("x",), "", kind), said)  # type: ignore[arg-type]


def test_a_blank_says_what_stood_there() -> None:
    assert BLANK.fullmatch(blank("‹25/5/2020›")) is not None
    assert blank("25/5/2020") == "‹năm trước 25/5/2020›"
