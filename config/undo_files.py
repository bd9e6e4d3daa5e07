"""The files that take a decision about many tasks back: one a decision, written before the decision is committed."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tasks.ledger.bulk import Line
from tasks.values import Act, Paper

FORMAT_VERSION = "1"


def path_of(data: Path, act: Act) -> Path:
    """Where the file of a decision lies."""
    return data / "undo" / f"{act.key.replace(':', '-')}.json"


def keep(data: Path, of: Paper, act: Act, lines: Sequence[Line]) -> None:
    """Write the way back; a file without its decision takes nothing back."""
    path = path_of(data, act)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        json.dump(plain(of, act, lines, done=True), file, ensure_ascii=False, indent=1)


def plain(of: Paper, act: Act, lines: Sequence[Line], *, done: bool) -> dict[str, Any]:
    """A decision for programs, and for its file."""
    return {
        "format_version": FORMAT_VERSION, "directive": f"{of.number} {of.issued_on:%d/%m/%Y}", "batch": act.key, "decision": act.kind,
        "done": done, "until": act.until.isoformat() if act.until else None, "to": act.to, "note": act.note,
        "tasks": [_row(line) for line in lines],
    }


def _row(line: Line) -> dict[str, Any]:
    work = line.work
    return {
        "task": work.id, "clause": work.clause, "agency": work.agency.id, "term": work.term, "state": work.state,
        "due_at": work.due_at.isoformat() if work.due_at else None, "event": line.seq, "refusal": line.refusal,
    }
