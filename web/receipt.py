"""An act as people read it before it is sent and on its receipt: what it says, where it was mailed, what comes next."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from reports.targets import Goal, goal
from tasks.values import Act, Paper, Party, Receipt, Work

from .answer import LABELS, of_hundred, unit_sign, value_of
from .status import due_on
from .telling import Row, name_of
from .words import Say, local, long_day, size_words

HEADLINES = {
    "received": Say("Đã ghi nhận việc tiếp nhận"),
    "progress": Say("Đã nhận báo cáo tiến độ"),
    "figure": Say("Đã nhận số liệu"),
    "done": Say("Đã nhận báo cáo hoàn thành"),
    "extend": Say("Đã nhận đề nghị lùi hạn"),
    "undo": Say("Đã rút lại báo cáo"),
    "return": Say("Đã báo không thuộc thẩm quyền"),
    "delegate": Say("Đã ghi người nhận việc"),
    "answer": Say("Đã nhận trả lời sau khi đóng"),
}
AGAIN = Say("Mẫu này đã được gửi trước đó; không ghi thêm lần nữa.")


def told(act: Act, work: Work) -> list[Row]:
    """What an act says, before it is sent and on its receipt: the same rows, so that what was checked is what was stored."""
    rows: list[Row] = [(Say("Việc"), name_of(work)), (Say("Loại báo cáo"), LABELS[act.kind])]  # type: ignore[index]
    if (value := value_of(act)) is not None:
        rows.append((work.indicator_name, figure_words(act, value, work.figure, unit=work.unit)))
    if act.on:
        rows.append((Say("Tính đến ngày"), act.on))
    if act.document:
        rows.append((Say("Văn bản trả lời"), act.document))
    if act.until:
        rows.append((Say("Xin lùi tới"), long_day(act.until)))
    if act.note:
        rows.append((Say("Nội dung"), act.note))
    if act.to:
        rows.append((Say("Người nhận việc") if act.kind == "delegate" else Say("Đơn vị nên giao"), act.to))
    rows += [(Say("Tệp"), Say("%(name)s (%(size)s)", name=name, size=size_words(size))) for _, name, size in act.files]
    return [*rows, speaker(act)]


def speaker(act: Act) -> Row:
    """Who says it, as typed."""
    return Say("Người báo"), Say("%(name)s, %(role)s", name=act.said.name, role=act.said.role)


def figure_words(act: Act, value: Decimal, last: Decimal | None, *, unit: str) -> Say:
    """A figure with its counts and how it moved."""
    said = Say("%(value)s%(sign)s", value=value, sign=unit_sign(unit))
    if act.numerator is not None and act.denominator is not None:
        said = Say("%(said)s: %(numerator)s/%(denominator)s", said=said, numerator=act.numerator, denominator=act.denominator)
    if last is None or last == value:
        return said
    moved = Say("tăng %(by)s", by=value - last) if value > last else Say("giảm %(by)s", by=last - value)
    return Say("%(said)s (%(moved)s)", said=said, moved=moved)


def goal_of(work: Work) -> Goal | None:
    """The target as a value, where it holds exactly one number."""
    found = re.findall(r"\d+(?:[.,]\d+)?", work.target)
    return goal(work.target, Decimal(found[0].replace(",", "."))) if len(found) == 1 and of_hundred(work) else None


def sentences(receipt: Receipt, work: Work, paper: Paper, party: Party) -> Iterable[Say]:
    """What a receipt says after its rows: where it was sent, and what comes next."""
    if not receipt.new:
        yield AGAIN
    yield from mailed(party)
    if receipt.act.kind == "extend":
        yield Say("%(issuer)s sẽ quyết định; thời hạn cũ còn hiệu lực cho đến khi có quyết định.", issuer=paper.issuer)
    if receipt.act.kind == "return":
        yield Say("%(issuer)s sẽ quyết định giao đơn vị khác hay không.", issuer=paper.issuer)
    if receipt.act.kind == "answer":
        yield Say("Việc này đã đóng: nội dung được lưu lại, tình trạng không đổi.")
    if work.state == "claimed":
        yield Say("Đang chờ %(issuer)s xác nhận.", issuer=paper.issuer)
    yield from _distance(receipt.act, work, due_on(work, paper.zone))


def mailed(party: Party) -> list[Say]:
    """Where the receipt goes by mail: a link that leaked shows itself there."""
    return [Say("Biên nhận được gửi tới %(mail)s.", mail=party.mail)] if party.mail else []


def _distance(act: Act, work: Work, due: date | None) -> Iterable[Say]:
    aim, value = goal_of(work), value_of(act)
    if aim is None or value is None:
        return
    by = Say("mốc %(target)s ngày %(day)s", target=aim.said, day=due) if due else Say("chỉ tiêu %(target)s", target=aim.said)
    gap = aim.gap(value)
    if aim.reached_by(value):
        yield Say("Đã đạt %(aim)s.", aim=by)
    elif gap:
        yield Say("Còn %(gap)s điểm nữa đạt %(aim)s.", gap=gap, aim=by)


def stored_at(receipt: Receipt, zone: str) -> list[Row]:
    """The instant of a receipt as a row."""
    return [(Say("Lúc"), moment)] if (moment := _moment(receipt.at, zone)) else []


def _moment(at: datetime | None, zone: str) -> datetime | None:
    return local(at, zone) if at else None
