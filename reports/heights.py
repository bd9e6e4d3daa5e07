"""How high each agency's silence can be told: the highest rung that a plan reaches for it, who hears it, and why it goes no higher."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from directives.language.directory import mail_of
from directives.language.practice import Practice
from directives.language.shapes import Rung
from tasks.audience import Crew, hearers
from tasks.forecast import Forecast, Owed, Spoken

RELATIVE = {"head", "above"}  # words that mean somebody else for every agency
LOWEST = timedelta.min


class Height(NamedTuple):
    """The highest rung of an agency in one duty or in all: who hears its `words`, of which clauses, and `why` nobody above them does.

    `hearers` is empty where nobody beyond the lead and those who take part hears anything.
    """

    late: timedelta
    words: str
    hearers: tuple[str, ...]
    clauses: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heights:
    """Agencies of whom the same is told equally high."""

    units: tuple[str, ...]
    height: Height


def heights(made: Forecast, practice: Practice) -> tuple[Heights, ...]:
    """Every agency that holds a duty, the highest first; what is the same of several is told once."""
    found: dict[str, list[Height]] = {}
    spoken: dict[str, list[Spoken]] = {}
    for said in made.spoken:
        spoken.setdefault(said.crew.duty.clause, []).append(said)
    for owed in made.duties:
        for crew, of in _parts(owed, spoken.get(owed.duty.clause, [])):
            for unit, height in _of_crew(owed, crew, of, made, practice):
                found.setdefault(unit, []).append(height)
    alike: dict[Height, list[str]] = {}
    joined: dict[tuple[Height, ...], Height] = {}
    for unit, each in found.items():
        key = tuple(each)
        if key not in joined:
            joined[key] = _highest(key)
        alike.setdefault(joined[key], []).append(unit)
    told = [Heights(units=tuple(units), height=height) for height, units in alike.items()]
    return tuple(sorted(told, key=lambda each: (not each.height.hearers, -each.height.late, -len(each.units))))


def _parts(owed: Owed, spoken: list[Spoken]) -> Iterator[tuple[Crew, list[Spoken]]]:
    """The crews of a duty, each split by what is said of its holders: an annex silences some of them."""
    for crew in owed.crews:
        parts: dict[tuple[int, ...], set[str]] = {}
        for holder in crew.holders:
            key = tuple(place for place, said in enumerate(spoken) if holder.unit in said.crew.units)
            parts.setdefault(key, set()).add(holder.unit)
        for places, units in parts.items():
            if part := crew.without(crew.units - units):
                yield part, [spoken[place] for place in places]


def _highest(of: tuple[Height, ...]) -> Height:
    """The highest of an agency's duties, with every clause that comes as high, or with all reasons where nobody hears."""
    best = max(of, key=lambda height: (bool(height.hearers), height.late))
    if not best.hearers:
        return best._replace(clauses=(), why="; ".join(dict.fromkeys(height.why for height in of)), late=LOWEST, words="")
    same = [height for height in of if height._replace(clauses=(), why="") == best._replace(clauses=(), why="")]
    return best._replace(clauses=tuple(clause for height in same for clause in height.clauses))


def _of_crew(owed: Owed, crew: Crew, spoken: list[Spoken], made: Forecast, practice: Practice) -> Iterator[tuple[str, Height]]:
    """The height of every holder of a duty."""
    clause = (crew.duty.clause,)
    climbing = [said for said in spoken if said.step.climbs]
    silent = Height(LOWEST, "", (), clause, _silent(owed, crew, climbing, made))
    if not climbing or crew.duty.force == "ask":
        yield from ((holder.unit, silent) for holder in crew.holders)
        return
    ordered = sorted(climbing, key=_late, reverse=True)
    alike = [(place, said) for place, said in enumerate(ordered) if not _varies(said, crew)]
    fixed = [(place, height) for place, said in alike for height in _heard([said], crew, made, practice)]
    place, shared = fixed[0] if fixed else (len(ordered), silent)
    for holder in crew.holders:
        alone = crew.only(holder) if place else crew
        yield holder.unit, next(_heard(ordered[:place], alone, made, practice), shared)


def _varies(said: Spoken, crew: Crew) -> bool:
    """Whether a rung means somebody else for every holder."""
    return crew.child or bool(RELATIVE & set(said.step.audience))


def _heard(ordered: list[Spoken], crew: Crew, made: Forecast, practice: Practice) -> Iterator[Height]:
    """The rungs that somebody beyond the crew hears, the highest first."""
    directory, own = made.directive.directory, crew.readers.keys()
    for said in ordered:
        heard = [who for who in hearers(said.step, crew, made.directive, directory).tasks if who not in own]
        if reached := tuple(who for who in heard if mail_of(who, directory)):
            yield Height(_late(said), said.step.words, reached, (crew.duty.clause,), _lower(said, crew, made, practice))


def _late(said: Spoken) -> timedelta:
    return said.step.at - said.term.due.at if said.term.due else LOWEST


def _silent(owed: Owed, crew: Crew, climbing: list[Spoken], made: Forecast) -> str:
    """Why nobody beyond those who hold the duty ever hears of it: the first reason that holds."""
    dated = [term for term in owed.terms if term.due]
    reasons = (
        (crew.duty.force == "ask", "đề nghị, chỉ nhắc chính đơn vị"),
        (not dated, "không có thời hạn"),
        (all(term.target and term.target.soft for term in dated), "chỉ tiêu phấn đấu, chỉ báo cáo"),
        (not crew.reached, "không có địa chỉ thư nên chưa được giao việc"),
        (bool(climbing), "người nghe không có địa chỉ thư, hoặc là chính đơn vị"),
        (bool(made.directive.annex), "chỉ tiêu riêng đã đạt, hoặc chỉ phấn đấu"),
    )
    return next((words for holds, words in reasons if holds), "không bậc nào đến trước khi hết kỳ xem trước")


def _lower(said: Spoken, crew: Crew, made: Forecast, practice: Practice) -> str:
    """Why a rung is not the ladder's last; empty where it is."""
    if crew.child:
        return "được giao lại: chỉ nơi chủ trì nghe"
    rungs = practice.ladder if made.directive.escalation is None else made.directive.escalation
    if set(max(rungs, key=_rank).audience) <= set(said.step.audience):
        return ""
    return "kỳ sau đến hạn trước bậc tiếp theo" if crew.duty.every else "bậc trên không có địa chỉ thư"


def _rank(rung: Rung) -> float:
    """Roughly how many days after the date a rung comes."""
    days = rung.count * (1.4 if rung.working else 1)
    return days if rung.side == "late" else -days
