"""Letters, line by line of the matrix: what stands in their heads, that they read like the standard library's and stay what they were."""

from __future__ import annotations

import random
import re
import unicodedata
from base64 import b64decode
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from pathlib import Path
from typing import Any

import pytest

from notifications.arriving import arrived
from notifications.editions import Editions
from notifications.headers import clean, mailbox, words
from notifications.letters import CLIPPED, Composer, Rendered
from notifications.outcomes import Answer, verdict
from notifications.samples import samples
from tasks.cells import Cells
from tasks.ledger.opening import open_directive
from tasks.ledger.outbox import DOUBT, LedgerOutbox
from tasks.ledger.store import Store
from tasks.letters import Notice, Outcome
from tasks.values import Standing
from tests import command_line
from tests.command_line import NUMBER, SAMPLE, Terminal
from tests.notices import AT, BHXH, CT, PAPER, composer, due, notice, receipt, work
from tests.sample import CALENDAR, LEAFLETS, PEOPLE, PRACTICE, at, by, duty, paper
from tests.test_letters import SAMPLES, Tags, link

dondoc = command_line.dondoc

COMPOSER = composer()
ENGLISH = composer(lang="en")
HEAD = [
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "X-Auto-Response-Suppress",
    "Content-Language", "X-Dondoc-Letter", "Reply-To", "MIME-Version", "Content-Type",
]  # fmt: skip
INJECTIONS = [
    "Báo cáo\rBcc: x@evil.example", "Báo cáo\nBcc: x@evil.example", "Báo cáo\r\nBcc: x@evil.example", "Báo cáo\x85Bcc: x@evil.example",
    "Báo cáo\u2028Bcc: x@evil.example", "Báo cáo\x00Bcc: x@evil.example", "=?UTF-8?Q?=0A?=Bcc: x@evil.example",
    "=?utf-8?b?DQpCY2M6IHhAZXZpbC5leGFtcGxl?=",
]  # fmt: skip
_LOWER = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"
TONES = _LOWER + _LOWER.upper()
PIECES = [
    *TONES, *TONES, *" ,;:\"'()<>@.-/&=?_", " ", "🏫", "👩‍🏫", "=?UTF-8?Q?=0A?=", "=?utf-8?b?DQo=?=", "\r\n", "\x85", "\u2028", "\x00",
    "漢", "x" * 30,
]  # fmt: skip
of_every_kind = pytest.mark.parametrize("of", [each for _, each in samples().values()], ids=list(samples()))


def parsed(content: bytes) -> EmailMessage:
    found = BytesParser(policy=policy.SMTP).parsebytes(content)
    assert isinstance(found, EmailMessage)
    return found


def named(name: str, **words: Any) -> Notice:
    """A reminder to somebody of that name, about a task of those words."""
    return notice("digest", work(**words), recipient=replace(BHXH, name=name))


@pytest.mark.parametrize("text", INJECTIONS)
def test_m30_what_people_type_adds_no_header(text: str) -> None:
    read = parsed(COMPOSER.compose(named(text, short=text)))
    assert read.keys() == HEAD
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028]|=\?", str(read["Subject"]))


@pytest.mark.parametrize("text", ["x" * 60 + ', evil@evil.example, "q"', "=?utf-8?q?, evil=40evil.example?=", 'a" <evil@evil.example>, "'])
def test_m31_a_letter_goes_to_one_address_whatever_its_reader_is_called(text: str) -> None:
    read = parsed(COMPOSER.compose(named(text)))
    assert [each.addr_spec for each in read["To"].addresses] == ["bhxh@cairang.example"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_m32_vietnamese_names_of_any_length_arrive_whole(form: str) -> None:
    for length in range(1, 301):
        start = length % len(TONES)
        name = ((TONES[start:] + TONES[:start]) * 3)[: length - 1] + ("ệ" if length % 7 else "🏫")
        folded = mailbox(unicodedata.normalize(form, name), "bhxh@cairang.example", len("To: "))  # type: ignore[arg-type]
        ((shown, mail),) = getaddresses([folded.replace("\r\n", "")])
        assert (str(make_header(decode_header(shown))), mail) == (name, "bhxh@cairang.example")
        for line in words(name, len("Subject: ")).split("\r\n "):
            assert len(line) <= 75
            b64decode(line.removeprefix("=?UTF-8?B?").removesuffix("?=")).decode()  # whole characters


def generated(seed: int, count: int) -> list[Notice]:
    """Letters to readers and about tasks of every kind of name, up to 300 pieces long."""
    dice = random.Random(seed)

    def name() -> str:
        text = "".join(dice.choices(PIECES, k=dice.choice((1, 5, 8, 12, 20, 40, 60, 300))))
        return unicodedata.normalize(dice.choice(("NFC", "NFD")), text)

    return [named(name(), short=name(), text=name(), last_words=name()) for _ in range(count)]


def unfolded(content: bytes) -> str:
    """A letter's head, each header on one line."""
    return content.partition(b"\r\n\r\n")[0].decode().replace("\r\n ", " ").replace("\r\n", "\n")


def reference(of: Notice, letter: Rendered) -> EmailMessage:
    """The same letter by the standard library, read back."""
    plain = EmailMessage(policy=policy.SMTP)
    plain["From"] = Address("UBND quận Cái Răng", addr_spec="don-doc@cairang.example")
    plain["Date"], plain["Message-ID"] = of.date, of.message_id
    plain.set_content(letter.text, cte="base64")
    plain.add_alternative(letter.html, subtype="html", cte="base64")
    return parsed(plain.as_bytes())


@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.long)])
def test_m33_bytes_read_like_the_standard_library_s_own_letter(count: int) -> None:
    for of in generated(count, count):
        content, letter = COMPOSER.compose(of), COMPOSER.preview(of)
        ours, theirs = parsed(content), reference(of, letter)
        assert ours.keys() == HEAD
        assert str(ours["Subject"]) == clean(letter.subject)
        ((shown, mail),) = getaddresses(re.findall(r"^To: (.*)$", unfolded(content), re.MULTILINE))
        assert (str(make_header(decode_header(shown))), mail) == (clean(of.recipient.name), "bhxh@cairang.example")
        assert all(ours[field] == theirs[field] for field in ("From", "Message-ID"))
        assert ours["Date"].datetime == theirs["Date"].datetime
        for mine, other in zip(ours.walk(), theirs.walk(), strict=True):
            assert mine.get_content_type() == other.get_content_type()
            assert mine.is_multipart() or mine.get_payload(decode=True) == other.get_payload(decode=True)
        assert all(len(line) <= 78 for line in content.splitlines())
        assert all(len(word) <= 75 for word in re.findall(rb"=\?.*?\?=", content))


@of_every_kind
@pytest.mark.parametrize("writer", [COMPOSER, ENGLISH], ids=["vi", "en"])
def test_m34_both_twins_carry_the_link_once_the_date_and_the_sender(writer: Composer, of: Notice) -> None:
    read = parsed(writer.compose(of))
    text, html = [part.get_content() for part in read.iter_parts()]
    assert text.strip()
    assert text.splitlines().count(link(of)) == text.count(link(of)) == 1
    assert html.count(f'href="{link(of)}"') == 1
    shown = " ".join(Tags(html).text.split())
    assert of.paper is None or (of.paper.issuer in text and of.paper.issuer in shown)
    dates = set(re.findall(r"\d{1,2}/\d{1,2}/\d{4}", text))
    assert dates
    assert all(day in shown for day in dates)
    assert max(len(line) for line in text.splitlines() if "https://" not in line) <= 78


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 7 * 7 }}", "{n} & {day}", "& &amp; \"' `", "<late>x</late>", '_("Hạn")'])
@pytest.mark.parametrize("writer", [COMPOSER, ENGLISH], ids=["vi", "en"])
def test_m35_what_people_type_is_shown_as_typed(writer: Composer, text: str) -> None:
    told = replace(receipt("extend", work(short=text, text=text), until=date(2020, 5, 30), note=text), number=text)
    for of in (named(text, short=text, text=text, last_words=text), notice("receipt", receipt=told, recipient=replace(BHXH, name=text))):
        letter = writer.preview(of)
        assert " ".join(Tags(letter.html).text.split()).count(text) >= 3
        assert " ".join(letter.text.split()).count(text) >= 3
        assert "script" not in Tags(letter.html).seen


def test_m36_a_copy_after_a_doubt_has_the_bytes_of_the_first(store: Store, tmp_path: Path) -> None:
    now = at("2020-05-18")
    open_directive(store, paper(duty("3", "radio", due=by("2020-05-29")), LEAFLETS), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=now)
    outbox, editions = LedgerOutbox(store, CALENDAR, "office.example"), Editions(tmp_path / "shelf")
    writer, left = composer(editions=editions), now + timedelta(minutes=20)
    first = {of.id: (of.message_id, writer.compose(of), of.lease) for of in outbox.claim("new", left, 10)}
    outbox.record([Outcome(notice_id=id_, lease=lease, state="uncertain") for id_, (_, _, lease) in first.items()], left)
    own = tmp_path / "templates" / "assignment" / "subject.txt.j2"
    own.parent.mkdir(parents=True)
    own.write_text("Khác\n", encoding="utf-8")
    editions.publish(tmp_path / "templates", left + timedelta(minutes=1))
    outbox.recover(left + DOUBT)
    again = {of.id: (of.message_id, writer.compose(of)) for of in outbox.claim("new", left + DOUBT, 10)}
    assert len(first) == len({message for message, _, _ in first.values()}) > 1
    assert again == {id_: kept[:2] for id_, kept in first.items()}


def test_m37_what_is_about_one_task_stacks_and_keeps_the_end_of_its_subject() -> None:
    of_one = [
        notice("new", work()), notice("digest", work(), number=8), notice("digest", work(), number=9, date=AT + timedelta(days=3)),
        notice("receipt", receipt=receipt("extend", until=date(2020, 5, 30)), number=10),
    ]  # fmt: skip
    read = [parsed(COMPOSER.compose(of)) for of in of_one]
    assert len({each["References"] for each in read} | {each["In-Reply-To"] for each in read}) == 1
    assert len({str(each["Subject"]).partition(": ")[2] for each in read}) == 1
    assert len({each["Message-ID"] for each in read}) == len(read)
    others = [notice("digest", work(2)), notice("digest", work(), recipient=CT), notice("digest", work(), work(2))]
    assert len({parsed(COMPOSER.compose(of))["References"] for of in (of_one[0], *others)}) == 4


@of_every_kind
def test_m38_machines_do_not_answer_and_bounces_come_back(of: Notice) -> None:
    read = parsed(COMPOSER.compose(of))
    assert read["Auto-Submitted"] == "auto-generated"
    assert "Precedence" not in read
    assert {each.strip() for each in read["X-Auto-Response-Suppress"].split(",")} == {"OOF", "AutoReply"}
    assert set(Counter(read.keys()).values()) == {1}


@of_every_kind
def test_m39_our_own_letter_coming_back_is_nobody_s_answer(of: Notice) -> None:
    ours = frozenset({"don-doc@cairang.example"})
    assert arrived(COMPOSER.compose(of), ours).kind == "own"
    assert arrived(COMPOSER.compose(of), frozenset()).kind == "own"  # another office's dondoc is no person either


def test_m40_a_thousand_tasks_are_not_cut_and_the_page_has_the_rest() -> None:
    many = [work(number, due_at=due(date(2020, 5, 15)), last_words="Một câu báo cáo rất dài. " * 20) for number in range(1000)]
    said = ((COMPOSER, r"Còn (\d+) việc nữa: bấm nút ở trên để xem tất cả"), (ENGLISH, r"(\d+) more duties: press the button above to see"))
    for writer, more in said:
        letter = writer.preview(notice("digest", *many))
        assert len(letter.html.encode()) <= CLIPPED < 102_000
        (hidden,) = re.findall(more, Tags(letter.html).text)
        assert int(hidden) + letter.html.count('class="late"') == 1000


def test_m40_a_letter_that_is_too_large_for_the_relay_is_not_tried_again() -> None:
    assert verdict(Answer("dot", 552, "5.3.4 message too big")) == verdict(Answer("mail", 552, "message exceeds fixed maximum")) == "failed"


def test_m43_the_preview_is_what_the_mail_server_receives(dondoc: Terminal) -> None:
    assert dondoc("apply", SAMPLE, "--yes").code == 0
    later = at("2026-03-02", "09:00")
    with dondoc.office() as office:
        sent = {of.recipient.id: office.composer.compose(of) for of in office.outbox.claim("new", later, 10)}
    assert dondoc("mail", "preview", NUMBER, "--output", "seen", at=later).code == 0
    seen = {path.stem.partition("-")[2]: path for path in (dondoc.home / "seen").glob("*.eml")}
    assert {who: path.read_bytes() for who, path in seen.items()} == sent != {}
    for who, content in sent.items():
        text, html = [part.get_content() for part in parsed(content).iter_parts()]
        assert seen[who].with_suffix(".txt").read_text("utf-8").splitlines() == text.splitlines()
        assert seen[who].with_suffix(".html").read_text("utf-8").split() == html.split()


@pytest.mark.parametrize("base", ["https://don-doc.cairang.example", "https://xa.example/dondoc/"])
def test_m44_links_are_of_the_configured_address_and_of_no_request(base: str) -> None:
    for _, of in samples().values():
        letter = composer(base_url=base).preview(of)
        addresses = re.findall(r"https?://[^\s\"<]+", letter.text + Tags(letter.html).text) + Tags(letter.html).targets
        assert {each.partition("/t1.")[0].rpartition("/")[0] for each in addresses} == {base.rstrip("/")}


def test_only_a_report_is_a_list_that_one_may_leave() -> None:
    standing = Standing(
        paper=PAPER, as_of=datetime(2020, 5, 22, tzinfo=UTC), seq=1, before=None, cells=Cells(), cells_before=None, duties=(), agencies=(),
        overdue=(), requests=(), changes=(),
    )  # fmt: skip
    writer = composer(report=lambda of, link, *_: ("Báo cáo", f"<p>{link}</p>", link))
    report = parsed(writer.compose(notice("report", standing=standing, recipient=CT)))
    assert report["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<https://don-doc\.cairang\.example/u/t1\.[^>]+>", report["List-Unsubscribe"])
    assert not [of for of in SAMPLES.values() if "List-Unsubscribe" in parsed(writer.compose(of))]
