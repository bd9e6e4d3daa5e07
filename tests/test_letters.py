"""Letters: what they say and to whom, that both twins say it, and that nothing people type becomes anything but text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from html.parser import HTMLParser
from typing import Any

import mrml
import pytest
from hypothesis import given
from hypothesis import strategies as st

from directives.language.addresses import AddressError
from notifications import quoting, replies
from notifications.contents import WORST
from notifications.layout import COLUMNS, LETTERS, wrap
from notifications.letters import Composer
from notifications.links import read
from notifications.measures import day_of, target
from notifications.tongues import Lang, tongue
from tasks.cells import Cells
from tasks.letters import UNHEARD, Altered, Item, Notice
from tasks.values import Standing, Work
from tests.notices import AT, BHXH, CT, KEYS, OTHER, PAPER, TTVH, composer, due, item, notice, receipt, standing_work, work

COMPOSER = composer()

LATE = work(
    2,
    clause="7.2",
    short="Ô tô tuyên truyền lưu động",
    due_at=due(date(2020, 5, 15)),
    due_words="mỗi tuần, kỳ 9/5–15/5/2020",
    last_working_day=date(2020, 5, 15),
    last_words="Xe đang sửa",
    last_words_at=datetime(2020, 5, 18, 3, tzinfo=UTC),
)
ELSEWHERE = work(3, directive=2, clause="2", short="Diệt lăng quăng", due_at=due(date(2020, 5, 20)), last_working_day=date(2020, 5, 20))
MILESTONE = work(
    4,
    clause="10",
    short="Độ bao phủ BHYT",
    due_at=due(date(2020, 6, 30)),
    due_words="mốc 30/6/2020",
    last_working_day=date(2020, 6, 30),
    target="over 90%",
    indicator="bao-phu",
    indicator_name="Độ bao phủ BHYT toàn quận",
    figure=Decimal("89.997"),
    figure_on=date(2020, 5, 15),
)
STANDING = standing_work(5)



def altered(sign: str = "~", what: str = "due", **changes: Any) -> Altered:
    """A line about clause 6.4 of 1249/UBND-VX."""
    facts: dict[str, Any] = {
        "sign": sign, "what": what, "paper": "1249/UBND-VX ngày 14/9/2019", "clause": "6.4",
        "text": "Soạn thảo bộ tài liệu tuyên truyền, cung cấp cho các phường <b>", "short": "Bộ tài liệu",
    }
    return Altered(**facts | changes)


MOVED = altered(before="24/5/2020", due_at=due(date(2020, 6, 4)))
CHANGES = (
    MOVED, altered("+", "duty", after="đến ngày 10/6/2020"), altered("-", "duty", reason="chưa có kinh phí"), altered("+", "part"),
    altered("~", "asks"), altered("~", "lead", before="BHXH quận", after="TTVH quận"), altered("~", "time", after="mỗi tháng"),
    altered("~", "evidence", before="optional", after="photo"), altered("~", "confirm", before="no", after="yes"),
    altered("~", "target", before="85%", after="over 90%"), altered("~", "due", before="24/5/2020"),
)
URGED = (altered("!", "urged", due_at=due(date(2020, 5, 20))), altered("!", "urged", clause="", due_at=None))

OURS = "row|fact|label|dim|lead|late|soon|heading|counts?|agency|column|total"  # tags that only templates know

SAMPLES = {
    "one duty": notice("new", work()),
    "changes of an earlier paper": notice("new", altered=CHANGES),
    "a duty of its own beside a change": notice("new", work(), altered=(MOVED,)),
    "an urging letter": notice("new", altered=URGED),
    "duties, later ones, shared ones, figures": notice(
        "new",
        work(),
        MILESTONE,
        standing_work(6, "4.1", force="ask"),
        future=(("2.2", "Vận động phụ huynh", "từ ngày 1/9/2020"),),
        part=(("5.2", "Xây dựng đội ngũ báo cáo viên"),),
        forms=("Độ bao phủ BHYT",),
    ),
    "only taking part": notice("new", part=(("5.2", "Xây dựng đội ngũ báo cáo viên"),)),
    "only later": notice("new", future=(("2.2", "Vận động phụ huynh", "từ ngày 1/9/2020"),)),
    "only figures": notice("new", forms=("Độ bao phủ BHYT",)),
    "one reminder": notice("digest", work()),
    "a day's reminders": notice("digest", work(), LATE, ELSEWHERE, MILESTONE, STANDING),
    "a standing duty": notice("digest", STANDING),
    "a leader's day": notice("escalation", LATE, replace(ELSEWHERE, agency=TTVH), STANDING, recipient=CT),
    "one late agency": notice("escalation", LATE, recipient=CT),
    "done": notice("receipt", receipt=receipt("done", replace(work(), state="done", closed_at=AT), document="123/BC-BHXH ngày 22/5/2020")),
    "asked for time": notice("receipt", receipt=receipt("extend", until=date(2020, 5, 30), note="Chờ nhà in")),
    "granted": notice("decision", receipt=receipt("grant", until=date(2020, 5, 29))),
    "login": notice("login", recipient=CT),
    "a link anew": notice("login", opens="desk"),
}
samples = pytest.mark.parametrize("of", SAMPLES.values(), ids=SAMPLES)


class Tags(HTMLParser):
    """Counts tags, keeps what they point at and what a reader sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: Counter[str] = Counter()
        self.targets: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] += 1
        self.targets += [value or "" for name, value in attrs if name in ("href", "src", "background", "action")]

    def handle_data(self, data: str) -> None:
        self.text += data


def link(of: Notice) -> str:
    """The address that the letter should carry."""
    if of.lane == "waiting":
        return "https://don-doc.cairang.example/office"
    purpose = {"code": "desk"}.get(of.opens, of.opens) or {"escalation": "page", "report": "page", "login": "login"}.get(of.lane, "desk")
    path = {"page": "l", "login": "login", "desk": "t"}[purpose]
    return f"https://don-doc.cairang.example/{path}/{KEYS.token(purpose, of.link, of.recipient.id)}"  # type: ignore[arg-type]


@samples
def test_both_twins_carry_the_same_link_once_to_click(of: Notice) -> None:
    letter = COMPOSER.preview(of)
    assert Tags(letter.html).targets == [link(of)]
    assert letter.text.splitlines().count(link(of)) == 1
    assert letter.text.count("https://") == 1


@samples
def test_text_lines_are_short_and_nothing_is_left_of_a_template(of: Notice) -> None:
    letter = COMPOSER.preview(of)
    assert max(len(line) for line in letter.text.splitlines() if "https://" not in line) <= COLUMNS
    for twin in letter:
        assert not re.search(rf"\{{\{{|\{{%|None|Undefined|INK|</?({OURS})>", twin)


@samples
def test_the_html_twin_has_no_pictures_no_scripts_and_says_its_language(of: Notice) -> None:
    html = COMPOSER.preview(of).html
    seen = Tags(html).seen
    assert not seen.keys() & {"img", "script", "iframe", "form", "link", "object"}
    assert seen["a"] == 1
    assert html.startswith('<!doctype html><html lang="vi"')
    assert "url(" not in html
    assert '<meta name="color-scheme" content="light dark"' in html


@samples
def test_the_twins_say_the_same(of: Notice) -> None:
    letter = COMPOSER.preview(of)
    shown, plain = " ".join(Tags(letter.html).text.split()).lower(), " ".join(letter.text.split()).lower()
    for each in of.items or ([Item(work=of.receipt.work, rung=0, rung_words="")] if of.receipt and of.receipt.work else []):
        assert each.work.short.lower() in shown
        assert each.work.short.lower() in plain
    for words in re.findall(r"\d+/\d+/\d{4}", plain):
        assert words in shown


@samples
def test_the_same_notice_gives_the_same_bytes(of: Notice) -> None:
    assert composer().compose(of) == COMPOSER.compose(of)


@pytest.mark.parametrize(
    ("of", "subject"),
    [
        (SAMPLES["one duty"], "Việc mới, hạn 24/5/2020: Bộ tài liệu tuyên truyền (898/UBND, mục 6.4)"),
        (notice("new", standing_work(1, force="ask")), "Đề nghị: Cung cấp thời hạn thẻ (898/UBND, mục 6.2)"),
        (notice("new", standing_work(1, "")), "Việc mới: Cung cấp thời hạn thẻ (898/UBND)"),
        (notice("new", work(), MILESTONE, STANDING), f"3 việc mới, hạn gần nhất 24/5/2020: {PAPER.title} (898/UBND)"),
        (SAMPLES["only taking part"], f"Phối hợp 1 việc: {PAPER.title} (898/UBND)"),
        (SAMPLES["one reminder"], "Hôm nay là ngày làm việc cuối: Bộ tài liệu tuyên truyền (898/UBND, mục 6.4)"),
        (notice("digest", MILESTONE), "Còn 39 ngày: Độ bao phủ BHYT (898/UBND, mục 10)"),
        (notice("digest", LATE), "Quá hạn 7 ngày: Ô tô tuyên truyền lưu động (898/UBND, mục 7.2)"),
        (notice("digest", STANDING), "Cần báo cáo: Cung cấp thời hạn thẻ (898/UBND, mục 6.2)"),
        (SAMPLES["a day's reminders"], "2 việc quá hạn, 2 việc sắp đến hạn, 1 việc cần báo cáo (2 văn bản)"),
        (notice("digest", LATE, work()), "1 việc quá hạn, 1 việc sắp đến hạn (Văn bản 898/UBND)"),
        (SAMPLES["a leader's day"], "2 việc quá hạn, 1 việc cần báo cáo ở 2 đơn vị (2 văn bản)"),
        (SAMPLES["one late agency"], "Quá hạn 7 ngày: BHXH quận, Ô tô tuyên truyền lưu động (898/UBND, mục 7.2)"),
        (SAMPLES["done"], "Đã ghi nhận hoàn thành: Bộ tài liệu tuyên truyền (898/UBND, mục 6.4)"),
        (SAMPLES["granted"], "Được lùi hạn đến 29/5/2020: Bộ tài liệu tuyên truyền (898/UBND, mục 6.4)"),
    ],
)
def test_a_subject_starts_with_the_fact(of: Notice, subject: str) -> None:
    assert COMPOSER.preview(of).subject == subject


def test_a_letter_of_changes_says_what_was_before_beside_what_is() -> None:
    text = re.sub(r"\s+", " ", COMPOSER.preview(notice("new", altered=CHANGES)).text)
    for said in (
        "~ Mục 6.4. Bộ tài liệu Hạn mới thứ năm 4/6/2020 (cũ 24/5/2020)",
        "+ Mục 6.4. Soạn thảo bộ tài liệu tuyên truyền, cung cấp cho các phường <b> Việc mới, thời hạn: đến ngày 10/6/2020",
        "− Mục 6.4. Bộ tài liệu Thôi thực hiện: chưa có kinh phí",
        "Phối hợp, đơn vị khác chủ trì",
        "Đề nghị lùi hạn đang chờ được khép lại",
        "Chủ trì: TTVH quận (trước đây: BHXH quận)",
        "Thời hạn: mỗi tháng (trước đây: không ghi)",
        "Cần gửi: Ảnh chụp (trước đây: Số, ngày văn bản trả lời (nếu có))",
        "Chờ xác nhận: có (trước đây: không)",
        "Chỉ tiêu: trên 90% (trước đây: 85%)",
        "Hạn mới không ghi (cũ 24/5/2020)",
    ):
        assert said in text


@pytest.mark.parametrize(("lines", "subject"), [
    ((MOVED,), "Hạn mới 4/6/2020: Bộ tài liệu"),
    (CHANGES[1:-1], "Thay đổi 1 việc của 1249/UBND-VX"),
    ((altered("-", "duty"), altered("-", "duty", clause="7")), "Thôi thực hiện 2 việc của 1249/UBND-VX"),
    (URGED, "Đôn đốc 2 việc của 1249/UBND-VX"),
])
def test_a_subject_of_changes_starts_with_the_fact(lines: tuple[Altered, ...], subject: str) -> None:
    assert COMPOSER.preview(notice("new", altered=lines)).subject.startswith(subject)


def test_a_subject_says_what_is_new_and_what_has_changed() -> None:
    subject = COMPOSER.preview(notice("new", work(), altered=(MOVED,))).subject
    assert subject.startswith("Việc mới, hạn 24/5/2020: Bộ tài liệu tuyên truyền; hạn mới ")


def test_an_urging_letter_names_the_missed_date_and_says_that_it_stays() -> None:
    letter = COMPOSER.preview(notice("new", altered=URGED))
    assert "Quá hạn từ thứ tư 20/5/2020, vẫn còn mở" in letter.text
    assert "Không ghi thời hạn, còn mở" in letter.text
    assert "không lùi hạn" in letter.text
    assert 'class="late"' in letter.html


@pytest.mark.parametrize("urgency", ["khẩn", "thượng khẩn", "hỏa tốc"])
def test_an_urgent_paper_says_so_in_the_first_words_and_to_mail_programs(urgency: str) -> None:
    urgent = notice("new", work(), paper=replace(PAPER, urgency=urgency))
    letter = COMPOSER.preview(urgent)
    assert letter.subject.startswith(f"{urgency.upper()}: Việc mới, hạn 24/5/2020")
    assert f"tại văn bản {urgency} 898/UBND" in " ".join(letter.text.split())
    assert f"Văn bản 898/UBND ({urgency.upper()})" in letter.text
    heads = [BytesParser(policy=policy.SMTP).parsebytes(COMPOSER.compose(each))["Importance"] for each in (urgent, notice("new", work()))]
    assert heads == ["high", None]


def test_a_due_day_that_is_a_day_off_names_the_last_working_day() -> None:
    assert "chủ nhật 24/5/2020 (trước ngày 25/5/2020)" in COMPOSER.preview(SAMPLES["one duty"]).text
    assert "thứ sáu 22/5/2020" in COMPOSER.preview(SAMPLES["one duty"]).text
    assert "làm cuối" not in COMPOSER.preview(notice("new", MILESTONE)).text


def test_a_paper_without_a_date_gets_none() -> None:
    letter = COMPOSER.preview(notice("new", STANDING))
    assert "Văn bản không ghi hạn" in letter.text
    assert "Quá hạn" not in letter.text


@pytest.mark.parametrize("words", ["chờ xong mục 6.4", "khi phát sinh"])
def test_why_there_is_no_date_stands_where_it_would(words: str) -> None:
    letter = COMPOSER.preview(notice("new", work(due_at=None, last_working_day=None, due_words=words)))
    assert f"Hạn: {words}" in " ".join(letter.text.split())
    assert words[0].upper() + words[1:] in letter.html
    assert "không ghi hạn" not in letter.text + letter.html


def test_an_hour_in_the_paper_stands_in_the_letter() -> None:
    hourly = work(due_at=datetime(2020, 5, 25, 2, tzinfo=UTC), due_words="trước 9:00 ngày 25/5/2020", last_working_day=date(2020, 5, 25))
    assert "9:00 thứ hai 25/5/2020 (trước 9:00 ngày 25/5/2020)" in COMPOSER.preview(notice("new", hourly)).text


@pytest.mark.parametrize(
    ("at", "subject"),
    [
        (datetime(2020, 5, 17, 1, tzinfo=UTC), "Còn 7 ngày"),
        (datetime(2020, 5, 22, 16, 59, tzinfo=UTC), "Hôm nay là ngày làm việc cuối"),
        (datetime(2020, 5, 22, 17, 0, tzinfo=UTC), "Còn 1 ngày"),  # Saturday in Cần Thơ
        (datetime(2020, 5, 24, 16, 59, 59, tzinfo=UTC), "Hạn hôm nay"),
        (datetime(2020, 5, 24, 17, 0, tzinfo=UTC), "Quá hạn 1 ngày"),
    ],
)
def test_days_are_counted_in_the_paper_s_zone(at: datetime, subject: str) -> None:
    assert COMPOSER.preview(notice("digest", work(), date=at)).subject.startswith(f"{subject}: ")


def test_an_hour_that_has_passed_today_is_late() -> None:
    hourly = work(due_at=AT - timedelta(minutes=1), last_working_day=date(2020, 5, 22))
    assert COMPOSER.preview(notice("digest", hourly)).subject.startswith("Quá hạn hôm nay: ")


def test_midnight_belongs_to_the_day_that_it_ends() -> None:
    assert day_of(datetime(2020, 5, 25, 0, 0, tzinfo=UTC)) == date(2020, 5, 24)
    assert day_of(datetime(2020, 5, 24, 23, 59, 59, tzinfo=UTC)) == date(2020, 5, 24)


def test_a_digest_puts_the_worst_first_and_what_has_no_date_last() -> None:
    text = COMPOSER.preview(SAMPLES["a day's reminders"]).text
    order = [text.rindex(f"{each.short}\n") for each in (LATE, ELSEWHERE, work(), MILESTONE, STANDING)]
    assert order == sorted(order)


def test_a_digest_names_the_paper_of_each_task() -> None:
    text = COMPOSER.preview(SAMPLES["a day's reminders"]).text
    assert f"{OTHER.number}, mục 2" in text
    assert "898/UBND, mục 7.2" in text


def test_who_takes_part_reads_who_leads() -> None:
    text = COMPOSER.preview(notice("digest", work(), replace(LATE, agency=TTVH))).text
    assert "mục 7.2, chủ trì: TTVH quận" in text
    assert "mục 6.4, chủ trì" not in text


def test_a_task_on_two_rungs_stands_once() -> None:
    twice = replace(notice("digest", work()), items=(item(work(), 1), item(work(), 2)))
    assert COMPOSER.preview(twice) == COMPOSER.preview(notice("digest", work()))


def test_a_figure_is_cut_and_not_rounded_into_its_target() -> None:
    text = COMPOSER.preview(notice("digest", MILESTONE)).text
    assert "89,99% (15/5/2020)" in text
    assert "trên 90%" in text


@pytest.mark.parametrize(
    ("paper", "said"),
    [
        ("85%", "85%"),
        ("over 90%", "trên 90%"),
        ("at most 5", "không quá 5"),
        ("strive 100%", "phấn đấu 100%"),
        ("phấn đấu 100%", "phấn đấu 100%"),
        ("strive for 95%", "phấn đấu 95%"),
    ],
)
def test_targets_are_said_in_vietnamese(paper: str, said: str) -> None:
    assert target(paper, tongue("vi")) == said


def test_a_figure_that_another_body_types_is_not_asked_of_the_reader() -> None:
    text = COMPOSER.preview(notice("new", replace(MILESTONE, figure_by="Bảo hiểm xã hội quận"))).text
    assert "Không phải gửi, Bảo hiểm xã hội quận báo số" in text


def wards(count: int) -> list[Work]:
    """As many late wards, the first the worst."""
    return [
        replace(
            LATE,
            id=number,
            due_at=due(date(2020, 5, 20)) - timedelta(days=count - number),
            agency=replace(BHXH, id=f"p{number}", name=f"Phường {number:03d}"),
        )
        for number in range(count)
    ]


def test_a_leader_sees_counts_of_all_and_the_twenty_worst_with_words_and_telephone() -> None:
    letter = COMPOSER.preview(notice("escalation", *wards(60), recipient=CT))
    assert letter.subject == "60 việc quá hạn ở 60 đơn vị (Văn bản 898/UBND)"
    calls = letter.text[letter.text.index("CẦN GỌI") :]
    assert re.findall(r"Phường \d+", calls) == [f"Phường {number:03d}" for number in range(WORST)]
    assert calls.count("0292 000 0001") == calls.count("Xe đang sửa (18/5/2020)") == WORST
    assert "Còn 40 việc nữa" in letter.text
    assert "và 20 đơn vị khác" in letter.text


@pytest.mark.parametrize(("lang", "when", "why"), [
    ("vi", "Địa chỉ thư hỏng", "chưa tính là chậm"), ("en", "Address broken", "not counted late"),
])
def test_a_leader_reads_that_an_address_is_broken_and_nothing_of_lateness(lang: str, when: str, why: str) -> None:
    of = notice("escalation", LATE, ELSEWHERE, recipient=CT)
    unheard = replace(of, items=(replace(of.items[0], rung=UNHEARD - 2), of.items[1]))
    for items, late in ((unheard.items[:1], 0), (unheard.items, 1)):
        letter = composer(lang=lang).preview(replace(unheard, items=items))
        for body in (" ".join(letter.text.split()), letter.html):
            assert when in body
            assert why in body
        assert len(re.findall(r"Quá hạn \d|overdue by|days? late|\d days? overdue", letter.text)) <= late
        assert late or letter.subject.startswith(when)


@pytest.mark.parametrize("others", [(), (LATE,)], ids=["one", "many"])
def test_an_assignment_names_what_is_to_be_produced(others: tuple[Work, ...]) -> None:
    letter = COMPOSER.preview(notice("new", work(product="Bộ tài liệu 20 trang"), *others))
    assert re.search(r"Sản phẩm: +Bộ tài liệu 20 trang", letter.text)
    assert re.search(r"Sản phẩm:?<.*Bộ tài liệu 20 trang", letter.html)


@pytest.mark.parametrize("others", [(), (ELSEWHERE,)], ids=["one", "many"])
@pytest.mark.parametrize(("lang", "lines"), [
    ("vi", ("cấp dưới xong 17/21; còn thiếu: Phường A, Phường B", "chờ mục 6.4 của BHXH quận, đã trễ 3 ngày")),
    ("en", ("done below: 17 of 21; lacking: Phường A, Phường B", "waits for clause 6.4 of BHXH quận, 3 days late")),
])
def test_a_leader_reads_who_lacks_below_and_who_keeps_a_task_waiting(lang: str, lines: tuple[str, ...], others: tuple[Work, ...]) -> None:
    since = AT - timedelta(days=2, hours=1)
    below = replace(LATE, children=(17, 21), lacking=("Phường A", "Phường B"))
    hanging = replace(below, waits_for="mục 6.4", waits_by=("BHXH quận",), waits_due_at=since)
    letter = composer(lang=lang).preview(notice("escalation", hanging, *others, recipient=CT))
    for body in (" ".join(letter.text.split()), letter.html):
        assert all(line.lower() in body.lower() for line in lines)


@pytest.mark.parametrize("words", ["", "Một câu báo cáo rất dài. " * 40], ids=["silent", "talkative"])
def test_a_thousand_tasks_stay_below_what_mail_programs_cut(words: str) -> None:
    letter = COMPOSER.preview(notice("digest", *(replace(LATE, id=number, last_words=words) for number in range(1000))))
    assert len(letter.html.encode()) < 102_000
    shown = letter.text.count("\n* Quá hạn")
    (hidden,) = re.findall(r"Còn (\d+) việc nữa", letter.text)
    assert shown + int(hidden) == 1000
    assert letter.subject.startswith("1000 việc quá hạn")


@pytest.mark.parametrize(
    ("kind", "changes", "of", "done", "follows"),
    [
        ("received", {}, work(state="received"), "tiếp nhận", "Việc vẫn mở, hạn chủ nhật 24/5/2020 (trước ngày 25/5/2020)."),
        ("progress", {"note": "Đã in một nửa"}, work(state="progress"), "tiến độ", "Việc vẫn mở, hạn chủ nhật"),
        ("figure", {"numerator": 1200, "denominator": 1500, "on": date(2020, 5, 21)}, replace(STANDING), "số liệu", "Việc vẫn mở."),
        ("figure", {"value": Decimal("85.5")}, replace(MILESTONE, closed_at=AT), "số liệu", "Việc đã đóng"),
        ("done", {"document": "1/BC"}, work(state="claimed"), "hoàn thành", "Chờ UBND quận Cái Răng xác nhận"),
        ("done", {"document": "1/BC"}, work(state="done", closed_at=AT), "hoàn thành", "Việc đã đóng, không còn nhắc nữa."),
        ("extend", {"until": date(2020, 5, 30)}, work(), "đề nghị lùi hạn", "Chờ UBND quận Cái Răng quyết định"),
        ("undo", {"note": "Gửi nhầm"}, work(state="progress"), "rút lại báo cáo", "Việc vẫn mở"),
    ],
)
def test_a_receipt_says_what_was_recorded_and_what_follows(kind: str, changes: dict[str, Any], of: Work, done: str, follows: str) -> None:
    letter = COMPOSER.preview(notice("receipt", receipt=receipt(kind, of, **changes)))
    plain = " ".join(letter.text.split())
    assert letter.subject.startswith(f"Đã ghi nhận {done}: ")
    for said in (follows, "898-6.4-17", "Cán bộ tổng hợp, Bộ phận thu", "9:05 thứ sáu 22/5/2020"):
        assert said in plain
        assert said in " ".join(Tags(letter.html).text.split())


def test_what_was_done_can_be_taken_back_for_seven_days() -> None:
    text = " ".join(COMPOSER.preview(SAMPLES["done"]).text.split())
    assert "rút lại báo cáo, đến hết ngày 29/5/2020" in text


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        ("grant", {"until": date(2020, 5, 29)}, "Được lùi hạn đến 29/5/2020"),
        ("refuse", {"note": "Không có lý do chính đáng"}, "Không được lùi hạn"),
        ("confirm", {}, "Đã xác nhận hoàn thành"),
        ("reject", {"note": "Thiếu phụ lục"}, "Yêu cầu thực hiện lại"),
    ],
)
def test_a_decision_gives_its_reason(kind: str, changes: dict[str, Any], said: str) -> None:
    letter = COMPOSER.preview(notice("decision", receipt=receipt(kind, **changes)))
    assert letter.subject.startswith(f"{said}: ")
    assert str(changes.get("note", "")) in letter.text


def standing() -> Standing:
    return Standing(
        paper=PAPER,
        as_of=AT,
        seq=1,
        before=None,
        cells=Cells(overdue=1),
        cells_before=None,
        duties=(),
        agencies=(),
        overdue=(),
        requests=(),
        changes=(),
    )


def test_a_report_is_rendered_by_the_reports_station() -> None:
    writer = composer(report=lambda of, link, reader, *_: (f"{of.cells.overdue} việc quá hạn", f"<p>{link}</p>", f"{reader}: {link}"))
    of = notice("report", standing=standing(), recipient=CT)
    assert writer.preview(of) == ("1 việc quá hạn", f"{CT.name}: {link(of)}", f"<p>{link(of)}</p>")
    assert BytesParser(policy=policy.SMTP).parsebytes(writer.compose(of))["Subject"] == "1 việc quá hạn"


@pytest.mark.parametrize(
    "of",
    [notice("new", work(), link=""), notice("report", standing=standing()), notice("receipt"), notice("new", work(), paper=None)],
    ids=["no link", "no renderer", "no receipt", "no paper"],
)
def test_a_letter_that_would_be_incomplete_is_not_written(of: Notice) -> None:
    with pytest.raises(ValueError, match=r"notice 7"):
        COMPOSER.compose(of)


@pytest.mark.parametrize("mail", [None, "", "a@b.example, x@evil.example", "không dấu@b.example"])
def test_a_recipient_without_a_usable_address_is_told_apart(mail: str | None) -> None:
    with pytest.raises(AddressError):
        COMPOSER.compose(notice("new", work(), recipient=replace(BHXH, mail=mail)))


@samples
def test_the_link_belongs_to_its_reader_and_purpose(of: Notice) -> None:
    token = read(link(of).rpartition("/")[2])
    assert token
    purposes = {purpose for purpose in ("desk", "page", "login", "bounce") if KEYS.valid(token, purpose, of.recipient.id)}
    assert purposes == {of.opens or {"escalation": "page", "login": "login"}.get(of.lane, "desk")}


def headers(of: Notice, writer: Composer = COMPOSER) -> EmailMessage:
    found = BytesParser(policy=policy.SMTP).parsebytes(writer.compose(of))
    assert isinstance(found, EmailMessage)
    return found


@samples
def test_headers_keep_machines_from_answering_but_let_bounces_come(of: Notice) -> None:
    read_back = headers(of)
    assert read_back["Auto-Submitted"] == "auto-generated"
    assert read_back["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert "Precedence" not in read_back
    assert (read_back["Message-ID"], read_back["Date"].datetime) == (of.message_id, of.date)
    assert str(read_back["From"]) == "UBND quận Cái Răng <don-doc@cairang.example>"
    assert [each.addr_spec for each in read_back["Reply-To"].addresses] == ["van-phong@cairang.example"]
    assert set(Counter(read_back.keys()).values()) == {1}


def test_a_reader_s_digests_stack_and_other_readers_do_not() -> None:
    first, second = notice("digest", work(), LATE), notice("digest", LATE, STANDING, number=8, date=AT + timedelta(days=3))
    roots = [headers(of)["References"] for of in (first, second, replace(first, recipient=TTVH), SAMPLES["one duty"])]
    assert roots[0] == roots[1] == headers(first)["In-Reply-To"]
    assert len(set(roots)) == 3
    assert first.message_id not in roots


def test_letters_of_one_paper_stack() -> None:
    assert headers(SAMPLES["one duty"])["References"] == headers(SAMPLES["done"])["References"]


ATTACKS = [
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "& &amp; \"' `",
    "</td></table><img src=x>",
    "<row>x</row>",
    "a\r\nBcc: x@evil.example",
    "[[1]]",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_what_people_type_stays_text(text: str) -> None:
    typed = work(short=text, text=text, due_words=text, last_words=text, with_=(text,), agency=replace(BHXH, name=text, short=text))
    of = replace(
        notice("digest", typed, LATE), recipient=replace(BHXH, name=text), papers={1: replace(PAPER, title=text, issuer=text, contact=text)}
    )
    letter = COMPOSER.preview(of)
    tags, clean_tags = Tags(letter.html), Tags(COMPOSER.preview(notice("digest", work(), LATE)).html)
    assert not tags.seen.keys() - clean_tags.seen.keys()
    assert " ".join(text.split()) in " ".join(tags.text.split())
    assert " ".join(text.split()) in " ".join(letter.text.split())
    assert headers(of).keys() == headers(SAMPLES["one duty"]).keys()


def test_mjml_has_nothing_to_warn_of() -> None:
    assert mrml.to_html((LETTERS / "frame.mjml").read_text("utf-8")).warnings == []


@given(st.text(max_size=400), st.sampled_from([("", ""), ("* ", "  "), ("Cần gửi:       ", " " * 15)]))
def test_wrapping_loses_no_word_and_keeps_lines_short(text: str, margins: tuple[str, str]) -> None:
    lines = wrap(text, *margins).split("\n")
    body = [line.removeprefix(margins[1] if number else margins[0]) for number, line in enumerate(lines)]
    assert " ".join(body).split() == text.split() or not text.split()
    assert all(len(line) <= COLUMNS or " " not in line.strip() or len(max(line.split(), key=len)) > COLUMNS - 15 for line in lines)


def test_a_position_without_a_paper_is_greeted_by_the_office() -> None:
    assert COMPOSER.preview(SAMPLES["login"]).text.startswith("UBND quận Cái Răng\n")


@pytest.mark.parametrize(("lang", "offered", "clauses"), [
    ("vi", ("XONG", "85%", "LÙI 30/5 vì mưa"), "6.4: XONG"), ("en", ("DONE", "85%", "EXTEND 30/5 because of rain"), "6.4: DONE"),
])
def test_a_letter_offers_answers_by_mail_where_they_are_read_and_each_is_understood(
    lang: Lang, offered: tuple[str, ...], clauses: str
) -> None:
    writer, on = composer(answers=True, lang=lang), date(2020, 5, 20)
    one, more = notice("digest", work(indicator="bao-phu")), notice("digest", work(), work(2))
    for letter in (writer.preview(one), writer.preview(replace(one, lane="new", paper=PAPER))):
        said = " ".join(letter.text.split())
        assert all(words.partition(" 30/5")[0] in said and words.partition(" 30/5")[0] in letter.html for words in offered)
    assert [saying.kind for words in offered for saying in replies.read(words, on)] == ["done", "figure", "extend"]
    assert clauses in writer.preview(more).text
    assert offered[0] in (unmeasured := writer.preview(notice("digest", work())).text)
    assert offered[1] not in unmeasured
    assert [(each.clause, each.kind) for each in replies.read(clauses, on)] == [("6.4", "done")]
    unmarked = quoting.cut(f"Đang làm\n\n{writer.preview(one).text}")
    assert [saying.kind for saying in replies.read(unmarked, on)] == ["progress"]
    silent = [of for of in SAMPLES.values() if of.lane not in ("new", "digest")]
    assert not [of for of in silent if offered[0] in writer.preview(of).text]
    assert not [of for of in SAMPLES.values() if offered[0] in composer(lang=lang).preview(of).text]


@pytest.mark.parametrize("long", ["Khẩn trương soạn thảo bộ tài liệu tuyên truyền về bảo hiểm y tế, " * 9 + "hết", "x" * 400])
def test_an_assignment_has_all_of_a_long_task_and_what_follows_so_much_that_it_is_known_again(long: str) -> None:
    of = work(text=long)
    later = (notice("digest", of), notice("escalation", of, recipient=CT), notice("receipt", receipt=replace(receipt("done"), work=of)),
             notice("decision", receipt=replace(receipt("confirm"), work=of)))
    for each, whole in ((notice("new", of), True), *((each, False) for each in later)):
        letter = COMPOSER.preview(each)
        for said in (" ".join(letter.text.split()), " ".join(Tags(letter.html).text.split())):
            assert (long in said) is whole
            assert long[:100] in said
            assert whole or re.search(r"\w…", said)
