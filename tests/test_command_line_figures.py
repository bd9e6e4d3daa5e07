"""`figure`: the issuer's side puts a figure right from the command line; both values are kept."""

from __future__ import annotations

import pytest

from tests import command_line
from tests.command_line import NUMBER, SAMPLE, Terminal
from tests.sample import at

dondoc = command_line.dondoc

LATER = at("2026-03-20", "09:00")
SIGNED = ("--on", "9/3/2026", "--note", "rà soát thẻ trùng", "--name", "Người ký", "--role", "Phó Chủ tịch")


@pytest.fixture
def issued(dondoc: Terminal) -> Terminal:
    """The sample directive, issued on Monday 2/3/2026."""
    assert dondoc("apply", SAMPLE, "--yes").code == 0
    return dondoc


def test_a_figure_is_put_right_and_both_values_are_shown(issued: Terminal) -> None:
    for agency, value in (("thon-dong", "160/200"), ("thon-tay", "50/200"), ("thon-dong", "158/200")):
        ended = issued("figure", NUMBER, "bao-phu", agency, value, *SIGNED, at=LATER)
        assert ended.code == 0, ended.err
    [line] = issued.json("status", NUMBER, "--by", "indicator", at=LATER)["indicators"]
    assert [point["value"] for point in line["points"]] == [52.0]
    assert line["gap"] == 38.0
    report = " ".join(issued("report", NUMBER, at=LATER).out.split())
    assert "Thôn Đông (9/3): 80,0% → 79,0%, cơ quan ban hành đính chính, lý do: rà soát thẻ trùng" in report
    assert "Thiếu 38 điểm, cần" in report


@pytest.mark.parametrize(("agency", "indicator", "value", "said"), [
    ("thon-dong", "bao-phu", "79 phần trăm", "không hiểu số liệu"),
    ("thon-dong", "khac", "79", "không có chỉ tiêu"),
    ("truong-th", "bao-phu", "79", ""),
    ("thon-dong", "bao-phu", "300/200", "không thể lớn hơn"),
])
def test_what_is_no_figure_or_nobodys_is_refused_in_words(issued: Terminal, agency: str, indicator: str, value: str, said: str) -> None:
    ended = issued("figure", NUMBER, indicator, agency, value, *SIGNED, at=LATER)
    assert ended.code != 0
    assert said in ended.err
