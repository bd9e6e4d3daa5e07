"""Copies of a ledger: made while letters leave, whole, for their owner alone; one that is put back sends nothing until it is released."""

from __future__ import annotations

import stat
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from notifications.sink import Sink
from tasks.ledger import audit, breaker, keeping
from tasks.ledger.keeping import KeepingError
from tasks.ledger.opening import open_directive
from tasks.ledger.outbox import DOUBT, LEASE, LedgerOutbox
from tasks.ledger.store import Store
from tests import command_line
from tests.carrier import carry
from tests.clockwork import post, turn
from tests.command_line import SAMPLE, Terminal
from tests.rows import ask
from tests.sample import CALENDAR, LEAFLETS, PEOPLE, PRACTICE, at, by, duty, paper
from tests.test_kill import LEFT, issue

dondoc = command_line.dondoc
ISSUED = at("2020-05-18")
MORNING = at("2020-05-22", "07:30")
PLAIN = duty("3", "radio", due=by("2020-05-29"))


def begun(store: Store) -> None:
    open_directive(store, paper(LEAFLETS, PLAIN), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)


def restored(copy: Path, folder: Path) -> Store:
    ledger = folder / "ledger.sqlite"
    keeping.restore(copy, ledger, MORNING)
    return Store(f"sqlite:///{ledger}")


def test_d78_a_copy_made_while_letters_leave_is_whole_and_goes_on_where_it_was(sqlite_store: Store, tmp_path: Path) -> None:
    issue(sqlite_store, 300)
    url = sqlite_store.url.render_as_string()
    with Sink(tmp_path / "sink") as sink:
        carrier = threading.Thread(target=carry, args=(url, sink.port, 2, LEFT))
        carrier.start()
        copies = [tmp_path / f"copy-{n}.sqlite" for n in range(3)]
        for copy in copies:
            while carrier.is_alive() and len(sink.received) < 40 * (1 + copies.index(copy)):
                carrier.join(0.005)
            keeping.back_up(sqlite_store, copy, LEFT)
        carrier.join()
    for n, copy in enumerate(copies):
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        assert [path.name for path in tmp_path.glob(f"{copy.name}*")] == [copy.name]
        (tmp_path / f"home-{n}").mkdir()
        with_it = restored(copy, tmp_path / f"home-{n}")
        with with_it.read() as db:
            assert (list(audit.breaks(db)), list(audit.departures(db, CALENDAR))) == ([], [])
        assert len(ask(with_it, "SELECT 1 FROM notices")) == 300
        assert ask(with_it, "PRAGMA integrity_check")[0][0] == "ok"
        with_it.close()


def test_d78_what_a_copy_decides_is_what_the_ledger_decided(sqlite_store: Store, tmp_path: Path) -> None:
    begun(sqlite_store)
    post(sqlite_store, CALENDAR, ISSUED + timedelta(minutes=10))
    keeping.back_up(sqlite_store, tmp_path / "copy.sqlite", ISSUED)
    copy = restored(tmp_path / "copy.sqlite", tmp_path)
    keeping.settle(copy, ISSUED, ISSUED)
    release(copy)
    found = []
    for store in (sqlite_store, copy):
        turn(store, CALENDAR, PRACTICE, MORNING)
        found.append([(n.key, n.lane, n.items, n.date, n.message_id) for n in post(store, CALENDAR, MORNING)])
    assert found[0] == found[1] != []
    copy.close()


def release(store: Store) -> None:
    breaker.release(store, CALENDAR, PRACTICE, MORNING, "Người trực")


@pytest.mark.parametrize("left", [True, False])
def test_d79_yesterdays_copy_sends_nothing_until_it_is_released(sqlite_store: Store, tmp_path: Path, left: bool) -> None:
    begun(sqlite_store)
    keeping.back_up(sqlite_store, tmp_path / "copy.sqlite", ISSUED)
    gone = post(sqlite_store, CALENDAR, ISSUED + timedelta(minutes=10))  # after the copy was made
    store = restored(tmp_path / "copy.sqlite", tmp_path)
    turn(store, CALENDAR, PRACTICE, MORNING)
    LedgerOutbox(store, CALENDAR, "office.example").recover(MORNING + LEASE + DOUBT)
    assert post(store, CALENDAR, MORNING) == []
    assert ask(store, "SELECT 1 FROM notice_items WHERE rung > 0") == []
    if left:
        assert keeping.settle(store, ISSUED + timedelta(hours=1), MORNING) == len(gone)
    release(store)
    turn(store, CALENDAR, PRACTICE, MORNING + timedelta(minutes=1))
    again = {notice.key for notice in post(store, CALENDAR, MORNING + timedelta(minutes=1))}
    assert bool(again & {notice.key for notice in gone}) is not left
    assert keeping.settle(store, MORNING + timedelta(days=9), MORNING) == 0  # of a ledger at work nothing is taken to have left
    store.close()


def test_d79_a_ledger_put_back_by_other_means_is_held_by_hand(store: Store) -> None:
    begun(store)
    keeping.hold(store, ISSUED)
    assert post(store, CALENDAR, ISSUED + timedelta(minutes=10)) == []
    release(store)
    assert post(store, CALENDAR, MORNING) != []


def test_d79_a_ledger_that_is_in_use_is_not_replaced_and_rubbish_never_replaces_one(sqlite_store: Store, tmp_path: Path) -> None:
    begun(sqlite_store)
    keeping.back_up(sqlite_store, tmp_path / "copy.sqlite", ISSUED)
    with pytest.raises(KeepingError, match="đã có"):
        keeping.back_up(sqlite_store, tmp_path / "copy.sqlite", ISSUED)
    ledger = Path(str(sqlite_store.url.database))
    with pytest.raises(KeepingError, match="đang được dùng"):
        keeping.restore(tmp_path / "copy.sqlite", ledger, MORNING)
    rubbish = tmp_path / "rubbish.sqlite"
    rubbish.write_bytes((tmp_path / "copy.sqlite").read_bytes()[:5000] + b"\xff" * 9000)
    sqlite_store.close()
    before = ledger.read_bytes()
    with pytest.raises(KeepingError):
        keeping.restore(rubbish, ledger, MORNING)
    assert ledger.read_bytes() == before
    assert [path.name for path in tmp_path.glob("*.part")] == []


def test_d79_the_commands_copy_restore_and_release(dondoc: Terminal) -> None:
    dondoc("apply", SAMPLE, "--yes")
    assert dondoc("db", "backup", "so.sqlite").code == 0
    assert "không thư nào rời đi" in dondoc("db", "restore", "so.sqlite").out
    assert "khôi phục" in dondoc("status").out
    assert "hoạt động trở lại" in dondoc("release", "--left-by", "2/3/2026").out
    assert "khôi phục" not in dondoc("status").out
    assert dondoc("db", "backup", "so.sqlite").code == 1
    assert dondoc("db", "restore", "khong-co.sqlite").code == 1
    assert dondoc("db", "hold").code == 0


