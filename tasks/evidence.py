"""Evidence that comes with an answer: what a file may be, told by its content, however it came; pure."""

from __future__ import annotations

import struct
import unicodedata
from pathlib import PurePosixPath, PureWindowsPath
from typing import BinaryIO, Literal
from zipfile import BadZipFile, ZipFile, is_zipfile

import filetype  # type: ignore[import-untyped]

MOST_FILES = 5
MOST_BYTES = 10 * 1024 * 1024
MOST_MEMBERS = 2_000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PIXELS = 100_000_000

Problem = Literal["", "hidden", "large", "empty", "kind", "content"]

PICTURES = frozenset({"jpg", "png"})
_SAME = {"jpeg": "jpg"}
_OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_ALLOWED = {"pdf", *PICTURES, *_OFFICE}
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def problem(name: str, size: int, content: BinaryIO) -> Problem:
    """Why a file is not taken, "" where it is: size, name, ending and content must all agree."""
    ending = ending_of(name)
    if any(sign in _OVERRIDES or unicodedata.category(sign) == "Cc" for sign in name):
        return "hidden"
    if size > MOST_BYTES:
        return "large"
    if not size:
        return "empty"
    if ending not in _ALLOWED:
        return "kind"
    fits = _is_office(content, _OFFICE[ending]) if ending in _OFFICE else _is(ending, content)
    return "" if fits else "content"


def file_name(name: str) -> str:
    """The bare name in NFC, without folders or invisible signs, short enough to print."""
    bare = PureWindowsPath(PurePosixPath(unicodedata.normalize("NFC", name)).name).name
    stem, dot, ending = "".join(sign for sign in bare if unicodedata.category(sign)[0] != "C").rpartition(".")
    return f"{stem[:100]}{dot}{ending[:10]}"


def ending_of(name: str) -> str:
    """The ending that says what a file claims to be, in one spelling."""
    ending = file_name(name).rpartition(".")[2].lower()
    return _SAME.get(ending, ending)


def _is(ending: str, content: BinaryIO) -> bool:
    content.seek(0)
    head = content.read(8192)
    guess = filetype.guess(head)
    # A file that is also an archive is two files at once: one to look harmless, one to be opened.
    return guess is not None and guess.extension == ending and not is_zipfile(content) and not (ending == "png" and _is_huge(head))


def _is_huge(head: bytes) -> bool:
    """Too many points, or a header that is cut off before it tells how many."""
    width, height = struct.unpack(">II", head[16:24].ljust(8, b"\xff"))
    return bool(width * height > MOST_PIXELS)


def _is_office(content: BinaryIO, body: str) -> bool:
    content.seek(0)
    if content.read(4) != b"PK\x03\x04":
        return False
    try:
        with ZipFile(content) as archive:
            members = archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError):
        return False
    names = {member.filename for member in members}
    small = len(members) <= MOST_MEMBERS and sum(member.file_size for member in members) <= MOST_UNPACKED
    return small and {"[Content_Types].xml", body} <= names and not any(name.endswith("vbaProject.bin") for name in names)
