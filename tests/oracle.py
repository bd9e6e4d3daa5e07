"""What must happen, told once more and apart from the engine: a plain loop over tasks and days, written from the page on meaning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from directives.language.calendar import DAY, Calendar
from directives.language.directory import mail_of, members, resolve
from directives.language.expansion import coordinators, has_rhythm, holders, report_plans, terms
from directives.language.periods import rounds
from directives.language.practice import Practice
from directives.language.shapes import Directive, Directory, Duty
from tests.answered import Answered
from tests.owed import SLOW, Begun, Key, Task, Times


class Oracle(Answered):
    """All of an office's papers. What was decided is in `said` (day, recipient, lane, of what) and in `cells` (number, round)."""

    def __init__(self, people: Directory, calendar: Calendar, practice: Practice, end: datetime) -> None:
        super().__init__(Times(calendar, practice))
        self.people, self.practice, self.end = people, practice, end
        self.papers: dict[str, tuple[Directive, datetime]] = {}
        self.ahead: list[Begun] = []
        self.leaves: dict[tuple[str, str], datetime] = {}  # first letters that wait
        self.left: dict[tuple[str, str], datetime] = {}
        self.said: set[tuple[Any, ...]] = set()
        self.cells: dict[tuple[str, str], tuple[int, ...]] = {}

    def issue(self, paper: Directive, now: datetime) -> None:
        """Terms are laid out; whoever holds or shares a duty has one first letter when the time to recall has passed."""
        self.papers[str(paper.number)] = (paper, now)
        for duty in (duty for duty in paper.duties if duty.force != "note"):
            coming = terms(duty, paper, self.times.calendar, self.practice)
            term = next(coming, None)
            while term and term.begins_at <= self.end:
                after = next(coming, None)
                self.ahead.append(Begun(term.begins_at, paper, duty, term, after))
                term = after
            for unit, above in holders(duty, self.people, self.times.day(now)):
                for who in (unit, *(() if above else self.partners(duty, unit, now))):
                    if mail_of(who, self.people):
                        self.leaves[str(paper.number), who] = self.times.window(now, self.practice.recall)
        self.open(now)

    def partners(self, duty: Duty, unit: str, now: datetime) -> tuple[str, ...]:
        return coordinators(duty, unit, self.people, self.times.day(now))

    def open(self, now: datetime) -> None:
        """Terms that have begun become tasks; earlier figures may meet them; clocks start that waited for a clause."""
        begun, self.ahead = [row for row in self.ahead if row.begins <= now], [row for row in self.ahead if row.begins > now]
        for row in sorted(begun, key=lambda row: row.begins):
            since = self.papers[str(row.paper.number)][1]
            for unit, above in holders(row.duty, self.people, self.times.day(since)):
                task = Task(row._replace(begins=max(row.begins, since)), unit, above)
                task.told = self.left.get((task.key[0], unit)) if row.begins > since else None
                task.wake = next((at for at, _ in self.times.ladder(task)), None)
                self.add(task)
        for number in {str(row.paper.number) for row in begun}:
            self.judge(number, now)
        for task in [task for task in self.tasks.values() if not task.closed and task.waits]:
            self.start(task, now)

    def sweep(self, now: datetime) -> None:
        """The latest missed rung of each task; above the lead only who was told in time; one letter a reader and day."""
        today = self.times.day(now)
        if not self.times.calendar.is_working(today):
            return
        letters: defaultdict[str, set[tuple[Key, int]]] = defaultdict(set)
        own: set[str] = set()
        for task in [task for task in self.tasks.values() if task.wake and task.wake <= now]:
            step, alone, audience = self.say(task, now)
            for who in (task.unit,) if alone else self.hears(task, audience):
                if (who, step) in task.items:
                    continue
                task.items[who, step] = now
                letters[who].add((task.key, step))
                if who == task.unit or (not task.above and who in self.partners(task.duty, task.unit, self.papers[task.key[0]][1])):
                    own.add(who)
        for who in [who for who in letters if mail_of(who, self.people)]:
            self.said.add((today, who, "digest" if who in own else "escalation", frozenset(letters[who])))
            for task in (self.tasks[key] for key, _ in letters[who] if key[2] == who):
                task.told = task.told or now

    def say(self, task: Task, now: datetime) -> tuple[int, bool, tuple[str, ...]]:  # noqa: PLR0911  # one end for each fate
        """The rung to be said, whether to its lead alone, and who hears it; the task goes to its next one, or waits for tomorrow."""
        today, calendar = self.times.day(now), self.times.calendar
        before = calendar.previous_working(today - DAY)
        told_by, told_prev = (self.times.ends(day, -self.practice.grace) for day in (today, before))
        held_since, held_prev = (self.times.ends(day, -self.practice.hold - 1) for day in (today, before))
        passed: list[tuple[int, datetime, tuple[str, ...]]] = []
        ahead = None
        for step, (at, audience) in enumerate(self.times.ladder(task), 1):
            if at > now:
                ahead = at
                break
            passed.append((step, at, audience if SLOW not in audience else ("lead",) if self.is_slow(task, step, now) else ()))
        missed, said_at = [row for row in passed[task.step:] if row[2]], passed[task.step - 1][1] if 0 < task.step <= len(passed) else None
        climbing = [row for row in missed if not set(row[2]) <= {"lead", "with"}]
        heard = [(step, at) for (who, step), at in task.items.items() if who == task.unit]
        late = said_at is not None and said_at <= told_by and any(step == task.step and at > told_by for step, at in heard)
        overdue = bool(climbing) and climbing[0][1] < now
        task.wake = self.times.morning(calendar.next_working(today + DAY))
        if task.state == "claimed" or (task.asked is not None and task.asked > held_since):
            return 0, False, ()
        if not missed:
            task.step, task.wake = len(passed), ahead
        elif self.is_newer(task) or not climbing or missed[-1] not in climbing:
            task.step, task.wake = missed[-1][0], ahead
            return task.step, False, () if self.is_newer(task) else missed[-1][2]
        elif task.told is None or task.told > told_by or (late and not overdue):
            low = [row for row in missed if row not in climbing]
            task.step = low[-1][0] if low else task.step
            return task.step, False, low[-1][2] if low else ()
        elif task.asked is not None and held_prev < task.asked <= held_since and not late:
            task.step, task.wake = climbing[0][0], ahead if climbing[0] == missed[-1] else task.wake
            return task.step, False, climbing[0][2]
        elif late or (overdue and task.told <= told_prev and not any(climbing[0][1] <= at <= told_by for _, at in heard)):
            return missed[-1][0], True, ("lead",)
        else:
            task.step, task.wake = missed[-1][0], ahead
            return task.step, False, missed[-1][2]
        return 0, False, ()

    def is_slow(self, task: Task, step: int, now: datetime) -> bool:
        """Whether the rung before a milestone is still to be said, and speaks of this task."""
        return step > task.step and task.due is not None and task.due > now and self.heads_short(task)

    def is_newer(self, task: Task) -> bool:
        """Of a recurring duty only the oldest open term speaks."""
        return has_rhythm(task.duty) and any(
            each.duty is task.duty and each.unit == task.unit and each.term.key < task.term.key and not each.closed
            for each in self.of[task.key[0]]
        )

    def hears(self, task: Task, audience: tuple[str, ...]) -> Iterator[str]:
        """A child's silence reaches only the lead that passed it down."""
        since = self.papers[task.key[0]][1]
        beyond = [word for word in audience if word not in ("lead", "with")]
        if "lead" in audience:
            yield task.unit
        if "with" in audience and not task.above:
            yield from self.partners(task.duty, task.unit, since)
        if task.above:
            yield from [task.above[2]] if beyond else []
            return
        for word in beyond:
            known = members(word, self.people, self.times.day(since)) if word in self.people.groups else None
            yield from known if known is not None else resolve(word, task.unit, task.paper, self.people)

    def post(self, now: datetime) -> None:
        """First letters leave; from then on their readers know of all that they owe."""
        for number, who in [letter for letter, at in self.leaves.items() if at <= now]:
            self.said.add((self.times.day(now), who, "new", number))
            self.left[number, who] = now
            del self.leaves[number, who]
            for task in self.of[number]:
                if task.unit == who:
                    task.told = task.told or now
                    task.items[who, 0] = now

    def report(self, now: datetime) -> None:
        """The last round of each plan that has come: how the paper stood then, and a letter a reader."""
        for number, (paper, since) in self.papers.items():
            for plan in report_plans(paper, self.practice) if any(duty.force != "note" for duty in paper.duties) else ():
                for at in rounds(plan.every, self.times.day(since), self.times.calendar, self.practice):
                    if at > now:
                        break
                    name = f"{at.astimezone(self.practice.tz):%Y-%m-%dT%H:%M}/{plan.every.words}"
                    if since < at > now - timedelta(days=1):
                        self.cells[number, name] = self.stands(number, at)
                        readers = {who for word in plan.to for who in resolve(word, paper.issuer, paper, self.people)}
                        self.said |= {(self.times.day(now), who, "report", number) for who in readers if mail_of(who, self.people)}

    def stands(self, number: str, at: datetime) -> tuple[int, ...]:
        """On time, late, in time, overdue, without a date."""
        found = [0] * 5
        for task in self.of[number]:
            late = task.due is not None and (task.closed or at) > task.due
            found[4 if task.due is None else (0 if task.closed else 2) + late] += 1
        return tuple(found)
