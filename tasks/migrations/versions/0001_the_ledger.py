"""The ledger's tables as they were first laid out, spelled out here so that this stays true when tables.py moves on."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create every table."""
    for lay_out in (_people, _papers, _work, _words, _letters):
        lay_out()


def downgrade() -> None:
    """Drop every table, those that refer to others first."""
    for table in _DROPPED.split():
        op.drop_table(table)


_DROPPED = """
reports leases notice_items notices evidence readings acts persons events
requests task_history tasks indicators coordinators terms duties directives links rosters parents agencies"""


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _people() -> None:
    """Who can receive a letter, and the directories of past issues."""
    op.create_table(
        "agencies",
        sa.Column("id", ID, primary_key=True), sa.Column("code", WORD, nullable=False),
        sa.Column("kind", WORD, nullable=False, server_default=""), sa.Column("name", WORD, nullable=False),
        sa.Column("short", WORD, nullable=False), sa.Column("head", ID), sa.Column("mail", WORD), sa.Column("phone", WORD),
        sa.Column("mail_state", WORD, nullable=False, server_default="ok"), sa.Column("since", sa.Text()), sa.Column("until", sa.Text()),
        sa.UniqueConstraint("code", name="agency_is_named_once"),
        sa.CheckConstraint("mail_state IN ('ok', 'none', 'bad')", name="mail_state_is_known"),
    )
    op.create_table(
        "parents",
        sa.Column("agency", ID, primary_key=True), sa.Column("parent", ID, primary_key=True), sa.Column("since", sa.Text()),
        sa.Column("until", sa.Text()),
        sqlite_with_rowid=False,
    )
    op.create_index("parents_children", "parents", ["parent"])
    op.create_table(
        "rosters",
        sa.Column("hash", WORD, primary_key=True), sa.Column("body", WORD, nullable=False),
    )
    op.create_table(
        "links",
        sa.Column("id", WORD, primary_key=True), sa.Column("purpose", WORD, nullable=False), sa.Column("agency", ID, nullable=False),
        sa.Column("expires_at", INSTANT), sa.Column("revoked_at", INSTANT),
    )
    op.create_index("link_stands_once", "links", ["purpose", "agency"], unique=True, **_where("revoked_at IS NULL"))


def _papers() -> None:
    """Directives with their duties and terms."""
    op.create_table(
        "directives",
        sa.Column("id", ID, primary_key=True), sa.Column("number", WORD, nullable=False),
        sa.Column("issuer", ID, sa.ForeignKey("agencies.id", name="issuer_is_in_agencies"), nullable=False),
        sa.Column("issued_on", sa.Text(), nullable=False), sa.Column("title", WORD, nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False), sa.Column("body", WORD, nullable=False), sa.Column("hash", WORD, nullable=False),
        sa.Column("roster", WORD, nullable=False), sa.Column("practice", WORD, nullable=False),
        sa.Column("state", WORD, nullable=False, server_default="issued"), sa.Column("opens_at", INSTANT),
        sa.Column("reports_at", INSTANT), sa.Column("seq", ID, nullable=False),
        sa.CheckConstraint("state IN ('issued', 'recalled')", name="directive_state_is_known"),
    )
    op.create_index("directive_is_issued_once", "directives", ["issuer", "number", "issued_on"], unique=True, **_where("state = 'issued'"))
    op.create_table(
        "duties",
        sa.Column("id", ID, primary_key=True),
        sa.Column("directive", ID, sa.ForeignKey("directives.id", name="directive_is_in_directives"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False), sa.Column("clause", WORD, nullable=False),
        sa.Column("printed", sa.Boolean(), nullable=False), sa.Column("force", WORD, nullable=False),
        sa.Column("text", WORD, nullable=False), sa.Column("short", WORD, nullable=False),
        sa.Column("indicator", WORD, nullable=False, server_default=""), sa.Column("evidence", WORD, nullable=False),
        sa.Column("confirm", sa.Boolean(), nullable=False), sa.Column("recurring", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("directive", "clause", name="clause_is_numbered_once"),
    )
    op.create_table(
        "terms",
        sa.Column("duty", ID, sa.ForeignKey("duties.id", name="duty_is_in_duties"), primary_key=True),
        sa.Column("term", WORD, primary_key=True), sa.Column("begins_at", INSTANT, nullable=False), sa.Column("due_at", INSTANT),
        sa.Column("due_words", WORD, nullable=False), sa.Column("last_working_day", sa.Text()), sa.Column("target", WORD, nullable=False),
        sa.Column("next_due_at", INSTANT), sa.Column("climbs", sa.Boolean(), nullable=False), sa.Column("seq", ID, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "coordinators",
        sa.Column("duty", ID, primary_key=True), sa.Column("agency", ID, primary_key=True), sa.Column("lead", ID, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("coordinators_desk", "coordinators", ["agency"])
    op.create_index("coordinators_of_lead", "coordinators", ["duty", "lead"])
    op.create_table(
        "indicators",
        sa.Column("directive", ID, sa.ForeignKey("directives.id", name="directive_is_in_directives"), primary_key=True),
        sa.Column("indicator", WORD, primary_key=True), sa.Column("name", WORD, nullable=False), sa.Column("source", ID),
        sqlite_with_rowid=False,
    )


def _work() -> None:
    """Tasks as they are and as they were."""
    op.create_table(
        "tasks",
        sa.Column("id", ID, primary_key=True), sa.Column("directive", ID, nullable=False),
        sa.Column("duty", ID, sa.ForeignKey("duties.id", name="duty_is_in_duties"), nullable=False), sa.Column("unit", ID, nullable=False),
        sa.Column("agency", ID, nullable=False), sa.Column("term", WORD, nullable=False), sa.Column("parent", ID),
        sa.Column("state", WORD, nullable=False, server_default="open"), sa.Column("due_at", INSTANT),
        sa.Column("original_due_at", INSTANT), sa.Column("due_version", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("told_at", INSTANT), sa.Column("wake_at", INSTANT), sa.Column("rung", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("since_seq", ID, nullable=False), sa.Column("claimed_at", INSTANT), sa.Column("closed_at", INSTANT),
        sa.Column("reported_at", INSTANT),
        sa.UniqueConstraint("duty", "unit", "term", name="task_is_owed_once"),
        sa.CheckConstraint("state IN ('open', 'received', 'progress', 'claimed', 'done', 'void')", name="task_state_is_known"),
        sa.CheckConstraint("(closed_at IS NULL) = (state IN ('open', 'received', 'progress', 'claimed'))", name="closed_has_closed_at"),
        sa.CheckConstraint("wake_at IS NULL OR closed_at IS NULL", name="closed_never_wakes"),
    )
    op.create_index("tasks_desk", "tasks", ["agency", "closed_at", "due_at"])
    op.create_index("tasks_parent", "tasks", ["parent"], **_where("parent IS NOT NULL"))
    op.create_index("tasks_standing", "tasks", ["directive", "duty", "closed_at", "due_at", "reported_at"], **_where("state <> 'void'"))
    op.create_index("tasks_wake", "tasks", ["wake_at"], **_where("wake_at IS NOT NULL"))
    op.create_index("tasks_worst", "tasks", ["directive", "closed_at", "due_at", "duty"], **_where("state <> 'void'"))
    op.create_table(
        "task_history",
        sa.Column("task", ID, primary_key=True), sa.Column("from_seq", ID, primary_key=True), sa.Column("to_seq", ID, nullable=False),
        sa.Column("directive", ID, nullable=False), sa.Column("duty", ID, nullable=False), sa.Column("agency", ID, nullable=False),
        sa.Column("state", WORD, nullable=False), sa.Column("due_at", INSTANT), sa.Column("closed_at", INSTANT),
        sa.Column("reported_at", INSTANT),
        sqlite_with_rowid=False,
    )
    op.create_index("history_upto", "task_history", ["directive", "to_seq"])
    op.create_table(
        "requests",
        sa.Column("id", ID, primary_key=True), sa.Column("task", ID, sa.ForeignKey("tasks.id", name="task_is_in_tasks"), nullable=False),
        sa.Column("until", sa.Text(), nullable=False), sa.Column("note", WORD, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False), sa.Column("decided_at", INSTANT), sa.Column("decision", WORD),
    )
    op.create_index("request_is_open_once", "requests", ["task"], unique=True, **_where("decided_at IS NULL"))


def _words() -> None:
    """What was said, by whom."""
    op.create_table(
        "events",
        sa.Column("directive", ID, primary_key=True), sa.Column("seq", ID, primary_key=True), sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", WORD, nullable=False), sa.Column("duty", ID), sa.Column("task", ID), sa.Column("person", ID),
        sa.Column("link", WORD), sa.Column("payload", WORD, nullable=False), sa.Column("hash", WORD, nullable=False),
    )
    op.create_index("events_of_task", "events", ["task"], **_where("task IS NOT NULL"))
    op.create_table(
        "persons",
        sa.Column("id", ID, primary_key=True), sa.Column("salt", WORD, nullable=False), sa.Column("name", WORD, nullable=False),
        sa.Column("role", WORD, nullable=False), sa.Column("ip", WORD, nullable=False), sa.Column("agent", WORD, nullable=False),
    )
    op.create_table(
        "acts",
        sa.Column("key", WORD, primary_key=True), sa.Column("directive", ID, nullable=False), sa.Column("seq", ID, nullable=False),
    )
    op.create_table(
        "readings",
        sa.Column("directive", ID, primary_key=True), sa.Column("indicator", WORD, primary_key=True),
        sa.Column("agency", ID, primary_key=True), sa.Column("on", sa.Text(), primary_key=True), sa.Column("seq", ID, primary_key=True),
        sa.Column("numerator", ID), sa.Column("denominator", ID), sa.Column("value", sa.Text(), nullable=False),
        sa.CheckConstraint("denominator IS NULL OR (denominator > 0 AND numerator BETWEEN 0 AND denominator)", name="part_is_within_whole"),
    )
    op.create_table(
        "evidence",
        sa.Column("directive", ID, primary_key=True), sa.Column("seq", ID, primary_key=True), sa.Column("hash", WORD, primary_key=True),
        sa.Column("name", WORD, nullable=False), sa.Column("size", ID, nullable=False),
    )


def _letters() -> None:
    """Letters, their lines, frozen reports."""
    op.create_table(
        "notices",
        sa.Column("id", ID, primary_key=True), sa.Column("key", WORD, nullable=False), sa.Column("directive", ID),
        sa.Column("recipient", ID, nullable=False), sa.Column("lane", WORD, nullable=False), sa.Column("day", WORD),
        sa.Column("hint", WORD, nullable=False, server_default=""), sa.Column("params", WORD), sa.Column("date", INSTANT),
        sa.Column("not_before", INSTANT, nullable=False), sa.Column("expires_at", INSTANT), sa.Column("state", WORD, nullable=False),
        sa.Column("lease", WORD), sa.Column("lease_until", INSTANT),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("doubts", sa.Integer(), nullable=False, server_default="0"), sa.Column("code", sa.Integer()), sa.Column("reply", WORD),
        sa.Column("sent_at", INSTANT),
        sa.UniqueConstraint("key", name="letter_is_decided_once"),
        sa.CheckConstraint(
            "state IN ('gathering', 'queued', 'leased', 'sent', 'failed', 'uncertain', 'superseded', 'undeliverable', 'expired')",
            name="letter_state_is_known",
        ),
        sa.CheckConstraint("(state = 'leased') = (lease_until IS NOT NULL)", name="leased_has_lease"),
    )
    op.create_index("notices_doubt", "notices", ["not_before"], **_where("state = 'uncertain'"))
    op.create_index("notices_gathering", "notices", ["day"], **_where("state = 'gathering'"))
    op.create_index("notices_lease", "notices", ["lease_until"], **_where("state = 'leased'"))
    op.create_index("notices_queue", "notices", ["lane", "not_before"], **_where("state = 'queued'"))
    op.create_table(
        "notice_items",
        sa.Column("task", ID, primary_key=True), sa.Column("rung", sa.Integer(), primary_key=True),
        sa.Column("due_version", sa.Integer(), primary_key=True), sa.Column("recipient", ID, primary_key=True),
        sa.Column("notice", ID, sa.ForeignKey("notices.id", name="notice_is_in_notices"), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("items_of_notice", "notice_items", ["notice"])
    op.create_table(
        "reports",
        sa.Column("directive", ID, sa.ForeignKey("directives.id", name="directive_is_in_directives"), primary_key=True),
        sa.Column("round", WORD, primary_key=True), sa.Column("as_of", INSTANT, nullable=False), sa.Column("seq", ID, nullable=False),
        sa.Column("standing", WORD, nullable=False), sa.Column("hash", WORD, nullable=False),
    )
    op.create_table(
        "leases",
        sa.Column("name", WORD, primary_key=True), sa.Column("holder", WORD, nullable=False), sa.Column("until", INSTANT, nullable=False),
    )
