"""`fmt` and `new`: files in one form, and files to begin with."""

from __future__ import annotations

import os
import pty
import re
import sys
from subprocess import Popen

from directives.language.blanks import BLANK
from directives.language.printing import reprinted
from tests import command_line
from tests.command_line import SAMPLE, Terminal
from tests.seeds import CAI_RANG, ROOT

dondoc = command_line.dondoc
OLD = ROOT / "directives" / f"{CAI_RANG}.yaml"
UNTIDY = """\
title: "Vận động tham gia BHYT"  # trích yếu
directive: 02/UBND-VX
issuer: ubnd-xa
duties: {1: {do: Rà soát, lead: [thon]}}   # một điều
agencies: don-vi
"""


# fmt


def test_a_new_project_is_in_canonical_form(dondoc: Terminal) -> None:
    assert dondoc("fmt", "--check").code == 0


def test_a_file_is_written_anew_once_and_says_the_same(dondoc: Terminal) -> None:
    dondoc.write("directives/hai.yaml", UNTIDY)
    assert dondoc("fmt", "--check").code == 1
    assert (dondoc.home / "directives/hai.yaml").read_text(encoding="utf-8") == UNTIDY
    ended = dondoc("fmt")
    assert (ended.code, ended.out) == (0, "directives/hai.yaml\n")
    text = (dondoc.home / "directives/hai.yaml").read_text(encoding="utf-8")
    assert text == reprinted(UNTIDY)
    assert "# trích yếu" in text
    assert "# một điều" in text
    assert dondoc("fmt").out == ""
    assert [path.name for path in (dondoc.home / "directives").iterdir() if path.name.startswith(".")] == []


def test_a_file_with_errors_is_left_alone_and_the_others_are_not(dondoc: Terminal) -> None:
    faulty = UNTIDY.replace("lead: [thon]", "lead: [thonn]")
    dondoc.write("directives/hai.yaml", faulty)
    dondoc.write("directives/ba.yaml", UNTIDY)
    ended = dondoc("fmt")
    assert ended.code == 1
    assert "D061" in ended.out
    assert (dondoc.home / "directives/hai.yaml").read_text(encoding="utf-8") == faulty
    assert (dondoc.home / "directives/ba.yaml").read_text(encoding="utf-8") != UNTIDY


def test_a_file_that_uses_aliases_is_left_alone_and_it_is_said(dondoc: Terminal) -> None:
    text = UNTIDY.replace("title: ", "title: &x ").replace("do: Rà soát", "do: *x")
    dondoc.write("directives/hai.yaml", text)
    ended = dondoc("fmt")
    assert ended.code == 1
    assert "hai.yaml: giữ nguyên" in ended.err
    assert (dondoc.home / "directives/hai.yaml").read_text(encoding="utf-8") == text


def test_windows_lines_and_rights_of_a_file(dondoc: Terminal) -> None:
    path = dondoc.home / "directives/hai.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + UNTIDY.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    assert dondoc("fmt").code == 0
    assert path.read_bytes() == reprinted(UNTIDY).encode()
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_look_writes_nothing_and_a_folder_that_cannot_be_written_keeps_its_file(dondoc: Terminal) -> None:
    dondoc.write("directives/hai.yaml", UNTIDY)
    folder = dondoc.home / "directives"
    before = folder.stat().st_mtime_ns
    assert dondoc("fmt", "--check").code == 1
    assert folder.stat().st_mtime_ns == before
    (folder / f".hai.yaml.{os.getpid()}").mkdir()  # in the way, for root too
    ended = dondoc("fmt")
    assert ended.code == 1
    assert "không ghi được" in ended.err
    assert (folder / "hai.yaml").read_text(encoding="utf-8") == UNTIDY


def test_a_directory_keeps_its_columns(dondoc: Terminal) -> None:
    path = dondoc.home / "config/agencies/don-vi.yaml"
    before = path.read_bytes()
    assert dondoc("fmt", str(path)).code == 0
    assert path.read_bytes() == before


# new


def test_an_empty_directive_asks_only_for_what_it_needs(dondoc: Terminal) -> None:
    ended = dondoc("new", "directives/moi.yaml")
    assert ended.code == 0
    assert ended.err.startswith("Còn 5 chỗ")
    text = (dondoc.home / "directives/moi.yaml").read_text(encoding="utf-8")
    assert reprinted(text) == text
    found = dondoc("check", "directives/moi.yaml", "--format", "json").json["findings"]
    assert {each["code"] for each in found} == {"D121"}
    for blank, said in (("trích yếu", "Dọn vệ sinh"), ("mã cơ quan ban hành", "ubnd-xa"), ("mã nơi nhận", "thon"),
                        ("mã nơi chủ trì", "thon"), ("nguyên văn câu giao việc", "Giao các thôn dọn vệ sinh.")):  # fmt: skip
        text = text.replace(f"‹{blank}›", said)
    dondoc.write("directives/moi.yaml", text)
    assert dondoc("check", "directives/moi.yaml").code == 0
    assert dondoc("check", "directives/moi.yaml").out == ""


def test_every_word_that_stands_as_a_comment_can_be_used(dondoc: Terminal) -> None:
    dondoc("new", "directives/moi.yaml")
    text = (dondoc.home / "directives/moi.yaml").read_text(encoding="utf-8")
    used = re.sub(r"^( *)# (\w+: )", r"\1\2", text, flags=re.MULTILINE).replace("    every: month on 25", "    # every")
    filled = BLANK.sub(lambda found: "ubnd-xa" if found[2].startswith("mã cơ") else "thon" if found[2].startswith("mã") else found[2], used)
    dondoc.write("directives/moi.yaml", filled)
    ended = dondoc("check", "directives/moi.yaml", "--format", "json")
    assert ended.code == 0, ended.out


def test_nothing_is_written_over(dondoc: Terminal) -> None:
    before = (dondoc.home / SAMPLE).read_bytes()
    assert dondoc("new", SAMPLE).code == 1
    assert dondoc("new", SAMPLE, "--like", str(OLD)).code == 1
    assert (dondoc.home / SAMPLE).read_bytes() == before


def test_last_years_directive_begins_this_years_with_blanks_that_keep_it_from_being_issued(dondoc: Terminal) -> None:
    dondoc.write("config/agencies/cai-rang.yaml", (ROOT / "config/agencies/cai-rang.yaml").read_text(encoding="utf-8"))
    ended = dondoc("new", "directives/2021.yaml", "--like", str(OLD))
    text = (dondoc.home / "directives/2021.yaml").read_text(encoding="utf-8")
    assert ended.code == 0
    assert f"{len(BLANK.findall(text))} chỗ" in ended.err
    checked = dondoc("check", "directives/2021.yaml", "--format", "json")
    assert checked.code == 1
    assert {each["code"] for each in checked.json["findings"]} == {"D120"}
    assert "chưa điền; năm trước: before 25/5/2020" in {each["message"] for each in checked.json["findings"]}
    assert dondoc("plan", "directives/2021.yaml").code == 1


def test_last_years_directive_may_be_named_by_its_number(dondoc: Terminal) -> None:
    text = OLD.read_text(encoding="utf-8")
    dondoc.write("directives/2020.yaml", text)
    [number] = re.findall(r"^directive: (.*)$", text, re.MULTILINE)
    for new, old in (("a", number), ("b", "directives/2020.yaml")):
        assert dondoc("new", f"directives/{new}.yaml", "--like", old).code == 0
    made = [(dondoc.home / f"directives/{new}.yaml").read_text(encoding="utf-8") for new in "ab"]
    assert made[0] == made[1]
    assert dondoc("new", "directives/c.yaml", "--like", "1/KHONG-CO").code != 0


def test_a_file_that_cannot_be_read_begins_nothing(dondoc: Terminal) -> None:
    dondoc.write("directives/hong.yaml", "title: 'x\n")
    for old in ("directives/hong.yaml", "directives/khong-co.yaml"):
        assert dondoc("new", "directives/moi.yaml", "--like", old).code in (1, 2)
    assert not (dondoc.home / "directives/moi.yaml").exists()


def test_at_a_terminal_each_date_is_asked_until_it_can_be_read(dondoc: Terminal) -> None:
    dondoc.write("directives/cu.yaml", UNTIDY.replace("directive: 02/UBND-VX", "directive: 02/UBND-VX\ndate: 2/3/2025"))
    ours, theirs = pty.openpty()
    line = [sys.executable, "-m", "dondoc", "new", "directives/moi.yaml", "--like", "directives/cu.yaml", "--home", str(dondoc.home)]
    env = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    with Popen(line, cwd=dondoc.home, stdin=theirs, stdout=theirs, stderr=theirs, env=env) as process:
        os.close(theirs)
        os.write(ours, b"\n31/2/2026\n3/3/2026\n")
        assert process.wait(30) == 0
    said = os.read(ours, 65536).decode()
    os.close(ours)
    assert "không có ngày này" in said
    text = (dondoc.home / "directives/moi.yaml").read_text(encoding="utf-8")
    assert "directive: ‹năm trước 02/UBND-VX›" in text
    assert "date: 3/3/2026" in text
