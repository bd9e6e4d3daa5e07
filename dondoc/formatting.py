"""`fmt`: directives in the one form that all are written in; what they say, and what is noted beside it, stays."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from directives.language.markup import AliasUsed
from directives.language.printing import reprinted
from directives.language.reading import Reading
from directives.language.shapes import Directive

from .arguments import Here, option
from .checking import files, printed
from .project import Project
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
    fates = {path: _fate(path, reading.sources[path], directive, project, write=not check) for path, directive in reading.directives}
    _tell(fates, check=check)
    unread = len(found) - len(fates)
    return FOUND if unread or set(fates.values()) - ({"same"} if check else {"same", "new"}) else 0


def _fate(path: Path, text: str, directive: Directive, project: Project, *, write: bool) -> Fate:
    """Write a file anew, if that changes it and not what it says; the new text is read before it takes the old one's place."""
    try:
        new = reprinted(text)
    except AliasUsed:
        return "aliases"
    target = path.resolve()
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        if target.read_bytes() == new.encode():
            return "same"
        beside.write_bytes(new.encode())
        if [read for _, read in project.read([beside]).directives] != [directive]:
            return "other"
        if write:
            shutil.copymode(target, beside)
            os.replace(beside, target)
    except OSError as error:
        raise Refusal(say("không ghi được {file}: {why}", file=path, why=error.strerror or error)) from error
    finally:
        beside.unlink(missing_ok=True)
    return "new"


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
