"""The office's mailbox is read from a real server: bounces and answers are dealt with once, forgeries and rubbish do nothing."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import dkim  # type: ignore[import-untyped]
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from config import vault
from config.letterbox import Letterbox, Read, box_of
from config.settings import Settings
from notifications.arriving import MOST, arrived
from notifications.delivery import deliver
from notifications.envelopes import LIVES, Envelopes
from notifications.mailbox import MailboxAwayError, opened
from tasks.ledger import replying, roster
from tasks.ledger.opening import open_directive
from tasks.ledger.outbox import LedgerOutbox
from tasks.ledger.store import Store
from tasks.letters import Notice
from tasks.sayings import Reply
from tasks.values import Said
from tests import dovecot as real
from tests.clockwork import play, post
from tests.counter import PNG
from tests.dovecot import Dovecot
from tests.incoming import OFFICE, Sent, answer, bounce, sent
from tests.notices import AT, composer, notice, work
from tests.rows import ask, task
from tests.sample import CALENDAR, COVER, LEAFLETS, PEOPLE, PRACTICE, at, by, duty, paper
from tests.sink import Box, Scripted

ISSUED = at("2020-05-18")
LEFT = ISSUED + timedelta(minutes=10)
LATER = at("2020-05-19")
MEASURED = COVER.model_copy(update={"lead": ("insurance",)})
TEMPLATE = "tra-lai+{}@office.example"
NOTHING = Read(nothing=1)


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with tempfile.TemporaryDirectory(prefix="dondoc-imap-") as folder, real.server(Path(folder)) as found:
        yield found


@pytest.fixture
def dovecot(server: Dovecot) -> Dovecot:
    server.empty()
    return server


Desk = Callable[..., Letterbox]


@pytest.fixture
def desk(dovecot: Dovecot, tmp_path: Path) -> Desk:
    """A letterbox over a ledger, with settings of one's own."""

    def made(store: Store, lookup: Any = None, **changes: Any) -> Letterbox:
        box = dovecot.box()
        facts: dict[str, Any] = {"imap_host": box.host, "imap_port": box.port, "imap_tls": "plain", "imap_user": box.user}
        facts |= {"imap_password": box.password}
        settings = Settings.model_validate({"home": tmp_path, "mail_from": OFFICE, "mail_return": TEMPLATE} | facts | changes)

        def keep(content: bytes, name: str) -> tuple[str, str, int]:
            return vault.keep(settings.data, (content,), name)

        return Letterbox(settings=settings, store=store, calendar=CALENDAR, keep=keep, lookup=lookup)

    return made


def issue(store: Store, *duties: Any) -> dict[str, Notice]:
    """A paper whose first letters have left; the letters by recipient."""
    open_directive(store, paper(*(duties or (LEAFLETS,))), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    return {each.recipient.id: each for each in post(store, CALENDAR, LEFT)}


def state(store: Store, letter: Notice) -> str:
    [row] = ask(store, "SELECT state FROM notices WHERE id = :id", id=letter.id)
    return str(row.state)


def mail_state(store: Store, code: str = "insurance") -> str:
    [row] = ask(store, "SELECT mail_state FROM agencies WHERE code = :code", code=code)
    return str(row.mail_state)


def waiting(store: Store) -> list[Reply]:
    with store.read() as db:
        return list(replying.waiting(db, CALENDAR))


# Letters that come back

def test_s66_a_bounce_with_a_valid_mac_finds_its_letter_and_is_dealt_with_once(store: Store, dovecot: Dovecot, desk: Desk) -> None:
    letter = issue(store)["insurance"]
    box = desk(store)
    assert box.envelopes
    back = bounce(sent(letter, box.envelopes.sender(letter.id, letter.date)), quoted=False)
    dovecot.receive(back)
    assert box.read(LATER) == Read(back=1)
    assert (state(store, letter), mail_state(store)) == ("undeliverable", "bad")
    assert [row.told_at for row in ask(store, "SELECT told_at FROM tasks")] == [None]
    dovecot.receive(back, bounce(sent(letter, box.envelopes.sender(letter.id, letter.date)), message_id="<b2@relay.example>"))
    assert box.read(LATER) == Read(nothing=2)
    assert len(ask(store, "SELECT 1 FROM events WHERE kind = 'bounced'")) == 1
    assert dovecot.lying() == {"INBOX": 0, "Done": 3}


@pytest.mark.parametrize("spoil", [
    pytest.param(lambda sender: sender.replace("@", "a@"), id="another MAC"),
    pytest.param(lambda sender: f"{sender.partition('.')[0]}f.{sender.partition('.')[2]}", id="another letter"),
    pytest.param(lambda sender: Envelopes(TEMPLATE, (b"x" * 32,)).sender(1, LEFT), id="another office's key"),
])
def test_s66_a_forged_bounce_suppresses_nothing_whatever_it_quotes(
    sqlite_store: Store, dovecot: Dovecot, desk: Desk, spoil: Callable[[str], str]
) -> None:
    letter, box = issue(sqlite_store)["insurance"], desk(sqlite_store)
    assert box.envelopes
    dovecot.receive(bounce(sent(letter, spoil(box.envelopes.sender(letter.id, letter.date)))))
    assert box.read(LATER) == NOTHING
    assert (state(sqlite_store, letter), mail_state(sqlite_store)) == ("sent", "ok")


def test_s66_an_expired_mac_is_ignored_and_a_letter_that_nobody_sent_too(sqlite_store: Store, dovecot: Dovecot, desk: Desk) -> None:
    letter, box = issue(sqlite_store)["insurance"], desk(sqlite_store)
    assert box.envelopes
    old = box.envelopes.sender(letter.id, letter.date)
    never = box.envelopes.sender(letter.id + 10_000, letter.date)
    dovecot.receive(bounce(sent(letter, old)), bounce(sent(letter, never), message_id="<b2@relay.example>"))
    assert box.read(letter.date + LIVES + timedelta(days=1)) == Read(nothing=2)
    assert (state(sqlite_store, letter), mail_state(sqlite_store)) == ("sent", "ok")


def test_s66_without_envelopes_the_returned_headers_name_the_letter_and_must_have_its_date(
    sqlite_store: Store, dovecot: Dovecot, desk: Desk
) -> None:
    letters, box = issue(sqlite_store), desk(sqlite_store, mail_return="")
    guessed = sent(letters["radio"])._replace(date=letters["radio"].date + timedelta(seconds=1))
    foreign = sent(letters["radio"])._replace(message_id=f"<n.{letters['radio'].id}@elsewhere.example>")
    others = (bounce(of, message_id=f"<b{no}@relay.example>") for no, of in enumerate((guessed, foreign), start=2))
    dovecot.receive(bounce(sent(letters["insurance"])), *others)
    assert box.read(LATER) == Read(back=1, nothing=2)
    assert [state(sqlite_store, letters[code]) for code in ("insurance", "radio")] == ["undeliverable", "sent"]


def test_s66_a_bounce_that_comes_before_our_commit_is_matched_when_it_is_read_again(store: Store, dovecot: Dovecot, desk: Desk) -> None:
    open_directive(store, paper(LEAFLETS), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    [letter] = [each for each in LedgerOutbox(store, CALENDAR, "office.example").claim("new", LEFT, 50) if each.recipient.id == "insurance"]
    box = desk(store)
    assert box.envelopes
    dovecot.receive(bounce(sent(letter, box.envelopes.sender(letter.id, letter.date))))
    assert box.read(LEFT) == Read(early=1)
    assert dovecot.lying()["INBOX"] == 1
    LedgerOutbox(store, CALENDAR, "office.example").recover(LEFT + timedelta(minutes=16))  # whoever sent it has died
    assert state(store, letter) == "uncertain"
    assert box.read(LEFT + timedelta(minutes=16)) == Read(back=1)
    assert (state(store, letter), mail_state(store)) == ("undeliverable", "bad")


def test_s66_a_late_bounce_of_an_older_letter_leaves_a_corrected_address_alone(store: Store, dovecot: Dovecot, desk: Desk) -> None:
    letter, box = issue(store)["insurance"], desk(store)
    mended = PEOPLE.agencies["insurance"].model_copy(update={"mail": "moi@office.example"})
    with store.write() as db:
        roster.enter(db, PEOPLE.model_copy(update={"agencies": {**PEOPLE.agencies, "insurance": mended}}), LATER)
    assert box.envelopes
    dovecot.receive(bounce(sent(letter, box.envelopes.sender(letter.id, letter.date))))
    assert box.read(LATER + timedelta(days=1)) == Read(back=1)
    assert (state(store, letter), mail_state(store)) == ("undeliverable", "ok")


@pytest.mark.parametrize(("report", "became"), [
    pytest.param(("5.1.1", "failed"), ("undeliverable", "bad"), id="s47: no such mailbox"),
    pytest.param(("5.1.10", "failed"), ("undeliverable", "bad"), id="s47: null MX"),
    pytest.param(("5.2.1", "failed"), ("undeliverable", "bad"), id="s47: closed"),
    pytest.param(("5.7.1", "failed"), ("failed", "ok"), id="s47: a policy, not the address"),
    pytest.param(("5.1.8", "failed"), ("failed", "ok"), id="s47: our own address is blamed"),
    pytest.param(("5.2.2", "failed"), ("failed", "ok"), id="s47: full"),
    pytest.param(("4.4.7", "failed"), ("failed", "ok"), id="s66: given up after days"),
    pytest.param(("4.4.1", "delayed"), ("sent", "ok"), id="s66: a delay is no bounce"),
    pytest.param(("2.0.0", "delivered"), ("sent", "ok"), id="s66: delivered"),
])
def test_s47_what_a_bounce_says_decides_whether_the_address_is_to_blame(
    sqlite_store: Store, dovecot: Dovecot, desk: Desk, report: tuple[str, str], became: tuple[str, str]
) -> None:
    letter, box = issue(sqlite_store)["insurance"], desk(sqlite_store)
    assert box.envelopes
    dovecot.receive(bounce(sent(letter, box.envelopes.sender(letter.id, letter.date)), report[0], action=report[1], words=""))
    box.read(LATER)
    assert (state(sqlite_store, letter), mail_state(sqlite_store)) == became
    told = [row.told_at is None for row in ask(sqlite_store, "SELECT told_at FROM tasks")]
    assert told == [became[0] != "sent"]  # whoever was never told is not late by himself
    assert len(ask(sqlite_store, "SELECT 1 FROM failures WHERE until IS NULL")) == (became[0] == "failed")


def test_s47_after_a_bounce_nothing_more_is_sent_and_nobody_above_hears(sqlite_store: Store, dovecot: Dovecot, desk: Desk) -> None:
    letter, box = issue(sqlite_store)["insurance"], desk(sqlite_store)
    assert box.envelopes
    dovecot.receive(bounce(sent(letter, box.envelopes.sender(letter.id, letter.date))))
    box.read(LATER)
    after = [each for _, each in play(sqlite_store, CALENDAR, PRACTICE, LATER, at("2020-06-30"))]
    assert "insurance" not in {each.recipient.id for each in after}
    above = [item for each in after if each.recipient.id in ("office", "deputy") for item in each.items]
    assert above
    assert all(item.is_unheard for item in above)  # that his address is broken, not that he is late


def test_s66_an_old_mail_servers_own_words_are_understood(sqlite_store: Store, dovecot: Dovecot, desk: Desk) -> None:
    letter, box = issue(sqlite_store)["insurance"], desk(sqlite_store)
    assert box.envelopes
    words = f"""From: MAILER-DAEMON@relay.example
To: {box.envelopes.sender(letter.id, letter.date)}
Subject: failure notice

Hi. This is the qmail-send program at relay.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<insurance@office.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Message-ID: {letter.message_id}
"""
    dovecot.receive(words.replace("\n", "\r\n").encode())
    assert box.read(LATER) == Read(back=1)
    assert mail_state(sqlite_store) == "bad"


# What does nothing

RUBBISH = {
    "nothing": b"",
    "noise": bytes(range(256)) * 40,
    "eight bits in every header": b"From: \xff\xfe <\xe9@\xe8>\r\nTo: \xff\r\nSubject: \xc3\x28=?utf-8?b?////?=\r\nDate: \xff\r\n\r\nXONG",
    "a report in a report": b"".join(
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(60)),
    "deep": b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(3000)),
    "a status that is none": b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
    b"Content-Type: message/delivery-status\r\n\r\n\xff\xfe: \xff\r\n\r\nAction: failed\r\nStatus: \xff\r\n\r\n--b--",
}


@pytest.mark.parametrize("rubbish", RUBBISH.values(), ids=RUBBISH)
def test_s66_rubbish_is_told_apart_without_a_crash(rubbish: bytes) -> None:
    arrived(rubbish, frozenset({OFFICE}))


def test_s66_rubbish_and_fifty_megabytes_do_not_stop_the_message_behind_them(
    sqlite_store: Store, dovecot: Dovecot, desk: Desk
) -> None:
    letter, box = issue(sqlite_store)["insurance"], desk(sqlite_store)
    plain = answer("XONG", to=sent(letter), key="huge")
    huge = plain.replace(b"XONG", b"XONG\r\n\r\n" + (b"y" * 76 + b"\r\n") * 640_000)
    assert len(huge) > 49_000_000 > MOST
    dovecot.receive(*filter(None, RUBBISH.values()), huge, answer("LÙI 30/5 vì mưa", to=sent(letter), at=LATER))
    found = box.read(LATER)
    assert (found.proposed, found.back) == (2, 0)
    assert sum(dovecot.lying().values()) == len(RUBBISH) + 1
    assert dovecot.lying()["INBOX"] == 0


@pytest.mark.parametrize("message", [
    pytest.param(answer("XONG", Auto_Submitted="auto-replied"), id="RFC 3834"),
    pytest.param(answer("XONG", Auto_Submitted="auto-generated; x=y"), id="a machine"),
    pytest.param(answer("XONG", X_Auto_Response_Suppress="All"), id="Exchange"),
    pytest.param(answer("XONG", Precedence="bulk"), id="in bulk"),
    pytest.param(answer("XONG", List_Id="<nhom.office.example>"), id="a list"),
    pytest.param(answer("XONG", sender=OFFICE), id="our own address"),
    pytest.param(answer("XONG", X_Dondoc_Letter="digest"), id="our own letter"),
    pytest.param(answer("XONG", subject="Automatic reply: Nhắc việc"), id="out of the office in the subject alone"),
    pytest.param(answer("XONG", subject="Trả lời tự động: nghỉ phép đến 1/6"), id="the same in Vietnamese"),
    pytest.param(answer("XONG", sender="stranger@elsewhere.example"), id="a stranger"),
    pytest.param(answer("XONG", sender="no-reply@office.example"), id="nobody's"),
    pytest.param(answer("Cảm ơn"), id="thanks"),
])
def test_s66_what_no_agency_has_written_itself_proposes_nothing(
    sqlite_store: Store, dovecot: Dovecot, desk: Desk, message: bytes
) -> None:
    issue(sqlite_store)
    dovecot.receive(message)
    found = desk(sqlite_store).read(LATER)
    assert (found.proposed, found.nothing + found.unread) == (0, 1)
    assert waiting(sqlite_store) == []


@pytest.mark.parametrize("lane", ["new", "digest", "receipt", "escalation"])
def test_m39_our_own_letters_given_back_to_us_do_nothing(lane: Any) -> None:
    from tests.notices import receipt

    of = notice(lane, work(), receipt=receipt("done") if lane == "receipt" else None)
    assert arrived(composer().compose(of), frozenset()).kind == "own"


def test_m39_a_mailbox_of_our_own_letters_stays_without_effect(sqlite_store: Store, dovecot: Dovecot, desk: Desk) -> None:
    issue(sqlite_store)
    dovecot.receive(composer(sender=OFFICE).compose(notice("new", work())))
    assert desk(sqlite_store).read(LATER) == NOTHING


# Answers

def test_an_answer_is_a_proposal_until_somebody_confirms_it(store: Store, dovecot: Dovecot, desk: Desk) -> None:
    letter = issue(store)["insurance"]
    files = (("bao-cao.png", PNG), ("virus.exe", b"MZ"), ("gia.png", b"not a picture"))
    text = "XONG\n\nOn Mon, May 18, 2020 UBND <a@b.example> wrote:\n> XONG chưa?"
    dovecot.receive(answer(text, to=sent(letter), files=files, at=LATER))
    box = desk(store)
    assert box.read(LATER) == Read(proposed=1)
    assert box.read(LATER) == Read()
    [reply] = waiting(store)
    assert reply.work is not None
    assert (reply.work.clause, reply.said.kind, reply.words) == ("6.4", "done", "XONG")
    assert [name for _, name, _ in reply.files] == ["bao-cao.png"]
    assert [row.state for row in ask(store, "SELECT state FROM tasks")] == ["open"]
    someone = Said(name="Cán bộ tổng hợp", role="Văn phòng")
    receipt = replying.accept(store, CALENDAR, reply.id, someone, LATER)
    again = replying.accept(store, CALENDAR, reply.id, someone, LATER)
    assert (receipt.refusal, receipt.new, again.new, again.number) == ("", True, False, receipt.number)
    assert [row.state for row in ask(store, "SELECT state FROM tasks")] == ["done"]
    assert [row.name for row in ask(store, "SELECT name FROM evidence")] == ["bao-cao.png"]
    [event] = ask(store, "SELECT payload FROM events WHERE kind = 'done'")
    assert '"source":"thư số 1"' in event.payload
    assert waiting(store) == []


def test_an_agency_confirms_its_own_answers_and_no_others(sqlite_store: Store, dovecot: Dovecot, desk: Desk) -> None:
    letter = issue(sqlite_store, duty("3", "insurance", due=by("2020-05-29")))["insurance"]
    dovecot.receive(answer("LÙI 5/6 vì mưa", to=sent(letter), at=LATER))
    desk(sqlite_store).read(LATER)
    [reply] = waiting(sqlite_store)
    clerk = Said(name="Văn thư", role="Công chức", link="l1")
    assert replying.accept(sqlite_store, CALENDAR, reply.id, clerk, LATER, by="radio").refusal == "Không có thư trả lời này."
    assert not replying.refuse(sqlite_store, reply.id, LATER, by="radio")
    assert replying.accept(sqlite_store, CALENDAR, reply.id, clerk, LATER, by="insurance").refusal == ""
    assert [str(row.until) for row in ask(sqlite_store, "SELECT until FROM requests")] == ["2020-06-05"]


def test_what_the_rules_refuse_waits_on_with_the_reason(sqlite_store: Store, dovecot: Dovecot, desk: Desk) -> None:
    letter = issue(sqlite_store)["insurance"]
    dovecot.receive(answer("LÙI 22/5 vì mưa", to=sent(letter), at=LATER))
    desk(sqlite_store).read(LATER)
    [reply] = waiting(sqlite_store)
    words = replying.accept(sqlite_store, CALENDAR, reply.id, Said(name="A", role="B"), LATER).refusal
    assert "phải sau thời hạn" in words
    assert [each.note for each in waiting(sqlite_store)] == [words]
    assert replying.refuse(sqlite_store, reply.id, LATER)
    assert waiting(sqlite_store) == []
    assert replying.accept(sqlite_store, CALENDAR, reply.id, Said(name="A", role="B"), LATER).refusal


@pytest.mark.parametrize(("text", "clauses"), [
    ("85%", ["10"]),
    ("6.4: XONG\n10: 1.234/1.500", ["6.4", "10"]),
    ("Đang làm", [None]),
    ("9.9: XONG", [None]),
])
def test_an_answer_finds_its_task_by_its_clause_or_by_what_alone_it_can_be_about(
    sqlite_store: Store, dovecot: Dovecot, desk: Desk, text: str, clauses: list[str | None]
) -> None:
    letter = issue(sqlite_store, LEAFLETS, duty("3", "insurance", due=by("2020-05-29")), MEASURED)["insurance"]
    dovecot.receive(answer(text, to=sent(letter), at=LATER))
    desk(sqlite_store).read(LATER)
    assert [reply.work.clause if reply.work else None for reply in waiting(sqlite_store)] == clauses


def test_an_answer_about_no_task_is_confirmed_with_the_task_that_is_meant(sqlite_store: Store, dovecot: Dovecot, desk: Desk) -> None:
    letter = issue(sqlite_store, LEAFLETS, duty("3", "insurance", due=by("2020-05-29")))["insurance"]
    dovecot.receive(answer("XONG", to=sent(letter), at=LATER))
    desk(sqlite_store).read(LATER)
    [reply] = waiting(sqlite_store)
    with sqlite_store.read() as db:
        third = task(db, "3", "insurance")
    who = Said(name="A", role="B")
    assert replying.accept(sqlite_store, CALENDAR, reply.id, who, LATER).refusal == "Chưa rõ thư nói về việc nào."
    assert replying.accept(sqlite_store, CALENDAR, reply.id, who, LATER, task=third).refusal == ""


# Trust

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = KEY.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
PUBLIC = "".join(
    KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode().split("\n")[1:-2]
)


def lookup(name: bytes, timeout: int = 5) -> bytes | None:
    """The name server of office.example and nobody else."""
    return f"v=DKIM1; k=rsa; p={PUBLIC}".encode() if name.rstrip(b".") == b"s1._domainkey.office.example" else None


def signed(message: bytes, domain: bytes = b"office.example", **how: Any) -> bytes:
    message = message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return bytes(dkim.sign(message, b"s1", domain, PRIVATE, **how)) + message


@pytest.mark.parametrize(("spoil", "done"), [
    pytest.param(signed, 1, id="signed"),
    pytest.param(lambda plain: plain, 0, id="unsigned"),
    pytest.param(lambda plain: signed(plain).replace(b"XONG", b"LUI "), 0, id="changed on the way"),
    pytest.param(lambda plain: signed(plain, length=True) + b"\r\nvirus", 0, id="only its beginning is signed"),
    pytest.param(lambda plain: signed(plain, b"elsewhere.example"), 0, id="by somebody else"),
    pytest.param(lambda plain: b"From: radio@office.example\r\n" + signed(plain), 0, id="two senders"),
])
def test_a_trusted_domains_signed_answer_is_done_at_once_and_answered_with_a_receipt(
    sqlite_store: Store, dovecot: Dovecot, desk: Desk, spoil: Callable[[bytes], bytes], done: int
) -> None:
    letter = issue(sqlite_store, duty("3", "insurance", due=by("2020-05-29")))["insurance"]
    dovecot.receive(spoil(answer("XONG", to=sent(letter), at=LATER)))
    box = desk(sqlite_store, lookup, reply_trust="office.example")
    assert box.read(LATER).done == done
    receipts = ask(sqlite_store, "SELECT a.mail FROM notices n JOIN agencies a ON a.id = n.recipient WHERE lane = 'receipt'")
    assert [row.mail for row in receipts] == ["insurance@office.example"] * done
    assert box.read(LATER) == Read()


def test_a_domain_that_nobody_trusts_only_proposes(sqlite_store: Store, dovecot: Dovecot, desk: Desk) -> None:
    letter = issue(sqlite_store)["insurance"]
    dovecot.receive(signed(answer("XONG", to=sent(letter), at=LATER)))
    assert desk(sqlite_store, lookup, reply_trust="other.example").read(LATER) == Read(proposed=1)


def test_what_is_trusted_and_refused_waits_for_a_person(sqlite_store: Store, dovecot: Dovecot, desk: Desk) -> None:
    letter = issue(sqlite_store)["insurance"]
    dovecot.receive(signed(answer("XONG", to=sent(letter), at=LATER)))
    box = desk(sqlite_store, lookup, reply_trust="office.example")
    assert box.read(LATER) == Read(proposed=1)
    assert "minh chứng" in waiting(sqlite_store)[0].note
    assert box.read(LATER) == Read()


# The mailbox

def test_a_message_that_was_recorded_and_not_moved_is_moved_and_does_nothing_again(
    sqlite_store: Store, dovecot: Dovecot, desk: Desk
) -> None:
    letter, box = issue(sqlite_store)["insurance"], desk(sqlite_store)
    dovecot.receive(answer("Đang làm", to=sent(letter), at=LATER, key="same"))
    box.read(LATER)
    dovecot.receive(answer("Đang làm", to=sent(letter), at=LATER, key="same"))
    assert box.read(LATER) == NOTHING
    assert len(waiting(sqlite_store)) == 1
    [row] = ask(sqlite_store, "SELECT uid, uidvalidity, key FROM received")
    assert (row.uid > 0, row.uidvalidity > 0, row.key) == (True, True, "<same@office.example>")


@pytest.mark.parametrize(("tls", "port", "trusted"), [("tls", "tls_port", True), ("starttls", "port", True), ("tls", "tls_port", False)])
def test_a_mailbox_is_read_encrypted_and_its_server_must_prove_itself(server: Dovecot, tls: str, port: str, trusted: bool) -> None:
    box = server.box(tls=tls, port=getattr(server, port), ca=server.folder / "ca.pem" if trusted else None)
    if trusted:
        with opened(box) as mailbox:
            list(mailbox.messages())
    else:
        with pytest.raises(MailboxAwayError, match="certificate"), opened(box):
            pass


def test_a_mailbox_elsewhere_is_not_read_in_the_clear() -> None:
    with pytest.raises(ValueError, match="unencrypted"):
        box_of(Settings(imap_host="imap.example", imap_tls="plain"))
    assert box_of(Settings()) is None


def test_a_mailbox_that_is_away_says_so_without_its_password(server: Dovecot) -> None:
    with pytest.raises(MailboxAwayError) as away, opened(server.box(port=1)):
        pass
    assert "127.0.0.1" in str(away.value)
    assert real.PASSWORD not in str(away.value) + repr(server.box())


@pytest.mark.parametrize("template", ["tra-lai@office.example", "{}{}@office.example", "{}@", f"{'a' * 40}{{}}@office.example"])
def test_an_envelope_that_cannot_be_an_address_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match="ví dụ"):
        Settings(mail_return=template)


def test_an_envelopes_sender_is_short_and_outlives_a_new_key() -> None:
    old, new = b"o" * 32, b"n" * 32
    sender = Envelopes(TEMPLATE, (old,)).sender(10**9, LEFT)
    assert len(sender.partition("@")[0]) <= 64
    assert Envelopes(TEMPLATE, (new, old)).read((sender.upper(),), LATER) == ("letter", 10**9)
    assert Envelopes(TEMPLATE, (new,)).read((sender,), LATER).said == "forged"
    assert message_from_bytes(bounce(Sent("<n.1@a>", LEFT, sender, "x@y.example")))["To"] == sender


def test_each_letter_leaves_under_an_envelope_that_names_it() -> None:
    envelopes = Envelopes(TEMPLATE, (b"k" * 32,))

    async def said() -> list[str]:
        async with Scripted() as server:
            letters = [notice("new", work(), number=number) for number in (7, 8)]
            await deliver(Box(letters), server.relay(envelope=envelopes.sender), composer().compose, LEFT)
            return sorted(line for line in server.said if line.startswith("MAIL"))

    senders = [line.partition("<")[2].partition(">")[0] for line in asyncio.run(said())]
    assert sorted(envelopes.read((sender,), AT).letter for sender in senders) == [7, 8]
