"""What delivery asks about a relay's pace: connections, turns, slowing down; kept by the ledger for all workers, or here for one."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Protocol

from tasks import pace as rules
from tasks.letters import Lane
from tasks.pace import Limits, Tempo, Turns

from .written import Written

#: Letters that somebody waits for: a part of a day's letters is theirs alone.
URGENT: frozenset[Lane] = frozenset({"login", "receipt", "decision"})

#: Seconds between two looks at what an operator has ordered meanwhile.
LOOK = 1.0

#: Seconds after which connections are asked for again, well before they lapse.
HEARTBEAT = 20.0


class Pace(Protocol):
    """What all who send over a relay share. Calls come from one thread of delivery's own; each is one transaction.

    `relay` is its name. A connection lapses a minute after it was last asked for, so that who died holds none for long.
    """

    def seats(self, relay: str, limits: Limits, holder: str, now: datetime) -> int:
        """How many connections are the holder's: those it has, kept, and those that nobody has."""
        ...

    def leave(self, relay: str, holder: str) -> None:
        """Give all of them back."""
        ...

    def turns(self, relay: str, limits: Limits, wanted: int, now: datetime, *, urgent: bool) -> Turns:
        """Take turns for so many letters, or for fewer; none where the day has no more."""
        ...

    def unused(self, relay: str, letters: int) -> None:
        """Give a day back its letters that did not go."""
        ...

    def slower(self, relay: str, limits: Limits, now: datetime) -> None:
        """The relay asks for less."""
        ...

    def trouble(self, relay: str, words: str, now: datetime) -> bool:
        """Remember why the relay cannot be used, "" that it can; False where that is known already."""
        ...

    def orders(self) -> int:
        """Another number whenever an operator has paused, resumed or cancelled letters."""
        ...


class Alone:
    """The pace of one worker, in memory: for a trial, and where no ledger is."""

    def __init__(self) -> None:
        self._tempo: defaultdict[str, Tempo] = defaultdict(Tempo)
        self._spent: deque[tuple[int, int]] = deque()
        self._trouble: dict[str, str] = {}

    def seats(self, relay: str, limits: Limits, holder: str, now: datetime) -> int:
        """All of them."""
        return limits.connections

    def leave(self, relay: str, holder: str) -> None:
        """Nobody else wants them."""

    def turns(self, relay: str, limits: Limits, wanted: int, now: datetime, *, urgent: bool) -> Turns:
        """Take the next turns."""
        at = milliseconds(now)
        while self._spent and self._spent[0][0] <= at - rules.DAY:
            self._spent.popleft()
        wanted = rules.left(limits, sum(letters for _, letters in self._spent), wanted, urgent=urgent)
        turns, self._tempo[relay] = rules.taken(limits, self._tempo[relay], wanted, at)
        if limits.per_day is not None:
            self._spent.append((turns.first + turns.letters * turns.every, turns.letters))
        return turns

    def unused(self, relay: str, letters: int) -> None:
        """Count them no more."""
        if self._spent:
            at, spent = self._spent.pop()
            self._spent.append((at, max(0, spent - letters)))

    def slower(self, relay: str, limits: Limits, now: datetime) -> None:
        """Half as fast."""
        self._tempo[relay] = rules.lowered(limits, self._tempo[relay], milliseconds(now))

    def trouble(self, relay: str, words: str, now: datetime) -> bool:
        """Keep the words."""
        known, self._trouble[relay] = self._trouble.get(relay, ""), words
        return known != words

    def orders(self) -> int:
        """Nobody gives any."""
        return 0


def spread(letters: Iterable[Written]) -> Iterator[Written]:
    """Yield the same letters so that those to one domain are far apart: each domain in turn, its own oldest first."""
    by_domain: defaultdict[str, deque[Written]] = defaultdict(deque)
    for letter in letters:
        by_domain[letter.mail.rpartition("@")[2].lower()].append(letter)
    while by_domain:
        for domain in list(by_domain):
            yield by_domain[domain].popleft()
            if not by_domain[domain]:
                del by_domain[domain]


def milliseconds(at: datetime) -> int:
    """An instant as turns count it."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
