"""What a claimed letter says: its row joined with tasks, rungs, papers and links into a `Notice`, the same for every copy."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row

from directives.language.calendar import Calendar
from tasks.letters import UNHEARD, Altered, Item, Notice, Taken, Waits
from tasks.values import Receipt

from . import altering, deputies, former
from .direct import ask
from .issued import Issued, load
from .meeting import WORTH_SAYING
from .reporting import vouched
from .roster import parties
from .rows import canonical, pairs, sql
from .works import papers, works

_RECEIPT = TypeAdapter(Receipt)
_TAKEN = TypeAdapter(Taken)
_WAITS = TypeAdapter(tuple[Waits, ...])

#: Why a line stands that no rung brought.
SILENT = "đã tiếp nhận, chưa có tin"
BROKEN = "địa chỉ thư hỏng"

#: The lanes whose letters open a leader's page; those of an issuing desk lead to its login, every other letter opens the desk.
PAGES = ("escalation", "report")


def notices(db: Connection, rows: Sequence[Row[Any]], calendar: Calendar, domain: str, now: datetime) -> Iterator[Notice]:
    """The notices of claimed rows, with all that their letters say as of now."""
    wanted = {"pairs": canonical([[row.id, row.recipient] for row in rows])}
    found = ask(db, _ITEMS.format(ids=pairs(db)), wanted)
    known = works(db, {row.task for row in found}, calendar)
    rungs = _Rungs(db, calendar, found)
    lines: defaultdict[int, list[Item]] = defaultdict(list)
    for row in found:
        lines[row.notice].append(Item(work=known[row.task], rung=row.rung, rung_words=rungs.words(row), after=row.after))
    today = deputies.day(now)
    registered = parties(db, {row.recipient for row in rows})
    people = deputies.instead(db, registered, today)
    names = papers(db, {work.directive for work in known.values()} | {row.directive for row in rows if row.directive})
    links = {(row.purpose, row.agency): row.id for row in ask(db, _LINKS.format(ids=pairs(db)), wanted)}
    first, receipts = _First(db, rows, wanted), _receipts(db, rows, calendar)
    for row in rows:
        hint = json.loads(row.hint) if row.hint else None
        standing, watch = vouched(db, row.directive, row.hint) if row.lane == "report" else (None, None)
        yield Notice(
            id=row.id, key=row.key, lane=row.lane, recipient=(registered if row.lane == "login" else people)[row.recipient],
            message_id=f"<n.{row.id}@{domain}>", date=now,
            paper=names.get(row.directive), papers={i: names[i] for i in sorted({line.work.directive for line in lines[row.id]})},
            items=tuple(lines[row.id]), future=first.future(row, hint), part=first.part(row), forms=first.forms(row),
            altered=first.altered(row),
            note=hint.get("note") if isinstance(hint, dict) and row.lane in ("new", "login") else None,
            taken=_TAKEN.validate_python(hint["taken"]) if isinstance(hint, dict) and "taken" in hint else None,
            waits=_WAITS.validate_json(row.hint) if row.lane == "waiting" else (), receipt=receipts.get(row.id),
            standing=standing, watch=watch,
            opens=hint.get("opens", "") if hint and row.lane == "login" else "", link=_door(row, hint, links),
        )


def _door(row: Row[Any], hint: Any, links: Mapping[tuple[str, int], str]) -> str:
    """The link that a letter carries: its own where somebody asked for a way in, else the one that stands."""
    if row.lane == "login":
        return str(hint["link"]) if hint else ""
    return links.get(("page" if row.lane in PAGES else "desk", row.recipient), "")


class _Rungs:
    """The words of rungs, each ladder walked once for all tasks that share it."""

    def __init__(self, db: Connection, calendar: Calendar, rows: Sequence[Any]) -> None:
        self._papers: dict[int, Issued] = {number: load(db, number, calendar) for number in {row.directive for row in rows}}
        self._known: dict[tuple[Any, ...], str] = {}

    def words(self, row: Any) -> str:
        """What a rung says of its date; "" in an assignment letter."""
        key = (row.duty, row.term, row.due_at, row.rung)
        if key not in self._known:
            self._known[key] = self._step(row) if row.rung > 0 else BROKEN if row.rung <= UNHEARD else SILENT if row.rung else ""
        return self._known[key]

    def _step(self, row: Any) -> str:
        steps = self._papers[row.directive].steps_of(row)
        return next((step.words for step in islice(steps, row.rung - 1, row.rung)), "")


class _First:
    """What only an assignment letter says: duties that begin later, those it takes part in, figures it types for others."""

    def __init__(self, db: Connection, rows: Sequence[Row[Any]], wanted: Mapping[str, Any]) -> None:
        new = any(row.lane == "new" for row in rows)
        ask = [list(db.execute(sql(query.format(ids=pairs(db))), wanted)) if new else [] for query in (_PART, _FORMS)]
        self._part: defaultdict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
        self._forms: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
        for row in ask[0]:
            self._part[row.recipient, row.directive].append((row.clause, row.text))
        for row in ask[1]:
            self._forms[row.recipient, row.directive].append(row.name)
        self._altered = altering.lines(db, wanted) if new else {}

    def future(self, row: Row[Any], hint: Any) -> tuple[tuple[str, str, str], ...]:
        """(clause, text, when it begins) of duties that are not open yet."""
        return tuple((clause, words, begins) for clause, words, begins in hint or ()) if self._of_issue(row) else ()

    def part(self, row: Row[Any]) -> tuple[tuple[str, str], ...]:
        """(clause, text) of duties that others lead."""
        return tuple(self._part[row.recipient, row.directive]) if self._of_issue(row) else ()

    def forms(self, row: Row[Any]) -> tuple[str, ...]:
        """Names of the indicators that the recipient types for others."""
        return tuple(self._forms[row.recipient, row.directive]) if self._of_issue(row) else ()

    def altered(self, row: Row[Any]) -> tuple[Altered, ...]:
        """What becomes of earlier work."""
        return self._altered.get(row.id, ())

    def _of_issue(self, row: Row[Any]) -> bool:
        """Whether it is the first letter of a directive, not one about a term that was asked for, or about a withdrawal."""
        return bool(row.lane == "new" and row.key.startswith("assign:"))


def _receipts(db: Connection, rows: Sequence[Row[Any]], calendar: Calendar) -> dict[int, Receipt]:
    """What receipts and decisions say, by notice; of a task that another paper has moved since, the date that holds."""
    given = {row.id: _RECEIPT.validate_python(json.loads(row.hint)) for row in rows if row.hint and row.lane in ("receipt", "decision")}
    said = {receipt.work.id: receipt.work.due_at for receipt in given.values() if receipt.work}
    if not said or former.is_untouched(db):
        return given
    known = works(db, said, calendar)
    return {
        id_: replace(receipt, work=known[receipt.work.id]) if receipt.work and known[receipt.work.id].due_by else receipt
        for id_, receipt in given.items()
    }


_ITEMS = f"""
SELECT i.notice, i.task, i.rung, i.after, k.directive, k.duty, k.term, k.due_at, u.clause,
       m.begins_at, m.due_at AS term_due_at, m.next_due_at, TRUE AS climbs
  FROM {{ids}} x
  JOIN notice_items i ON i.notice = x.a
  JOIN tasks k ON k.id = i.task
  JOIN duties u ON u.id = k.duty
  JOIN terms m ON m.duty = k.duty AND m.term = k.term
 WHERE {WORTH_SAYING} AND k.due_version = i.due_version
 ORDER BY i.notice, k.directive, u.position, k.term, k.id, i.rung"""

_LINKS = """
SELECT l.id, l.purpose, l.agency FROM links l
 WHERE l.revoked_at IS NULL AND l.agency IN (SELECT x.b FROM {ids} x)"""

_PART = """
SELECT DISTINCT c.agency AS recipient, u.directive, u.position, CASE WHEN u.printed THEN u.clause ELSE '' END AS clause, u.text
  FROM {ids} x
  JOIN coordinators c ON c.agency = x.b
  JOIN duties u ON u.id = c.duty
 WHERE NOT EXISTS (SELECT 1 FROM tasks k WHERE k.duty = u.id AND k.agency = c.agency)
 ORDER BY c.agency, u.directive, u.position"""

_FORMS = """
SELECT i.source AS recipient, i.directive, i.name
  FROM {ids} x JOIN indicators i ON i.source = x.b
 ORDER BY i.source, i.directive, i.indicator"""
