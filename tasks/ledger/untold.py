"""The desks of tasks of which nothing has been told yet, by one statement: most pages are opened before anybody has said a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from directives.language.calendar import Calendar
from tasks.sayings import File
from tasks.values import Desk, Paper, Party

from . import exhibits
from .dating import LATER
from .desk import desk
from .direct import ask
from .former import TOUCHED
from .issued import directive_of, practice_of
from .latest import Latest
from .roster import row_of
from .rows import canonical, listed
from .works import asked, contact, shared, work_of

#: Nothing was said.
_NOTHING = Latest({}, {}, {}, {}, frozenset())


def opened(db: Connection, agency: str, calendar: Calendar, *, task: int, page: int) -> Desk:
    """A page of an agency's desk, or one task of it alone; `agency` is a code."""
    quick = untold(db, [(agency, task)], calendar) if task else {}
    return quick.get((agency, task)) or desk(db, row_of(db, agency), calendar, task=task, page=page)


def each_opened(db: Connection, wanted: Sequence[tuple[str, int]], calendar: Calendar) -> list[tuple[Desk, Sequence[File]]]:
    """The desk of each agency (a code) with one task of it alone, and what was brought for the task."""
    quick = untold(db, wanted, calendar)
    return [
        (quick[agency, task], ()) if (agency, task) in quick
        else (desk(db, row_of(db, agency), calendar, task=task), exhibits.of_task(db, task))
        for agency, task in wanted
    ]


def untold(db: Connection, wanted: Sequence[tuple[str, int]], calendar: Calendar) -> Mapping[tuple[str, int], Desk]:
    """Desks of open tasks that the agencies lead; without those of which anything was said or stands beside them, which takes longer."""
    of = {"wanted": canonical(wanted), "at": LATER}
    rows = ask(db, _UNTOLD.format(wanted=listed(db, "wanted", "agency text", "task")), of) if wanted else ()
    quick = [row for row in rows if not row.told_of]
    papers = {row.directive: row for row in quick}
    named = {number: _paper(db, row) for number, row in papers.items()}
    return {(row.party, row.id): _desk(row, named[row.directive], calendar) for row in quick}


def _desk(row: Any, paper: Paper, calendar: Calendar) -> Desk:
    party = Party(id=row.party, name=row.party_name, short=row.party_short, mail=row.party_mail, phone=row.party_phone, lang=row.party_lang)
    return Desk(party=party, papers={paper.id: paper}, open=(work_of(row, party, _NOTHING, shared(row, calendar)),), closed=())


def _paper(db: Connection, row: Any) -> Paper:
    urgency, codes = _said(row.body)
    told = f"{row.issuer_name}: {row.issuer_phone}" if row.issuer_phone is not None else contact(db, codes)
    return Paper(
        id=row.directive, number=row.number, issued_on=date.fromisoformat(row.issued_on), title=row.title, issuer=row.issuer_name,
        contact=told, zone=practice_of(row.practice).zone, urgency=urgency,
    )


@lru_cache(maxsize=256)
def _said(body: str) -> tuple[str, tuple[str, ...]]:
    """How urgent a paper is, and whom to telephone besides its issuer."""
    directive = directive_of(body)
    return directive.urgency or "", tuple(asked(directive)[1:])


_UNTOLD = f"""
SELECT k.id, k.directive, k.term, k.original_due_at, k.state, k.due_at, k.closed_at, k.told_at,
       u.clause, u.printed, u.text, u.short, u.force, u.product, u.evidence, u.code, u.indicator, m.due_words,
       m.last_working_day, d.practice, coalesce(o.target, m.target) AS target, o.target IS NOT NULL AS own,
       coalesce(i.name, '') AS indicator_name, coalesce(s.name, '') AS figure_by, i.source, c.words AS clock_words,
       g.code AS party, g.name AS party_name, g.short AS party_short, g.mail AS party_mail, g.phone AS party_phone, g.lang AS party_lang,
       d.number, d.issued_on, d.title, d.body, a.name AS issuer_name, a.phone AS issuer_phone,
       u.indicator <> ''
    OR EXISTS (SELECT 1 FROM events v WHERE v.task = k.id)
    OR EXISTS (SELECT 1 FROM coordinators c WHERE c.duty = k.duty)
    OR EXISTS (SELECT 1 FROM holds h WHERE h.task = k.id)
    OR EXISTS (SELECT 1 FROM tasks c WHERE c.parent = k.id)
    OR EXISTS (SELECT 1 FROM derivations v WHERE v.duty = k.duty)
    OR EXISTS (SELECT 1 FROM unasked n WHERE n.duty = k.duty)
    OR {TOUCHED} AS told_of
  FROM {{wanted}} x
  JOIN agencies g ON g.code = x.agency
  JOIN tasks k ON k.id = x.task AND k.agency = g.id AND k.closed_at IS NULL
  JOIN duties u ON u.id = k.duty
  JOIN terms m ON m.duty = k.duty AND m.term = k.term
  LEFT JOIN own_targets o ON o.duty = k.duty AND o.term = k.term AND o.unit = k.unit
  JOIN directives d ON d.id = k.directive
  JOIN agencies a ON a.id = d.issuer
  LEFT JOIN indicators i ON i.directive = k.directive AND i.indicator = u.indicator
  LEFT JOIN agencies s ON s.id = i.source
  LEFT JOIN clocks c ON c.duty = k.duty AND c.due_at = k.original_due_at"""
