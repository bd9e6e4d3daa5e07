"""The store, line by line of the matrix: tables that come in, locks, full disks, databases that go away; nothing is half done."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from notifications.delivery import Delivered, deliver
from notifications.relay import Relay
from notifications.sink import Sink
from tasks.ledger import migrate, ownership
from tasks.ledger.opening import open_directive
from tasks.ledger.outbox import DOUBT, LEASE, LedgerOutbox
from tasks.ledger.reach import LedgerAwayError, reached
from tasks.ledger.store import SAFE_WAL, Store
from tasks.ledger.sweep import sweep
from tasks.ledger.trying import TRIES, persistent
from tests import command_line, postgres
from tests.clockwork import post, turn
from tests.command_line import SAMPLE, Terminal
from tests.conftest import on_postgres
from tests.notices import composer
from tests.rows import ask, counts, everything, tell
from tests.sample import CALENDAR, LEAFLETS, PEOPLE, PRACTICE, at, by, duty, paper
from tests.test_agencies import SCHOOLS, kept, put, workbook
from tests.test_kill import LEFT, issue
from tests.test_matrix_data import lived
from tests.test_migrations import laid_out
from tests.voices import says

dondoc = command_line.dondoc
ISSUED = at("2020-05-18")
MORNING = at("2020-05-22", "07:30")
PLAIN = duty("3", "radio", due=by("2020-05-29"))
HEAD = "Mã trường;Tên trường;Trực thuộc;Email\n"


def begun(store: Store) -> None:
    open_directive(store, paper(LEAFLETS, PLAIN), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)


# D70, D71: tables

@pytest.mark.parametrize(("data", "line"), [
    pytest.param(f"{HEAD}A1;Trường A;ubnd-xa;a@x.example\nA1;Trường B;ubnd-xa;b@x.example\n".encode(), 3, id="the same id twice"),
    pytest.param(f"{HEAD}A1;Trường A;ubnd-xa;a@x.example\nA2;;ubnd-xa;b@x.example\n".encode(), 3, id="no name"),
    pytest.param(f"{HEAD}A1;Trường A;ubnd-xa;a@@x.example\n".encode(), 2, id="no address"),
    pytest.param(f"{HEAD}A1;Trường A;ubnd-xa;a@x.example\r\nA2;Trường B;khong-co;b@x.example\n".encode(), 3, id="mixed ends of lines"),
    pytest.param(f"{HEAD}A1;{'a' * 1_000_000};ubnd-xa;a@x.example\n".encode(), 2, id="a cell of a megabyte"),
])
def test_d70_one_bad_row_keeps_the_whole_table_out_and_is_named(dondoc: Terminal, data: bytes, line: int) -> None:
    before = sorted((dondoc.home / "config" / "agencies").iterdir())
    ended = dondoc("agencies", "import", put(dondoc, data))
    assert ended.code == 1
    assert f"truong.csv:{line}" in ended.out + ended.err
    assert sorted((dondoc.home / "config" / "agencies").iterdir()) == before


@pytest.mark.parametrize("data", [
    pytest.param(SCHOOLS.encode("utf-8-sig"), id="BOM"), pytest.param(SCHOOLS.encode("utf-16"), id="UTF-16"),
    pytest.param(SCHOOLS.replace("\n", "\r\n", 2).encode(), id="mixed ends"),
    pytest.param((SCHOOLS + ";;;;;;\n\n").encode(), id="blank rows"),
])
def test_d70_however_a_table_is_written_it_comes_in_whole(dondoc: Terminal, data: bytes) -> None:
    assert dondoc("agencies", "import", put(dondoc, data)).code == 0
    assert len(kept(dondoc).strip().splitlines()) == 4


def test_d70_formulas_and_merged_cells_are_told_with_their_row(dondoc: Terminal) -> None:
    rows = [("Mã trường", "Tên trường", "Trực thuộc", "Email"), ("A1", "Trường A", "ubnd-xa", "a@x.example"), ("A2", "=1+1", "ubnd-xa", "")]
    merged = workbook(*rows[:2], ("A2", "Trường B", "ubnd-xa", ""), merge="C2:C3")
    for data, line in ((workbook(*rows), 3), (merged, 2)):
        ended = dondoc("agencies", "import", put(dondoc, data, "truong.xlsx"))
        assert (ended.code, f"truong.xlsx:{line}" in ended.out + ended.err) == (1, True), ended


def test_d71_the_same_table_twice_brings_no_new_reader_and_no_letter(dondoc: Terminal) -> None:
    assert dondoc("agencies", "import", put(dondoc, SCHOOLS.encode())).code == 0
    assert dondoc("apply", SAMPLE, "--yes").code == 0
    with dondoc.office() as office:
        before, known = counts(office.store), kept(dondoc)
    assert dondoc("agencies", "import", put(dondoc, SCHOOLS.encode())).code == 0
    assert dondoc("apply", SAMPLE, "--yes").code == 0
    with dondoc.office() as office:
        assert (counts(office.store), kept(dondoc)) == (before, known)


# D72, locks of others

def impatient(store: Store, milliseconds: int) -> None:
    """From its next connection on the store waits no longer than that for another's lock."""
    @event.listens_for(store.engine, "connect")
    def _wait(connection: object, _: object) -> None:
        connection.execute(f"PRAGMA busy_timeout={milliseconds}").close()  # type: ignore[attr-defined]

    store.engine.dispose()


@pytest.mark.parametrize(("held", "patience", "waits"), [(0.25, 60_000, True), (5.0, 200, False)])
def test_d72_a_locked_ledger_is_waited_for_and_given_up_cleanly(sqlite_store: Store, held: float, patience: int, waits: bool) -> None:
    begun(sqlite_store)
    before, ended = everything(sqlite_store), threading.Event()
    impatient(sqlite_store, patience)
    other = Store(sqlite_store.url.render_as_string())  # which knows nothing of the queue, as a tool from outside
    with ThreadPoolExecutor(1) as thread:
        with other.engine.execution_options(write=True).begin():
            result = thread.submit(_spoken, sqlite_store)
            if waits:
                assert not ended.wait(held)
            else:
                assert isinstance(result.exception(timeout=held), LedgerAwayError)
                assert everything(other) == before
        assert waits is (result.exception() is None)
    assert says(sqlite_store, "radio", "progress", "3", MORNING, note="lần sau", key="again").number
    other.close()


def test_d72_a_turn_that_is_kept_too_long_ends_in_advice_and_is_given_on_afterwards(sqlite_store: Store) -> None:
    begun(sqlite_store)
    before = everything(sqlite_store)
    sqlite_store.patience = 0.2
    other = Store(sqlite_store.url.render_as_string())
    with other.write(), pytest.raises(LedgerAwayError, match=r"sổ bận hơn 0.2 giây.*fuser .*\.queue"), ThreadPoolExecutor(1) as thread:
        thread.submit(_spoken, sqlite_store).result(timeout=30)
    assert everything(sqlite_store) == before
    _spoken(other)  # nobody holds what was given up
    _spoken(sqlite_store)
    other.close()


def _spoken(store: Store) -> None:
    with reached():
        assert says(store, "radio", "progress", "3", MORNING, note="đang làm").number


# D73: a full disk

def test_d73_whatever_write_the_disk_refuses_nothing_is_lost_and_no_letter_leaves_unrecorded(sqlite_store: Store, tmp_path: Path) -> None:
    """The store's own bound on its pages stands for the disk's: the same error at the same places."""
    room = [0]

    @event.listens_for(sqlite_store.engine, "checkout")
    def _bound(connection: object, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={room[0] or 1_000_000}").close()  # type: ignore[attr-defined]

    failures = 0
    with Sink(tmp_path / "sink") as sink:
        for more in count(0, 3):
            room[0] = int(ask(sqlite_store, "PRAGMA page_count")[0][0]) + more
            with suppress(OperationalError):
                issue(sqlite_store, 60)
                _carry(sqlite_store, sink, LEFT)
                break
            failures, room[0] = failures + 1, 0
            assert ask(sqlite_store, "PRAGMA integrity_check")[0][0] == "ok"
            recorded = ask(sqlite_store, "SELECT count(*) AS n FROM notices WHERE state = 'sent'")[0].n
            assert len(sink.received) - recorded <= failures  # of a connection, the letter that was being recorded
        room[0] = 0
        assert failures > 3
        for again in (LEASE, LEASE + DOUBT):
            _carry(sqlite_store, sink, LEFT + again)
        assert len({received.recipient for received in sink.received}) == 60
        assert len(sink.received) - 60 <= failures
        assert {row.state for row in ask(sqlite_store, "SELECT state FROM notices")} == {"sent"}


def _carry(store: Store, sink: Sink, now: datetime) -> Delivered:
    outbox = LedgerOutbox(store, CALENDAR, "cairang.example")
    outbox.recover(now)
    relay = Relay(host="127.0.0.1", port=sink.port, sender="don-doc@cairang.example", tls="plain", connections=1)
    return asyncio.run(deliver(outbox, relay, composer().compose, now))


# D74, D75: what a ledger lies on

def test_d74_a_ledger_that_others_could_read_is_closed_to_them(dondoc: Terminal) -> None:
    dondoc("apply", SAMPLE, "--yes")
    ledger = dondoc.home / ".dondoc" / "ledger.sqlite"
    ledger.chmod(0o644)
    assert dondoc("status").code == 0
    assert stat.S_IMODE(ledger.stat().st_mode) == 0o600


def test_d74_what_cannot_be_opened_is_refused_in_words(dondoc: Terminal) -> None:
    (dondoc.home / "phang").write_text("không phải thư mục")
    (dondoc.home / "rubbish.sqlite").write_bytes(b"x" * 4096)
    for where in ("phang/so.sqlite", "directives", "rubbish.sqlite"):
        dondoc.write(".env", f"DONDOC_DATABASE=sqlite:///{dondoc.home}/{where}\n")
        ended = dondoc("status")
        assert ended.code in (1, 2, 75), where
        assert ended.err.strip(), where
        assert "Traceback" not in ended.err


@pytest.mark.parametrize(("said", "named"), [
    ("CREATE TABLE khach_hang (id integer); INSERT INTO khach_hang VALUES (1)", "bảng khach_hang"),
    ("PRAGMA application_id = 252006674; CREATE TABLE directives (id integer)", "chương trình khác"),
])
def test_d74_another_programs_file_is_left_as_it_was_and_named(dondoc: Terminal, said: str, named: str) -> None:
    other = dondoc.home / "khac.sqlite"
    with closing(sqlite3.connect(other)) as db:
        db.executescript(said)
    other.chmod(0o640)
    before, beside = (other.read_bytes(), other.stat().st_mode), sorted(dondoc.home.iterdir())
    dondoc.write(".env", f"DONDOC_DATABASE=sqlite:///{other}\n")
    for words in (("status",), ("db", "upgrade"), ("apply", SAMPLE, "--yes"), ("doctor",)):
        ended = dondoc(*words)
        told = ended.err + ended.out
        assert ended.code, words
        assert named in told, words
        assert "DONDOC_DATABASE" in told, words
    assert (other.read_bytes(), other.stat().st_mode) == before
    assert {path.name for path in dondoc.home.iterdir()} - {path.name for path in beside} <= {".env", ".dondoc"}


@pytest.mark.parametrize("lost", [lambda ledger: os.truncate(ledger, 0), Path.unlink], ids=["emptied", "gone"])
def test_d74_a_ledger_that_was_lost_is_missed_not_begun_anew(dondoc: Terminal, lost: Callable[[Path], None]) -> None:
    dondoc("apply", SAMPLE, "--yes")
    ledger, copy = dondoc.home / ".dondoc" / "ledger.sqlite", dondoc.home / "sao.sqlite"
    assert dondoc("db", "backup", str(copy)).code == 0
    for left in ("-wal", "-shm"):
        Path(f"{ledger}{left}").unlink(missing_ok=True)
    lost(ledger)
    for words in (("status",), ("apply", SAMPLE, "--yes"), ("db", "upgrade")):
        ended = dondoc(*words)
        assert (ended.code, "dondoc db restore" in " ".join(ended.err.split())) == (1, True), words
    assert dondoc("db", "restore", str(copy)).code == 0
    assert dondoc("status").code == 0


def test_d74_a_servers_ledger_that_was_lost_is_missed_not_begun_anew(dondoc: Terminal, request: pytest.FixtureRequest) -> None:
    store = on_postgres(request)
    url = store.url.set(password="geheim").render_as_string(hide_password=False)
    dondoc.write(".env", f"DONDOC_DATABASE={url}\n")
    assert dondoc("apply", SAMPLE, "--yes").code == 0
    memory = dondoc.home / ".dondoc" / "ledger.at"
    assert (stat.S_IMODE(memory.stat().st_mode), "geheim" in memory.read_text(), "dondoc@" in memory.read_text()) == (0o600, False, False)
    for statement in ("DROP SCHEMA public CASCADE", "CREATE SCHEMA public"):
        tell(store, statement)
    store.close()
    for words in (("status",), ("apply", SAMPLE, "--yes"), ("db", "upgrade")):
        ended = dondoc(*words)
        assert (ended.code, "pg_restore" in ended.err, str(memory) in "".join(ended.err.split())) == (1, True, True), words
    memory.unlink()
    assert dondoc("db", "upgrade").code == 0


def test_d74_a_missing_folder_is_made_for_its_owner_alone(dondoc: Terminal) -> None:
    dondoc.write(".env", f"DONDOC_DATABASE=sqlite:///{dondoc.home}/xa/so/so.sqlite\n")
    assert dondoc("db", "upgrade").code == 0
    assert stat.S_IMODE((dondoc.home / "xa" / "so").stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else for a while")
def test_d74_somebody_elses_ledger_is_refused_in_words(dondoc: Terminal, tmp_path: Path) -> None:
    dondoc("apply", SAMPLE, "--yes")
    dondoc("status")
    for folder in (dondoc.home, *dondoc.home.parents[:-2]):
        folder.chmod(folder.stat().st_mode | 0o055)
    (dondoc.home / ".dondoc").chmod(0o755)
    os.seteuid(65534)
    try:
        ended = dondoc("status")
    finally:
        os.seteuid(0)
    assert (ended.code, "không có quyền" in ended.err) == (1, True)


def test_d75_the_journal_is_the_fast_one_only_where_sqlite_keeps_every_commit(sqlite_store: Store) -> None:
    with sqlite_store.read() as db:
        version = tuple(int(part) for part in str(db.execute(text("SELECT sqlite_version()")).scalar()).split("."))
        assert db.execute(text("PRAGMA journal_mode")).scalar() == ("wal" if version >= SAFE_WAL else "delete")
        assert db.execute(text("PRAGMA synchronous")).scalar() == 2


# D76, D77: PostgreSQL

@pytest.fixture
def own_server() -> Iterator[tuple[Path, str]]:
    """A PostgreSQL that a test may restart."""
    with tempfile.TemporaryDirectory(prefix="dondoc-pg-", ignore_cleanup_errors=True) as folder, postgres.server(Path(folder)) as url:
        yield Path(folder), f"{url}/postgres"


@pytest.mark.long
def test_d76_a_database_that_restarts_under_the_work_loses_nothing(own_server: tuple[Path, str], tmp_path: Path) -> None:
    folder, url = own_server
    store = Store(url)
    migrate.upgrade(store)
    issue(store, 2_000)
    stop, restarts, now = threading.Event(), 0, LEFT

    def restart() -> int:
        done = 0
        while not stop.wait(1.5):
            postgres.restart(folder)
            done += 1
        return done

    with Sink(tmp_path / "sink") as sink, ThreadPoolExecutor(1) as thread:
        result = thread.submit(restart)
        while ask_again(store, "SELECT count(*) AS n FROM notices WHERE state = 'sent'") < 2_000:
            with suppress(DBAPIError):
                _carry(store, sink, now)
                sweep(store, CALENDAR, PRACTICE, now)
            now += LEASE + DOUBT + timedelta(minutes=1)
        stop.set()
        restarts = result.result()
        copies = Counter(received.recipient for received in sink.received)
    assert restarts > 1
    assert len(copies) == 2_000
    assert sum(copies.values()) - 2_000 <= restarts + 1
    store.close()


def ask_again(store: Store, query: str) -> int:
    """The first number of a query, as soon as the database answers."""
    while True:
        try:
            return int(ask(store, query)[0][0])
        except DBAPIError:
            continue


def test_d77_who_gives_way_in_a_deadlock_tries_again(request: pytest.FixtureRequest) -> None:
    store = on_postgres(request)
    begun(store)

    @event.listens_for(store.engine, "connect")
    def _soon(connection: object, _: object) -> None:
        connection.execute("SET deadlock_timeout = '150ms'")  # type: ignore[attr-defined]
        connection.commit()  # type: ignore[attr-defined]

    store.engine.dispose()
    other = Store(store.url.render_as_string(hide_password=False))
    with ThreadPoolExecutor(1) as thread, other.engine.connect() as db:
        db.execute(text("UPDATE tasks SET rung = rung"))
        result = thread.submit(says, store, "radio", "progress", "3", MORNING, note="đang làm")
        while not result.done() and not ask(other, "SELECT 1 FROM pg_locks WHERE NOT granted"):
            pass
        db.execute(text("UPDATE directives SET seq = seq"))  # now each waits for the other
        db.commit()
        assert result.result().number
    assert len(ask(other, "SELECT 1 FROM events WHERE kind = 'progress'")) == 1
    other.close()
    store.close()


def test_d77_trying_again_has_a_bound_and_is_for_those_errors_alone() -> None:
    class Refused(Exception):  # noqa: N818 - stands for the driver's own
        def __init__(self, sqlstate: str) -> None:
            self.sqlstate = sqlstate

    tries: list[str] = []

    @persistent
    def work(sqlstate: str) -> None:
        tries.append(sqlstate)
        raise DBAPIError("", None, Refused(sqlstate))

    for sqlstate in ("40P01", "40001", "23505"):
        with pytest.raises(DBAPIError):
            work(sqlstate)
    assert Counter(tries) == {"40P01": TRIES, "40001": TRIES, "23505": 1}


# D80, versions of the tables

class KilledError(Exception):
    """The process ends here."""


def test_d80_a_migration_that_was_killed_anywhere_is_done_by_the_next(tmp_path: Path) -> None:
    whole = Store(f"sqlite:///{tmp_path}/whole.sqlite")
    steps: list[str] = []
    event.listen(whole.engine, "before_cursor_execute", lambda *said: steps.append(said[2]))
    migrate.upgrade(whole)
    store = Store(f"sqlite:///{tmp_path}/killed.sqlite")
    left = [0]

    @event.listens_for(store.engine, "before_cursor_execute")
    def _dies(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise KilledError

    for moment in range(5, len(steps), max(1, len(steps) // 6)):
        left[0] = moment
        with pytest.raises(KilledError):
            migrate.upgrade(store)
    left[0] = 0
    migrate.upgrade(store)
    assert laid_out(store) == laid_out(whole)
    store.close()
    whole.close()


def test_d80_one_version_down_and_up_again_keeps_every_row(store: Store) -> None:
    lived(store)
    before, config = everything(store), Config()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    with store.write() as db:
        config.attributes["connection"] = db
        command.downgrade(config, "-1")
    migrate.upgrade(store)
    assert everything(store) == before
    turn(store, CALENDAR, PRACTICE, at("2020-06-29"))
    assert post(store, CALENDAR, at("2020-06-29"))
    tell(store, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ownership.StoreError, match="9999"):
        migrate.check(store)
