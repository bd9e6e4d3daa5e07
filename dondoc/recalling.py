"""`recall`: an issue is taken back while none of its letters has left."""

from __future__ import annotations

from tasks.ledger.recalling import BoundError, TooLateError
from tasks.ledger.recalling import recall as take_back

from .arguments import Here, Number
from .ledger import opened, paper
from .refusal import Refusal
from .screen import next_step, show, tell
from .speech import say


def recall(number: Number, /, *, project: Here) -> int:
    """Take an issue back; its number is free for the mended paper."""
    with opened(project) as office:
        of = paper(office, number)
        try:
            letters = take_back(office.store, of.id, of.number, project.now)
        except (BoundError, TooLateError) as error:
            raise Refusal(str(error)) from error
    show(say("Đã thu hồi {number}: {n} thư không gửi nữa.", number=of.number, n=letters))
    tell(next_step(say("Sửa tệp rồi ban hành lại"), "dondoc apply"))
    return 0
