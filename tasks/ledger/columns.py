"""What the ledger's columns are made of: row numbers, references, words, and the literal predicates of partial indexes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, MetaData, text

from .types import ID, Word

metadata = MetaData()


def row_id() -> Column[Any]:
    """The number of a row."""
    return Column("id", ID, primary_key=True)


def ref(name: str, target: str, **options: Any) -> Column[Any]:
    """A row number of another table, held by a key of that name."""
    return Column(name, ID, ForeignKey(f"{target}.id", name=f"{name}_is_in_{target}"), **options)


def word(name: str, **options: Any) -> Column[Any]:
    """Text that is always there."""
    return Column(name, Word, **{"nullable": False, **options})


def where(condition: str) -> dict[str, Any]:
    """A partial index's predicate, a literal on both stores."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
