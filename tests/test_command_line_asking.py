"""`ask`, and how `plan` and `show` speak of what has no date yet: on request, when it happens, once a clause is done."""

from __future__ import annotations

import pytest

from dondoc.speech import english
from tests import command_line
from tests.command_line import Terminal
from tests.sample import at

dondoc = command_line.dondoc

NUMBER = "02/UBND-VX"
JUNE = at("2026-06-10", "09:00")
SIGNED = ("--name", "Người ký", "--role", "Phó Chủ tịch")
PAPER = """
directive: 02/UBND-VX
date: 2/3/2026
title: Phòng, chống thiên tai
issuer: ubnd-xa
to: [thon-dong, thon-tay]

duties:
  1: { lead: [thon-dong, thon-tay], do: Báo cáo thiệt hại khi UBND xã yêu cầu., short: Báo cáo thiệt hại, every: đột xuất }
  2: { lead: thon-dong, do: Báo ngay khi đê rò rỉ., short: Báo đê rò rỉ, every: khi phát sinh }
  3: { lead: thon-tay, do: Rà soát hộ phải di dời., short: Rà soát hộ }
  4: { lead: thon-tay, do: Lập phương án di dời., short: Phương án di dời, due: 3 ngày sau khi xong mục 3 }
  5: { lead: thon-dong, do: Báo số hộ., short: Báo số hộ, every: "ngày 25 hằng tháng, chốt số liệu ngày 20", until: 30/6/2026 }
"""


@pytest.fixture
def issued(dondoc: Terminal) -> Terminal:
    """The paper, issued on Monday 2/3/2026."""
    dondoc.write("directives/thien-tai.yaml", PAPER)
    assert dondoc("apply", "directives/thien-tai.yaml", "--yes").code == 0
    return dondoc


def test_what_is_asked_is_opened_once_and_said_so(issued: Terminal) -> None:
    asking = ("ask", NUMBER, "1", "--due", "5 ngày làm việc", "--note", "sau bão số 1", *SIGNED)
    ended = issued(*asking, at=JUNE)
    assert (ended.code, ended.out) == (0, "Đã yêu cầu 02/UBND-VX mục 1: 2 việc, 2 thư.\n")
    assert issued(*asking, at=JUNE).out == "02/UBND-VX mục 1: hôm nay đã yêu cầu rồi, không có gì mới.\n"
    tasks = issued.json("show", NUMBER, "1", at=JUNE)["tasks"]
    assert [(task["agency"]["id"], task["term"], task["due_at"][:10]) for task in tasks] == [
        ("thon-tay", "2026-06-10", "2026-06-17"), ("thon-dong", "2026-06-10", "2026-06-17")]
    assert "yêu cầu báo cáo: 2026-06-17 · sau bão số 1" in " ".join(issued("show", NUMBER, "1", at=JUNE).out.split())


def test_some_agencies_may_be_asked(issued: Terminal) -> None:
    assert issued("ask", NUMBER, "1", "--agency", "thon-tay", *SIGNED, at=JUNE).out.endswith("1 việc, 1 thư.\n")
    [task] = issued.json("show", NUMBER, "1", at=JUNE)["tasks"]
    assert (task["agency"]["id"], task["due_at"]) == ("thon-tay", None)


@pytest.mark.parametrize(("tokens", "code", "said"), [
    pytest.param(("3",), 1, "Mục 3 không phải báo cáo theo yêu cầu", id="a standing duty"),
    pytest.param(("9",), 2, "không có mục 9", id="no such clause"),
    pytest.param(("1", "--agency", "thon-dog"), 2, "có phải thon-dong — Thôn Đông?", id="no such agency"),
    pytest.param(("1", "--due", "sớm"), 2, "không hiểu hạn “sớm”", id="no such date"),
    pytest.param(("1", "--due", "1/6/2026"), 1, "Hạn 1/6/2026 đã qua.", id="a day that has passed"),
])
def test_what_cannot_be_asked_is_said(issued: Terminal, tokens: tuple[str, ...], code: int, said: str) -> None:
    ended = issued("ask", NUMBER, *tokens, *SIGNED, at=JUNE)
    assert (ended.code, said in ended.err) == (code, True)


def test_what_has_no_date_says_why_everywhere(issued: Terminal) -> None:
    planned = " ".join(issued("plan", "directives/thien-tai.yaml").out.split())
    for words in ("khi có yêu cầu", "khi phát sinh", "chờ xong mục 3"):
        assert words in planned
    assert "số liệu chốt đến ngày 20 mỗi kỳ" in planned
    assert "khi phát sinh" in issued("show", NUMBER, "2").out
    assert "chờ xong mục 3" in issued("show", NUMBER, "4").out
    why = " ".join(issued("show", NUMBER, "4", "--why").out.split())
    assert "Hạn tính từ ngày xong mục 3: “3 ngày sau khi xong mục 3”." in why


def test_the_command_speaks_english_too(issued: Terminal) -> None:
    assert issued("--lang", "en", "ask", NUMBER, "1", *SIGNED, at=JUNE).out == "02/UBND-VX clause 1 is asked for: 2 tasks, 2 letters.\n"
    assert english()["chờ xong mục {clause}"] == ("once clause {clause} is done",)
