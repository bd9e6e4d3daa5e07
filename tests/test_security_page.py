"""docs/security.md says which test shows which promise: every named test exists, and the table is what the suite says."""

from __future__ import annotations

import re

from scripts import security
from tests.reader import ROOT


def test_every_test_that_the_page_names_exists() -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    known = set(re.findall(r"def (test_\w+)", written))
    named = set(re.findall(r"`(test_\w+)`", security.PAGE.read_text(encoding="utf-8")))
    assert len(named) > 200
    assert named - known == set()


def test_every_line_stands_once_with_requirements_of_asvs() -> None:
    said = security.lines()
    assert [line.number for line in said] == [f"{_letter(number)}{number}" for number in range(1, 117)]
    for line in said:
        assert re.fullmatch(r"\d{1,2}\.\d\.\d{1,2}(, \d{1,2}\.\d\.\d{1,2})*", line.asvs)


def test_the_table_is_what_the_suite_says() -> None:
    text = security.PAGE.read_text(encoding="utf-8")
    assert text == security.page(text), "make security"


def _letter(number: int) -> str:
    return next(letter for letter, last in (("L", 29), ("M", 44), ("S", 69), ("D", 84), ("T", 99), ("W", 116)) if number <= last)
