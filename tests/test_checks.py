"""Every fault of a directive file is told where it stands, in one sentence that says how to mend it."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from directives.language.advice import human
from directives.language.calendar import Calendar
from directives.language.mistakes import SENTENCES
from directives.language.reading import read

BAD = Path(__file__).parent / "bad"


def said(path: Path) -> str:
    """What a person sees of one bad file, whose path is shortened to its name."""
    reading = read([path], BAD / "agencies", Calendar())
    page = io.StringIO()
    Console(file=page, soft_wrap=True, color_system=None).print(human(reading.findings, reading.sources), end="")
    return re.sub(rf"{re.escape(str(BAD))}/", "", page.getvalue())


#: Said of files that are no small examples: `test_reading` holds them, but for D059, which pydantic has given no cause for.
ELSEWHERE = {
    "D001", "D006", "D009", "D011", "D012", "D014", "D053", "D059",
    "D115", "D161", "D162", "D163", "D164", "D165", "D166", "D167", "D168", "D169",  # tables: `test_agencies`
    "D185", "D186", "D187", "D188", "D189", "D190", "D191", "D192",  # status files: `test_inbound_files`
    "D197", "D198",  # workbooks that come back: `test_workbooks`
}


@pytest.mark.parametrize("path", sorted(BAD.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_bad_file_is_told_its_fault_in_its_place(path: Path) -> None:
    assert said(path) == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_every_sentence_is_said_of_some_bad_file() -> None:
    reading = read(sorted(BAD.glob("*.yaml")), BAD / "agencies", Calendar())
    assert {finding.code for finding in reading.findings} | ELSEWHERE == set(SENTENCES)


def test_no_finding_of_one_file_hides_those_of_another() -> None:
    paths = sorted(BAD.glob("*.yaml"))
    alone = [finding for path in paths for finding in read([path], BAD / "agencies", Calendar()).findings]
    assert list(read(paths, BAD / "agencies", Calendar()).findings) == alone


def test_a_warning_keeps_nothing_from_being_issued() -> None:
    paths = sorted(BAD.glob("*.yaml"))
    issued = [path.stem for path, _ in read(paths, BAD / "agencies", Calendar()).directives]
    assert issued == [path.stem for path in paths if path.stem.startswith("warned-")]
