"""Bodies that follow others: nothing that is open is lost or doubled, nothing that was said is said otherwise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from directives.language.shapes import Directory
from notifications.letters import Composer
from notifications.links import Keys
from tasks.ledger import acts, beats, bodies, chain, desk, reorganizing, replaying, roster, standing
from tasks.ledger.inheriting import Moved
from tasks.ledger.outbox import LedgerOutbox
from tasks.ledger.reorganizing import ReorganizationError
from tasks.ledger.store import Store
from tasks.ledger.types import seconds
from tasks.ledger.works import Upto, works
from tasks.letters import Outcome
from tasks.reorganization import Reorganization
from tasks.values import Act, Said
from tests.amended import begun, issue
from tests.clockwork import post, turn
from tests.rows import ask, everything, task, tell
from tests.sample import CALENDAR, COVER, EVERY, LEAFLETS, PRACTICE, STANDING, agency, at, by, duty, paper

NOW = at("2020-06-01", "08:00")
DAY = date(2020, 6, 1)
NEW = Directory(agencies={"ward-d": agency("ward-d", kind="ward", in_="district")})
MERGED = Reorganization(kind="merge", on=DAY, bodies=("ward-a", "ward-b"), into=("ward-d",), note="Nghị quyết 1/NQ")
DATED = duty("3", "wards", due=by("2020-06-30"))

COMPOSER = Composer(base_url="https://dondoc.example", keys=Keys({"k1": bytes(32)}), office="UBND", sender="dondoc@office.example")


def carried(store: Store, said: Reorganization = MERGED, newcomers: Directory = NEW) -> Moved:
    """A decision, carried out on its day."""
    reorganizing.plan(store, said, newcomers, NOW)
    return reorganizing.follow(store, CALENDAR, PRACTICE, NOW)


def held(store: Store) -> dict[str, int]:
    """Open tasks by who answers for them."""
    return {row.code: row.n for row in ask(store, """
        SELECT a.code, count(*) AS n FROM tasks k JOIN agencies a ON a.id = k.agency WHERE k.closed_at IS NULL GROUP BY a.code""")}


def say(store: Store, agency_: str, clause: str = "10", **said: object) -> str:
    """An agency, or its source, says something of its task; returns the refusal."""
    with store.read() as db:
        number = task(db, clause, agency_, "2020-06-30" if clause == "10" else "")
    words = {"kind": "progress", "key": f"{agency_}{said}", "said": Said(name="Một cán bộ", role="Văn phòng"), **said}
    return acts.act(store, Act(task=number, **words), CALENDAR, at("2020-05-25")).refusal  # type: ignore[arg-type]


def test_a_merger_conserves_what_is_open(store: Store) -> None:
    begun(store, DATED, STANDING)
    before = held(store)
    moved = carried(store)
    assert (moved.tasks, moved.merged) == (4, 0)
    assert held(store) == {"ward-c": 2, "ward-d": before["ward-a"] + before["ward-b"]}
    units = ask(store, "SELECT a.code FROM tasks k JOIN agencies a ON a.id = k.unit ORDER BY a.code, k.id")
    assert [row.code for row in units] == ["ward-a", "ward-a", "ward-b", "ward-b", "ward-c", "ward-c"]


def test_measured_doubles_become_one_and_figures_add_up(store: Store) -> None:
    number = begun(store, COVER)
    for ward, share in (("ward-a", 60), ("ward-b", 80), ("ward-c", 70)):
        assert not say(store, ward, kind="figure", numerator=share, denominator=100, on=date(2020, 5, 24), by="insurance")
    with store.read() as db:
        before = standing.standing(db, number, CALENDAR, at("2020-05-31"))
    moved = carried(store)
    assert (moved.tasks, moved.merged) == (2, 1)
    assert held(store) == {"ward-c": 1, "ward-d": 1}
    [joined] = ask(store, "SELECT r.numerator, r.denominator FROM readings r JOIN agencies a ON a.id = r.agency WHERE a.code = 'ward-d'")
    assert tuple(joined) == (140, 200)
    with store.read() as db:
        now = standing.standing(db, number, CALENDAR, at("2020-06-02"))
        again = standing.standing(db, number, CALENDAR, at("2020-05-31"))
    assert again == before
    assert [value for _, value in before.lines[0].points] == [value for _, value in now.lines[0].points] == [Decimal(70)]
    assert now.lines[0].missing == ()
    assert {each.party.id for each in now.agencies} == {"ward-c", "ward-d"}
    assert now.cells.dated == before.cells.dated - 1


def test_a_line_keeps_each_earlier_reading_day_after_a_merger(store: Store) -> None:
    number = begun(store, COVER)
    for day, shares in ((22, (40, 60, 50)), (23, (50, 70, 60)), (24, (60, 80, 70))):
        for ward, share in zip(("ward-a", "ward-b", "ward-c"), shares, strict=True):
            assert not say(store, ward, kind="figure", numerator=share, denominator=100, on=date(2020, 5, day), by="insurance")
    with store.read() as db:
        before = standing.standing(db, number, CALENDAR, at("2020-05-31")).lines[0].points
    carried(store)
    with store.read() as db:
        now = standing.standing(db, number, CALENDAR, at("2020-06-02")).lines[0].points
    assert [value for _, value in before] == [Decimal(50), Decimal(60), Decimal(70)]
    assert now == before


def test_a_past_standing_keeps_the_names_of_its_day(store: Store) -> None:
    number = begun(store, *EVERY)
    with store.read() as db:
        before = standing.standing(db, number, CALENDAR, at("2020-05-30"))
    carried(store)
    turn(store, CALENDAR, PRACTICE, at("2020-06-01", "09:00"))
    with store.read() as db:
        assert standing.standing(db, number, CALENDAR, at("2020-05-30")) == before
        assert reorganizing.orphans(db, DAY) == ()
        assert chain.verify(db, number) is None
        assert replaying.departures(db, number, CALENDAR) == ()


def test_each_heir_has_one_letter_that_names_what_it_takes_over(store: Store) -> None:
    begun(store, DATED, LEAFLETS)
    issue(store, paper(duty("1", "ward-a"), number="9/UBND"), at("2020-05-20"))
    post(store, CALENDAR, at("2020-05-22"))
    carried(store)
    letters = [each for each in post(store, CALENDAR, NOW) if each.lane == "new"]
    assert [each.recipient.id for each in letters] == ["ward-d"]
    [letter] = letters
    assert sorted(item.work.clause for item in letter.items) == ["1", "3", "3"]
    assert letter.taken is not None
    assert letter.taken.bodies == ("Cơ quan ward-a", "Cơ quan ward-b")
    shown = COMPOSER.preview(letter)
    assert "Cơ quan ward-a" in shown.text
    assert "Nghị quyết 1/NQ" in shown.text
    assert "Cơ quan ward-b" in shown.html
    told = ask(store, "SELECT k.told_at FROM tasks k JOIN agencies a ON a.id = k.agency WHERE a.code = 'ward-d'")
    assert {row.told_at for row in told} == {seconds(NOW)}


def test_an_heir_without_a_mailbox_is_written_to_where_it_names_another_way(store: Store) -> None:
    """What it takes over, what had not left, what is handed to it later: all wait for the way that it names."""
    begun(store, duty("3", "wards", due=by("2020-06-08")))
    post(store, CALENDAR, at("2020-05-22"))
    turn(store, CALENDAR, PRACTICE, NOW)
    heir = NEW.agencies["ward-d"].model_copy(update={"mail": None, "channels": ("zalo",)})
    carried(store, newcomers=Directory(agencies={"ward-d": heir}))
    kept = ask(store, "SELECT n.key FROM notices n JOIN agencies a ON a.id = n.recipient AND a.code = 'ward-d' ORDER BY n.id")
    assert {row.key.partition(":")[0] for row in kept} == {"succession", "digest"}


def test_what_had_not_left_is_said_to_the_heir(store: Store) -> None:
    begun(store, duty("3", "wards", due=by("2020-06-08")))
    post(store, CALENDAR, at("2020-05-22"))
    turn(store, CALENDAR, PRACTICE, NOW)  # a reminder for each ward waits
    carried(store)
    left = ask(store, """SELECT a.code, n.state FROM notices n JOIN agencies a ON a.id = n.recipient
                          WHERE n.lane IN ('digest', 'escalation') ORDER BY a.code""")
    assert [tuple(row) for row in left] == [
        ("ward-a", "superseded"), ("ward-b", "superseded"), ("ward-c", "queued"), ("ward-d", "gathering"),
    ]
    turn(store, CALENDAR, PRACTICE, at("2020-06-02", "08:00"))
    sent = post(store, CALENDAR, at("2020-06-02", "08:00"))
    [digest] = [each for each in sent if each.lane == "digest" and each.recipient.id == "ward-d"]
    assert len(digest.items) == 2


def test_what_was_leased_before_a_merger_never_goes_to_the_old_address_after_it(store: Store) -> None:
    begun(store, DATED)
    outbox = LedgerOutbox(store, CALENDAR, "office.example")
    [lane] = {row.lane for row in ask(store, "SELECT lane FROM notices WHERE state = 'queued'")}
    held_ = outbox.claim(lane, at("2020-06-01", "07:40"), 500)
    assert {"ward-a", "ward-b"} <= {notice.recipient.id for notice in held_}
    reorganizing.plan(store, MERGED, NEW, NOW)
    with store.write() as db:
        bodies.begin(db, 1, NOW)  # the bodies are no more, their letters have not been said again
    outbox.record([Outcome(notice_id=n.id, lease=n.lease, state="queued", code=451) for n in held_], NOW)
    assert {notice.recipient.id for notice in post(store, CALENDAR, NOW)}.isdisjoint({"ward-a", "ward-b"})
    reorganizing.follow(store, CALENDAR, PRACTICE, NOW)
    assert {notice.recipient.id for notice in post(store, CALENDAR, NOW)} == {"ward-d"}


def test_a_planned_reorganisation_is_waited_for_from_the_midnight_of_its_day(store: Store) -> None:
    begun(store, DATED)
    reorganizing.plan(store, MERGED, NEW, at("2020-05-20"))
    with store.read() as db:
        assert beats.ahead(db, PRACTICE.tz).bodies == at("2020-06-01", "00:00")
    reorganizing.follow(store, CALENDAR, PRACTICE, NOW)
    with store.read() as db:
        assert beats.ahead(db, PRACTICE.tz).bodies is None


def test_t96_the_new_agency_is_told_and_the_old_link_opens_nothing_of_the_old(store: Store) -> None:
    begun(store, DATED)
    post(store, CALENDAR, at("2020-05-22"))
    [old] = ask(store, "SELECT l.id FROM links l JOIN agencies a ON a.id = l.agency WHERE a.code = 'ward-a' AND l.purpose = 'desk'")
    carried(store)
    assert "ward-d" in {each.recipient.id for each in post(store, CALENDAR, NOW)}
    assert say(store, "ward-a", clause="3", by="ward-a") != ""
    with store.read() as db:
        found = desk.link(db, old.id, NOW)
        assert found
        assert (found.recipient, found.opens) == ("ward-a", "ward-d")
        assert len(desk.desk(db, roster.row_of(db, found.opens), CALENDAR).open) == 2
    assert say(store, "ward-a", clause="3", by="ward-d") == ""


def test_later_terms_of_a_frozen_roster_open_for_the_heir(store: Store) -> None:
    begun(store, duty("7", "wards", every=EVERY[3].every, from_=date(2020, 5, 30), until=date(2020, 6, 20)), COVER)
    carried(store)
    for day in ("2020-06-08", "2020-07-02"):
        turn(store, CALENDAR, PRACTICE, at(day))
        reorganizing.follow(store, CALENDAR, PRACTICE, at(day))
    assert held(store).keys().isdisjoint({"ward-a", "ward-b"})
    later = ask(store, """SELECT count(*) AS n FROM tasks k JOIN agencies a ON a.id = k.agency
                           WHERE a.code = 'ward-d' AND k.term = '2020-09-30' AND k.closed_at IS NULL""")
    assert later[0].n == 1


def test_a_divided_body_gives_duties_to_each_heir_and_may_remain(store: Store) -> None:
    begun(store, DATED, STANDING)
    [given] = ask(store, "SELECT id FROM duties WHERE clause = '3'")
    carried(store, Reorganization(kind="split", on=DAY, bodies=("ward-a",), into=("ward-a", "ward-d"), give=(("ward-d", given.id),)))
    assert held(store) == {"ward-a": 1, "ward-b": 2, "ward-c": 2, "ward-d": 1}


def test_what_had_been_reached_before_is_counted_once_above(store: Store) -> None:
    begun(store, duty("10", "education", cascade=(("wards",),), target="coverage"))
    for ward, share in (("ward-a", 90), ("ward-b", 40), ("ward-c", 80)):
        assert not say(store, ward, kind="figure", numerator=share, denominator=100, on=date(2020, 5, 24), by="insurance")
    carried(store)
    with store.read() as db:
        lines = standing.standing(db, 1, CALENDAR, at("2020-06-02")).lines
    assert (lines[0].points[-1][1], lines[0].missing) == (Decimal(70), ())
    assert held(store) == {"education": 1, "ward-c": 1, "ward-d": 1}  # what ward-a had reached stays done
    [open_] = ask(store, "SELECT k.id FROM tasks k JOIN agencies a ON a.id = k.agency WHERE a.code = 'ward-d' AND k.closed_at IS NULL")
    said = Act(task=open_.id, kind="figure", key="d", said=Said(name="Một cán bộ", role="Văn phòng"), by="insurance", numerator=180,
               denominator=200, on=date(2020, 6, 5), note="sau sắp xếp")
    assert not acts.act(store, said, CALENDAR, at("2020-06-06")).refusal
    assert held(store) == {"ward-c": 1}  # (180 + 80) / 300 ≥ 85 %: the parent is judged on each part once


def test_an_heir_that_ends_hands_everything_on(store: Store) -> None:
    begun(store, DATED)
    carried(store)
    carried(store, Reorganization(kind="dissolve", on=DAY, bodies=("ward-d",), into=("ward-c",)), Directory())
    assert held(store) == {"ward-c": 3}
    with store.read() as db:
        assert set(roster.codes(db)) >= {"ward-a", "ward-d"}


def test_who_takes_part_heads_types_figures_and_reads_reports_is_the_heir(store: Store) -> None:
    begun(store, LEAFLETS, COVER)
    carried(store, Reorganization(kind="merge", on=DAY, bodies=("radio", "insurance", "chair", "district"), into=("union",)), Directory())
    part = ask(store, "SELECT DISTINCT a.code FROM coordinators c JOIN agencies a ON a.id = c.agency ORDER BY a.code")
    assert [row.code for row in part] == ["ward-a", "ward-b", "ward-c"]  # nobody takes part in what he leads
    assert [row.code for row in ask(store, "SELECT a.code FROM indicators i JOIN agencies a ON a.id = i.source")] == ["union"]
    assert [row.code for row in ask(store, "SELECT DISTINCT b.code FROM parents p JOIN agencies a ON a.id = p.agency"
                                           " JOIN agencies b ON b.id = p.parent WHERE a.code = 'ward-a'")] == ["union"]
    turn(store, CALENDAR, PRACTICE, at("2020-06-25", "09:00"))
    reports = ask(store, "SELECT a.code FROM notices n JOIN agencies a ON a.id = n.recipient WHERE n.lane = 'report'")
    assert {row.code for row in reports} == {"union"}


def test_a_past_standing_names_who_typed_a_figure_then(store: Store) -> None:
    def source(day: str) -> set[str]:
        with store.read() as db:
            return {each.figure_by for each in standing.standing(db, 1, CALENDAR, at(day)).overdue}

    begun(store, COVER)
    typed = source("2020-07-01")
    carried(store, Reorganization(kind="merge", on=DAY, bodies=("insurance",), into=("union",)), Directory())
    assert (typed, source("2020-07-01")) == ({"Cơ quan insurance"}, {"Cơ quan union"})
    [kept] = ask(store, "SELECT a.code, h.name FROM indicator_history h JOIN agencies a ON a.id = h.source")
    assert (kept.code, kept.name) == ("insurance", "Độ bao phủ")
    with store.read() as db:
        before = works(db, [row.id for row in ask(store, "SELECT id FROM tasks")], CALENDAR, upto=Upto(1, seconds(at("2020-05-20"))))
    assert {each.figure_by for each in before.values()} == {"Cơ quan insurance"}


@pytest.mark.parametrize("steps", range(5))
def test_killed_after_any_commit_another_run_ends_the_same(store: Store, steps: int) -> None:
    for number, said in enumerate((paper(*EVERY), paper(DATED, number="9/UBND"))):
        issue(store, said, at("2020-05-18", f"09:0{number}"))
    reorganizing.plan(store, MERGED, NEW, NOW)
    left = iter([True] * steps)

    class Torn(Exception):  # noqa: N818 - a signal
        pass

    class Frail(Store):
        def write(self):  # type: ignore[no-untyped-def]
            if next(left, False):
                return super().write()
            raise Torn

    frail = Frail(store.url.render_as_string(hide_password=False))
    try:
        reorganizing.follow(frail, CALENDAR, PRACTICE, NOW)
    except Torn:
        pass
    finally:
        frail.close()
    reorganizing.follow(store, CALENDAR, PRACTICE, NOW)
    whole = everything(store)
    assert reorganizing.follow(store, CALENDAR, PRACTICE, NOW) == Moved()
    assert everything(store) == whole
    assert held(store).keys().isdisjoint({"ward-a", "ward-b"})
    letters = ask(store, "SELECT n.id FROM notices n JOIN agencies a ON a.id = n.recipient WHERE n.key LIKE 'succession:%'")
    assert len(letters) == 1


def test_before_its_day_nothing_changes(store: Store) -> None:
    begun(store, DATED)
    reorganizing.plan(store, MERGED, NEW, at("2020-05-20"))
    whole = everything(store)
    assert reorganizing.follow(store, CALENDAR, PRACTICE, at("2020-05-31", "23:00")) == Moved()
    assert everything(store) == whole
    assert reorganizing.follow(store, CALENDAR, PRACTICE, at("2020-06-01", "00:00")).tasks == 2


def test_a_rehearsal_says_what_will_be_and_keeps_nothing(store: Store) -> None:
    begun(store, DATED, COVER)
    whole = everything(store)
    seen = reorganizing.rehearse(store, MERGED, NEW, calendar=CALENDAR, practice=PRACTICE, now=NOW)
    assert everything(store) == whole
    assert seen.before == {"ward-a": 2, "ward-b": 2, "ward-d": 0}
    assert seen.after == {"ward-a": 0, "ward-b": 0, "ward-d": 3}
    assert sum(seen.before.values()) == sum(seen.after.values()) + seen.moved.merged
    assert (seen.moved.tasks, seen.moved.merged, seen.doubles, seen.letters) == (4, 1, 1, 1)


def test_an_old_file_does_not_undo_a_reorganisation_and_is_no_stranger(store: Store) -> None:
    begun(store, DATED)
    carried(store)
    carried(store, Reorganization(kind="rename", on=DAY, bodies=("ward-c",), name="Phường mới", mail="moi@office.example"), Directory())
    carried(store, Reorganization(kind="move", on=DAY, bodies=("school-1",), into=("ward-c",)), Directory())
    issue(store, paper(duty("1", "wards", with_=("ward-b",)), number="10/UBND"), at("2020-06-02"))
    known = {row.code: row for row in ask(store, "SELECT code, name, mail, until FROM agencies")}
    assert (known["ward-c"].name, known["ward-c"].mail) == ("Phường mới", "moi@office.example")
    assert known["ward-a"].until == "2020-05-31"
    assert held(store).keys() == {"ward-c", "ward-d"}
    above = ask(store, "SELECT b.code FROM parents p JOIN agencies a ON a.id = p.agency JOIN agencies b ON b.id = p.parent"
                       " WHERE a.code = 'school-1'")
    assert [row.code for row in above] == ["ward-c"]


def test_what_is_taken_up_again_later_goes_to_the_heir(store: Store) -> None:
    begun(store, DATED)
    assert not say(store, "ward-a", clause="3", kind="done", document="1/BC", by="ward-a")
    carried(store)
    tell(store, "UPDATE tasks SET closed_at = NULL, state = 'open' WHERE state = 'done'")
    assert reorganizing.follow(store, CALENDAR, PRACTICE, at("2020-06-03")).tasks == 1
    assert held(store) == {"ward-c": 1, "ward-d": 2}
    letters = ask(store, "SELECT id FROM notices WHERE key LIKE 'succession:%'")
    assert len(letters) == 2


@pytest.mark.parametrize(
    ("said", "words"),
    [
        pytest.param({"kind": "merge", "bodies": ("ward-d",), "into": ("ward-d",)}, "Sáp nhập", id="nobody ends"),
        pytest.param({"kind": "split", "bodies": ("ward-b",), "into": ("ward-c",)}, "Chia tách", id="one heir"),
        pytest.param({"kind": "dissolve", "bodies": ("ward-c",), "into": ("ward-a",)}, "ward-a đã kết thúc", id="an heir that ended"),
        pytest.param({"kind": "move", "bodies": ("ward-c",), "into": ("ward-c",)}, "chính mình", id="under itself"),
    ],
)
def test_what_cannot_be_is_refused_in_words(sqlite_store: Store, said: dict[str, object], words: str) -> None:
    begun(sqlite_store, DATED)
    carried(sqlite_store, Reorganization(kind="dissolve", on=DAY, bodies=("ward-a",), into=("ward-d",)))
    with pytest.raises(ReorganizationError, match=words):
        reorganizing.plan(sqlite_store, Reorganization(on=DAY, **said), Directory(), NOW)  # type: ignore[arg-type]
