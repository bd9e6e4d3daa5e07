"""The flows with their schedules, for `up`'s own runner and for an existing Prefect with its work pool."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from prefect import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterExpectedStartTime, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectAlreadyExists
from prefect.flows import EntrypointType  # type: ignore[attr-defined]  # its home; the module names no exports
from prefect.schedules import Cron

from config.clock import WallClock

from .aggregate import aggregate
from .deliver import deliver
from .escalate import escalate
from .issue import issue
from .poll import poll

POOL = "dondoc"

#: Minutes past the hour; days off are the calendar's matter, since a worked Saturday is no cron's.
BEATS: tuple[tuple[Any, str | None], ...] = (
    (issue, None),
    (poll, "*/5 * * * *"),
    (escalate, "30 7-16 * * *"),
    (deliver, "*/5 * * * *"),
    (aggregate, "5 * * * *"),
)


async def deployments(zone: str) -> list[RunnerDeployment]:
    """A deployment for each flow; module entry points, so that `flows/` is never a root of imports."""
    return [
        await flow.ato_deployment(
            name="dondoc", tags=["dondoc"], entrypoint_type=EntrypointType.MODULE_PATH, description=flow.description,
            schedule=Cron(beat, timezone=zone) if beat else None,
        )
        for flow, beat in BEATS
    ]


async def deploy(zone: str, pool: str = POOL) -> list[str]:
    """Register the flows and their schedules with the Prefect of `PREFECT_API_URL`; returns their names. Twice is once."""
    async with get_client() as client:
        with suppress(ObjectAlreadyExists):
            await client.create_work_pool(WorkPoolCreate(name=pool, type="process", base_job_template={}))
    made = await deployments(zone)
    for deployment in made:
        await deployment.aapply(work_pool_name=pool)
    return [f"{deployment.flow_name}/{deployment.name}" for deployment in made]


async def forget_overdue() -> int:
    """Delete the runs that were missed while nothing ran: one run catches up, Prefect would start them all."""
    missed = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
        expected_start_time=FlowRunFilterExpectedStartTime(before_=WallClock().now() - timedelta(seconds=1)),
    )
    async with get_client() as client:
        runs = await client.read_flow_runs(flow_run_filter=missed)
        for run in runs:
            await client.delete_flow_run(run.id)
    return len(runs)
