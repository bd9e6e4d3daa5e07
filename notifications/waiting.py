"""What an issuing desk's letter of the day says: what waits there, how much of it, and what has waited longest."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tasks.letters import Notice, Waits

from .measures import weekday
from .tongues import Tongue

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

TRAYS = {
    "confirm": "{n} việc chờ xác nhận hoàn thành",
    "requests": "{n} đề nghị gia hạn",
    "returned": "{n} việc trả lại, không thuộc thẩm quyền",
    "replies": "{n} thư trả lời chờ ghi",
    "letters": "{n} thư hỏng hoặc chưa rõ",
    "addresses": "{n} đơn vị thư không tới được",
    "doubted": "{n} số liệu cần xem lại",
}


class Tray(NamedTuple):
    """A line of the letter: what waits, whose is the oldest, since when."""

    what: str
    oldest: str
    since: str


def waiting(notice: Notice, most: int, to: Tongue) -> dict[str, Any]:
    """All trays that hold something, in the desk's order; the oldest of all above them."""
    first = min(notice.waits, key=lambda each: each.since)
    trays = [Tray(to(TRAYS[each.tray], n=each.count), _name(each), _day(each.since, to)) for each in notice.waits]
    total = sum(each.count for each in notice.waits)
    return {
        "headline": trays[0].what if len(trays) == 1 else to("{n} mục chờ cơ quan xem, quyết định", n=total),
        "trays": trays,
        "oldest": to("{what}, từ {day}", what=_name(first), day=_day(first.since, to)),
    }


def _name(of: Waits) -> str:
    return ": ".join(filter(None, (of.agency, of.about)))


def _day(at: datetime, to: Tongue) -> str:
    return weekday(at.astimezone(ZONE).date(), to)
