"""Evidence on the pages: what a picture no longer tells, who may see a file again, and how it is handed out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from config import vault
from tasks.ledger import acts, chronicle, exhibits, keeping, replying, roster
from tasks.ledger.opening import open_directive
from tasks.ledger.receiving import Arrival
from tasks.ledger.replying import Answer
from tasks.ledger.store import Store
from tasks.pictures import BrokenPictureError, bare
from tasks.sayings import Saying
from tasks.values import Act, Said
from tests.counter import PNG, PROGRESS, Visitor, sent
from tests.desk_office import NOW, Place, place
from tests.rows import task
from tests.sample import CALENDAR, PEOPLE, PRACTICE, at, by, duty, paper
from tests.voices import ISSUER, says

WHO = Said(name="Chánh Văn phòng", role="Văn phòng")


def jpeg(turned: int = 1) -> bytes:
    """A photo two points wide and one high, as a telephone makes it: with its place, its maker, and something behind its end."""
    out, told = BytesIO(), Image.Exif()
    told[0x0112], told[0x010F] = turned, "Máy của người trực"
    told.get_ifd(0x8825)[2] = (10.0, 2.0, 0.0)
    Image.new("RGB", (2, 1), "red").save(out, "JPEG", exif=told, comment="nhà riêng")
    return out.getvalue() + b"behind the end"


def png() -> bytes:
    """A picture with a text in it."""
    out, told = BytesIO(), PngInfo()
    told.add_text("Author", "Người trực")
    told.add_itxt("Place", "Ba Láng")
    Image.new("RGB", (2, 1), "red").save(out, "PNG", pnginfo=told)
    return out.getvalue()


@pytest.mark.parametrize(("name", "content"), [("Ảnh.JPG", jpeg()), ("a.jpeg", jpeg(6)), ("b.png", png())])
def test_a_picture_keeps_its_points_and_tells_nothing_of_its_maker(name: str, content: bytes) -> None:
    kept = bare(content, name)
    with Image.open(BytesIO(kept)) as picture:
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert picture.getpixel((0, 0))[0] > 200  # type: ignore[index]
    assert not re.search("Máy|riêng|behind|Author|Ba Láng".encode(), kept)
    assert bare(kept, name)


def test_a_photo_taken_upright_still_stands_upright() -> None:
    with Image.open(BytesIO(bare(jpeg(6), "a.jpg"))) as picture:
        assert picture.size == (1, 2)


@pytest.mark.parametrize("content", [PNG[:43], jpeg()[:40], b"\xff\xd8\xff" + b"x" * 100])
def test_w104_a_picture_that_breaks_off_is_refused(content: bytes) -> None:
    with pytest.raises(BrokenPictureError):
        bare(content, "a.png" if content.startswith(b"\x89PNG") else "a.jpg")


def test_what_is_no_picture_is_kept_to_the_byte(tmp_path: Path) -> None:
    assert bare(b"%PDF-1.7", "a.pdf") == b"%PDF-1.7"
    hash_, _, size = vault.keep(tmp_path, (b"%PDF", b"-1.7"), "a.pdf")
    assert size == 8
    assert vault.found(tmp_path, hash_) == tmp_path / "evidence" / hash_
    assert vault.found(tmp_path, f"../evidence/{hash_}") is None


def test_the_next_agency_sees_what_it_brought_itself_and_the_issuer_everything(store: Store) -> None:
    issued = paper(duty("3", "radio", due=by("2020-05-29")))
    open_directive(store, issued, PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=at("2020-05-18"))
    first, second = ("a" * 64, "truoc.pdf", 9), ("b" * 64, "sau.pdf", 9)
    says(store, "radio", "progress", "3", at("2020-05-20"), files=(first,))
    with store.read() as db:
        number = task(db, "3", "radio")
    assert not says(store, "radio", "reassign", "3", at("2020-05-21"), by=ISSUER, to="union", note="đúng thẩm quyền").refusal
    says(store, "radio", "progress", "3", at("2020-05-22"), by="union", files=(second,))
    with store.read() as db:
        assert exhibits.of_task(db, number) == (second,)
        assert {file[0] for entry in chronicle.of_task(db, number) for file in entry.files} == {first[0], second[0]}
    says(store, "radio", "reassign", "3", at("2020-05-25"), by=ISSUER, to="radio", note="giao lại")
    with store.read() as db:
        assert exhibits.of_task(db, number) == (first,)


def lying(data: Path, word: bytes, day: str) -> tuple[str, str, int]:
    """A file that has lain since a day."""
    file = vault.keep(data, (word,), "a.pdf")
    os.utime(data / "evidence" / file[0], (at(day).timestamp(),) * 2)
    return file


def test_what_was_never_sent_goes_after_a_month_and_what_anything_names_stays(store: Store, tmp_path: Path) -> None:
    issued = paper(duty("3", "radio", due=by("2020-05-29")))
    open_directive(store, issued, PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=at("2020-05-18"))
    said, proposed, unsent = (lying(tmp_path, word, "2020-05-20") for word in (b"%PDF 1", b"%PDF 2", b"%PDF 3"))
    young, older_than_the_ledger = lying(tmp_path, b"%PDF 4", "2020-06-12"), lying(tmp_path, b"%PDF 5", "2020-05-01")
    says(store, "radio", "progress", "3", at("2020-05-20"), files=(said,))
    with store.read() as db:
        radio = roster.row_of(db, "radio")
    answer = Answer(radio, 0, (Saying(kind="progress"),), "đang làm", files=(proposed,))
    replying.propose(store, Arrival(source="mail", key="<1@a.example>"), answer, at("2020-05-20"))
    assert vault.sweep(tmp_path, store, at("2020-06-10")) == 0
    assert [vault.sweep(tmp_path, store, at("2020-07-10")) for _ in range(2)] == [1, 0]
    left = {path.name for path in (tmp_path / "evidence").iterdir()}
    assert left == {file[0] for file in (said, proposed, young, older_than_the_ledger)}
    assert unsent[0] not in left


def test_a_ledger_put_back_from_a_copy_judges_no_file(store: Store, tmp_path: Path) -> None:
    open_directive(store, paper(), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=at("2020-05-18"))
    lying(tmp_path, b"%PDF", "2020-05-20")
    keeping.hold(store, at("2020-07-09"))
    assert vault.sweep(tmp_path, store, at("2020-07-10")) == 0


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path) as found:
        yield found


@pytest.fixture
def client(here: Place) -> Iterator[Visitor]:
    with here.visitor() as visitor:
        yield visitor


def test_the_link_of_an_agency_that_has_a_task_no_more_opens_nothing_of_it(here: Place, client: Visitor) -> None:
    mine = f"/t/{here.token()}"
    [task, *_] = here.ask("""
        SELECT k.id FROM tasks k JOIN agencies a ON a.id = k.agency AND a.code = 'ba-lang' WHERE k.duty NOT IN (
               SELECT o.duty FROM tasks o JOIN agencies b ON b.id = o.agency AND b.code = 'bhxh')""")
    sent(client, f"{mine}/{task.id}", PROGRESS, files=[("progress-files", ("a.png", PNG))])
    [shown] = set(re.findall(rf'href="({re.escape(mine)}/{task.id}/[0-9a-f]{{64}})"', client.get(f"{mine}/{task.id}").text))
    moved = Act(kind="reassign", task=task.id, said=WHO, key="moved", to="bhxh", note="đúng thẩm quyền")
    assert not acts.act(here.office.store, moved, here.office.calendar, NOW).refusal
    theirs = f"/t/{here.token('bhxh')}/{task.id}"
    assert (client.get(f"{mine}/{task.id}").status_code, client.get(shown).status_code) == (404, 404)
    assert (client.get(theirs).status_code, client.get(f"{theirs}/{shown[-64:]}").status_code) == (200, 404)
    assert shown[-64:] not in client.get(theirs).text


def test_w105_evidence_is_shown_again_to_its_agency_alone_and_runs_nowhere(here: Place, client: Visitor) -> None:
    mine, other = f"/t/{here.token()}", f"/t/{here.token('phu-thu')}"
    [task, *_] = here.ask("SELECT k.id FROM tasks k JOIN agencies a ON a.id = k.agency WHERE a.code = 'ba-lang' ORDER BY k.id")
    sent(client, f"{mine}/{task.id}", PROGRESS, files=[("progress-files", ('Ảnh "ra quân".png', PNG))])
    [shown] = set(re.findall(rf'href="({re.escape(mine)}/{task.id}/[0-9a-f]{{64}})"', client.get(f"{mine}/{task.id}").text))
    file = client.get(shown)
    assert file.status_code == 200
    assert file.content == bare(PNG, "a.png")
    assert file.headers["content-disposition"].startswith("attachment; filename*=utf-8''%E1%BA%A2nh")
    assert file.headers["content-security-policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert (file.headers["content-type"], file.headers["x-content-type-options"]) == ("image/png", "nosniff")
    assert file.headers["cache-control"] == "no-store"
    hash_ = shown.rpartition("/")[2]
    for path in (f"{other}/{task.id}/{hash_}", f"{mine}/{task.id}/{'0' * 64}", f"{mine}/{task.id + 1}/{hash_}", f"{mine}/x/{hash_}"):
        assert client.get(path).status_code == 404


def test_a_picture_that_breaks_off_is_asked_back_in_words(here: Place, client: Visitor) -> None:
    mine = f"/t/{here.token()}"
    [task, *_] = here.ask("SELECT k.id FROM tasks k JOIN agencies a ON a.id = k.agency WHERE a.code = 'ba-lang' ORDER BY k.id")
    answer = client.post(f"{mine}/{task.id}", data={**PROGRESS, "nonce": "n" * 22}, files=[("progress-files", ("Ảnh.png", PNG[:43]))])
    assert answer.status_code == 422
    assert "không khớp với đuôi .png, hoặc tệp bị hỏng" in answer.text
