"""How a letter becomes bytes: a head of encoded headers, then the text and its HTML twin in base64, text first."""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Mapping
from functools import lru_cache
from struct import Struct

from .headers import POLICY

_LINE = 76


def sealed(head: Mapping[str, str], text: str, html: str, *, boundary: str) -> bytes:
    """The message. Base64 keeps Vietnamese whole on any road, its lines short, and `boundary`, which holds `=_`, out of the parts."""
    lines = {**head, "MIME-Version": "1.0", "Content-Type": f'multipart/alternative; boundary="{boundary}"'}
    written = "".join(POLICY.fold(*POLICY.header_store_parse(name, value)) for name, value in lines.items())
    between = b"--" + boundary.encode("ascii")
    return b"".join((written.encode("ascii"), b"\r\n", _part(between, b"plain", text), _part(between, b"html", html), between, b"--\r\n"))


def _part(between: bytes, kind: bytes, body: str) -> bytes:
    head = between + b"\r\nContent-Type: text/" + kind + b"; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    coded = b2a_base64(_raw(body.encode()), newline=False)
    rest = len(coded) % _LINE
    whole = _lines(len(coded) // _LINE).unpack_from(coded)
    return head + b"\r\n".join([*whole, coded[-rest:], b""] if rest else [*whole, b""])


def _raw(body: bytes) -> bytes:
    """The text with CRLF after each line, which line ends are inside base64 too (RFC 2045)."""
    if b"\r" in body:
        body = b"\n".join([*body.splitlines(), b""])
    return (body if body.endswith(b"\n") or not body else body + b"\n").replace(b"\n", b"\r\n")


@lru_cache(2048)
def _lines(count: int) -> Struct:
    """What cuts so many lines at once."""
    return Struct(f"{_LINE}s" * count)
