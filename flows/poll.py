"""Poll: terms that begin are opened; what came by mail or as a file is given to the same acts as the web's."""

from __future__ import annotations

from datetime import datetime

from prefect import flow
from prefect import task as step

from .deliver import post
from .desk import alone, asked, day_of_run, log, office, tagged


@step(name="mở kỳ", task_run_name="mở kỳ", retries=3, retry_delay_seconds=5)
def begun(now: datetime) -> int:
    """Open the terms that have begun by `now`."""
    opened = office().poll(now)
    log.info("%d việc mới mở", opened)
    return opened


@step(name="đọc thư đến", task_run_name="đọc thư đến")
def heard(now: datetime) -> dict[str, int]:
    """Deal with dropped files and the mailbox; counts alone are told, since a run's log holds no address and no name."""
    found = office().hear(now)
    files, mail = found.files, found.mail
    log.info("%d tệp nhận, %d tệp sai, %d dòng ghi, %d dòng không ghi được", files.done, files.bad, files.rows, files.refused)
    log.info("%d thư bị trả lại, %d đề nghị qua thư, %d ghi ngay, %d không đọc được", mail.back, mail.proposed, mail.done, mail.unread)
    if found.away:
        log.warning("%s", found.away)
    return {"acts": found.acts, "proposed": mail.proposed, "back": mail.back}


@flow(name="poll", flow_run_name=lambda: f"hỏi tình hình {day_of_run()}")
async def poll(as_of: datetime | None = None) -> dict[str, int]:
    """Open what begins, hear what came in. `as_of` None is the clock at the start."""
    now = asked(as_of)
    await tagged("hỏi tình hình")
    with alone("poll", now) as free:
        found = {"opened": begun(now), **heard(now)} if free else {"opened": 0}
    if found.get("acts"):  # their receipts
        await post(now)
    return found
