"""What somebody says of a task from elsewhere than its page: an act before it is known which task is meant, and by whose authority."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Self

from .values import Party, Work

File = tuple[str, str, int]  # (sha256, name, size)
Kind = Literal["received", "progress", "figure", "done", "extend", "return"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One thing that is said; `clause` is the clause that it names, "" where it names none. The rest as in an act."""

    kind: Kind
    clause: str = ""
    note: str = ""
    value: Decimal | None = None
    numerator: int | None = None
    denominator: int | None = None
    on: date | None = None
    until: date | None = None
    document: str = ""
    to: str = ""

    def words(self) -> Mapping[str, Any]:
        """What an act takes over, without what is not said."""
        return {name: value for name, value in self._said().items() if name != "clause"}

    def to_json(self) -> str:
        """The saying as it is kept."""
        return json.dumps(self._said(), ensure_ascii=False, sort_keys=True, default=str)

    @classmethod
    def of_json(cls, text: str) -> Self:
        """The saying that was kept."""
        said = json.loads(text)
        days = {name: date.fromisoformat(said[name]) for name in ("on", "until") if name in said}
        return cls(**said | days | ({"value": Decimal(said["value"])} if "value" in said else {}))

    def _said(self) -> dict[str, Any]:
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name)) not in (None, "")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a sentence of an answer proposes; `work` None where it is not known which task is meant. `domain`: verified and trusted."""

    id: int
    agency: Party
    work: Work | None
    said: Saying
    words: str  # as they were written, "" once it is decided
    files: tuple[File, ...]
    domain: str
    state: Literal["waiting", "accepted", "refused"]
    at: datetime
    note: str  # why it was refused, or could not be carried out by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What waits to be confirmed: whose contacts, what they are to be, and who is asked."""

    agency: Party
    confirmer: Party
    mail: str
    phone: str
