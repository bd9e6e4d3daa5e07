"""`status`, `show`, `report`, `decide`, `link`: an issued paper followed up, answered and read back."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import pytest

from config.settings import load
from notifications import links
from tasks.ledger import acts, desk
from tasks.values import Act, Said
from tests import command_line
from tests.command_line import NUMBER, SAMPLE, Terminal
from tests.sample import at
from tests.seeds import ROOT

dondoc = command_line.dondoc

TUESDAY = at("2026-03-10", "09:00")
LATER = at("2026-04-01", "09:00")
SIGNED = ("--name", "Người ký", "--role", "Phó Chủ tịch")
Kind = Literal["received", "progress", "figure", "done", "extend"]


@pytest.fixture
def issued(dondoc: Terminal) -> Terminal:
    """The sample directive, issued on Monday 2/3/2026."""
    dondoc.change(SAMPLE, "    product: Danh", "    confirm: yes\n    product: Danh")
    assert dondoc("apply", SAMPLE, "--yes").code == 0
    return dondoc


def says(dondoc: Terminal, agency: str, clause: str, kind: Kind, when: datetime = TUESDAY, **words: Any) -> None:
    """An agency says something of its task, as its page would."""
    tasks = dondoc.json("status", NUMBER, "--by", "task")["tasks"]
    [task] = [each for each in tasks if (each["agency"]["id"], each["clause"]) == (agency, clause)]
    said = Act(kind=kind, task=task["id"], said=Said(name="Cán bộ", role="Trưởng thôn"), key=f"{agency} {kind} {when}", by=agency, **words)
    with dondoc.office() as office:
        assert acts.act(office.store, said, office.calendar, when).refusal == ""


# status

def test_the_state_of_all_papers_is_worst_first(issued: Terminal) -> None:
    sample = (issued.home / SAMPLE).read_text(encoding="utf-8")
    issued.write("directives/hai.yaml", sample.replace("01/UBND-VX", "02/UBND-VX").replace("10 working days", "1 working day"))
    issued("apply", "directives/hai.yaml", "--yes")
    found = issued.json("status", at=TUESDAY)["directives"]
    assert [(each["number"], each["cells"]["overdue"]) for each in found] == [("02/UBND-VX", 2), (NUMBER, 0)]
    assert [each["number"] for each in issued.json("status", "--late", at=TUESDAY)["directives"]] == ["02/UBND-VX"]
    shown = issued("status", at=TUESDAY)
    assert shown.out.index("02/UBND-VX") < shown.out.index(NUMBER)
    assert shown.err == "Xem một văn bản: dondoc status 02/UBND-VX\n"


def test_the_counts_are_the_same_by_duty_by_agency_and_in_all(issued: Terminal) -> None:
    says(issued, "thon-dong", "1", "done")
    by_duty = issued.json("status", NUMBER, at=LATER)
    by_agency = issued.json("status", NUMBER, "--by", "agency", at=LATER)
    for name, whole in by_duty["cells"].items():
        assert sum(each["cells"][name] for each in by_duty["duties"]) == whole
        assert sum(each["cells"][name] for each in by_agency["agencies"]) == whole
    assert by_duty["cells"]["overdue"] == 2


def test_a_table_shows_what_is_late_and_leaves_out_the_rest(issued: Terminal) -> None:
    lines = [" ".join(line.split()) for line in issued("status", NUMBER, "--late", at=LATER).out.splitlines()]
    assert "1 Danh sách người chưa tham gia BHYT 2 · · · · · ·" in lines
    assert not any("Tuyên truyền" in line for line in lines)
    assert "Tất cả 2 · 2 · · 1 1" in lines


@pytest.mark.parametrize(("flags", "count"), [
    pytest.param((), 5, id="all"),
    pytest.param(("--late",), 2, id="overdue"),
    pytest.param(("--as-of", "15/3/2026"), 5, id="all on a day in the past"),
    pytest.param(("--late", "--as-of", "15/3/2026"), 0, id="overdue on a day in the past"),
])
def test_tasks_are_listed_oldest_date_first(issued: Terminal, flags: tuple[str, ...], count: int) -> None:
    found = issued.json("status", NUMBER, "--by", "task", *flags, at=LATER)
    assert (found["count"], len(found["tasks"])) == (count, count)
    dates = [task["due_at"] or "9" for task in found["tasks"]]
    assert dates == sorted(dates)


def test_a_task_shows_how_late_it_is_and_what_was_said_last(issued: Terminal) -> None:
    says(issued, "thon-tay", "1", "progress", note="đang đi từng nhà")
    shown = issued("status", NUMBER, "--by", "task", at=LATER).out
    assert re.search(r"1 +Thôn Tây .* 16/03/2026 +quá hạn 15 ngày +đang đi từng nhà", shown)


def test_the_words_of_strangers_give_the_terminal_no_commands(issued: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    says(issued, "thon-tay", "1", "progress", note="đang \x1b]0;lừa\x07đi\x1b[2J\x9b1m \u202etừng nhà")
    monkeypatch.setenv("FORCE_COLOR", "1")
    for tokens in (("status", NUMBER, "--by", "task"), ("show", NUMBER, "1"), ("report", NUMBER)):
        shown = issued(*tokens, at=LATER).out
        assert re.search(r"\x1b(?!\[[0-9;]*m)", shown) is None
        assert not set(shown) & set("\x07\x9b\u202e")
    assert "đi" in shown


def test_indicators_show_the_latest_figure_and_who_has_none(issued: Terminal) -> None:
    says(issued, "thon-dong", "2", "figure", numerator=180, denominator=200, on=date(2026, 3, 9))
    [line] = issued.json("status", NUMBER, "--by", "indicator", at=TUESDAY)["indicators"]
    assert line["missing"] == ["Thôn Tây"]
    assert [point["value"] for point in line["points"]] == [90.0]
    assert "90,0%" in issued("status", NUMBER, "--by", "indicator", at=TUESDAY).out


@pytest.mark.parametrize("command", ["status", "show", "report"])
def test_a_number_that_is_not_known_is_answered_with_a_near_one(issued: Terminal, command: str) -> None:
    ended = issued(command, "01/UBND-VZ")
    assert ended.code == 2
    assert f"có phải {NUMBER}?" in ended.err


def test_where_numbers_recur_the_date_decides(issued: Terminal) -> None:
    issued.change(SAMPLE, "date: 2/3/2026", "date: 3/3/2026")
    assert issued("apply", SAMPLE, "--yes").code == 0
    ended = issued("status", NUMBER)
    assert ended.code == 2
    assert f"“{NUMBER} 3/3/2026”, “{NUMBER} 2/3/2026”" in ended.err
    assert issued.json("status", f"{NUMBER} 2/3/2026")["directive"]["date"] == "2026-03-02"


# show

def test_a_duty_is_shown_with_its_tasks_letters_and_history(issued: Terminal) -> None:
    says(issued, "thon-dong", "1", "done", note="xong", document="12/BC ngày 10/3/2026")
    shown = issued("show", NUMBER, "1", at=TUESDAY).out
    assert shown.startswith("01/UBND-VX 1  Danh sách người chưa tham gia BHYT\n")
    assert re.search(r"Thôn Đông +16/03/2026 +chờ xác nhận +xong", shown)
    assert re.search(r"08:10 T2 02/03/2026 +Thôn Tây +giao việc +chờ gửi", shown)
    assert re.search(r"08:00 T2 02/03/2026 +ban hành", shown)
    assert re.search(r"09:00 T3 10/03/2026 +Thôn Đông +báo đã xong: 12/BC ngày 10/3/2026 · xong +Cán bộ, Trưởng thôn", shown)


def test_a_duty_for_programs_holds_tasks_letters_and_events(issued: Terminal) -> None:
    found = issued.json("show", NUMBER, "1")
    assert (found["clause"], len(found["tasks"]), len(found["letters"])) == ("1", 2, 2)
    assert [event["kind"] for event in found["events"]] == ["issued", "opened"]


def test_a_paper_is_shown_with_all_its_duties(issued: Terminal) -> None:
    shown = issued("show", NUMBER).out
    assert "Ban hành lúc 08:00 T2 02/03/2026" in shown
    assert [duty["clause"] for duty in issued.json("show", NUMBER)["duties"]] == ["1", "2", "3", "4"]


def test_a_clause_that_the_paper_lacks_is_answered_with_those_it_has(issued: Terminal) -> None:
    ended = issued("show", NUMBER, "7")
    assert (ended.code, "có: 1, 2, 3, 4" in ended.err) == (2, True)


def test_why_a_relative_date_names_every_day_that_was_not_counted(issued: Terminal) -> None:
    lines = issued("show", NUMBER, "1", "--why").out.splitlines()
    assert "Hạn T2 16/03/2026: văn bản ghi “trong 10 ngày làm việc kể từ ngày 2/3/2026”." in lines
    assert [line for line in lines if line.startswith("  Không tính")] == [
        "  Không tính T7 07/03/2026: Thứ bảy.", "  Không tính CN 08/03/2026: Chủ nhật.",
        "  Không tính T7 14/03/2026: Thứ bảy.", "  Không tính CN 15/03/2026: Chủ nhật.",
    ]
    assert "  T3 17/03/2026  quá hạn 1 ngày → lead" in lines
    assert any(line.startswith("  T4 11/03/2026  còn 3 ngày làm việc → lead · không tính T7 14/03/2026 (Thứ bảy)") for line in lines)


def test_why_a_date_before_a_day_off_is_not_moved(dondoc: Terminal) -> None:
    file = str(ROOT / "directives" / "2020-cai-rang-898-ubnd.yaml")
    for folder in ("config/agencies/cai-rang.yaml", "directives/2020-cai-rang-898-ubnd.yaml"):
        dondoc.write(folder, (ROOT / folder).read_text(encoding="utf-8"))
    assert dondoc("apply", file, "--yes", at=at("2020-05-18")).code == 0
    said = " ".join(dondoc("show", "898/UBND", "6.4", "--why").out.split())
    assert "Hạn CN 24/05/2020: văn bản ghi “trước ngày 25/5/2020”." in said
    assert "Ngày T2 25/05/2020 không tính" in said
    assert "CN 24/05/2020 là ngày nghỉ (Chủ nhật)" in said
    assert "ngày làm việc cuối: T6 22/05/2020" in said
    assert "T6 22/05/2020 còn 1 ngày → lead, with · không tính T7 23/05/2020 (Thứ bảy)" in said


def test_a_clause_without_a_date_says_that_it_has_none(issued: Terminal) -> None:
    assert "không có thời hạn" in issued("show", NUMBER, "4", "--why").out


# report

def test_the_report_is_a_page_a_text_or_the_standing_itself(issued: Terminal, tmp_path: Path) -> None:
    assert "Kính gửi Chủ tịch" in issued("report", NUMBER, "--reader", "Chủ tịch").out
    page = tmp_path / "page.html"
    assert issued("report", NUMBER, "--to", "html", "-o", str(page)).out == ""
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert json.loads(issued("report", NUMBER, "--to", "json").out)["paper"]["number"] == NUMBER


def test_a_report_of_a_past_day_does_not_know_what_came_later(issued: Terminal) -> None:
    def cells(*flags: str) -> dict[str, int]:
        standing = json.loads(issued("report", NUMBER, "--to", "json", *flags, at=LATER).out)
        return {name: count for name, count in standing["cells"].items() if count}

    before = cells("--as-of", "9/3/2026")
    says(issued, "thon-dong", "1", "done", document="12/BC")
    issued("decide", NUMBER, "1", "thon-dong", "--confirm", *SIGNED, at=TUESDAY)
    assert cells()["on_time"] == 1
    assert cells("--as-of", "9/3/2026") == before


# decide

def test_more_time_is_granted_by_the_issuer(issued: Terminal) -> None:
    says(issued, "thon-dong", "1", "extend", until=date(2026, 3, 20), note="nhà xa")
    ended = issued("decide", NUMBER, "1", "thon-dong", "--grant", "20/3/2026", *SIGNED, at=TUESDAY)
    assert ended.code == 0
    assert "Thôn Đông, đồng ý gia hạn 20/03/2026." in ended.out
    dates = {task["agency"]["id"]: task["due_at"][:10] for task in issued.json("show", NUMBER, "1")["tasks"]}
    assert dates == {"thon-dong": "2026-03-20", "thon-tay": "2026-03-16"}
    [letter] = [each for each in issued.json("mail", "list")["letters"] if each["lane"] == "decision"]
    assert letter["recipient"] == "Thôn Đông"


def test_more_time_is_refused_with_a_reason(issued: Terminal) -> None:
    says(issued, "thon-dong", "1", "extend", until=date(2026, 3, 20), note="nhà xa")
    assert issued("decide", NUMBER, "1", "thon-dong", "--refuse", "", *SIGNED, at=TUESDAY).code == 1
    assert issued("decide", NUMBER, "1", "thon-dong", "--refuse", "đã đủ ngày", *SIGNED, at=TUESDAY).code == 0
    ended = issued("decide", NUMBER, "1", "thon-dong", "--refuse", "đã đủ ngày", *SIGNED, at=TUESDAY)
    assert (ended.code, "không có đề nghị nào đang chờ quyết định" in ended.err) == (1, True)


@pytest.mark.parametrize(("flags", "state"), [
    pytest.param(("--confirm",), "done", id="confirmed"),
    pytest.param(("--reject", "thiếu chữ ký"), "progress", id="to be done again"),
])
def test_a_claim_is_confirmed_or_given_back(issued: Terminal, flags: tuple[str, ...], state: str) -> None:
    says(issued, "thon-tay", "1", "done", document="12/BC")
    assert issued("decide", NUMBER, "1", "thon-tay", *flags, *SIGNED, at=TUESDAY).code == 0
    states = {task["agency"]["id"]: task["state"] for task in issued.json("show", NUMBER, "1")["tasks"]}
    assert states == {"thon-dong": "open", "thon-tay": state}


@pytest.mark.parametrize(("flags", "code", "said"), [
    pytest.param(("--confirm",), 1, "không có việc nào chờ xác nhận", id="nothing is claimed"),
    pytest.param(("--grant", "20/3/2026"), 1, "không có đề nghị nào", id="nothing is asked"),
    pytest.param((), 2, "cần đúng một quyết định", id="no decision"),
    pytest.param(("--confirm", "--reject", "x"), 2, "cần đúng một quyết định", id="two decisions"),
])
def test_what_cannot_be_decided_is_said(issued: Terminal, flags: tuple[str, ...], code: int, said: str) -> None:
    ended = issued("decide", NUMBER, "1", "thon-tay", *flags, *SIGNED)
    assert (ended.code, said in ended.err) == (code, True)


def test_an_agency_that_is_not_known_is_answered_with_its_full_name(issued: Terminal) -> None:
    ended = issued("decide", NUMBER, "1", "thon-dog", "--confirm", *SIGNED)
    assert (ended.code, "có phải thon-dong — Thôn Đông?" in ended.err) == (2, True)


# link

def opens(dondoc: Terminal, address: str) -> bool:
    """Whether the ledger and the keys take the address of a desk."""
    token = links.read(address.strip().rpartition("/")[2])
    assert token
    with dondoc.office() as office, office.store.read() as db:
        row = desk.link(db, token.link_id, dondoc.at)
        return bool(row and row.stands and office.settings.keys.valid(token, "desk", row.recipient))


def test_a_link_stays_until_it_is_renewed_or_revoked(issued: Terminal) -> None:
    first = issued("link", "thon-dong").out
    assert issued("link", "thon-dong").out == first
    assert opens(issued, first)
    second = issued("link", "thon-dong", "--renew").out
    assert second != first
    assert (opens(issued, first), opens(issued, second)) == (False, True)
    assert issued("link", "thon-dong", "--revoke").out == ""
    assert not opens(issued, second)


def test_a_link_is_at_the_public_address(issued: Terminal) -> None:
    issued.change("dondoc.toml", "http://127.0.0.1:8020", "https://dondoc.xa.example")
    assert issued("link", "thon-dong").out.startswith("https://dondoc.xa.example/t/t1.")
    assert issued("link", "ct", "--page").out.startswith("https://dondoc.xa.example/l/t1.")
    assert load(issued.home).base_url == "https://dondoc.xa.example"


def test_a_link_is_renewed_or_revoked_not_both(issued: Terminal) -> None:
    assert issued("link", "thon-dong", "--renew", "--revoke").code == 2
