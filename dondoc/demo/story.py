"""Plays a directive through time: each instant at which something waits, its flows; each letter's reader, an answer over HTTP."""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from config.clock import HandClock
from config.office import Office
from flows.aggregate import aggregate
from flows.deliver import deliver
from flows.escalate import escalate
from flows.issue import issue
from flows.poll import poll
from notifications.sink import Sink
from tasks.ledger import acts
from tasks.values import Act, Said
from web.postman import Postman

from .browser import Browser, Page
from .mailbox import mails
from .script import Answer, Script

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
START, END = date(2020, 5, 18), date(2020, 9, 30)
FILE = "directives/2020-cai-rang-898-ubnd.yaml"

#: On the desk: a duty's address, and the clause that its name begins with.
_TASK = re.compile(r"/t/[^/]+/(\d+)$")
_CLAUSE = re.compile(r"Mục ([0-9a-z.]*[0-9a-z])\. ")


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant in Cần Thơ."""
    return datetime.combine(day, time(hour, minute), ZONE)


@dataclass
class Story:
    """One showing; `told` hears (day, what, how many of it) as it goes."""

    office: Office
    clock: HandClock
    sink: Sink
    postman: Postman
    browser: Browser
    script: Script
    told: Callable[[date, str, int], None]
    answers: int = 0
    runs: Counter[str] = field(default_factory=Counter)
    desks: dict[str, str] = field(default_factory=dict)  # an agency's mailbox → the link found in its letters
    pages: dict[str, str] = field(default_factory=dict)  # a leader's mailbox → the link to his page
    _read: int = 0
    _visits: list[tuple[datetime, str]] = field(default_factory=list)

    async def play(self) -> None:
        """From the issue to the chairman's report of the end. Days on which nothing waits are passed over."""
        await self._issue()
        for month in range(6, 10):
            heapq.heappush(self._visits, (at(date(2020, month, 29), 9), FIGURES))
        last = at(END, 23, 59)
        while (moment := self._next()) and moment <= last:
            self.clock.at = moment
            while self._visits and self._visits[0][0] <= moment:
                await self._visit(heapq.heappop(self._visits)[1])
            await self._rounds()
        await self._run(escalate)  # the last day's own beat, which finds nothing: the page says until when the engine ran

    def _next(self) -> datetime | None:
        waits = self.office.ahead().first
        visit = self._visits[0][0] if self._visits else None
        found = min((moment for moment in (waits, visit) if moment), default=None)
        return max(found, self.clock.at) if found else None

    async def _issue(self) -> None:
        self.clock.at = at(START, 9)
        done = await self._run(issue, file=FILE)
        self._tell(f"ban hành 898/UBND, mở {done['tasks']} việc")

    async def _rounds(self) -> None:
        """The flows that have something to do now; production's schedules run them all, with the same result."""
        now, waits = self.clock.at, self.office.ahead()
        begins = min((at for at in (waits.terms, waits.bodies) if at), default=None)
        if begins and begins <= now and (opened := (await self._run(poll))["opened"]):
            self._tell("việc của kỳ mới bắt đầu", opened)
        reports = waits.reports and waits.reports <= now
        if reports or (waits.tasks and waits.tasks <= now):  # a report vouches for the beat before it
            await self._run(escalate)
        if reports:
            await self._run(aggregate)
        if (letters := self.office.ahead().letters) and letters <= now:
            await self._run(deliver)
        self._open_mail()

    async def _run(self, flow: Any, **given: str) -> Any:
        self.runs[flow.name] += 1
        return await flow(as_of=self.clock.at, **given)

    def _open_mail(self) -> None:
        """Read what has arrived, in whatever order. Whoever was written to opens the link some day, or never."""
        new = sorted(mails(self.sink.received[self._read:]), key=lambda mail: mail.to)
        self._read += len(new)
        for mail in new:
            (self.desks if mail.desk else self.pages)[mail.to] = mail.link
            if mail.desk and mail.is_asking:
                for visit in self.script.visits(mail.to, self.clock.at):
                    heapq.heappush(self._visits, visit)
        for kind, count in Counter(mail.kind for mail in new).items():
            self._tell(kind, count)

    async def _visit(self, mailbox: str) -> None:
        if mailbox == FIGURES:
            await self._type_figures()
            return
        desk = await self.browser.open(self.desks[mailbox])
        named = ((address, _CLAUSE.match(name)) for address, name in desk.links if _TASK.search(address))
        found = [(address, clause[1]) for address, clause in named if clause]
        for address, clause in found[: self.script.patience]:
            await self._answer(mailbox, address, clause)

    async def _answer(self, mailbox: str, address: str, clause: str) -> None:
        duty = await self.browser.open(address)
        answer = self.script.answer(mailbox, clause, self.clock.at.astimezone(ZONE).date(), duty.offers)
        if answer is None:
            return
        await self._send(duty, answer)
        if (task := _TASK.search(address)) and answer.kind == "extend":
            self._grant(int(task[1]))

    async def _type_figures(self) -> None:
        """The insurance office types one form with a row for every ward."""
        desk = await self.browser.open(self.desks[INSURANCE])
        form = next(address for address, _ in desk.links if "/figures/" in address)
        page, day = await self.browser.open(form), self.clock.at.astimezone(ZONE).date()
        await self._send(page, self.script.coverage(page.rows, day))

    async def _send(self, page: Page, answer: Answer) -> None:
        await self.browser.answer(page, {"name": "Cán bộ đầu mối", "role": "Chuyên viên", **answer.typed})
        await self.postman.idle()
        self.answers += 1
        if answer.words:
            self._tell(answer.words)

    def _grant(self, task: int) -> None:
        """The vice chairman agrees the next morning."""
        self.clock.at += timedelta(hours=1)
        said = Said(name="Phó Chủ tịch", role="Phó Chủ tịch UBND quận")
        acts.act(self.office.store, Act(kind="grant", task=task, said=said, key=f"demo:grant:{task}"), self.office.calendar, self.clock.at)
        self._tell("Phó Chủ tịch UBND quận đồng ý cho lùi hạn")

    def _tell(self, what: str, count: int = 0) -> None:
        self.told(self.clock.at.astimezone(ZONE).date(), what, count)


FIGURES = "(figures)"
INSURANCE = "bhxh@cairang.example"
