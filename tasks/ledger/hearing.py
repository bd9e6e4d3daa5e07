"""Who hears a step of the ladder: a rung's words as rows, for all tasks of a cohort at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row

from tasks.ladder import NEAR, Step
from tasks.letters import UNHEARD

from .issued import Issued
from .successions import living


def audience(step: Step, cohort: Row[Any], issued: Issued) -> Iterator[str]:
    """Who hears a step: a cascaded child's beyond itself only the lead that passed it down."""
    beyond = [who for who in step.audience if who not in NEAR]
    yield from (who for who in step.audience if who in NEAR)
    if not beyond:
        return
    if cohort.child:
        yield "parent"
    else:
        yield from (issued.directive.issuer if who == "issuer" else who for who in beyond)


def _hears(who: str, agency: str, joins: str = "", *, step: str = "d.step", rung: str = "d.step") -> str:
    """One line of `said` for every task of a cohort whose step `who` hears."""
    return f"""
    INSERT INTO said (recipient, task, rung, due_version, after)
    SELECT {agency}, d.task, {rung}, d.due_version, d.rung
      FROM due d JOIN hearers h ON h.cohort = d.cohort AND h.step = {step} AND {who} {joins}"""


_BEYOND = (
    ("h.who = 'head'", "coalesce(a.head, a.id)", "JOIN agencies a ON a.id = d.agency"),
    ("h.who = 'above'", "p.parent", "JOIN parents p ON p.agency = d.agency"),
    ("h.who = 'parent'", "k.agency", "JOIN tasks k ON k.id = d.parent"),
    ("h.who NOT IN ('lead', 'with', 'head', 'above', 'parent')", living("a.id"), "JOIN agencies a ON a.code = h.who"),
)

SAID: tuple[str, ...] = (
    _hears("h.who = 'lead'", "d.agency"),
    _hears("h.who = 'with'", "c.agency", "JOIN coordinators c ON c.duty = d.duty AND c.lead = d.unit"),
    *(_hears(*whom) for whom in _BEYOND),
)

#: What those beyond the lead hear in place of a step while his own letters come back.
UNREACHED: tuple[str, ...] = tuple(_hears(*whom, step="d.unheard", rung=f"{UNHEARD} - d.unheard") for whom in _BEYOND)
