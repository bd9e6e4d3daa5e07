"""Every code is explained: its wrong example is told that code alone, its right one nothing, and docs/errors.md says the same."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from directives.language import sheets
from directives.language.books import book_of
from directives.language.calendar import Calendar
from directives.language.explained import DIRECTORY, Example, Explanation, explanations
from directives.language.mistakes import SENTENCES, Notes
from directives.language.reading import read
from directives.language.rolls import roll_of
from directives.language.sheets import sheet_of
from scripts import errors
from tests import command_line
from tests.command_line import SAMPLE, Terminal
from tests.reader import ROOT
from tests.test_agencies import workbook
from tests.test_inbound_files import FAULTS, codes_of

dondoc = command_line.dondoc

#: The files that the explanations only tell of; D006 and D053 lack one, and D059 is what pydantic has given no cause for.
TOLD = {
    "D001": b"# " + b"x" * 1_200_000,
    "D002": "title: Vận động".encode("utf-16"),
    "D003": random.Random(1).randbytes(4000),
    "D009": b"a: b\n" * 200,
    "D011": b"title: " + b"[" * 60,
    "D012": b"a: &a [x]\nb: [" + b"*a, " * 40 + b"]\n",
    "D014": b"to: [" + b"a," * 31_000 + b"]\n",
}
#: Tables that they tell of, named for what would read them.
TABLES = {
    "D115": lambda: workbook(("Mã", "Tên"), ("a", "=B3")),
    "D161": lambda: b"x" * (sheets.SIZE + 1),
    "D162": lambda: b"\xd0\xcf\x11\xe0 a document of another kind",
    "D163": lambda: workbook(("Tên",) * 70),
    "D164": lambda: workbook(("Mã", "Tên", "Loại"), ("a", "A", "xã"), ("b", "B", None), merge="C2:C3"),
    "D165": lambda: workbook(("Mã", "Tên"), ("a", "=B3")),
    "D169": lambda: workbook(("Mã", "Tên"), ("pgd", "Phòng Giáo dục")),
}
NOT_RUN = {"D059"}
#: What comes with these: a folder without a directory, a file that nobody could read any further.
ALSO: dict[str, set[str]] = {"D009": {"D018"}}


def codes(example: Example, folder: Path, code: str = "") -> set[str]:
    """What is said of an example in a folder of its own; where it is only told of, `code` says which file is meant."""
    paper = folder / "van-ban.yaml"
    files = {"agencies/quan.yaml": DIRECTORY.encode(), paper.name: TOLD.get(code, example.whole.encode())}
    files |= {name: text.encode() for name, text in example.beside.items()}
    if code == "D053":
        files = {paper.name: files[paper.name].replace(b"agencies: quan\n", b"")}
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    if code == "D006":
        paper.unlink()
    others = [folder / name for name in example.beside if name.endswith(".yaml") or name.startswith("agencies/")]
    return {found.code for found in read([*others, paper], folder / "agencies", Calendar()).findings}


def told_of(example: Example, code: str, folder: Path) -> set[str]:
    """What is said of a wrong example, shown or told."""
    if example.is_told and (code in TABLES or code in FAULTS):
        return codes_of_a_table(code)
    return codes(example, folder, code if example.is_told else "")


def codes_of_a_table(code: str) -> set[str]:
    """What is said of a table that is only told of: as an annex where formulas have values, else as a directory beside `quan`."""
    if code in FAULTS:
        return codes_of(*FAULTS[code])
    notes = Notes()
    if code == "D115":
        sheet_of(TABLES[code](), "phu-luc.xlsx", notes, cached=True)
        return {mistake.code for _, mistake, _ in notes.slips}
    book, _ = roll_of(TABLES[code](), Path("truong.xlsx"), book_of(DIRECTORY, Path("quan.yaml")).directory)
    return {found.code for found in book.findings}


def test_every_code_is_explained() -> None:
    assert list(explanations()) == sorted(SENTENCES), "add it to directives/language/explained.txt"


def test_no_code_is_explained_twice() -> None:
    text = (ROOT / "directives" / "language" / "explained.txt").read_text(encoding="utf-8")
    codes = re.findall(r"^D\d+$", text, re.MULTILINE)
    assert codes == sorted(set(codes))


def test_the_page_is_made_of_the_explanations() -> None:
    assert errors.PAGE.read_text(encoding="utf-8") == errors.page(), "make errors"


@pytest.mark.parametrize("explained", explanations().values(), ids=explanations())
def test_the_wrong_example_is_told_its_code_and_the_right_one_nothing(explained: Explanation, tmp_path: Path) -> None:
    if explained.code not in NOT_RUN:
        told = told_of(explained.wrong, explained.code, tmp_path / "wrong")
        assert told == {explained.code} | ALSO.get(explained.code, set())
    assert codes(explained.right, tmp_path / "right") == set()


def test_the_parts_that_an_example_leaves_out_are_the_frames() -> None:
    assert Example("title: A\nto: bhxh\n", {}).whole.splitlines()[:2] == ["agencies: quan", "directive: 898/UBND"]
    assert Example("title: A\nto: bhxh\n", {}).whole.endswith("title: A\nto: bhxh\n")
    assert Example("- một câu\n", {}).whole == "- một câu\n"


def test_the_words_are_short_and_speak_to_a_clerk() -> None:
    for code, explained in explanations().items():
        assert 1 <= len(explained.words.split()) <= 50, code
        assert explained.words.endswith("."), code
        assert explained.wrong != explained.right, code


# At the prompt.


def test_a_code_is_explained_at_the_prompt(dondoc: Terminal) -> None:
    ended = dondoc("check", "--explain", "d043")
    assert ended.code == 0
    assert ended.out.startswith("D043 lỗi: không có ngày này")
    assert "due: 31/9/2020" in ended.out.partition("Đúng:")[0]
    assert "due: 30/9/2020" in ended.out.partition("Đúng:")[2]


def test_a_code_that_is_none_is_answered_with_one_that_is(dondoc: Terminal) -> None:
    ended = dondoc("check", "--explain", "Đ043")
    assert (ended.code, ended.out) == (2, "")
    assert "có phải D043?" in ended.err


def test_whoever_is_told_something_is_told_how_to_learn_more(dondoc: Terminal) -> None:
    dondoc.change(SAMPLE, "lead: thon", "lead: thonn")
    assert "dondoc check --explain D061" in dondoc("check").err


# Warnings that are switched off.

WARNED = "agencies: don-vi\ntitle: Thử\nissuer: ubnd-xa\nduties:\n"


@pytest.mark.parametrize(("file", "text"), [
    pytest.param("dondoc.toml", 'lints_off = ["D092"]\n', id="in dondoc.toml"),
    pytest.param(".env", "DONDOC_LINTS_OFF=D092\n", id="in .env"),
    pytest.param(".env", "DONDOC_LINTS_OFF='D081, D092'\n", id="several in one line"),
])
def test_a_warning_can_be_switched_off_and_is_counted(dondoc: Terminal, file: str, text: str) -> None:
    name = dondoc.write("directives/thu.yaml", WARNED)
    assert "D092" in dondoc("check", name).out
    dondoc.write(file, text)
    ended = dondoc("check", name)
    assert "D092" not in ended.out
    assert "1 cảnh báo không hiện" in ended.err


def test_the_environment_switches_off_too(dondoc: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    name = dondoc.write("directives/thu.yaml", WARNED)
    monkeypatch.setenv("DONDOC_LINTS_OFF", "D092")
    assert "D092" not in dondoc("check", name, "--format", "github").out


@pytest.mark.parametrize(("code", "said"), [
    pytest.param("D999", "không có mã D999", id="a code that is none"),
    pytest.param("d092", "không có mã d092", id="a code in small letters"),
    pytest.param("D061", "D061 là lỗi, không tắt được", id="an error"),
    pytest.param("D131", "D131 là lỗi, không tắt được", id="an error among the warnings"),
])
def test_only_warnings_can_be_switched_off(dondoc: Terminal, code: str, said: str) -> None:
    dondoc.write("dondoc.toml", f'lints_off = ["{code}"]\n')
    ended = dondoc("check")
    assert (ended.code, said in ended.err, "Value error" in ended.err) == (2, True, False)


def test_a_comment_in_a_directive_switches_nothing_off(dondoc: Terminal) -> None:
    name = dondoc.write("directives/thu.yaml", f"# lints_off: D092\n{WARNED}  # noqa: D092\n")
    assert "D092" in dondoc("check", name).out
