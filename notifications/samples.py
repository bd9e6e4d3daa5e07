"""A made-up notice of each kind of letter, short and long, on which an office's own templates are tried and shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tasks.letters import Altered, Item, Lane, Notice, Taken, Waits
from tasks.values import Act, Paper, Party, Receipt, Said, Work

AT = datetime(2026, 3, 6, 0, 30, tzinfo=UTC)
PAPER = Paper(
    id=1, number="12/UBND-VX", issued_on=date(2026, 3, 2), title="Rà soát, cập nhật dữ liệu trường học", issuer="UBND xã Mẫu",
    contact="Văn phòng UBND xã Mẫu: 0292 000 0000", urgency="khẩn",
)  # fmt: skip
OTHER = replace(PAPER, id=2, number="15/UBND-NC", urgency="")
SCHOOL = Party(id="th-mau", name="Trường Tiểu học Mẫu", short="TH Mẫu", mail="th-mau@office.example", phone="0292 000 0001")
HEAD = Party(id="chu-tich", name="Chủ tịch UBND xã Mẫu", short="Chủ tịch", mail="chu-tich@office.example")
WORK = Work(
    id=1, directive=1, clause="2.1", text="Rà soát, cập nhật số liệu học sinh của từng lớp", short="Số liệu học sinh", force="do",
    agency=SCHOOL, lead=True, term="", due_at=datetime(2026, 3, 8, 16, 59, 59, tzinfo=UTC), due_words="trước ngày 9/3/2026",
    last_working_day=date(2026, 3, 6), state="open", told_at=None, closed_at=None, evidence="required", target="over 90%",
    indicator="", indicator_name="Tỷ lệ cập nhật", figure=Decimal("78.5"), figure_on=date(2026, 3, 5), with_=("Công an xã",),
    last_words="Đã xong hai khối", last_words_at=AT, asks_until=date(2026, 3, 12), children=(3, 5),
)  # fmt: skip
LATE = replace(WORK, id=2, clause="3", short="Danh sách giáo viên", due_at=AT - timedelta(days=3), last_working_day=date(2026, 3, 3))
ASKED = replace(
    WORK, id=3, directive=2, clause="", short="Phản ánh khó khăn", force="ask", due_at=None, due_words="", last_working_day=None,
    target="", figure=None, figure_on=None, with_=(), last_words="", last_words_at=None, asks_until=None, children=None,
)  # fmt: skip
WAITS = (
    Waits(tray="confirm", count=1, agency=SCHOOL.name, about=LATE.short, since=AT - timedelta(days=2)),
    Waits(tray="requests", count=3, agency=SCHOOL.name, about=WORK.short, since=AT - timedelta(days=4)),
    Waits(tray="addresses", count=2, agency="Trường Mầm non Mẫu", about="", since=AT - timedelta(days=1)),
)
MANY = tuple(replace(LATE, id=10 + number) for number in range(100))


def samples() -> Mapping[str, tuple[str, Notice]]:
    """By a name of its own: the letter's folder, and a notice that makes one."""
    paper = "9/UBND ngày 1/2/2026"
    moved = Altered(sign="~", what="due", paper=paper, clause="1", text="…", short="Kế hoạch", before="5/3/2026", due_at=AT)
    said = Said(name="Cán bộ phụ trách", role="Văn thư")
    told = Receipt(number="12-2.1-7", at=AT, work=WORK, act=Act(kind="extend", task=1, said=said, key="", until=date(2026, 3, 12)))
    granted = replace(told, act=replace(told.act, kind="grant", note="Chấp thuận"))
    taken = Taken(kind="merge", on=date(2026, 3, 1), bodies=("Trường Tiểu học A", "Trường Tiểu học B"), note="Quyết định 7/QĐ-UBND")
    later = (("4", "Tổng hợp cuối năm", "từ ngày 1/6/2026"),)
    whole: dict[str, object] = {"future": later, "part": (("5", "Tập huấn"),), "forms": ("Tỷ lệ",), "altered": (moved,), "note": "Gấp"}
    return {
        "assignment-one": ("assignment", _notice("new", WORK)),
        "assignment": ("assignment", _notice("new", WORK, LATE, replace(ASKED, directive=1), **whole)),
        "changes": ("assignment", _notice("new", altered=(moved,))),
        "reminder-one": ("digest", _notice("digest", WORK)),
        "reminder": ("digest", _notice("digest", WORK, LATE, ASKED)),
        "reminder-many": ("digest", _notice("digest", *MANY)),
        "escalation-one": ("escalation", _notice("escalation", LATE, recipient=HEAD)),
        "escalation": ("escalation", _notice("escalation", LATE, WORK, ASKED, *MANY, recipient=HEAD)),
        "takeover": ("takeover", _notice("digest", WORK, LATE, taken=taken)),
        "receipt": ("receipt", _notice("receipt", receipt=told)),
        "decision": ("decision", _notice("decision", receipt=granted)),
        "waiting-one": ("waiting", _notice("waiting", recipient=HEAD, waits=WAITS[:1])),
        "waiting": ("waiting", _notice("waiting", recipient=HEAD, waits=WAITS)),
        "login": ("login", _notice("login", recipient=HEAD)),
        "code": ("login", _notice("login", opens="code", note="AAECAwQFBgcICQoL")),
        "link-anew": ("login", _notice("login", opens="desk")),
    }


def _notice(lane: Lane, *works: Work, **more: object) -> Notice:
    facts = Notice(
        id=1, key="", lane=lane, recipient=SCHOOL, message_id="<n.1@office.example>", date=AT,
        paper=None if lane in ("digest", "escalation", "login", "waiting") else PAPER,
        papers={of.id: of for of in (PAPER, OTHER) if of.id in {each.directive for each in works}},
        items=tuple(Item(work=each, rung=1, rung_words="") for each in works), link="AAECAwQFBgc",
    )  # fmt: skip
    return replace(facts, **more)  # type: ignore[arg-type]  # fields of a notice
