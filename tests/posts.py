"""Letters for tests of sending: short ones to as many wards, and servers that misbehave in one phase."""

from __future__ import annotations

from tasks.ledger.store import Store
from tasks.letters import Lane, Notice
from tasks.values import Party
from tests.notices import notice
from tests.rows import tell
from tests.sink import Script


def letters(count: int, lane: Lane = "new", first: int = 1) -> list[Notice]:
    """Letters to as many wards."""
    return [ward(number, lane) for number in range(first, first + count)]


def ward(number: int, lane: Lane = "new") -> Notice:
    """A letter to one ward."""
    recipient = Party(id=f"p{number}", name=f"UBND phường {number}", short=f"P. {number}", mail=f"p{number}@cairang.example")
    return notice(lane, number=number, recipient=recipient)


def written(of: Notice) -> bytes:
    """A letter with what tells it from others, and a line that begins with a dot."""
    return f"To: {of.recipient.mail}\r\nMessage-ID: {of.message_id}\r\n\r\n.một dấu chấm\r\n".encode()


def when(phase: str, reply: str, *, times: int = 1000) -> Script:
    """Say `reply` the first `times` that a phase is reached."""
    return lambda reached, nth, _: reply if reached == phase and nth <= times else ""


def of(phase: str, **replies: str) -> Script:
    """Say to each recipient in a phase what is named for him: radio="450 greylisted"."""
    return lambda reached, _, to: replies.get(to.partition("@")[0].replace("-", "_"), "") if reached == phase else ""


def mass(store: Store, letters: int, lane: Lane, *, first: int = 1, due: int = 0) -> None:
    """Queue letters of one kind to as many inboxes of their own, `p1@office.example` and on."""
    of = {"first": first, "last": first + letters - 1, "lane": lane, "due": due}
    numbers = "WITH RECURSIVE numbers(n) AS (SELECT CAST(:first AS int) UNION ALL SELECT n + 1 FROM numbers WHERE n < :last)"
    tell(store, f"""
        {numbers} INSERT INTO agencies (code, name, short, mail)
        SELECT 'p' || n, 'P. ' || n, 'P. ' || n, 'p' || n || '@office.example' FROM numbers""", **of)
    tell(store, f"""
        {numbers} INSERT INTO notices (key, recipient, lane, not_before, state)
        SELECT :lane || ':' || n, (SELECT id FROM agencies WHERE code = 'p' || n), :lane, :due, 'queued' FROM numbers""", **of)
