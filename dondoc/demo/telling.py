"""How the showing is told: a line a day on which something happened, a bar on a terminal, counts and addresses at the end."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from datetime import date

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from .show import Shown
from .story import END, START

_WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")


class Telling:
    """Gathers what happened on a day and prints it as one line when the next day comes."""

    def __init__(self) -> None:
        self._out = Console(highlight=False, soft_wrap=True)
        columns = (TextColumn("{task.description}"), BarColumn(40), TimeElapsedColumn())
        self._bar = Progress(*columns, console=self._out, transient=True, disable=not self._out.is_terminal)
        self._span = self._bar.add_task("18/5/2020 – 30/9/2020", total=(END - START).days)
        self._day: date | None = None
        self._happened: defaultdict[str, int] = defaultdict(int)

    def told(self, day: date, what: str, count: int) -> None:
        """Something happened; `count` of it (0: it is said once, whole)."""
        if day != self._day:
            self._flush()
            self._day = day
            self._bar.update(self._span, completed=(day - START).days)
        self._happened[what] += count

    def ended(self, shown: Shown) -> None:
        """The counts, and three addresses to open."""
        self._flush()
        self._bar.stop()
        for line in _ending(shown):
            self._out.print(line)

    def start(self) -> None:
        """Show the bar."""
        self._bar.start()

    def _flush(self) -> None:
        if self._day:
            said = ", ".join(f"{count} {what}" if count else what for what, count in self._happened.items())
            self._out.print(f"[cyan]{_WEEKDAYS[self._day.weekday()]} {self._day:%d/%m/%Y}[/]  {said}")
        self._happened.clear()


class Json:
    """Says nothing but the counts."""

    def start(self) -> None:
        """Nothing to show."""

    def told(self, day: date, what: str, count: int) -> None:
        """Nothing to say."""

    def ended(self, shown: Shown) -> None:
        """The counts as one JSON object."""
        sys.stdout.write(json.dumps(shown.summary, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def _ending(shown: Shown) -> list[str]:
    counts = shown.summary
    seconds = f"{counts['seconds']:.0f}"
    return [
        "",
        _TASKS.format(**counts),
        _LETTERS.format(**{**counts, "seconds": seconds}, **counts["letters"]),
        "",
        f"  Trang lãnh đạo   {shown.addresses['leader']}",
        f"  Trang đơn vị     {shown.addresses['agency']}",
        f"  Prefect          {shown.addresses['prefect']}",
        f"  Thư đã gửi       {shown.home / 'mail'}",
    ]


_TASKS = (
    "[bold]{tasks} việc[/] của {duties} nhiệm vụ: {done_on_time} xong đúng hạn, {done_late} xong muộn, "
    "{open} đang mở (trong đó [red]{overdue} quá hạn[/])"
)
_LETTERS = (
    "{new} thư giao việc, {digest} thư nhắc, {escalation} thư báo lãnh đạo, {report} báo cáo, {receipt} biên nhận; "
    "{answers} lần trả lời qua đường dẫn; {flow_runs} lượt chạy Prefect; {seconds} giây"
)
