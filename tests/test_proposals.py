"""Plans that are kept and issues that wait for another person: exactly what was seen is issued, by two persons, once."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tasks.ledger import chain, opening, proposals
from tasks.ledger.proposals import Proposal, SamePersonError
from tasks.ledger.store import Store
from tests import command_line
from tests.command_line import MORNING, NUMBER, SAMPLE, Terminal
from tests.sample import CALENDAR, LEAFLETS, PEOPLE, PRACTICE, at, paper

dondoc = command_line.dondoc
NOW = at("2020-05-18", "08:00")
LATER = at("2020-05-18", "09:00")


# The ledger's side, on both stores

def asked(store: Store, **other: Any) -> Proposal:
    """An issue of 898/UBND that its author has asked for."""
    said: dict[str, Any] = {
        "number": "898/UBND", "issuer": "district", "issued_on": date(2020, 5, 18), "title": "Bảo hiểm y tế", "plan": "{}", "hash_": "a",
        "author": "soan", "now": NOW,
    }
    return proposals.propose(store, **said | other)


def test_an_issue_that_is_asked_for_twice_waits_once(store: Store) -> None:
    first = asked(store)
    assert asked(store, now=LATER, author="khac") == first
    with store.read() as db:
        assert proposals.waiting(db) == (first,)


def test_of_many_who_ask_at_once_one_waits(store: Store) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda n: asked(store, author=f"soan-{n}"), range(16)))
    assert len({proposal.id for proposal in found}) == 1


def test_another_plan_of_the_same_paper_replaces_the_one_that_waits(store: Store) -> None:
    first, second = asked(store), asked(store, hash_="b")
    with store.read() as db:
        assert proposals.waiting(db) == (second,)
        assert proposals.named(db, "898/UBND") == (second,)
    assert proposals.decide(store, first, "approved", "duyet", LATER).state == "replaced"


@pytest.mark.parametrize("judge", ["soan", "Soan", "SOAN"])
def test_nobody_decides_what_he_has_asked_for(store: Store, judge: str) -> None:
    with pytest.raises(SamePersonError, match="người khác duyệt"):
        proposals.decide(store, asked(store), "approved", judge, LATER)
    with store.read() as db:
        assert [each.state for each in proposals.waiting(db)] == ["waiting"]


def test_no_row_can_be_decided_by_its_author(store: Store) -> None:
    asked(store)
    with pytest.raises(IntegrityError, match=r"four_eyes|CHECK"), store.write() as db:
        db.execute(text("UPDATE proposals SET state = 'approved', judge = author"))


def test_what_was_decided_stays_decided(store: Store) -> None:
    proposal = asked(store)
    assert proposals.decide(store, proposal, "refused", "duyet", LATER, note="Sai hạn").note == "Sai hạn"
    again = proposals.decide(store, proposal, "approved", "khac", LATER)
    assert (again.state, again.judge) == ("refused", "duyet")


def test_the_papers_chain_keeps_who_asked_and_who_approved_once(store: Store) -> None:
    decided = proposals.decide(store, asked(store), "approved", "duyet", LATER)
    with store.read() as db:
        assert proposals.waiting(db) == (decided,)  # until it is carried out
    done = opening.open_directive(store, paper(LEAFLETS), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=LATER)
    for _ in range(2):
        proposals.carried_out(store, decided, done.directive, LATER)
    with store.read() as db:
        said = db.execute(text("SELECT e.kind, p.name FROM events e JOIN persons p ON p.id = e.person ORDER BY e.seq")).all()
        assert [tuple(row) for row in said] == [("proposed", "soan"), ("approved", "duyet")]
        assert chain.verify(db, done.directive) is None
        assert proposals.waiting(db) == ()


def test_of_many_who_decide_at_once_one_does(store: Store) -> None:
    proposal = asked(store)
    with ThreadPoolExecutor(8) as threads:
        said = list(threads.map(lambda n: proposals.decide(store, proposal, "approved", f"duyet-{n}", LATER).judge, range(16)))
    assert len(set(said)) == 1
    done = opening.open_directive(store, paper(LEAFLETS), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=LATER)
    with store.read() as db:
        [decided] = proposals.waiting(db)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: proposals.carried_out(store, decided, done.directive, LATER), range(16)))
    with store.read() as db:
        assert db.execute(text("SELECT count(*) FROM events WHERE kind IN ('proposed', 'approved')")).scalar_one() == 2
        assert chain.verify(db, done.directive) is None


def test_what_was_approved_and_never_carried_out_gives_way_to_a_newer_proposal(store: Store) -> None:
    proposals.decide(store, asked(store), "approved", "duyet", LATER)
    newer = asked(store, hash_="b")
    with store.read() as db:
        assert proposals.waiting(db) == proposals.named(db, "898/UBND") == (newer,)


# Plans as files

def rows(dondoc: Terminal) -> dict[str, int]:
    """How much stands in the ledger."""
    if not (dondoc.home / ".dondoc" / "ledger.sqlite").exists():
        return {"tasks": 0, "notices": 0}
    with dondoc.office() as office, office.store.read() as db:
        return {name: db.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in ("tasks", "notices")}


def test_a_plan_is_issued_as_it_was_seen_and_twice_is_once(dondoc: Terminal) -> None:
    seen = dondoc("plan", SAMPLE, "--out", "ke-hoach.json")
    assert seen.code == 0
    assert "dondoc apply ke-hoach.json" in seen.err
    plan = json.loads((dondoc.home / "ke-hoach.json").read_text(encoding="utf-8"))
    done = dondoc.json("apply", "ke-hoach.json", "--yes")
    assert (done["tasks"], done["letters"]) == (plan["totals"]["tasks"], plan["totals"]["letters"])
    assert dondoc.json("apply", "ke-hoach.json", "--yes")["letters"] == 0


def edit_file(dondoc: Terminal) -> None:
    dondoc.change(SAMPLE, "title: ", "title: Về việc ")


def edit_directory(dondoc: Terminal) -> None:
    [path] = (dondoc.home / "config" / "agencies").glob("*.yaml")
    path.write_text(path.read_text(encoding="utf-8").replace("Trạm Y tế xã", "Trạm Y tế xã mới"), encoding="utf-8")


def edit_calendar(dondoc: Terminal) -> None:
    dondoc.write("config/calendar.yaml", "off:\n  2026-03-05: Nghỉ bù\n")


def edit_settings(dondoc: Terminal) -> None:
    dondoc.write(".env", "DONDOC_GRACE=3\n")


def bounce(dondoc: Terminal) -> None:
    with dondoc.office() as office, office.store.write() as db:
        db.execute(text(
            "INSERT INTO agencies (code, name, short, mail_state) VALUES ('tram-y-te', 'Trạm Y tế xã', 'Trạm Y tế', 'bad')"
        ))


CHANGES = [
    pytest.param(edit_file, "tệp van-ban-mau.yaml đã đổi", id="file"),
    pytest.param(edit_directory, "danh bạ đã đổi", id="directory"),
    pytest.param(edit_calendar, "lịch nghỉ đã đổi", id="calendar"),
    pytest.param(edit_settings, "cài đặt grace (1 → 3) đã đổi", id="settings"),
    pytest.param(bounce, "trong sổ, tram-y-te đã khác", id="ledger"),
]


@pytest.mark.parametrize(("change", "words"), CHANGES)
def test_a_plan_whose_ground_has_changed_is_refused_with_its_name(
    dondoc: Terminal, change: Callable[[Terminal], None], words: str
) -> None:
    dondoc("plan", SAMPLE, "--out", "ke-hoach.json")
    change(dondoc)
    ended = dondoc("apply", "ke-hoach.json", "--yes")
    assert ended.code == 1
    assert words in " ".join(ended.err.split())
    assert f"dondoc plan {SAMPLE} --out ke-hoach.json" in ended.err
    assert rows(dondoc)["notices"] == 0


def test_numbers_written_into_a_plan_by_hand_are_found(dondoc: Terminal) -> None:
    dondoc("plan", SAMPLE, "--out", "ke-hoach.json")
    plan = json.loads((dondoc.home / "ke-hoach.json").read_text(encoding="utf-8"))
    plan["totals"]["letters"] += 1
    dondoc.write("ke-hoach.json", json.dumps(plan))
    assert "những thư khác" in dondoc("apply", "ke-hoach.json", "--yes").err
    dondoc.write("ke-hoach.json", json.dumps({"directive": NUMBER}))
    assert "không phải kế hoạch" in dondoc("apply", "ke-hoach.json", "--yes").err


def test_a_draft_cannot_be_promised(dondoc: Terminal) -> None:
    dondoc.change(SAMPLE, f"directive: {NUMBER}\n", "")
    ended = dondoc("plan", SAMPLE, "--out", "ke-hoach.json")
    assert ended.code == 2
    assert "chưa có số" in ended.err
    assert not (dondoc.home / "ke-hoach.json").exists()


# Four eyes

@pytest.fixture
def two(dondoc: Terminal, monkeypatch: pytest.MonkeyPatch) -> Callable[..., command_line.Ended]:
    """Runs a command as somebody, in a project where every issue is approved by another person."""
    dondoc.write(".env", "DONDOC_APPROVE=always\n")

    def run(who: str, *tokens: str, at: Any = None) -> command_line.Ended:
        monkeypatch.setenv("DONDOC_USER", who)
        return dondoc(*tokens, at=at)

    return run


Two = Callable[..., command_line.Ended]


def test_an_issue_waits_until_another_person_approves_it(dondoc: Terminal, two: Two) -> None:
    waits = two("soan", "apply", SAMPLE, "--yes")
    assert waits.code == 0
    assert "chờ người khác duyệt" in waits.out
    assert f"dondoc approve {NUMBER}" in waits.err
    assert rows(dondoc) == {"tasks": 0, "notices": 0}
    own = two("soan", "approve", NUMBER, "--yes")
    assert own.code == 1
    assert "cần người khác duyệt" in own.err
    assert rows(dondoc) == {"tasks": 0, "notices": 0}
    done = two("duyet", "approve", NUMBER, "--yes")
    assert done.code == 0
    assert f"Đã ban hành {NUMBER}" in done.out
    stands = rows(dondoc)
    assert stands["notices"] > 0
    assert "không có gì mới" in two("duyet", "approve", NUMBER, "--yes").out
    assert "không có gì mới" in two("soan", "apply", SAMPLE, "--yes").out
    assert rows(dondoc) == stands
    history = two("khac", "show", NUMBER, "--json").json
    assert history["events"] >= 3
    assert two("khac", "db", "check").code == 0


def test_an_approval_that_was_cut_short_is_finished_by_the_next(dondoc: Terminal, two: Two) -> None:
    two("soan", "apply", SAMPLE)
    with dondoc.office() as office:
        with office.store.read() as db:
            [proposal] = proposals.waiting(db)
        proposals.decide(office.store, proposal, "approved", "duyet", MORNING)  # and here the machine stopped
    assert two("soan", "approve", NUMBER, "--yes").code == 1
    assert "Đã ban hành" in two("khac", "approve", NUMBER, "--yes").out
    with dondoc.office() as office, office.store.read() as db:
        names = db.execute(text("SELECT p.name FROM events e JOIN persons p ON p.id = e.person ORDER BY e.seq")).scalars()
        assert list(names) == ["soan", "duyet"]


def test_what_waits_is_listed_by_status_and_show(dondoc: Terminal, two: Two) -> None:
    two("soan", "apply", SAMPLE)
    for tokens in (("status",), ("show", NUMBER)):
        shown = two("duyet", *tokens)
        assert shown.code == 0
        assert "chờ duyệt" in shown.out
        assert "soan trình lúc" in " ".join(shown.out.split())
    [waits] = two("duyet", "status", "--json").json["proposals"]
    assert (waits["number"], waits["author"]) == (NUMBER, "soan")
    two("duyet", "approve", NUMBER, "--yes")
    assert two("duyet", "status", "--json").json["proposals"] == []


def test_a_refusal_needs_a_reason_and_goes_back_to_the_author(dondoc: Terminal, two: Two) -> None:
    two("soan", "apply", SAMPLE)
    assert two("duyet", "approve", NUMBER, "--refuse").code == 2
    assert "Đã trả lại" in two("duyet", "approve", NUMBER, "--refuse", "--note", "Hạn quá gấp").out
    late = two("duyet", "approve", NUMBER, "--yes")
    assert late.code == 1
    assert "Hạn quá gấp" in late.err
    assert two("soan", "apply", SAMPLE).code == 0  # asked for again
    assert two("duyet", "approve", NUMBER, "--yes").code == 0


@pytest.mark.parametrize(("change", "words"), CHANGES)
def test_an_approver_never_issues_what_was_not_asked_for(
    dondoc: Terminal, two: Two, change: Callable[[Terminal], None], words: str
) -> None:
    two("soan", "apply", SAMPLE)
    change(dondoc)
    ended = two("duyet", "approve", NUMBER, "--yes")
    assert ended.code == 1
    assert words in " ".join(ended.err.split())
    assert "trình lại" in ended.err
    assert rows(dondoc)["notices"] == 0


def test_the_same_issue_asked_for_on_another_day_is_the_same(two: Two) -> None:
    first = two("soan", "apply", SAMPLE, "--json").json["proposal"]
    assert two("soan", "apply", SAMPLE, "--json", at=MORNING + timedelta(days=1)).json["proposal"] == first


@pytest.mark.parametrize(("over", "waits"), [pytest.param(0, True, id="more"), pytest.param(1000, False, id="not more")])
def test_many_letters_alone_can_ask_for_a_second_person(dondoc: Terminal, over: int, waits: bool) -> None:
    dondoc.write(".env", f"DONDOC_APPROVE_OVER={over}\n")
    assert ("proposal" in dondoc.json("apply", SAMPLE, "--yes")) is waits


def test_who_works_here_is_the_operating_systems_user_unless_said(dondoc: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    dondoc.write(".env", "DONDOC_APPROVE=always\n")
    monkeypatch.setenv("USER", "ai-do")
    monkeypatch.setenv("LOGNAME", "ai-do")
    author = dondoc.json("apply", SAMPLE)["proposal"]["author"]
    assert author not in ("", "ai-do")


def test_nothing_is_approved_that_nobody_proposed(dondoc: Terminal) -> None:
    dondoc("apply", SAMPLE, "--yes")
    ended = dondoc("approve", "99/UBND", "--yes")
    assert ended.code == 2
    assert "không có đề nghị" in ended.err
