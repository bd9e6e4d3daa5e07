"""Copies of a ledger: one is made while everything works, is checked, and holds all letters until somebody lets them go."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DatabaseError

from . import ending, migrate
from .ownership import StoreError
from .store import Store
from .types import seconds


class KeepingError(Exception):
    """A ledger cannot be copied, or put in the place of another; the sentence says why."""


def file_of(url: str) -> Path | None:
    """The file that a ledger is, None where it is a server's."""
    of = make_url(url)
    return Path(of.database) if of.get_backend_name() == "sqlite" and of.database else None


def back_up(store: Store, path: Path, now: datetime) -> None:
    """Copy a SQLite ledger into a new file that only its owner can read. Raises KeepingError.

    The copy does not know what leaves after it was made, so whoever works with it sends nothing until it is released.
    """
    if not store.is_sqlite:
        raise KeepingError("PostgreSQL sao lưu bằng pg_dump; khôi phục xong thì chạy: dondoc db hold")
    with _new(path) as part:
        _say(store, "VACUUM INTO ?", str(part))
        _seal(part, now)


def restore(copy: Path, ledger: Path, now: datetime) -> Path | None:
    """Put a copy in the place of a SQLite ledger that nobody uses; returns where the one before is. Raises KeepingError, StoreError."""
    if not copy.is_file():
        raise KeepingError(f"không có tệp {copy}")
    before = ledger.with_name(f"{ledger.name}.before-{now:%Y%m%dT%H%M%SZ}") if ledger.exists() else None
    with _new(ledger.with_name(f"{ledger.name}.{now:%Y%m%dT%H%M%SZ}")) as part:
        shutil.copyfile(copy, part)
        _seal(part, now)
        if before:
            _alone(ledger)
            ledger.rename(before)
        for left in ("-wal", "-shm"):
            Path(f"{ledger}{left}").unlink(missing_ok=True)
    ledger.with_name(f"{ledger.name}.{now:%Y%m%dT%H%M%SZ}").rename(ledger)
    return before


def rewrite(store: Store) -> None:
    """Write a SQLite ledger anew, so that its file keeps nothing of what was erased from it."""
    if store.is_sqlite:
        _say(store, "VACUUM")
        _say(store, "PRAGMA wal_checkpoint(TRUNCATE)")


def hold(store: Store, now: datetime) -> None:
    """Hold every letter from now on: of a ledger that was put back by other means."""
    with store.write() as db:
        _hold(db, now)


def settle(store: Store, left_by: datetime, now: datetime) -> int:
    """Of a ledger that was put back: what could leave by an instant has left, its readers are told; returns how many letters."""
    with store.write() as db:
        ids = list(db.execute(text(_LEFT), {"by": seconds(left_by), "now": seconds(now)}).scalars())
        ending.tell(db, ids, seconds(now))
    return len(ids)


def _hold(db: Connection, now: datetime) -> None:
    if not db.execute(text("UPDATE stops SET taken_at = coalesce(taken_at, :at) WHERE released_at IS NULL"), {"at": seconds(now)}).rowcount:
        db.execute(text(_HOLD), {"at": seconds(now)})


def _seal(path: Path, now: datetime) -> None:
    """Check a copy, and hold its letters. Raises KeepingError, StoreError."""
    copy = Store(f"sqlite:///{path}")
    try:
        if (wrong := _say(copy, "PRAGMA integrity_check")) != ["ok"]:
            raise KeepingError(f"bản sao hỏng: {wrong[0]}")
        migrate.upgrade(copy)
        with copy.write() as db:
            _hold(db, now)
    except DatabaseError as error:
        raise KeepingError(f"bản sao không phải là một sổ: {error.orig}") from error
    finally:
        copy.close()
        Path(f"{path}.queue").unlink(missing_ok=True)


@contextmanager
def _new(path: Path) -> Iterator[Path]:
    """A file of its owner's alone, which stands under its name when it is whole, or not at all. Raises KeepingError."""
    part = path.with_name(f"{path.name}.part")
    if path.exists():
        raise KeepingError(f"{path} đã có: chọn tên khác")
    part.unlink(missing_ok=True)
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield part
        with open(part, "rb") as whole:
            os.fsync(whole.fileno())
        part.rename(path)
    except OSError as error:
        raise KeepingError(f"không ghi được {path}: {error.strerror}") from error
    finally:
        for left in ("", "-wal", "-shm", "-journal"):
            Path(f"{part}{left}").unlink(missing_ok=True)


def _alone(ledger: Path) -> None:
    """Write what the journal still holds into the ledger. Raises KeepingError where somebody else has it open."""
    try:
        store = Store(f"sqlite:///{ledger}")
    except StoreError:
        return  # a ledger that cannot be read is no hindrance
    try:
        for pragma in ("busy_timeout=0", "locking_mode=EXCLUSIVE", "journal_mode=DELETE"):
            _say(store, f"PRAGMA {pragma}")
    except DatabaseError as error:
        if "locked" in str(error.orig):
            raise KeepingError("sổ đang được dùng: dừng `dondoc up`, `dondoc run` và các tiến trình khác trước") from error
    finally:
        store.close()


def _say(store: Store, statement: str, *values: str) -> list[Any]:
    """A statement outside any transaction, all of them on one connection; returns the first column. Raises DatabaseError."""
    with store.engine.connect() as db:
        driver = db.connection.driver_connection
        assert driver is not None
        try:
            return [row[0] for row in driver.execute(statement, values).fetchall()]
        except driver.DatabaseError as error:
            raise DatabaseError(statement, None, error) from error


_HOLD = """
INSERT INTO stops (at, wanted, expected, taken_at) VALUES (:at, 0, 0, :at)
    ON CONFLICT (at) DO UPDATE SET taken_at = excluded.taken_at, released_at = NULL, released_by = ''"""

_LEFT = """
UPDATE notices SET state = 'sent', sent_at = :now, lease = NULL, lease_until = NULL, params = NULL
 WHERE state IN ('queued', 'leased', 'uncertain') AND not_before <= :by
   AND EXISTS (SELECT 1 FROM stops WHERE taken_at IS NOT NULL AND released_at IS NULL)
RETURNING id"""
