"""What may stand in a letter's head: text made safe and encoded before it comes near a header, addresses that are exactly one."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode
from email.policy import Policy
from functools import lru_cache

from directives.language.addresses import address

LONGEST = 300  # characters of human text in a header

_LINE = 76  # RFC 2047: a line that carries an encoded word is no longer
_WRAPPING = len("=?UTF-8?B??=")
# Controls of both sets, line and paragraph separators, overrides of direction, a byte order mark and lone surrogates.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_ENCODED = re.compile(r"=\?.*?\?=")
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 /-]*")
_READY = re.compile(r"[ -~]*(?:\r\n [ -~]+)*")


class Encoded(Policy):
    """Headers arrive encoded and folded, and leave as they are; what is neither is refused, so that nothing can be injected."""

    def header_store_parse(self, name: str, value: str) -> tuple[str, str]:
        """The pair as given. Raises ValueError."""
        if not _READY.fullmatch(value):
            raise ValueError(f"{name}: a header's value must be encoded and folded beforehand")
        return name, value

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """The pair as it was on the wire."""
        name, _, value = "".join(sourcelines).partition(":")
        return name, value.strip(" \r\n")

    def header_fetch_parse(self, name: str, value: str) -> str:
        """The value as stored."""
        return value

    def fold(self, name: str, value: str) -> str:
        """The header's lines; they were folded beforehand."""
        return f"{name}: {value}\r\n"

    def fold_binary(self, name: str, value: str) -> bytes:
        """The header's lines as octets."""
        return self.fold(name, value).encode("ascii")


POLICY = Encoded(linesep="\r\n", max_line_length=None)


def clean(text: str) -> str:
    """Human text fit for a header: NFC, one line, no controls, nothing that a reader could decode a second time, at most 300 characters."""
    text = " ".join(_UNSAFE.sub(" ", unicodedata.normalize("NFC", text)).split())
    while "=?" in text:
        text = " ".join((_ENCODED.sub(" ", text) if _ENCODED.search(text) else text.replace("=?", "= ?")).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


@lru_cache(4096)
def words(text: str, taken: int = 0) -> str:
    """`text` as folded RFC 2047 words of whole characters, or as it is where plain; `taken` columns of the first line are in use."""
    text = clean(text)
    if _PLAIN.fullmatch(text) and taken + len(text) <= _LINE:
        return text
    raw, pieces, room = text.encode(), [], _LINE - taken - _WRAPPING
    while raw:
        piece = _cut(raw, room // 4 * 3)
        pieces.append(f"=?UTF-8?B?{b64encode(piece).decode()}?=")
        raw, room = raw[len(piece) :], _LINE - 1 - _WRAPPING
    return "\r\n ".join(pieces)


@lru_cache(4096)
def mailbox(name: str, mail: str, taken: int = 0) -> str:
    """A display name and its address, for From, To and Reply-To."""
    shown = words(name, taken)
    if not shown:
        return f"<{address(mail)}>"
    last = shown.rsplit("\r\n", 1)
    column = len(last[-1]) + (taken if len(last) == 1 else 0)
    return f"{shown}{' ' if column + len(mail) + 3 <= _LINE else chr(13) + chr(10) + ' '}<{address(mail)}>"


def _cut(raw: bytes, most: int) -> bytes:
    end = min(most, len(raw))
    while end < len(raw) and raw[end] & 0xC0 == 0x80:  # inside a character
        end -= 1
    return raw[:end]
