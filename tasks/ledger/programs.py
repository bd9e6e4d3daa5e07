"""Programs that may use the interface: keys that are shown once and kept as hashes, and the answers of calls that come again."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, select, text

from . import tables as t
from .rows import add
from .types import seconds

#: How long a call that comes again gets the answer of the first.
REMEMBERED = timedelta(days=7)

_FORM = re.compile(r"dd1\.([1-9][0-9]{0,8})\.([A-Za-z0-9_-]{43})")
_SCOPE = re.compile(r"(read|act|link|decide):([a-z0-9][a-z0-9.-]*)")


class ScopeError(ValueError):
    """A scope that gives nothing; `scope` is what was written."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


class NameTakenError(ValueError):
    """A program of this name has a key already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Who calls. `scopes`: read:all or read:<agency>, act:<agency>, link:<agency>, decide:<issuing agency>."""

    id: int
    name: str
    scopes: tuple[str, ...]
    made_at: datetime
    revoked_at: datetime | None = None

    def of(self, verb: str) -> tuple[str, ...]:
        """Whom the program may read, act or decide for."""
        return tuple(scope.partition(":")[2] for scope in self.scopes if scope.startswith(f"{verb}:"))


def give(db: Connection, name: str, scopes: Sequence[str], now: datetime) -> str:
    """A new program's key, to be shown once. Raises ScopeError, NameTakenError."""
    for scope in scopes:
        _check(db, scope)
    secret = secrets.token_urlsafe(32)
    row = {"name": name, "secret": _hash(secret), "scopes": " ".join(sorted(set(scopes))), "made_at": now}
    if not add(db, t.programs, [row]):
        raise NameTakenError(name)
    number = db.execute(select(t.programs.c.id).where(t.programs.c.secret == row["secret"])).scalar_one()
    return f"dd1.{number}.{secret}"


def revoke(db: Connection, name: str, now: datetime) -> bool:
    """End a program's key at once; False where it had none."""
    return db.execute(text(_REVOKE), {"name": name, "now": seconds(now)}).rowcount == 1


def known(db: Connection) -> tuple[Program, ...]:
    """Every program that ever had a key, the newest first."""
    return tuple(_program(row) for row in db.execute(select(t.programs).order_by(t.programs.c.id.desc())).mappings())


def program(db: Connection, key: str) -> Program | None:
    """Whose key it is; None for one that is unknown, revoked or malformed alike."""
    form = _FORM.fullmatch(key)
    number, secret = (int(form[1]), form[2]) if form else (0, "")
    row = db.execute(select(t.programs).where(t.programs.c.id == number)).mappings().first()
    fits = hmac.compare_digest(row["secret"] if row else _hash("nobody"), _hash(secret))
    return _program(row) if row and fits and row["revoked_at"] is None else None


def answered(db: Connection, of: Program, key: str, now: datetime) -> tuple[str, str] | None:
    """What a call asked and was answered that came with this key; None for a new one."""
    row = db.execute(text(_ANSWERED), {"program": of.id, "key": key, "since": seconds(now - REMEMBERED)}).first()
    return (row.request, row.answer) if row else None


def keep(db: Connection, of: Program, key: str, said: tuple[str, str], now: datetime) -> None:
    """Keep a call and its answer, and forget those that are long past."""
    db.execute(text("DELETE FROM calls WHERE at <= :before"), {"before": seconds(now - REMEMBERED)})
    add(db, t.calls, [{"program": of.id, "key": key, "request": said[0], "answer": said[1], "at": now}])


def queue(db: Connection, of: Program) -> None:
    """Let no other call of the program go on until the transaction ends, so that two at once are one after the other."""
    if db.dialect.name != "sqlite":
        db.execute(text("SELECT 1 FROM programs WHERE id = :id FOR UPDATE"), {"id": of.id})


def _check(db: Connection, scope: str) -> None:
    form = _SCOPE.fullmatch(scope)
    if not form or not (scope == "read:all" or _is_agency(db, form[2])):
        raise ScopeError(scope)


def _is_agency(db: Connection, code: str) -> bool:
    return db.execute(text("SELECT 1 FROM agencies WHERE code = :code"), {"code": code}).first() is not None


def _hash(secret: str) -> str:
    """Of 256 random bits one round is enough: nobody guesses them."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _program(row: RowMapping) -> Program:
    return Program(
        id=row["id"], name=row["name"], scopes=tuple(row["scopes"].split()), made_at=row["made_at"], revoked_at=row["revoked_at"],
    )


_REVOKE = "UPDATE programs SET revoked_at = :now WHERE name = :name AND revoked_at IS NULL"

_ANSWERED = "SELECT request, answer FROM calls WHERE program = :program AND key = :key AND at > :since"
