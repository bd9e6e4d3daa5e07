"""The demonstration as a newcomer runs it: real flows, mail, pages and answers, told as counts that add up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """What `dondoc demo --once --json` says, and the folder that it played in."""
    folder = tmp_path_factory.mktemp("demo")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "DONDOC_"))}
    command = [sys.executable, "-m", "dondoc", "demo", "--once", "--json", "--seed", "1", "--dir", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=clean, timeout=280)
    assert done.returncode == 0, done.stderr[-3000:]
    counts: dict[str, Any] = json.loads(done.stdout)
    return counts, folder


def test_the_story_ends_with_its_counts(shown: tuple[dict[str, Any], Path]) -> None:
    counts, _ = shown
    assert set(counts) == {
        "directives", "duties", "tasks", "letters", "answers", "done_on_time", "done_late", "open", "overdue", "flow_runs", "seconds",
    }
    assert (counts["directives"], counts["duties"]) == (1, 17)
    assert counts["done_on_time"] + counts["done_late"] + counts["open"] == counts["tasks"]
    assert 0 < counts["overdue"] < counts["open"]
    assert counts["answers"] > 100


def test_every_letter_that_was_counted_is_in_the_sink(shown: tuple[dict[str, Any], Path]) -> None:
    counts, folder = shown
    kept = [message_from_bytes(path.read_bytes())["X-Dondoc-Letter"] for path in (folder / "mail").glob("*.eml")]
    assert {lane: kept.count(lane) for lane in counts["letters"]} == counts["letters"]
    assert counts["letters"]["new"] == 30
    assert min(counts["letters"][lane] for lane in ("digest", "escalation", "report", "receipt", "decision")) > 0


def test_every_report_vouches_for_the_beat_before_it(shown: tuple[dict[str, Any], Path]) -> None:
    _, folder = shown
    letters = [message_from_bytes(path.read_bytes(), policy=default) for path in (folder / "mail").glob("*.eml")]
    reports = [letter.get_body(("plain",)) for letter in letters if letter["X-Dondoc-Letter"] == "report"]
    assert reports
    assert all(part and "Máy nhắc chạy đủ đến" in part.get_content() for part in reports)


def test_every_answer_has_its_receipt(shown: tuple[dict[str, Any], Path]) -> None:
    counts, _ = shown
    # One form of the insurance office carries a row for each of the seven wards.
    assert counts["letters"]["receipt"] >= counts["answers"]


def test_the_ledger_of_the_story_is_whole(shown: tuple[dict[str, Any], Path]) -> None:
    from tasks.ledger import chain
    from tasks.ledger.store import Store

    _, folder = shown
    store = Store(f"sqlite:///{folder / '.dondoc' / 'ledger.sqlite'}")
    with store.read() as db:
        assert chain.verify(db, 1) is None
    store.close()
