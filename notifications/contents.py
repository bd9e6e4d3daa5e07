"""What each letter says, as plain values for its templates: which entries, in which order, how many are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from directives.language.calendar import written
from tasks.letters import Item, Notice
from tasks.values import Act, Paper, Receipt

from . import alterations
from .wording import Entry, by_urgency, decimal, entry, moment, tally

ZONE = "Asia/Ho_Chi_Minh"  # of a letter that belongs to no paper
WORST = 20  # lines of a leader's list
UNDO = timedelta(days=7)

RECORDED = {
    "received": "tiếp nhận",
    "progress": "tiến độ",
    "figure": "số liệu",
    "done": "hoàn thành",
    "extend": "đề nghị lùi hạn",
    "undo": "rút lại báo cáo",
    "return": "đề nghị trả lại, không thuộc thẩm quyền",
    "delegate": "người nhận việc",
    "answer": "trả lời sau khi đóng",
}

Contents = dict[str, Any]


def assignment(notice: Notice, most: int) -> Contents:
    """All that a paper asks of its reader, in the paper's order."""
    paper = _paper(notice)
    entries = _entries(notice)
    nearest = min((each for each in entries if each.days is not None), key=by_urgency, default=None)
    return {
        "paper": paper,
        "issued": written(paper.issued_on),
        "headline": ": ".join(filter(None, (paper.urgency.upper(), _assigned(notice, entries, nearest)))),
        "urgency": paper.urgency,
        "note": notice.note or "",
        "verb": _verb(notice, entries),
        "changes": alterations.grouped(notice.altered, paper.zone, notice.date, most),
        "changed": alterations.counted(notice.altered),
        "nearest": nearest,
        "future": notice.future,
        "part": notice.part,
        "forms": notice.forms,
        **_shown(entries, most),
    }


def digest(notice: Notice, most: int) -> Contents:
    """A day's reminders over all papers: overdue first, then what comes due, then what has no date and is asked for news."""
    entries = sorted(_entries(notice), key=by_urgency)
    shown = _shown(entries, most)
    headings: dict[str, str] = {"late": "Quá hạn", "soon": "Sắp đến hạn", "": "Việc thường xuyên, đề nghị báo cáo"}
    return {
        "tally": tally(entries),
        "numbers": ", ".join(paper.number for paper in _papers(notice)),
        "groups": [(heading, [each for each in shown["entries"] if each.tone == tone]) for tone, heading in headings.items()],
        **shown,
    }


def escalation(notice: Notice, most: int) -> Contents:
    """A leader's day: how many at which agency, and the worst to call."""
    entries = sorted(_entries(notice), key=by_urgency)
    late = Counter(each.agency.name for each in entries if each.tone == "late")
    silent = Counter(each.agency.name for each in entries if each.tone == "")
    names = sorted({each.agency.name for each in entries}, key=lambda name: (-late[name], -silent[name], name))
    counts = [(name, late[name], silent[name]) for name in names]
    return {"tally": tally(entries), "agencies": counts, "silent": silent.total(), **_shown(entries, min(most, WORST))}


def takeover(notice: Notice, most: int) -> Contents:
    """What a body takes over from others, worst first, over all papers."""
    taken = notice.taken
    assert taken is not None
    entries = sorted(_entries(notice), key=by_urgency)
    why = {"merge": "sáp nhập vào", "split": "chia tách thành", "dissolve": "giải thể, giao lại cho"}[taken.kind]
    return {"bodies": ", ".join(taken.bodies), "why": why, "since": written(taken.on), "note": taken.note, **_shown(entries, most)}


def receipt(notice: Notice, most: int) -> Contents:
    """What was recorded, who said it, what follows, and how to take it back."""
    given, each, act, paper = _given(notice)
    at = (given.at or notice.date).astimezone(ZoneInfo(paper.zone))
    stands = given.work is not None and given.work.state in ("done", "claimed")  # what is reported when it happens stays open
    undo = f"Mở danh sách việc, chọn việc này và rút lại báo cáo, đến hết ngày {written((at + UNDO).date())}."
    return {
        "done": RECORDED[act.kind],
        "number": given.number,
        "each": each,
        "content": _content(act),
        "who": _who(act, ""),
        "at": moment(at),
        "next": _next(given, act, each, paper),
        "undo": undo if act.kind == "done" and stands else "Mở danh sách việc và báo lại, lần báo sau thay lần trước.",
    }


def decision(notice: Notice, most: int) -> Contents:
    """What the issuer decided of a request or a claim."""
    _, each, act, paper = _given(notice)
    until = f" đến {written(act.until)}" if act.until else ""
    done, follows = {
        "grant": (f"Được lùi hạn{until}", "Hạn mới có hiệu lực từ lúc này."),
        "refuse": ("Không được lùi hạn", "Hạn cũ giữ nguyên."),
        "confirm": ("Đã xác nhận hoàn thành", "Việc đã đóng, không còn nhắc nữa."),
        "reject": ("Yêu cầu thực hiện lại", "Việc mở lại. Xin bổ sung theo lý do dưới đây rồi báo lại."),
        "keep": ("Không nhận trả lại", "Việc vẫn do đơn vị thực hiện, hạn cũ giữ nguyên."),
        "reassign": ("Đã chuyển đơn vị khác", "Đơn vị không phải thực hiện việc này nữa."),
        "pause": (f"Tạm dừng{until}", "Trong lúc tạm dừng không nhắc. Hạn giữ nguyên, trừ khi có quyết định khác."),
        "resume": ("Thực hiện tiếp", "Việc thôi tạm dừng, hạn giữ nguyên."),
        "postpone": (f"Lùi hạn{until}", "Hạn mới có hiệu lực từ lúc này."),
        "reopen": ("Mở lại", "Việc đã báo xong được mở lại. Xin xem lý do dưới đây."),
        "close": ("Kết thúc", "Việc đã đóng, không còn nhắc nữa."),
    }[act.kind]
    return {"done": done, "next": follows, "each": each, "content": act.note, "who": _who(act, paper.issuer)}


def login(notice: Notice, most: int) -> Contents:
    """A leader's way in, once."""
    return {"at": moment(notice.date.astimezone(ZoneInfo(ZONE)))}


#: Lane, or what a letter of a lane is about → name of the letter's folder and what it says.
LETTERS: Mapping[str, tuple[str, Callable[[Notice, int], Contents]]] = {
    "new": ("assignment", assignment),
    "digest": ("digest", digest),
    "takeover": ("takeover", takeover),
    "escalation": ("escalation", escalation),
    "receipt": ("receipt", receipt),
    "decision": ("decision", decision),
    "login": ("login", login),
}


def common(notice: Notice, office: str, link: str) -> Contents:
    """What every letter says: from whom, about which paper, to whom, whom to ask."""
    papers = _papers(notice)
    one = papers[0] if len(papers) == 1 else None
    return {
        "office": office,
        "house": one.issuer if one else office,
        "about": f"Văn bản {_marked(one)}" if one else f"{len(papers)} văn bản" if papers else "",
        "recipient": notice.recipient.name,
        "link": link,
        "contacts": list(dict.fromkeys(paper.contact for paper in papers if paper.contact))[:3],
    }


def _marked(paper: Paper) -> str:
    return f"{paper.number} ({paper.urgency.upper()})" if paper.urgency else paper.number


def _papers(notice: Notice) -> list[Paper]:
    return [notice.paper] if notice.paper else list(notice.papers.values())


def _paper(notice: Notice) -> Paper:
    if notice.paper is None:
        raise ValueError(f"notice {notice.id} names no paper")
    return notice.paper


def _entries(notice: Notice) -> list[Entry]:
    """A task stands once, with the latest of its rungs."""
    latest: dict[int, Item] = {}
    for item in notice.items:
        if item.work.id not in latest or latest[item.work.id].rung <= item.rung:
            latest[item.work.id] = item
    papers = {**notice.papers, **({notice.paper.id: notice.paper} if notice.paper else {})}
    return [entry(item.work, papers[item.work.directive], notice.recipient.id, notice.date) for item in latest.values()]


def _shown(entries: list[Entry], most: int) -> Contents:
    return {"entries": entries[:most], "total": len(entries), "hidden": max(0, len(entries) - most)}


def _assigned(notice: Notice, entries: list[Entry], nearest: Entry | None) -> str:
    if len(entries) == 1:
        hurry = f", hạn {entries[0].day}" if entries[0].day else ""
        kind = "Đề nghị" if entries[0].asked else "Việc mới" if notice.note is None else "Yêu cầu báo cáo"
        return f"{kind}{hurry}: {entries[0].title}"
    if entries:
        return f"{len(entries)} việc mới" + (f", hạn gần nhất {nearest.day}" if nearest else "")
    if notice.altered:
        return alterations.headline(notice.altered, _paper(notice).zone)
    if notice.part:
        return f"Phối hợp {len(notice.part)} việc"
    return f"{len(notice.future)} việc sẽ bắt đầu sau" if notice.future else f"Báo số liệu {len(notice.forms)} chỉ tiêu"


def _verb(notice: Notice, entries: list[Entry]) -> str:
    if entries:
        return "đề nghị" if all(each.asked for each in entries) else "giao"
    return "đôn đốc" if notice.altered and all(each.sign == "!" for each in notice.altered) else "thông báo tới"


def _given(notice: Notice) -> tuple[Receipt, Entry, Act, Paper]:
    given = notice.receipt
    if given is None or given.work is None:
        raise ValueError(f"notice {notice.id} carries no receipt")
    paper = _paper(notice)
    return given, entry(given.work, paper, notice.recipient.id, notice.date), given.act, paper


def _who(act: Act, otherwise: str) -> str:
    return ", ".join(filter(None, (act.said.name, act.said.role))) or otherwise


def _content(act: Act) -> str:
    parts = [act.document]
    if act.value is not None:
        parts.append(decimal(act.value))
    elif act.numerator is not None and act.denominator is not None:
        parts.append(f"{act.numerator}/{act.denominator}")
    parts.append(f"tính đến {written(act.on)}" if act.on else "")
    parts.append(f"đến {written(act.until)}" if act.until else "")
    parts.append(act.to)
    parts.append(f"{len(act.files)} tệp: {', '.join(name for _, name, _ in act.files)}" if act.files else "")
    return "; ".join(filter(None, (*parts, act.note)))


def _next(given: Receipt, act: Act, each: Entry, paper: Paper) -> str:
    work = given.work
    if act.kind == "extend":
        return f"Chờ {paper.issuer} quyết định; trong lúc chờ, việc này tạm thôi nhắc."
    if act.kind == "return":
        return f"Chờ {paper.issuer} quyết định; trong lúc chờ, việc này tạm thôi nhắc."
    if act.kind == "answer":
        return "Việc đã đóng từ trước: nội dung được lưu lại, tình trạng không đổi."
    if work and work.state == "claimed":
        return f"Chờ {paper.issuer} xác nhận; trong lúc chờ, việc này tạm thôi nhắc."
    if work and work.closed_at:
        return "Việc đã đóng, không còn nhắc nữa."
    return f"Việc vẫn mở, hạn {each.due_line}." if each.day else "Việc vẫn mở."
