"""Whatever is said in whatever order: what the table allows happens, what it refuses changes nothing, and the chain stays whole."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args, get_type_hints

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.ledger import chain, holding
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tasks.states import DECISIONS, HELD, STATES, TRANSITIONS, VERBS, becomes
from tasks.values import Act
from tests.rows import everything, wipe
from tests.sample import CALENDAR, PEOPLE, PRACTICE, at, by, duty, paper
from tests.test_states_ledger import of
from tests.voices import ISSUER, says

ISSUED = at("2020-05-18")
KINDS = [kind for kind in get_args(get_type_hints(Act)["kind"]) if kind != "figure"]
PAPER = paper(duty("3", "radio", due=by("2020-05-29")), duty("4", "union", due=by("2020-05-29"), confirm=True))

#: An act, whether the issuer says it, of which duty, whether it is given with all its words.
SAID = st.tuples(st.sampled_from(KINDS), st.booleans(), st.sampled_from([("3", "radio"), ("4", "union")]), st.integers(0, 4))


def test_the_table_leads_to_states_that_there_are_and_out_of_every_open_one() -> None:
    for (kind, state), word in TRANSITIONS.items():
        assert becomes(kind, state, "progress") in STATES
        assert word == "before" or word in STATES
    for state in STATES:
        leaves = {kind for kind in DECISIONS if (kind, state) in TRANSITIONS}
        assert leaves or state == "void"
        assert state not in HELD or {"reassign", "close"} < leaves
    assert all(len(verb.row.split()) == len(STATES) for verb in VERBS)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SAID, min_size=3, max_size=9))
def test_what_is_refused_changes_nothing_and_what_is_not_does_what_the_table_says(
    store: Store, said: list[tuple[str, bool, tuple[str, str], int]]
) -> None:
    wipe(store)
    number = open_directive(store, PAPER, PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED).directive
    for n, (kind, issuer, (clause, unit), silent) in enumerate(said):
        now = ISSUED + timedelta(days=1, hours=n)
        state, written = of(store, unit, clause).state, everything(store)
        words = {} if silent == 0 else {"note": "lý do", "until": date(2020, 6, 1) + timedelta(n), "to": "insurance"}
        receipt = says(store, unit, kind, clause, now, by=ISSUER if issuer else of(store, unit, clause).agency.id, **words)
        if receipt.refusal:
            assert everything(store) == written
            continue
        assert (kind, state) in TRANSITIONS
        assert issuer or kind not in DECISIONS
        expected = {becomes(kind, state, before) for before in ("open", "received", "progress")}
        assert of(store, unit, clause).state in (expected | {"claimed"} if kind == "done" else expected)
    holding.lapse(store, at("2020-12-31"))
    with store.read() as db:
        assert chain.verify(db, number) is None
    assert not any(of(store, unit, clause).state == "paused" for clause, unit in (("3", "radio"), ("4", "union")))
