"""Headers: whatever people are called, the head of a letter holds exactly what we put there."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64decode
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directives.language.addresses import AddressError, address
from notifications.headers import LONGEST, POLICY, clean, mailbox, words

VIETNAMESE = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđĐƯƠ 0123456789.,:()/-"
names = st.text(st.one_of(st.sampled_from(VIETNAMESE), st.characters(exclude_categories=["Cs"])), max_size=300)

ATTACKS = [
    "Báo cáo\r\nBcc: x@evil.example",
    "Báo cáo\nBcc: x@evil.example",
    "Báo cáo\rBcc: x@evil.example",
    "Báo cáo\x85Bcc: x@evil.example",
    "Báo cáo\u2028Bcc: x@evil.example",
    "Báo cáo\x0b\x0cBcc: x@evil.example",
    "Báo cáo\x00Bcc: x@evil.example",
    "Báo cáo =?UTF-8?Q?=0A?=Bcc: x@evil.example",
    "Báo cáo =?UTF-8?Q?=0D=0A?=Bcc: x@evil.example",
    "Báo cáo =?utf-8?b?DQpCY2M6IHhAZXZpbC5leGFtcGxl?=",
    "=?UTF-8?Q?=?=UTF-8?Q?=0A?=Bcc: x@evil.example?=",
    "=?=?x?q?a?=?q?=0A?=",
    "x" * 60 + ', evil@evil.example, "q"',
    "=?utf-8?q?, evil=40evil.example?=",
    '" <evil@evil.example>, "',
    "evil@evil.example>",
    "\u202egnp.exe",
    "\ud800 lone",
]


def sent(subject: str, name: str) -> EmailMessage:
    """The letter's head as a mail program reads it."""
    message = Message(policy=POLICY)
    message["From"] = mailbox("UBND quận Cái Răng", "don-doc@cairang.example", len("From: "))
    message["To"] = mailbox(name, "bhxh@cairang.example", len("To: "))
    message["Subject"] = words(subject, len("Subject: "))
    message.set_payload("")
    found = BytesParser(policy=policy.SMTP).parsebytes(message.as_bytes())
    assert isinstance(found, EmailMessage)
    return found


def recipient(name: str) -> tuple[str, str]:
    """Name and address as RFC 2047 has them read; `policy.SMTP` of Python 3.11 puts a space between the words of a folded name."""
    ((shown, mail),) = getaddresses([mailbox(name, "bhxh@cairang.example", len("To: ")).replace("\r\n", "")])
    return str(make_header(decode_header(shown))), mail


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_that_people_type_becomes_a_header_or_an_address(text: str) -> None:
    read = sent(text, text)
    assert read.keys() == ["From", "To", "Subject"]
    assert [each.addr_spec for each in read["To"].addresses] == ["bhxh@cairang.example"]
    assert str(read["Subject"]) == clean(text)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|=\?", clean(text))


@given(names, names)
def test_subject_and_name_are_read_as_they_were_meant(subject: str, name: str) -> None:
    read = sent(subject, name)
    assert str(read["Subject"]) == clean(subject)
    assert recipient(name) == (clean(name), "bhxh@cairang.example")


@given(st.text(st.sampled_from(VIETNAMESE), min_size=1, max_size=LONGEST), st.sampled_from(["NFC", "NFD"]))
def test_vietnamese_arrives_whole_in_either_spelling(text: str, form: str) -> None:
    assert str(sent(unicodedata.normalize(form, text), "x")["Subject"]) == " ".join(text.split())  # type: ignore[arg-type]


@given(names)
def test_lines_are_short_and_words_hold_whole_characters(text: str) -> None:
    for taken in (4, 9, 10):
        for number, line in enumerate(words(text, taken).split("\r\n ")):
            assert len(line) + (1 if number else taken) <= 76
            if line.startswith("=?"):
                assert len(line) <= 75
                assert b64decode(line.removeprefix("=?UTF-8?B?").removesuffix("?=")).decode()


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert len(clean(text)) <= LONGEST
    assert "=?" not in clean(text)


@given(st.text(st.sampled_from("=?QqBb_ \n\x00utf-8ả"), max_size=40))
def test_no_text_can_be_decoded_a_second_time(text: str) -> None:
    assert sent(text, text).keys() == ["From", "To", "Subject"]
    assert "=?" not in clean(text)


@pytest.mark.parametrize("value", ["Báo cáo", "a\r\nBcc: x", "a\nb", "a\rb", "a\x00b", "a\r\n"])
def test_a_value_that_is_not_ready_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="encoded and folded"):
        Message(policy=POLICY)["Subject"] = value


@pytest.mark.parametrize(
    ("typed", "wire"),
    [
        ("bhxh@cairang.example", "bhxh@cairang.example"),
        (" bhxh@cairang.example ", "bhxh@cairang.example"),
        ("BHXH.Quan+viec@CaiRang.Example", "BHXH.Quan+viec@cairang.example"),
        ("a@tiếng-việt.vn", "a@xn--ting-vit-e50d7c.vn"),
    ],
)
def test_an_address_goes_on_the_wire_as_one(typed: str, wire: str) -> None:
    assert address(typed) == wire


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a",
        "a@b",
        "a@@b.vn",
        "a@b.vn.",
        "a@b.vn, x@evil.example",
        "a@b.vn\r\nRCPT TO:<x@evil.example>",
        "a@b.vn\n",
        "<a@b.vn>",
        "A <a@b.vn>",
        '"a b"@b.vn',
        "a@[127.0.0.1]",
        "bảo@b.vn",
        "x" * 65 + "@b.vn",
        "a@" + "b." * 126 + "vn",
        "a\u200b@b.vn",
    ],
)
def test_what_is_not_one_plain_address_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(AddressError, match=r"^[«Đ].+\.$"):
        address(typed)
