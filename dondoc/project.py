"""The project that a command works in: its folder, the instant of the command, and what can be read there without the ledger."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from directives.language.calendar import Calendar, CalendarError, instant, overlay
from directives.language.reading import Reading, read

from .home import MARK
from .refusal import USAGE, Refusal
from .speech import say

if TYPE_CHECKING:
    from config.settings import Settings

@dataclass(frozen=True)
class Project:
    """A folder, and the instant that the command was given at."""

    home: Path
    now: datetime

    @property
    def agencies(self) -> Path:
        """The folder of directories."""
        return self.home / "config" / "agencies"

    @property
    def directives(self) -> Path:
        """The folder of directives, as one would write it here."""
        here = Path.cwd()
        return (self.home.relative_to(here) if self.home.is_relative_to(here) else self.home) / "directives"

    @cached_property
    def calendar(self) -> Calendar:
        """The official calendar under the project's own. Raises Refusal."""
        path = self.home / "config" / "calendar.yaml"
        try:
            return overlay(path.read_text(encoding="utf-8")) if path.exists() else Calendar()
        except CalendarError as error:
            raise Refusal(say("{path}: lịch không đọc được", path=path), "\n".join(error.problems)) from error

    @cached_property
    def settings(self) -> Settings:
        """The settings of the project. Raises Refusal where they are broken."""
        from config.settings import load  # `check` needs none of it

        try:
            return load(self.home)
        except ValidationError as error:
            raise _unsettled(error) from error
        except ValueError as error:  # TOML or JSON that cannot be read
            raise Refusal(say("không đọc được cài đặt: {why}", why=error), say("xem {path} và .env", path=MARK), code=USAGE) from error

    @property
    def lints_off(self) -> tuple[str, ...]:
        """Warnings that are switched off. The settings are read only where one of them speaks of it: `check` needs no other."""
        files = [path.read_text(encoding="utf-8", errors="replace") for name in (".env", MARK) if (path := self.home / name).exists()]
        spoken = any("lints_off" in words.lower() for words in (*os.environ, *files))
        return self.settings.lints_off if spoken else ()

    def read(self, paths: Sequence[Path]) -> Reading:
        """Directive files with every finding in them that is not switched off."""
        return read(paths, self.agencies, self.calendar).without(self.lints_off)

    def opening(self, day: date) -> datetime:
        """The instant at which the office opens on a day."""
        practice = self.settings.practice
        return instant(day, practice.opens, practice.tz)

    def closing(self, day: date | None) -> datetime:
        """The last second of a day, but not later than now; now where no day is named."""
        return min(self.now, self.calendar.day_end(day, self.settings.practice.tz)) if day else self.now


def _unsettled(error: ValidationError) -> Refusal:
    said = [
        f"DONDOC_{str(each['loc'][0]).upper()} “{each['input']}”: {each['msg'].removeprefix('Value error, ')}"
        for each in error.errors(include_url=False)
    ]
    return Refusal(say("cài đặt sai: {what}", what="; ".join(said)), say("sửa trong môi trường, .env hoặc dondoc.toml"), code=USAGE)
