"""The report as an official paper: a .docx in the layout of Nghị định 30 or in the office's own form, for somebody to sign."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.values import Standing
from tasks.watches import Watch

from . import picture, word
from .authority import authority
from .calls import Call, local
from .outline import Outline, outline
from .rolls import Row
from .targets import main_line
from .tongues import speaking
from .vietnamese import day, number, on_papers

FORM = "mau-bao-cao"
_PICTURE = 140  # millimetres, of 165 between the margins


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What an office puts above and below, and its own form in place of ours."""

    place: str = "…"
    signer: str = "CHÁNH VĂN PHÒNG"
    copies: tuple[str, ...] = ("Như trên", "Các đơn vị có tên", "Lưu: VT")
    form: bytes | None = None


def docx(standing: Standing, *, reader: str, signing: Signing, watch: Watch | None = None) -> bytes:
    """The report filled into the form, which is Vietnamese by decree and so are its words. Raises word.FormError."""
    with speaking("vi"):
        return word.filled(signing.form or word.form(FORM), facts(standing, reader, signing, watch))


def facts(standing: Standing, reader: str, signing: Signing, watch: Watch | None) -> dict[str, object]:
    """Every word that a form may use."""
    it, paper, today = outline(standing, reader, watch), standing.paper, local(standing.as_of, standing).date()
    line = main_line(standing)
    drawn = picture.png(line, today) if line else b""
    return {
        "co_quan": paper.issuer, "noi": signing.place, **on_papers(today),
        "so_van_ban": paper.number, "ngay_van_ban": day(paper.issued_on), "trich_yeu": paper.title, "kinh_gui": reader,
        "tom_tat": it.headline, "ky": it.span, "may_nhac": it.vouched, "van_ban_sau": list(it.ties), "xin_quyet_dinh": it.asks,
        "so_viec": _counts(it), "cong": it.sum, "ty_le": it.rate, "cho": list(it.waits),
        "chi_tieu": it.measure.title if it.measure else "", "bieu_do": word.Picture(png=drawn, width=_PICTURE) if drawn else "",
        "so_lieu": _figures(it), "can_goi": [_call(place, call) for place, call in enumerate(it.calls, start=1)],
        "thay_doi": _changes(it), "ten_thay_doi": it.since,
        "don_vi": [_row(place, row) for place, row in enumerate(_rows(it), start=1)],
        "ghi_chu": [words for words in (it.roll.more, it.roll.rest, it.roll.apart) if words],
        "cuoi": list(it.footer),
        "thay_mat": list(authority(paper.issuer, signing.signer)), "nguoi_ky": signing.signer, "noi_nhan": list(signing.copies),
    }  # fmt: skip


def _counts(it: Outline) -> str:
    """The counts at the top of the page in a sentence."""
    said = [f"{each.number} việc {each.share.words}{_changed(each.change)}" for each in it.counts]
    silent = f", trong đó {it.silent} việc chưa báo cáo" if it.silent != number(0) else ""
    done = f", {it.undated_done} việc đã xong" if it.undated_done != number(0) else ""
    return f"{', '.join(said)}; {it.undated} việc không thời hạn{silent}{done}."


def _changes(it: Outline) -> list[str]:
    """What has changed and how it adds up, a paragraph each."""
    told = [f"{note.head}: {note.body}." for note in it.changes] or [it.quiet]
    return [*told, it.reckoned] if it.reckoned else told


def _changed(change: str) -> str:
    words = change.lstrip("▲▼ ")
    return f" ({words})" if words else ""


def _figures(it: Outline) -> list[str]:
    """What is said of indicators below the picture, a paragraph each."""
    said = []
    if one := it.measure:
        stood = " ".join(f"Mốc {each.day}: {each.goal}, đạt {each.figure}, {each.verdict}." for each in one.milestones)
        said = [one.travelled, stood]
        said += [one.missing, one.own, one.course, *(f"{each}." for each in (*one.doubted, *one.restated, *one.areas))]
    for other in it.others:
        goal = f", mốc {other.goal} ngày {other.goal_day}: {other.verdict}" if other.goal else ""
        said.append(f"{other.name}: {other.latest}{goal}.")
    return [words for words in said if words]


def _call(place: int, call: Call) -> dict[str, str]:
    more = f", và {number(call.more)} việc quá hạn khác" if call.more else ""
    return {
        "stt": str(place), "don_vi": call.party.name, "viec": f"{call.duty}{more}", "tre": call.late, "tinh_hinh": call.said,
        "dien_thoai": call.party.phone or "",
    }


def _rows(it: Outline) -> tuple[Row, ...]:
    return (*it.roll.rows, *it.roll.peers, *it.roll.unreachable)


def _row(place: int, row: Row) -> dict[str, str]:
    told = {"so_lieu": row.figure or "–", "so_moc": row.gap or "–", "no": row.owes}
    return {"stt": str(place), "don_vi": row.name, "viec": row.words, **told}
