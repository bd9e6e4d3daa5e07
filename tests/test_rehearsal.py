"""A plan of what a paper does to issued ones is the issue itself, taken back: on both stores, to the last row."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from directives.language.shapes import Basis, Change, Directive
from tasks.ledger import opening
from tasks.ledger.amending import UnfitAmendmentError
from tasks.ledger.bonding import StrangePaperError
from tasks.ledger.rehearsal import Effect, rehearse, told
from tasks.ledger.store import Store
from tests.sample import CALENDAR, CAR, COVER, LEAFLETS, PEOPLE, PRACTICE, SCHOOLS, STANDING, at, by, duty, paper

ISSUED, NOW = at("2020-05-18"), at("2020-06-08")
OLD = Basis(number="898/UBND", date=date(2020, 5, 18))
EVERYTHING = (
    "agencies", "directives", "duties", "tasks", "terms", "events", "notices", "notice_items", "coordinators", "task_history", "links",
)


def amending(*changes: Change, **said: Any) -> Directive:
    """950/UBND, which changes 898/UBND and has no duties of its own."""
    whole = paper(duty("1", "radio"), number="950/UBND", date=date(2020, 6, 8), amends=(OLD,), changes=changes, **said)
    return whole.model_copy(update={"duties": (), "indicators": {}, "reports": None, "escalation": None})


def issue(store: Store, directive: Directive) -> None:
    opening.open_directive(store, directive, PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=NOW)


def rehearsed(store: Store, directive: Directive) -> tuple[Effect, ...]:
    return rehearse(store, directive, PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=NOW)


def rows(store: Store) -> dict[str, list[Any]]:
    """Every row of the ledger."""
    with store.read() as db:
        return {name: sorted(map(str, db.execute(text(f"SELECT * FROM {name}")).all())) for name in EVERYTHING}


def fates(store: Store) -> dict[tuple[str, str, str], tuple[str, Any]]:
    """State and date of every task of 898/UBND."""
    with store.read() as db:
        found = db.execute(text(
            "SELECT u.clause, a.code, k.term, k.state, k.due_at"
            " FROM tasks k JOIN duties u ON u.id = k.duty JOIN agencies a ON a.id = k.unit WHERE k.directive = 1"
        ))
        return {(row.clause, row.code, row.term): (row.state, row.due_at) for row in found}


@pytest.fixture
def ledger(store: Store) -> Store:
    """898/UBND as it stands three weeks after its issue: the leaflets are done, the car has two weeks behind it."""
    opening.open_directive(
        store, paper(STANDING, SCHOOLS, LEAFLETS, CAR, COVER), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED
    )
    opening.open_terms(store, 1, CALENDAR, NOW)
    with store.write() as db:
        db.execute(text("UPDATE tasks SET state = 'done', closed_at = due_at, wake_at = NULL WHERE duty = 3"))
    return store


PAPERS = [
    pytest.param(amending(Change(clause="2", due=by("2020-10-31"))), id="another date"),
    pytest.param(amending(Change(clause="7.2", drop="Không còn phù hợp")), id="a clause dropped"),
    pytest.param(amending(Change(clause="2", lead=("union",))), id="another lead"),
    pytest.param(
        amending(Change(clause="6.5", force="do", text="Mới", short="mới", lead=("wards",), due=by("2020-07-31"))), id="a clause added"
    ),
    pytest.param(amending(Change(clause="6.4", due=by("2020-07-31")), Change(clause="1", drop="Thôi")), id="done work and open work"),
    pytest.param(paper(duty("1", "radio"), number="950/UBND", date=date(2020, 6, 8), replaces=(OLD,)), id="replaced"),
    pytest.param(
        paper(duty("1", "radio"), number="950/UBND", date=date(2020, 6, 8), urges=(OLD.model_copy(update={"clause": "2"}),)), id="urged"
    ),
]


@pytest.mark.parametrize("directive", PAPERS)
def test_a_rehearsal_leaves_no_trace(ledger: Store, directive: Directive) -> None:
    before = rows(ledger)
    assert rehearsed(ledger, directive) == rehearsed(ledger, directive)
    assert rows(ledger) == before


@pytest.mark.parametrize("directive", PAPERS)
def test_what_was_rehearsed_is_what_the_issue_does(ledger: Store, directive: Directive) -> None:
    [effect] = rehearsed(ledger, directive)
    before = fates(ledger)
    issue(ledger, directive)
    after = fates(ledger)
    gone = {key for key, (state, _) in after.items() if state == "void"}
    new = {key for key in after if key not in before}
    moved = {key for key, (_, due_at) in after.items() if key in before and key not in gone and before[key][1] != due_at}
    kinds: dict[str, set[tuple[str, str, str]]] = {"withdrawn": gone, "opened": new, "redated": moved}
    for kind, keys in kinds.items():
        assert {(fate.clause, fate.agency, fate.term) for fate in effect.fates if fate.kind == kind} == keys, kind
    assert all(after[fate.clause, fate.agency, fate.term][0] == "done" for fate in effect.fates if fate.kind == "kept")
    with ledger.read() as db:
        sent = set(db.execute(text(
            "SELECT a.code FROM notices n JOIN agencies a ON a.id = n.recipient JOIN directives d ON d.id = n.directive"
            " WHERE d.number = '950/UBND' AND n.lane = 'new'"
        )).scalars())
    assert told([effect]) <= sent
    assert sent - told([effect]) <= ({"radio"} if directive.duties else set())


def test_what_is_issued_is_not_rehearsed_again(ledger: Store) -> None:
    directive = amending(Change(clause="7.2", drop="Thôi"))
    issue(ledger, directive)
    assert rehearsed(ledger, directive) == ()


def test_done_work_of_a_clause_that_changes_is_named_as_kept(ledger: Store) -> None:
    [effect] = rehearsed(ledger, amending(Change(clause="6.4", due=by("2020-07-31"))))
    assert [(fate.kind, fate.clause, fate.agency) for fate in effect.fates] == [("kept", "6.4", "insurance")]


def test_a_paper_that_cannot_be_carried_out_is_refused_and_leaves_no_trace(ledger: Store) -> None:
    before = rows(ledger)
    with pytest.raises(UnfitAmendmentError, match=r"6\.9"):
        rehearsed(ledger, amending(Change(clause="6.9", drop="Thôi")))
    strange = amending(Change(clause="1", drop="Thôi")).model_copy(update={"amends": (Basis(number="1/UBND"),)})
    with pytest.raises(StrangePaperError, match="1/UBND"):
        rehearsed(ledger, strange)
    assert rows(ledger) == before
