"""An office's own templates: what may stand in them, what they may cost, and from which letter on they are used."""

from __future__ import annotations

import resource
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from notifications.editions import Editions
from notifications.guarding import FRAMES, Fault, faults
from notifications.layout import LETTERS, NAMES
from notifications.letters import Composer
from notifications.samples import samples
from notifications.tongues import tongue
from notifications.trial import MEMORY, names, tried
from tests import command_line
from tests.clockwork import post
from tests.command_line import NUMBER, SAMPLE, Terminal
from tests.notices import AT, composer, notice, work
from tests.sample import at

dondoc = command_line.dondoc

VI = tongue("vi")
KNOWN = names(VI)

PARTS = {"subject": "digest/subject.txt.j2", "text": "digest/body.txt.j2", "html": "digest/body.html.j2"}
LOOPS = "{{% for a in entries %}}{{% for b in entries %}}{}{{% endfor %}}{{% endfor %}}"

Written = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Puts templates into a folder: `written(subject="…")` is the digest's subject."""

    def write(**parts: str) -> Path:
        folder = tmp_path / "templates"
        for part, source in parts.items():
            path = folder / PARTS.get(part, part)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source, encoding="utf-8")
        return folder

    return write


def found(folder: Path) -> list[tuple[int, str]]:
    return [(fault.line, fault.what) for fault in faults(folder, KNOWN, VI)]


def test_our_own_templates_keep_the_rules_of_everybody() -> None:
    assert [fault for fault in faults(LETTERS, KNOWN, VI) if fault.file in KNOWN] == []


def test_every_letter_has_samples() -> None:
    assert {letter for letter, _ in samples().values()} == set(NAMES)
    assert set(KNOWN) == {path.relative_to(LETTERS).as_posix() for path in LETTERS.rglob("*") if path.suffix in (".j2", ".mjml")}


@pytest.mark.parametrize(("source", "line", "what"), [
    ("{{ headline.__class__.__mro__ }}", 1, "không được dùng __mro__"),
    ("\n{{ headline|attr('__class__') }}", 2, "không được dùng |attr"),
    ("{{ headline['__class__'] }}", 1, "không được dùng __class__"),
    ("{{ headline['__cla' ~ 'ss__'] }}", 1, "không được dùng _"),
    ("{{ headline[recipient] }}", 1, "không được dùng _"),
    ("{{ '%999999999d'|format(1) }}", 1, "không được dùng |format"),
    ("{{ '%999999999d' % 1 }}", 1, "không được dùng mod"),
    ("{{ 'a' * 10**9 }}", 1, "không được dùng mul"),
    ("{{ headline.ljust(10**9) }}", 1, "không được gọi hàm"),
    ("{{ lipsum(10) }}", 1, "không được gọi hàm"),
    ("{% for a in range(10**9) %}{% endfor %}", 1, "không được gọi hàm"),
    ("{{ _(headline) }}", 1, "câu trong _(…) phải viết sẵn, chỉ có tên trong ngoặc nhọn"),
    ("{{ _('{x:>999999999}', x=1) }}", 1, "câu trong _(…) phải viết sẵn, chỉ có tên trong ngoặc nhọn"),
    ("{{ _('{x.__class__}', x=headline) }}", 1, "câu trong _(…) phải viết sẵn, chỉ có tên trong ngoặc nhọn"),
    ("{% for a in entries %}{% for b in entries %}\n{% for c in entries %}{% endfor %}{% endfor %}{% endfor %}", 2,
     "vòng lặp lồng quá 2 tầng, hoặc gọi lại chính nó"),
    ("{% for a in entries recursive %}{{ loop(entries) }}{% endfor %}", 1, "vòng lặp lồng quá 2 tầng, hoặc gọi lại chính nó"),
    ("{% for a in 'aaaa' %}{% endfor %}", 1, "vòng lặp trên chữ viết sẵn"),
    ("{% include 'digest/body.txt.j2' %}", 1, "không được dùng include"),
    ("{% extends headline %}", 1, "không được lấy tệp khác vào"),
    ("{% extends '../../secret' %}", 1, "không được lấy tệp khác vào"),
    ("{% macro f() %}{% endmacro %}", 1, "không được dùng macro"),
    ("{% set a = headline ~ headline %}", 1, "không được đặt tên cho chữ ghép"),
    ("{% set a = headline|join(headline) %}", 1, "không được đặt tên cho chữ ghép"),
    ("{% set a %}x{% endset %}", 1, "không được dùng assignblock"),
    ("{{ headline|join(headline)|join(headline) }}", 1, "join trong join"),
    ("{% autoescape false %}{{ headline }}{% endautoescape %}", 1, "không được dùng scope"),
    ("{{ headline|safe }}", 1, "không được dùng |safe"),
    ("{{ headline is callable }}", 1, "không được dùng is callable"),
    ("{{ nothing }}", 1, "không có biến nothing"),
    ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", 1, "lồng nhau quá sâu"),
    ("{{ headline" + "|upper" * 3000 + " }}", 1, "lồng nhau quá sâu"),
    ("x" * 70_000, 0, "tệp lớn quá 64 kB, hoặc là liên kết"),
])
def test_what_a_letter_does_not_need_is_refused_with_its_line(written: Written, source: str, line: int, what: str) -> None:
    assert (line, what) in found(written(text=source))


def test_a_file_that_no_letter_uses_is_told_which_name_was_meant(written: Written) -> None:
    (fault,) = faults(written(**{"digest/bodi.txt.j2": "x"}), KNOWN, VI)
    assert fault == Fault("digest/bodi.txt.j2", 0, "không thư nào dùng tệp này", "đặt tên như mẫu có sẵn: digest/body.txt.j2")


def test_what_cannot_be_read_is_refused_with_its_line(written: Written) -> None:
    ((line, what),) = found(written(text="\n{% if total == 1 %}"))
    assert (line, what[:8]) == (2, "viết sai")


def test_a_frame_takes_in_no_other_file(written: Written) -> None:
    assert found(written(**{"frame.mjml": '<mjml>\n<mj-include path="/etc/passwd" />\n</mjml>'})) == [(2, "không được lấy tệp khác vào")]


@pytest.mark.parametrize(("parts", "line", "what"), [
    ({"text": "{{ link }}\n{{ entries[0].titel }}"}, 2, "không viết được thư"),
    ({"text": "Xin chào"}, 1, "đường dẫn phải đứng riêng một dòng, một lần"),
    ({"text": "{{ link }}\n" + LOOPS.format("{{ b.text }} " * 4)}, 2, "thư dài quá"),
    ({"text": "{{ link }}\n" + LOOPS.format("{% if b.days == 1 %}x{% endif %}" * 1900)}, 2, "viết thư mất quá nhiều thời gian"),
], ids=["attribute", "no link", "a megabyte", "too slow"])
def test_w102_a_trial_ends_within_its_bounds_and_names_line_and_mending(
    written: Written, parts: dict[str, str], line: int, what: str
) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    fault = tried(written(**parts), "vi")[0]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert fault.file.startswith("digest/")
    assert fault.what.startswith(what)
    assert fault.line <= line
    assert fault.mend
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 3  # of which the start of Python is half a second
    assert after.ru_maxrss * 1024 < MEMORY or before.ru_maxrss * 1024 >= MEMORY


def test_templates_without_fault_pass_their_trial_in_both_languages(written: Written) -> None:
    folder = written(
        subject="{{ headline }} ({{ about }})",
        text='{% extends "frame.txt.j2" %}\n{% block more %}{{ _("Hạn") }}{% endblock %}',
    )
    assert tried(folder, "vi") == tried(folder, "en") == ()


def published(written: Written, tmp_path: Path) -> tuple[Editions, Composer]:
    editions = Editions(tmp_path / "shelf")
    editions.publish(written(subject="Nhắc: {{ headline }}\n"), AT)
    return editions, composer(editions=editions)


def test_an_office_s_own_template_wins_from_its_day_on(written: Written, tmp_path: Path) -> None:
    _, writer = published(written, tmp_path)
    before, after = (notice("digest", work(), date=AT + timedelta(seconds=late)) for late in (-1, 0))
    assert not writer.preview(before).subject.startswith("Nhắc: ")
    assert writer.preview(after).subject.startswith("Nhắc: ")


def test_a_letter_keeps_its_bytes_when_templates_change_between_two_copies(written: Written, tmp_path: Path) -> None:
    editions, writer = published(written, tmp_path)
    first = writer.compose(notice("digest", work()))
    editions.publish(written(subject="Khác: {{ headline }}\n"), AT + timedelta(minutes=5))
    assert writer.compose(notice("digest", work())) == first
    assert writer.preview(notice("digest", work(), date=AT + timedelta(minutes=5))).subject.startswith("Khác: ")


def test_another_process_sees_what_was_published(written: Written, tmp_path: Path) -> None:
    writer = composer(editions=Editions(tmp_path / "shelf"))
    assert not writer.preview(notice("digest", work())).subject.startswith("Nhắc: ")
    published(written, tmp_path)
    assert writer.preview(notice("digest", work())).subject.startswith("Nhắc: ")


def test_what_is_published_is_known_until_the_folder_changes(written: Written, tmp_path: Path) -> None:
    editions = Editions(tmp_path / "shelf")
    assert editions.is_published(tmp_path / "templates")
    editions.publish(written(subject="a", **{"frame.mjml": (LETTERS / "frame.mjml").read_text("utf-8")}), AT)
    assert editions.is_published(tmp_path / "templates")
    assert not editions.is_published(written(subject="b"))


def test_a_frame_is_built_once_when_it_is_published(written: Written, tmp_path: Path) -> None:
    frame = (LETTERS / "frame.mjml").read_text("utf-8").replace("#8c1c17", "#123456")
    editions = Editions(tmp_path / "shelf")
    place = editions.publish(written(**{"frame.mjml": frame}), AT)
    (place / "frame.mjml").unlink()  # letters do not need it
    assert "#123456" in composer(editions=editions).preview(notice("digest", work())).html


def test_frames_are_the_two_that_letters_extend() -> None:
    assert set(FRAMES) == {"frame.html", "frame.txt.j2"}


def test_an_office_changes_a_letter_from_the_command_line(dondoc: Terminal) -> None:
    assert dondoc("templates", "copy", "digest").code == 0
    assert dondoc("templates", "copy", "digest").code == 1  # nothing is written over
    dondoc.change("templates/digest/subject.txt.j2", "{{ headline }}", "Nhắc: {{ headlin }}")
    refused = dondoc("templates", "publish")
    assert refused.code == 1
    assert "templates/digest/subject.txt.j2:1: không có biến headlin" in refused.out
    dondoc.change("templates/digest/subject.txt.j2", "headlin ", "headline ")
    assert dondoc("templates", "publish").code == 0
    assert "không đổi" in dondoc("templates", "publish").err
    assert dondoc("templates", "preview", str(dondoc.home / "seen")).code == 0
    assert (dondoc.home / "seen" / "reminder-one.txt").read_text("utf-8").startswith("Nhắc: ")
    assert Editions(dondoc.home / ".dondoc" / "templates").is_published(dondoc.home / "templates")


def test_m42_a_paper_is_not_issued_while_a_template_asks_for_what_is_not_there(dondoc: Terminal) -> None:
    path = dondoc.home / "templates" / "assignment" / "subject.txt.j2"
    path.parent.mkdir(parents=True)
    path.write_text("{{ nothing }}\n", encoding="utf-8")
    assert dondoc("apply", SAMPLE, "--yes").code == 1
    assert NUMBER not in dondoc("status").out
    path.write_text("Giao: {{ headline }}\n", encoding="utf-8")
    assert dondoc("apply", SAMPLE, "--yes").code == 0
    with dondoc.office() as office:
        letters = post(office.store, office.calendar, at("2026-03-02", "09:00"))
        assert {office.composer.preview(letter).subject[:6] for letter in letters} == {"Giao: "}
