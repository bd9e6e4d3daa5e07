"""How long a person waits at the prompt: `dondoc --help`, and `dondoc check` of a hundred directives."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from shutil import copyfile

from .measuring import RUNS, Bound, Figure, Taken, timed
from .stores import Shelf

ROOT = Path(__file__).parents[1]
SEED = ROOT / "directives" / "2020-cai-rang-898-ubnd.yaml"


def starting(shelf: Shelf, *, small: bool) -> Iterable[Figure]:
    """Whole programs, from the shell's point of view."""
    home = shelf.folder / "hundred"
    (home / "directives").mkdir(parents=True)
    (home / "config").mkdir()
    (home / "config" / "agencies").symlink_to(ROOT / "config" / "agencies")
    for number in range(3 if small else 100):
        copyfile(SEED, home / "directives" / f"{number}.yaml")
    helped = tuple(timed(partial(_run, "--help")) for _ in range(1 if small else RUNS + 2))
    yield Taken(ours=helped).span("starting", "`dondoc --help`", "–", Bound(at="<", value=0.4, unit="s"))
    checked = tuple(timed(partial(_run, "--home", str(home), "check")) for _ in range(1 if small else RUNS))
    yield Taken(ours=checked).span("starting", "`dondoc check` of 100 directives", "–", Bound(at="<", value=2, unit="s"))


def _run(*words: str) -> None:
    (Path(words[1]) / "config").mkdir(exist_ok=True) if words[0] == "--home" else None
    subprocess.run([sys.executable, "-m", "dondoc", *words], check=True, capture_output=True, cwd=ROOT)
