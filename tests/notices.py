"""Notices as the ledger hands them out, for tests of letters and delivery: the district of 898/UBND, positions and `.example` addresses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from notifications.letters import Composer
from notifications.links import Keys
from tasks.letters import Item, Lane, Notice
from tasks.values import Act, Paper, Party, Receipt, Said, Work

KEYS = Keys({"a": b"a" * 32})
PAPER = Paper(
    id=1,
    number="898/UBND",
    issued_on=date(2020, 5, 18),
    title="Tăng cường rà soát, vận động, phát triển đối tượng tham gia bảo hiểm y tế",
    issuer="UBND quận Cái Răng",
    contact="Văn phòng UBND quận: 0292 000 0000",
)
OTHER = replace(PAPER, id=2, number="1249/UBND-VX", title="Phòng, chống dịch bệnh mùa mưa")
BHXH = Party(id="bhxh", name="Bảo hiểm xã hội quận Cái Răng", short="BHXH quận", mail="bhxh@cairang.example", phone="0292 000 0001")
TTVH = Party(id="ttvh", name="Trung tâm Văn hóa quận", short="TTVH quận", mail="ttvh@cairang.example", phone="0292 000 0002")
CT = Party(id="ct", name="Chủ tịch UBND quận", short="Chủ tịch", mail="ct@cairang.example")
AT = datetime(2020, 5, 22, 0, 30, tzinfo=UTC)  # 7:30 on a Friday in Cần Thơ


def composer(**changes: Any) -> Composer:
    settings: dict[str, Any] = {
        "base_url": "https://don-doc.cairang.example",
        "keys": KEYS,
        "office": "UBND quận Cái Răng",
        "sender": "don-doc@cairang.example",
        "reply_to": "van-phong@cairang.example",
    }
    return Composer(**settings | changes)


def due(day: date, hour: int = 16, minute: int = 59) -> datetime:
    """The end of a day in Cần Thơ, as the ledger keeps it."""
    return datetime(day.year, day.month, day.day, hour, minute, 59 if (hour, minute) == (16, 59) else 0, tzinfo=UTC)


def work(number: int = 1, **changes: Any) -> Work:
    """Clause 6.4 of 898/UBND: soạn bộ tài liệu, before 25/5/2020, which ends on a Sunday."""
    facts: dict[str, Any] = {
        "id": number,
        "directive": 1,
        "clause": "6.4",
        "text": "Khẩn trương soạn thảo bộ tài liệu tuyên truyền, cung cấp cho Trung tâm Văn hóa, các phường và phối hợp thực hiện",
        "short": "Bộ tài liệu tuyên truyền",
        "force": "do",
        "agency": BHXH,
        "lead": True,
        "term": "",
        "due_at": due(date(2020, 5, 24)),
        "due_words": "trước ngày 25/5/2020",
        "last_working_day": date(2020, 5, 22),
        "state": "open",
        "told_at": None,
        "closed_at": None,
        "evidence": "required",
        "target": "",
        "indicator": "",
        "indicator_name": "",
        "figure": None,
        "figure_on": None,
        "with_": ("Trung tâm Văn hóa quận", "các phường"),
    }
    return Work(**facts | changes)


def standing_work(number: int, clause: str = "6.2", **changes: Any) -> Work:
    """A duty without a date."""
    facts: dict[str, Any] = {
        "clause": clause,
        "text": "Cung cấp kịp thời thời hạn thẻ đến các phường, đại lý thu, điểm thu",
        "short": "Cung cấp thời hạn thẻ",
        "due_at": None,
        "due_words": "",
        "last_working_day": None,
        "evidence": "optional",
        "with_": ("các phường",),
    }
    return work(number, **facts | changes)


def item(of: Work, rung: int = 1, words: str = "") -> Item:
    return Item(work=of, rung=rung, rung_words=words)


def notice(lane: Lane = "new", *works: Work, number: int = 7, **changes: Any) -> Notice:
    """A claimed letter to BHXH; digests are over all papers of their works."""
    facts: dict[str, Any] = {
        "id": number,
        "key": f"{lane}:{number}",
        "lane": lane,
        "recipient": BHXH,
        "message_id": f"<n.{number}@cairang.example>",
        "date": AT,
        "paper": None if lane in ("digest", "escalation", "login") else PAPER,
        "papers": {paper.id: paper for paper in (PAPER, OTHER) if paper.id in {each.directive for each in works}},
        "items": tuple(item(each) for each in works),
        "link": "AAECAwQFBgc",
        "lease": "lease",
    }
    return Notice(**facts | changes)


def act(kind: str, **changes: Any) -> Act:
    facts: dict[str, Any] = {"kind": kind, "task": 1, "said": Said(name="Cán bộ tổng hợp", role="Bộ phận thu"), "key": "k", "by": "bhxh"}
    return Act(**facts | changes)


def receipt(kind: str, of: Work | None = None, **changes: Any) -> Receipt:
    return Receipt(number="898-6.4-17", at=datetime(2020, 5, 22, 2, 5, tzinfo=UTC), work=of or work(), act=act(kind, **changes))
