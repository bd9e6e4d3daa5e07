"""The line against its milestones: verdicts, scales, and words that do not collide."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import chart, scales
from reports.labels import Box, Wish, place
from reports.targets import current, goal, marks, spoken, verdict_words
from tasks.measured import Line

TODAY = date(2020, 9, 1)
SVG = "{http://www.w3.org/2000/svg}"


def line(points: dict[str, str], milestones: dict[str, str]) -> Line:
    """A line from ISO days: figures, and milestones in the paper's form."""
    return Line(
        indicator="bao-phu",
        name="Độ bao phủ BHYT",
        points=tuple((date.fromisoformat(day), Decimal(value)) for day, value in points.items()),
        milestones=tuple((date.fromisoformat(day), Decimal(re.sub(r"[^\d.]", "", form)), form) for day, form in milestones.items()),
    )


FOUR = {"2020-06-30": "85%", "2020-09-30": "89%", "2020-10-31": "90%", "2020-12-31": "over 90%"}
RISING = {"2020-05-15": "78.11", "2020-06-30": "83.9", "2020-07-31": "85.9", "2020-08-31": "87.4"}
LINES = {
    "as 898/UBND": line(RISING, FOUR),
    "one point": line({"2020-05-15": "78.11"}, FOUR),
    "no points": line({}, FOUR),
    "no milestones": line(RISING, {}),
    "one point and nothing else": line({"2020-09-01": "0"}, {}),
    "all at once": line({"2020-09-01": "100"}, {"2020-09-01": "100%"}),
    "the whole scale": line({"2020-01-01": "0", "2020-08-31": "100"}, {"2020-12-31": "100%"}),
    "many years": line({"2018-01-01": "10", "2020-08-31": "60"}, {f"{year}-12-31": f"{5 * (year - 2010)}%" for year in range(2018, 2031)}),
    "lower is better": line({"2020-05-15": "9", "2020-08-31": "6"}, {"2020-09-30": "at most 5%"}),
}


@pytest.mark.parametrize(
    ("figures", "form", "day", "verdict", "words"),
    [
        pytest.param({"2020-06-30": "85"}, "85%", "2020-06-30", "met", "đạt đúng mốc", id="reached on the day"),
        pytest.param({"2020-06-30": "83.9"}, "85%", "2020-06-30", "missed", "hụt 1,1 điểm", id="missed"),
        pytest.param(
            {"2020-06-30": "83.9", "2020-07-31": "85"}, "85%", "2020-06-30", "late", "hụt 1,1 điểm, sau đó đã đủ", id="reached later"
        ),
        pytest.param({}, "85%", "2020-06-30", "silent", "chưa có số liệu", id="nobody knows"),
        pytest.param({"2020-07-31": "84"}, "85%", "2020-06-30", "silent", "chưa có số liệu", id="nothing dated up to it"),
        pytest.param({"2020-08-31": "87.4"}, "89%", "2020-09-01", "ahead", "còn thiếu 1,6 điểm", id="the day itself still runs"),
        pytest.param({"2020-08-31": "90"}, "over 90%", "2020-12-31", "ahead", "cần lên trên 90%", id="over is strict"),
        pytest.param({"2020-08-31": "89.999"}, "90%", "2020-12-31", "ahead", "còn thiếu 0,01 điểm", id="never rounded into a target"),
        pytest.param({"2020-08-31": "6"}, "at most 5%", "2020-09-30", "ahead", "còn thiếu 1,0 điểm", id="lower is better"),
        pytest.param({"2020-08-31": "5"}, "không quá 5%", "2020-09-30", "ahead", "đã đủ", id="lower is reached"),
    ],
)
def test_a_milestone_is_judged_by_the_figures_dated_up_to_it(
    figures: dict[str, str], form: str, day: str, verdict: str, words: str
) -> None:
    (mark,) = marks(line(figures, {day: form}), TODAY)
    assert (mark.verdict, verdict_words(mark)) == (verdict, words)


def test_the_milestone_that_counts_is_the_next_and_is_judged_by_the_latest_figure() -> None:
    mark = current(LINES["as 898/UBND"], TODAY)
    assert mark is not None
    assert (mark.day, mark.figure, mark.gap) == (date(2020, 9, 30), Decimal("87.4"), Decimal("1.60"))
    assert current(LINES["no milestones"], TODAY) is None


@pytest.mark.parametrize(
    ("form", "said", "drawn"),
    [
        ("85%", "85%", "85%"),
        ("over 90%", "trên 90%", "> 90%"),
        ("trên 90%", "trên 90%", "> 90%"),
        ("at most 5%", "không quá 5%", "≤ 5%"),
        ("strive 100%", "phấn đấu 100%", "phấn đấu 100%"),
        ("70,5%", "70,5%", "70,5%"),
    ],
)
def test_a_target_is_said_in_vietnamese(form: str, said: str, drawn: str) -> None:
    assert (goal(form, Decimal(1)).said, goal(form, Decimal(1)).drawn, spoken(form)) == (said, drawn, said)


@pytest.mark.parametrize("drawing", [chart.wide, chart.narrow])
@pytest.mark.parametrize("name", LINES)
def test_a_picture_stays_on_its_sheet_and_no_words_collide(name: str, drawing: Callable[[Line, date], str]) -> None:
    tree = ElementTree.fromstring(drawing(LINES[name], TODAY))
    _, _, width, height = map(float, tree.attrib["viewBox"].split())
    size = float(tree.attrib["font-size"])
    boxes = [_box(text, size) for text in tree.iter(f"{SVG}text")]
    for text, box in boxes:
        assert box.within(Box(left=-1, top=0, right=width + 1, bottom=height)), text
    for (one, first), (other, second) in combinations(boxes, 2):
        assert not first.overlaps(second), (one, other)


def _box(text: ElementTree.Element, size: float) -> tuple[str, Box]:
    """The room of a drawn text, a little tighter than the layout reckons."""
    words, anchor = text.text or "", text.attrib["text-anchor"]
    x, y, width = float(text.attrib["x"]), float(text.attrib["y"]), len(words) * size * 0.55
    left = x - {"start": 0, "middle": width / 2, "end": width}[anchor]
    return words, Box(left=left, top=y - size * 0.8, right=left + width, bottom=y + size * 0.2)


def test_a_picture_names_itself_and_tells_every_milestone() -> None:
    tree = ElementTree.fromstring(chart.wide(LINES["as 898/UBND"], TODAY))
    title, desc = tree.findtext(f"{SVG}title"), tree.findtext(f"{SVG}desc") or ""
    assert title == "Độ bao phủ BHYT: Còn 1,6 điểm nữa mới đạt mốc 89% ngày 30/9"
    assert "30/6: mốc 85%, 83,9%, hụt 1,1 điểm, sau đó đã đủ." in desc
    assert "31/12: mốc > 90%, 87,4%, còn thiếu 2,6 điểm." in desc


def test_missed_milestones_are_filled_and_those_ahead_are_hollow() -> None:
    tree = ElementTree.fromstring(chart.wide(LINES["as 898/UBND"], TODAY))
    _, *dots = [circle.attrib["fill"] for circle in tree.iter(f"{SVG}circle")]
    assert dots == ["#b3261e", "#fff", "#fff", "#fff"]
    words = [text.text for text in tree.iter(f"{SVG}text")]
    assert {"85% hụt 1,1", "89%", "90%", "> 90%", "87,4% (31/8)", "78,11% (15/5)", "hôm nay 1/9"} <= set(words)


def test_nothing_known_is_no_picture() -> None:
    assert chart.wide(line({}, {}), TODAY) == ""


def test_a_picture_is_light() -> None:
    assert len(chart.wide(LINES["as 898/UBND"], TODAY).encode()) < 6_000


@given(st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=20))
def test_the_scale_encloses_every_share_and_stays_between_0_and_100(shares: list[Decimal]) -> None:
    levels = scales.values(shares)
    assert levels[0] <= float(min(shares))
    assert levels[-1] >= float(max(shares))
    assert 0 <= levels[0] < levels[-1] <= 100
    assert 2 <= len(levels) <= 7


@given(st.dates(date(2015, 1, 1), date(2030, 1, 1)), st.integers(0, 4000), st.integers(3, 9))
def test_the_days_at_the_axis_are_few_and_in_span(first: date, length: int, most: int) -> None:
    begin, end = scales.days(first, first + timedelta(length))
    ticks = scales.ticks(begin, end, most)
    assert 1 <= len(ticks) <= most
    assert all(begin <= tick <= end for tick in ticks)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(60, 660), st.integers(40, 200)), min_size=1, max_size=5, unique_by=(lambda at: at[0] // 100)))
def test_labels_of_points_apart_never_overlap(points: list[tuple[int, int]]) -> None:
    wishes = [Wish(at=point, text="87,4% (31/8)", kind="latest", size=13) for point in points]
    labels = place(wishes, drawn=[sorted(points)], marks=[], frame=Box(left=0, top=0, right=720, bottom=250))
    assert not any(one.box.overlaps(other.box) for one, other in combinations(labels, 2))
