"""Delivery: what the outbox holds is sent in priority lanes until it is empty; a net under the flows that deliver themselves."""

from __future__ import annotations

import asyncio
from datetime import datetime

from prefect import flow
from prefect import task as step

from .desk import asked, day_of_run, log, office, tagged


@step(name="gửi thư", task_run_name="gửi thư", retries=2, retry_delay_seconds=20)
async def post(now: datetime) -> dict[str, int | str]:
    """Send every letter that may leave by `now`. A mail server that cannot be reached leaves them queued and the step retries.

    One that has had its day's letters is waited for: a later run goes on.
    """
    done = await office().deliver(now)
    log.info("%d thư đã gửi, %d hẹn lại, %d hỏng, %d chưa rõ. %s", done.sent, done.retried, done.failed, done.uncertain, done.stopped)
    if done.stopped and not done.is_spent:
        raise ConnectionError(done.stopped)
    return {"sent": done.sent, "retried": done.retried, "failed": done.failed, "uncertain": done.uncertain}


@step(name="báo hệ thống khác", task_run_name="báo hệ thống khác", retries=2, retry_delay_seconds=20)
async def hand_over(now: datetime) -> dict[str, int]:
    """Hand over what goes another way than mail; whoever is slow or away is tried again in a later run."""
    done = await office().carry(now)
    log.info("%d tin báo mới, %d đã nhận, %d chưa nhận", done.gathered, done.taken, done.missed)
    return {"gathered": done.gathered, "taken": done.taken, "missed": done.missed}


@flow(name="deliver", flow_run_name=lambda: f"gửi thư {day_of_run()}")
async def deliver(as_of: datetime | None = None) -> dict[str, int | str]:
    """Send what may leave, by mail and by the other ways at once: neither waits for the other. `as_of` None is the clock at the start."""
    now = asked(as_of)
    await tagged("gửi thư")
    others = asyncio.create_task(hand_over(now))
    try:
        sent: dict[str, int | str] = await post(now)
    finally:
        await others
    return sent
