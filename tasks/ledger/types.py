"""How values rest in columns on both stores: instants as whole seconds, decimals and days as text that sorts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Text, TypeDecorator

#: Row numbers; SQLite makes a rowid only of a column that is spelled INTEGER.
ID = BigInteger().with_variant(Integer(), "sqlite")

#: Text that compares byte by byte on both stores.
Word = Text().with_variant(Text(collation="C"), "postgresql")


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as seconds since 1970 in UTC, so that it sorts, compares and adds alike everywhere."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Seconds of an instant; a naive one is a programmer's mistake (ValueError)."""
        return None if value is None else seconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """The aware instant."""
        return None if value is None else instant(value)


class Day(TypeDecorator[date]):
    """A day as ISO text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """ISO text."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        """The day."""
        return None if value is None else date.fromisoformat(value)


class Exact(TypeDecorator[Decimal]):
    """A decimal kept as text: no store rounds it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Plain digits."""
        return None if value is None else format(value, "f")

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """The decimal."""
        return None if value is None else Decimal(value)


def seconds(moment: datetime) -> int:
    """Whole seconds since 1970 in UTC. Raises ValueError for a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no zone: the ledger keeps instants")
    return int(moment.timestamp())


def instant(value: int) -> datetime:
    """The aware instant of so many seconds."""
    return datetime.fromtimestamp(value, UTC)
