"""Which days are worked, why the others are not, and which instant a wall-clock time is; no days but its own, no clock."""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from importlib import metadata
from typing import NamedTuple

import yaml

from .practice import Practice

DAY = timedelta(days=1)
END_OF_DAY = time(23, 59, 59)  # the ledger keeps whole seconds
WEEKDAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "Chủ nhật")

_WRITTEN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class CalendarError(ValueError):
    """A calendar overlay cannot be read; `problems` are sentences, one for each thing to mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class Local(NamedTuple):
    """A day that only the bodies of some places have off, or work."""

    day: date
    reason: str
    places: tuple[str, ...]
    is_off: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """Vietnam's official days off, under an overlay of days that a decision gave (`off`) or took back (`work`), with the reason.

    `local` are the days of single places: they count where `within` is told of the place.
    """

    off: Mapping[date, str] = field(default_factory=dict)
    work: Mapping[date, str] = field(default_factory=dict)
    local: tuple[Local, ...] = ()
    _years: dict[int, Mapping[date, str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_working(self, day: date) -> bool:
        """Whether offices work on `day`."""
        return day not in (self._years.get(day.year) or self._read(day.year))

    def reason(self, day: date) -> str:
        """Why `day` is off, as people say it ("Chủ nhật", "Tết Nguyên Đán"); empty on a working day."""
        return (self._years.get(day.year) or self._read(day.year)).get(day, "")

    def next_working(self, day: date) -> date:
        """The day itself if worked, else the first worked day after it."""
        while not self.is_working(day):
            day += DAY
        return day

    def previous_working(self, day: date) -> date:
        """The day itself if worked, else the last worked day before it."""
        while not self.is_working(day):
            day -= DAY
        return day

    def add_working(self, day: date, n: int) -> date:
        """The n-th working day after `day` (before it, where n is negative); `day` itself is not counted."""
        step = DAY if n > 0 else -DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def day_end(self, day: date, tz: tzinfo) -> datetime:
        """The last second of a local day, in UTC."""
        return instant(day, END_OF_DAY, tz)

    def window(self, at: datetime, practice: Practice, *, minutes: int = 0) -> datetime:
        """The first instant, `minutes` or more after `at`, that lies in the send window of a working day."""
        at += timedelta(minutes=minutes)
        local = at.astimezone(practice.tz)
        day = local.date() + DAY if local.time() > practice.closes else local.date()
        return max(at, instant(self.next_working(day), practice.opens, practice.tz))

    def within(self, places: Collection[str]) -> Calendar:
        """The calendar of a body that is in these places (ids of the directory), itself among them."""
        mine = [day for day in self.local if not set(places).isdisjoint(day.places)]
        if not mine:
            return self
        off, work = dict(self.off), dict(self.work)
        for each in mine:
            kept, other = (off, work) if each.is_off else (work, off)
            kept[each.day] = each.reason
            other.pop(each.day, None)
        return Calendar(off=off, work=work)

    @property
    def body(self) -> str:
        """The overlay as JSON with one spelling, and the version of the table of official days beneath it."""
        said = {name: {day.isoformat(): reason for day, reason in getattr(self, name).items()} for name in ("off", "work")}
        local = [[day.day.isoformat(), *day[1:]] for day in sorted(self.local)]
        whole = {**said, "official": _table(), **({"local": local} if local else {})}
        return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def version(self) -> str:
        """Eight letters that change with any of its days."""
        return hashlib.sha256(self.body.encode()).hexdigest()[:8]

    def _read(self, year: int) -> Mapping[date, str]:
        days = {**_official(year), **{day: reason for day, reason in self.off.items() if day.year == year}}
        for day in self.work:
            days.pop(day, None)
        self._years[year] = days
        return days


def of_body(body: str) -> Calendar:
    """A calendar from its `body`, over the table of official days that is here now."""
    said = json.loads(body)
    off, work = ({date.fromisoformat(day): reason for day, reason in said[name].items()} for name in ("off", "work"))
    local = (Local(date.fromisoformat(day), reason, tuple(places), is_off) for day, reason, places, is_off in said.get("local", ()))
    return Calendar(off=off, work=work, local=tuple(local))


@cache
def _table() -> str:
    return metadata.version("holidays")


@cache
def _official(year: int) -> Mapping[date, str]:
    """The year's weekends and public holidays, each with its name; a Saturday that the package knows to be worked is not among them."""
    from holidays import country_holidays  # noqa: PLC0415  # half a second to load: not before a day is asked for

    named = country_holidays("VN", years=year, expand=False, language="vi")
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1)]
    return {day: named.get(day) or WEEKDAYS[day.weekday()].capitalize() for day in days if not named.is_working_day(day)}


def instant(day: date, hour: time, tz: tzinfo) -> datetime:
    """A wall-clock time as an instant in UTC: of a time that comes twice the first, of one that is skipped the next that exists."""
    wall = datetime.combine(day, hour, tzinfo=tz)
    at = wall.astimezone(UTC)
    if at.astimezone(tz).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return at
    early, late = int(wall.replace(fold=1).timestamp()), int(at.timestamp())
    after, seconds = at.astimezone(tz).utcoffset(), range(early, late + 1)
    valid = bisect_left(seconds, True, key=lambda second: datetime.fromtimestamp(second, tz).utcoffset() == after)
    return datetime.fromtimestamp(seconds[valid], UTC)


def overlay(text: str) -> Calendar:
    """The calendar that `calendar.yaml` describes: `off:` and `work:`, each a mapping of days to reasons or a list of days.

    A reason may say where alone it holds: `{reason: Lễ hội, in: huyen-a}`. Raises CalendarError with every problem at once.
    """
    try:
        said = yaml.load(text, Loader=yaml.CBaseLoader) or {}
    except yaml.YAMLError as error:
        raise CalendarError([f"không đọc được YAML: {error}"]) from error
    if not isinstance(said, dict):
        raise CalendarError(["cần hai mục off: và work:"])
    problems = [f"không có mục {word!r}; chỉ có off: và work:" for word in said if word not in ("off", "work")]
    days = [*_days(said.get("off"), problems, is_off=True), *_days(said.get("work"), problems, is_off=False)]
    off, work = ({day.day: day.reason for day in days if not day.places and day.is_off is kind} for kind in (True, False))
    problems += [f"ngày {written(day)} vừa nghỉ (off) vừa làm việc (work)" for day in sorted(off.keys() & work.keys())]
    if problems:
        raise CalendarError(problems)
    return Calendar(off=off, work=work, local=tuple(day for day in days if day.places))


def _days(said: object, problems: list[str], *, is_off: bool) -> list[Local]:
    """Days with their reasons and places (none: everywhere); what is no day is added to `problems`."""
    pairs = said.items() if isinstance(said, dict) else [(word, "") for word in said] if isinstance(said, list) else []
    if said and not pairs:
        problems.append(f"{said!r}: cần một danh sách ngày")
    days = []
    for word, words in pairs:
        try:
            day = _day(str(word))
        except ValueError:
            problems.append(f"không có ngày {word!r}; viết như 2/1/2026")
            continue
        reason, places = _said(day, words, problems)
        days.append(Local(day, reason or "Ngày nghỉ theo quyết định", places, is_off))
    return days


def _said(day: date, words: object, problems: list[str]) -> tuple[str, tuple[str, ...]]:
    """The reason of a day, and where alone it holds."""
    if not isinstance(words, dict):
        return str(words), ()
    places = words.get("in", ())
    if not words.keys() <= {"reason", "in"} or not places:
        problems.append(f"ngày {written(day)}: sau ngày là lý do, hoặc {{reason: lý do, in: mã địa bàn}}")
    return str(words.get("reason", "")), tuple(places) if isinstance(places, list) else (str(places),)


def _day(word: str) -> date:
    match = _WRITTEN.fullmatch(word.strip())
    if match is None:
        return date.fromisoformat(word.strip())
    return date(int(match[3]), int(match[2]), int(match[1]))


def written(day: date) -> str:
    """A day as papers write it: 25/5/2020."""
    return f"{day.day}/{day.month}/{day.year}"
