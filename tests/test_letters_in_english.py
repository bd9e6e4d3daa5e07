"""The English of letters: every sentence has one, with the same facts, and none is left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from string import Formatter

import pytest

from notifications.samples import samples
from notifications.tongues import CATALOGUE, catalogue
from tests.notices import composer

HERE = CATALOGUE.parent.parent
VIETNAMESE = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)
MODULES = ("contents", "receipts", "alterations", "wording", "measures", "guarding", "trial", "waiting")
#: Parts of what the ledger says, which is read and not printed.
READ = {"từ ngày ", " ngày ", "ngày ", "đến ngày ", "mốc ", "UBND xã Mẫu", "UBND quận"}
#: Words of the ledger that are looked up as they come.
GIVEN = {"khẩn", "thượng khẩn", "hỏa tốc", "mục", "việc", "không có kỳ nào đến hạn"}


def said() -> Iterator[str]:
    """Every sentence of letters, in templates and in code."""
    for path in CATALOGUE.parent.rglob("*"):
        if path.suffix in (".j2", ".mjml"):
            yield from re.findall(r'\b_\("([^"]+)"', path.read_text("utf-8"))
    for name in MODULES:
        tree = ast.parse((HERE / f"{name}.py").read_text("utf-8"))
        found = list(ast.walk(tree))
        parts = {id(part) for node in found if isinstance(node, ast.JoinedStr) for part in node.values}
        lone = {id(node.value) for node in found if isinstance(node, ast.Expr)}  # docstrings
        constants = (node for node in found if isinstance(node, ast.Constant) and id(node) not in parts | lone)
        yield from (node.value for node in constants if isinstance(node.value, str) and VIETNAMESE.search(node.value))


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_sentence_has_its_english_and_none_is_left_over() -> None:
    wanted = {sentence for sentence in said() if sentence not in READ and not sentence.startswith(("_(", "^", "("))} | GIVEN
    assert sorted(wanted - catalogue().keys()) == []
    assert sorted(catalogue().keys() - wanted - {each for each in catalogue() if not VIETNAMESE.search(each)}) == []


def test_the_english_tells_the_same_facts() -> None:
    for vietnamese, english in catalogue().items():
        assert all(fields(each) == fields(vietnamese) for each in english), vietnamese
        assert len(english) == 1 or "n" in fields(vietnamese), vietnamese


@pytest.mark.parametrize("name", samples())
def test_an_english_letter_says_in_vietnamese_only_what_papers_and_people_said(name: str) -> None:
    vietnamese, english = (composer(lang=lang).preview(samples()[name][1]) for lang in ("vi", "en"))
    sentences = {sentence.split("{")[0].strip() for sentence in catalogue() if len(sentence.split("{")[0].split()) > 2}
    assert not [sentence for sentence in sentences if sentence in english.text or sentence in english.html]
    assert english.html.startswith('<!doctype html><html lang="en"')
    assert vietnamese.html.startswith('<!doctype html><html lang="vi"')


