"""How a letter becomes bytes: a head of encoded headers, then the text and its HTML twin in base64, text first."""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from struct import Struct

from .headers import POLICY

_LINE = 76
_OCTETS = _LINE // 4 * 3  # of a line
_LONG = 1000  # characters from which on a piece of a text is taken for one that many letters have


def sealed(head: Mapping[str, str], text: Sequence[str], html: Sequence[str], *, boundary: str) -> bytes:
    """The message; its parts are given as `passages` gives them, a text that is one piece as `[text]`.

    Base64 keeps Vietnamese whole on any road, its lines short, and `boundary`, which holds `=_`, out of the parts.
    """
    lines = {**head, "MIME-Version": "1.0", "Content-Type": f'multipart/alternative; boundary="{boundary}"'}
    written = "".join(POLICY.fold(*POLICY.header_store_parse(name, value)) for name, value in lines.items())
    between = b"--" + boundary.encode("ascii")
    parts = (*_part(between, b"plain", text), *_part(between, b"html", html))
    return b"".join((written.encode("ascii"), b"\r\n", *parts, between, b"--\r\n"))


def passages(pieces: Iterable[str]) -> list[str]:
    """A text in few pieces: every second is one that many letters have, those between are this letter's own and may be empty."""
    found, own = list[str](), list[str]()
    for piece in pieces:
        if len(piece) < _LONG:
            own.append(piece)
        else:
            found += ("".join(own), piece)
            own.clear()
    return [*found, "".join(own)]


def octets(text: Sequence[str]) -> int:
    """How many the passages of a text have."""
    return sum(len(own.encode()) for own in text[::2]) + sum(map(_octets, text[1::2]))


def _part(between: bytes, kind: bytes, text: Sequence[str]) -> Iterator[bytes]:
    """A part in pieces. A shared passage is cut where a line begins, and what was coded of it for another letter serves again."""
    yield between + b"\r\nContent-Type: text/" + kind + b"; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    text = _ended(text)
    left = _raw(text[0])
    for shared, own in zip(text[1::2], text[2::2], strict=True):
        first, coded, last = _cut(shared, len(left) % _OCTETS)
        yield _coded(left + first)
        yield coded
        left = last + _raw(own)
    yield _coded(left)


def _ended(text: Sequence[str]) -> Sequence[str]:
    """The text with a line end after its last line; line ends of other systems become ours, wherever the passages part."""
    if any("\r" in passage for passage in text):
        text = ["".join(text).replace("\r\n", "\n").replace("\r", "\n")]
    last = text[-1] or "".join(text[-2:])
    return text if last.endswith("\n") or not last else [*text[:-1], text[-1] + "\n"]


def _raw(text: str) -> bytes:
    """The octets of a text, with CRLF after each line, which line ends are inside base64 too (RFC 2045)."""
    return text.encode().replace(b"\n", b"\r\n")


@lru_cache(256)
def _cut(passage: str, taken: int) -> tuple[bytes, bytes, bytes]:
    """The octets that end a line of which so many are `taken`, the lines that follow, coded, and the octets that begin another."""
    raw = _raw(passage)
    begin = -taken % _OCTETS
    end = len(raw) - (len(raw) - begin) % _OCTETS
    return raw[:begin], _coded(raw[begin:end]), raw[end:]


@lru_cache(64)
def _octets(passage: str) -> int:
    return len(passage.encode())


def _coded(raw: bytes) -> bytes:
    """Octets as lines of base64."""
    coded = b2a_base64(raw, newline=False)
    rest = len(coded) % _LINE
    whole = _lines(len(coded) // _LINE).unpack_from(coded)
    return b"\r\n".join([*whole, coded[-rest:], b""] if rest else [*whole, b""])


@lru_cache(2048)
def _lines(count: int) -> Struct:
    """What cuts so many lines at once."""
    return Struct(f"{_LINE}s" * count)
