"""Where a name still stands in a project's files: exports, plans, undo files, what Prefect keeps; archives are looked into."""

from __future__ import annotations

import json
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

#: A file is read in pieces of so many bytes, each with the end of the one before.
PIECE = 1 << 20


def holding(folder: Path, name: str) -> tuple[Path, ...]:
    """The files below a folder that hold a name as people, JSON or a workbook write it, in order."""
    spelled = _spellings(name)
    return tuple(path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink() and _holds(path, spelled))


def _spellings(name: str) -> tuple[bytes, ...]:
    forms = {unicodedata.normalize(form, name) for form in ("NFC", "NFD")}
    escaped = {json.dumps(form)[1:-1] for form in forms}
    return tuple(sorted({form.encode() for form in forms | escaped} | {form.encode("utf-16-le") for form in forms}))


def _holds(path: Path, spelled: tuple[bytes, ...]) -> bool:
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return any(_any(archive.read(each), spelled) for each in archive.namelist())
        return any(_any(piece, spelled) for piece in _pieces(path, max(map(len, spelled))))
    except (OSError, zipfile.BadZipFile):
        return False


def _pieces(path: Path, overlap: int) -> Iterator[bytes]:
    end = b""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield end + piece
            end = piece[-overlap:]


def _any(data: bytes, spelled: tuple[bytes, ...]) -> bool:
    return any(each in data for each in spelled)
