"""`webhooks`: other systems that are told of events: an address with its secret, how it fares, a trial, an end."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

from cyclopts import App

from config.courier import Courier
from notifications.channels import Handed, Message
from notifications.channels.outside import ForbiddenAddressError, checked, place
from notifications.channels.webhook import secret_of
from tasks.ledger import endpoints
from tasks.ledger.endpoints import KINDS, Endpoint

from .arguments import Here, Json, option
from .ledger import opened
from .project import Project
from .refusal import FOUND, LATER, USAGE, Refusal
from .screen import show, show_json, show_raw, table, tell
from .speech import moment, say

Url = Annotated[str, option("địa chỉ nhận: https://…")]
Number = Annotated[int, option("số của địa chỉ, như list in ra")]
Kinds = Annotated[list[str] | None, option("chỉ loại sự kiện này; ghi được nhiều lần", name="--kind")]

webhooks = App(name="webhooks", group_commands=say("Lệnh"))


@webhooks.command(help=say("báo sự kiện cho một địa chỉ từ nay; in khóa để bên nhận kiểm chữ ký"))
def add(url: Url, /, *, project: Here, kind: Kinds = None) -> int:
    """Print the secret of a new address."""
    if wrong := next((each for each in kind or () if each not in KINDS), ""):
        raise Refusal(say("không có loại sự kiện “{kind}”", kind=wrong), say("có: {names}", names=", ".join(KINDS)), code=USAGE)
    try:
        address = checked(url)
        asyncio.run(place(address, project.settings.webhook_networks))
    except ForbiddenAddressError as error:
        raise Refusal(say(error.sentence, **error.facts), code=USAGE) from error
    except OSError as error:
        raise Refusal(say("không tìm được máy của địa chỉ này: {url}", url=url), code=LATER) from error
    with opened(project) as office:
        with office.store.write() as db:
            number = endpoints.make(db, address, kind or (), project.now)
        if not number:
            raise Refusal(say("địa chỉ này đã có"), code=USAGE)
        tell(say("Địa chỉ số {number}. Khóa dưới đây để bên nhận kiểm chữ ký (Standard Webhooks):", number=number))
        show_raw(secret_of(office.settings.secrets[0], number))
    return 0


@webhooks.command(name="list", help=say("các địa chỉ và tình hình của chúng"))
def list_(*, project: Here, as_json: Json = False) -> int:
    """Show addresses; the secrets are not among it."""
    with opened(project) as office, office.store.read() as db:
        found = endpoints.known(db)
    if as_json:
        show_json({"webhooks": [_plain(each) for each in found]})
        return 0
    rows = table("Số", "Địa chỉ", "Loại", "Tình hình", right=("Số",), wide=("Địa chỉ", "Tình hình"))
    for each in found:
        rows.add_row(str(each.id), each.url, " ".join(each.kinds) or say("mọi loại"), _state(each, project))
    show(rows)
    return 0


@webhooks.command(help=say("gửi thử một sự kiện, và nói bên nhận trả lời gì"))
def test(number: Number, /, *, project: Here) -> int:
    """Post an event of kind `test` at once."""
    of = _named(project, number)
    with opened(project) as office:
        body = json.dumps({"type": "test", "timestamp": project.now.isoformat(), "data": {}})
        message = Message(f"dd-{number}-test-{int(project.now.timestamp())}", of.url, body)
        handed: Handed = asyncio.run(Courier.of(office.settings, office.store).webhook(number).hand(message, project.now))
    tell(say("Bên nhận đã nhận (mã {code}).", code=handed.code) if handed.taken else say("Chưa nhận: {why}", why=handed.words))
    return 0 if handed.taken else LATER


@webhooks.command(help=say("thôi báo cho một địa chỉ"))
def remove(number: Number, /, *, project: Here) -> int:
    """End an address."""
    _named(project, number)
    with opened(project) as office, office.store.write() as db:
        ended = endpoints.end(db, number, "operator", project.now)
    tell(say("Đã thôi báo cho địa chỉ số {number}.", number=number))
    return 0 if ended else FOUND


def _named(project: Project, number: int) -> Endpoint:
    """An address that is told. Raises Refusal."""
    with opened(project) as office, office.store.read() as db:
        found = [each for each in endpoints.known(db, standing=True) if each.id == number]
    if not found:
        raise Refusal(say("không có địa chỉ số {number} đang dùng", number=number), code=USAGE)
    return found[0]


def _state(of: Endpoint, project: Project) -> str:
    zone = project.settings.practice.tz
    if of.ended_at:
        why = {"operator": "đã bỏ", "failing": "đã ngừng: nhiều ngày không nhận", "gone": "đã ngừng: bên nhận báo không còn dùng (410)"}
        return say(why[of.ended_why])
    if of.failing_since:
        return say("không nhận được từ {at}, {n} lần", at=moment(of.failing_since, zone), n=of.failures)
    return say("tốt")


def _plain(of: Endpoint) -> dict[str, object]:
    return {
        "number": of.id, "url": of.url, "kinds": of.kinds, "made_at": of.made_at, "failures": of.failures,
        "failing_since": of.failing_since, "ended_at": of.ended_at, "ended_why": of.ended_why,
    }
