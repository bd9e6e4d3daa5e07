"""The table of what a leader urges from his page, without a paper of its own."""

from __future__ import annotations

from sqlalchemy import Column, Table

from .columns import metadata
from .types import ID

#: A task that was urged, by its event.
prompts = Table("prompts", metadata, Column("task", ID, primary_key=True), Column("seq", ID, primary_key=True), sqlite_with_rowid=False)
