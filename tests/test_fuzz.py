"""No file, however damaged or hostile, ends in a traceback, takes a second, or fills the memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from tests.fuzzing import ROOT, case

SHORT, LONG = 500, 20_000


def fed(first: int, after: int) -> Mapping[str, Any]:
    """What the files of these numbers cost a process of their own."""
    line = [sys.executable, "-m", "tests.fuzzing", str(first), str(after)]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr[-3000:]
    said: Mapping[str, Any] = json.loads(done.stdout)
    return said


def is_borne(said: Mapping[str, Any]) -> None:
    assert said["failures"] == {}
    assert said["seconds"] <= 1, f"number {said['slowest']}"
    assert said["megabytes"] <= 200, f"number {said['largest']}"


def test_a_few_hundred_files_of_strangers_are_borne() -> None:
    is_borne(fed(0, SHORT))


@pytest.mark.long
def test_many_thousand_files_of_strangers_are_borne() -> None:
    is_borne(fed(SHORT, SHORT + LONG))


def test_the_file_of_a_number_is_always_the_same() -> None:
    assert [case(number) for number in range(50)] == [case(number) for number in range(50)]


def test_the_files_are_of_every_kind() -> None:
    files = [case(number) for number in range(SHORT)]
    assert max(map(len, files)) > 900_000
    assert sum(b"duties:" in data for data in files) > 250
    assert any(b"\x00" in data for data in files)
