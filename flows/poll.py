"""Poll: terms that begin are opened; answers that came another way are given to the same act as the web's."""

from __future__ import annotations

from datetime import datetime

from prefect import flow
from prefect import task as step

from .desk import alone, asked, day_of_run, log, office, tagged


@step(name="mở kỳ", task_run_name="mở kỳ", retries=3, retry_delay_seconds=5)
def begun(now: datetime) -> int:
    """Open the terms that have begun by `now`."""
    opened = office().poll(now)
    log.info("%d việc mới mở", opened)
    return opened


@flow(name="poll", flow_run_name=lambda: f"hỏi tình hình {day_of_run()}")
async def poll(as_of: datetime | None = None) -> dict[str, int]:
    """Open what begins. `as_of` None is the clock at the start."""
    now = asked(as_of)
    await tagged("hỏi tình hình")
    with alone("poll", now) as free:
        return {"opened": begun(now) if free else 0}
