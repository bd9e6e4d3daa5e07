"""The sweep's temporary tables, empty at the start of each chunk: what woke, what each cohort says, who hears it, in which letters."""

from __future__ import annotations

from sqlalchemy import Connection, text

_TABLES = {
    "woken": "task BIGINT, directive BIGINT, duty BIGINT, term TEXT, due_at BIGINT, rung INTEGER, due_version INTEGER,"
    " agency BIGINT, unit BIGINT, parent BIGINT, told_at BIGINT, state TEXT, course INTEGER NOT NULL DEFAULT 0",
    "decided": "cohort INTEGER PRIMARY KEY, course INTEGER, duty BIGINT, term TEXT, due_at BIGINT, rung INTEGER, child INTEGER,"
    " say INTEGER, low INTEGER, first INTEGER, first_at BIGINT, climbs BOOLEAN, recurring BOOLEAN, next BIGINT,"
    " told_by BIGINT, last_at BIGINT, told_prev BIGINT, asked_since BIGINT, asked_prev BIGINT, presses BOOLEAN",
    "hearers": "cohort INTEGER, step INTEGER, who TEXT",
    "due": "task BIGINT PRIMARY KEY, duty BIGINT, unit BIGINT, agency BIGINT, parent BIGINT, due_version INTEGER, rung INTEGER,"
    " cohort INTEGER, step INTEGER, warn INTEGER, unheard INTEGER, again INTEGER, why TEXT, next BIGINT",
    "goals": "cohort INTEGER, target TEXT, shares INTEGER, due_on TEXT, operator TEXT, goal BIGINT",
    "said": "recipient BIGINT, task BIGINT, rung INTEGER, due_version INTEGER, after INTEGER",
    "envelopes": "recipient BIGINT, day TEXT, key TEXT",
    "letters": "recipient BIGINT PRIMARY KEY, notice BIGINT",
    "merged": "notice BIGINT PRIMARY KEY, keeper BIGINT",
}


def lay_out(db: Connection) -> None:
    """Make the tables where the connection has none yet, and leave them empty."""
    # PostgreSQL never vacuums a temporary table, so that rows deleted one by one would be read again by every chunk that follows.
    end = "" if db.dialect.name == "sqlite" else "ON COMMIT DELETE ROWS"
    for name, columns in _TABLES.items():
        db.execute(text(f"CREATE TEMP TABLE IF NOT EXISTS {name} ({columns}) {end}"))
        if not end:
            db.execute(text(f"DELETE FROM {name}"))


def learn(db: Connection, *names: str) -> None:
    """Tell PostgreSQL how full the tables are: it plans a temporary one blind. SQLite's plans are fixed by the statements' own order."""
    if db.dialect.name != "sqlite":
        db.execute(text(f"ANALYZE {', '.join(names)}"))
