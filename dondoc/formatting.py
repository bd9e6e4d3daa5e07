"""`fmt`: directives in the one form that all are written in; what they say, and what is noted beside it, stays."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal

from directives.language.books import Library
from directives.language.markup import AliasUsed
from directives.language.mistakes import Notes
from directives.language.parsing import draft
from directives.language.plain import decoded
from directives.language.printing import reprinted
from directives.language.reading import Reading, office

from .arguments import Here, option
from .checking import files, printed
from .refusal import FOUND, Refusal
from .screen import show, tell
from .speech import say

Fate = Literal["same", "new", "aliases", "other"]

_KEPT = {
    "aliases": "{path}: giữ nguyên, vì tệp dùng & và *",
    "other": "{path}: giữ nguyên, vì viết lại sẽ đổi nghĩa",
}


def fmt(
    *paths: Annotated[Path, option("tệp hoặc thư mục; mặc định: directives/")],
    project: Here,
    check: Annotated[bool, option("chỉ xem, không ghi: mã thoát 1 khi có tệp chưa đúng dạng")] = False,
) -> int:
    """Write directives in the canonical form. A file with errors, or that would say something else, is left alone."""
    found = [path for path in files(paths, project) if path.parent.resolve() != project.agencies.resolve()]
    reading = project.read(found)
    errors = tuple(finding for finding in reading.findings if finding.level == "error")
    if errors:
        printed(Reading((), errors, reading.sources))
    library, _ = office(project.agencies)
    fates = {path: _fate(path, library, write=not check) for path, _ in reading.directives}
    _tell(fates, check=check)
    unread = len(found) - len(fates)
    return FOUND if unread or set(fates.values()) - ({"same"} if check else {"same", "new"}) else 0


def _fate(path: Path, library: Library, *, write: bool) -> Fate:
    """Write a file anew, if that changes it and not what it says."""
    data = path.read_bytes()
    text = decoded(data, Notes()) or ""
    try:
        new = reprinted(text)
    except AliasUsed:
        return "aliases"
    if new.encode() == data:
        return "same"
    before, after = (draft(each, path, library, None)[0] for each in (text, new))
    if before is None or before != after:
        return "other"
    if write:
        _write(path.resolve(), new)
    return "new"


def _write(target: Path, text: str) -> None:
    """Put the whole new file into the place of the old one, or leave that."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_bytes(text.encode())
        shutil.copymode(target, beside)
        os.replace(beside, target)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise Refusal(say("không ghi được {file}: {why}", file=target, why=error.strerror or error)) from error


def _tell(fates: Mapping[Path, Fate], *, check: bool) -> None:
    for path, fate in fates.items():
        if fate == "new":
            show(str(path))
        elif fate in _KEPT:
            tell(say(_KEPT[fate], path=path))
    count = sum(fate == "new" for fate in fates.values())
    if count and check:
        tell(say("{n} tệp chưa đúng dạng; viết lại: {command}", n=count, command="dondoc fmt"))
    elif count:
        tell(say("{n} tệp đã viết lại.", n=count))
    else:
        tell(say("{n} tệp đã đúng dạng.", n=sum(fate == "same" for fate in fates.values())))
