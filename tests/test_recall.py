"""Taking an issue back: within the recall window nothing leaves and the number is free; after a letter has left it is too late."""

from __future__ import annotations

import pytest

from tasks.ledger import chain
from tasks.ledger.opening import open_directive
from tasks.ledger.recalling import TooLateError, recall
from tasks.ledger.store import Store
from tests.clockwork import post, turn
from tests.rows import ask, everything
from tests.sample import CALENDAR, PEOPLE, PRACTICE, at, paper

NOW = at("2020-05-18", "09:00")


def issue(store: Store, **words: object) -> int:
    return open_directive(store, paper(**words), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=NOW).directive


def test_no_letter_of_a_recalled_paper_ever_leaves(store: Store) -> None:
    number = issue(store)
    assert recall(store, number, "898/UBND", at("2020-05-18", "09:05")) == len(ask(store, "SELECT id FROM notices"))
    for day in ("2020-05-18", "2020-05-22", "2020-05-25", "2020-06-30"):
        turn(store, CALENDAR, PRACTICE, at(day, "10:00"))
        assert post(store, CALENDAR, at(day, "10:00")) == []
    assert {row.state for row in ask(store, "SELECT state FROM tasks")} == {"void"}


def test_the_mended_paper_may_be_issued_under_the_same_number(store: Store) -> None:
    first = issue(store)
    recall(store, first, "898/UBND", at("2020-05-18", "09:05"))
    second = issue(store, title="Bảo hiểm y tế, đã sửa")
    assert second != first
    assert len(post(store, CALENDAR, at("2020-05-18", "09:15"))) == len(ask(store, f"SELECT id FROM notices WHERE directive = {second}"))


def test_what_has_left_cannot_be_taken_back(store: Store) -> None:
    number = issue(store)
    assert post(store, CALENDAR, at("2020-05-18", "09:15"))
    before = everything(store)
    with pytest.raises(TooLateError, match="đã rời đi"):
        recall(store, number, "898/UBND", at("2020-05-18", "09:20"))
    assert everything(store) == before


def test_a_recall_is_an_event_of_the_chain(store: Store) -> None:
    number = issue(store)
    recall(store, number, "898/UBND", at("2020-05-18", "09:05"))
    with store.read() as db:
        assert chain.verify(db, number) is None
    assert ask(store, "SELECT kind FROM events ORDER BY seq DESC LIMIT 1")[0].kind == "recalled"
