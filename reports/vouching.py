"""The proof of silence at the head of a page: until when the engine has run, and which letters have not left."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from tasks.watches import Watch

from .vietnamese import moment, number


def vouched(watch: Watch, zone: str) -> str:
    """The sentence; where the engine stood still it says so, since then silence proves nothing."""
    letters = f"{number(watch.unsent)} lỗi gửi chưa xử lý" + (f", {number(watch.queued)} thư chờ quá một giờ" if watch.queued else "")
    if watch.ran_at is None:
        return f"Máy nhắc chưa chạy lần nào; {letters}."
    at = moment(watch.ran_at.astimezone(ZoneInfo(zone)))
    if watch.stands:
        return f"Máy nhắc đứng từ {at}: sau lúc ấy việc đến hạn có thể chưa được nhắc; {letters}."
    if watch.held:
        return f"Máy nhắc chạy đến {at}, nhưng thư đang bị giữ chờ người vận hành cho đi; {letters}."
    return f"Máy nhắc chạy đủ đến {at}, {letters}."


def is_sound(watch: Watch) -> bool:
    """Whether the sentence reassures."""
    return not (watch.stands or watch.held or watch.unsent or watch.queued)
