"""Measures the budgets: `python -m benchmarks [--only NAME] [--small] [--letters N] [--json]`; a whole run writes benchmarks/RESULTS.md."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from config.clock import Clock, WallClock

from .delivering import delivering
from .leading import leading
from .measuring import Figure, shown
from .opening import opening
from .pages import pages
from .standing import standing
from .starting import starting
from .stores import Shelf, postgres_version
from .sweeping import busy, idle
from .whole_job import whole_job
from .writing import writing

RESULTS = Path(__file__).parent / "RESULTS.md"

Benchmark = Callable[..., Iterable[Figure]]
BENCHMARKS: dict[str, Benchmark] = {
    "opening": opening, "idle": idle, "sweep": busy, "standing": standing, "leading": leading, "whole-job": whole_job, "writing": writing,
    "delivering": delivering, "pages": pages, "starting": starting,
}
LIBRARIES = ("prefect", "sqlalchemy", "psycopg", "aiosmtplib", "jinja2", "pydantic")


def main(words: Sequence[str], clock: Clock) -> int:
    """Run what was asked for; 1 where a budget is missed."""
    asked = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    asked.add_argument("--only", choices=BENCHMARKS, action="append")
    asked.add_argument("--small", action="store_true", help="a hundredth, to see that it runs")
    asked.add_argument("--letters", type=int, help="fewer letters to deliver than a nation's 53,000")
    asked.add_argument("--json", action="store_true", help="a figure a line, for programs")
    said = asked.parse_args(words)
    figures: list[Figure] = []
    with Shelf() as shelf:
        for name in said.only or BENCHMARKS:
            fewer = {"letters": said.letters} if said.letters and name == "delivering" else {}
            for figure in BENCHMARKS[name](shelf, small=said.small, **fewer):
                figures.append(figure)
                print(json.dumps(figure.to_json(), ensure_ascii=False) if said.json else _line(figure), flush=True)
    if not (said.only or said.small or said.letters):
        RESULTS.write_text(results(figures, clock), encoding="utf-8")
    return 0 if all(figure.met for figure in figures) else 1


def _line(figure: Figure) -> str:
    measured = shown(figure.measured, figure.must.unit)
    return f"{'ok  ' if figure.met else 'MISS'} {measured:>8} {figure.must!s:>9}  {figure.store:<10}  {figure.budget}"


def results(figures: Iterable[Figure], clock: Clock) -> str:
    """The table of a whole run, with the machine it ran on."""
    rows = "\n".join(
        f"| {figure.budget} | {figure.store} | {figure.must} | {shown(figure.measured, figure.must.unit)} "
        f"| {_seconds(figure.ours)} | {_seconds(figure.bare)} | {'kept' if figure.met else '**missed**'} |"
        for figure in figures
    )
    return f"# Budgets, measured\n\n{_machine(clock)}\n\n{_HEAD}\n{rows}\n\n{_NOTES.read_text(encoding='utf-8')}"


_HEAD = "| what | store | must | measured | ours | bare | verdict |\n|---|---|---|---|---|---|---|"
_NOTES = Path(__file__).parent / "notes.md"


def _machine(clock: Clock) -> str:
    load = os.getloadavg()[0]
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    where = f"{clock.now():%-d/%-m/%Y}, {os.cpu_count()} cores, load {load:.1f} at the end"
    with_what = f"Python {platform.python_version()}, SQLite {_sqlite()}, PostgreSQL {postgres_version()}, {libraries}"
    return f"{where}; {with_what}. One run of `make bench`; medians, ours and bare in turn."


def _sqlite() -> str:
    try:
        from pysqlite3 import dbapi2  # type: ignore[import-untyped]  # noqa: PLC0415  # what the ledger uses
    except ImportError:
        return sqlite3.sqlite_version
    return str(dbapi2.sqlite_version)


def _seconds(took: float | None) -> str:
    if took is None:
        return "–"
    return f"{took:.3g} s" if took >= 0.1 else f"{took * 1000:.3g} ms" if took >= 0.001 else f"{took * 1e6:.0f} µs"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], WallClock()))
