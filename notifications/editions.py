"""An office's own templates once published: each edition stands unchanged, and a letter is written by the one of its own date."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime
from pathlib import Path

from .layout import frame_of


class Editions:
    """The editions in a folder of the project's state; none published means our own templates."""

    def __init__(self, shelf: Path) -> None:
        self._shelf, self._seen = shelf, -1
        self._stamps: list[str] = []
        self._places: list[Path] = []

    def at(self, when: datetime) -> Path | None:
        """The edition that a letter of that date is written by, so that a second copy has the bytes of the first."""
        self._look()
        found = bisect_right(self._stamps, _stamp(when))
        return self._places[found - 1] if found else None

    def is_published(self, folder: Path) -> bool:
        """Whether the latest edition holds what the folder holds now; a folder without a file is published from the start."""
        self._look()
        return _contents(folder) == (_contents(self._places[-1]) if self._places else {})

    def publish(self, folder: Path, now: datetime) -> Path:
        """Keep the folder as it is, for letters from `now` on; its frame is built here, once. What is kept is found faultless before."""
        place = self._shelf / _stamp(now)
        new = place.with_name(f".{place.name}.new")
        new.mkdir(mode=0o700, parents=True)
        for name, content in _contents(folder).items():
            (new / name).parent.mkdir(exist_ok=True)
            (new / name).write_bytes(content)
        if (frame := new / "frame.mjml").exists():
            (new / "frame.html").write_text(frame_of(frame.read_text("utf-8")), encoding="utf-8")
        new.rename(place)
        self._seen = -1
        return place

    def _look(self) -> None:
        """Read the shelf again where it has changed: another process may have published."""
        changed = self._shelf.stat().st_mtime_ns if self._shelf.exists() else 0
        if changed != self._seen:
            places = sorted(self._shelf.glob("[0-9]*")) if changed else []
            self._stamps, self._places, self._seen = [place.name for place in places], places, changed


def _stamp(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y%m%dT%H%M%S.%f}"


def _contents(folder: Path) -> dict[str, bytes]:
    """Files by name; a frame that was built is no file of the office's."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name != "frame.html"}


class Draft(Editions):
    """A folder that is still being written, looked at as if it were published."""

    def at(self, when: datetime) -> Path | None:
        """The folder itself."""
        return self._shelf
