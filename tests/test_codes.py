"""A duty that asks for a code is said to be done by whoever reads the registered mailbox, and by no link alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tasks.ledger import acts, coding
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tasks.values import Act, Said
from tests.counter import WHO, Visitor, hidden, words
from tests.desk_office import WARD, Place, place
from tests.rows import ask
from tests.sample import CALENDAR, PEOPLE, PRACTICE, at, by, duty, paper

DONE = {**WHO, "kind": "done"}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path) as found:
        with found.office.store.write() as db:
            db.execute(text("UPDATE duties SET code = TRUE"))
        yield found


@pytest.fixture
def path(here: Place) -> str:
    """The page of a task of the ward's that asks for a code."""
    work = next(work for work in here.app.state.front.desk(WARD, here.clock.now()).open if work.lead and not work.indicator)
    return f"/t/{here.token()}/{work.id}"


def checked(person: Visitor, path: str) -> dict[str, str]:
    """The fields of the page on which an answer is looked over."""
    check = person.post(path, data={**hidden(person.get(path).text), **DONE, "step": "check"})
    assert "Mã sáu chữ số" in words(check.text)
    return {**hidden(check.text), "step": "send"}


def mailed(here: Place) -> list[str]:
    """The codes of the letters that wait."""
    found = here.office.outbox.claim("login", here.clock.now(), 50)
    made = [here.office.composer.preview(notice).text for notice in found]
    here.office.outbox.release(found, here.clock.now())
    return [code for letter in made for code in re.findall(r"^Mã\W+(\d{3} \d{3})$", letter, re.MULTILINE)]


def dones(here: Place) -> int:
    return int(here.ask("SELECT count(*) AS n FROM events WHERE kind = 'done'")[0].n)


def test_the_code_of_the_letter_is_typed_on_the_page_that_is_open_already(here: Place, path: str) -> None:
    with here.visitor() as person:
        fields = checked(person, path)
        [code] = mailed(here)
        assert code.replace(" ", "") not in here.dump()
        assert person.post(path, data=fields).status_code == 422
        assert dones(here) == 0
        sent = person.post(path, data={**fields, "code": code})
        assert (sent.status_code, dones(here)) == (200, 1)
        assert person.post(path, data={**fields, "code": code}).status_code == 200
    assert dones(here) == 1


@pytest.mark.parametrize(("after", "recorded"), [(timedelta(minutes=9, seconds=59), 1), (timedelta(minutes=10), 0)])
def test_a_code_is_good_for_ten_minutes(here: Place, path: str, after: timedelta, recorded: int) -> None:
    with here.visitor() as person:
        fields = checked(person, path)
        [code] = mailed(here)
        here.pass_(after)
        person.post(path, data={**fields, "code": code})
    assert dones(here) == recorded


def test_five_wrong_codes_are_enough_and_bring_no_second_letter_within_the_ten_minutes(here: Place, path: str) -> None:
    with here.visitor() as person:
        fields = checked(person, path)
        [code] = mailed(here)
        wrong = f"{(int(code.replace(' ', '')) + 1) % 1_000_000:06}"
        for _ in range(coding.TRIES):
            assert person.post(path, data={**fields, "code": wrong}).status_code == 422
        assert person.post(path, data={**fields, "code": code}).status_code == 422
        checked(person, path)
        assert mailed(here) == [code]
        here.pass_(coding.LASTS)
        fields = checked(person, path)
        [new] = mailed(here)
        assert person.post(path, data={**fields, "code": new}).status_code == 200
    assert dones(here) == 1


def test_codes_that_are_typed_all_at_once_are_counted_too(store: Store) -> None:
    open_directive(store, paper(duty("3", "radio", code=True)), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=at("2020-05-18"))
    [task], now, looked = ask(store, "SELECT id FROM tasks"), at("2020-05-19"), list[str]()
    with store.write() as db:
        assert coding.ask(db, task.id, now)

    def wrong(seed: str) -> bool:
        looked.append(seed)
        return False

    def typed(_: int) -> bool:
        with store.write() as db:
            return coding.prove(db, task.id, wrong, now)

    with ThreadPoolExecutor(8) as at_once:
        assert not any(at_once.map(typed, range(40)))
    assert len(looked) == coding.TRIES


def test_whose_mailbox_does_not_work_is_told_whom_to_call(here: Place, path: str) -> None:
    with here.office.store.write() as db:
        db.execute(text("UPDATE agencies SET mail_state = 'bad'"))
    with here.visitor() as person:
        check = person.post(path, data={**hidden(person.get(path).text), **DONE, "step": "check"})
    assert "Hãy gọi cơ quan ban hành" in words(check.text)


def test_no_other_road_by_a_link_says_done_and_other_answers_need_no_code(store: Store) -> None:
    asked = duty("3", "radio", due=by("2020-05-29"), code=True)
    open_directive(store, paper(asked), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=at("2020-05-18"))
    [task] = ask(store, "SELECT id FROM tasks")
    said = Said(name="Cán bộ", role="Văn thư", link="AAECAwQFBgc")
    for kind, refused in (("done", True), ("progress", False), ("done", True)):
        act = Act(kind=kind, task=task.id, said=said, key=kind, by="radio", note="đang làm")  # type: ignore[arg-type]
        assert bool(acts.act(store, act, CALENDAR, at("2020-05-19")).refusal) is refused
    proven = Act(kind="done", task=task.id, said=said, key="proven", by="radio", proven=True)
    assert not acts.act(store, proven, CALENDAR, at("2020-05-19")).refusal


