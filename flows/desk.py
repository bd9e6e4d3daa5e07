"""What every run starts from: the office of this project, the instant asked once, a name and tags that a person can read."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from prefect import get_client
from prefect.runtime import flow_run

from config.clock import WallClock, reading
from config.office import Office
from config.settings import load
from tasks.ledger import beats, ticking

log = logging.getLogger("dondoc")

#: A run that holds a lease and dies leaves it for so long.
SPAN = timedelta(minutes=10)


@lru_cache(maxsize=4)
def _office(home: str) -> Office:
    return Office.open(load(Path(home)))


def office() -> Office:
    """The office of `DONDOC_HOME`, else of the working directory; one for all runs of a process."""
    return _office(os.environ.get("DONDOC_HOME", str(Path.cwd())))


def asked(as_of: datetime | None) -> datetime:
    """The run's instant: the one that was asked for, else the clock's at the start, if it can be believed.

    Raises ValueError for one without a zone.
    """
    if as_of is not None and as_of.tzinfo is None:
        raise ValueError(f"as_of {as_of} has no zone; write 2020-05-18T07:30+07:00")
    if as_of is not None:
        return as_of
    now = WallClock().now()
    ticking.look(office().store, reading(), now)
    return now


def day_of_run() -> str:
    """The run's day as its name shows it, in the office's zone."""
    parameters = flow_run.get_parameters()
    at = parameters.get("as_of")
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at or flow_run.get_scheduled_start_time()
    return f"{moment.astimezone(office().practice.tz):%Y-%m-%d %H:%M}"


async def tagged(*words: str) -> None:
    """Tag this run for whoever looks for it in Prefect: the stage, the directive.

    On the run alone: for each tag that its steps carried too, Prefect would ask its server for a slot before every one of them.
    """
    if run := flow_run.get_id():
        async with get_client() as client:
            await client.update_flow_run(UUID(run), tags=sorted({"dondoc", *flow_run.get_tags(), *words}))


@contextmanager
def alone(name: str, now: datetime) -> Iterator[bool]:
    """A lease of the ledger where two runs would be waste: False while another run holds it."""
    holder = flow_run.get_id() or f"{name}-{os.getpid()}"
    taken = beats.take(office().store, name, holder, now, SPAN)
    try:
        yield taken
    finally:
        if taken:
            beats.give_back(office().store, name, holder)
