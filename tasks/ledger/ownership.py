"""Whether a database is a ledger of ours: another program's, a broken file, or an emptied ledger is refused before it is touched."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

#: SQLite's mark of the program that a file belongs to, at its place in the header.
APPLICATION = int.from_bytes(b"dond")
_MAGIC, _HEADER, _MARK = b"SQLite format 3\0", 100, slice(68, 72)

#: Tables that every ledger has had from its first version on.
_OURS = {"alembic_version", "directives", "notices"}
_NOBODYS = {"alembic_version"}


class StoreError(Exception):
    """The store is none that this version can work with; the sentence says what to do."""


def look(path: Path, driver: Any) -> None:
    """Raises StoreError unless a file is a ledger, or nothing where no ledger ever stood. Writes nothing."""
    header = _header(path)
    if not header:
        if stood(path):
            raise StoreError(
                f"Sổ ở {path} đã mất hoặc trống, mà trước đây đã có: khôi phục bản sao bằng `dondoc db restore FILE`; "
                f"thật sự muốn lập sổ mới thì xóa {path}.queue."
            )
        return
    if not header.startswith(_MAGIC):
        raise StoreError(f"Tệp {path} không phải là một sổ, và không được động đến: xem lại DONDOC_DATABASE.")
    mark = int.from_bytes(header[_MARK])
    if mark != APPLICATION:
        refuse_strangers(str(path), () if mark else _tables(path, driver), marked=bool(mark))


def refuse_strangers(where: str, tables: Iterable[str], *, marked: bool = False) -> None:
    """Raises StoreError for a database with tables, or a mark, of another program."""
    names = set(tables)
    if not marked and (names >= _OURS or names <= _NOBODYS):
        return
    named = f" (bảng {', '.join(sorted(names - _NOBODYS)[:3])})" if names - _NOBODYS else ""
    raise StoreError(
        f"{where} là cơ sở dữ liệu của chương trình khác{named}, không phải sổ, và không được động đến: "
        "đặt DONDOC_DATABASE tới một nơi riêng cho dondoc."
    )


def tables(db: Connection) -> set[str]:
    """The tables beside which ours stand: those of SQLite's file, or of PostgreSQL's schema but for extensions'."""
    return set(db.execute(text(_TABLES[db.dialect.name])).scalars())


def mark(db: Connection) -> None:
    """Say in SQLite's own header that the file is a ledger."""
    if db.dialect.name == "sqlite":
        db.exec_driver_sql(f"PRAGMA application_id = {APPLICATION}")


def remember(path: Path) -> None:
    """Let the file that writers queue at remember that a ledger stands beside it."""
    if not stood(path):
        with open(os.open(f"{path}.queue", os.O_CREAT | os.O_WRONLY, 0o600), "w", encoding="ascii") as queue:
            queue.write("ledger\n")


def stood(path: Path) -> bool:
    """Whether a ledger was ever laid out in this file."""
    queue = Path(f"{path}.queue")
    return queue.is_file() and queue.stat().st_size > 0


def look_for(where: str, memory: Path) -> None:
    """Raises StoreError where a ledger that `memory` knows of stood in an empty database of a server."""
    if where in _known(memory):
        raise StoreError(
            f"Sổ ở {where} đã mất hoặc trống, mà trước đây đã có: khôi phục bằng pg_restore rồi chạy `dondoc db hold`; "
            f"thật sự muốn lập sổ mới thì xóa {memory}."
        )


def remember_at(where: str, memory: Path) -> None:
    """Let a file of the project's state remember that a ledger stands in a database of a server."""
    if where not in (known := _known(memory)):
        memory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(memory, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write("".join(f"{each}\n" for each in (*known, where)))


def _known(memory: Path) -> list[str]:
    return memory.read_text("utf-8").splitlines() if memory.is_file() else []


def _header(path: Path) -> bytes:
    """The first bytes of a file; none where there is none. What cannot be read is told by whoever opens it."""
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(_HEADER)


def _tables(path: Path, driver: Any) -> set[str]:
    with closing(driver.connect(f"file:{path.absolute().as_posix().replace('?', '%3f').replace('#', '%23')}?mode=ro", uri=True)) as db:
        if db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION:  # still in the journal alone
            return _OURS
        return {row[0] for row in db.execute(_TABLES["sqlite"])}


_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    "postgresql": """
        SELECT c.relname FROM pg_class c
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
           AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.objid = c.oid AND e.deptype = 'e')""",
}
