"""Aggregate: how each directive stands, as a table and an event in Prefect, and as the reports that are due to its leaders."""

from __future__ import annotations

from datetime import datetime

from prefect import flow
from prefect import task as step
from prefect.events import emit_event

from .deliver import post
from .desk import alone, asked, day_of_run, log, office, tagged
from .shown import slug, table


@step(name="lập báo cáo", task_run_name="lập báo cáo", retries=3, retry_delay_seconds=5)
def reported(now: datetime) -> int:
    """Freeze the report rounds that are due and queue a letter for each reader."""
    letters = office().aggregate(now)
    log.info("%d thư báo cáo", letters)
    return letters


@step(name="bảng tình hình", task_run_name="bảng tình hình")
async def shown(now: datetime) -> int:
    """One table for each directive, worst first, with the address of its page; an event for each that has something overdue."""
    standings = office().standings(now)
    for paper, cells in standings:
        await table(paper, cells, office().settings.base_url)
        if cells.overdue:
            emit_event(
                "dondoc.task.overdue",
                resource={"prefect.resource.id": f"dondoc.directive.{slug(paper)}", "prefect.resource.name": paper.number},
                payload={"overdue": cells.overdue, "silent": cells.silent, "dated": cells.dated},
            )
    return len(standings)


@flow(name="aggregate", flow_run_name=lambda: f"tổng hợp {day_of_run()}")
async def aggregate(as_of: datetime | None = None) -> dict[str, int]:
    """Report what is due and show how every directive stands."""
    now = asked(as_of)
    await tagged("tổng hợp")
    with alone("aggregate", now) as free:
        letters = reported(now) if free else 0
    directives = await shown(now)
    if letters:
        await post(now)
    return {"letters": letters, "directives": directives}

