"""`letters`: how letters leave together: how long it takes, what became of them, those that wait held, let go or called off."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal, cast

from cyclopts import App
from rich.text import Text

from config.office import Office
from notifications.forecast import lasting
from tasks.ledger import orders, relays, resolving
from tasks.letters import Lane

from . import handing
from .arguments import Here, Json, Number, option
from .labels import LANES
from .ledger import opened, paper
from .posting import relay_of
from .project import Project
from .refusal import FOUND, USAGE, Refusal
from .screen import next_step, show, show_json, table, tell
from .speech import moment, say, say_again
from .speech import number as count
from .timing import bounds, span

Kind = Annotated[Literal["new", "digest", "escalation", "report", "receipt", "decision"], option("chỉ loại thư này")]
Note = Annotated[str, option("lý do, ghi vào sổ")]

letters = App(name="letters", group_commands=say("Lệnh"))
letters.command(handing.print_, name="print", help=say("in thư giấy có mã QR cho đơn vị không có hộp thư"))
letters.command(handing.handed, name="handed", help=say("ghi rằng thư giấy đã giao tận nơi"))


@letters.command(help=say("tình hình gửi thư: đã gửi, đang chờ, hỏng; máy chủ thư; những lệnh đang giữ"))
def status(number: Number | None = None, /, *, project: Here, kind: Kind | None = None, json: Json = False) -> int:
    """Count letters by what became of them, and say how each mail server stands."""
    relay_of(project)
    with opened(project) as office, office.store.read() as db:
        found = orders.counts(db, paper(office, number).id if number else None, kind or "")
        standing = orders.standing(db)
        ways = [(relay, relays.known(db, relay.name, relay.limits, project.now)) for relay in project.settings.relays]
    if json:
        known = [{"relay": relay.name, **state._asdict()} for relay, state in ways]
        show_json({"letters": {**asdict(found), "whole": found.whole}, "relays": known, "orders": [asdict(each) for each in standing]})
        return 0
    rows = table("Đã gửi", "Đang chờ", "Đang gửi", "Thôi gửi", "Hỏng", "Tổng")
    rows.add_row(*(count(each) for each in (found.sent, found.waiting, found.in_flight, found.ended, found.failed, found.whole)))
    show(rows)
    for relay, state in ways:
        show(_way(relay.name, bounds(relay.limits), state, project))
    for each in standing:
        show(_order(each, project))
    return 0


@letters.command(help=say("dự báo: những thư đang chờ, hoặc bấy nhiêu thư, cần bao lâu"))
def forecast(letters: Annotated[int | None, option("bấy nhiêu thư; mặc định: những thư đang chờ")] = None, /, *, project: Here) -> int:
    """Say how long letters take over the configured mail server."""
    relay = relay_of(project)
    if letters is None:
        with opened(project) as office, office.store.read() as db:
            letters = orders.counts(db).waiting
    said = say("{n} thư: {span} với {bounds}", n=count(letters), span=span(lasting(letters, relay.limits)), bounds=bounds(relay.limits))
    show(said if relay.per_minute or relay.per_day else say("{n} thư: {bounds}", n=count(letters), bounds=bounds(relay.limits)))
    return 0


@letters.command(help=say("giữ lại thư đang chờ của một văn bản hoặc một loại, đến khi cho đi tiếp"))
def pause(number: Number | None = None, /, *, project: Here, note: Note, kind: Kind | None = None) -> int:
    """Let none of them leave until they are resumed."""
    with opened(project) as office:
        held = orders.order(office.store, "pause", *_which(office, number, kind), project.now, by=project.settings.person, note=note)
    show(say("Giữ lại {n} thư.", n=held))
    tell(next_step(say("Cho đi tiếp"), _again("resume", number, kind)))
    return 0


@letters.command(help=say("cho đi tiếp thư đang giữ"))
def resume(number: Number | None = None, /, *, project: Here, kind: Kind | None = None) -> int:
    """End a pause; what has been settled meanwhile is not sent."""
    with opened(project) as office:
        freed = orders.resume(office.store, *_which(office, number, kind), project.now, by=project.settings.person)
    if freed is None:
        raise Refusal(say("không có lệnh giữ thư nào như vậy"), say("xem: {command}", command="dondoc letters status"), code=FOUND)
    show(say("{n} thư đi tiếp.", n=freed))
    return 0


@letters.command(help=say("thôi gửi hẳn những thư còn chờ của một văn bản hoặc một loại"))
def cancel(number: Number | None = None, /, *, project: Here, note: Note, kind: Kind | None = None) -> int:
    """Send none of those that wait now, ever; what a mail server has already is said, what is being handed over may still leave."""
    with opened(project) as office:
        which = _which(office, number, kind)
        ended = orders.order(office.store, "cancel", *which, project.now, by=project.settings.person, note=note)
        with office.store.read() as db:
            found = orders.counts(db, *which)
    show(say("Thôi gửi {n} thư; đã gửi {sent}, đang gửi {in_flight}.", n=ended, sent=count(found.sent), in_flight=count(found.in_flight)))
    return 0


@letters.command(help=say("kết luận về một thư chưa rõ hoặc hỏng: đã đến, hoặc chưa đến và gửi lại"))
def settle(
    letter: Annotated[int, option("số thư trong danh sách")], /, *, project: Here, note: Note,
    arrived: Annotated[bool, option("đã đến nơi")] = False, lost: Annotated[bool, option("chưa đến: gửi lại")] = False,
) -> int:
    """Record what somebody has found out about a letter that may or may not have arrived."""
    if arrived == lost:
        raise Refusal(say("ghi một trong hai: --arrived hoặc --lost"), code=USAGE)
    record = resolving.arrived if arrived else resolving.lost
    with opened(project) as office:
        done = record(office.store, letter, project.now, by=project.settings.person, note=note)
    if not done:
        missing = say("thư {n} không có, hoặc không hỏng, không phải chưa rõ", n=letter)
        raise Refusal(missing, say("xem: {command}", command="dondoc mail list --failed"), code=FOUND)
    show(say("Đã ghi: thư {number} đã đến.", number=letter) if arrived else say("Thư {number} chờ gửi lại.", number=letter))
    return 0


def _which(office: Office, number: str | None, kind: str | None) -> tuple[int | None, Lane | Literal[""]]:
    """Of which paper, of which kind. Raises Refusal where neither is named: that would be every letter."""
    if not (number or kind):
        raise Refusal(say("ghi số văn bản, hoặc --kind"), code=USAGE)
    return paper(office, number).id if number else None, cast(Lane, kind or "")


def _again(verb: str, number: str | None, kind: str | None) -> str:
    return " ".join(filter(None, (f"dondoc letters {verb}", f'"{number}"' if number else "", f"--kind {kind}" if kind else "")))


def _way(name: str, allowed: str, state: relays.Known, project: Project) -> Text:
    said = [allowed, say("24 giờ qua: {count} thư", count=count(state.spent))] if state.spent else [allowed]
    if state.per_minute is not None:
        said.append(say("nay {count} thư/phút", count=count(round(state.per_minute))))
    line = Text.assemble((name, "bold"), "  ", " · ".join(said))
    if state.trouble and state.since:
        at = moment(state.since, project.settings.practice.tz)
        line.append("\n  " + say("từ {at}: {why}", at=at, why=say_again(state.trouble)), "bold red")
    return line


def _order(each: orders.Order, project: Project) -> Text:
    what = " · ".join(filter(None, (each.number, say(LANES[each.lane]) if each.lane else "")))
    at = moment(each.at, project.settings.practice.tz)
    words = "Đang giữ thư {what}: {by}, {at}: {note}" if each.verb == "pause" else "Đã thôi gửi thư {what}: {by}, {at}: {note}"
    return Text(say(words, what=what, by=each.by, at=at, note=each.note), "yellow" if each.verb == "pause" else "dim")
