"""Where the project is."""

from __future__ import annotations

from pathlib import Path

MARK = "dondoc.toml"


def found(start: Path) -> Path:
    """The nearest folder from `start` upwards that holds a project, else `start` itself."""
    return next((folder for folder in (start, *start.parents) if (folder / MARK).is_file()), start)
