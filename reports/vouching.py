"""The proof of silence at the head of a page: until when the engine has run, and which letters have not left."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from tasks.watches import Watch

from .tongues import say
from .vietnamese import moment


def vouched(watch: Watch, zone: str) -> str:
    """The sentence; where the engine stood still it says so, since then silence proves nothing."""
    failed, waits = say("{n} lỗi gửi chưa xử lý", n=watch.unsent), say("{n} thư chờ quá một giờ", n=watch.queued)
    letters = f"{failed}, {waits}" if watch.queued else failed
    if watch.ran_at is None:
        return say("Máy nhắc chưa chạy lần nào; {letters}.", letters=letters)
    at = moment(watch.ran_at.astimezone(ZoneInfo(zone)))
    if watch.stands:
        return say("Máy nhắc đứng từ {at}: sau lúc ấy việc đến hạn có thể chưa được nhắc; {letters}.", at=at, letters=letters)
    if watch.held:
        return say("Máy nhắc chạy đến {at}, nhưng thư đang bị giữ chờ người vận hành cho đi; {letters}.", at=at, letters=letters)
    return say("Máy nhắc chạy đủ đến {at}, {letters}.", at=at, letters=letters)


def is_sound(watch: Watch) -> bool:
    """Whether the sentence reassures."""
    return not (watch.stands or watch.held or watch.unsent or watch.queued)
