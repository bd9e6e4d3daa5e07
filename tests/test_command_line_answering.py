"""`answer`: what an agency says by telephone or on paper is judged like what it types, and its receipt says how it came."""

from __future__ import annotations

import pytest

from tests import command_line
from tests.command_line import NUMBER, SAMPLE, Terminal
from tests.sample import at

dondoc = command_line.dondoc

LATER = at("2026-03-09", "09:00")
PHONE = ("--by", "Văn thư xã", "--via", "phone", "--ref", "8:40 9/3/2026")


@pytest.fixture
def issued(dondoc: Terminal) -> Terminal:
    """The sample directive, issued on Monday 2/3/2026."""
    assert dondoc("apply", SAMPLE, "--yes").code == 0
    return dondoc


def test_an_answer_by_telephone_is_kept_with_how_it_came_and_its_receipt_goes_to_the_agency(issued: Terminal) -> None:
    ended = issued("answer", NUMBER, "2", "thon-dong", "--figure", "170/200", *PHONE, at=LATER)
    assert ended.code == 0, ended.err
    shown = issued.json("show", NUMBER, "2", at=LATER)
    [told] = [event for event in shown["events"] if event["kind"] == "figure"]
    assert (told["payload"]["source"], told["role"], told["name"]) == ("điện thoại 8:40 9/3/2026", "Văn thư xã", "")
    [work] = [each for each in shown["tasks"] if each["agency"]["id"] == "thon-dong"]
    assert (work["state"], work["last_source"]) == ("progress", "điện thoại 8:40 9/3/2026")
    [letter] = [each for each in issued.json("mail", "list", at=LATER)["letters"] if each["lane"] == "receipt"]
    assert letter["recipient"] == work["agency"]["name"]


@pytest.mark.parametrize(("words", "said"), [
    (("--figure", "300/200", *PHONE), "không thể lớn hơn"),
    (("--done", *PHONE), "hoàn thành theo số liệu"),
    (("--received", "--done", *PHONE), "đúng một câu trả lời"),
    (PHONE, "đúng một câu trả lời"),
    (("--received", "--by", "Văn thư xã", "--via", "paper"), "số và ngày của văn bản"),
])
def test_what_the_page_would_refuse_is_refused_here(issued: Terminal, words: tuple[str, ...], said: str) -> None:
    ended = issued("answer", NUMBER, "2", "thon-dong", *words, at=LATER)
    assert ended.code != 0
    assert said in ended.err
