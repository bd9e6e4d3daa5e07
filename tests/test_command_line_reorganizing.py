"""Bodies reorganised on the command line: what is shown is what is done, the day is waited for, old files are told how to change."""

from __future__ import annotations

import pytest

from tests import command_line
from tests.command_line import Terminal
from tests.sample import at

dondoc = command_line.dondoc

OFFICE = """\
agencies:
  ubnd-quan: { name: UBND quận, short: UBND quận, mail: vanthu@quan.example }
  bhxh: { name: Bảo hiểm xã hội quận, short: BHXH quận, in: ubnd-quan, mail: bhxh@quan.example }
  le-binh: { name: UBND phường Lê Bình, short: Lê Bình, kind: phuong, in: ubnd-quan, mail: lebinh@quan.example }
  phu-thu: { name: UBND phường Phú Thứ, short: Phú Thứ, kind: phuong, in: ubnd-quan, mail: phuthu@quan.example }
  cai-rang: { name: UBND phường Cái Răng, short: Cái Răng, kind: phuong, in: ubnd-quan, mail: cairang@quan.example, since: 10/3/2026 }
groups:
  phuong: { kind: phuong }
"""
PAPER = """\
agencies: quan
directive: 898/UBND
date: 2/3/2026
title: Vận động tham gia bảo hiểm y tế
issuer: ubnd-quan
to: [bhxh, phuong]
duties:
  1: { lead: phuong, do: Rà soát người chưa tham gia, due: before 25/3/2026 }
  6.4: { lead: bhxh, with: phuong, do: Soạn bộ tài liệu tuyên truyền, due: before 25/3/2026 }
"""
MERGE = ("agencies", "merge", "le-binh", "phu-thu", "--into", "cai-rang", "--on", "10/3/2026")


@pytest.fixture
def quan(dondoc: Terminal) -> Terminal:
    """A district's project in which 898/UBND is issued."""
    dondoc.write("config/agencies/quan.yaml", OFFICE)
    dondoc.write("directives/898.yaml", PAPER)
    assert dondoc("apply", "directives/898.yaml", "--yes").code == 0
    return dondoc


def counted(dondoc: Terminal) -> dict[str, int]:
    """Open tasks by agency, as the ledger has them."""
    with dondoc.office() as office, office.store.read() as db:
        rows = db.exec_driver_sql(
            "SELECT a.code, count(*) FROM tasks k JOIN agencies a ON a.id = k.agency WHERE k.closed_at IS NULL GROUP BY a.code"
        )
        return {str(code): int(n) for code, n in rows}


def test_a_dry_run_shows_both_sides_and_writes_nothing(quan: Terminal) -> None:
    before = counted(quan)
    ended = quan(*MERGE, "--dry-run")
    assert ended.code == 0, ended.err
    assert "2 việc sang đơn vị nhận" in ended.out
    assert "le-binh: { until: 09/03/2026, successor: cai-rang }" in ended.err
    seen = quan.json(*MERGE, "--dry-run")
    assert sum(seen["before"].values()) == sum(seen["after"].values()) == 2
    assert (seen["moved"], seen["doubles"], seen["part"], seen["letters"]) == (2, 1, 2, 1)
    assert counted(quan) == before


def test_a_day_to_come_is_waited_for_by_poll(quan: Terminal) -> None:
    assert quan(*MERGE).code == 0
    assert counted(quan) == {"bhxh": 1, "le-binh": 1, "phu-thu": 1}
    with quan.office() as office:
        office.poll(at("2026-03-10", "00:05"))
    assert counted(quan) == {"bhxh": 1, "cai-rang": 2}
    assert quan("agencies", "orphans", at=at("2026-03-10")).code == 0
    assert quan.json("agencies", "orphans", at=at("2026-03-10"))["orphans"] == []


def test_a_day_that_has_come_is_carried_out_at_once_and_twice_is_once(quan: Terminal) -> None:
    quan.at = at("2026-03-10", "08:00")
    assert quan(*MERGE).code == 0
    assert counted(quan) == {"bhxh": 1, "cai-rang": 2}
    again = quan(*MERGE)
    assert again.code != 0
    assert "đã kết thúc" in again.err


def test_a_body_ends_without_an_heir_only_where_nothing_is_open(quan: Terminal) -> None:
    ended = quan("agencies", "dissolve", "bhxh", "--on", "2/3/2026")
    assert ended.code == 2
    assert "--into" in ended.err
    assert quan("agencies", "dissolve", "bhxh", "--into", "ubnd-quan", "--on", "2/3/2026").code == 0
    assert counted(quan)["ubnd-quan"] == 1


def test_a_divided_body_gives_a_clause_to_another(quan: Terminal) -> None:
    heirs = ("--into", "bhxh", "--into", "ubnd-quan", "--give", "ubnd-quan=898/UBND 6.4")
    ended = quan("agencies", "split", "bhxh", *heirs, "--on", "2/3/2026")
    assert ended.code == 0, ended.err
    assert counted(quan) == {"le-binh": 1, "phu-thu": 1, "ubnd-quan": 1}


def test_another_name_and_another_place_say_what_to_change(quan: Terminal) -> None:
    renamed = quan("agencies", "rename", "bhxh", "--name", "Bảo hiểm xã hội khu vực", "--on", "2/3/2026")
    assert renamed.code == 0, renamed.err
    assert "bhxh: { name: Bảo hiểm xã hội khu vực }" in renamed.err
    moved = quan("agencies", "move", "le-binh", "--under", "bhxh", "--on", "2/3/2026")
    assert moved.code == 0, moved.err
    assert "le-binh: { in: [bhxh] }" in moved.err


def test_a_body_that_nobody_knows_is_refused_with_what_was_perhaps_meant(quan: Terminal) -> None:
    ended = quan("agencies", "merge", "le-binh", "phu-tho", "--into", "cai-rang", "--on", "10/3/2026")
    assert ended.code == 2
    assert "phu-thu" in ended.err
