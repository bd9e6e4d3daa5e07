"""What was done to a paper after its issue, a sentence each: by which paper, or on which day and why."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from tasks.ties import Tie
from tasks.values import Paper

from .tongues import say
from .vietnamese import day, opened

_DONE = {"amended": "được sửa đổi", "replaced": "được thay thế", "withdrawn": "thu hồi", "urged": "được đôn đốc"}


def ties(paper: Paper) -> tuple[str, ...]:
    """The sentences, in the order in which it happened; letters that urge only count the latest."""
    urged = [tie for tie in paper.ties if tie.kind == "urged"]
    return tuple(_sentence(tie, paper.zone) for tie in paper.ties if tie.kind != "urged" or tie is urged[-1])


def _sentence(tie: Tie, zone: str) -> str:
    what = say("mục {clause}", clause=tie.clause) if tie.clause else say("văn bản")
    on = day(tie.at.astimezone(ZoneInfo(zone)).date())
    by = say("bằng {paper}", paper=tie.paper) if tie.paper else say("ngày {day}", day=on)
    why = f": {tie.reason}" if tie.reason and not tie.paper else ""
    return opened(say("{what} đã {done} {by}{why}.", what=what, done=say(_DONE[tie.kind]), by=by, why=why))
