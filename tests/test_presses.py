"""Presses that wait together: one transaction, each with its own answer, and nobody's fault is anybody else's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text
from starlette.exceptions import HTTPException

from tasks.ledger.store import Store
from web.presses import Presses


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path}/ledger.sqlite")
    with opened.write() as db:
        db.execute(text("CREATE TABLE said (word TEXT PRIMARY KEY)"))
    yield opened
    opened.close()


def said(store: Store) -> list[str]:
    """The words that stand."""
    with store.read() as db:
        return list(db.execute(text("SELECT word FROM said ORDER BY rowid")).scalars())


def saying(store: Store, word: str) -> Callable[[], str]:
    """A press that writes a word; "lie" cannot be written, "no" is refused after it was written."""

    def press() -> str:
        with store.write() as db:
            db.execute(text("INSERT INTO said VALUES (:word)"), {"word": word})
        if word == "lie":
            raise ValueError(word)
        if word == "no":
            raise HTTPException(404)
        return word

    return press


async def pressed(store: Store, *words: str) -> tuple[list[object], int]:
    """The answers of presses that wait together behind one that takes long, and how many transactions they were."""
    opened, begun, going = 0, Event(), Event()

    @contextmanager
    def counted() -> Iterator[None]:
        nonlocal opened
        opened += 1
        with store.together():
            yield

    def long() -> None:
        begun.set()
        going.wait()

    presses = Presses(counted)
    first = asyncio.create_task(presses.recorded(long))
    await asyncio.to_thread(begun.wait)
    others = [asyncio.create_task(presses.recorded(saying(store, word))) for word in words]
    await asyncio.sleep(0)
    going.set()
    await first
    return await asyncio.gather(*others, return_exceptions=True), opened - 1


def test_those_who_wait_share_a_transaction(store: Store) -> None:
    assert asyncio.run(pressed(store, "a", "b", "c")) == (["a", "b", "c"], 1)
    assert said(store) == ["a", "b", "c"]


def test_a_press_that_fails_takes_nobody_with_it(store: Store) -> None:
    answers, _ = asyncio.run(pressed(store, "a", "lie", "b"))
    assert [str(answer) for answer in answers] == ["a", "lie", "b"]
    assert isinstance(answers[1], ValueError)
    assert said(store) == ["a", "b"]


def test_a_refusal_is_an_answer(store: Store) -> None:
    answers, opened = asyncio.run(pressed(store, "a", "no"))
    assert isinstance(answers[1], HTTPException)
    assert opened == 1
    assert said(store) == ["a", "no"]


def _lie(store: Store, do: Callable[[], None]) -> None:
    with store.together():
        store.afterwards(do)
        saying(store, "lie")()


def test_what_follows_waits_until_all_stands(store: Store) -> None:
    seen: list[list[str]] = []
    with store.together():
        saying(store, "a")()
        store.afterwards(lambda: seen.append(said(store)))
        assert seen == []
    assert seen == [["a"]]
    with pytest.raises(ValueError, match="lie"):
        _lie(store, lambda: seen.append(["never"]))
    assert seen == [["a"]]


def test_a_moment_does_not_see_what_comes_after_it(store: Store) -> None:
    with store.moment():
        assert said(store) == []
        saying(store, "a")()
        assert said(store) == []
    assert said(store) == ["a"]
