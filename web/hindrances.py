"""What hinders a duty, by kind, and what the agency proposes: told with its progress; pure."""

from __future__ import annotations

from .typed import Typed
from .words import Say

KINDS = {
    "money": Say("Kinh phí"),
    "people": Say("Nhân lực"),
    "rules": Say("Cơ chế, chính sách"),
    "data": Say("Số liệu, phần mềm"),
    "others": Say("Chờ đơn vị khác"),
    "other": Say("Khó khăn khác"),
}


def told(typed: Typed) -> tuple[str, str]:
    """The words of a report of progress, as they are kept, and the kind of hindrance, "" for none."""
    kind, proposal = typed.values.get("progress-hindrance", ""), typed.text("progress-proposal")
    if kind not in KINDS:
        kind = ""
    missing = None if proposal and not kind else Say("Ghi đã làm được gì, hoặc khó khăn cần tháo gỡ")
    note = typed.text("progress-note", missing)
    # Kept in the office's language: whoever reads them later need not know what the clerk read the form in.
    lines = [note, f"Vướng mắc: {KINDS[kind].text.lower()}" if kind else "", f"Đề xuất: {proposal}" if proposal else ""]
    return "\n".join(filter(None, lines)), kind
