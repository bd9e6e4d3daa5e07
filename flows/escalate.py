"""Escalate: the sweep says what is due, each inbox hears once a working day, and the letters leave in the same run."""

from __future__ import annotations

from datetime import datetime

from prefect import flow
from prefect import task as step

from .deliver import post
from .desk import alone, asked, day_of_run, log, office, tagged


@step(name="rà hạn", task_run_name="rà hạn", retries=3, retry_delay_seconds=5)
def swept(now: datetime) -> dict[str, int]:
    """Put every reminder and rung that is due into its reader's letter of the day, and what waits at an issuing desk into its own."""
    done = office().escalate(now)
    desks = office().brief(now)
    log.info("%d việc đến lượt, %d dòng, %d thư, %d thư việc chờ quyết định", done.tasks, done.items, done.letters, desks)
    return {"tasks": done.tasks, "items": done.items, "letters": done.letters + desks}


@flow(name="escalate", flow_run_name=lambda: f"đôn đốc {day_of_run()}")
async def escalate(as_of: datetime | None = None) -> dict[str, int]:
    """Remind and escalate. On a day off or outside the send window it says nothing."""
    now = asked(as_of)
    await tagged("đôn đốc")
    with alone("escalate", now) as free:
        done = swept(now) if free else {"tasks": 0, "items": 0, "letters": 0}
    if done["letters"]:
        await post(now)
    return done
