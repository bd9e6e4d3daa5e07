"""`release`: letters that a run wanted to send and nobody had foreseen are let go; what `status` and `doctor` say of them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from rich.text import Text

from config.office import Office
from tasks.ledger import breaker

from .arguments import Here, day_option
from .ledger import opened
from .screen import next_step, show, tell
from .speech import moment, say
from .speech import number as count


def release(
    *, project: Here,
    left_by: Annotated[date | None, day_option("sổ khôi phục từ bản sao: thư phải đi đến hết ngày này coi như đã gửi")] = None,
) -> int:
    """Let go what is held; the letters leave as the office opens, or at once."""
    with opened(project) as office:
        with office.store.read() as db:
            held = breaker.stop(db)
        letters = office.release(project.now, project.settings.person, project.closing(left_by) if left_by else None)
    if held and held.taken_at:
        show(say("Sổ khôi phục đã hoạt động trở lại: thư còn chờ sẽ rời đi trong giờ gửi thư."))
    elif held and held.jumped:
        show(say("Đồng hồ được tin trở lại: thư còn chờ sẽ rời đi trong giờ gửi thư."))
    elif not letters:
        tell(say("Không có thư nào đang giữ."))
        return 0
    else:
        show(say("{n} thư sẽ rời đi trong giờ gửi thư.", n=count(letters)))
    tell(next_step(say("Gửi"), "dondoc run --once"))
    return 0


def lines(office: Office) -> list[Text]:
    """What stands over a list of papers while a run is held."""
    with office.store.read() as db:
        held = breaker.stop(db)
    return [Text(words(held, office), "bold red")] if held else []


def words(held: breaker.Stop, office: Office) -> str:
    """That a run is held, and what to do."""
    at = moment(held.at, office.practice.tz)
    if held.taken_at:
        at = moment(held.taken_at, office.practice.tz)
        return say("Sổ được khôi phục từ bản sao lúc {at}: không thư nào rời đi. Xem lại rồi cho đi: dondoc release --left-by DATE", at=at)
    if held.jumped:
        said = "Đồng hồ máy vọt lên {n} phút (lúc {at}): không thư nào rời đi. Chỉnh lại đồng hồ rồi cho đi: dondoc release"
        return say(said, n=count(int(held.jumped.total_seconds() // 60)), at=at)
    said = "Dừng lúc {at}: cần gửi {wanted} thư, dự kiến chỉ {expected}. Xem lại rồi cho đi: dondoc release"
    return say(said, at=at, wanted=count(held.wanted), expected=count(held.expected))
