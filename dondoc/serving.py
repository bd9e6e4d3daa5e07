"""What runs: the demonstration, `up` with Prefect and pages, `deploy` to an existing Prefect, `run` without Prefect."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from config.office import Office

Json = Annotated[bool, Parameter(name="--json")]

#: `run` without `--once` looks again after so many seconds.
PAUSE = 60


def demo(*, dir: Path | None = None, once: bool = False, as_json: Json = False, seed: int = 1) -> int:
    """Play 898/UBND of quận Cái Răng, 18/5/2020 – 30/9/2020, on a virtual clock.

    Parameters
    ----------
    dir
        The project's folder, kept afterwards; a temporary one where it is left out.
    once
        End instead of serving the pages until Ctrl-C.
    as_json
        Print nothing but the counts.
    seed
        Another script of answers.
    """
    from dondoc.demo.stage import free_port, project

    home = (dir or Path(tempfile.mkdtemp(prefix="dondoc-demo-"))).resolve()
    settings = project(home, free_port(), free_port())
    _prefect(settings.data, settings.prefect_host, settings.prefect_port)
    from dondoc.demo import telling
    from dondoc.demo.show import show

    teller = telling.Json() if as_json else telling.Telling()
    teller.start()
    asyncio.run(show(home, seed=seed, told=teller.told, ended=teller.ended, once=once))
    return 0


def up() -> int:
    """Start everything of this project: Prefect's server, schedules, mail and pages. Ctrl-C stops it."""
    from config.clock import WallClock
    from web.app import build
    from web.house import House
    from web.postman import Postman

    office = _office()
    settings = office.settings
    # A foreign config.py or tasks.py in the working directory would be imported instead of ours.
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chdir(settings.data)
    _prefect(settings.data, settings.prefect_host, settings.prefect_port)
    from flows.up import up as stand

    postman = Postman(office, WallClock())
    asyncio.run(stand(settings, build(House(office, WallClock(), postman), WallClock().now), postman.run, _stands))
    office.close()
    return 0


def deploy(*, pool: str = "dondoc") -> int:
    """Register the flows and their schedules with the Prefect that PREFECT_API_URL names.

    Parameters
    ----------
    pool
        The work pool (of type process), made where there is none.
    """
    if "PREFECT_API_URL" not in os.environ:
        sys.stderr.write("Chưa biết máy chủ Prefect nào: đặt PREFECT_API_URL, ví dụ http://127.0.0.1:4200/api\n")
        return 2
    settings = _office().settings
    from flows.deployments import deploy as register

    for name in asyncio.run(register(settings.zone, pool)):
        sys.stdout.write(f"{name}\n")
    sys.stderr.write(f"Máy làm việc: DONDOC_HOME={settings.home.resolve()} prefect worker start --pool {pool}\n")
    return 0


def run(*, once: bool = False, as_json: Json = False) -> int:
    """Do what is due now, without Prefect: for cron, or in a loop until Ctrl-C.

    Parameters
    ----------
    once
        One round, then end.
    as_json
        Print the counts of each round as JSON.
    """
    from config.clock import WallClock

    office, clock = _office(), WallClock()
    while True:
        done = asyncio.run(_round(office, clock.now()))
        sys.stdout.write(json.dumps(done, ensure_ascii=False) + "\n" if as_json else _told(done))
        if once:
            return 75 if done["stopped"] else 4 if done["failed"] else 0
        time.sleep(PAUSE)


async def _round(office: Office, now: object) -> dict[str, int | str]:
    from datetime import datetime

    assert isinstance(now, datetime)
    opened, swept, reports = office.poll(now), office.escalate(now), office.aggregate(now)
    sent = await office.deliver(now)
    return {
        "opened": opened, "due": swept.tasks, "digests": swept.letters, "reports": reports,
        "sent": sent.sent, "retried": sent.retried, "failed": sent.failed, "stopped": sent.stopped,
    }


def _told(done: dict[str, int | str]) -> str:
    line = f"{done['opened']} việc mở, {done['due']} việc đến lượt nhắc, {done['digests']} thư nhắc, {done['reports']} báo cáo, {done['sent']} thư đã gửi"
    return f"{line}. {done['stopped']}\n" if done["stopped"] else f"{line}\n"


def _stands(what: str, address: str) -> None:
    words = {"prefect": "Prefect", "pages": "Trang đơn vị và lãnh đạo"}
    sys.stdout.write(f"{words[what]}: {address}\n")
    sys.stdout.flush()


def _prefect(data: Path, host: str, port: int) -> None:
    """Prefect reads its settings when it is imported: they must stand before."""
    from flows.server import environment

    os.environ |= environment(data, host, port)


def _office() -> Office:
    from config.office import Office
    from config.settings import load

    home = Path(os.environ.get("DONDOC_HOME", ".")).resolve()
    os.environ["DONDOC_HOME"] = str(home)
    return Office.open(load(home))


if __name__ == "__main__":
    sys.exit(demo(once="--once" in sys.argv, as_json="--json" in sys.argv, dir=Path("/tmp/demo1")))
