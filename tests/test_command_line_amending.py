"""Amendments on the author's side: what a plan says of them is what the issue does, and what cannot be is said before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests import command_line
from tests.command_line import MORNING, Ended, Terminal
from tests.sample import at

dondoc = command_line.dondoc

OFFICE = """\
agencies:
  ubnd-quan: { name: UBND quận, short: UBND quận, mail: vanthu@quan.example }
  bhxh: { name: Bảo hiểm xã hội quận, short: BHXH quận, in: ubnd-quan, mail: bhxh@quan.example }
  ttvh: { name: Trung tâm Văn hóa quận, short: TTVH quận, in: ubnd-quan, mail: ttvh@quan.example }
  yte: { name: Phòng Y tế quận, short: Phòng Y tế, in: ubnd-quan, mail: yte@quan.example }
  le-binh: { name: UBND phường Lê Bình, short: Lê Bình, kind: phuong, in: ubnd-quan, mail: lebinh@quan.example }
  phu-thu: { name: UBND phường Phú Thứ, short: Phú Thứ, kind: phuong, in: ubnd-quan, mail: phuthu@quan.example }
groups:
  phuong: { kind: phuong }
"""
OLD = """\
agencies: quan
directive: 898/UBND
date: 2/3/2026
title: Vận động tham gia bảo hiểm y tế
issuer: ubnd-quan
to: [bhxh, ttvh, phuong]
duties:
  1: { lead: phuong, do: Rà soát người chưa tham gia, due: before 25/3/2026 }
  6.4: { lead: bhxh, do: Soạn bộ tài liệu tuyên truyền, due: before 25/3/2026 }
  7.2: { lead: ttvh, do: Tuyên truyền lưu động, due: 30/4/2026 }
"""
NEW = """\
agencies: quan
directive: 950/UBND
date: 9/3/2026
title: Sửa đổi công văn 898/UBND
issuer: ubnd-quan
amends: 898/UBND 2/3/2026
changes:
  1: { due: before 5/4/2026 }
  6.4: { due: before 5/4/2026 }
  6.5: { lead: yte, do: Rà soát cơ sở khám chữa bệnh, due: 15/4/2026 }
  7.2: { drop: Không còn phù hợp }
"""
OLD_FILE, NEW_FILE = "directives/898.yaml", "directives/950.yaml"
LATER = at("2026-03-09", "08:00")


@pytest.fixture
def quan(dondoc: Terminal) -> Terminal:
    """A district's project in which 898/UBND is issued and sent, and 950/UBND would change it."""
    dondoc.write("config/agencies/quan.yaml", OFFICE)
    dondoc.write(OLD_FILE, OLD)
    dondoc.write(NEW_FILE, NEW)
    return dondoc


@pytest.fixture
def issued(quan: Terminal) -> Terminal:
    """The same after the issue of 898/UBND; Lê Bình has done its work."""
    assert quan("apply", OLD_FILE, "--yes").code == 0
    with quan.office() as office, office.store.write() as db:
        db.execute(text(
            "UPDATE tasks SET state = 'done', closed_at = due_at - 86400, wake_at = NULL"
            " WHERE agency = (SELECT id FROM agencies WHERE code = 'le-binh')"
        ))
    quan.at = LATER
    return quan


def whole(ended: Ended) -> str:
    """What was shown, as one line."""
    assert ended.code == 0, ended.err
    return " ".join(ended.out.split())


def counts(dondoc: Terminal) -> dict[str, Any]:
    with dondoc.office() as office, office.store.read() as db:
        tables = ("directives", "tasks", "events", "notices", "changes", "agencies")
        return {name: db.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables}


def test_a_plan_says_what_changes_whose_work_and_who_is_told(issued: Terminal) -> None:
    said = whole(issued("plan", NEW_FILE))
    assert "Sửa đổi 898/UBND 2/3/2026" in said
    assert "~ 6.4 Soạn bộ tài liệu tuyên truyền thời hạn hoàn thành: before 25/3/2026 → before 5/4/2026" in said
    assert "1 việc đổi hạn: Bảo hiểm xã hội quận (24/03/2026 → 04/04/2026)" in said
    assert "1 việc đã xong, giữ nguyên: UBND phường Lê Bình" in said
    assert "− 7.2 Tuyên truyền lưu động lý do: Không còn phù hợp" in said
    assert "1 việc thôi thực hiện: Trung tâm Văn hóa quận" in said
    assert "+ 6.5 Rà soát cơ sở khám chữa bệnh chủ trì: Phòng Y tế" in said
    assert "mở 1 việc: Phòng Y tế quận (15/04/2026)" in said
    assert "Báo cho 4 đơn vị" in said


def test_the_page_of_a_plan_says_what_changes_and_counts_those_who_only_hear_of_it(issued: Terminal) -> None:
    issued("plan", NEW_FILE, "--html", "xem.html")
    page = (issued.home / "xem.html").read_text(encoding="utf-8")
    assert "<h1>Sửa đổi 898/UBND 2/3/2026: 4 thư khi ban hành, không thư nào về sau.</h1>" in page
    assert "<p>− 7.2 Tuyên truyền lưu động</p>" in page
    assert '<p class="inner">lý do: Không còn phù hợp</p>' in page
    assert "Ai làm gì, đến bao giờ" not in page
    assert len(issued.json("plan", NEW_FILE)["foresight"]["load"][0]["inboxes"]) == 4


def test_a_change_that_comes_too_late_for_everybody_is_pointed_out(issued: Terminal) -> None:
    with issued.office() as office, office.store.write() as db:
        db.execute(text("UPDATE tasks SET state = 'done', closed_at = due_at - 86400, wake_at = NULL"))
    assert "mọi việc của mục này đã xong" in whole(issued("plan", NEW_FILE))


def test_a_plan_of_an_amendment_writes_nothing(issued: Terminal) -> None:
    before = counts(issued)
    assert issued("plan", NEW_FILE).code == 0
    assert counts(issued) == before


def test_the_issue_does_what_the_plan_said(issued: Terminal) -> None:
    planned = issued.json("plan", NEW_FILE)["changes"][0]
    before = counts(issued)
    done = issued.json("apply", NEW_FILE, "--yes")
    after = counts(issued)
    opened = sum(fate["kind"] == "opened" for fate in planned["tasks"])
    assert after["tasks"] - before["tasks"] == opened == 1
    assert done["letters"] == len(planned["told"]) == 4
    with issued.office() as office, office.store.read() as db:
        rows = db.execute(text("SELECT a.code, k.state FROM tasks k JOIN agencies a ON a.id = k.agency ORDER BY a.code"))
        states = {row.code: row.state for row in rows}
    assert states == {"bhxh": "open", "le-binh": "done", "phu-thu": "open", "ttvh": "void", "yte": "open"}
    assert issued.json("apply", NEW_FILE, "--yes")["letters"] == 0
    assert counts(issued) == after


def test_what_is_already_done_to_a_paper_is_not_planned_again(issued: Terminal) -> None:
    issued("apply", NEW_FILE, "--yes")
    assert issued.json("plan", NEW_FILE)["changes"][0]["tasks"] == []
    assert "(đã ban hành)" in whole(issued("plan", NEW_FILE))


def test_the_question_counts_everyone_who_is_told(issued: Terminal) -> None:
    issued.write(".env", "DONDOC_APPROVE_OVER=3\n")
    assert "proposal" in issued.json("apply", NEW_FILE, "--yes")
    issued.write(".env", "DONDOC_APPROVE_OVER=4\n")
    assert issued.json("apply", NEW_FILE, "--yes")["issued"]


def test_a_sealed_plan_ends_with_the_work_that_it_would_have_changed(issued: Terminal) -> None:
    assert issued("plan", NEW_FILE, "--out", "ke-hoach.json").code == 0
    with issued.office() as office, office.store.write() as db:
        db.execute(text(
            "UPDATE tasks SET state = 'done', closed_at = due_at - 86400, wake_at = NULL"
            " WHERE agency = (SELECT id FROM agencies WHERE code = 'bhxh')"
        ))
    ended = issued("apply", "ke-hoach.json", "--yes")
    assert ended.code == 1
    assert "trong sổ, 898/UBND 2/3/2026 đã khác" in " ".join(ended.err.split())


def test_progress_that_is_reported_leaves_a_plan_whole(issued: Terminal) -> None:
    assert issued("plan", NEW_FILE, "--out", "ke-hoach.json").code == 0
    with issued.office() as office, office.store.write() as db:
        db.execute(text("UPDATE tasks SET state = 'progress' WHERE state = 'open'"))
    assert issued("apply", "ke-hoach.json", "--yes").code == 0


def test_without_a_ledger_the_files_are_compared(quan: Terminal) -> None:
    said = whole(quan("plan", NEW_FILE))
    assert "không có trong sổ" in said
    assert "~ 6.4" in said
    assert "việc đổi hạn" not in said


def test_an_amendment_of_a_paper_that_was_never_issued_is_refused(quan: Terminal) -> None:
    quan.write("directives/900.yaml", OLD.replace("898/UBND", "900/UBND"))
    quan("apply", "directives/900.yaml", "--yes")
    ended = quan("apply", NEW_FILE, "--yes", at=LATER)
    assert ended.code == 1
    assert "898/UBND" in ended.err
    assert quan("status", "950/UBND").code == 2


def test_a_clause_that_the_paper_lacks_is_said_before_anything_happens(issued: Terminal) -> None:
    (issued.home / OLD_FILE).unlink()  # so that only the ledger knows
    issued.change(NEW_FILE, "  6.4:", "  6.9:")
    before = counts(issued)
    for tokens in (("plan", NEW_FILE), ("apply", NEW_FILE, "--yes")):
        ended = issued(*tokens)
        assert ended.code == 1
        assert "không có mục '6.9'" in ended.err
    assert counts(issued) == before


def test_check_finds_the_amended_paper_among_the_files(quan: Terminal) -> None:
    quan.change(NEW_FILE, "  6.4:", "  6.9:")
    ended = quan("check")
    assert ended.code == 1
    assert "có các mục 1, 6.4, 7.2" in ended.out


def test_a_second_amendment_is_compared_with_what_is_in_force(issued: Terminal) -> None:
    issued("apply", NEW_FILE, "--yes")
    issued.write("directives/990.yaml", NEW.partition("changes:")[0].replace("950", "990").replace("9/3/2026", "16/3/2026") + (
        "changes:\n  6.4: { due: before 5/5/2026 }\n  6.5: { drop: Đã giao nơi khác }\n"
    ))
    said = whole(issued("plan", "directives/990.yaml", at=LATER + timedelta(days=7)))
    assert "before 5/4/2026 → before 5/5/2026" in said
    assert "− 6.5" in said


@pytest.mark.parametrize(("words", "said"), [
    pytest.param("replaces: 898/UBND 2/3/2026\n", "· 6.4 1 việc thôi thực hiện: Bảo hiểm xã hội quận", id="replaced whole"),
    pytest.param("urges: { directive: 898/UBND, date: 2/3/2026, clause: 6.4 }\n", "đôn đốc 1 việc: Bảo hiểm xã hội quận", id="urged"),
])
def test_papers_that_are_replaced_or_urged_are_planned_too(issued: Terminal, words: str, said: str) -> None:
    with issued.office() as office, office.store.write() as db:
        db.execute(text("UPDATE tasks SET state = 'open', closed_at = NULL"))
    issued.write("directives/951.yaml", NEW.partition("amends:")[0].replace("950", "951") + words)
    assert said in whole(issued("plan", "directives/951.yaml"))
    assert issued("apply", "directives/951.yaml", "--yes").code == 0


# Ending work without another paper

def test_a_clause_is_withdrawn_once_and_its_agency_told(issued: Terminal) -> None:
    told = issued("withdraw", "898/UBND", "7.2", "--note", "Không còn phù hợp", "--yes")
    assert told.code == 0
    assert "1 việc đang mở của 1 đơn vị" in " ".join(told.err.split())
    assert "Đã thu hồi mục 7.2 của 898/UBND, báo cho 1 đơn vị." in told.out
    before = counts(issued)
    again = issued("withdraw", "898/UBND", "7.2", "--note", "Không còn phù hợp", "--yes")
    assert again.code == 0
    assert "không còn gì để thu hồi" in again.out
    assert counts(issued) == before


def test_a_whole_paper_is_withdrawn_and_done_work_stays(issued: Terminal) -> None:
    done = issued.json("withdraw", "898/UBND", "--note", "Tỉnh đã ban hành kế hoạch chung", "--yes")
    assert (done["withdrawn"], done["clause"], done["told"]) == (True, None, 3)
    with issued.office() as office, office.store.read() as db:
        states = sorted(row.state for row in db.execute(text("SELECT state FROM tasks")))
    assert states == ["done", "void", "void", "void"]
    assert issued.json("withdraw", "898/UBND", "--note", "Thôi", "--yes")["told"] == 0


@pytest.mark.parametrize(("tokens", "code", "said"), [
    pytest.param(("898/UBND", "7.2"), 2, "note", id="no reason"),
    pytest.param(("898/UBND", "7.2", "--note", " "), 1, "lý do", id="an empty reason"),
    pytest.param(("898/UBND", "7.9", "--note", "Thôi"), 2, "không có mục 7.9", id="no such clause"),
    pytest.param(("899/UBND", "--note", "Thôi"), 2, "không có văn bản 899/UBND", id="no such paper"),
    pytest.param(("898/UBND", "--note", "Thôi"), 2, "--yes", id="nobody to agree"),
    pytest.param(("898/UBND", "--note", "Thôi", "--dry-run"), 0, "Chạy thử", id="only looking"),
])
def test_nothing_is_withdrawn_by_mistake(issued: Terminal, tokens: tuple[str, ...], code: int, said: str) -> None:
    before = counts(issued)
    ended = issued("withdraw", *tokens)
    assert ended.code == code
    assert said in ended.err
    assert counts(issued) == before


# After it

@pytest.mark.parametrize("tokens", [
    ("status",), ("status", "898/UBND"), ("status", "898/UBND", "--by", "agency"), ("status", "898/UBND", "--by", "task"),
    ("status", "950/UBND"), ("show", "898/UBND"), ("show", "898/UBND", "6.5"), ("show", "950/UBND"), ("report", "898/UBND"),
    ("report", "950/UBND"), ("db", "check"),
], ids=" ".join)
def test_an_amended_paper_can_be_looked_at(issued: Terminal, tokens: tuple[str, ...]) -> None:
    assert issued("apply", NEW_FILE, "--yes").code == 0
    ended = issued(*tokens, at=LATER + timedelta(hours=1))
    assert ended.code == 0, ended.err


def test_the_sample_is_planned_without_opening_a_ledger(dondoc: Terminal) -> None:
    assert "changes" not in dondoc.json("plan", command_line.SAMPLE)
    assert not (dondoc.home / ".dondoc").exists()
    assert MORNING < LATER


@pytest.mark.parametrize("verb", [("plan",), ("apply", "--yes")])
def test_papers_that_carry_out_each_other_are_refused_where_the_ledger_has_the_other(quan: Terminal, verb: tuple[str, ...]) -> None:
    quan.write("directives/12.yaml", "agencies: quan\ndirective: 12/KH\ndate: 3/3/2026\ntitle: Kế hoạch\nissuer: bhxh\n"
        "duties:\n  1: { lead: phuong, do: Rà soát, due: 20/3/2026, under: { directive: 898/UBND, clause: 6.4 } }\n")
    assert quan("apply", "directives/12.yaml", "--yes").code == 0
    quan.write("elsewhere/898.yaml", OLD.replace("title:", "under: 12/KH\ntitle:"))
    ended = quan(verb[0], "elsewhere/898.yaml", *verb[1:])
    assert ended.code == 1
    assert "hai văn bản không thể cùng thực hiện lẫn nhau" in ended.err
