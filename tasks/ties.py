"""What ties a directive to the papers that came after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """What was done to a directive after its issue, by another paper or by an operator (`paper` "")."""

    kind: Literal["amended", "replaced", "withdrawn", "urged"]
    paper: str  # "1021/UBND ngày 20/5/2020"
    at: datetime
    clause: str = ""  # "" is the directive as a whole
    reason: str = ""
