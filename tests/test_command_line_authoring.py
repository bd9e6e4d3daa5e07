"""`init`, `check`, `plan`, `apply`: from an empty folder to an issued paper."""

from __future__ import annotations

import os
import pty
import sys
from pathlib import Path
from subprocess import Popen

import pytest

from config.settings import Settings, load
from directives.language.reading import read
from dondoc.settings import PREFIX
from tasks.forecast import forecast
from tests import command_line
from tests.command_line import NUMBER, SAMPLE, Terminal
from tests.sample import at
from tests.seeds import PAPERS, ROOT

dondoc = command_line.dondoc
SEEDS = [ROOT / "directives" / f"{paper}.yaml" for paper in PAPERS]


# init

def test_a_new_project_passes_its_own_check_without_a_warning(dondoc: Terminal) -> None:
    ended = dondoc("check")
    assert (ended.code, ended.out) == (0, "")


def test_init_writes_over_nothing(dondoc: Terminal) -> None:
    dondoc.write("dondoc.toml", "# của tôi\n")
    ended = dondoc("init")
    assert ended.code == 1
    assert "dondoc.toml" in ended.err
    assert (dondoc.home / "dondoc.toml").read_text() == "# của tôi\n"


def test_init_may_be_given_a_folder_that_is_not_there(dondoc: Terminal) -> None:
    ended = dondoc("init", "xa/moi")
    assert ended.code == 0
    assert "cd xa/moi" in ended.err
    assert dondoc("check", "xa/moi/directives", "--home", "xa/moi").code == 0


def test_the_example_of_settings_names_every_one_and_can_be_used_as_it_is(dondoc: Terminal) -> None:
    example = (dondoc.home / ".env.example").read_text(encoding="utf-8")
    assert all(f"#{PREFIX}{name.upper()}=" in example for name in Settings.model_fields if name != "home")
    given = "\n".join(line[1:] for line in example.splitlines() if line.startswith(f"#{PREFIX}") and not line.endswith(("=", "=()")))
    dondoc.write(".env", given)
    assert load(dondoc.home).model_dump() == Settings(home=dondoc.home).model_dump() | {"mail_from_name": load(dondoc.home).mail_from_name}


# check

def test_findings_are_shown_for_people_programs_and_github(dondoc: Terminal) -> None:
    dondoc.change(SAMPLE, "lead: tram-y-te", "lead: tram-yte")
    shown = dondoc("check").out
    assert f"→ {SAMPLE}:" in shown
    assert "có phải 'tram-y-te' — Trạm Y tế xã?" in shown
    [found] = dondoc("check", "--format", "json").json["findings"]
    assert (found["path"], found["level"], found["code"]) == (SAMPLE, "error", "D061")
    assert dondoc("check", "--format", "github").out.startswith(f"::error file={SAMPLE},line={found['line']},")
    assert dondoc("check", "--format", "sarif").json["runs"][0]["results"][0]["ruleId"] == "D061"


def test_a_long_line_of_a_file_is_cut_and_not_wrapped(dondoc: Terminal) -> None:
    dondoc.change(SAMPLE, "lead: tram-y-te", "lead: tram-yte")
    shown = [line for line in dondoc("check").out.splitlines() if "│" in line]
    assert [line.split("│")[0].strip() for line in shown] == ["47", "48", "", "49"]
    assert max(map(len, shown)) == 100
    assert shown[-1].endswith("…")


def test_all_mistakes_of_all_files_are_found_in_one_run(dondoc: Terminal) -> None:
    dondoc.write("directives/a.yaml", "agencies: don-vi\ntitle: Một\nissuer: ubnd-xaa\nduties: {1: {do: Làm, lead: ct}}\n")
    dondoc.write("directives/b.yaml", "agencies: don-vi\ntitle: Hai\nissuer: ubnd-xa\ndate: 31/2/2026\nduties: {1: {do: Làm, lead: ct}}\n")
    found = dondoc("check", "--format", "json").json["findings"]
    assert {each["path"] for each in found} >= {"directives/a.yaml", "directives/b.yaml"}


# plan

@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_every_directive_of_the_house_is_checked_and_planned(dondoc: Terminal, path: Path) -> None:
    assert dondoc("--home", str(ROOT), "check", str(path)).code == 0
    plan = dondoc.json("--home", str(ROOT), "plan", str(path), "--as-of", "1/3/2026")
    assert plan["format_version"] == "1"
    assert set(plan) == {"format_version", "directive", "duties", "letters", "warnings", "foresight"}
    assert set(plan["duties"][0]) >= {"clause", "force", "lead", "due", "last_working_day", "periods", "milestones", "standing", "tasks"}
    assert set(plan["letters"][0]) == {"on", "lane", "to", "items"}


def test_a_plan_for_programs_is_the_forecast_itself(dondoc: Terminal) -> None:
    [(_, directive)] = read([dondoc.home / SAMPLE], dondoc.home / "config" / "agencies").directives
    office = load(dondoc.home)
    with dondoc.office() as found:
        made = forecast(directive, directive.directory, found.calendar, office.practice, issued_at=at("2026-03-02", "07:30"))
    shown = dondoc.json("plan", SAMPLE)
    assert set(shown.pop("foresight")) >= {"no_address", "days_off", "moved", "load", "highest"}
    assert shown == {"format_version": "1", **made.to_json()}


def test_a_plan_shows_duties_counts_letters_and_the_next_step(dondoc: Terminal) -> None:
    ended = dondoc("plan", SAMPLE)
    lines = [line.rstrip() for line in ended.out.splitlines()]
    assert lines[0] == "01/UBND-VX  Rà soát, vận động người dân tham gia bảo hiểm y tế"
    assert lines[1] == "Ủy ban nhân dân xã · tính như ban hành ngày 02/03/2026"
    assert "+    1  Danh sách người chưa tham gia BHYT      thon (2)                   16/03/2026 trong 10 ngày" in lines
    assert "+    4  Tuyên truyền quyền lợi BHYT             Trạm Y tế xã               thường xuyên" in lines
    assert "Sẽ giao 4 nhiệm vụ cho 5 đơn vị: 5 việc mở ngay, 14 việc mở dần về sau. Gửi 5 thư giao việc." in lines
    assert "  T4 11/03/2026  1: còn 3 ngày làm việc (hạn 16/03) → Thôn Đông, Thôn Tây" in lines
    assert "  T2 23/03/2026  1: quá hạn 5 ngày làm việc → 3 nơi" in lines
    assert ended.err == f"Ban hành: dondoc apply {SAMPLE}\n"


def test_a_plan_names_the_last_working_day_before_a_day_off(dondoc: Terminal) -> None:
    plan = dondoc("--home", str(ROOT), "plan", str(ROOT / "directives" / "2020-cai-rang-898-ubnd.yaml")).out
    assert "24/05/2020 trước ngày" in plan
    assert "cuối 22/05" in plan
    assert "T6 22/05/2020  6.4: còn 1 ngày (hạn 24/05) → 9 nơi" in plan


def test_a_plan_is_cut_after_twelve_lines_and_counts_what_it_leaves_out(dondoc: Terminal) -> None:
    short, long = dondoc("plan", SAMPLE).out, dondoc("plan", SAMPLE, "--all").out
    letters = [letter for letter in dondoc.json("plan", SAMPLE)["letters"] if letter["lane"] != "new"]
    [rest] = [line for line in short.splitlines() if "(--all)" in line]
    shown = [line for line in short.splitlines() if line.startswith("  T")]
    assert len(shown) == 12
    assert "(--all)" not in long
    days = {line.split()[1] for line in shown}
    of_shown_days = sum(f"{letter['on'][8:]}/{letter['on'][5:7]}/{letter['on'][:4]}" in days for letter in letters)
    assert int(rest.split()[2]) in range(len(letters) - of_shown_days, len(letters) - 11)


def test_a_draft_without_number_and_date_is_planned_as_if_issued_on_a_day(dondoc: Terminal) -> None:
    dondoc.change(SAMPLE, "directive: 01/UBND-VX\ndate: 2/3/2026\n", "")
    shown = dondoc("plan", SAMPLE, "--as-of", "6/4/2026").out
    assert "(chưa có số)" in shown
    assert "tính như ban hành ngày 06/04/2026" in shown
    assert "20/04/2026 trong 10 ngày" in shown
    assert "tính như ban hành ngày 02/03/2026" in dondoc("plan", SAMPLE).out


def test_a_paper_of_an_earlier_day_is_planned_as_of_that_day_and_says_how_to_see_today(dondoc: Terminal) -> None:
    dondoc.change(SAMPLE, "date: 2/3/2026", "date: 27/2/2026")
    ended = dondoc("plan", SAMPLE)
    assert "tính như ban hành ngày 27/02/2026" in ended.out
    assert f"dondoc plan {SAMPLE} --as-of 2/3/2026" in ended.err
    again = dondoc("plan", SAMPLE, "--as-of", "2/3/2026")
    assert "văn bản ngày 27/02/2026, tính như ban hành ngày 02/03/2026" in again.out
    assert "--as-of" not in again.err


@pytest.mark.parametrize(("rhythm", "is_told"), [("month on 28", True), ("month on 10", False)])
def test_a_first_period_that_ends_before_the_letter_leaves_is_pointed_out(dondoc: Terminal, rhythm: str, is_told: bool) -> None:
    dondoc.change(SAMPLE, "date: 2/3/2026", "date: 28/2/2026")
    dondoc.change(SAMPLE, "every: month on 25\n    from: 1/4/2026", f"every: {rhythm}")
    words = "mục 3: kỳ đầu hết hạn 28/02/2026, thư giao việc đi ngày 02/03/2026"
    assert (words in " ".join(dondoc("plan", SAMPLE).out.split())) == is_told


# apply

def test_an_issue_opens_tasks_and_says_when_the_letters_leave(dondoc: Terminal) -> None:
    ended = dondoc("apply", SAMPLE, "--yes")
    assert ended.code == 0
    assert ended.out == "Đã ban hành 01/UBND-VX: 5 việc, 5 thư.\n"
    assert "Gửi 5 thư giao việc" in ended.err
    assert "Thư rời đi từ 08:10 T2 02/03/2026." in ended.err
    assert "dondoc run --once" in ended.err


def test_an_issue_on_a_day_off_leaves_on_the_next_working_day(dondoc: Terminal) -> None:
    assert "Thư rời đi từ 07:30 T2 09/03/2026." in dondoc("apply", SAMPLE, "--yes", at=at("2026-03-07", "10:00")).err


def test_an_issue_said_twice_changes_nothing_and_asks_nothing(dondoc: Terminal) -> None:
    dondoc("apply", SAMPLE, "--yes")
    before = dondoc.json("status", NUMBER)
    ended = dondoc("apply", SAMPLE)
    assert (ended.code, ended.out) == (0, "01/UBND-VX đã ban hành, không có gì mới.\n")
    assert dondoc.json("status", NUMBER) == before


@pytest.mark.parametrize("flags", [("--yes",), ("--dry-run",), ()], ids=str)
def test_issued_paper_is_not_changed(dondoc: Terminal, flags: tuple[str, ...]) -> None:
    dondoc("apply", SAMPLE, "--yes")
    dondoc.change(SAMPLE, "due: 10 working days", "due: 12 working days")
    ended = dondoc("apply", SAMPLE, *flags)
    assert ended.code == 1
    assert "amends:" in ended.err


def test_a_dry_run_says_what_would_be_done_and_makes_nothing(dondoc: Terminal) -> None:
    ended = dondoc("apply", SAMPLE, "--dry-run")
    assert ended.code == 0
    assert "Gửi 5 thư giao việc" in ended.err
    assert not (dondoc.home / ".dondoc").exists()
    assert dondoc.json("apply", SAMPLE, "--dry-run")["issued"] is False


def test_an_issue_is_told_to_programs(dondoc: Terminal) -> None:
    said = dondoc.json("apply", SAMPLE, "--yes")
    assert said == {
        "format_version": "1", "directive": NUMBER, "date": "2026-03-02", "issued": True, "tasks": 5, "letters": 5,
        "leaves_at": "2026-03-02T01:10:00+00:00",
    }


@pytest.mark.parametrize(("flags", "lacking"), [
    pytest.param((), "--number", id="both lack"),
    pytest.param(("--number", "2/UBND"), "--date", id="the date lacks"),
    pytest.param(("--date", "2/3/2026"), "--number", id="the number lacks"),
])
def test_a_draft_is_asked_for_its_number_and_date(dondoc: Terminal, flags: tuple[str, ...], lacking: str) -> None:
    dondoc.change(SAMPLE, "directive: 01/UBND-VX\ndate: 2/3/2026\n", "")
    ended = dondoc("apply", SAMPLE, "--yes", *flags)
    assert ended.code == 2
    assert lacking in ended.err
    assert not (dondoc.home / ".dondoc").exists()


def test_a_draft_is_issued_with_the_number_and_date_that_it_is_given(dondoc: Terminal) -> None:
    dondoc.change(SAMPLE, "directive: 01/UBND-VX\ndate: 2/3/2026\n", "")
    assert dondoc("apply", SAMPLE, "--yes", "--number", "7/UBND", "--date", "27/2/2026").code == 0
    assert dondoc.json("show", "7/UBND")["directive"]["date"] == "2026-02-27"


@pytest.mark.parametrize("flags", [("--number", "2/UBND"), ("--date", "3/3/2026")], ids=str)
def test_what_the_paper_says_itself_is_never_replaced(dondoc: Terminal, flags: tuple[str, ...]) -> None:
    ended = dondoc("apply", SAMPLE, "--yes", *flags)
    assert ended.code == 2
    assert "tệp đã ghi" in ended.err


def test_a_faulty_file_is_not_issued(dondoc: Terminal) -> None:
    dondoc.change(SAMPLE, "due: 10 working days", "due: 31/2/2026")
    ended = dondoc("apply", SAMPLE, "--yes")
    assert ended.code == 1
    assert "tháng 2/2026 chỉ có 28 ngày" in ended.out
    assert not (dondoc.home / ".dondoc").exists()


@pytest.mark.parametrize(("typed", "code", "made"), [
    pytest.param("01/UBND-VX", 0, True, id="the number"),
    pytest.param("có", 1, False, id="another word"),
    pytest.param("", 1, False, id="nothing"),
])
def test_at_a_terminal_one_question_is_answered_with_the_number(dondoc: Terminal, typed: str, code: int, made: bool) -> None:
    ours, theirs = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb"}
    line = [sys.executable, "-m", "dondoc", "apply", SAMPLE]
    with Popen(line, cwd=dondoc.home, stdin=theirs, stdout=theirs, stderr=theirs, env=env) as program:
        os.close(theirs)
        os.write(ours, f"{typed}\n".encode())
        shown = _all_of(ours)
    os.close(ours)
    assert program.returncode == code
    assert "Gõ 01/UBND-VX để đồng ý" in shown
    assert (dondoc.home / ".dondoc" / "ledger.sqlite").exists() is made


def _all_of(terminal: int) -> str:
    parts = []
    try:
        while part := os.read(terminal, 65536):
            parts.append(part)
    except OSError:
        pass  # the other end has closed
    return b"".join(parts).decode()
