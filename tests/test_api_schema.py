"""Whatever a program sends that its own description allows, or does not: the interface answers as it says it does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import ignored_auth

from config.clock import HandClock
from config.office import Office
from config.settings import Settings
from tasks.ledger import opening, programs
from tests.conftest import on_sqlite
from tests.sample import CALENDAR, PEOPLE, PRACTICE, at, paper
from web.api.app import PREFIX, interface
from web.app import build
from web.house import House
from web.pace import Pace
from web.postman import Postman

NOW = at("2020-05-20")
OFTEN = Pace(10**9, timedelta(minutes=1))
BOUND: dict[str, Any] = {
    "deadline": None, "phases": (Phase.explicit, Phase.generate), "derandomize": True, "database": None,
    "suppress_health_check": list(HealthCheck),
}
KEYS: list[str] = []


@pytest.fixture(scope="module")
def called(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The interface's own description, over a ledger with a paper in which everything occurs."""
    folder = tmp_path_factory.mktemp("api")
    store = on_sqlite(request, folder)
    opening.open_directive(store, paper(), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=at("2020-05-18"))
    office = Office(settings=Settings(home=folder, base_url="http://testserver"), store=store, calendar=CALENDAR, practice=PRACTICE)
    with store.write() as db:
        KEYS[:] = [programs.give(db, "Phần mềm", ("read:all", "act:insurance", "decide:district"), NOW)]
    within = interface(office, lambda: NOW)
    within.state.calls = within.state.strangers = OFTEN
    clock = HandClock(NOW)
    yield schemathesis.openapi.from_asgi(f"{PREFIX}/openapi.json", build(House(office, clock, Postman(office, clock)), lambda: NOW, within))
    store.close()


def asked(called: Any, examples: int) -> None:
    """Ask each operation so often, and believe no answer that the description does not have."""
    for operation in (found.ok() for found in called.get_all_operations()):

        @given(case=operation.as_strategy())
        @settings(max_examples=examples, **BOUND)
        def once(case: Case[Any]) -> None:
            # What happens without a key is asked in test_api.
            case.call_and_validate(headers={"Authorization": f"Bearer {KEYS[0]}"}, excluded_checks=[ignored_auth])

        once()


def test_an_answer_is_one_that_the_description_has(called: Any) -> None:
    asked(called, 10)


@pytest.mark.long
def test_an_answer_is_one_that_the_description_has_however_long_one_asks(called: Any) -> None:
    asked(called, 1_000)
