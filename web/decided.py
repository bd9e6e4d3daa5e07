"""What stands beside a duty, as rows of its page: a pause, a return, who has it in hand, what the issuer decided last."""

from __future__ import annotations

from tasks.values import Work

from .words import Say, local, long_day

Row = tuple[Say | str, object]

DECIDED = {
    "grant": Say("đồng ý lùi hạn"),
    "refuse": Say("không đồng ý lùi hạn"),
    "confirm": Say("xác nhận hoàn thành"),
    "reject": Say("yêu cầu thực hiện lại"),
    "keep": Say("không nhận trả lại, đơn vị vẫn thực hiện"),
    "reassign": Say("chuyển cho đơn vị này"),
    "pause": Say("tạm dừng"),
    "resume": Say("thực hiện tiếp"),
    "postpone": Say("lùi hạn"),
    "reopen": Say("mở lại"),
    "close": Say("kết thúc"),
}


def beside(work: Work, zone: str) -> list[Row]:
    """The rows, in the order in which they matter."""
    rows: list[Row] = []
    if work.state == "paused" and work.held_until:
        rows.append((Say("Tạm dừng"), Say("đến %(day)s. Lý do: %(words)s", day=long_day(work.held_until), words=work.held_words)))
    if work.state == "returned":
        rows.append((Say("Trả lại"), Say("đã báo không thuộc thẩm quyền, đang chờ quyết định. Lý do: %(words)s", words=work.held_words)))
    if work.decided and work.decided_at and not (work.decided == "pause" and work.state == "paused"):
        rows.append((Say("Quyết định"), decision(work, zone)))
    if work.handler:
        rows.append((Say("Người phụ trách"), work.handler))
    return rows


def asked(work: Work) -> Say:
    """A request for more time that waits; from the third on, how many there were."""
    day = long_day(work.asks_until) if work.asks_until else ""
    if work.asked >= 3:
        return Say("đã xin tới %(day)s, lần thứ %(times)s, đang chờ quyết định", day=day, times=work.asked)
    return Say("đã xin tới %(day)s, đang chờ quyết định", day=day)


def decision(work: Work, zone: str) -> Say:
    """What the issuer decided last, when and in which words; there must be a decision."""
    assert work.decided_at
    said = Say("%(done)s (%(day)s)", done=DECIDED[work.decided], day=local(work.decided_at, zone).date())
    return Say("%(said)s: %(words)s", said=said, words=work.decided_words) if work.decided_words else said
