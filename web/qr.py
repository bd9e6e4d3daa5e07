"""An address as a code that a telephone reads; pure.

All codes of one length share their frame, which segno draws once; what differs, the bits and their correction, is put into it here: a
receipt has a code of its own, and drawing the whole of it took longer than all else on the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, zip_longest
from operator import itemgetter
from typing import Any

import segno
from markupsafe import Markup
from segno import consts, encoder

from .blanks import Blank

#: The pattern laid over what a code holds. Weighing all eight took half the time of a code, and random letters look alike under each.
MASK = 3
BORDER, SCALE = 2, 3
#: From here on a length is written in two bytes.
LONG = 10
_FREE = 2  # as segno marks them
#: Eight modules as strokes of a path, by the byte that they make.
_STROKES = tuple("".join(("h1", "m1 0")[bit == "0"] for bit in f"{byte:08b}") for byte in range(256))


def qr(address: str) -> Markup:
    """The address as a QR code that stands in the page itself, so that no other file is asked for."""
    if isinstance(address, Blank):  # drawn for each reader
        return Markup(address)
    size, rows = modules(address)
    side, wide = size + 2 * BORDER, -(-size // 8)
    lines = (rows[start : start + wide] for start in range(0, len(rows), wide))
    path = "".join(f"M{BORDER} {y}.5{''.join(map(_STROKES.__getitem__, line))}" for y, line in enumerate(lines, BORDER))
    drawn = f'<path transform="scale({SCALE})" stroke="#000" d="{path}"/>'
    return Markup(f'<svg width="{side * SCALE}" height="{side * SCALE}">{drawn}</svg>')


def modules(address: str) -> tuple[int, bytes]:
    """How many modules a side has, and the rows from above, a bit for a module, each filled up to whole bytes."""
    frame = _frame(len(address)) if address.isascii() else None
    if frame is None:
        code = _drawn(address)
        return len(code.matrix), b"".join(_packed(row) for row in code.matrix)
    return frame.size, frame.filled(address)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the codes of one length have in common: the division into blocks, where each bit stands, and what stands there anyway."""

    size: int
    blocks: Sequence[tuple[int, int]]  # bytes of data and of correction
    order: Callable[[str], Sequence[str]]
    fixed: int

    def filled(self, address: str) -> bytes:
        """The rows of an address of this length."""
        return (self.placed(address) ^ self.fixed).to_bytes(self.size * -(-self.size // 8), "big")

    def placed(self, address: str) -> int:
        """The bits of an address where they stand, without what lies over them."""
        words = bytes(_words(address, self.blocks))
        bits = f"{int.from_bytes(words, 'big'):0{len(words) * 8}b}0"  # one more, for what holds none
        return int("".join(self.order(bits)), 2)


@lru_cache(maxsize=32)
def _frame(length: int) -> _Frame | None:
    """The frame of codes of so many letters, None where there are too many."""
    sample = "a" * length
    code = _drawn(sample)
    if not isinstance(code.version, int) or code.version >= LONG:
        return None
    table: Any = consts.ECC
    infos = table[code.version][consts.ERROR_MAPPING[code.error]]
    blocks = [(info.num_data, info.num_total - info.num_data) for info in infos for _ in range(info.num_blocks)]
    bare = _Frame(len(code.matrix), blocks, _order(len(code.matrix), sum(map(sum, blocks)) * 8), 0)
    return _Frame(bare.size, blocks, bare.order, bare.placed(sample) ^ int.from_bytes(b"".join(map(_packed, code.matrix)), "big"))


def _drawn(address: str) -> segno.QRCode:
    return segno.make(address, error="m", micro=False, mask=MASK)


def _packed(row: Sequence[int]) -> bytes:
    return int("".join(map(str, row)).ljust(-(-len(row) // 8) * 8, "0"), 2).to_bytes(-(-len(row) // 8), "big")


def _order(size: int, bits: int) -> Callable[[str], Sequence[str]]:
    """For each module, rows filled up to whole bytes, the bit that stands there; the one after the last where none does."""
    places = {place: bit for bit, place in zip(range(bits), _winding(_free(size)), strict=False)}
    wide = -(-size // 8) * 8
    found: Callable[[str], Sequence[str]] = itemgetter(*(places.get((y, x), bits) for y in range(size) for x in range(wide)))
    return found


def _free(size: int) -> Sequence[Sequence[bool]]:
    """The modules that no pattern takes."""
    drawing: Any = encoder
    matrix = drawing.make_matrix(size, size)
    drawing.add_finder_patterns(matrix, size, size)
    drawing.add_alignment_patterns(matrix, size, size)
    return [[module == _FREE for module in row] for row in matrix]


def _winding(rows: Sequence[Sequence[bool]]) -> Iterator[tuple[int, int]]:
    """The modules that hold bits in the order in which they are filled: up and down in double columns, from the right."""
    size = len(rows)
    rights = [right if right > 6 else right - 1 for right in range(size - 1, 0, -2)]  # past the column that counts
    for turn, right in enumerate(rights):
        for y in range(size) if turn % 2 else range(size - 1, -1, -1):
            yield from ((y, x) for x in (right, right - 1) if rows[y][x])


def _words(address: str, blocks: Sequence[tuple[int, int]]) -> Iterator[int]:
    """The bytes of a code: the address filled up, divided into blocks, each corrected, and all shuffled."""
    said, room = address.encode("ascii"), sum(data for data, _ in blocks)
    whole = (0x4 << 8 | len(said)) << len(said) * 8 | int.from_bytes(said, "big")  # 4: any letters
    filled = iter(((whole << 4).to_bytes(len(said) + 2, "big") + b"\xec\x11" * room)[:room])
    parts = [bytes(next(filled) for _ in range(data)) for data, _ in blocks]
    corrections = [_correction(part, more) for part, (_, more) in zip(parts, blocks, strict=True)]
    for shuffled in (parts, corrections):
        yield from (word for word in chain.from_iterable(zip_longest(*shuffled)) if word is not None)


def _correction(part: bytes, length: int) -> bytes:
    """The remainder of a block by the polynomial that makes so many bytes."""
    steps, rest, top, full = _steps(length), 0, (length - 1) * 8, (1 << length * 8) - 1
    for word in part:
        rest = (rest << 8) & full ^ steps[rest >> top ^ word]
    return rest.to_bytes(length, "big")


@lru_cache(maxsize=32)
def _steps(length: int) -> tuple[int, ...]:
    """What each leading byte takes away."""
    log, exp, generator = consts.GALIOS_LOG, consts.GALIOS_EXP, consts.GEN_POLY[length]
    return tuple(int.from_bytes(bytes(exp[log[lead] + power] if lead else 0 for power in generator), "big") for lead in range(256))
