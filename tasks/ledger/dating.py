"""What agencies were called on a past day, where letters reached them, under whom they hung: the present, and what is kept of the past.

Whoever changes `agencies` or `parents` calls `keep` first, so that no past standing learns a name that nobody had yet.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from .rows import canonical, pairs, sql

#: What no clock reaches: the present, whatever the clock shows.
LATER = 2**62


class Former(NamedTuple):
    """An agency as it was; `above` are the row numbers of those it hung under."""

    above: tuple[int, ...]
    name: str
    short: str
    kind: str
    mail: str | None
    phone: str | None
    mail_state: str


def keep(db: Connection, agencies: Iterable[int], at: int) -> None:
    """Remember what agencies are until the instant `at` (seconds), at which they change; of two changes at once the first is kept."""
    if wanted := [[agency, 0] for agency in set(agencies)]:
        listed = {"sqlite": "json_group_array(p.parent)", "postgresql": "json_agg(p.parent)"}[db.dialect.name]
        db.execute(sql(_KEEP.format(ids=pairs(db), listed=listed)), {"pairs": canonical(wanted), "at": at})


def then(db: Connection, at: int) -> Mapping[int, Former]:
    """The agencies that were otherwise at the instant `at` than they are now, by row number."""
    if at >= LATER:
        return {}
    rows = db.execute(sql(_THEN), {"at": at}).all()
    return {agency: Former(tuple(sorted(json.loads(above))), *said) for agency, above, *said in rows}


def called(names: Mapping[int, Former], agency: int, name: str) -> str:
    """An agency's name then, whose name now is `name`."""
    return names[agency].name if agency in names else name


_KEEP = """
INSERT INTO agency_history (agency, to_at, name, short, kind, mail, phone, mail_state, above)
SELECT a.id, :at, a.name, a.short, a.kind, a.mail, a.phone, a.mail_state,
       CAST(coalesce((SELECT {listed} FROM parents p WHERE p.agency = a.id), '[]') AS text)
  FROM {ids} x JOIN agencies a ON a.id = x.a
 WHERE true
    ON CONFLICT (agency, to_at) DO NOTHING"""

#: Later changes first, so that the first one after the instant has the last word.
_THEN = """
SELECT agency, above, name, short, kind, mail, phone, mail_state FROM agency_history
 WHERE to_at > :at
 ORDER BY to_at DESC"""
