"""The code that a duty may ask for besides the link: mailed when an answer is looked over, typed before it is sent."""

from __future__ import annotations

from dataclasses import replace

from tasks.values import Act, Work

from .typed import Typed
from .visit import Visit
from .words import Say


def is_asked(act: Act, work: Work) -> bool:
    """Whether the act needs a code."""
    return act.kind == "done" and work.code


def proven(at: Visit, act: Act, work: Work, typed: Typed) -> Act:
    """The act with its proof, where it needs one; without it, the mistake is noted."""
    if not is_asked(act, work):
        return act
    code = "".join(typed.line("code", Say("Nhập mã sáu chữ số trong thư vừa gửi")).split())
    if code and not at.front.prove(work.id, code, at.now):
        typed.wrong("code", Say("Mã không đúng, hoặc đã quá 10 phút hay quá 5 lần thử. Bấm Sửa lại rồi tiếp tục để nhận mã mới"))
    return replace(act, proven=True)


def mailed(at: Visit, work: Work) -> Say:
    """Mail a code, unless one is on its way; what the page says of it."""
    if at.front.send_code(work.id, at.now):
        return Say("Mã vừa gửi tới hộp thư đã đăng ký của đơn vị, dùng trong 10 phút.")
    return Say("Hộp thư đã đăng ký không nhận được thư nên không gửi được mã. Hãy gọi cơ quan ban hành.")
