"""What people answer by mail is read as they mean it, with and without tones; what could mean two things stays a word."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from email.message import EmailMessage
from typing import Any

import pytest

from directives.language.words import fold
from notifications.quoting import cut, written
from notifications.replies import read
from tasks.sayings import Saying

ON = date(2020, 5, 20)


def says(kind: str, **words: Any) -> Saying:
    return Saying(kind=kind, **words)  # type: ignore[arg-type]


def figure(value: str = "", counts: tuple[int, int] | None = None, on: date = ON, **more: Any) -> Saying:
    said = {"numerator": counts[0], "denominator": counts[1]} if counts else {"value": Decimal(value)}
    return says("figure", on=on, **said, **more)


DONE, BY_30 = says("done"), date(2020, 5, 30)


@pytest.mark.parametrize(("text", "said"), [
    ("XONG", DONE),
    ("xong.", DONE),
    ("Đã xong!", DONE),
    ("Đơn vị đã hoàn thành", DONE),
    ("Hoàn thành theo Báo cáo số 123/BC-UBND ngày 20/5/2020",
     says("done", document="123/BC-UBND ngày 20/5/2020", note="theo Báo cáo số 123/BC-UBND ngày 20/5/2020")),
    ("XONG\nVăn bản số 12/BC-BHXH ngày 19-5-2020", says("done", document="12/BC-BHXH ngày 19/5/2020",
                                                       note="Văn bản số 12/BC-BHXH ngày 19-5-2020")),
    pytest.param("chưa xong", says("progress", note="chưa xong"), id="not yet"),
    pytest.param("Sẽ hoàn thành trước 25/5", says("progress", note="Sẽ hoàn thành trước 25/5"), id="to come"),
    pytest.param("Hoàn thành một phần", says("progress", note="Hoàn thành một phần"), id="in part"),
    pytest.param("Xong nhưng chưa ký", says("progress", note="Xong nhưng chưa ký"), id="done, and not"),
    ("85%", figure("85")),
    ("85,5 %", figure("85.5")),
    ("Đạt 78.11%", figure("78.11")),
    ("Tỷ lệ: 85%\nđã cấp 1.000 thẻ", figure("85", note="đã cấp 1.000 thẻ")),
    ("85% tính đến 15/5", figure("85", on=date(2020, 5, 15))),
    ("85% tính đến ngày 31/12", figure("85", on=date(2019, 12, 31))),
    pytest.param("185%", says("progress", note="185%"), id="more than all"),
    ("1.234/1.500", figure(counts=(1234, 1500))),
    ("1234 / 1500", figure(counts=(1234, 1500))),
    ("đạt 3/5", figure(counts=(3, 5))),
    ("78,11% (3.960/5.070)", figure(counts=(3960, 5070))),
    pytest.param("3/5", says("progress", note="3/5"), id="a day or a figure"),
    pytest.param("1.500/1.234", says("progress", note="1.500/1.234"), id="more than the whole"),
    ("LÙI 30/5 vì chưa có kinh phí", says("extend", until=BY_30, note="chưa có kinh phí")),
    ("Xin gia hạn đến ngày 30/5/2020 do mưa lũ", says("extend", until=BY_30, note="mưa lũ")),
    ("Đề nghị lùi thời hạn tới 30-5-2020, lý do: thiếu người", says("extend", until=BY_30, note="thiếu người")),
    ("lùi 15/1 vì Tết", says("extend", until=date(2021, 1, 15), note="Tết")),
    ("lùi 31/2 vì Tết", says("progress", note="lùi 31/2 vì Tết")),
    ("LÙI 30/5", says("extend", until=BY_30)),
    ("Việc này không thuộc thẩm quyền của phường", says("return", note="Việc này không thuộc thẩm quyền của phường")),
    ("Không phải việc của đơn vị", says("return", note="Không phải việc của đơn vị")),
    ("Đã nhận", says("received")),
    ("Đơn vị đã tiếp nhận văn bản.", says("received")),
    ("Đang vận động, còn 212 hộ", says("progress", note="Đang vận động, còn 212 hộ")),
])  # fmt: skip
def test_an_answer_means_what_its_words_say(text: str, said: Saying) -> None:
    assert read(text, ON) == (said,)
    assert read(unicodedata.normalize("NFD", text), ON)[0].kind == said.kind
    [bare] = read("\n".join(fold(line) for line in text.split("\n")), ON)  # as a phone without tones types it
    assert (bare.kind, bare.value, bare.numerator, bare.until, bare.on) == (
        said.kind, said.value, said.numerator, said.until, said.on)


@pytest.mark.parametrize("text", ["", "Cảm ơn", "ok", "Vâng, cảm ơn anh!"])
def test_thanks_and_silence_say_nothing(text: str) -> None:
    assert read(text, ON) == ()


def test_each_line_that_names_a_clause_is_an_answer_of_its_own() -> None:
    assert read("6.4: XONG\nmục 7.2 lùi 30/5 vì xe hỏng\n10) 85%\nTổng: khá", ON) == (
        says("done", clause="6.4"), says("extend", clause="7.2", until=BY_30, note="xe hỏng"), figure("85", clause="10"),
    )


QUOTES = {
    "a mail program": "On Wed, May 20, 2020 at 7:30 AM UBND quận <don-doc@quan.example> wrote:\n> XONG lần trước",
    "a phone": "Vào Th 4, 20 thg 5, 2020 vào lúc 07:30 UBND quận <don-doc@quan.example>\nđã viết:\n\n> 85%",
    "an office": "From: UBND quận\nSent: Wednesday, May 20, 2020\nTo: Phường\nSubject: Nhắc việc\n\nXONG",
    "an office here": "Từ: UBND quận <a@quan.example>\nĐã gửi: Thứ Tư\nĐến: Phường\nChủ đề: Nhắc việc",
    "a rule": "________________________________\nXONG",
    "an original": "-----Original Message-----\nXONG",
    "an original here": "----- Thư gốc -----\nXONG",
    "signs": "> 85%\n> LÙI 30/5",
    "a signature": "-- \nVăn thư\nUBND phường 0292 000 0000",
    "a polite end": "Trân trọng,\nVăn thư",
    "a telephone": "Được gửi từ iPhone của tôi",
    "another": "Sent from my Samsung Galaxy smartphone.",
    "outlook": "Get Outlook for Android",
}


@pytest.mark.parametrize("after", QUOTES.values(), ids=QUOTES)
def test_what_is_quoted_or_signed_is_not_said(after: str) -> None:
    assert cut(f"Kính gửi UBND quận,\n\nLÙI 30/5 vì thiếu người\n\n{after}\n") == "LÙI 30/5 vì thiếu người"


def test_words_below_a_greeting_that_look_like_a_head_stay() -> None:
    assert cut("Từ: 15/5 đơn vị đã họp\nSố người: 40") == "Từ: 15/5 đơn vị đã họp\nSố người: 40"


@pytest.mark.parametrize("html", [
    "<div>XONG<br></div><div class='gmail_quote'><div>Vào Th 4 đã viết:</div><blockquote>85%</blockquote></div>",
    "<p>XONG</p><blockquote><p>LÙI 30/5</p></blockquote>",
    "<html><head><style>p {color:red}</style><title>85%</title></head><body><p>XONG<div id='divRplyFwdMsg'>From: a</div></body>",
])
def test_an_answer_that_is_only_html_is_read_without_what_it_quotes(html: str) -> None:
    message = EmailMessage()
    message.set_content(html, subtype="html")
    assert read(written(message), ON) == (DONE,)
