"""Keys of programs and addresses that are told, at the command line."""

from __future__ import annotations

import re

import pytest

from tests import command_line
from tests.command_line import SAMPLE, Terminal

dondoc = command_line.dondoc


@pytest.fixture
def issued(dondoc: Terminal) -> Terminal:
    """A project whose sample was issued."""
    assert dondoc("apply", SAMPLE, "--yes").code == 0
    return dondoc


def test_a_programs_key_is_printed_once_and_ended(issued: Terminal) -> None:
    given = issued("programs", "add", "Phần mềm điều hành", "--scope", "read:all")
    assert given.code == 0, given.err
    assert re.fullmatch(r"dd1\.1\.[\w-]{43}\n", given.out)
    assert given.out.strip() not in issued("programs", "list").out
    assert issued("programs", "add", "Phần mềm điều hành", "--scope", "read:all").code == 2
    assert issued("programs", "add", "Khác", "--scope", "act:khong-co").code == 2
    assert [issued("programs", "revoke", "Phần mềm điều hành").code for _ in range(2)] == [0, 1]
    assert issued.json("programs", "list")["programs"][0]["revoked_at"]


def test_an_address_is_told_until_it_is_removed(issued: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "http://127.0.0.1:9/nhan"
    assert issued("webhooks", "add", url).code == 2  # inside
    monkeypatch.setenv("DONDOC_WEBHOOK_NETWORKS", "127.0.0.0/8")
    assert issued("webhooks", "add", url, "--kind", "duty.lost").code == 2
    assert issued("webhooks", "add", url, "--kind", "duty.done").out.startswith("whsec_")
    assert issued("webhooks", "add", url).code == 2
    assert "whsec_" not in issued("webhooks", "list").out
    assert issued("webhooks", "test", "1").code == 75
    assert [issued("webhooks", "remove", "1").code for _ in range(2)] == [0, 2]
    assert issued.json("webhooks", "list")["webhooks"][0]["ended_why"] == "operator"
