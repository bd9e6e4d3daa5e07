"""What other tables hold of a set of tasks, asked at once: most tasks stand in none of them, and then none of them is looked into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from .direct import ask
from .former import TOUCHED
from .rows import pairs


def beside(db: Connection, wanted: Mapping[str, Any]) -> frozenset[str]:
    """The kinds of events that any of the tasks ever had, and the tables that hold anything of them; `bonds` where papers were changed.

    A request came by an event `extend`, so that `extend` stands for the requests, too.
    """
    return frozenset(row.kind for row in ask(db, _THERE.format(ids=pairs(db)), wanted))


_THERE = f"""
WITH x AS {{ids}}
SELECT DISTINCT v.kind FROM x JOIN events v ON v.task = x.a
 UNION ALL
SELECT 'coordinators' WHERE EXISTS (SELECT 1 FROM x JOIN tasks k ON k.id = x.a JOIN coordinators c ON c.duty = k.duty)
 UNION ALL
SELECT 'holds' WHERE EXISTS (SELECT 1 FROM x JOIN holds h ON h.task = x.a)
 UNION ALL
SELECT 'children' WHERE EXISTS (SELECT 1 FROM x JOIN tasks c ON c.parent = x.a)
 UNION ALL
SELECT 'derivations' WHERE EXISTS (SELECT 1 FROM x JOIN tasks k ON k.id = x.a JOIN derivations v ON v.duty = k.duty)
 UNION ALL
SELECT 'unasked' WHERE EXISTS (SELECT 1 FROM x JOIN tasks k ON k.id = x.a JOIN unasked n ON n.duty = k.duty)
 UNION ALL
SELECT 'bonds' WHERE {TOUCHED}"""
