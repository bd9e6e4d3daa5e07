"""What became of letters, written for as many at once as there are: their last state, and that their readers have been told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from tasks.letters import Outcome

from .rows import among, canonical, listed, sql
from .types import seconds


def end(db: Connection, outcomes: Sequence[Outcome], now: datetime, doubt: timedelta) -> None:
    """Write outcomes; one whose lease was lost changes nothing. An uncertain letter is sent again after `doubt`, unless it says when."""
    became = canonical([
        [
            o.notice_id, o.lease, o.state, o.code, o.reply[:500].replace("\0", " "),
            seconds(now + (o.retry_after or (doubt if o.state == "uncertain" else timedelta()))),
        ]
        for o in outcomes
    ])
    db.execute(sql(_BECAME.format(rows=listed(db, "rows", *_COLUMNS), letters=among(db, "rows"))), {"rows": became, "now": seconds(now)})
    if lost := [{"id": o.notice_id, "now": seconds(now)} for o in outcomes if o.state == "failed"]:
        db.execute(sql(_FAILED), lost)
    tell(db, [o.notice_id for o in outcomes if o.state == "sent"], seconds(now))


def tell(db: Connection, letters: Sequence[int], at: int) -> None:
    """Of what letters that have left said their readers have been told, unless they had been before."""
    if letters:
        db.execute(sql(_TOLD.format(letters=among(db, "letters"))), {"letters": canonical([[letter] for letter in letters]), "now": at})


#: What is known of each letter.
_COLUMNS = ("letter", "whose text", "became text", "said int", "words text", "again")

#: Parameters are erased with the letter's last state, and a receipt's once it has left: what was said stays in events and rows,
#: addresses and names do not. That it is leased is asked by its lease's end, else PostgreSQL reads every lease that ever was.
_BECAME = """
UPDATE notices
   SET state = became, lease = NULL, lease_until = NULL, code = said, reply = words, not_before = again,
       params = CASE WHEN became IN ('queued', 'uncertain') THEN params END,
       hint = CASE WHEN became = 'sent' AND lane IN ('receipt', 'decision') THEN '' ELSE hint END,
       doubts = doubts + CASE WHEN became = 'uncertain' THEN 1 ELSE 0 END,
       sent_at = CASE WHEN became = 'sent' THEN CAST(:now AS bigint) END
  FROM {rows} x
 WHERE id {letters} AND id = letter AND lease = whose AND lease_until IS NOT NULL"""

#: The lead has been told of a task when the first letter with it, with its duty, or with its new date, has really left. SQLite keeps to
#: the order of a cross join; by its own choice it began with all lines there are.
_TOLD = """
WITH gone AS MATERIALIZED (
    SELECT id, key, lane, directive, recipient FROM notices WHERE id {letters} AND state = 'sent')
UPDATE tasks SET told_at = :now
 WHERE told_at IS NULL
   AND id IN (SELECT k.id FROM gone n CROSS JOIN tasks k
               WHERE n.lane = 'new' AND n.key NOT LIKE 'change:%'
                 AND k.agency = n.recipient AND k.directive = n.directive AND (k.due_version = 0 OR EXISTS (
                     SELECT 1 FROM notice_items i WHERE i.task = k.id AND i.due_version = k.due_version AND i.notice = n.id))
              UNION ALL
              SELECT k.id FROM gone n CROSS JOIN tasks k
                JOIN changes c ON c.duty = k.duty AND c.sign <> '-' AND c.what IN ('due', 'duty')
                 AND (c.what = 'duty' OR (k.term = c.term AND k.due_at IS NOT DISTINCT FROM c.due_at))
                JOIN readers r ON r.change = c.id
               WHERE n.lane = 'new' AND k.agency = n.recipient AND k.closed_at IS NULL
                 AND c.paper = n.directive AND r.agency = n.recipient
              UNION ALL
              SELECT k.id FROM gone n CROSS JOIN notice_items i JOIN tasks k ON k.id = i.task AND k.agency = i.recipient
               WHERE (n.lane <> 'new' OR n.directive IS NULL) AND i.notice = n.id)"""

#: A past day's standing counts what had failed by then.
_FAILED = """
INSERT INTO failures (notice, since) SELECT id, :now FROM notices WHERE id = :id AND state = 'failed'
    ON CONFLICT DO NOTHING"""
