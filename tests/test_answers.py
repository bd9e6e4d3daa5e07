"""From a filled form to one act: what each answer needs, and which evidence is taken."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tasks.values import Act, Said
from tests.counter import COVERAGE, PLAN, PNG
from web import answer
from web.evidence import MOST_BYTES, Upload, file_name, kept, refusal, sealed, unsealed
from web.typed import Typed
from web.words import tongue

HERE = Path(__file__).parent.parent / "web"
ZONE = "Asia/Ho_Chi_Minh"
VI, EN = tongue("vi"), tongue("en")


WHO = {"name": "Người trực", "role": "Văn thư"}
PHOTO, SCAN = ("a" * 64, "anh.jpg", 9), ("b" * 64, "vb.pdf", 9)
LETTER = {"done-number": "123/BC-UBND", "done-on-day": "1", "done-on-month": "9", "done-on-year": "2020"}


@pytest.mark.parametrize(
    ("evidence", "letter", "files", "wrong"),
    [
        ("optional", {}, [], None),
        ("required", {}, [], "done-number"),
        ("required", LETTER, [], None),
        ("required", {}, [SCAN], None),
        ("document", {}, [SCAN], "done-number"),
        ("document", LETTER, [], None),
        ("file", LETTER, [], "done-files"),
        ("file", {}, [SCAN], None),
        ("photo", LETTER, [SCAN], "done-files"),
        ("photo", {}, [PHOTO], None),
        ("optional", {"done-number": "123/BC-UBND"}, [], "done-on-day"),
        ("optional", {**LETTER, "done-number": ""}, [], "done-number"),
        ("optional", {**LETTER, "done-number": "công văn"}, [], "done-number"),
        ("optional", {**LETTER, "done-on-day": "3"}, [], "done-on-day"),
    ],
)
def test_done_needs_the_evidence_that_the_duty_asks_for(
    evidence: str, letter: dict[str, str], files: list[answer.File], wrong: str | None
) -> None:
    typed = Typed({"kind": "done", **WHO, **letter})
    draft = answer.read("done", typed, work=replace(PLAN, evidence=evidence), files=files, today=date(2020, 9, 2), due_on=date(2020, 9, 4))
    assert [mistake.field for mistake in draft.mistakes] == ([wrong] if wrong else [])
    assert (draft.act is None) == bool(wrong)


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"value": "86,5"}, []),
        ({"numerator": "3.960", "denominator": "4.560"}, []),
        ({"value": "86,8", "numerator": "3960", "denominator": "4560"}, []),
        ({"value": "86,5", "numerator": "3960", "denominator": "4560"}, ["figure-value"]),
        ({"numerator": "3960"}, ["figure-denominator"]),
        ({"denominator": "3960"}, ["figure-numerator"]),
        ({"numerator": "5", "denominator": "4"}, ["figure-denominator"]),
        ({"numerator": "0", "denominator": "0"}, ["figure-denominator"]),
        ({"numerator": "3.96", "denominator": "4560"}, ["figure-numerator"]),
        ({}, ["figure-value"]),
        ({"value": "86,5", "on-day": "3"}, ["figure-on-day"]),
        ({"value": "x", "on-day": ""}, ["figure-on-day", "figure-value"]),
    ],
)
def test_a_figure_is_a_share_or_two_counts_that_agree(typed: dict[str, str], wrong: list[str]) -> None:
    fields = {"on-day": "2", "on-month": "9", "on-year": "2020", **typed}
    form = Typed({f"figure-{name}": value for name, value in fields.items()} | WHO)
    draft = answer.read("figure", form, work=COVERAGE, files=[], today=date(2020, 9, 2), due_on=None)
    assert sorted(mistake.field for mistake in draft.mistakes) == wrong


def test_counts_are_worth_their_share_and_never_rounded_up() -> None:
    act = Act(kind="figure", task=1, said=Said(name="", role=""), key="", numerator=8_999_999, denominator=10_000_000)
    assert answer.value_of(act) == Decimal("89.999990")
    assert VI.say(answer.value_of(act)) == "89,99"


def test_a_key_is_the_forms_and_the_contents() -> None:
    act = Act(kind="progress", task=1, said=Said(name="A", role="B", ip="1", agent="x"), key="", note="x")
    assert answer.keyed(act, "n").key == answer.keyed(replace(act, said=replace(act.said, ip="2", agent="y")), "n").key
    others = [replace(act, note="y"), replace(act, task=2), replace(act, said=replace(act.said, name="C")), replace(act, files=(PHOTO,))]
    assert len({answer.keyed(one, "n").key for one in [act, *others]} | {answer.keyed(act, "m").key}) == 6


def packed(*members: str, ending: bytes = b"") -> bytes:
    """An archive with these members."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            archive.writestr(member, "<x/>")
    return whole.getvalue() + ending


def bomb() -> bytes:
    """A document that unpacks to 300 MB."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", bytes(300 * 1024 * 1024))
    return whole.getvalue()


def huge_png() -> bytes:
    """A picture of one colour, 60,000 × 60,000 dots by its head."""
    head = struct.pack(">II", 60_000, 60_000) + PNG[24:29]
    return PNG[:16] + head + struct.pack(">I", zlib.crc32(b"IHDR" + head)) + PNG[33:]


WORD = packed("[Content_Types].xml", "word/document.xml")
EXCEL = packed("[Content_Types].xml", "xl/workbook.xml")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(40) + b"\xff\xd9"


def upload(name: str, content: bytes) -> Upload:
    return Upload(name, len(content), io.BytesIO(content))


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.png", PNG), ("a.JPG", JPG), ("a.jpeg", JPG), ("Báo cáo tháng 9.pdf", PDF), ("a.docx", WORD), ("a.xlsx", EXCEL)],
)
def test_a_file_whose_name_and_content_agree_is_taken(name: str, content: bytes) -> None:
    assert refusal(upload(name, content)) is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.pdf", b"MZ\x90\x00" + bytes(100), id="a program renamed"),
        pytest.param("a.exe", PDF, id="an ending that is not allowed"),
        pytest.param("a", PDF, id="no ending"),
        pytest.param("a.svg", b"<svg onload='x'/>", id="a picture with script"),
        pytest.param("a.html", b"<script>x</script>", id="a page"),
        pytest.param("a.png", JPG, id="one picture as another"),
        pytest.param("a.docx", EXCEL, id="a sheet as a text"),
        pytest.param("a.docx", packed("x"), id="any archive as a text"),
        pytest.param("a.docx", PDF + WORD, id="an archive behind something else"),
        pytest.param("a.pdf", PDF + WORD, id="two files in one"),
        pytest.param("a.jpg", JPG + packed("evil.exe"), id="a picture with an archive behind"),
        pytest.param("a.docx", packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), id="macros"),
        pytest.param("a.docx", packed("[Content_Types].xml", "word/document.xml", *(f"m{n}" for n in range(2_000))), id="too many members"),
        pytest.param("a.docx", b"PK\x03\x04" + bytes(50), id="a broken archive"),
        pytest.param("a.png", huge_png(), id="a picture too large to show"),
        pytest.param("a.png", PNG[:8], id="the first bytes of a picture"),
        pytest.param("a\0.pdf", PDF, id="a null in the name"),
        pytest.param("ảnh\u202egnp.exe.pdf", PDF, id="a name that reads backwards"),
        pytest.param("a.pdf", b"", id="nothing"),
    ],
)
def test_w104_a_file_that_is_not_what_it_says_is_refused(name: str, content: bytes) -> None:
    assert refusal(upload(name, content)) is not None


def test_w104_a_document_that_unpacks_to_too_much_is_refused_unopened() -> None:
    assert refusal(upload("a.docx", bomb())) is not None


def test_w104_a_file_beyond_10_mb_is_refused_and_one_of_10_mb_taken() -> None:
    assert refusal(Upload("a.png", MOST_BYTES, io.BytesIO(PNG))) is None
    assert refusal(Upload("a.png", MOST_BYTES + 1, io.BytesIO(PNG))) is not None


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\x\\bao cao.pdf", "bao cao.pdf"),
        ("Bao\u0301 ca\u0301o.pdf", "Baó cáo.pdf"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
        ("a\u200b.pdf", "a.pdf"),
    ],
)
def test_a_file_keeps_its_bare_name_in_one_spelling(name: str, bare: str) -> None:
    assert file_name(name) == bare


def test_the_sixth_file_is_left_out_in_words_and_the_same_bytes_count_once() -> None:
    def keep(content: Iterator[bytes], name: str) -> answer.File:
        whole = b"".join(content)
        return hashlib.sha256(whole).hexdigest(), name, len(whole)

    files, mistakes = kept([upload(f"{n}.pdf", PDF + bytes(n + 1)) for n in range(6)], [], keep)
    assert len(files) == 5
    assert len(mistakes) == 1
    again, mistakes = kept([upload("khac.pdf", PDF + bytes(1))], files[:1], keep)
    assert (len(again), mistakes) == (1, [])


def test_a_sealed_file_opens_for_its_link_only_and_not_when_changed() -> None:
    key = b"k" * 32
    text = sealed(("a" * 64, "báo.cáo.pdf", 12), "one", key)
    assert unsealed(text, "one", key) == ("a" * 64, "báo.cáo.pdf", 12)
    assert unsealed(text, "two", key) is None
    for broken in [text.replace(".12.", ".13."), "b" + text[1:], text + "x", text[:-1], "", "....", "a.b.c.d", "é" * 64 + ".1.x.y"]:
        assert unsealed(broken, "one", key) is None
