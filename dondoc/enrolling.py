"""`agencies import`: a table that an office hands over becomes a directory file, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

from rich.text import Text

from directives.language import advice
from directives.language.agencies import Agency, Directory
from directives.language.books import Library, settled, whole_of
from directives.language.findings import sound
from directives.language.reading import office
from directives.language.rolls import printed, roll_of, slug

from .arguments import Here, option
from .project import Project
from .refusal import FOUND, USAGE, Refusal
from .screen import next_step, show, tell
from .speech import lang, number, say

_SHOWN = 20  # changes, before the rest is only counted
_SIGNS = {"+": "green", "~": "yellow", "-": "red"}

Agencies = Mapping[str, Agency]


class _Change(NamedTuple):
    """What becomes of a row: its sign, its id, and what is said of it."""

    sign: str
    id: str
    words: str


def enrol(
    file: Annotated[Path, option("bảng .csv hoặc .xlsx: cột tên, và mã, trực thuộc, email, điện thoại nếu có")], /, *, project: Here,
    name: Annotated[str | None, option("tên danh bạ; mặc định theo tên tệp", name="--as")] = None,
    replace: Annotated[bool, option("bảng này thay cả danh bạ ấy: ai không có trong bảng thì bỏ")] = False,
    dry_run: Annotated[bool, option("chỉ xem khác gì, không ghi")] = False,
) -> int:
    """Bring a table into the directory. Everything is right and written, or nothing is; the same table again changes nothing."""
    target = _target(project, name or slug(file.stem))
    library, _ = office(project.agencies)
    others = whole_of({key: book for key, book in library.books.items() if key != target.stem})
    mine = _kept(library, target)
    rows = _rows(file, others, {} if replace else mine)
    if rows is None:
        return FOUND
    made = rows if replace else {**mine, **rows}
    changes = list(_changes(mine, made))
    _told(changes, made)
    if dry_run:
        tell(say("Chạy thử: chưa ghi gì."))
    elif changes:
        _written(target, printed(made.values()))
        tell(next_step(say("Xem ai chưa có địa chỉ, chưa thuộc nhóm nào"), "dondoc agencies check"))
    return 0


def _target(project: Project, name: str) -> Path:
    if slug(name) != name or not name:
        raise Refusal(say("không dùng “{name}” làm tên danh bạ được", name=name), say("chữ thường không dấu: --as truong"), code=USAGE)
    if (project.agencies / f"{name}.yaml").exists():
        by_hand = say("đã có danh bạ {file} viết tay", file=project.agencies / f"{name}.yaml")
        raise Refusal(by_hand, say("chọn tên khác: --as {name}", name=f"{name}-2"))
    return project.agencies / f"{name}.csv"


def _kept(library: Library, target: Path) -> Agencies:
    """What the file holds already. Raises Refusal where it cannot be read."""
    book = library.books.get(target.stem)
    if book is not None and not book.is_sound:
        raise Refusal(say("không đọc được {file}", file=target), say("xem: {command}", command=f"dondoc check {target}"))
    return book.directory.agencies if book else {}


def _rows(file: Path, others: Directory, mine: Agencies) -> Agencies | None:
    """The agencies of the table; None where its findings have been shown. Raises Refusal where it cannot be opened."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Refusal(say("không mở được {file}: {why}", file=file, why=error.strerror or error), code=USAGE) from error
    book, text = roll_of(data, file, others, mine)
    book = settled(book, Directory(agencies={**others.agencies, **mine, **book.directory.agencies}, groups=others.groups))
    if book.findings:
        show(advice.human(book.findings, {file: text}, lang()))
    if sound(book.findings):
        return book.directory.agencies
    tell(say("Chưa ghi gì: sửa các dòng trên rồi nhập lại cả bảng."))
    return None


def _changes(old: Agencies, new: Agencies) -> Iterator[_Change]:
    """Yield what a directory gains, changes and loses."""
    for id_, agency in new.items():
        if id_ not in old:
            yield _Change("+", id_, agency.name)
        elif agency != old[id_]:
            yield _Change("~", id_, "; ".join(_differences(old[id_], agency)))
    yield from (_Change("-", id_, agency.name) for id_, agency in old.items() if id_ not in new)


def _differences(old: Agency, new: Agency) -> Iterator[str]:
    for field in Agency.model_fields:
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            yield f"{field.rstrip('_')}: {_plain(before)} → {_plain(after)}"


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "–"
    return str(value) if value is not None else "–"


def _told(changes: list[_Change], made: Agencies) -> None:
    for change in changes[:_SHOWN]:
        show(Text.assemble((f"{change.sign} ", _SIGNS[change.sign]), (change.id, "bold"), f"  {change.words}"))
    if more := len(changes) - _SHOWN if len(changes) > _SHOWN else 0:
        show(Text(say("… và {n} thay đổi nữa", n=more), "dim"))
    if not changes:
        show(say("Không có gì mới: {n} đơn vị như cũ.", n=len(made)))
        return
    added, changed, gone = (number(sum(change.sign == sign for change in changes)) for sign in _SIGNS)
    tell(say("{added} đơn vị mới, {changed} đổi, {gone} bỏ.", added=added, changed=changed, gone=gone))


def _written(target: Path, text: str) -> None:
    """Write the whole file, or leave the old one."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_suffix(".csv.new")
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, target)
    except OSError as error:
        raise Refusal(say("không ghi được {file}: {why}", file=target, why=error.strerror or error)) from error
