"""`agencies deputy`: who reads a position's letters while it is away."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from tasks.ledger import deputies

from .arguments import Here, day_option, option
from .ledger import agency, opened
from .project import Project
from .refusal import USAGE, Refusal
from .screen import show, table
from .speech import day, say


def deputy(
    position: Annotated[str | None, option("chức danh đi vắng: ct")] = None,
    substitute: Annotated[str | None, option("người nhận thư thay: pct-vx")] = None, /, *, project: Here,
    since: Annotated[date | None, day_option("từ ngày này; mặc định: hôm nay")] = None,
    until: Annotated[date | None, day_option("đến hết ngày này")] = None,
    end: Annotated[bool, option("thôi thay, từ hôm nay")] = False,
) -> int:
    """Let a deputy read a position's letters, end it, or list who stands in for whom."""
    today = project.now.astimezone(project.settings.practice.tz).date()
    with opened(project) as office:
        if position is None:
            with office.store.read() as db:
                return _list(deputies.listed(db, today))
        agency(office, position)
        if end:
            show(say("Đã thôi thay {position}: {n} lần cử.", position=position, n=deputies.end(office.store, position, today)))
            return 0
        if substitute is None or until is None:
            raise Refusal(say("cần người thay và ngày cuối"), "dondoc agencies deputy POSITION DEPUTY --until DATE", code=USAGE)
        agency(office, substitute)
        window = {"since": since or today, "until": until}
        if words := deputies.appoint(office.store, position, substitute, **window, by=_who(project), now=project.now):
            raise Refusal(words)
    show(say("Thư của {position} gửi cho {deputy}, {since}–{until}.", position=position, deputy=substitute,
             since=day(window["since"]), until=day(until)))
    return 0


def _who(project: Project) -> str:
    return project.settings.person


def _list(found: tuple[deputies.Deputy, ...]) -> int:
    rows = table("Chức danh", "Người thay", "Từ ngày", "Đến ngày", wide=("Chức danh", "Người thay"))
    for each in found:
        rows.add_row(each.position.name, each.deputy.name, day(each.since), day(each.until))
    show(rows)
    return 0
