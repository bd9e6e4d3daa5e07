"""What a machine tells of its own clock; knows no ledger, so that whoever only asks the time loads none."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class Reading(NamedTuple):
    """One start of a machine, and the instant at which it was by the clock of now."""

    start: str
    at: datetime
