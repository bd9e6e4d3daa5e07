"""A forecast as people read it: who owes what by when, how much there is of it, and the letters day by day; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from directives.language.calendar import END_OF_DAY, written
from directives.language.directory import members
from directives.language.expansion import Deadline
from directives.language.periods import rhythm_words
from directives.language.shapes import Directory, Duty
from reports.targets import spoken
from tasks.forecast import Forecast, Owed
from tasks.ladder import SHORT
from tasks.postbag import Letter, Line
from tasks.sums import Sums

from .speech import day, lang, number, say, short_day

_NAMED = 2  # so many readers are named, more are counted
_LISTED = 6  # so many clauses of one sentence are listed

_REPORT = Line("", "", "", None)
_RUNG = re.compile(r"(còn|quá hạn) (\d+) ngày( làm việc)?|kỳ báo cáo (.+)")


class Row(NamedTuple):
    """A duty in the table: what is owed, by whom, until when; `aside` says more about the date."""

    duty: Duty
    lead: str
    due: str
    aside: str


class Saying(NamedTuple):
    """What letters of one day say alike; `letters` counts those that no saying before has counted."""

    on: date
    words: str
    readers: tuple[str, ...]
    letters: int


def rows(plan: Forecast) -> Iterator[Row]:
    """Yield the duties in the paper's order."""
    on = plan.directive.date or plan.until
    for owed in plan.duties:
        due, aside = _when(owed, on.year)
        yield Row(owed.duty, _lead(owed, plan.directive.directory, on), due, " · ".join(filter(None, (aside, _own(owed)))))


def sayings(plan: Forecast) -> Iterator[Saying]:
    """Yield, day by day, what the letters after the first ones say if nobody answers."""
    named = {owed.duty.clause: _terms(owed) for owed in plan.duties}
    order = {clause: place for place, clause in enumerate(named)}
    later = (letter for letter in plan.letters if letter.lane != "new")
    for on, of_day in groupby(later, key=lambda letter: letter.on):
        counted: set[tuple[str, str]] = set()
        for (rung, due), (places, letters) in _alike(of_day).items():
            inside = sorted((place for place in places if place[0]), key=lambda place: order[place[0]])
            said = [f"{clause} {named[clause].get(term, '')}".rstrip() for clause, term in inside]
            new = {(letter.lane, letter.to) for letter in letters} - counted
            counted |= new
            yield Saying(on, _sentence(said, rung, due), tuple(dict.fromkeys(each.to for each in letters)), len(new))


def who(readers: Sequence[str], directory: Directory) -> str:
    """Who hears it: names, or how many."""
    if len(readers) > _NAMED:
        return say("{n} nơi", n=len(readers))
    return ", ".join(directory.agencies[reader].short for reader in readers)


def rung_words(words: str) -> str:
    """A rung's own words, in the language that is spoken."""
    found = _RUNG.fullmatch(words)
    if words.startswith(SHORT):
        return say("chưa đủ đà, còn {n} ngày làm việc", n=int(words.removeprefix(SHORT).split()[1]))
    if lang() == "vi" or not found:
        return say(words) if words in ("đến hạn hôm nay", "việc cần làm ngay") else words
    side, count, working, round_ = found.groups()
    if round_:
        return say("kỳ báo cáo {day}", day=round_)
    kinds = {("còn", None): "còn {n} ngày", ("còn", working): "còn {n} ngày làm việc", ("quá hạn", None): "quá hạn {n} ngày"}
    return say(kinds.get((side, working), "quá hạn {n} ngày làm việc"), n=int(count))


def deadline_words(due: Deadline) -> str:
    """What the paper says beyond the day itself, and the last working day where the day is off."""
    said = "" if due.words == f"đến ngày {written(due.day)}" else due.words
    last = say("ngày làm việc cuối {day}", day=short_day(due.last_working_day, due.day.year)) if due.last_working_day != due.day else ""
    return " · ".join(filter(None, (said, last)))


Alike = dict[tuple[str, date | None], tuple[dict[tuple[str, str], None], list[Letter]]]


def _alike(letters: Iterator[Letter]) -> Alike:
    """Letters of a day by what they say of which date; the places of which they say it, in order."""
    found: Alike = {}
    for letter in letters:
        for line in letter.items or (_REPORT,):
            places, hearing = found.setdefault((line.rung, line.due if line.rung.startswith("còn") else None), ({}, []))
            places[line.clause, line.term] = None
            hearing.append(letter)
    return found


def _sentence(places: Sequence[str], rung: str, due: date | None) -> str:
    if not rung:
        return say("báo cáo tổng hợp")
    listed, more = ", ".join(places[:_LISTED]), len(places) - _LISTED
    listed = say("{listed} và {n} mục khác", listed=listed, n=more) if more > 0 else listed
    until = say(" (hạn {day})", day=f"{due:%d/%m}") if due else ""
    return f"{listed}: {rung_words(rung)}{until}"


def _terms(owed: Owed) -> Mapping[str, str]:
    """What the terms of a duty are called: "kỳ 2", "mốc 30/06"."""
    counted = [term for term in owed.terms if term.key]
    if owed.duty.every:
        return {term.key: say("kỳ {n}", n=no) for no, term in enumerate(counted, start=1)}
    return {term.key: say("mốc {day}", day=f"{date.fromisoformat(term.key[:10]):%d/%m}") for term in counted}


def _lead(owed: Owed, directory: Directory, on: date) -> str:
    """Who leads: names, groups with how many they are; and to how many it is passed down."""
    words = (directory.agencies[w].short if w in directory.agencies else f"{w} ({len(members(w, directory, on))})" for w in owed.duty.lead)
    below = sum(len(crew.holders) for crew in owed.crews if crew.child)
    return ", ".join(words) + (f" ▸ {say('{n} đơn vị', n=below)}" if below else "")


def _when(owed: Owed, year: int) -> tuple[str, str]:
    once = next((term.due for term in owed.terms if not term.key), None)
    counted = [(date.fromisoformat(term.key[:10]), term) for term in owed.terms if term.key]
    if once:
        hour = owed.duty.due.hour if owed.duty.due else None
        return (f"{hour:%H:%M} " if hour and hour != END_OF_DAY else "") + day(once.day), deadline_words(once)
    if owed.duty.every and counted:
        rhythm = say("{rhythm}, {n} kỳ", rhythm=say(rhythm_words(owed.duty.every)), n=len(counted))
        last = counted[-1][1].due
        cutoff = say("số liệu chốt đến ngày {day} mỗi kỳ", day=owed.duty.every.cutoff) if owed.duty.every.cutoff else ""
        return rhythm, " · ".join(filter(None, (f"{short_day(counted[0][0], year)}–{day(last.day)}" if last else "", cutoff)))
    if counted:
        stages = (f"{short_day(on, year)} {spoken(term.target.words) if term.target else ''}".strip() for on, term in counted)
        return say("{n} mốc", n=len(counted)), " · ".join(stages)
    return "", _undated(owed.duty)


def _own(owed: Owed) -> str:
    """How many are judged on targets of their own."""
    own = {unit for of in owed.own.values() for unit in of}
    return say("{n} đơn vị có chỉ tiêu riêng", n=len(own)) if own else ""


def _undated(duty: Duty) -> str:
    """Why there is no date."""
    if duty.force == "note":
        return say("không giao việc")
    if duty.every and duty.every.unit in ("on request", "on event"):
        return say("khi có yêu cầu") if duty.every.unit == "on request" else say("khi phát sinh")
    if duty.due and duty.due.after:
        return say("chờ xong mục {clause}", clause=duty.due.after)
    return say("làm ngay") if duty.due else say("thường xuyên")


def counted(plan: Sums) -> dict[str, str]:
    """The sums as words."""
    return {
        "duties": say("{n} nhiệm vụ", n=plan.duties), "agencies": say("{n} đơn vị", n=plan.agencies),
        "tasks": number(plan.tasks), "later": number(plan.later), "letters": say("{n} thư giao việc", n=plan.letters),
    }
