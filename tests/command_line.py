"""The program as a person uses it, in this process: a project of its own, a clock that stands, what was printed and how it ended."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from config.clock import HandClock
from config.office import Office
from config.settings import load
from dondoc.main import main
from tests.sample import at

SAMPLE = "directives/van-ban-mau.yaml"
NUMBER = "01/UBND-VX"
MORNING = at("2026-03-02", "08:00")


class Ended(NamedTuple):
    """How a command ended: its exit code, its data, its talk."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Terminal:
    """A terminal in a project of its own. `at` is what the clock shows."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.at, self._capsys = home, MORNING, capsys

    def __call__(self, *tokens: str, at: datetime | None = None) -> Ended:
        """Run one command line."""
        self._capsys.readouterr()
        try:
            code = main(tokens, HandClock(at or self.at))
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = self._capsys.readouterr()
        return Ended(code, said.out, said.err)

    def json(self, *tokens: str, at: datetime | None = None) -> Any:
        """The JSON that a command prints; it has to end well."""
        ended = self(*tokens, "--json", at=at)
        assert ended.code == 0, ended.err
        return ended.json

    def write(self, name: str, text: str) -> str:
        """A file of the project; returns its name."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return name

    def change(self, name: str, old: str, new: str) -> None:
        """Other words in a file of the project."""
        text = (self.home / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    @contextmanager
    def office(self) -> Iterator[Office]:
        """The project's office, for what other stations do."""
        office = Office.open(load(self.home))
        try:
            yield office
        finally:
            office.close()


@pytest.fixture
def dondoc(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal in a project that `init` has just made; nobody sits at it."""
    for name in [name for name in os.environ if name.startswith("DONDOC_") or name in ("FORCE_COLOR", "NO_COLOR")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("DONDOC_HOME", "")  # what a command sets is taken back at the end
    monkeypatch.setattr("sys.stdin", io.StringIO())
    home = tmp_path / "project"
    home.mkdir()
    monkeypatch.chdir(home)
    terminal = Terminal(home, capsys)
    assert terminal("init").code == 0
    monkeypatch.delenv("DONDOC_HOME")
    return terminal
