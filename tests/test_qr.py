"""Codes of addresses are those that segno draws, module for module."""

from __future__ import annotations

import re
from itertools import cycle, islice

import pytest
import segno

from web.qr import MASK, modules, qr

LETTERS = "https://viec.giao-duc.example/t/Zk3_x-9QbW/"


@pytest.mark.parametrize("length", [21, 22, 30, 47, 62, 63, 84, 85, 106, 122, 152, 180, 181, 240])
def test_a_code_is_what_segno_draws(length: int) -> None:
    address = "".join(islice(cycle(LETTERS), length))
    code = segno.make(address, error="m", micro=False, mask=MASK)
    size, rows = modules(address)
    wide = -(-size // 8)
    shown = [f"{int.from_bytes(rows[y * wide : (y + 1) * wide], 'big'):0{wide * 8}b}"[:size] for y in range(size)]
    assert shown == ["".join(map(str, row)) for row in code.matrix]


def test_the_drawing_has_a_stroke_for_each_dark_module() -> None:
    size, rows = modules(LETTERS)
    drawn = str(qr(LETTERS))
    assert drawn.count("h1") == sum(byte.bit_count() for byte in rows)
    assert len(re.findall(r"M2 \d+\.5", drawn)) == size


def test_an_address_in_other_letters_has_a_code_as_well() -> None:
    size, _ = modules("https://việc.example/t/abc")
    assert size == len(segno.make("https://việc.example/t/abc", error="m", micro=False, mask=MASK).matrix)
