"""The part of the pages' other side that people reach by mail: answers that wait, contacts that were asked for."""

from __future__ import annotations

from datetime import datetime

from tasks.sayings import Correction, Reply
from tasks.values import Act, Receipt, Said
from web.threads import run_in_threadpool


class Callers:
    """What a `Counter` knows of answers and contacts, in memory."""

    def __init__(self) -> None:
        self.answers: list[Reply] = []
        self.contacts: list[tuple[str, str, str]] = []

    async def recorded(self, act: Act, now: datetime) -> Receipt:
        return await run_in_threadpool(self.act, act, now)

    def act(self, act: Act, now: datetime) -> Receipt:
        raise NotImplementedError

    def replies(self, recipient: str) -> tuple[Reply, ...]:
        return tuple(each for each in self.answers if each.agency.id == recipient)

    def confirm_reply(self, reply: int, said: Said, recipient: str, now: datetime) -> Receipt:
        [found] = [each for each in self.replies(recipient) if each.id == reply]
        self.leave_reply(reply, recipient, now)
        return self.act(Act(kind=found.said.kind, task=found.work.id if found.work else 0, said=said, key=f"mail:{reply}"), now)

    def leave_reply(self, reply: int, recipient: str, now: datetime) -> bool:
        self.answers = [each for each in self.answers if each.id != reply]
        return True

    def ask_contact(self, recipient: str, said: Said, now: datetime, *, mail: str, phone: str) -> str:
        self.contacts.append((recipient, mail, phone))
        return "Cơ quan cấp trên"

    def correction(self, token: str, now: datetime) -> Correction | None:
        return None

    def decide_contact(self, token: str, now: datetime, *, confirm: bool) -> bool:
        return False
