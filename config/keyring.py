"""The file of the secrets behind links: newest first, for its owner alone; a new one signs, old ones open until they are dropped."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path


class LastKeyError(ValueError):
    """A key that cannot be dropped: it is not there, or it signs."""


def kids(folder: Path) -> list[str]:
    """The ids of the keys, the one that signs first."""
    return [line.split()[0] for line in _lines(folder)]


def rotate(folder: Path) -> str:
    """Let a new key sign; the old ones still open. Returns its id."""
    known = kids(folder)
    numbers = [int(number) for name in known for number in re.findall(r"^k(\d+)$", name)]
    kid = f"k{max(numbers, default=len(known)) + 1}"
    _write(folder, [f"{kid} {secrets.token_hex(32)}", *_lines(folder)])
    return kid


def drop(folder: Path, kid: str) -> None:
    """Forget a key: every link that it signed is dead. Raises LastKeyError."""
    known = kids(folder)
    if kid not in known[1:]:
        raise LastKeyError(kid)
    _write(folder, [line for line in _lines(folder) if line.split()[0] != kid])


def _lines(folder: Path) -> list[str]:
    return (folder / "keys").read_text(encoding="utf-8").splitlines()


def _write(folder: Path, lines: list[str]) -> None:
    """Whole or not at all: a torn file would end every link."""
    new = folder / "keys.new"
    with open(os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, folder / "keys")
