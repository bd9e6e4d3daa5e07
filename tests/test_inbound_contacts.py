"""An agency corrects its own address: only the registered mailbox, or the body above, can put it in force; old files are read as meant."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from config.office import Office
from directives.language.books import book_of
from directives.language.reading import read
from tasks.ledger import correcting, dating, roster
from tasks.ledger.store import Store
from tasks.ledger.types import seconds
from tasks.values import Said
from tests import test_pages_on_the_ledger
from tests.counter import WHO, Visitor, words
from tests.rows import ask, tell
from tests.test_pages_on_the_ledger import NOW, address

office, client = test_pages_on_the_ledger.office, test_pages_on_the_ledger.client

CLERK = Said(name="Văn thư", role="Công chức")
NEW = {"mail": "moi@cairang.example", "phone": "0292 000 0099", **WHO}


def letter(office: Office) -> tuple[str, str, str]:
    """To whom the confirming letter goes, its subject, and the path that it prints."""
    from notifications.outbox import LANES

    claimed = [each for lane in LANES for each in office.outbox.claim(lane, NOW + timedelta(minutes=1), 500) if each.opens == "contact"]
    [notice] = claimed
    said = office.composer.preview(notice)
    path = re.search(r"/contact/\S+", said.text)
    assert path
    return notice.recipient.mail or "", said.subject, path[0]


def contacts_of(office: Office, code: str = "bhxh") -> tuple[str, str]:
    [row] = ask(office.store, "SELECT mail, mail_state FROM agencies WHERE code = :code", code=code)
    return str(row.mail), str(row.mail_state)


def test_a_new_address_is_in_force_once_the_old_mailbox_has_confirmed_it(office: Office, client: Visitor) -> None:
    desk = address(office, "bhxh")
    assert f'{desk}/contact"' in client.get(desk).text
    before = contacts_of(office)
    asked = client.post(f"{desk}/contact", data=NEW)
    assert "Đã ghi đề nghị đổi địa chỉ" in words(asked.text)
    assert contacts_of(office) == before
    to, subject, path = letter(office)
    assert (to, "Xác nhận địa chỉ mới" in subject) == (before[0], True)
    assert "moi@cairang.example" in words(client.get(path).text)
    assert client.post(path, data={"step": "confirm"}).status_code == 422
    assert contacts_of(office) == before
    assert "Đã xác nhận" in words(client.post(path, data={"step": "confirm", "name": "Chánh Văn phòng"}).text)
    assert contacts_of(office) == ("moi@cairang.example", "ok")
    assert client.get(path).status_code == client.post(path, data={"step": "confirm", "name": "A"}).status_code == 404


def test_a_refusal_or_silence_leaves_everything_as_it_was(office: Office, client: Visitor) -> None:
    before = contacts_of(office)
    desk = address(office, "bhxh")
    client.post(f"{desk}/contact", data=NEW)
    *_, path = letter(office)
    with office.store.read() as db:
        [row] = ask(office.store, "SELECT link FROM corrections")
        assert correcting.asked(db, row.link, NOW + correcting.LASTS + timedelta(seconds=1)) is None
    client.post(path, data={"step": "refuse", "name": "Chánh Văn phòng"})
    assert contacts_of(office) == before
    assert [row.state for row in ask(office.store, "SELECT state FROM corrections")] == ["refused"]


def test_of_an_address_that_bounces_the_body_above_confirms(office: Office, client: Visitor) -> None:
    tell(office.store, "UPDATE agencies SET mail_state = 'bad' WHERE code = 'ttvh'")
    [above] = ask(office.store, """
        SELECT p.mail FROM agencies a JOIN parents e ON e.agency = a.id JOIN agencies p ON p.id = e.parent WHERE a.code = 'ttvh'""")
    client.post(f"{address(office, 'ttvh')}/contact", data=NEW)
    to, _, path = letter(office)
    assert to == above.mail
    client.post(path, data={"step": "confirm", "name": "Chánh Văn phòng"})
    assert contacts_of(office, "ttvh") == ("moi@cairang.example", "ok")


@pytest.mark.parametrize("typed", [
    {"mail": "a@b.example, c@d.example"}, {"mail": "không-phải"}, {"mail": "", "phone": ""}, {"name": ""},
])
def test_what_is_no_address_or_nobodys_is_asked_again(office: Office, client: Visitor, typed: dict[str, str]) -> None:
    assert client.post(f"{address(office, 'bhxh')}/contact", data=NEW | typed).status_code == 422
    assert ask(office.store, "SELECT 1 FROM corrections") == []


def test_a_second_wish_replaces_the_first_whose_letter_opens_nothing_any_more(office: Office, client: Visitor) -> None:
    desk = address(office, "bhxh")
    client.post(f"{desk}/contact", data=NEW)
    *_, first = letter(office)
    client.post(f"{desk}/contact", data=NEW | {"mail": "moi.hon@cairang.example"})
    *_, second = letter(office)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)


def test_the_same_wish_again_is_one_letter_and_a_days_letters_are_few(office: Office, client: Visitor) -> None:
    desk = address(office, "bhxh")
    for _ in range(3):
        assert "Đã ghi đề nghị đổi địa chỉ" in words(client.post(f"{desk}/contact", data=NEW).text)
    assert len(ask(office.store, "SELECT 1 FROM notices WHERE key LIKE 'contact:%'")) == 1
    for number in range(8):
        last = client.post(f"{desk}/contact", data=NEW | {"mail": f"moi{number}@cairang.example"})
    assert "Chưa ghi được" in words(last.text)
    assert len(ask(office.store, "SELECT 1 FROM notices WHERE key LIKE 'contact:%'")) == correcting.MOST


@pytest.mark.parametrize(("mails", "letters"), [
    pytest.param(["moi@bhxh.example"] * 6, 1, id="the same"), pytest.param([f"moi{n}@bhxh.example" for n in range(6)], 5, id="others"),
])
def test_wishes_at_the_same_instant_follow_each_other(store: Store, mails: list[str], letters: int) -> None:
    together = Barrier(len(mails))
    with store.write() as db:
        roster.enter(db, book_of("agencies:\n  bhxh: { name: BHXH, mail: bhxh@bhxh.example }\n", Path("quan.yaml")).directory, NOW)

    def wish(mail: str) -> bool:
        together.wait(30)
        with store.write() as db:
            return correcting.ask(db, "bhxh", CLERK, NOW, mail=mail, phone="") is not None

    with ThreadPoolExecutor(len(mails)) as people:
        assert sum(people.map(wish, mails)) == (len(mails) if letters == 1 else correcting.MOST)
    assert len(ask(store, "SELECT 1 FROM notices WHERE key LIKE 'contact:%'")) == letters
    assert len(ask(store, "SELECT 1 FROM corrections WHERE state = 'waiting'")) == 1


def test_another_tokens_purpose_opens_no_confirmation(office: Office, client: Visitor) -> None:
    client.post(f"{address(office, 'bhxh')}/contact", data=NEW)
    *_, path = letter(office)
    token = path.removeprefix("/contact/")
    assert client.get(f"/t/{token}").status_code == 404
    assert client.get(f"/contact/{address(office, 'bhxh').removeprefix('/t/')}").status_code == 404


def test_an_old_file_keeps_the_corrected_address_and_a_past_day_the_old_one(office: Office) -> None:
    home = office.settings.home
    [(_, directive)] = read([next((home / "directives").glob("*.yaml"))], home / "config" / "agencies").directives
    old = contacts_of(office)[0]
    with office.store.write() as db:
        correcting.ask(db, "bhxh", CLERK, NOW, mail="moi@cairang.example", phone="")
    [row] = ask(office.store, "SELECT link FROM corrections")
    with office.store.write() as db:
        assert correcting.decide(db, row.link, NOW, confirm=True)
        assert not correcting.decide(db, row.link, NOW, confirm=True)
        roster.enter(db, directive.directory, NOW + timedelta(days=1))
    assert contacts_of(office) == ("moi@cairang.example", "ok")
    with office.store.read() as db:
        assert [each.mail for each in dating.then(db, seconds(NOW) - 1).values()] == [old]
    newer = directive.directory.agencies["bhxh"].model_copy(update={"mail": "ba@cairang.example"})
    with office.store.write() as db:
        people = {**directive.directory.agencies, "bhxh": newer}
        roster.enter(db, directive.directory.model_copy(update={"agencies": people}), NOW + timedelta(days=2))
    assert contacts_of(office) == ("ba@cairang.example", "ok")
