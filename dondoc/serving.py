"""What runs: the demonstration, `up` with Prefect and pages, `deploy` to an existing Prefect, `run` without Prefect."""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from .arguments import Here, Json, option
from .refusal import LATER, USAGE, Refusal
from .screen import show_json, show_raw, tell
from .speech import say, say_again

if TYPE_CHECKING:
    from config.office import Office

#: `run` without `--once` looks again after so many seconds.
PAUSE = 60

#: The exit code of a round that sent some letters and not others.
PARTLY = 4


def demo(
    *,
    dir_: Annotated[Path | None, option("thư mục của buổi diễn, giữ lại sau đó; bỏ trống: thư mục tạm", name="--dir")] = None,
    once: Annotated[bool, option("kết thúc ngay, không phục vụ trang đến khi bấm Ctrl-C")] = False,
    as_json: Json = False,
    seed: Annotated[int, option("một kịch bản trả lời khác")] = 1,
) -> int:
    """Play 898/UBND of quận Cái Răng, 18/5/2020 – 30/9/2020, on a virtual clock."""
    from .demo.stage import free_port, project

    home = (dir_ or Path(tempfile.mkdtemp(prefix="dondoc-demo-"))).resolve()
    settings = project(home, free_port(), free_port())
    _prefect(settings.data, settings.prefect_host, settings.prefect_port)
    from flows.server import ServerError

    from .demo import telling
    from .demo.show import show

    teller = telling.Json() if as_json else telling.Telling()
    teller.start()
    try:
        asyncio.run(show(home, seed=seed, told=teller.told, ended=teller.ended, once=once))
    except ServerError as error:
        raise Refusal(str(error)) from error
    return 0


def up(*, project: Here) -> int:
    """Start everything of this project: Prefect's server, schedules, mail and pages. Ctrl-C stops it."""
    from config.clock import WallClock
    from web.api.app import interface
    from web.app import build
    from web.house import House
    from web.postman import Postman

    from .ledger import opened
    from .posting import relay_of

    with opened(project, new=True) as office:
        _refuse_unsafe(project.settings.old_libraries)
        relay_of(project)
        settings = office.settings
        # A foreign config.py or tasks.py in the working directory would be imported instead of ours.
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chdir(settings.data)
        _prefect(settings.data, settings.prefect_host, settings.prefect_port)
        from flows.server import ServerError
        from flows.up import up as stand

        postman = Postman(office, WallClock())
        clock = WallClock().now
        pages = build(House(office, WallClock(), postman), clock, interface(office, clock, postman.wake))
        try:
            asyncio.run(stand(settings, pages, postman.run, _stands))
        except (ServerError, OSError) as error:
            raise Refusal(str(error)) from error
    return 0


def deploy(*, pool: Annotated[str, option("hàng đợi (work pool, loại process); chưa có thì tạo")] = "dondoc", project: Here) -> int:
    """Register the flows and their schedules with the Prefect that PREFECT_API_URL names."""
    if "PREFECT_API_URL" not in os.environ:
        advice = say("đặt PREFECT_API_URL, ví dụ: {address}", address="http://127.0.0.1:4200/api")
        raise Refusal(say("chưa biết máy chủ Prefect nào"), advice, code=USAGE)
    import httpx

    from flows.deployments import deploy as register

    try:
        names = asyncio.run(register(project.settings.zone, pool))
    except (httpx.HTTPError, RuntimeError) as error:
        raise Refusal(say("máy chủ Prefect không trả lời: {why}", why=error), code=LATER) from error
    show_raw("\n".join(names))
    command = f"DONDOC_HOME={project.home.resolve()} prefect worker start --pool {pool}"
    tell(say("máy làm việc: {command}", command=command))
    return 0


def run(
    *,
    once: Annotated[bool, option("một vòng rồi dừng; không có: lặp lại mỗi phút đến khi bấm Ctrl-C")] = False,
    as_json: Json = False,
    project: Here,
) -> int:
    """Do what is due now, without Prefect: for cron, or in a loop until Ctrl-C."""
    from config.clock import WallClock, reading
    from tasks.ledger import ticking

    from .ledger import opened
    from .posting import relay_of

    with opened(project) as office:
        _refuse_unsafe(project.settings.old_libraries)
        relay_of(project)
        now = project.now
        while True:
            ticking.look(office.store, reading(), now)
            done = asyncio.run(_round(office, now))
            _report(done, as_json=as_json)
            if once:
                return LATER if done["stopped"] else PARTLY if done["failed"] else 0
            time.sleep(PAUSE)
            now = WallClock().now()


async def _round(office: Office, now: datetime) -> dict[str, int | str]:
    opened, heard = office.poll(now), office.hear(now)
    swept, desks, reports = office.escalate(now), office.brief(now), office.aggregate(now)
    sent, _ = await asyncio.gather(office.deliver(now), office.carry(now))
    return {
        "opened": opened, "heard": heard.acts, "away": heard.away, "due": swept.tasks, "digests": swept.letters + desks, "reports": reports,
        "sent": sent.sent, "retried": sent.retried, "failed": sent.failed, "stopped": sent.stopped,
    }


def _report(done: dict[str, int | str], *, as_json: bool) -> None:
    if as_json:
        show_json(done)
    else:
        show_raw(say("{opened} việc mở, {due} việc đến lượt nhắc, {digests} thư nhắc, {reports} báo cáo, {sent} thư đã gửi", **done))
    for why in filter(None, (done["away"], done["stopped"])):
        tell(say_again(str(why)))


def _stands(what: str, address: str) -> None:
    show_raw(f"{say('trang đơn vị và lãnh đạo') if what == 'pages' else 'Prefect'}: {address}")


def _refuse_unsafe(wish: str) -> None:
    """Do not run on libraries that are known to be unsafe, or say so aloud."""
    from config.versions import unsafe

    if old := unsafe():
        said = say("thư viện có lỗ hổng đã biết: {which}", which=", ".join(old))
        if wish == "refuse":
            raise Refusal(said, say("cài lại theo requirements.lock, hoặc đặt {name}=allow", name="DONDOC_OLD_LIBRARIES"))
        logging.getLogger("dondoc").warning(said)
        tell(said)


def _prefect(data: Path, host: str, port: int) -> None:
    """Prefect reads its settings when it is imported: they must stand before."""
    from flows.server import environment

    os.environ |= environment(data, host, port)
