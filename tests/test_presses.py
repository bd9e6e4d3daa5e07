"""What waits together is answered together: in few rounds, each with its own answer, and nobody's fault is anybody else's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from threading import Event

from sqlalchemy import text

from tasks.ledger.store import Store
from web.together import MOST, Together


async def answered(*words: str) -> tuple[list[object], list[int]]:
    """The answers to words that wait together behind one that takes long, and how many were asked in each round."""
    rounds: list[int] = []
    begun, going = Event(), Event()

    def loud(asked: Sequence[str]) -> list[str]:
        rounds.append(len(asked))
        if asked == ["long"]:
            begun.set()
            going.wait()
        if "lie" in asked:
            raise ValueError(f"one of {len(asked)}")
        return [word.upper() for word in asked]

    together = Together(loud)
    first = asyncio.create_task(together.answered("long"))
    await asyncio.to_thread(begun.wait)
    others = [asyncio.create_task(together.answered(word)) for word in words]
    await asyncio.sleep(0)
    going.set()
    await first
    return await asyncio.gather(*others, return_exceptions=True), rounds[1:]


def test_those_who_wait_are_answered_in_one_round() -> None:
    assert asyncio.run(answered("a", "b", "c")) == (["A", "B", "C"], [3])


def test_no_round_is_longer_than_others_may_wait() -> None:
    assert asyncio.run(answered(*"a" * (MOST + 3)))[1] == [MOST, 3]


def test_one_that_fails_takes_nobody_with_it() -> None:
    answers, rounds = asyncio.run(answered("a", "lie", "b"))
    assert [str(answer) for answer in answers] == ["A", "one of 1", "B"]
    assert isinstance(answers[1], ValueError)
    assert rounds == [3, 1, 1, 1]


async def _gone() -> list[str]:
    """Somebody asks and goes away before the answer is there; whoever asks next is answered."""
    going = Event()
    together = Together[str, str](lambda asked: [str(going.wait() and word) for word in asked])
    leaving = asyncio.create_task(together.answered("first"))
    await asyncio.sleep(0)
    leaving.cancel()
    going.set()
    return [await together.answered("second")]


def test_whoever_has_gone_is_not_waited_for() -> None:
    assert asyncio.run(_gone()) == ["second"]


def test_a_moment_does_not_see_what_comes_after_it(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/ledger.sqlite")
    with store.write() as db:
        db.execute(text("CREATE TABLE said (word TEXT)"))
    with store.read() as db:
        assert db.execute(text("SELECT count(*) FROM said")).scalar() == 0
        with store.write() as other:
            other.execute(text("INSERT INTO said VALUES ('a')"))
        assert db.execute(text("SELECT count(*) FROM said")).scalar() == 0
    store.close()
