"""`tasks` and the verbs of `decide`: what is shown, asked, done, kept for an undo, and refused in words."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any, Literal

import pytest

from tasks.ledger import acts
from tasks.values import Act, Said
from tests import command_line
from tests.command_line import NUMBER, SAMPLE, Terminal
from tests.sample import at

dondoc = command_line.dondoc

TUESDAY = at("2026-03-10", "09:00")
PAUSE = ("tasks", "pause", NUMBER, "--where", "clause=1", "--until", "1/4/2026", "--note", "bão")
SIGNED = ("--name", "Người ký", "--role", "Phó Chủ tịch")


@pytest.fixture
def issued(dondoc: Terminal) -> Terminal:
    """The sample directive, issued on Monday 2/3/2026."""
    assert dondoc("apply", SAMPLE, "--yes").code == 0
    return dondoc


def states(dondoc: Terminal, clause: str = "1") -> dict[str, str]:
    tasks = dondoc.json("status", NUMBER, "--by", "task", at=TUESDAY)["tasks"]
    return {task["agency"]["id"]: task["state"] for task in tasks if task["clause"] == clause}


def says(dondoc: Terminal, agency: str, kind: Literal["return", "received"], **words: Any) -> None:
    """An agency's word about its task of clause 1, as its page would give it."""
    tasks = dondoc.json("status", NUMBER, "--by", "task")["tasks"]
    [task] = [each for each in tasks if (each["agency"]["id"], each["clause"]) == (agency, "1")]
    said = Act(kind=kind, task=task["id"], said=Said(name="Cán bộ", role="Trưởng thôn"), key=f"{agency} {kind}", by=agency, **words)
    with dondoc.office() as office:
        assert acts.act(office.store, said, office.calendar, TUESDAY).refusal == ""


def test_a_dry_run_shows_the_tasks_and_does_nothing(issued: Terminal) -> None:
    shown = issued(*PAUSE, "--dry-run", at=TUESDAY)
    assert shown.code == 0
    assert "2 việc, trong đó 0 việc không làm được. Chạy thử: chưa quyết định gì." in shown.out
    assert set(states(issued).values()) == {"open"}


def test_nobody_decides_of_many_without_agreeing(issued: Terminal) -> None:
    ended = issued(*PAUSE, at=TUESDAY)
    assert ended.code == 2
    assert set(states(issued).values()) == {"open"}


def test_what_was_decided_is_taken_back_from_its_file_once(issued: Terminal) -> None:
    made = issued.json(*PAUSE, "--yes", at=TUESDAY)
    file = Path(made["undo"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text(encoding="utf-8"))["tasks"] == made["tasks"]
    assert set(states(issued).values()) == {"paused"}
    assert issued("tasks", "undo", str(file), at=TUESDAY).out == "Hoàn tác 2 việc; 0 việc đã hoàn tác từ trước.\n"
    assert issued("tasks", "undo", str(file), at=TUESDAY).out == "Hoàn tác 0 việc; 2 việc đã hoàn tác từ trước.\n"
    assert set(states(issued).values()) == {"open"}


def test_an_undo_names_what_has_moved_on_since(issued: Terminal) -> None:
    file = issued.json("tasks", "extend", NUMBER, "--where", "clause=1", "--until", "1/4/2026", "--yes", at=TUESDAY)["undo"]
    says(issued, "thon-dong", "received")
    ended = issued("tasks", "undo", file, at=TUESDAY)
    assert ended.out == "Hoàn tác 1 việc; 0 việc đã hoàn tác từ trước.\n"
    assert "đã có thay đổi khác: 1 thon-dong" in ended.err


def test_what_cannot_be_done_is_said_for_each_task(issued: Terminal) -> None:
    found = issued("tasks", "reassign", NUMBER, "--where", "agency=thon-dong clause=1", "--to", "thon-dong", "--dry-run", at=TUESDAY)
    assert found.code == 1
    assert "chính đơn vị đó" in " ".join(found.out.split())


@pytest.mark.parametrize(("where", "said"), [
    ("clauze=1", "có phải clause?"),
    ("state=pausd", "có phải paused?"),
    ("", "ít nhất một điều kiện"),
    ("'", "không hiểu"),
    ("late=yes", "không hiểu “late=yes”"),
])
def test_a_condition_that_is_not_understood_means_nothing(issued: Terminal, where: str, said: str) -> None:
    ended = issued("tasks", "resume", NUMBER, "--where", where, "--yes", at=TUESDAY)
    assert ended.code == 2
    assert said in ended.err


@pytest.mark.parametrize("text", ["", "[]", "{}", "không phải"])
def test_a_file_that_takes_nothing_back_is_refused(issued: Terminal, text: str) -> None:
    issued.write("khac.json", text)
    ended = issued("tasks", "undo", "khac.json")
    assert (ended.code, "không phải tệp hoàn tác" in ended.err) == (2, True)


# One task

def test_a_return_is_refused_or_the_duty_passed_on(issued: Terminal) -> None:
    says(issued, "thon-dong", "return", note="thuộc ban văn hóa")
    assert "không nhận trả lại: thôn là đầu mối." in issued("decide", NUMBER, "1", "thon-dong", "--keep", "thôn là đầu mối", *SIGNED).out
    assert states(issued)["thon-dong"] == "received"
    ended = issued("decide", NUMBER, "1", "thon-dong", "--reassign", "thon-tay", *SIGNED)
    assert (ended.code, "đã có nhiệm vụ" in ended.err) == (1, True)
    assert "có phải thon-tay" in issued("decide", NUMBER, "1", "thon-dong", "--reassign", "thon-tai", *SIGNED).err


def test_a_pause_needs_its_reason_and_ends_by_hand(issued: Terminal) -> None:
    pause = ("decide", NUMBER, "1", "thon-dong", "--pause", "1/4/2026", *SIGNED)
    assert "nêu rõ lý do" in issued(*pause, at=TUESDAY).err
    assert issued(*pause, "--note", "bão", at=TUESDAY).code == 0
    assert "tạm dừng" in issued("show", NUMBER, "1", at=TUESDAY).out
    assert issued("decide", NUMBER, "1", "thon-dong", "--resume", *SIGNED, at=TUESDAY).code == 0
    assert "không có việc nào để “thực hiện tiếp”" in issued("decide", NUMBER, "1", "thon-dong", "--resume", *SIGNED, at=TUESDAY).err


def test_two_decisions_at_once_are_none(issued: Terminal) -> None:
    ended = issued("decide", NUMBER, "1", "thon-dong", "--resume", "--confirm", *SIGNED)
    assert (ended.code, "cần đúng một quyết định" in ended.err) == (2, True)
