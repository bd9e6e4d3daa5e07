"""A claimed letter as a connection says it: its bytes, and of its notice no more than is needed to send and record it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from directives.language.addresses import AddressError
from tasks.letters import Lane, Notice, Outcome

from .outbox import LANES, Outbox

Compose = Callable[[Notice], bytes]

log = logging.getLogger(__name__)


class Written(NamedTuple):
    """A letter as it will be said, or what became of one that cannot be written."""

    id: int
    lane: Lane
    lease: str
    attempts: int
    date: datetime
    mail: str
    content: bytes | Outcome


def claim(outbox: Outbox, compose: Compose, now: datetime, limit: int) -> list[Written]:
    """Claim at most `limit` letters of the first lane that has any due, and write them; none left gives none."""
    for lane in LANES:
        if notices := outbox.claim(lane, now, limit):
            return [_written(notice, compose) for notice in notices]
    return []


def _written(notice: Notice, compose: Compose) -> Written:
    return Written(
        notice.id, notice.lane, notice.lease, notice.attempts, notice.date, notice.recipient.mail or "", _content(notice, compose)
    )


def _content(notice: Notice, compose: Compose) -> bytes | Outcome:
    try:
        return compose(notice)
    except AddressError as error:
        return Outcome(notice_id=notice.id, lease=notice.lease, state="undeliverable", reply=str(error))
    except Exception as error:  # one letter that cannot be written must not hold up the others
        log.error("notice %d cannot be written: %s", notice.id, type(error).__name__)
        return Outcome(notice_id=notice.id, lease=notice.lease, state="failed", reply=f"không soạn được thư: {error!r}"[:500])
