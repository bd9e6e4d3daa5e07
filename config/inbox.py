"""Status files in a project's `inbox/`: each is read once it has stopped growing, applied once, and put away with a report beside it.

A file with a mistake is not applied at all and goes to `bad/`: it is mended and dropped again. A file without one is applied row by row,
each in a transaction of its own; what the rules refuse is named in the report, and the file goes to `done/`. A row that says what it has
said before changes nothing, in whichever file it comes. A folder that is called like an agency speaks in that agency's name alone, one
that the settings trust in every agency's; elsewhere a row must bear the mark that it was handed out with.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from directives.language.calendar import Calendar
from notifications.links import derived
from tasks import dropped
from tasks.dropped_rows import Row, Sheet
from tasks.ledger import acts, receiving
from tasks.ledger.receiving import Arrival
from tasks.ledger.register import LedgerRegister
from tasks.ledger.roster import codes
from tasks.ledger.rows import canonical
from tasks.ledger.store import Store
from tasks.seals import Seals
from tasks.values import Act, Said

from .settings import Settings

ENDINGS = (".csv", ".xlsx", ".json")
UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".filepart")
_ASIDE = ("done", "bad")
LONGEST = 200  # bytes of a name: with its day, its number and an ending it stays within what a disk takes

#: Why a row is refused that proves nothing.
FOREIGN = (
    "không ghi được: không rõ ai gửi. Đặt tệp vào inbox/<mã đơn vị>/, gửi lại đúng bảng đã phát (có cột Dấu), "
    "hoặc khai thư mục của hệ thống gửi ở DONDOC_INBOX_TRUST"
)

log = logging.getLogger(__name__)


class Place(NamedTuple):
    """Where a file lies: in the folder of an agency (`own`), of a system that is trusted, or of neither."""

    own: str = ""
    trusted: str = ""

    def lets(self, row: Row) -> bool:
        """Whether a row may come from here."""
        return bool(self.own or self.trusted) or row.marked


ANYWHERE = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a round did: files that were read to their end, files with mistakes; rows that were recorded, refused, or known before."""

    done: int = 0
    bad: int = 0
    rows: int = 0
    refused: int = 0
    known: int = 0

    def __add__(self, other: Taken) -> Taken:
        return Taken(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """The folder of one office."""

    settings: Settings
    store: Store
    calendar: Calendar

    @property
    def seals(self) -> Seals:
        """Marks rows that are handed out to be filled in, and knows them again."""
        return Seals(derived(self.settings.form_key, "workbook"))

    def take(self, now: datetime) -> Taken:
        """Read every file that is as it was in the round before; the others are left to whoever writes them."""
        folder = self.settings.home / "inbox"
        if not folder.is_dir():
            return Taken()
        before, seen = self._seen(), {}
        found = Taken()
        for path, place in self._files(folder):
            stat = path.stat()
            name, looks = str(path.relative_to(folder)), [stat.st_size, stat.st_mtime_ns]
            if before.get(name) != looks or not (became := self._taken(path, place, now)):
                seen[name] = looks
            else:
                found += became
        self._remember(seen)
        return found

    def _files(self, folder: Path) -> Iterator[tuple[Path, Place]]:
        """The finished files, each with where it lies; a link is no folder of ours."""
        with self.store.read() as db:
            places = {name: Place(trusted=name) for name in self.settings.inbox_trust} | {code: Place(own=code) for code in codes(db)}
        for path in sorted(folder.iterdir()):
            place = places.get(path.name) if path.is_dir() and path.name not in _ASIDE and not path.is_symlink() else None
            if place:
                yield from ((each, place) for each in sorted(path.iterdir()) if _is_finished(each))
            elif _is_finished(path):
                yield path, ANYWHERE

    def _taken(self, path: Path, place: Place, now: datetime) -> Taken | None:
        """What a file did; None for one that cannot be read or put away: it lies there still, and holds up no other."""
        try:
            return self._take(path, place, now)
        except OSError as error:
            log.warning("một tệp trong inbox/ không đọc được hoặc không cất được: %s", error.strerror)
            return None

    def _take(self, path: Path, place: Place, now: datetime) -> Taken:
        data = path.read_bytes()
        arrival = self.arrival(data, place)
        today = now.astimezone(self.settings.practice.tz).date()
        with self.store.read() as db:
            if receiving.is_known(db, arrival):
                return self._put(path, "done", "tệp này đã nhận trước đây, không ghi thêm gì\n", Taken(done=1), now)
            if path.suffix.lower() not in ENDINGS:
                return self._put(path, "bad", f"chỉ đọc được {', '.join(ENDINGS)}\n", Taken(bad=1), now)
            sheet = dropped.read(data, path.name, LedgerRegister(db, self.seals), today, place.own)
        if sheet.troubles:
            return self._put(path, "bad", _wrong(sheet, path), Taken(bad=1), now)
        if sheet.rows and not any(map(place.lets, sheet.rows)):
            return self._put(path, "bad", "".join(f"dòng {row.line}: {FOREIGN}\n" for row in sheet.rows), Taken(bad=1), now)
        lines, counted = [], Taken(done=1)
        for row in sheet.rows:
            words, became = self.apply(row, _named(path), now) if place.lets(row) else (FOREIGN, Taken(refused=1))
            lines.append(f"dòng {row.line}: {words}\n")
            counted += became
        receiving.set_aside(self.store, arrival, "file", now)
        return self._put(path, "done", "".join(lines) or "không có dòng nào\n", counted, now)

    def apply(self, row: Row, name: str, now: datetime) -> tuple[str, Taken]:
        """Carry a row out, by the same rules as a page's: what became of it, in words and counted."""
        said = Said(name=row.name or "hệ thống khác", role=row.role or f"tệp {name}")
        words = {each: value for each, value in row.saying.words().items() if each != "kind"}
        key = sha256(canonical([row.task, row.by, row.saying.to_json(), row.name, row.role]).encode()).hexdigest()[:32]
        act = Act(kind=row.saying.kind, task=row.task, said=said, key=f"file:{key}", by=row.by, source=f"tệp {name}, dòng {row.line}")
        receipt = acts.act(self.store, replace(act, **words), self.calendar, now)
        if receipt.refusal:
            return f"không ghi được: {receipt.refusal}", Taken(refused=1)
        return (f"đã ghi số {receipt.number}", Taken(rows=1)) if receipt.new else (f"đã ghi trước đây, số {receipt.number}", Taken(known=1))

    @staticmethod
    def arrival(data: bytes, place: Place = ANYWHERE) -> Arrival:
        """A file by its content and in whose name it speaks: what came once is known again."""
        speaks = f"{place.own}\0{place.trusted}\0" if place.trusted else f"{place.own}\0"
        return Arrival(source="file", key=sha256(speaks.encode() + data).hexdigest())

    def _put(self, path: Path, where: str, report: str, counted: Taken, now: datetime) -> Taken:
        """Move a file out of the way, with what became of it beside it."""
        folder = self.settings.home / "inbox" / where
        folder.mkdir(exist_ok=True)
        stem = f"{now.astimezone(self.settings.practice.tz):%Y%m%d-%H%M%S}-{_named(path)}"
        name = next(each for n in range(1, 10_000) if not (folder / (each := stem if n == 1 else f"{n}-{stem}")).exists())
        (folder / f"{name}.txt").write_text(report, encoding="utf-8")
        os.replace(path, folder / name)
        return counted

    def _seen(self) -> dict[str, list[int]]:
        try:
            return dict(json.loads((self.settings.data / "inbox.json").read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return {}

    def _remember(self, seen: dict[str, list[int]]) -> None:
        path = self.settings.data / "inbox.json"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(seen, file)


def _is_finished(path: Path) -> bool:
    """A file that its name does not call unfinished; a link is none of ours."""
    name = path.name
    return path.is_file() and not path.is_symlink() and name[0] not in ".~" and not name.lower().endswith(UNFINISHED)


def _named(path: Path) -> str:
    """A file's name as it is written down: the end of it that a name with its day can hold, without what is no text."""
    return os.fsencode(path.name)[-LONGEST:].decode("utf-8", "ignore")


def _wrong(sheet: Sheet, path: Path) -> str:
    """Every mistake with its row, its column and how to mend it."""
    lines = ["chưa ghi dòng nào: sửa các lỗi sau rồi đặt lại tệp vào inbox/\n"]
    for line, column, found in dropped.told(sheet, path):
        place = f"dòng {line}, cột {column}" if column else f"dòng {line}"
        lines.append(f"{place}: {found.code} {found.message}{f'; {found.hint}' if found.hint else ''}\n")
    return "".join(lines)
