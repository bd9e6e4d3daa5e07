"""The page that leaders read, and the letter that carries it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import page
from reports.calls import calls
from reports.changes import reckoned
from reports.headline import headline
from reports.rolls import MOST
from reports.tongues import Lang
from tasks.cells import Cells
from tasks.measured import Line
from tasks.rates import Rate
from tasks.values import AgencyStanding, Change, Paper, Party, Standing, Work
from tasks.watches import Watch

READER = "Phó Chủ tịch UBND quận"
LINK = "https://dondoc.cairang.example/r/7"
NOW = datetime(2020, 9, 1, 0, 0, tzinfo=UTC)  # 7:00 in the office
PAPER = Paper(
    id=1,
    number="898/UBND",
    issued_on=date(2020, 5, 18),
    title="Tăng cường rà soát, vận động, phát triển đối tượng tham gia BHYT",
    issuer="UBND quận Cái Răng",
    contact="Văn phòng HĐND và UBND quận: 0292 000 0000",
)
DUTIES = (
    ("1", "Tuyên truyền, vận động BHYT"),
    ("2.1", "100% học sinh tham gia BHYT"),
    ("2.2", "Tuyên truyền, vận động phụ huynh"),
    ("3", "Rà soát đối tượng được ngân sách hỗ trợ"),
    ("4.1", "Tuyên truyền lồng ghép ở chi, tổ, hội"),
    ("4.2", "Giám sát thực hiện BHYT"),
    ("5.1", "Nâng cao chất lượng khám chữa bệnh"),
    ("5.2", "Đội ngũ báo cáo viên BHYT"),
    ("6.1", "Đối thoại về chính sách BHYT"),
    ("6.2", "Cung cấp thời hạn thẻ"),
    ("6.3", "Cấp thẻ đúng hạn"),
    ("6.4", "Bộ tài liệu tuyên truyền"),
    ("7.1", "Phát sóng, viết bài, phóng sự"),
    ("7.2", "Xe tuyên truyền lưu động hàng tuần"),
    ("8", "Vận động học sinh GDNN, GDTX"),
    ("9", "Viết bài, đăng tin về BHYT"),
    ("10", "Độ bao phủ của phường theo mốc"),
)
COVERAGE = Line(
    indicator="bao-phu",
    name="Độ bao phủ BHYT toàn quận",
    points=tuple(
        (date(2020, month, day), Decimal(value))
        for month, day, value in (
            (5, 15, "78.11"),
            (5, 31, "79.4"),
            (6, 15, "81.2"),
            (6, 30, "83.9"),
            (7, 15, "84.8"),
            (7, 31, "85.905512"),
            (8, 15, "86.7"),
            (8, 31, "87.4"),
        )
    ),
    milestones=(
        (date(2020, 6, 30), Decimal(85), "85%"),
        (date(2020, 9, 30), Decimal(89), "89%"),
        (date(2020, 10, 31), Decimal(90), "90%"),
        (date(2020, 12, 31), Decimal(90), "over 90%"),
    ),
)
PUPILS = Line(
    indicator="hoc-sinh",
    name="Học sinh có thẻ BHYT",
    points=(),
    milestones=((date(2020, 9, 30), Decimal(100), "100%"),),
    missing=("Trường THCS Hưng Phú",),
)
SILENT, HEARD, RUNNING = Cells(undated=1, silent=1), Cells(undated=1), Cells(in_time=1)


def agency(
    id: str,
    name: str,
    by_clause: Mapping[str, Cells],
    *,
    short: str = "",
    figure: str = "",
    phone: str = "0292 000 0001",
    peer: bool = False,
    unreachable: bool = False,
) -> AgencyStanding:
    """An agency whose cells are the sum of its duties'."""
    return AgencyStanding(
        party=Party(id=id, name=name, short=short or name.removeprefix("UBND phường "), phone=phone or None),
        cells=sum(by_clause.values(), Cells()),
        by_clause=by_clause,
        figure=Decimal(figure) if figure else None,
        peer=peer,
        unreachable=unreachable,
    )


def ward(id: str, name: str, figure: str, past: Cells, news: Cells) -> AgencyStanding:
    """A ward: the milestone of June has passed, that of September runs, and duty 1 has no date."""
    return agency(id, f"UBND phường {name}", {"1": news, "10": past + RUNNING}, figure=figure)


AGENCIES = (
    ward("ba-lang", "Ba Láng", "82.6", Cells(overdue=1), SILENT),
    ward("tan-phu", "Tân Phú", "84", Cells(overdue=1), SILENT),
    agency(
        "ttvh",
        "Trung tâm Văn hóa - Thể thao và Truyền thanh quận",
        {"1": HEARD, "7.1": HEARD, "7.2": Cells(on_time=10, late=1, overdue=2, in_time=1, soon=1)},
        short="Trung tâm Văn hóa",
    ),
    agency("ttyt", "Trung tâm Y tế quận", {"1": SILENT, "5.1": SILENT, "5.2": HEARD}, short="Trung tâm Y tế"),
    agency("ldtbxh", "Phòng Lao động - Thương binh và Xã hội", {"1": HEARD, "3": SILENT}, short="Phòng LĐTBXH"),
    ward("phu-thu", "Phú Thứ", "86.1", Cells(late=1), HEARD),
    ward("hung-thanh", "Hưng Thạnh", "87.9", Cells(on_time=1), HEARD),
    ward("thuong-thanh", "Thường Thạnh", "88.2", Cells(on_time=1), HEARD),
    agency("bhxh", "Bảo hiểm xã hội quận", {"1": HEARD, "6.1": HEARD, "6.2": HEARD, "6.3": HEARD, "6.4": Cells(late=1)}, short="BHXH quận"),
    agency("pgd", "Phòng Giáo dục và Đào tạo", {"1": HEARD, "2.1": RUNNING, "2.2": RUNNING}, short="Phòng GDĐT"),
    agency("ttgdnn", "Trung tâm GDNN - GDTX quận", {"1": Cells(undated=1, undated_done=1), "8": RUNNING}),
    ward("hung-phu", "Hưng Phú", "90.3", Cells(on_time=1), HEARD),
    ward("le-binh", "Lê Bình", "91.4", Cells(on_time=1), HEARD),
    agency("mttq", "Ủy ban MTTQ Việt Nam quận", {"1": HEARD, "4.1": HEARD, "4.2": SILENT}, peer=True),
    agency("hoi-pn", "Hội Liên hiệp Phụ nữ quận", {"1": HEARD, "4.1": HEARD, "4.2": HEARD}, peer=True),
    agency("bbt", "Ban Biên tập Trang Thông tin điện tử quận", {"9": HEARD}, short="Ban Biên tập", peer=True),
    agency("thcs-hung-phu", "Trường THCS Hưng Phú", {"1": SILENT, "2.1": RUNNING, "2.2": RUNNING}, phone="0292 000 0009", unreachable=True),
)


def work(id: int, of: AgencyStanding, clause: str, due: date, **more: object) -> Work:
    """An overdue task as the ledger hands it out."""
    plain = {
        "directive": 1,
        "text": dict(DUTIES)[clause],
        "short": dict(DUTIES)[clause],
        "force": "do",
        "lead": True,
        "term": "",
        "due_words": "",
        "last_working_day": due,
        "state": "progress",
        "told_at": datetime(2020, 5, 18, 8, tzinfo=UTC),
        "closed_at": None,
        "evidence": "optional",
        "target": "",
        "indicator": "",
        "indicator_name": "",
        "figure": None,
        "figure_on": None,
    }
    due_at = datetime(due.year, due.month, due.day, 16, 59, 59, tzinfo=UTC)
    return Work(**{"id": id, "agency": of.party, "clause": clause, "due_at": due_at, **plain, **more})  # type: ignore[arg-type]


def milestone(id: int, of: AgencyStanding, figure: str, **more: object) -> Work:
    """A ward's task of the June milestone."""
    known = {
        "term": "2020-06-30",
        "target": "85%",
        "indicator": "bao-phu",
        "indicator_name": COVERAGE.name,
        "figure": Decimal(figure),
        "figure_on": date(2020, 8, 31),
    }
    return work(id, of, "10", date(2020, 6, 30), **{**known, **more})


def standing(agencies: tuple[AgencyStanding, ...] = AGENCIES, **more: object) -> Standing:
    """898/UBND on 1/9/2020; the cells of the whole are the sum of the agencies'."""
    ba_lang, tan_phu, ttvh = AGENCIES[:3]
    said = {"last_words": "thiếu người đi vận động", "last_words_at": datetime(2020, 8, 12, 3, tzinfo=UTC)}
    asking = work(
        3,
        ttvh,
        "7.2",
        date(2020, 8, 21),
        term="2020-08-15",
        asks_until=date(2020, 9, 10),
        last_words="xe đang sửa chữa",
        last_words_at=NOW - timedelta(days=4),
    )
    late = (
        milestone(1, ba_lang, "82.6", **said),
        milestone(2, tan_phu, "84"),
        asking,
        work(4, ttvh, "7.2", date(2020, 8, 28), term="2020-08-22", state="received"),
    )
    done = tuple(
        Change(kind="done", work=work(id, AGENCIES[at], "10" if at > 10 else "7.2", date(2020, 8, 28)))
        for id, at in ((11, 11), (12, 12), (13, 2), (14, 2))
    )
    plain = {
        "paper": PAPER,
        "as_of": NOW,
        "seq": 214,
        "before": datetime(2020, 8, 25, 1, tzinfo=UTC),
        "cells": sum((one.cells for one in agencies), Cells()),
        "cells_before": Cells(on_time=12, late=3, in_time=15, overdue=2, soon=1, undated=32, silent=5),
        "duties": DUTIES,
        "overdue": late,
        "requests": (asking,),
        "changes": (*done, Change(kind="overdue", work=late[3]), Change(kind="asks", work=asking)),
        "lines": (COVERAGE, PUPILS),
        "unsent": 2,
        "head": "3f9a1c20b7e4d5521f00aa",
    }
    return Standing(**{"agencies": agencies, **plain, **more})  # type: ignore[arg-type]


def quiet(cells: Cells, **more: object) -> Standing:
    """A standing of one agency without lines, late tasks or changes."""
    one = agency("pgd", "Phòng GDĐT", {"1": cells})
    return standing((one,), **{"overdue": (), "requests": (), "changes": (), "lines": (), **more})


def nation(count: int) -> Standing:
    """A directive to every commune: each owes one of twenty duties, worst first."""
    clauses = [str(number) for number in range(1, 21)]
    squares = (Cells(overdue=1), RUNNING, SILENT, Cells(on_time=1), HEARD)
    everyone = tuple(
        agency(
            f"xa-{at}",
            f"UBND xã số {at} của tỉnh Cần Thơ",
            {clause: squares[(at + place) % 5] for place, clause in enumerate(clauses)},
            short=f"Xã số {at}",
            figure="80.25",
        )
        for at in range(1, count + 1)
    )
    return standing(everyone, duties=tuple((clause, f"Nhiệm vụ số {clause}") for clause in clauses))


def words_of(markup: str) -> str:
    """What a person reads of a page: no tags, no style, one space between words."""
    body = re.sub(r"<style>.*?</style>|<svg.*?</svg>|<!--.*?-->", " ", markup, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", re.sub(r"</?(b|span|a)\b[^>]*>", "", body))).split())


def written(standing: Standing, watch: Watch | None = None) -> tuple[str, str, str]:
    """The words of page, letter and text twin."""
    _, markup, text = page.letter(standing, LINK, READER, watch=watch)
    return words_of(page.html(standing, link=None, reader=READER, watch=watch)), words_of(markup), " ".join(text.split())


HEADLINES = [
    pytest.param(
        standing(),
        "Độ bao phủ BHYT toàn quận mới đạt 87,4%, cần thêm 1,6 điểm để kịp mốc 30/9. "
        "Ba đơn vị có 4 việc quá hạn, sáu đơn vị chưa báo cáo; ba nơi cần gọi hôm nay.",
        id="figure, debts, silence and calls",
    ),
    pytest.param(quiet(Cells(in_time=9, soon=2)), "Không việc nào quá hạn, 2 việc sắp đến hạn.", id="nothing overdue, something soon"),
    pytest.param(quiet(Cells(in_time=9)), "Không việc nào quá hạn, 9 việc đang làm trong hạn.", id="nothing overdue"),
    pytest.param(
        quiet(Cells(in_time=9, undated=1, silent=1)),
        "Không việc nào quá hạn, 9 việc đang làm trong hạn; nhưng một đơn vị chưa báo cáo.",
        id="silence spoils a good headline",
    ),
    pytest.param(quiet(Cells(on_time=5)), "Cả 5 việc có hạn đã xong, đều đúng hạn.", id="all done"),
    pytest.param(quiet(Cells(on_time=5, late=2)), "Cả 7 việc có hạn đã xong, trong đó 2 việc xong sau hạn.", id="all done, some late"),
    pytest.param(
        quiet(Cells(undated=22, silent=3, undated_done=2)),
        "22 việc, không việc nào có thời hạn, 2 việc đã xong; một đơn vị chưa báo cáo.",
        id="nothing dated",
    ),
    pytest.param(
        quiet(Cells(undated=22)), "22 việc, không việc nào có thời hạn; không đơn vị nào chậm báo cáo.", id="nothing dated, nobody silent"
    ),
    pytest.param(quiet(Cells()), "Chưa có việc nào bắt đầu.", id="nothing opened"),
    pytest.param(
        quiet(Cells(in_time=1), lines=(PUPILS,)),
        "Học sinh có thẻ BHYT: chưa có số liệu, mốc 100% ngày 30/9. Không việc nào quá hạn, 1 việc đang làm trong hạn.",
        id="no figures yet",
    ),
    pytest.param(
        quiet(Cells(in_time=1), lines=(replace(COVERAGE, milestones=()),)),
        "Độ bao phủ BHYT toàn quận đạt 87,4%. Không việc nào quá hạn, 1 việc đang làm trong hạn.",
        id="a figure without milestones",
    ),
    pytest.param(
        quiet(Cells(in_time=1), lines=(replace(COVERAGE, milestones=((date(2020, 9, 1), Decimal(87), "87%"),)),)),
        "Độ bao phủ BHYT toàn quận đạt 87,4%, đã đủ mốc 87% ngày 1/9. Không việc nào quá hạn, 1 việc đang làm trong hạn.",
        id="the milestone of today is reached",
    ),
    pytest.param(
        quiet(Cells(in_time=1), lines=(replace(COVERAGE, milestones=((date(2019, 12, 31), Decimal(90), "90%"),)),)),
        "Độ bao phủ BHYT toàn quận mới đạt 87,4%, cần thêm 2,6 điểm mới đủ mốc 90% đã qua ngày 31/12/2019. "
        "Không việc nào quá hạn, 1 việc đang làm trong hạn.",
        id="the last milestone has passed",
    ),
    pytest.param(
        quiet(
            Cells(in_time=1),
            lines=(
                replace(COVERAGE, points=((date(2020, 8, 31), Decimal(90)),), milestones=((date(2020, 12, 31), Decimal(90), "over 90%"),)),
            ),
        ),
        "Độ bao phủ BHYT toàn quận mới đạt 90,0%, cần lên trên 90% để kịp mốc 31/12. Không việc nào quá hạn, 1 việc đang làm trong hạn.",
        id="90,00 misses over 90",
    ),
]


@pytest.mark.parametrize(("at", "sentence"), HEADLINES)
def test_a_headline_says_no_more_than_the_standing_holds(at: Standing, sentence: str) -> None:
    assert headline(at) == sentence
    assert all(sentence in words for words in written(at))


def test_page_letter_and_text_say_the_same_numbers() -> None:
    for words in written(standing()):
        for fact in (
            "87,4%",
            "▲ tăng 2",
            "▼ giảm 2",
            "như kỳ trước",
            "63 ngày",
            "4 ngày",
            "“thiếu người đi vận động”",
            "0292 000 0001",
            "82,6%",
            "−6,4",
            "−0,8",
            "Hưng Phú (90,3%)",
        ):
            assert fact in words
        assert (
            "34 việc có thời hạn = 14 hoàn thành đúng hạn + 3 hoàn thành quá hạn + 13 đang thực hiện trong hạn + 4 đang thực hiện quá hạn."
            in words
        )
        assert "1 đề nghị gia hạn chờ quyết định: Trung tâm Văn hóa (mục 7.2, hạn 21/8, xin đến 10/9): “xe đang sửa chữa”" in words


@settings(max_examples=30, deadline=None)
@given(st.tuples(*[st.integers(0, 4000)] * 8))
def test_every_count_of_the_standing_is_printed_and_sums(counts: tuple[int, ...]) -> None:
    on_time, late, in_time, overdue, soon, undated, silent, undated_done = counts
    soon, silent = min(soon, in_time), min(silent, undated)
    cells = Cells(
        on_time=on_time,
        late=late,
        in_time=in_time,
        overdue=overdue,
        soon=soon,
        undated=undated,
        silent=silent,
        undated_done=min(undated_done, undated - silent),
    )
    spoken = [f"{n:,}".replace(",", ".") for n in (overdue, soon, in_time - soon, on_time + late, undated)]
    labels = ("! quá hạn", "• sắp đến hạn", "· đang làm", "✓ đã xong", "○ không thời hạn")
    shown = written(quiet(cells, cells_before=None))[0]
    for count, label in zip(spoken, labels, strict=True):
        assert f"{count} {label}" in shown
    assert (f"{silent:,}".replace(",", ".") + " việc chưa báo cáo" in shown) == bool(silent)
    assert overdue + soon + (in_time - soon) + on_time + late == cells.dated


def test_the_rate_is_printed_with_its_denominator_and_what_stands_beside_it() -> None:
    rated = replace(AGENCIES[0], rate=Rate(on_time=29, judged=40, exempt=3)), replace(AGENCIES[1], rate=Rate(unreachable=2))
    line = "Đúng hạn 72,5%: 29/40 việc đã xong hoặc đã đến hạn. Ngoài tỷ lệ: 3 việc miễn tính, 2 việc thư không tới được."
    at = standing(rated)
    assert all(line in body for body in (page.html(at, link=None, reader=READER), *page.letter(at, LINK, READER)[1:]))
    assert "Đúng hạn" not in page.letter(standing((AGENCIES[0],)), LINK, READER)[2]


def test_silence_stands_beside_late_and_never_among_the_four_cells() -> None:
    at = quiet(Cells(in_time=1, undated=1, silent=1))
    shown = page.html(at, link=None, reader=READER)
    assert shown.index('<td class="silent"') < shown.index('<td class="doing"')
    assert "1 việc có thời hạn = 0 hoàn thành đúng hạn + 0 hoàn thành quá hạn + 1 đang thực hiện trong hạn" in words_of(shown)
    assert "đúng tiến độ" not in words_of(shown)


def test_whoever_waits_for_us_is_not_called() -> None:
    at = standing()
    assert [call.party.id for call in calls(at)] == ["ba-lang", "tan-phu", "ttvh"]
    asked = tuple(replace(one, asks_until=date(2020, 9, 15)) for one in at.overdue)
    claimed = tuple(replace(one, state="claimed") for one in at.overdue)
    peers = tuple(replace(one, force="ask") for one in at.overdue)
    for waits in (asked, claimed, peers):
        assert calls(replace(at, overdue=waits)) == ()
    assert "các nơi này đang chờ cơ quan ban hành trả lời." in headline(replace(at, overdue=asked))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"last_words": "đang làm"}, "“đang làm”"),
        ({"state": "open"}, "Chưa tiếp nhận, thư gửi 18/5"),
        ({"state": "received"}, "Đã tiếp nhận, chưa báo gì từ 18/5"),
        ({"told_at": None}, "Thư giao việc chưa tới nơi"),
        ({"figure": Decimal(80), "figure_on": date(2020, 8, 31)}, "Chỉ có số liệu ngày 31/8, chưa nói lý do"),
    ],
)
def test_a_call_knows_what_was_said_last(change: dict[str, object], said: str) -> None:
    late = work(1, AGENCIES[9], "2.1", date(2020, 8, 31), **change)
    (call,) = calls(standing(overdue=(late,)))
    assert (call.said, call.late, call.duty) == (said, "1 ngày", "Mục 2.1: 100% học sinh tham gia BHYT")


def test_the_midnight_that_ends_a_day_belongs_to_it() -> None:
    ends = datetime(2020, 8, 30, 17, tzinfo=UTC)  # 0:00 on 31/8 in the office
    (call,) = calls(standing(overdue=(replace(work(1, AGENCIES[9], "2.1", date(2020, 8, 30)), due_at=ends),)))
    assert call.late == "2 ngày"


def test_an_agency_is_called_once_for_all_it_owes() -> None:
    pgd = AGENCIES[9]
    (call,) = calls(standing(overdue=tuple(work(id, pgd, "2.1", date(2020, 8, 31)) for id in range(3))))
    assert call.more == 2


def test_a_first_report_counts_no_changes() -> None:
    for words in written(standing(before=None, cells_before=None, changes=(), requests=())):
        assert "Báo cáo đầu tiên, đến 1/9/2020" in words
        assert "Đây là báo cáo đầu tiên" in words
        assert "▲ tăng" not in words


def test_a_quiet_round_is_told_as_such() -> None:
    assert all("Không có gì thay đổi từ 25/8." in words for words in written(quiet(RUNNING)))


def test_overdue_tasks_without_counted_changes_are_not_reckoned() -> None:
    """More are overdue than there were, and no change says which: nothing is left to subtract."""
    assert reckoned(quiet(RUNNING, cells_before=replace(RUNNING, overdue=RUNNING.overdue + 1))) != ""
    grown = quiet(replace(RUNNING, overdue=RUNNING.overdue + 2), cells_before=RUNNING)
    assert reckoned(grown) == ""
    assert "− -" not in " ".join(written(grown))


WATCHES = [
    (Watch(ran_at=datetime(2020, 9, 30, 10, tzinfo=UTC), stands=False, held=False, unsent=0, queued=0),
     "Máy nhắc chạy đủ đến 17:00 ngày 30/9/2020, 0 lỗi gửi chưa xử lý."),
    (Watch(ran_at=datetime(2020, 9, 30, 10, tzinfo=UTC), stands=True, held=False, unsent=2, queued=1),
     "Máy nhắc đứng từ 17:00 ngày 30/9/2020: sau lúc ấy việc đến hạn có thể chưa được nhắc; 2 lỗi gửi chưa xử lý, 1 thư chờ quá một giờ."),
]  # fmt: skip


@pytest.mark.parametrize(("watch", "said"), WATCHES)
def test_the_letter_vouches_for_silence_and_reconciles_the_changes_in_the_words_of_the_page(watch: Watch, said: str) -> None:
    of = standing(cells_before=standing().cells)
    for lang, head, sum_ in (
        ("vi", said, "Quá hạn: 4 từ kỳ trước + 1 mới − 1 đã xong, được gia hạn hoặc thôi thực hiện = 4."),
        ("en", "The reminder engine has ", "Overdue: 4 before + 1 new − 1 done, given more time or withdrawn = 4."),
    ):
        tongue: Lang = "en" if lang == "en" else "vi"
        shown = page.served(of, stylesheet_at="/", link=None, reader=READER, ways=page.Ways(watch=watch), lang=tongue)
        _, markup, text = page.letter(of, LINK, READER, tongue, watch)
        sentences = {one for one in re.findall(r"<p class=\"(?:to|to bad|note)\">(.*?)</p>", shown) if one.startswith((head, sum_))}
        assert len(sentences) == 2
        assert all(one in markup and one in text.splitlines() for one in sentences)


def test_peers_and_the_unreachable_are_apart_and_unranked() -> None:
    shown = words_of(page.html(standing(), link=None, reader=READER))
    ranked, apart = shown.split("Được đề nghị, không xếp hạng")[:2]
    for name in ("Ủy ban MTTQ Việt Nam quận", "Ban Biên tập Trang Thông tin điện tử quận", "Trường THCS Hưng Phú"):
        assert name not in ranked
        assert name in apart


def test_no_bar_is_longer_than_its_column() -> None:
    busy = agency("hoi", "Hội", {"1": Cells(undated=90)}, peer=True)
    shown = page.html(standing((AGENCIES[0], busy)), link=None, reader=READER)
    assert max(map(int, re.findall(r'width="(\d+)%"', shown))) == 100


def test_text_from_outside_stays_text() -> None:
    nasty = "<script>alert(1)</script> {{7*7}} {% raw %} &amp; \"'\r\nBcc: x@y.example"
    one = agency("x", nasty, {"1": Cells(overdue=1)}, short=nasty)
    late = replace(work(1, one, "1", date(2020, 8, 31), last_words=nasty, last_words_at=NOW), short=nasty)
    at = standing(
        (one,),
        overdue=(late,),
        requests=(late,),
        changes=(Change(kind="done", work=late),),
        duties=(("1", nasty),),
        lines=(replace(COVERAGE, name=nasty, missing=(nasty,)),),
        paper=replace(PAPER, number=nasty, title=nasty, contact=nasty),
    )
    subject, markup, text = page.letter(at, LINK, nasty)
    for shown in (page.html(at, link=lambda id: f"/a/{id}", reader=nasty), markup):
        assert "<script" not in shown
        assert "{{7*7}} {% raw %} &amp;amp;" in shown
    assert "<script>alert(1)</script> {{7*7}} {% raw %} &amp;" in text
    assert "\nBcc" not in text
    assert "\n" not in subject
    assert "\r" not in subject


def test_very_long_names_are_kept_whole() -> None:
    name = "Trung tâm " + "rất dài " * 80
    one = agency("x", name, {"1": Cells(overdue=1)})
    assert all(name.strip() in words for words in written(standing((one,), overdue=())))


def test_the_served_page_needs_no_inline_style_and_no_script() -> None:
    shown = page.served(standing(), stylesheet_at="/static/report-1.css", link=lambda id: f"/agencies/{id}", reader=READER)
    assert '<link rel="stylesheet" href="/static/report-1.css">' in shown
    assert '<a href="/agencies/ba-lang">UBND phường Ba Láng</a>' in shown
    assert not re.search(r"<style|<script|\sstyle=|\son[a-z]+=|javascript:", shown)


def test_the_whole_page_stands_alone() -> None:
    shown = page.html(standing(), link=None, reader=READER)
    assert page.stylesheet() in shown
    assert not re.search(r"<link|<script|<img|@import|url\(", shown)
    assert set(re.findall(r"https?://[^\"' ]*", shown)) == {"http://www.w3.org/2000/svg"}


def test_the_letter_is_made_for_mail() -> None:
    subject, markup, _ = page.letter(standing(), LINK, READER)
    assert subject.startswith("Độ bao phủ BHYT toàn quận mới đạt 87,4%")
    assert subject.endswith(" (báo cáo 898/UBND)")
    assert not re.search(r"<svg|<img|<script", markup)
    [style] = re.findall(r"<style>(.*?)</style>", markup, re.DOTALL)
    assert style.strip().startswith("@media (prefers-color-scheme: dark) {")  # without it all is said in place
    assert style.count("@media") == 1
    assert set(re.findall(r'class="([^"]*)"', markup)) == {"page"}
    assert markup.count(f'href="{LINK}"') == 2


def test_forty_agencies_with_twenty_duties_weigh_little() -> None:
    at = nation(40)
    assert len(page.html(at, link=None, reader=READER).encode()) <= 60_000
    assert len(page.letter(at, LINK, READER)[1].encode()) < 100_000


def test_a_nation_is_cut_to_its_worst_and_counted() -> None:
    at, started = nation(3321), process_time()
    words = written(at)
    assert process_time() - started < 2
    assert all(f"và {3321 - MOST:,}".replace(",", ".") + " đơn vị khác" in one for one in words)
    assert all("Xã số 41 " not in one for one in words)


def test_unnumbered_duties_show_no_invented_number() -> None:
    one = agency("x", "Phòng GDĐT", {"a": Cells(overdue=1), "end.1": RUNNING})
    shown = page.html(standing((one,), duties=(("a", "Báo cáo kết quả"), ("end.1", "Triển khai")), overdue=()), link=None, reader=READER)
    assert "<b>(1)</b> Báo cáo kết quả" in shown
    assert "end.1" not in shown


def test_the_same_standing_gives_the_same_bytes() -> None:
    assert page.html(standing(), link=None, reader=READER) == page.html(standing(), link=None, reader=READER)
    assert page.letter(standing(), LINK, READER) == page.letter(standing(), LINK, READER)
