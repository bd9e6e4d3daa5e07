"""Terms, holders and those who take part: a duty of a paper becomes what is counted."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import islice

import pytest

from directives.language.directory import mail_of, members, parents, resolve, roster, territory
from directives.language.expansion import Term, coordinators, due_after, holders, report_plans, terms
from directives.language.shapes import Directory, Due, Duty, Every, Group
from tests.cai_rang import (
    AT_ONCE,
    CAI_RANG,
    CALENDAR,
    ISSUED,
    MONTH_ON_25,
    PRACTICE,
    SAIGON,
    WEEK,
    agency,
    before,
    days,
    directive,
    directory,
    duty,
    indicator,
    local,
    on,
    target,
)

STAGES = {date(2020, 6, 30): "85%", date(2020, 9, 30): "89%"}


def counted(one: Duty, most: int = 99, **paper: object) -> list[Term]:
    return list(islice(terms(one, directive(one, **paper), CALENDAR, PRACTICE), most))


def brief(found: list[Term]) -> list[tuple[str, date, date | None, str | None]]:
    """(key, day it begins, due day, target) of each term."""
    return [(t.key, local(t.begins_at).date(), t.due and t.due.day, t.target and t.target.words) for t in found]


def test_a_duty_with_a_date_has_one_term_from_the_issue() -> None:
    assert brief(counted(duty(due=on(date(2020, 9, 30))))) == [("", ISSUED, date(2020, 9, 30), None)]


def test_a_duty_with_nothing_stands() -> None:
    assert brief(counted(duty())) == [("", ISSUED, None, None)]


def test_a_clause_that_orders_nothing_has_no_term() -> None:
    assert counted(duty(due=on(date(2020, 9, 30))).model_copy(update={"force": "note"})) == []


def test_what_is_asked_for_later_has_no_term_until_somebody_asks() -> None:
    assert counted(duty(every=Every(words="đột xuất", unit="on request"))) == []


def test_what_is_reported_when_it_happens_stands_open_from_the_first() -> None:
    [term] = counted(duty(every=Every(words="khi phát sinh", unit="on event")))
    assert (brief([term]), term.words) == ([("", ISSUED, None, None)], "khi phát sinh")


def test_a_one_off_duty_begins_where_its_window_does() -> None:
    september = Due(words="tháng 9/2020", form="within", day=date(2020, 9, 30))
    assert brief(counted(duty(from_=date(2020, 9, 1), due=september))) == [("", date(2020, 9, 1), date(2020, 9, 30), None)]


def test_a_window_without_a_rhythm_is_due_at_its_end() -> None:
    [term] = counted(duty(from_=date(2020, 6, 1), until=date(2020, 6, 30)))
    assert brief([term]) == [("", date(2020, 6, 1), date(2020, 6, 30), None)]
    assert term.due
    assert term.due.words == "từ ngày 1/6/2020 đến ngày 30/6/2020"


def test_each_period_is_a_term_that_begins_with_it() -> None:
    found = counted(duty(every=WEEK, from_=date(2020, 5, 30), until=date(2020, 9, 30)))
    assert len(found) == 18
    assert brief(found)[0] == ("2020-05-30", date(2020, 5, 30), date(2020, 6, 5), None)
    assert brief(found)[-1] == ("2020-09-26", date(2020, 9, 26), date(2020, 9, 30), None)
    assert local(found[0].begins_at) == local(date(2020, 5, 30))


def test_a_rhythm_without_an_end_never_ends() -> None:
    assert len(counted(duty(every=WEEK), most=500)) == 500


def test_the_end_of_the_paper_ends_a_rhythm_that_names_none() -> None:
    assert brief(counted(duty(every=MONTH_ON_25), until=date(2020, 7, 31)))[-1][2] == date(2020, 7, 25)


def test_periods_that_ended_before_the_issue_are_dropped_and_one_under_way_begins_at_it() -> None:
    found = brief(counted(duty(every=WEEK, from_=date(2020, 5, 2)), most=2))
    assert found == [("2020-05-16", ISSUED, date(2020, 5, 22), None), ("2020-05-23", date(2020, 5, 23), date(2020, 5, 29), None)]


def test_what_ends_on_the_day_of_the_issue_is_still_owed() -> None:
    stages = {"x": indicator("x", {ISSUED: "80%", **STAGES})}
    assert [term.key for term in counted(duty(every=WEEK, from_=date(2020, 5, 12)), most=1)] == ["2020-05-12"]
    assert [term.key for term in counted(duty(target="x"), most=1, indicators=stages)] == ["2020-05-18"]


def test_a_period_is_due_at_the_hour_that_the_paper_names() -> None:
    [term] = counted(duty(every=Every(words="friday at 8:00", unit="week", weekday=4, hour=time(8))), most=1)
    assert term.due
    assert local(term.due.at) == datetime(2020, 5, 22, 8, tzinfo=SAIGON)
    assert term.due.words == "mỗi tuần, kỳ 18/5–22/5/2020, lúc 8:00"


def test_each_milestone_opens_when_the_one_before_has_passed() -> None:
    found = counted(duty(target="bao-phu"), indicators={"bao-phu": indicator("bao-phu", STAGES)})
    assert brief(found) == [("2020-06-30", ISSUED, date(2020, 6, 30), "85%"), ("2020-09-30", date(2020, 7, 1), date(2020, 9, 30), "89%")]
    assert found[0].due
    assert found[1].begins_at - found[0].due.at == timedelta(seconds=1)


def test_a_milestone_that_had_passed_at_the_issue_is_no_term() -> None:
    found = counted(duty(target="x"), indicators={"x": indicator("x", {date(2020, 3, 31): "70%", **STAGES})})
    assert [term.key for term in found] == ["2020-06-30", "2020-09-30"]


def test_milestones_are_in_order_of_time_however_they_are_written() -> None:
    found = counted(duty(target="x"), indicators={"x": indicator("x", dict(reversed(STAGES.items())))})
    assert [term.key for term in found] == ["2020-06-30", "2020-09-30"]


def test_a_milestone_and_a_period_that_begins_on_its_day_are_two_terms() -> None:
    both = duty(every=Every(words="month on 25", unit="month", day=25), from_=date(2020, 5, 1), until=date(2020, 7, 31), target="coverage")
    found = counted(both, indicators={"coverage": indicator("coverage", {date(2020, 6, 26): "85%"})})
    assert sorted(term.key for term in found if term.key.startswith("2020-06")) == ["2020-06-26", "2020-06-26b"]
    assert len({term.key for term in found}) == len(found)


def test_a_due_date_and_a_target_of_the_same_day_are_one_term() -> None:
    found = counted(duty(due=on(date(2020, 9, 30)), target="x"), indicators={"x": indicator("x", {date(2020, 9, 30): "100%"})})
    assert brief(found) == [("", ISSUED, date(2020, 9, 30), "100%")]


def test_a_due_date_beside_other_milestones_loses_neither() -> None:
    found = counted(duty(due=on(date(2020, 9, 30)), target="x"), indicators={"x": indicator("x", STAGES)})
    assert brief(found) == [("", ISSUED, date(2020, 9, 30), "89%"), ("2020-06-30", ISSUED, date(2020, 6, 30), "85%")]


def test_a_due_date_with_an_undated_target_is_owed_once() -> None:
    found = counted(duty(due=on(date(2020, 9, 30)), target="x"), indicators={"x": indicator("x", {None: "100%"})})
    assert brief(found) == [("", ISSUED, date(2020, 9, 30), "100%")]


@pytest.mark.parametrize("aim", ["x", target("100%")])
def test_an_undated_target_stands(aim: object) -> None:
    assert brief(counted(duty(target=aim), indicators={"x": indicator("x", {None: "100%"})})) == [("", ISSUED, None, "100%")]


def test_a_target_that_is_striven_for_keeps_its_date() -> None:
    [term] = counted(duty(target="x"), indicators={"x": indicator("x", {date(2020, 9, 30): "100%"}, soft=True)})
    assert term.target
    assert term.target.soft
    assert term.due


@pytest.mark.parametrize(("due", "words"), [
    (before(date(2020, 5, 25)), "trước ngày 25/5/2020"),
    (before(date(2018, 4, 23), time(9)), "trước 9:00 ngày 23/4/2018"),
    (on(date(2020, 9, 30)), "đến ngày 30/9/2020"),
    (on(date(2018, 4, 20), time(16)), "đến 16:00 ngày 20/4/2018"),
    (Due(words="tháng 9/2020", form="within", day=date(2020, 9, 30)), "trong tháng 9/2020"),
    (Due(words="trong quý II/2026", form="within", day=date(2026, 6, 30)), "trong quý II/2026"),
    (days(10, working=True), "trong 10 ngày làm việc kể từ ngày 18/5/2020"),
    (days(3), "trong 3 ngày kể từ ngày 18/5/2020"),
])
def test_a_deadline_keeps_the_words_of_the_paper(due: Due, words: str) -> None:
    [term] = counted(duty(due=due))
    assert term.due
    assert term.due.words == words


def test_milestones_and_periods_have_words_too() -> None:
    [stage, *_] = counted(duty(target="x"), indicators={"x": indicator("x", STAGES)})
    [week, *_] = counted(duty(every=WEEK, from_=date(2020, 5, 30)), most=1)
    assert [t.due and t.due.words for t in (stage, week)] == ["mốc 30/6/2020", "mỗi tuần, kỳ 30/5–5/6/2020"]


def test_the_day_on_which_figures_are_cut_off_stands_beside_the_due_day() -> None:
    monthly = Every(words="month on 25 cutoff 20", unit="month", day=25, cutoff=20)
    once = Due(words="30/6/2020 cutoff 25/6/2020", form="on", day=date(2020, 6, 30), cutoff=date(2020, 6, 25))
    within = once.model_copy(update={"words": "hoàn thành trong tháng 6/2020, số liệu đến 25/6/2020", "form": "within"})
    [first], [second], [third] = counted(duty(every=monthly), most=1), counted(duty(due=once)), counted(duty(due=within))
    assert [term.due and term.due.words for term in (first, second, third)] == [
        "mỗi tháng, kỳ 18/5–25/5/2020, số liệu chốt đến ngày 20/5/2020", "đến ngày 30/6/2020, số liệu chốt đến ngày 25/6/2020",
        "trong tháng 6/2020, số liệu chốt đến ngày 25/6/2020",
    ]


def test_what_waits_for_another_clause_has_no_date_until_that_is_done() -> None:
    waiting = duty("7", due=days(3, working=True, after="6.4"))
    assert brief(counted(waiting)) == [("", ISSUED, None, None)]
    due = due_after(waiting, directive(waiting), date(2020, 5, 22), CALENDAR, PRACTICE)
    assert due
    assert (due.day, due.words) == (date(2020, 5, 27), "trong 3 ngày làm việc sau khi xong mục 6.4")
    assert due_after(duty(due=AT_ONCE), directive(), date(2020, 5, 22), CALENDAR, PRACTICE) is None


def test_a_draft_without_a_date_has_no_terms() -> None:
    with pytest.raises(ValueError, match="without a date"):
        counted(duty(), date=None)


def test_the_same_paper_gives_the_same_terms() -> None:
    one = duty(every=WEEK, from_=date(2020, 5, 30), until=date(2020, 9, 30))
    assert counted(one) == counted(one)


# Who: a province with two districts, a department under both its province's and its district's roof, communes and schools.
NATION = directory(
    agency("tinh", head="chu-tich"),
    agency("chu-tich", in_=("tinh",), mail=None),
    agency("so", in_=("tinh",), kind=("so",)),
    *(agency(f"huyen-{d}", in_=("tinh",), kind=("huyen",)) for d in "ab"),
    *(agency(f"phong-{d}", in_=("so", f"huyen-{d}"), kind=("phong",)) for d in "ab"),
    *(agency(f"xa-{d}{n}", in_=(f"huyen-{d}",), kind=("xa",)) for d in "ab" for n in (1, 2)),
    *(agency(f"truong-{d}{n}", in_=(f"phong-{d}", f"xa-{d}{n}"), kind=("truong", "cong-lap"), mail=None) for d in "ab" for n in (1, 2)),
    agency("hoi", kind=("doan-the",)),
    phong="phong", xa="xa", truong="truong", huyen="huyen", hoi_doan="doan-the",
)


@pytest.mark.parametrize(("group", "found"), [
    pytest.param({"kind": ("phong",)}, "phong-a phong-b", id="by kind"),
    pytest.param({"kind": ("phong", "so")}, "so phong-a phong-b", id="by any of several kinds"),
    pytest.param({"in_": ("huyen-a",)}, "phong-a xa-a1 xa-a2 truong-a1 truong-a2", id="by any descendant"),
    pytest.param({"kind": ("truong",), "in_": ("huyen-b",)}, "truong-b1 truong-b2", id="every word narrows"),
    pytest.param({"list_": ("hoi", "so")}, "so hoi", id="a list, in the order of the directory"),
    pytest.param({"kind": ("phong",), "list_": ("hoi",)}, "phong-a phong-b hoi", id="a list adds"),
    pytest.param({"kind": ("xa",), "except_": ("xa-a1",)}, "xa-a2 xa-b1 xa-b2", id="an exception removes"),
    pytest.param({"list_": ("phong", "hoi"), "except_": ("phong-a",)}, "phong-b hoi", id="groups within groups"),
    pytest.param({"list_": ("self", "hoi")}, "hoi", id="a group that lists itself"),
    pytest.param({}, "", id="nothing asked"),
])
def test_a_group_is_a_query(group: dict[str, tuple[str, ...]], found: str) -> None:
    people = Directory(agencies=NATION.agencies, groups={**NATION.groups, "self": Group(id="self", **group)})  # type: ignore[arg-type]
    assert " ".join(members("self", people, ISSUED)) == found


@pytest.mark.parametrize(("day", "there"), [
    (date(2020, 5, 31), False), (date(2020, 6, 1), True), (date(2025, 6, 30), True), (date(2025, 7, 1), False),
])
def test_a_group_holds_those_who_exist_on_the_day(day: date, there: bool) -> None:
    people = directory(agency("xa", kind=("xa",), since=date(2020, 6, 1), until=date(2025, 6, 30)), moi="xa")
    assert members("moi", people, day) == (("xa",) if there else ())


@pytest.mark.parametrize(("lead", "group", "found"), [
    pytest.param("phong-a", "truong", "truong-a1 truong-a2", id="those below the lead"),
    pytest.param("phong-a", "xa", "xa-a1 xa-a2", id="else those of the nearest roof that has any"),
    pytest.param("truong-b1", "xa", "xa-b1", id="a roof that is itself a member"),
    pytest.param("xa-a1", "xa", "xa-a1 xa-a2", id="a lead of the same kind"),
    pytest.param("so", "huyen", "huyen-a huyen-b", id="the roof of the roof"),
    pytest.param("hoi", "phong", "phong-a phong-b", id="all, where the lead has no roof"),
    pytest.param("phong-a", "hoi", "hoi", id="an agency is always itself"),
    pytest.param("phong-a", "hoi-doan", "hoi", id="all, where no roof has any"),
])
def test_a_territory_is_the_nearest_that_has_members(lead: str, group: str, found: str) -> None:
    assert " ".join(territory(lead, group, NATION, ISSUED)) == found


def test_a_loop_in_the_directory_ends() -> None:
    loop = directory(agency("a", in_=("b",), mail=None), agency("b", in_=("a",), mail=None), all="x")
    assert roster(loop, ISSUED).above("a") == (("b",),)
    assert mail_of("a", loop) is None


def test_an_agency_without_an_address_uses_that_of_the_nearest_roof() -> None:
    assert mail_of("truong-a1", NATION) == "phong-a@cairang.example"
    assert mail_of("chu-tich", NATION) == "tinh@cairang.example"
    assert parents("truong-a1", NATION) == ("phong-a", "xa-a1")


@pytest.mark.parametrize(("word", "agency_id", "found"), [
    ("lead", "phong-a", "phong-a"), ("above", "phong-a", "so huyen-a"), ("above", "hoi", ""), ("head", "tinh", "chu-tich"),
    ("head", "so", "so"), ("issuer", "so", "tinh"), ("chu-tich", "so", "chu-tich"), ("phong", "so", "phong-a phong-b"), ("with", "so", ""),
])
def test_an_audience_is_resolved_from_the_task(word: str, agency_id: str, found: str) -> None:
    assert " ".join(resolve(word, agency_id, directive(issuer="tinh"), NATION)) == found


def held(one: Duty) -> list[str]:
    """"parent>unit" of each holder."""
    return [f"{parent or ''}>{unit}" for unit, parent in holders(one, NATION, ISSUED)]


def test_a_group_as_lead_is_one_holder_for_each_member_and_each_once() -> None:
    assert held(duty(lead=("phong", "phong-b", "so"))) == [">phong-a", ">phong-b", ">so"]


def test_a_cascade_goes_down_level_by_level_within_each_territory() -> None:
    assert held(duty(lead="so", cascade=(("phong",), ("truong",)))) == [
        ">so", "so>phong-a", "so>phong-b", "phong-a>truong-a1", "phong-a>truong-a2", "phong-b>truong-b1", "phong-b>truong-b2",
    ]


def test_a_unit_at_the_top_stays_at_the_top_and_one_passed_down_twice_has_its_first_parent() -> None:
    assert held(duty(lead=("so", "phong-a"), cascade=(("phong", "xa-a1"),))) == [">so", ">phong-a", "so>phong-b", "so>xa-a1"]


def test_coordinators_are_those_of_the_leads_territory_without_the_lead() -> None:
    assert coordinators(duty(with_=("xa", "hoi")), "phong-b", NATION, ISSUED) == ("xa-b1", "xa-b2", "hoi")
    assert coordinators(duty(with_=("phong", "phong-a")), "phong-a", NATION, ISSUED) == ("phong-b",)


def test_898_has_the_holders_that_the_paper_names() -> None:
    assert len(list(holders(duty(lead=("ban-nganh", "doan-the", "phuong", "truong")), CAI_RANG, ISSUED))) == 19
    assert len(coordinators(duty(with_=("ttvh", "phuong")), "bhxh", CAI_RANG, ISSUED)) == 8


def test_a_paper_without_reports_has_one_for_its_issuer_and_one_with_none_has_none() -> None:
    [plan] = report_plans(directive(), PRACTICE)
    assert (plan.every, plan.to) == (PRACTICE.rhythm, ("issuer",))
    assert report_plans(directive(reports=()), PRACTICE) == ()
