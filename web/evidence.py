"""Evidence that comes with a form: what is wrong with a file in words, and how a kept file is carried between pages."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from tasks.evidence import MOST_BYTES, MOST_FILES, PICTURES, ending_of, file_name, problem
from tasks.pictures import BrokenPictureError

from .words import Say

__all__ = ["MOST_BYTES", "MOST_FILES", "PICTURES", "File", "Upload", "ending_of", "file_name", "kept", "refusal", "sealed", "unsealed"]

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
            try:
                files.append(keep(_chunks(upload.content), file_name(upload.name)))
            except BrokenPictureError:
                mistakes.append(_unlike(upload.name))
    return list({file[0]: file for file in files}.values())[:MOST_FILES], mistakes


def refusal(upload: Upload) -> Say | None:
    """Why the file is not taken, None where it is."""
    found, name = problem(upload.name, upload.size, upload.content), file_name(upload.name)
    return {
        "": None,
        "hidden": Say("Tên tệp có ký tự ẩn; hãy đổi tên rồi gửi lại"),
        "large": Say("Tệp “%(name)s” lớn hơn 10 MB", name=name),
        "empty": Say("Tệp “%(name)s” không có nội dung", name=name),
        "kind": Say("Tệp “%(name)s” không phải PDF, Word (.docx), Excel (.xlsx), JPG hoặc PNG", name=name),
        "content": _unlike(upload.name),
    }[found]


def _unlike(name: str) -> Say:
    return Say("Nội dung tệp “%(name)s” không khớp với đuôi .%(ending)s, hoặc tệp bị hỏng", name=file_name(name), ending=ending_of(name))


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
