"""Terms that the issuer asks for: reports "đột xuất" of a clause on request, opened for its holders with one letter each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from directives.language import expansion
from directives.language.calendar import Calendar, written
from directives.language.expansion import Holder, Term
from directives.language.shapes import Due, Duty
from tasks.values import Said

from . import bonding, chain, roster
from .chain import Event
from .echoing import HEARS
from .entering import duties_of
from .issued import Issued, directory, load
from .opening import levels, open_term
from .rows import CHUNK, canonical
from .store import Store
from .terms import Begun
from .types import instant, seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What is asked: of which clause, of whom (nobody named: all who hold it), until when, why, and who says so."""

    directive: int
    clause: str
    said: Said
    due: Due | None = None
    agencies: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came of it: the term's key, new tasks and letters (0 the second time); `refusal` says in words why nothing did."""

    term: str = ""
    tasks: int = 0
    letters: int = 0
    refusal: str = ""


class Looked(NamedTuple):
    """What asking would do: the term, the agencies that have none yet, and in words why nothing would be done."""

    begun: Begun
    new: tuple[Holder, ...]
    refusal: str


def look(db: Connection, asking: Asking, calendar: Calendar, now: datetime) -> Looked:
    """What it would come to; nothing is asked."""
    issued, people = load(db, asking.directive, calendar), directory(db, asking.directive)
    duty, ids = issued.duty(asking.clause), roster.codes(db)
    number = duties_of(db, asking.directive).get(asking.clause, 0)
    term = expansion.asked_term(duty, issued.directive, asking.due, calendar, issued.practice, now=now)
    everyone = list(expansion.holders(duty, people, issued.directive.date or now.date()))
    held = [holder for holder in everyone if holder.unit in asking.agencies or not asking.agencies]
    ended = "Văn bản này đã thu hồi hoặc được thay thế." if bonding.has_ended(db, asking.directive) else ""
    refusal = ended or _refusal(duty, asking, term, held, now) or _other_date(db, number, term, issued)
    have = set(db.execute(text(_HAVE), {"duty": number, "term": term.key}).scalars())
    return Looked(Begun(issued, number, duty, term, None), tuple(holder for holder in held if ids[holder.unit] not in have), refusal)


def ask(store: Store, asking: Asking, calendar: Calendar, now: datetime) -> Asked:
    """Open a term of the day for those who hold the clause, and queue a letter for each; asked again on the same day it is the same."""
    with store.read() as db:
        (begun, new, refusal), ids = look(db, asking, calendar, now), roster.codes(db)
    if refusal:
        return Asked(refusal=refusal)
    tasks = open_term(store, begun, list(levels(_rooted(new), ids)), now, _event(store, asking, begun)) if new else 0
    return Asked(term=begun.term.key, tasks=tasks, letters=_letters(store, begun, asking.note, now))


def _refusal(duty: Duty, asking: Asking, term: Term, held: list[Holder], now: datetime) -> str:
    if duty.force == "note" or duty.every is None or expansion.has_rhythm(duty):
        return (
            f"Mục {duty.clause} không phải báo cáo theo yêu cầu (on request) hay khi phát sinh (on event) nên không mở thêm kỳ được. "
            "Muốn giao thêm việc, hãy ban hành một văn bản mới."
        )
    if asking.due and term.due is None:
        return f"“{asking.due.words}” không phải một ngày: ghi hạn như 30/9/2020, 16:00 30/9/2020 hoặc 5 ngày làm việc."
    if term.due and term.due.at <= now:
        return f"Hạn {written(term.due.day)} đã qua."
    strangers = set(asking.agencies) - {holder.unit for holder in held}
    return f"Không có nhiệm vụ ở mục {duty.clause}: {', '.join(sorted(strangers))}." if strangers else ""


def _other_date(db: Connection, duty: int, term: Term, issued: Issued) -> str:
    """Whoever has asked today already did so with another date."""
    row = db.execute(text("SELECT due_at FROM terms WHERE duty = :duty AND term = :term"), {"duty": duty, "term": term.key}).first()
    if row is None or row.due_at == (seconds(term.due.at) if term.due else None):
        return ""
    day = written(instant(row.due_at).astimezone(issued.practice.tz).date()) if row.due_at is not None else ""
    return f"Hôm nay đã yêu cầu mục này{f' với hạn {day}' if day else ', không kèm hạn'}; muốn hạn khác thì yêu cầu vào một ngày khác."


def _rooted(holders: Iterable[Holder]) -> list[Holder]:
    """The holders with whom they hang under where that one is asked too; a child asked alone answers to the issuer."""
    named: dict[str, Holder] = {}
    for holder in holders:
        named[holder.unit] = holder if holder.parent in named else Holder(holder.unit, None)
    return list(named.values())


def _event(store: Store, asking: Asking, begun: Begun) -> Event:
    until = {"until": begun.term.due.day.isoformat()} if begun.term.due else {}
    whom = {"agencies": list(asking.agencies)} if asking.agencies else {}
    with store.write() as db:
        person = chain.person(db, asking.said)
    counted = {"due": asking.due.words} if asking.due else {}
    payload = {"term": begun.term.key, "note": asking.note, **counted, **until, **whom}
    return Event(kind="asked", duty=begun.duty, person=person, link=asking.said.link or None, payload=payload)


def _letters(store: Store, begun: Begun, note: str, now: datetime) -> int:
    """One letter for each task of the term that has none; a run after a kill queues what is missing."""
    with store.read() as db:
        last = db.execute(text("SELECT coalesce(max(id), 0) FROM agencies")).scalar_one()
    leaves = begun.issued.calendar.window(now, begun.issued.practice)
    of: dict[str, Any] = {
        "d": begun.issued.id, "duty": begun.duty, "term": begun.term.key, "hint": canonical({"note": note}), "leaves": seconds(leaves),
        "prefix": f"ask:{begun.issued.id}:{begun.duty}:{begun.term.key}:",
    }
    letters = 0
    for low in range(1, last + 1, CHUNK):
        with store.write() as db:
            span = of | {"low": low, "high": low + CHUNK - 1}
            letters += db.execute(text(_NOTICES), span).rowcount
            db.execute(text(_ITEMS), span)
    return letters


_HAVE = "SELECT unit FROM tasks WHERE duty = :duty AND term = :term"

_NOTICES = f"""
INSERT INTO notices (key, directive, recipient, lane, hint, not_before, state)
SELECT DISTINCT CAST(:prefix AS text) || a.id, :d, a.id, 'new', :hint, :leaves, 'queued'
  FROM tasks k JOIN agencies a ON a.id = k.agency AND {HEARS}
 WHERE k.duty = :duty AND k.term = :term AND k.agency BETWEEN :low AND :high
    ON CONFLICT (key) DO NOTHING"""

_ITEMS = """
INSERT INTO notice_items (task, rung, due_version, recipient, notice, after)
SELECT k.id, 0, k.due_version, k.agency, n.id, 0
  FROM tasks k JOIN notices n ON n.key = CAST(:prefix AS text) || k.agency
 WHERE k.duty = :duty AND k.term = :term AND k.agency BETWEEN :low AND :high
    ON CONFLICT DO NOTHING"""
