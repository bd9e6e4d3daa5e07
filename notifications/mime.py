"""How a letter becomes bytes: a head of encoded headers, then the text and its HTML twin in base64, text first."""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Mapping

from .headers import POLICY

_LINES = re.compile(rb".{1,76}")


def sealed(head: Mapping[str, str], text: str, html: str, *, boundary: str) -> bytes:
    """The message. Base64 keeps Vietnamese whole on any road, its lines short, and `boundary`, which holds `=_`, out of the parts."""
    lines = {**head, "MIME-Version": "1.0", "Content-Type": f'multipart/alternative; boundary="{boundary}"'}
    written = "".join(POLICY.fold(*POLICY.header_store_parse(name, value)) for name, value in lines.items())
    between = b"--" + boundary.encode("ascii")
    return b"".join((written.encode("ascii"), b"\r\n", _part(between, b"plain", text), _part(between, b"html", html), between, b"--\r\n"))


def _part(between: bytes, kind: bytes, body: str) -> bytes:
    head = between + b"\r\nContent-Type: text/" + kind + b"; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    raw = b"\r\n".join([*body.encode().splitlines(), b""])  # a text's line ends are CRLF inside base64 too (RFC 2045)
    coded = b2a_base64(raw, newline=False)
    return head + b"\r\n".join(_LINES.findall(coded)) + b"\r\n"
