"""The tables, their named constraints and the indexes that were timed on both stores."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, Table, UniqueConstraint, false

from .access import links, logins, passed, quiet, sessions
from .aftermath import bonds, changes, duty_history, part_history, readers, term_history, texts, told_history
from .arrivals import corrections, received, replies
from .columns import metadata
from .columns import ref as _ref
from .columns import row_id as _id
from .columns import where as _where
from .columns import word as _word
from .holds import deputies, holds
from .memory import agency_history, failures, sampled, samples
from .origins import calendars, counted, derivations
from .outward import calls, endpoints, heard, parcels, programs
from .pace import acknowledged, foreseen, rounds, skips, stops
from .prompts import prompts
from .remarks import remarks
from .sending import orders, relays, spent
from .successions import inherited, reorganizations, shares, successions
from .types import ID, Day, Exact, Instant

__all__ = [
    "acknowledged", "acts", "agencies", "agency_history", "annexes", "bonds", "calendars", "calls", "changes", "coordinators",
    "corrections", "counted", "deputies", "derivations", "directives", "duties", "duty_history", "endpoints", "events", "evidence",
    "failures", "foreseen", "heard", "holds", "indicators", "inherited", "leases", "links", "logins", "metadata", "notice_items", "notices",
    "orders", "own_targets", "parcels", "parents", "part_history", "passed", "persons", "programs", "prompts", "quiet", "readers",
    "readings", "received", "relays", "remarks", "reorganizations", "replies", "reports", "requests", "rosters", "rounds", "sampled",
    "samples", "sessions", "shares", "skips", "spent", "stops", "successions", "task_history", "tasks", "term_history", "terms", "texts",
    "told_history",
]

#: Everything that can receive a letter; `code` is the directory's id, `head` another agency's.
agencies = Table(
    "agencies", metadata,
    _id(), _word("code"), _word("kind", server_default=""), _word("name"), _word("short"),
    Column("head", ID), _word("mail", nullable=True), _word("phone", nullable=True),
    _word("mail_state", server_default="ok"), Column("since", Day), Column("until", Day), _word("lang", nullable=True),
    _word("channels", server_default=""),
    UniqueConstraint("code", name="agency_is_named_once"),
    CheckConstraint("mail_state IN ('ok', 'none', 'bad')", name="mail_state_is_known"),
)

parents = Table(
    "parents", metadata,
    Column("agency", ID, primary_key=True), Column("parent", ID, primary_key=True), Column("since", Day), Column("until", Day),
    Index("parents_children", "parent"),
    sqlite_with_rowid=False,
)

#: A directory as it stood at an issue, by the hash of its canonical JSON.
rosters = Table("rosters", metadata, _word("hash", primary_key=True), _word("body"))

directives = Table(
    "directives", metadata,
    _id(), _word("number"), _ref("issuer", "agencies", nullable=False), Column("issued_on", Day, nullable=False),
    _word("title"), Column("issued_at", Instant, nullable=False), _word("body"), _word("hash"),
    _word("roster"), _word("practice"), _word("state", server_default="issued"),
    Column("opens_at", Instant), Column("reports_at", Instant), Column("seq", ID, nullable=False),
    Index("directive_is_issued_once", "issuer", "number", "issued_on", unique=True, **_where("state = 'issued'")),
    CheckConstraint("state IN ('issued', 'recalled')", name="directive_state_is_known"),
)

duties = Table(
    "duties", metadata,
    _id(), _ref("directive", "directives", nullable=False), Column("position", Integer, nullable=False),
    _word("clause"), Column("printed", Boolean, nullable=False), _word("force"), _word("text"), _word("short"),
    _word("indicator", server_default=""), _word("evidence"), Column("confirm", Boolean, nullable=False),
    Column("recurring", Boolean, nullable=False), Column("code", Boolean, nullable=False, server_default=false()),
    _word("product", server_default=""),
    UniqueConstraint("directive", "clause", name="clause_is_numbered_once"),
)

#: What all tasks of one term share: when it began, the paper's words for its end, its target.
terms = Table(
    "terms", metadata,
    _ref("duty", "duties", primary_key=True), _word("term", primary_key=True),
    Column("begins_at", Instant, nullable=False), Column("due_at", Instant), _word("due_words"),
    Column("last_working_day", Day), _word("target"), Column("next_due_at", Instant), Column("climbs", Boolean, nullable=False),
    Column("seq", ID, nullable=False),
    sqlite_with_rowid=False,
)

#: The target that an agency has of its own for a term, in place of the paper's; `climbs` as of terms.
own_targets = Table(
    "own_targets", metadata,
    _ref("duty", "duties", primary_key=True), _word("term", primary_key=True), Column("unit", ID, primary_key=True),
    _word("target"), Column("climbs", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

#: The rows of the annex beside a paper, as issued.
annexes = Table("annexes", metadata, _ref("directive", "directives", primary_key=True), _word("body"))

#: Duties of which no news is asked while they have no date: what is reported when it happens, and what waits for another duty.
unasked = Table(
    "unasked", metadata,
    _ref("duty", "duties", primary_key=True), Column("waits_for", ID),
    sqlite_with_rowid=False,
)

#: A duty's clock that has started: tasks that it made due at the same instant share it.
clocks = Table(
    "clocks", metadata,
    _ref("duty", "duties", primary_key=True), Column("due_at", Instant, primary_key=True),
    Column("started_at", Instant, nullable=False), _word("words"),
    sqlite_with_rowid=False,
)

#: Who takes part with which lead.
coordinators = Table(
    "coordinators", metadata,
    Column("duty", ID, primary_key=True), Column("agency", ID, primary_key=True), Column("lead", ID, primary_key=True),
    Index("coordinators_of_lead", "duty", "lead"), Index("coordinators_desk", "agency"),
    sqlite_with_rowid=False,
)

#: duty × unit × term. `unit` is in whose name and never changes; `agency` answers now.
COUNTED = ("directive", "duty", "closed_at", "due_at", "reported_at")  # what a standing reads of its tasks
tasks = Table(
    "tasks", metadata,
    _id(), Column("directive", ID, nullable=False), _ref("duty", "duties", nullable=False), Column("unit", ID, nullable=False),
    Column("agency", ID, nullable=False), _word("term"), Column("parent", ID), _word("state", server_default="open"),
    Column("due_at", Instant), Column("original_due_at", Instant), Column("due_version", Integer, nullable=False, server_default="0"),
    Column("told_at", Instant), Column("wake_at", Instant), Column("rung", Integer, nullable=False, server_default="0"),
    Column("since_seq", ID, nullable=False), Column("claimed_at", Instant), Column("closed_at", Instant), Column("reported_at", Instant),
    UniqueConstraint("duty", "unit", "term", name="task_is_owed_once"),
    CheckConstraint("state IN ('open', 'received', 'progress', 'claimed', 'done', 'void')", name="task_state_is_known"),
    CheckConstraint("(closed_at IS NULL) = (state IN ('open', 'received', 'progress', 'claimed'))", name="closed_has_closed_at"),
    CheckConstraint("wake_at IS NULL OR closed_at IS NULL", name="closed_never_wakes"),
    Index("tasks_wake", "wake_at", **_where("wake_at IS NOT NULL")),
    Index("tasks_parent", "parent", **_where("parent IS NOT NULL")),
    # SQLite counts agencies from the index alone; PostgreSQL keeps equal keys together, which an agency in them would undo.
    Index("tasks_standing", *COUNTED, info={"store": "postgresql"}, **_where("state <> 'void'")).ddl_if("postgresql"),
    Index("tasks_counted", *COUNTED, "agency", "state", info={"store": "sqlite"}, **_where("state <> 'void'")).ddl_if("sqlite"),
    Index("tasks_worst", "directive", "closed_at", "due_at", "duty", **_where("state <> 'void'")),
    Index("tasks_desk", "agency", "closed_at", "due_at"),
)

#: What a task was from one event to another; `tasks` holds the present.
task_history = Table(
    "task_history", metadata,
    Column("task", ID, primary_key=True), Column("from_seq", ID, primary_key=True), Column("to_seq", ID, nullable=False),
    Column("directive", ID, nullable=False), Column("duty", ID, nullable=False), Column("agency", ID, nullable=False), _word("state"),
    Column("due_at", Instant), Column("closed_at", Instant), Column("reported_at", Instant),
    Index("history_upto", "directive", "to_seq"),
    sqlite_with_rowid=False,
)

#: Append-only; `hash` covers the row and the hash before it. Names stand in `persons`, outside the chain; `who` is their salted hash.
events = Table(
    "events", metadata,
    Column("directive", ID, primary_key=True), Column("seq", ID, primary_key=True), Column("at", Instant, nullable=False),
    _word("kind"), Column("duty", ID), Column("task", ID), Column("person", ID),
    _word("link", nullable=True), _word("payload"), _word("hash"), _word("who", nullable=True),
    Index("events_of_task", "task", **_where("task IS NOT NULL")),
)

persons = Table(
    "persons", metadata,
    _id(), _word("salt"), _word("name"), _word("role"), _word("ip"), _word("agent"),
)

#: A form's key and the event that it became: pressing twice is once.
acts = Table("acts", metadata, _word("key", primary_key=True), Column("directive", ID, nullable=False), Column("seq", ID, nullable=False))

#: A figure of a directive, and who types it (empty: each agency its own).
indicators = Table(
    "indicators", metadata,
    _ref("directive", "directives", primary_key=True), _word("indicator", primary_key=True), _word("name"),
    Column("source", ID),
    sqlite_with_rowid=False,
)

readings = Table(
    "readings", metadata,
    Column("directive", ID, primary_key=True), _word("indicator", primary_key=True), Column("agency", ID, primary_key=True),
    Column("on", Day, primary_key=True), Column("seq", ID, primary_key=True),
    Column("numerator", ID), Column("denominator", ID), Column("value", Exact, nullable=False),
    CheckConstraint("denominator IS NULL OR (denominator > 0 AND numerator BETWEEN 0 AND denominator)", name="part_is_within_whole"),
)

#: An extension that was asked for, and what was decided.
requests = Table(
    "requests", metadata,
    _id(), _ref("task", "tasks", nullable=False), Column("until", Day, nullable=False), _word("note"),
    Column("asked_at", Instant, nullable=False), Column("decided_at", Instant), _word("decision", nullable=True),
    Index("request_is_open_once", "task", unique=True, **_where("decided_at IS NULL")),
)

evidence = Table(
    "evidence", metadata,
    Column("directive", ID, primary_key=True), Column("seq", ID, primary_key=True), _word("hash", primary_key=True),
    _word("name"), Column("size", ID, nullable=False),
)

#: gathering → queued → leased → sent | failed | uncertain | superseded | undeliverable | expired
notices = Table(
    "notices", metadata,
    _id(), _word("key"), Column("directive", ID), Column("recipient", ID, nullable=False), _word("lane"), _word("day", nullable=True),
    _word("hint", server_default=""), _word("params", nullable=True), Column("date", Instant),
    Column("not_before", Instant, nullable=False),
    Column("expires_at", Instant), _word("state"), _word("lease", nullable=True), Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False, server_default="0"), Column("doubts", Integer, nullable=False, server_default="0"),
    Column("code", Integer), _word("reply", nullable=True), Column("sent_at", Instant),
    UniqueConstraint("key", name="letter_is_decided_once"),
    CheckConstraint(
        "state IN ('gathering', 'queued', 'leased', 'sent', 'failed', 'uncertain', 'superseded', 'undeliverable', 'expired')",
        name="letter_state_is_known",
    ),
    CheckConstraint("(state = 'leased') = (lease_until IS NOT NULL)", name="leased_has_lease"),
    Index("notices_queue", "lane", "not_before", **_where("state = 'queued'")),
    Index("notices_lease", "lease_until", **_where("state = 'leased'")),
    Index("notices_gathering", "day", **_where("state = 'gathering'")),
    Index("notices_doubt", "not_before", **_where("state = 'uncertain'")),
    Index("notices_lost", "recipient", **_where("state = 'undeliverable'")),
)

#: Which rung of which task stands in which letter; `after` is the rung said before it: 4 after 0 skipped 1–3.
notice_items = Table(
    "notice_items", metadata,
    Column("task", ID, primary_key=True), Column("rung", Integer, primary_key=True), Column("due_version", Integer, primary_key=True),
    Column("recipient", ID, primary_key=True), _ref("notice", "notices", nullable=False), Column("after", Integer, nullable=False),
    Index("items_of_notice", "notice"),
    sqlite_with_rowid=False,
)

reports = Table(
    "reports", metadata,
    _ref("directive", "directives", primary_key=True), _word("round", primary_key=True), Column("as_of", Instant, nullable=False),
    Column("seq", ID, nullable=False), _word("standing"), _word("hash"),
)

#: Issues that wait for a second pair of eyes: the sealed plan, who asked, who decided; `directive` is what came of it.
proposals = Table(
    "proposals", metadata,
    _id(), _word("number"), _word("issuer"), Column("issued_on", Day, nullable=False), _word("title"), _word("plan"), _word("hash"),
    _word("author"), Column("at", Instant, nullable=False), _word("state", server_default="waiting"), _word("judge", nullable=True),
    Column("decided_at", Instant), _word("note", server_default=""), Column("directive", ID),
    CheckConstraint("state IN ('waiting', 'approved', 'refused', 'replaced')", name="proposal_state_is_known"),
    CheckConstraint("(judge IS NULL) = (state IN ('waiting', 'replaced'))", name="decided_has_judge"),
    CheckConstraint("judge <> author", name="four_eyes_are_two_persons"),
    Index("proposal_waits_once", "issuer", "number", "issued_on", unique=True, **_where("state = 'waiting'")),
)

#: Where two runs would be waste: a name, who holds it, until when.
leases = Table("leases", metadata, _word("name", primary_key=True), _word("holder"), Column("until", Instant, nullable=False))
