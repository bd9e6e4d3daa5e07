"""One whole job in a process of its own, on the Prefect of its environment: `python -m benchmarks.jobs ours|plain FOLDER PORT N`."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .nation import ISSUED

#: The working day after the due day, on which the ministry hears. A day later the engine has stood still, and the leads hear first.
MORNING = datetime(2026, 3, 23, 1, 0, tzinfo=UTC)

DIRECTIVE = """\
agencies: nation
directive: 17/CT-BGDĐT
date: 2/3/2026
title: Bảo hiểm y tế học sinh, sinh viên
issuer: bo
duties:
  1:
    lead: truong
    do: Rà soát, vận động, lập danh sách người học chưa tham gia bảo hiểm y tế
    due: 20/3/2026
escalation: { 1 day late: issuer }
"""


def lay_out(home: Path, recipients: int, port: int) -> None:
    """A project with a directive to so many schools, whose letters leave at once."""
    (home / "config" / "agencies").mkdir(parents=True)
    (home / "directives").mkdir()
    school = "  s{n}: {{ name: Trường Tiểu học {n}, kind: truong, in: bo, mail: s{n}@giao-duc.example }}\n"
    schools = "".join(school.format(n=n) for n in range(recipients))
    bo = "  bo: { name: Bộ Giáo dục và Đào tạo, mail: bo@giao-duc.example, phone: 024 0000 0000 }\n"
    (home / "config" / "agencies" / "nation.yaml").write_text(f"agencies:\n{bo}{schools}groups:\n  truong: {{ kind: truong }}\n")
    (home / "directives" / "17.yaml").write_text(DIRECTIVE)
    mail = f'smtp_port = {port}\nsmtp_tls = "plain"\nsmtp_connections = 16\nmail_from = "don-doc@giao-duc.example"\n'
    (home / "dondoc.toml").write_text(f"{mail}recall = 0\n")


def ours(home: Path, recipients: int) -> Callable[[], int]:
    """Issue, tell the ministry who is late, and report, by our three flows; letters leave within them."""
    os.environ["DONDOC_HOME"] = str(home)
    from flows.aggregate import aggregate  # noqa: PLC0415  # Prefect reads its environment as it is imported
    from flows.desk import office  # noqa: PLC0415
    from flows.escalate import escalate  # noqa: PLC0415
    from flows.issue import issue  # noqa: PLC0415

    async def everything() -> int:
        opened = await issue("directives/17.yaml", as_of=ISSUED)
        swept = await escalate(as_of=MORNING)
        await aggregate(as_of=MORNING + timedelta(minutes=5))
        sent = office().counted(MORNING)["letters"]
        assert (opened["tasks"], swept["items"], sent["new"], sent["escalation"]) == (recipients, recipients, recipients, 1)
        return recipients

    assert office().composer  # the project is open, its templates are read
    return lambda: asyncio.run(everything())


def plain(home: Path, port: int, recipients: int) -> Callable[[], int]:
    """The same as Prefect's tutorial has it."""
    from . import plain as tutorial  # noqa: PLC0415  # Prefect reads its environment as it is imported

    home.mkdir()
    tutorial.tell(home / "book.sqlite", tutorial.TABLE)
    return lambda: tutorial.job(home / "book.sqlite", port, [f"s{n}@giao-duc.example" for n in range(recipients)])


def _warm() -> None:
    """One empty run, so that neither job pays for what Prefect loads when it is first used."""
    from prefect import flow, task  # noqa: PLC0415

    @task(name="nothing")
    def step(n: int) -> int:
        return n

    @flow(name="warm")
    def nothing(n: int) -> int:
        return step(n)

    nothing(1)


def main(which: str, home: Path, port: int, recipients: int) -> None:
    """Run the job; prints the instants of the machine's clock between which it ran, and what it counted."""
    if which == "ours":
        lay_out(home, recipients, port)
    job = ours(home, recipients) if which == "ours" else plain(home, port, recipients)
    _warm()
    start = time.monotonic()
    done = job()
    print(json.dumps({"start": start, "end": time.monotonic(), "done": done}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
