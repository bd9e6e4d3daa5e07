"""What the doctor looks at, one line each: settings, directories, calendar, clock, ledger, mail server, other ways, disk."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple

from directives.language.directory import mail_of
from directives.language.findings import sound
from directives.language.reading import Reading
from notifications.channels.by_apprise import AddressesError, addresses
from notifications.relay import RelayDown
from tasks.ledger import audit, endpoints, health, migrate, parcels
from tasks.ledger.store import Store

from .home import MARK
from .ledger import answering, has_ledger
from .posting import reach, relay_of
from .project import Project
from .refusal import Refusal
from .speech import moment, number, say

Level = Literal["fine", "warning", "wrong"]

_FLOOR = 512 * 1024 * 1024  # bytes of disk below which evidence is refused
_DECEMBER = 12


class Found(NamedTuple):
    """One line of the examination."""

    what: str
    level: Level
    words: str


def examine(project: Project) -> Iterator[Found]:
    """Yield the lines; each look stands alone, so that one that fails keeps none of the others back."""
    looks: tuple[tuple[str, Callable[[Project], Iterator[tuple[Level, str]]]], ...] = (
        ("Cài đặt", _settings), ("Văn bản", _directives), ("Lịch nghỉ", _calendar), ("Đồng hồ", _clock),
        ("Sổ", _ledger), ("Máy chủ thư", _mail), ("Kênh khác", _ways), ("Đĩa", _disk),
    )
    for what, look in looks:
        try:
            for level, words in look(project):
                yield Found(say(what), level, words)
        except Refusal as refusal:
            yield Found(say(what), "wrong", f"{refusal.sentence} {refusal.advice}".strip())


def _settings(project: Project) -> Iterator[tuple[Level, str]]:
    settings = project.settings
    if not (project.home / MARK).exists():
        yield "warning", say("{path} không có {mark}; tạo bằng dondoc init", path=project.home, mark=MARK)
    if "127.0.0.1" in settings.base_url or "localhost" in settings.base_url:
        yield "warning", say("base_url là {url}: đường dẫn trong thư chỉ mở được trên máy này", url=settings.base_url)
    else:
        yield "fine", settings.base_url


def _directives(project: Project) -> Iterator[tuple[Level, str]]:
    paths = sorted(project.directives.glob("*.yaml"))
    reading = project.read([*paths, *(path for kind in ("yaml", "csv") for path in sorted(project.agencies.glob(f"*.{kind}")))])
    if not sound(reading.findings):
        errors = sum(found.level == "error" for found in reading.findings)
        yield "wrong", say("{n} lỗi; xem: dondoc check", n=errors)
    yield "fine", say("{n} tệp văn bản", n=len(paths))
    yield from _addresses(reading)


def _addresses(reading: Reading) -> Iterator[tuple[Level, str]]:
    """Who could not be written to."""
    directories = [directive.directory for _, directive in reading.directives]
    lacking = dict.fromkeys(a.name for directory in directories for a in directory.agencies.values() if mail_of(a.id, directory) is None)
    if lacking:
        yield "warning", say("{n} đơn vị chưa có địa chỉ thư: {names}", n=len(lacking), names=", ".join(list(lacking)[:3]))


def _calendar(project: Project) -> Iterator[tuple[Level, str]]:
    known, today = known_until(project), project.now.date()
    wanted = today.year + (today.month == _DECEMBER)
    words = say("ngày nghỉ, làm bù đã biết đến hết năm {year}", year=known)
    if known >= wanted:
        yield "fine", words
    else:
        yield "warning", say("{words}; ghi quyết định nghỉ năm {year} vào config/calendar.yaml", words=words, year=wanted)


def known_until(project: Project) -> int:
    """The last year of which days off were decided: by the package's own table or by the project's calendar."""
    from holidays.countries.vietnam import VietnamStaticHolidays  # half a second to load

    days: list[date] = [*project.calendar.off, *project.calendar.work]
    return max([*VietnamStaticHolidays.special_public_holidays, *(day.year for day in days)])


def _clock(project: Project) -> Iterator[tuple[Level, str]]:
    yield "fine", say("{at}, múi giờ {zone}", at=moment(project.now, project.settings.practice.tz), zone=project.settings.zone)


def _ledger(project: Project) -> Iterator[tuple[Level, str]]:
    if not has_ledger(project):
        yield "fine", say("chưa có: văn bản đầu tiên ban hành sẽ tạo ra")
        return
    with answering():
        store = Store(project.settings.database_url)
        try:
            migrate.check(store)
            if (project.settings.data / "keys").exists():
                _ = project.settings.keys
            yield from _stands(store, project)
        finally:
            store.close()


def _stands(store: Store, project: Project) -> Iterator[tuple[Level, str]]:
    with store.read() as db:
        sizes, last, version, is_safe = audit.sizes(db), audit.last_at(db), audit.version(db), audit.is_safe(db)
    for trouble in filter(None, health.checks(store, project.now).values()):
        yield "wrong", trouble
    if last and last > project.now + timedelta(minutes=1):
        yield "wrong", say("đồng hồ chạy lùi: sự kiện cuối ghi lúc {at}", at=moment(last, project.settings.practice.tz))
    if sizes["failed"]:
        yield "warning", say("{n} thư hỏng; xem: dondoc mail list --failed", n=sizes["failed"])
    if not is_safe:
        said = "{version} có lỗi ghi nhiều tiến trình; sổ chạy chậm hơn để giữ an toàn. Cài pysqlite3 ≥ 0.6.1"
        yield "warning", say(said, version=version)
    yield "fine", say("{version}: {directives} văn bản, {open} việc đang mở, {events} sự kiện, {waiting} thư chờ",
                      version=version, **{name: number(count) for name, count in sizes.items()})


def _mail(project: Project) -> Iterator[tuple[Level, str]]:
    relay_of(project)
    for relay in project.settings.relays:
        try:
            asyncio.run(reach(relay))
        except RelayDown as error:
            yield "wrong", say(error.sentence, **error.facts)
        else:
            yield "fine", say("{host}:{port} trả lời ({tls})", host=relay.host, port=relay.port, tls=relay.tls)


def _ways(project: Project) -> Iterator[tuple[Level, str]]:
    """What is told by other ways than mail, and fails."""
    yield from _opened_ways(project)
    if not has_ledger(project):
        return
    with answering():
        store = Store(project.settings.database_url)
        try:
            with store.read() as db:
                told, missed = endpoints.known(db), parcels.troubles(db)
        finally:
            store.close()
    for of in told:
        if of.ended_why in ("failing", "gone"):
            yield "warning", say("webhook số {number} đã ngừng; xem: dondoc webhooks list", number=of.id)
        elif of.failing_since and not of.ended_at:
            since = moment(of.failing_since, project.settings.practice.tz)
            yield "warning", say("webhook số {number} không nhận được từ {at}, {n} lần", number=of.id, at=since, n=of.failures)
    for way, (n, reply) in missed.items():
        yield "warning", say("{way}: {n} tin chưa tới; lần gần nhất: {reply}", way=way, n=n, reply=reply)


def _opened_ways(project: Project) -> Iterator[tuple[Level, str]]:
    settings = project.settings
    if settings.zalo_token_file:
        readable = os.access(settings.zalo_token_file, os.R_OK)
        if not settings.zalo_template:
            yield "wrong", say("zalo: thiếu cài đặt zalo_template")
        elif not readable:
            yield "wrong", say("zalo: không đọc được {path}", path=settings.zalo_token_file)
        else:
            yield "fine", say("zalo: {url}", url=settings.zalo_url)
    if settings.apprise_file:
        try:
            yield "fine", say("apprise: địa chỉ của {n} đơn vị", n=len(addresses(settings.apprise_file)))
        except AddressesError as error:
            yield "wrong", say("{path}:{line}: cần “mã-đơn-vị địa-chỉ”", path=error.path, line=error.line)
        except (OSError, UnicodeDecodeError):
            yield "wrong", say("apprise: không đọc được {path}", path=settings.apprise_file)


def _disk(project: Project) -> Iterator[tuple[Level, str]]:
    try:
        free = shutil.disk_usage(project.home).free
    except OSError as error:
        yield "wrong", f"{project.home}: {error.strerror}"
        return
    words = say("còn {n} GB", n=f"{free / 1e9:.0f}")
    yield ("fine", words) if free >= _FLOOR else ("wrong", say("{words}: minh chứng gửi kèm sẽ bị từ chối", words=words))
