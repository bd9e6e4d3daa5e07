"""Every fault of a directive file is told where it stands, in one sentence that says how to mend it."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from directives.language.advice import human
from directives.language.calendar import Calendar
from directives.language.reading import read

BAD = Path(__file__).parent / "bad"


def said(path: Path) -> str:
    """What a person sees of one bad file, whose path is shortened to its name."""
    reading = read([path], BAD / "agencies", Calendar())
    page = io.StringIO()
    Console(file=page, soft_wrap=True, color_system=None).print(human(reading.findings, reading.sources), end="")
    return re.sub(rf"{re.escape(str(BAD))}/", "", page.getvalue())


@pytest.mark.parametrize("path", sorted(BAD.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_bad_file_is_told_its_fault_in_its_place(path: Path) -> None:
    assert said(path) == path.with_suffix(".txt").read_text(encoding="utf-8")
