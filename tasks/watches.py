"""What may be vouched for when nothing is heard: until when the engine ran, and which letters have not left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The engine as a report may vouch for it. `ran_at` is None where it has never run."""

    ran_at: datetime | None
    stands: bool  # it should have run since
    held: bool  # letters are held until somebody lets them go
    unsent: int  # letters of the directive that failed and that nobody has dealt with
    queued: int  # letters of the directive that should have left an hour ago
