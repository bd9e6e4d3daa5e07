"""Who calls: the key of a request, what it may do and how often; cookies mean nothing here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from config.office import Office
from tasks.ledger import programs
from tasks.ledger.programs import Program
from web.pace import Pace
from web.visit import network

from .problems import Refused

WINDOW = timedelta(minutes=1)
MOST_CALLS = 600  # of one program within the window
MOST_STRANGERS = 60  # calls without a good key from one network address within the window

_BEARER = HTTPBearer(auto_error=False, scheme_name="key", description="The key that `dondoc programs add` shows once.")


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that calls, with the office it calls and the instant."""

    program: Program
    office: Office
    now: datetime
    wake: Callable[[], None]

    def may_read(self, agency: str = "") -> bool:
        """Whether it may read everything, or what an agency owes."""
        given = self.program.of("read")
        return "all" in given or bool(agency and agency in given)

    def need_all(self) -> None:
        """Refuse a program that may not read everything."""
        if not self.may_read():
            raise Refused(403, "scope", "Khóa này không có phạm vi read:all.")


def caller(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> Caller:
    """The program of the key. Raises Refused: the same for a key that is unknown, revoked or malformed."""
    state = request.app.state
    now: datetime = state.clock()
    with state.office.store.read() as db:
        found = programs.program(db, given.credentials if given else "")
    if found is None:
        if not state.strangers.allows(network(request), now):
            raise _slower()
        raise Refused(401, "key", "Cần khóa của chương trình: Authorization: Bearer dd1.…", **{"www-authenticate": "Bearer"})
    if not state.calls.allows(str(found.id), now):
        raise _slower()
    return Caller(found, state.office, now, state.wake)


def paces() -> tuple[Pace, Pace]:
    """How often programs may call, and strangers."""
    return Pace(MOST_CALLS, WINDOW), Pace(MOST_STRANGERS, WINDOW)


def _slower() -> Refused:
    return Refused(429, "pace", "Quá nhiều yêu cầu: hãy đợi một phút.", **{"retry-after": str(int(WINDOW.total_seconds()))})


Called = Annotated[Caller, Depends(caller)]
