"""What an agency is told of a change: a few lines for each clause, and by statements whom each line concerns.

Temporary table `concerned`: who had the duty before the event and who has it after, who took part and who takes part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from typing import Any, NamedTuple

from sqlalchemy import text

from directives.language.amendment import TIME, Difference, said
from directives.language.calendar import END_OF_DAY, written
from directives.language.periods import rhythm_words
from directives.language.phrases import due_words
from directives.language.shapes import Directory, Duty

from . import bonding
from .issued import Issued
from .redating import Moved
from .revising import Revision
from .rows import canonical, pairs
from .types import instant, seconds

#: Words of a duty that are told as a line of their own; time, hands and those who take part have their own rules.
TOLD = ("text", "target", "product", "evidence", "confirm", "code")


#: What the words of a duty are called.
LABELS = {
    "lead": "chủ trì", "with": "phối hợp", "text": "nội dung", "short": "tên gọn", "title": "đề mục", "target": "chỉ tiêu",
    "product": "sản phẩm", "evidence": "minh chứng", "confirm": "chờ xác nhận", "code": "mã báo xong",
    "cascade": "chỉ đạo", "for": "tham mưu cho", "force": "giao hay đề nghị",
}

_TIMES = {word.rstrip("_") for word in TIME}


class Line(NamedTuple):
    """A line about a duty: whom it concerns is a condition on `concerned`."""

    sign: str
    what: str
    whom: str
    before: str = ""
    after: str = ""
    reason: str = ""
    moved: Moved | None = None


class Source(NamedTuple):
    """By which paper, if any, and at which event of the directive."""

    paper: int | None
    seq: int


def tell(of: Revision, source: Source, found: Difference, dates: Iterable[Moved]) -> None:
    """Keep what becomes of a duty, line by line, each with whom it concerns."""
    learn(of)
    for line in (*_hands(of, found), *_dates(of, dates), *_words(of, found)):
        values: dict[str, Any] = {
            "directive": of.new.id, "seq": source.seq, "paper": source.paper, "duty": of.duty,
            **{word: getattr(line, word) for word in ("sign", "what", "before", "after", "reason")},
        }
        bound: dict[str, Any] = {"duty": of.duty, "seq": of.seq, "now": seconds(of.at)}
        if line.moved:
            values |= {"term": line.moved.term, "due_at": instant(line.moved.due_at) if line.moved.due_at else None}
            bound |= {**line.moved._asdict(), "main": int(line.moved.main)}
        bonding.change(of.db, values, line.whom, bound)


def learn(of: Revision) -> None:
    """Find out who had the duty and who has it, from its rows and from the terms that have not begun."""
    db = of.db
    db.execute(text(f"CREATE TEMP TABLE IF NOT EXISTS concerned ({_COLUMNS})"))
    db.execute(text("DELETE FROM concerned"))
    later = [[unit, 1] for unit, _ in of.holders(of.before)] if of.has_later(of.old, of.before) else []
    later += [[unit, 2] for unit, _ in of.holders(of.after)] if of.has_later(of.new, of.after) else []
    db.execute(text(_CONCERNED.format(later=pairs(db))), {"duty": of.duty, "seq": of.seq, "pairs": canonical(later)})
    db.execute(text(_NOBODY))


def day_words(at: int | None, tz: tzinfo) -> str:
    """A due instant (seconds) as letters say it; "" without one."""
    if at is None:
        return ""
    local = instant(at).astimezone(tz)
    return written(local.date()) if local.time() == END_OF_DAY else f"{local.hour}:{local.minute:02d} ngày {written(local.date())}"


def _hands(of: Revision, found: Difference) -> Iterator[Line]:
    """Who gets the duty, who has it no longer, who takes part."""
    reason = found.reason
    if of.before and of.after and of.changes_hands:
        names = (_names(of.before.lead, of.people), _names(of.after.lead, of.people))
        reason = f"chuyển cho {names[1]}" if names[0] != names[1] else ""
        if names[0] != names[1]:
            yield Line("~", "lead", _whom(f"took = 1 AND takes = 1 AND {_BESIDE}"), *names)
    yield Line("+", "duty", _whom("has = 1 AND had = 0"), after=time_words(of.after, of.new))
    yield Line("-", "duty", _whom("had = 1 AND has = 0"), reason=reason)
    yield Line("+", "part", _whom(f"takes = 1 AND took = 0 AND {_BESIDE}"))
    yield Line("-", "part", _whom(f"took = 1 AND takes = 0 AND {_BESIDE}"), reason=found.reason)
    if of.before and of.after and of.before.with_ != of.after.with_:
        yield Line("~", "with", _whom(_STAY), _names(of.before.with_, of.people), _names(of.after.with_, of.people))


def _dates(of: Revision, dates: Iterable[Moved]) -> Iterator[Line]:
    """Each date that moved, and what a request about an old one has become."""
    tz = of.new.practice.tz
    for moved in dates:
        yield Line("~", "due", _DATED, day_words(moved.was, tz), day_words(moved.due_at, tz), moved=moved)
        yield Line("~", "asks", _ASKED, moved=moved)


def _words(of: Revision, found: Difference) -> Iterator[Line]:
    """What else is otherwise; a time that no open task has yet is told in the paper's words."""
    if of.before is None or of.after is None:
        return
    for word in found.words:
        if word.what in TOLD:
            yield Line("~", word.what, _whom(_ALL), word.before, word.after)
    if any(getattr(of.before, word) != getattr(of.after, word) for word in TIME):
        yield Line("~", "time", _whom(_UNMOVED), time_words(of.before, of.old), time_words(of.after, of.new))


def _whom(condition: str) -> str:
    return f"SELECT agency FROM concerned WHERE {condition}"


def in_a_line(found: Difference, old: Issued, new: Issued) -> str:
    """A difference as one line of the history."""
    if found.sign == "+":
        return "thêm mới"
    if found.sign == "-":
        return f"thôi thực hiện, {found.reason}" if found.reason else "thôi thực hiện"
    words = [(LABELS.get(word.what, word.what), word.before, word.after) for word in found.words if word.what not in _TIMES]
    if len(words) < len(found.words):
        words.insert(0, ("thời hạn", time_words(found.before, old), time_words(found.after, new)))
    return "; ".join(f"{label}: {before or '–'} → {after or '–'}" for label, before, after in words)


def time_words(duty: Duty | None, issued: Issued) -> str:
    """When a duty is due or comes again, in the paper's form."""
    if duty is None:
        return ""
    if duty.every:
        span = [f"từ ngày {written(duty.from_)}" if duty.from_ else "", f"đến ngày {written(duty.until)}" if duty.until else ""]
        return " ".join(filter(None, (rhythm_words(duty.every), *span)))
    on = issued.directive.date or issued.issued_at.date()
    if duty.due:
        return due_words(duty.due, duty.due.since or on) or said(duty.due)
    return f"đến ngày {written(duty.until)}" if duty.until else ""


def _names(words: Iterable[str], people: Directory) -> str:
    known = people.agencies
    return ", ".join(known[word].short if word in known else word for word in words)


_COLUMNS = "agency BIGINT, had INTEGER, has INTEGER, took INTEGER, takes INTEGER, moved INTEGER"

_STAY = "had = 1 AND has = 1"
_BESIDE = "had + has = 0"  # takes part without holding it

_ALL = f"(({_STAY}) OR (took = 1 AND takes = 1 AND {_BESIDE}))"

_TOUCHED = """
SELECT k.agency FROM tasks k JOIN task_history h ON h.task = k.id AND h.to_seq = :seq - 1
 WHERE k.duty = :duty AND k.since_seq = :seq AND k.closed_at IS NULL AND h.closed_at IS NULL"""

#: No date of its own was told already, nor of those with whom it takes part.
_UNMOVED = f"{_ALL} AND moved = 0 AND ({_STAY} OR NOT EXISTS (SELECT 1 FROM concerned c WHERE c.moved = 1))"

_DATED = f"""
{_TOUCHED} AND k.term = :term AND k.due_at IS NOT DISTINCT FROM :due_at AND h.due_at IS NOT DISTINCT FROM :was
UNION ALL
SELECT agency FROM concerned WHERE :main = 1 AND takes = 1 AND {_BESIDE}"""

_ASKED = f"""
{_TOUCHED} AND k.term = :term AND h.due_at IS NOT DISTINCT FROM :was AND EXISTS (
    SELECT 1 FROM requests r WHERE r.task = k.id AND r.decision = 'amended' AND r.decided_at = :now)"""

#: Whoever only takes part hears nothing where nobody has the duty any more or yet.
_NOBODY = "DELETE FROM concerned WHERE NOT EXISTS (SELECT 1 FROM concerned c WHERE c.had + c.has > 0)"

_CONCERNED = """
INSERT INTO concerned (agency, had, has, took, takes, moved)
SELECT agency, max(had), max(has), max(took), max(takes), max(moved)
  FROM (SELECT k.agency, CASE WHEN k.since_seq < :seq OR h.task IS NOT NULL THEN 1 ELSE 0 END AS had,
               CASE WHEN k.closed_at IS NULL THEN 1 ELSE 0 END AS has, 0 AS took, 0 AS takes,
               CASE WHEN k.closed_at IS NULL AND h.task IS NOT NULL AND h.due_at IS DISTINCT FROM k.due_at THEN 1 ELSE 0 END AS moved
          FROM tasks k
          LEFT JOIN task_history h ON h.task = k.id AND h.to_seq = :seq - 1 AND h.closed_at IS NULL
         WHERE k.duty = :duty AND (k.closed_at IS NULL OR (k.since_seq = :seq AND k.state = 'void'))
        UNION ALL
        SELECT x.a, CASE WHEN x.b = 1 THEN 1 ELSE 0 END, CASE WHEN x.b = 2 THEN 1 ELSE 0 END, 0, 0, 0 FROM {later} x
        UNION ALL
        SELECT c.agency, 0, 0, CASE WHEN p.seq IS NULL THEN 1 ELSE 0 END, 1, 0
          FROM coordinators c
          LEFT JOIN part_history p ON p.duty = c.duty AND p.agency = c.agency AND p.lead = c.lead AND p.seq = :seq
         WHERE c.duty = :duty
        UNION ALL
        SELECT p.agency, 0, 0, 1, 0, 0 FROM part_history p WHERE p.duty = :duty AND p.seq = :seq AND p.joined = 0) w
 GROUP BY agency"""
