"""Evidence that comes with an answer: what a file may be, told by its content, and how a kept file is carried between pages."""

from __future__ import annotations

import hashlib
import hmac
import struct
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, is_zipfile

import filetype  # type: ignore[import-untyped]

from .words import Say

MOST_FILES = 5
MOST_BYTES = 10 * 1024 * 1024
MOST_MEMBERS = 2_000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PIXELS = 100_000_000

PICTURES = frozenset({"jpg", "png"})
_SAME = {"jpeg": "jpg"}
_OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_ALLOWED = {"pdf", *PICTURES, *_OFFICE}
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

File = tuple[str, str, int]  # (sha256, name, size), as an act carries it


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the form brought it; `content` can be read from its start again."""

    name: str
    size: int
    content: BinaryIO


def kept(
    uploads: Sequence[Upload], already: Sequence[File], keep: Callable[[Iterator[bytes], str], File]
) -> tuple[list[File], list[Say]]:
    """The files of the answer after these uploads, and what is wrong with those left out; bytes already there count once."""
    files, mistakes = list(already), []
    for upload in uploads:
        if problem := refusal(upload):
            mistakes.append(problem)
        elif len(files) >= MOST_FILES:
            mistakes.append(Say("Gửi được nhiều nhất %(most)s tệp; tệp “%(name)s” bị bỏ ra", most=MOST_FILES, name=file_name(upload.name)))
        else:
            files.append(keep(_chunks(upload.content), file_name(upload.name)))
    return list({file[0]: file for file in files}.values())[:MOST_FILES], mistakes


def refusal(upload: Upload) -> Say | None:
    """Why the file is not taken, None where it is: size, name, ending and content must all agree."""
    name, ending = file_name(upload.name), ending_of(upload.name)
    if any(sign in _OVERRIDES or unicodedata.category(sign) == "Cc" for sign in upload.name):
        return Say("Tên tệp có ký tự ẩn; hãy đổi tên rồi gửi lại")
    if upload.size > MOST_BYTES:
        return Say("Tệp “%(name)s” lớn hơn 10 MB", name=name)
    if not upload.size:
        return Say("Tệp “%(name)s” không có nội dung", name=name)
    if ending not in _ALLOWED:
        return Say("Tệp “%(name)s” không phải PDF, Word (.docx), Excel (.xlsx), JPG hoặc PNG", name=name)
    if not (_is_office(upload.content, _OFFICE[ending]) if ending in _OFFICE else _is(ending, upload.content)):
        return Say("Nội dung tệp “%(name)s” không khớp với đuôi .%(ending)s, hoặc tệp bị hỏng", name=name, ending=ending)
    return None


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


def _chunks(content: BinaryIO) -> Iterator[bytes]:
    content.seek(0)
    while chunk := content.read(65536):
        yield chunk


def sealed(file: File, link: str, key: bytes) -> str:
    """A kept file as a form carries it: signed for this link, so that nobody names a file that he did not bring."""
    sha256, name, size = file
    return f"{sha256}.{size}.{_seal(file, link, key)}.{name}"


def unsealed(text: str, link: str, key: bytes) -> File | None:
    """The file that `sealed` wrote for this link; None for anything else."""
    sha256, size, seal, name = (*text.split(".", 3), "", "", "")[:4]
    if not (len(sha256) == 64 and size.isascii() and size.isdigit() and len(size) < 12):
        return None
    file = (sha256, name, int(size))
    return file if hmac.compare_digest(seal.encode(), _seal(file, link, key).encode()) else None


def _seal(file: File, link: str, key: bytes) -> str:
    sha256, name, size = file
    return hmac.new(key, f"evidence\0{link}\0{sha256}\0{size}\0{name}".encode(), hashlib.sha256).hexdigest()[:32]
