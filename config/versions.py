"""The libraries of which older versions are known to be unsafe, and which of them are installed."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.metadata import version

#: Name → the first version without the fault, and what the fault is.
LEAST: dict[str, tuple[str, str]] = {
    "aiosmtplib": ("5.1.2", "reply injected before TLS"),
    "starlette": ("1.3.1", "form limits ignored, malformed Host"),
    "python-multipart": ("0.0.31", "negative Content-Length"),
    "jinja2": ("3.1.6", "sandbox left by |attr"),
}


def unsafe(installed: Callable[[str], str] = version) -> list[str]:
    """Each library that is too old, with the version that it should have at least."""
    return [f"{name} {found} < {least}" for name, (least, _) in LEAST.items() if _parts(found := installed(name)) < _parts(least)]


def _parts(said: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", said)[:3])
