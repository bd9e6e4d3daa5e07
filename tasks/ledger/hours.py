"""What falls due at an hour before the next day's letters leave: said after today's was sealed, it goes at once, in a letter of its own."""

from __future__ import annotations

from datetime import tzinfo

from sqlalchemy import Connection, text

from directives.language.calendar import END_OF_DAY

from .gathering import Days
from .types import instant


def presses(due_at: int | None, tz: tzinfo, now: int, wake: int) -> bool:
    """Whether a line that waited until `wake` would come after the hour; the end of a day is no hour."""
    return due_at is not None and now < due_at < wake and instant(due_at).astimezone(tz).time() != END_OF_DAY


def put(db: Connection, at: Days) -> int:
    """Take what presses those who must do it out of `said`, into letters that are sealed by the same sweep; returns how many lines."""
    if db.execute(text("SELECT 1 FROM decided WHERE presses LIMIT 1")).first() is None:
        return 0
    db.execute(text(_NOTICES), at._asdict())
    lines = db.execute(text(_ITEMS), at._asdict()).rowcount
    db.execute(text(_TAKEN), at._asdict())
    return lines


#: Lines of a pressing task to its own agency, whose letter of the day has been sealed.
_LATE = """
 WHERE EXISTS (SELECT 1 FROM due d JOIN decided c ON c.cohort = d.cohort AND c.presses
                WHERE d.task = said.task AND d.agency = said.recipient)
   AND EXISTS (SELECT 1 FROM notices n WHERE n.key = 'digest:' || :day || ':' || said.recipient AND n.state <> 'gathering')"""

#: A sweep has one such letter for each reader, however many chunks it takes.
_KEY = "'hour:' || CAST(:now AS text) || ':' || said.recipient"

_NOTICES = f"""
INSERT INTO notices (key, recipient, lane, day, not_before, state)
SELECT DISTINCT {_KEY}, said.recipient, 'digest', :day, CAST(:now AS bigint), 'gathering' FROM said {_LATE}
    ON CONFLICT (key) DO NOTHING"""

_ITEMS = f"""
INSERT INTO notice_items (task, rung, due_version, recipient, notice, after)
SELECT DISTINCT said.task, said.rung, said.due_version, said.recipient, l.id, said.after
  FROM said JOIN notices l ON l.key = {_KEY} {_LATE}
    ON CONFLICT DO NOTHING"""

_TAKEN = f"DELETE FROM said {_LATE}"
