"""The công văn đôn đốc: a draft that lists exactly who is late with what, in the layout of official papers, for somebody to sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tasks.values import Paper, Work

from . import word
from .authority import authority
from .calls import clause_of, due_day
from .vietnamese import clipped, day, in_words, number, on_papers

FORM = "cong-van-don-doc"
SIGNER = "CHỦ TỊCH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What an office puts above and below: who signs in whose name, where the paper is written, to whom copies go."""

    office: str
    place: str = "…"
    signer: str = SIGNER
    copies: Sequence[str] = ("Như trên", "Lưu: VT")
    form: bytes | None = None  # the office's own form, in place of ours


def urging(paper: Paper, late: Sequence[Work], now: datetime, until: date, signing: Signing) -> bytes:
    """The draft as .docx: every task of `late`, which has dates, asked for again by `until`. Raises word.FormError."""
    return word.filled(signing.form or word.form(FORM), facts(paper, late, now, until, signing))


def facts(paper: Paper, late: Sequence[Work], now: datetime, until: date, signing: Signing) -> dict[str, object]:
    """The words of the form, those late longest first."""
    today = now.astimezone(ZoneInfo(paper.zone)).date()
    rows = sorted(late, key=lambda work: (due_day(work, paper.zone) or today, work.agency.name, work.clause))
    names = list(dict.fromkeys(work.agency.name for work in rows))
    return {
        "co_quan": signing.office, "noi": signing.place, **on_papers(today),
        "so_van_ban": paper.number, "ngay_van_ban": day(paper.issued_on), "trich_yeu": paper.title,
        "kinh_gui": names, "so_viec": number(len(rows)), "so_don_vi": in_words(len(names)), "den_ngay": day(today),
        "viec": [_row(place, work, paper, today) for place, work in enumerate(rows, start=1)],
        "truoc_ngay": day(until),
        "thay_mat": list(authority(signing.office, signing.signer)), "nguoi_ky": signing.signer, "noi_nhan": list(signing.copies),
        "lien_he": paper.contact,
    }


def _row(place: int, work: Work, paper: Paper, today: date) -> dict[str, str]:
    last = due_day(work, paper.zone) or today
    said = clipped(work.last_words, 80) if work.last_words else "Chưa báo cáo" if work.last_words_at is None else "Đã báo, không ghi lời"
    return {
        "stt": str(place), "don_vi": work.agency.name, "nhiem_vu": ", ".join(filter(None, (work.short, clause_of(work)))),
        "han": day(last), "qua_han": f"{number((today - last).days)} ngày", "bao_cao": said,
    }
