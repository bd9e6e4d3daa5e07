"""A holiday that is decided late: what it moves is shown first, then carried out, and each date can be asked why."""

from __future__ import annotations

import pytest

from tests import command_line
from tests.command_line import MORNING, Terminal
from tests.sample import at
from tests.test_command_line_amending import OFFICE

dondoc = command_line.dondoc

PAPER = """\
agencies: quan
directive: 11/UBND
date: 2/3/2026
title: Rà soát
issuer: ubnd-quan
to: [bhxh, phuong]
duties:
  1: { lead: phuong, do: Rà soát người chưa tham gia, due: 10 ngày làm việc }
  2: { lead: bhxh, do: Soạn tài liệu, due: 20/4/2026 }
"""
CHANGED = "off:\n  10/3/2026: Nghỉ theo quyết định 5/QĐ\n"


@pytest.fixture
def edited(dondoc: Terminal) -> Terminal:
    """A paper that was issued before its calendar changed."""
    (dondoc.home / "config" / "agencies" / "quan.yaml").write_text(OFFICE, encoding="utf-8")
    (dondoc.home / "config" / "calendar.yaml").write_text("", encoding="utf-8")
    (dondoc.home / "directives" / "rs.yaml").write_text(PAPER, encoding="utf-8")
    assert dondoc("apply", "directives/rs.yaml", "--yes", at=MORNING).code == 0
    assert dondoc("calendar", "check").code == 0
    (dondoc.home / "config" / "calendar.yaml").write_text(CHANGED, encoding="utf-8")
    dondoc.at = at("2026-03-05", "08:00")
    return dondoc


def test_check_says_which_days_are_others_and_what_they_move(edited: Terminal) -> None:
    ended = edited("calendar", "check")
    assert ended.code == 1
    assert "T3 10/03/2026: làm việc → nghỉ (Nghỉ theo quyết định 5/QĐ)" in ended.out
    assert "16/03/2026" in ended.out
    assert "17/03/2026" in ended.out
    assert "UBND phường Lê Bình" in ended.out
    rows = edited("calendar", "check", "--json").json["dates"]
    assert {(row["agency"], row["clause"], row["was"], row["due"]) for row in rows} == {
        ("UBND phường Lê Bình", "1", "2026-03-16", "2026-03-17"), ("UBND phường Phú Thứ", "1", "2026-03-16", "2026-03-17")}


def test_a_dry_run_writes_nothing_and_apply_twice_is_once(edited: Terminal) -> None:
    assert edited("calendar", "apply", "--dry-run").code == 0
    assert edited("calendar", "check").code == 1
    assert len(edited.json("calendar", "apply")["dates"]) == 2
    assert edited("calendar", "check").code == 0
    assert edited.json("calendar", "apply")["dates"] == []
    tasks = edited.json("show", "11/UBND", "1")
    assert {task["due_at"][:10] for task in tasks["tasks"]} == {"2026-03-17"}
    assert "calendar" in {event["kind"] for event in tasks["events"]}


def test_each_date_can_be_asked_why_and_with_which_version(edited: Terminal) -> None:
    before = edited("show", "11/UBND", "1", "--why").out
    assert "16/03/2026" in before
    assert "10/03/2026" not in before
    assert "Lịch nay là phiên bản" in before
    edited("calendar", "apply")
    after = edited("show", "11/UBND", "1", "--why").out
    assert "17/03/2026" in after
    assert "Không tính T3 10/03/2026: Nghỉ theo quyết định 5/QĐ." in after
    assert "phiên bản" in after
    assert "Lịch nay" not in after
