"""The table of what was odd about figures."""

from __future__ import annotations

from sqlalchemy import Column, Table

from .columns import metadata, word
from .types import ID

#: What was odd about the figure of an event, in words with spaces between; `restated`: the issuer's side put it right.
remarks = Table(
    "remarks", metadata,
    Column("directive", ID, primary_key=True), Column("seq", ID, primary_key=True), word("kinds"),
    sqlite_with_rowid=False,
)
