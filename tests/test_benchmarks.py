"""The benchmarks themselves: each runs small, says what it measured, and judges by its bound."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.measuring import Bound, Taken

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["opening", "idle", "sweep", "standing", "leading", "writing", "delivering", "starting", "whole-job"])
def test_a_small_run_gives_its_figures(name: str) -> None:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "DONDOC_"))}
    command = [sys.executable, "-m", "benchmarks", "--small", "--json", "--only", name]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=clean)
    figures = [json.loads(line) for line in done.stdout.splitlines()]
    assert figures, done.stderr[-2000:]
    assert done.returncode == (0 if all(figure["met"] for figure in figures) else 1)
    assert all(figure["measured"] > 0 and figure["ours"] > 0 and figure["runs"] > 0 for figure in figures)


def test_a_budget_is_judged_by_the_median_of_the_ratios() -> None:
    taken = Taken(ours=(1.0, 4.0, 2.0), bare=(1.0, 1.0, 1.0))
    assert taken.ratio("x", "x", "SQLite", Bound(at="≤", value=2, unit="×")).met
    assert not taken.ratio("x", "x", "SQLite", Bound(at="≤", value=1.9, unit="×")).met


def test_at_least_so_many_times_faster_is_the_bare_way_over_ours() -> None:
    taken = Taken(ours=(1.0,), bare=(20.0,))
    assert taken.ratio("x", "x", "–", Bound(at="≥", value=20, unit="×")).measured == 20
    assert not taken.ratio("x", "x", "–", Bound(at="≥", value=21, unit="×")).met
