"""The day's round over what is old: whether it is still to be made, and the links of desks that have nothing any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from .store import Store
from .types import seconds

#: So long after the last duty of a desk has ended, and after the last letter to it, its link still opens.
LASTS = timedelta(days=30)

_A_DAY = timedelta(hours=20)


def turn(store: Store, now: datetime) -> bool:
    """Whether the day's round is still to be made, which it then is."""
    with store.write() as db:
        return bool(db.execute(text(_TURN), {"now": seconds(now), "before": seconds(now - _A_DAY)}).rowcount)


def end_links(store: Store, now: datetime) -> int:
    """Take back the links of desks at which nothing has been owed and to which nothing was written since `LASTS`; returns how many.

    What they led to opens again by the next letter's link, or by a new one that goes to the registered address.
    """
    with store.write() as db:
        return db.execute(text(_END), {"now": seconds(now), "since": seconds(now - LASTS)}).rowcount


_TURN = """
INSERT INTO rounds (name, at) VALUES ('daily', :now)
    ON CONFLICT (name) DO UPDATE SET at = excluded.at
 WHERE rounds.at <= :before OR rounds.at > excluded.at"""

#: Whose desk a link opens: its own agency's, or that of the body that follows it.
_WHO = "coalesce((SELECT s.heir FROM successions s WHERE s.agency = links.agency), links.agency)"
_ALIVE = "(k.closed_at IS NULL OR k.closed_at > :since)"

_END = f"""
UPDATE links SET revoked_at = :now
 WHERE purpose = 'desk' AND revoked_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM tasks k WHERE k.agency = {_WHO} AND {_ALIVE})
   AND NOT EXISTS (SELECT 1 FROM coordinators c JOIN tasks k ON k.duty = c.duty AND k.unit = c.lead
                    WHERE c.agency = {_WHO} AND {_ALIVE})
   AND NOT EXISTS (SELECT 1 FROM indicators i JOIN duties u ON u.directive = i.directive AND u.indicator = i.indicator
                     JOIN tasks k ON k.duty = u.id WHERE i.source = {_WHO} AND {_ALIVE})
   AND {_WHO} IN (SELECT n.recipient FROM notices n WHERE n.sent_at IS NOT NULL)
   AND {_WHO} NOT IN (SELECT n.recipient FROM notices n
                       WHERE n.sent_at > :since OR n.state IN ('gathering', 'queued', 'leased', 'uncertain'))"""
