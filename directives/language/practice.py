"""The office's habits that a directive inherits where its paper is silent; copied into the ledger at issue."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from .shapes import Every, Rung

MONTHLY = Every(words="month on 25", unit="month", day=25)

#: Rungs of a directive that names none: the lead, then its superior, then the issuer.
LADDER = (
    Rung(words="3 working days before", side="before", count=3, working=True, audience=("lead",)),
    Rung(words="1 day late", side="late", count=1, audience=("lead",)),
    Rung(words="5 working days late", side="late", count=5, working=True, audience=("lead", "above")),
    Rung(words="10 working days late", side="late", count=10, working=True, audience=("issuer",)),
)


class Practice(BaseModel):
    """Habits in effect when a directive is issued; days are working days of the office's calendar unless said otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zone: str = "Asia/Ho_Chi_Minh"
    before_means: int = 1  # days that "before D" leaves out: 1 = ends on D−1, 0 = D still counts
    opens: time = time(7, 30)  # the send window; digests are sealed when it opens
    closes: time = time(17, 0)
    grace: int = 1  # the lead was told at least so many working days before anyone above hears
    hold: int = 5  # an undecided request holds the ladder at most so many working days
    ack_timeout: int = 5  # received and silent for so many working days: the lead is asked again; 0: never
    letters_a_week: int = 0  # digests for an inbox from Monday on, at most; what comes after them waits for the next week; 0: no bound
    figure_within: int = 5  # a milestone's figure may arrive so many working days later
    lock: int = 0  # an agency may give or correct figures of a reading period for so many working days after its cut-off day; 0: always
    ask_before: int = 5  # standing duties are asked so many working days before the report round
    gap: int = 0  # so many working days before a milestone the lead hears that its figures head short of it; 0: never
    soon: int = 3  # "sắp đến hạn": so many calendar days before the due instant
    recall: int = 10  # minutes in which an issue can be taken back
    rhythm: Every = MONTHLY  # of report rounds where a directive has none
    ladder: tuple[Rung, ...] = LADDER

    @property
    def tz(self) -> ZoneInfo:
        """The zone of days and hours in papers."""
        return ZoneInfo(self.zone)
