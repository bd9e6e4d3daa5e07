"""How often something may happen within a span of time; counted in memory, for each web process."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

MOST_KEYS = 10_000


class Pace:
    """At most `most` times within each span, for each key; the keys longest unseen are forgotten first."""

    def __init__(self, most: int, within: timedelta) -> None:
        self._most, self._within = most, within
        self._counts: OrderedDict[str, tuple[datetime, int]] = OrderedDict()
        self._lock = Lock()

    def allows(self, key: str, now: datetime) -> bool:
        """Count one more for the key; False where that is too many in the span that is running."""
        with self._lock:
            since, count = self._counts.pop(key, (now, 0))
            if now - since >= self._within:
                since, count = now, 0
            self._counts[key] = (since, count + 1)
            while len(self._counts) > MOST_KEYS:
                self._counts.popitem(last=False)
        return count < self._most
