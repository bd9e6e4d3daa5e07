"""docs/soan-van-ban.md is true: every command of an author, with its own words, and what is shown happens."""

from __future__ import annotations

import re

import pytest

from dondoc.main import COMMANDS
from tests import command_line
from tests.command_line import Terminal
from tests.reader import Page
from tests.test_docs import run

dondoc = command_line.dondoc
PAGE = Page("docs/soan-van-ban.md")
SECTIONS = dict(re.findall(r"^## `dondoc (\w+)`\n(.*?)(?=^## |\Z)", PAGE.text, re.MULTILINE | re.DOTALL))
KNOWN = {command.name: command.help for commands in COMMANDS.values() for command in commands}


def test_every_command_of_an_author_has_its_part() -> None:
    assert set(SECTIONS) == {command.name for command in COMMANDS["Soạn và ban hành"]} | {"ask"}


@pytest.mark.parametrize("name", SECTIONS)
def test_a_command_is_told_in_its_own_words(name: str, dondoc: Terminal) -> None:
    assert re.findall(r"^> (.+)$", SECTIONS[name], re.MULTILINE) == [KNOWN[name]]
    told = set(re.findall(r"`(?:dondoc \w+ )?(--[a-z]+)", SECTIONS[name]))
    assert told <= set(re.findall(r"--[a-z]+", dondoc(name, "--help").out))


def test_what_is_shown_happens(dondoc: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    for block in PAGE.blocks("console"):
        assert block.runs
        run(block, dondoc, monkeypatch)
