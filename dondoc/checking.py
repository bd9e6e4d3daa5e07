"""`check`: every mistake of every file, for people, programs and GitHub."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from rich.console import Group

from directives.language import advice
from directives.language.findings import sound
from directives.language.reading import Reading
from directives.language.sarif import sarif

from . import explaining
from .arguments import Here, option
from .editors import is_stale
from .project import Project
from .refusal import FOUND, USAGE, Refusal
from .screen import columns, next_step, show, show_raw, tell
from .speech import lang, say

Format = Literal["human", "json", "github", "sarif"]


def check(
    *paths: Annotated[Path, option("tệp hoặc thư mục; mặc định: directives/")],
    project: Here,
    format: Annotated[Format, option("dạng kết quả")] = "human",  # the flag's name
    explain: Annotated[str | None, option("giải thích một mã, ví dụ D043: vì sao, ví dụ sai, ví dụ đúng", metavar="CODE")] = None,
    docs: Annotated[str | None, option("địa chỉ của trang errors.md, cho sarif", metavar="URL")] = None,
) -> int:
    """Check directives and directories. Warnings alone leave the exit code at 0."""
    if explain:
        explaining.explain(explain)
        return 0
    reading = project.read(list(files(paths, project)))
    match format:
        case "human":
            printed(reading)
            if is_stale(project.home, project.agencies):
                tell(next_step(say("Danh bạ đã đổi, trình soạn thảo chưa biết"), "dondoc schema"))
        case "json":
            show_raw(advice.machine(reading.findings, lang()))
        case "github":
            show_raw(advice.github(reading.findings, lang()), end="")
        case "sarif":
            show_raw(sarif(reading.findings, lang(), docs))
    if reading.silenced:
        tell(say("{n} cảnh báo không hiện, vì lints_off tắt {codes}.", n=reading.silenced, codes=", ".join(project.lints_off)))
    return 0 if sound(reading.findings) else FOUND


def files(paths: tuple[Path, ...], project: Project) -> list[Path]:
    """The files that are meant: those of a folder in order, the project's directives where none is named. Raises Refusal."""
    found: list[Path] = []
    for path in paths or (project.directives,):
        if path.is_dir():
            found += sorted(inside for inside in path.iterdir() if inside.suffix in (".yaml", ".yml"))
        elif paths or path.exists():
            found.append(path)
    if not found:
        raise Refusal(
            say("không có tệp .yaml nào trong {path}", path=" ".join(map(str, paths or (project.directives,)))),
            say("tạo thư mục làm việc mới: {command}", command="dondoc init"), code=USAGE,
        )
    return found


def printed(reading: Reading) -> None:
    """The findings with their lines, and what was fine."""
    if reading.findings:
        lines = advice.human(reading.findings, reading.sources, lang(), columns()).split("\n")
        for line in lines:
            line.no_wrap = "│" in line.plain[:8]  # of a file's own line the beginning is enough
            line.overflow = "ellipsis" if line.no_wrap else None
        show(Group(*lines))
        tell(next_step(say("Vì sao, viết thế nào cho đúng"), f"dondoc check --explain {reading.findings[0].code}"))
    if sound(reading.findings):
        tell(say("{n} tệp đọc được, không có lỗi.", n=len(reading.sources)))
