"""The letters that papers are set in: they come with dondoc, so that a paper looks the same from every machine."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

#: (weight, file): Noto Sans, joined with the marks and signs of its family that a report uses.
_FACES = ((400, "noto-sans-regular.ttf"), (700, "noto-sans-bold.ttf"))


@cache
def paths() -> tuple[str, ...]:
    """Every file of letters."""
    return tuple(str(files("reports").joinpath("fonts", name)) for _, name in _FACES)


def rules(family: str) -> str:
    """The CSS that calls them `family`."""
    return "\n".join(
        f'@font-face {{ font-family: {family}; font-weight: {weight}; src: url("file://{path}"); }}'
        for (weight, _), path in zip(_FACES, paths(), strict=True)
    )
