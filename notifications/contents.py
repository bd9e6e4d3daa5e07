"""What each letter says, as plain values for its templates: which entries, in which order, how many are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from directives.language.calendar import written
from tasks.letters import UNHEARD, Notice
from tasks.values import Paper

from . import alterations, receipts, waiting
from .measures import moment
from .tongues import Tongue
from .wording import Entry, by_urgency, tally, teller, unheard

ZONE = "Asia/Ho_Chi_Minh"  # of a letter that belongs to no paper
WORST = 20  # lines of a leader's list

_SAYS = {
    "assigns": "{issuer} giao {reader} tại văn bản {number} ngày {day}: {title}.",
    "asks": "{issuer} đề nghị {reader} tại văn bản {number} ngày {day}: {title}.",
    "urges": "{issuer} đôn đốc {reader} tại văn bản {number} ngày {day}: {title}.",
    "informs": "{issuer} thông báo tới {reader} tại văn bản {number} ngày {day}: {title}.",
}

Contents = dict[str, Any]


def assignment(notice: Notice, most: int, to: Tongue) -> Contents:
    """All that a paper asks of its reader, in the paper's order."""
    paper = _paper(notice)
    entries = _entries(notice, to)
    nearest = min((each for each in entries if each.days is not None), key=by_urgency, default=None)
    return {
        "paper": paper,
        "headline": ": ".join(filter(None, (to(paper.urgency).upper(), _assigned(notice, entries, nearest, to)))),
        "lead": _lead(notice, paper, entries, to),
        "note": notice.note or "",
        "changes": alterations.grouped(notice.altered, paper.zone, notice.date, most, to),
        "changed": alterations.counted(notice.altered, to),
        "nearest": nearest,
        "future": [_ahead(*each, to) for each in notice.future],
        "part": [(to("Mục {clause}", clause=clause) if clause else "", words) for clause, words in notice.part],
        "forms": notice.forms,
        **_shown(entries, most, to),
    }


def digest(notice: Notice, most: int, to: Tongue) -> Contents:
    """A day's reminders over all papers: overdue first, then what comes due, then what has no date and is asked for news."""
    return {"numbers": ", ".join(paper.number for paper in _papers(notice)), **_sorted(tuple(_entries(notice, to)), most, to)}


@lru_cache(64)
def _sorted(entries: tuple[Entry, ...], most: int, to: Tongue) -> Contents:
    """What a digest of these entries says, whoever gets it: a nation's have them in common."""
    entries = tuple(sorted(entries, key=by_urgency))
    shown, first = _shown(entries, most, to), entries[0]
    headings = {
        "late": to("Quá hạn"), "soon": to("Sắp đến hạn"), "unheard": to("Địa chỉ thư hỏng"), "": to("Việc thường xuyên, đề nghị báo cáo"),
    }
    return {
        "headline": f"{first.when}: {first.title}" if len(entries) == 1 else tally(entries, to),
        "groups": [(heading, [each for each in shown["entries"] if each.tone == tone]) for tone, heading in headings.items()],
        **shown,
    }


def escalation(notice: Notice, most: int, to: Tongue) -> Contents:
    """A leader's day: how many at which agency, and the worst to call."""
    entries = sorted(_entries(notice, to, leads=False), key=by_urgency)
    late = Counter(each.agency.name for each in entries if each.tone == "late")
    silent = Counter(each.agency.name for each in entries if each.tone == "")
    names = sorted({each.agency.name for each in entries}, key=lambda name: (-late[name], -silent[name], name))
    worst = entries[0]
    return {
        "headline": f"{worst.when}: {worst.title}" if len(entries) == 1
        else to("{tally} ở {n} đơn vị", tally=tally(entries, to), n=len(names)),
        "agencies": [(name, late[name], silent[name]) for name in names],
        "silent": silent.total(),
        **_shown(entries, min(most, WORST), to),
    }


def takeover(notice: Notice, most: int, to: Tongue) -> Contents:
    """What a body takes over from others, worst first, over all papers."""
    taken = notice.taken
    assert taken is not None
    entries = sorted(_entries(notice, to), key=by_urgency)
    why = {
        "merge": "Từ ngày {day}, {bodies} sáp nhập vào {heir}.",
        "split": "Từ ngày {day}, {bodies} chia tách thành {heir}.",
        "dissolve": "Từ ngày {day}, {bodies} giải thể, giao lại cho {heir}.",
    }[taken.kind]
    bodies, since, heir = ", ".join(taken.bodies), written(taken.on), notice.recipient.name
    follows = "Những việc đang mở được thực hiện tiếp, hạn giữ nguyên; đường dẫn trong các thư cũ nay mở danh sách của {heir}."
    return {
        "headline": to("Tiếp nhận {n} việc của {bodies}", n=len(entries), bodies=bodies),
        "lead": f"{to(why, day=since, bodies=bodies, heir=heir)} {to(follows, heir=heir)}",
        "bodies": bodies,
        "since": since,
        "note": taken.note,
        **_shown(entries, most, to),
    }


_WAYS = {"": "Đăng nhập trang theo dõi", "contact": "Xác nhận địa chỉ mới", "code": "Mã báo việc đã xong"}


def login(notice: Notice, most: int, to: Tongue) -> Contents:
    """A leader's way in, once; or the link that was asked for anew; or contacts that are to be confirmed; or a code."""
    headline = to(_WAYS.get(notice.opens, "Đường dẫn mới"))
    asked = notice.note or "" if notice.opens == "contact" else ""
    return {"headline": headline, "opens": notice.opens, "asked": asked, "code": "", "who": asked.partition(":")[0],
            "at": moment(notice.date.astimezone(ZoneInfo(ZONE)), to)}


#: Lane, or what a letter of a lane is about → name of the letter's folder and what it says.
LETTERS: Mapping[str, tuple[str, Callable[[Notice, int, Tongue], Contents]]] = {
    "new": ("assignment", assignment),
    "digest": ("digest", digest),
    "takeover": ("takeover", takeover),
    "escalation": ("escalation", escalation),
    "receipt": ("receipt", receipts.receipt),
    "decision": ("decision", receipts.decision),
    "login": ("login", login),
    "waiting": ("waiting", waiting.waiting),
}


def common(notice: Notice, office: str, link: str, to: Tongue, *, answers: bool = False) -> Contents:
    """What every letter says: from whom, about which paper, to whom, whom to ask, and how to answer by mail if such answers are read."""
    papers = _papers(notice)
    one = papers[0] if len(papers) == 1 else None
    about = to("Văn bản {number}", number=_marked(one, to)) if one else to("{n} văn bản", n=len(papers)) if papers else ""
    return {
        "office": office,
        "house": one.issuer if one else office,
        "about": about,
        "recipient": notice.recipient.name,
        "link": link,
        "contacts": list(dict.fromkeys(paper.contact for paper in papers if paper.contact))[:3],
        "lead": "",
        "reply": _reply(notice, to) if answers and notice.lane in ("new", "digest") and notice.items else "",
    }


def _reply(notice: Notice, to: Tongue) -> str:
    """What an answer by mail is to say; of several tasks each line names its clause."""
    if len({item.work.id for item in notice.items}) == 1:
        if notice.items[0].work.indicator:
            return to("Không mở được trang? Trả lời thư này một dòng: XONG, 85% hoặc LÙI 30/5 vì …")
        return to("Không mở được trang? Trả lời thư này một dòng: XONG hoặc LÙI 30/5 vì …")
    clause = next((item.work.clause for item in notice.items if item.work.clause), "6.4")
    return to("Không mở được trang? Trả lời thư này, mỗi việc một dòng, mục trước: {clause}: XONG", clause=clause)


def _marked(paper: Paper, to: Tongue) -> str:
    return f"{paper.number} ({to(paper.urgency).upper()})" if paper.urgency else paper.number


def _papers(notice: Notice) -> list[Paper]:
    return [notice.paper] if notice.paper else list(notice.papers.values())


def _paper(notice: Notice) -> Paper:
    if notice.paper is None:
        raise ValueError(f"notice {notice.id} names no paper")
    return notice.paper


def _entries(notice: Notice, to: Tongue, *, leads: bool = True) -> list[Entry]:
    """A task stands once, with the latest of its rungs. Who only watches, and leads none, is told of each whose it is."""
    latest = {item.work.id: item for item in notice.items}
    if len(latest) < len(notice.items):
        latest |= {item.work.id: item for item in sorted(notice.items, key=attrgetter("rung"))}
    papers = {**notice.papers, **({notice.paper.id: notice.paper} if notice.paper else {})}
    reader = notice.recipient.id if leads else ""
    works = [item.work for item in latest.values()]
    tellers = {number: teller(papers[number], notice.date, to) for number in set(map(attrgetter("directive"), works))}
    entries = [tellers[work.directive].entry(work, reader) for work in works]
    if min(map(attrgetter("rung"), latest.values()), default=0) > UNHEARD:
        return entries
    return [unheard(each, to) if item.is_unheard else each for item, each in zip(latest.values(), entries, strict=True)]


def _shown(entries: Sequence[Entry], most: int, to: Tongue) -> Contents:
    hidden = max(0, len(entries) - most)
    return {"entries": entries[:most], "total": len(entries), "hidden": hidden, "more": to("Còn {n} việc nữa", n=hidden) if hidden else ""}


def _ahead(clause: str, words: str, begins: str, to: Tongue) -> tuple[str, str, str]:
    """A duty that begins later: "Mục 2.2", its text, from which day."""
    begins = to("từ ngày {day}", day=begins.removeprefix("từ ngày ")) if begins.startswith("từ ngày ") else to(begins)
    return to("Mục {clause}", clause=clause) if clause else "", words, begins


def _assigned(notice: Notice, entries: list[Entry], nearest: Entry | None, to: Tongue) -> str:
    """What is new to the reader, and what becomes other than it was."""
    changed = alterations.headline(notice.altered, _paper(notice).zone, to) if notice.altered else ""
    new = _new(notice, entries, nearest, to)
    return f"{new}; {changed[:1].lower()}{changed[1:]}" if new and changed else new or changed or _taking_part(notice, to)


def _new(notice: Notice, entries: list[Entry], nearest: Entry | None, to: Tongue) -> str:
    if len(entries) == 1:
        kind = to("Đề nghị" if entries[0].asked else "Việc mới" if notice.note is None else "Yêu cầu báo cáo")
        hurry = f", {to('hạn {day}', day=entries[0].day)}" if entries[0].day else ""
        return f"{kind}{hurry}: {entries[0].title}"
    nearest_day = f", {to('hạn gần nhất {day}', day=nearest.day)}" if nearest else ""
    return f"{to('{n} việc mới', n=len(entries))}{nearest_day}" if entries else ""


def _taking_part(notice: Notice, to: Tongue) -> str:
    """What the reader has to do, where no task is its own yet."""
    if notice.part:
        return to("Phối hợp {n} việc", n=len(notice.part))
    if notice.future:
        return to("{n} việc sẽ bắt đầu sau", n=len(notice.future))
    return to("Báo số liệu {n} chỉ tiêu", n=len(notice.forms))


def _lead(notice: Notice, paper: Paper, entries: list[Entry], to: Tongue) -> str:
    """The first sentence: who does what to whom by which paper."""
    if entries:
        asks = all(each.asked for each in entries)
        said = _SAYS["asks"] if asks else _SAYS["assigns"]
    else:
        said = _SAYS["urges"] if notice.altered and all(each.sign == "!" for each in notice.altered) else _SAYS["informs"]
    number = f"{to(paper.urgency)} {paper.number}" if paper.urgency else paper.number
    facts = {"issuer": paper.issuer, "reader": notice.recipient.name, "number": number, "day": written(paper.issued_on)}
    return to(said, **facts, title=paper.title)
