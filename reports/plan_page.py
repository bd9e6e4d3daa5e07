"""A plan as a page: one file for screen and paper that needs nothing else, however many it writes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from importlib.resources import files
from typing import NamedTuple

from markupsafe import Markup

from directives.language.calendar import WEEKDAYS
from directives.language.shapes import Duty
from tasks.forecast import Owed
from tasks.letters import Lane

from .collisions import Moved
from .foresight import Foresight
from .heights import Heights
from .inboxes import MUCH, Load
from .page import stylesheet
from .typesetting import TEMPLATES
from .vietnamese import day, in_words, names, near, number, opened

MONTHS = 18  # months that are drawn
ROWS = 24  # rows of a table
NAMED = 12  # agencies that are named in a row; of more, a few
ALL = 60  # agencies without an address that are named


class Kind(NamedTuple):
    """A kind of letter: how it is drawn, and what it is called."""

    key: Lane
    mark: str
    words: str


KINDS = (
    Kind("new", "●", "giao việc"), Kind("digest", "○", "nhắc việc"), Kind("escalation", "▲", "báo lãnh đạo"), Kind("report", "■", "báo cáo")
)

Row = tuple[Duty, str, str, str]  # a duty, its lead, its date, what more is said of the date
Sample = tuple[Lane, str, str, str]  # what kind of letter, its reader, its subject, its text
Change = tuple[str, tuple[tuple[str, bool], ...]]  # what becomes of which older paper, then lines, each whether it tells of the one above


def html(
    seen: Foresight, duties: Iterable[Row], samples: Sequence[Sample] = (), changes: Sequence[Change] = (), *, on: date | None = None,
    back: tuple[str, str] | None = None,
) -> str:  # fmt: skip
    """The page, in Vietnamese; `on` is the day of the issue where not the paper's own, `back` (address, words) where it leads."""
    made, style = seen.forecast, files("reports").joinpath("templates", "plan.css").read_text(encoding="utf-8")
    rest, moved = seen.months[MONTHS:], _folded(seen.moved)
    return TEMPLATES.get_template("plan.html.j2").render(
        style=Markup(f"<style>\n{stylesheet()}{style}</style>"), seen=seen, directive=made.directive, kinds=KINDS, duties=tuple(duties),
        issuer=seen.directory.agencies[made.directive.issuer].name, on=day(on or made.directive.date or made.until),
        headline=headline(seen, [head for head, _ in changes]), changes=changes,
        counts={kind.key: sum(letter.lane == kind.key for letter in made.letters) for kind in KINDS}, until=day(made.until),
        samples=samples, back=back, busiest=_busiest(seen), months=seen.months[:MONTHS],
        later=sum(sum(month.letters.values()) for month in rest),
        tet=any(each and each.tet for month in seen.months[:MONTHS] for week in month.weeks for each in week), much=MUCH,
        heaviest=_heaviest(seen), loads=seen.loads[:ROWS], spread=_spread(seen.loads), more_inboxes=_rest(seen.loads),
        mute=names(seen.named(seen.mute), ALL), on_paper=names(seen.named(seen.listed), ALL), lenders=_lenders(seen.borrowed)[:ROWS],
        collisions=_collisions(seen), days_off=seen.days_off[:ROWS], moved=moved[:ROWS], more_moved=len(moved[ROWS:]),
        term=_terms(made.duties), highest=_highest(seen), heights=seen.heights[:ROWS], more_heights=_rest(seen.heights),
        listed=lambda ids: _listed(seen.named(ids)), told=lambda ids: _told(seen, ids), week=lambda load: near(load.fullest, made.until),
        brief=brief, bars=bars, weekday=weekday, why=why, more_lenders=max(0, len(set(seen.borrowed.values())) - ROWS),
    )


def headline(seen: Foresight, changes: Sequence[str] = ()) -> str:
    """What the issue sets going, in a sentence; `changes` say what becomes of older papers."""
    made = seen.forecast
    held = {holder.unit for owed in made.duties for crew in owed.crews for holder in crew.holders}
    ordered = sum(owed.duty.force != "note" for owed in made.duties)
    first = sum(letter.lane == "new" for letter in made.letters)
    rest = len(made.letters) - first
    after = f", {number(rest)} thư nữa đến {day(made.until)} nếu không ai báo cáo" if rest else ", không thư nào về sau"
    given = [f"giao {number(ordered)} nhiệm vụ cho {number(len(held))} đơn vị"] if ordered or not changes else []
    return f"{opened(', '.join([*changes, *given]))}: {number(first)} thư khi ban hành{after}."


def brief(count: int) -> str:
    """A count in little room: 231, 3,4k, 53k."""
    return str(count) if count < 1000 else f"{count / 1000:.1f}".replace(".", ",").removesuffix(",0") + "k"


def weekday(when: date) -> str:
    """A day with its weekday: thứ sáu 22/5/2020."""
    return f"{WEEKDAYS[when.weekday()]} {day(when)}"


def bars(load: Load) -> str:
    """The path of an inbox's bars, a unit wide for each week and one high for each letter, from the top down."""
    top = max(load.most, MUCH)
    return "".join(f"M{n} {top}v-{many}h.8v{many}z" for n, many in enumerate(load.weeks) if many)


def _busiest(seen: Foresight) -> str:
    days = [(sum(each.letters.values()), each.on) for month in seen.months for week in month.weeks for each in week if each]
    if not any(many for many, _ in days):
        return "Không thư nào rời đi"
    many, on = max(days, key=lambda pair: (pair[0], -pair[1].toordinal()))
    return f"Nhiều thư nhất: {number(many)} thư ngày {day(on)}"


def _heaviest(seen: Foresight) -> str:
    """Who gets most, and how many get more than one reads."""
    if not seen.loads:
        return "Không hộp thư nào nhận thư"
    heavy = sum(len(load.owners) for load in seen.loads if load.most > MUCH)
    if heavy:
        return f"{opened(in_words(heavy))} hộp thư có tuần nhận hơn {MUCH} thư, nhiều nhất {seen.loads[0].most}"
    return f"Không hộp thư nào nhận quá {seen.loads[0].most} thư một tuần"


def _spread(loads: Iterable[Load]) -> list[tuple[int, int]]:
    """(letters in the fullest week, how many inboxes), the fullest first."""
    found: dict[int, int] = {}
    for load in loads:
        found[load.most] = found.get(load.most, 0) + len(load.owners)
    return sorted(found.items(), reverse=True)


def _folded(moved: Iterable[Moved]) -> list[tuple[Moved, str]]:
    """One row for each day that moves something, with all that it moves."""
    found: dict[tuple[date, date], list[Moved]] = {}
    for each in moved:
        found.setdefault((each.named, each.on), []).append(each)
    return [(same[0], "; ".join(dict.fromkeys(map(_said, same)))) for same in found.values()]


def _said(each: Moved) -> str:
    return f"mục {each.clause}: {each.words}" if each.clause else each.words


def _lenders(borrowed: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Owners of inboxes, each with those who have none and use it."""
    found: dict[str, list[str]] = {}
    for reader, owner in borrowed.items():
        found.setdefault(owner, []).append(reader)
    return list(found.items())


def why(reason: str) -> str:
    """Why a day is off: the name of a holiday, or that it is so every week."""
    return "nghỉ hằng tuần" if reason.lower() in {name.lower() for name in WEEKDAYS} else reason


def _collisions(seen: Foresight) -> str:
    dates, tet = len(seen.days_off), sum(each.tet for each in seen.moved)
    if not (dates or seen.moved):
        return "Không ngày nghỉ nào vướng hạn hay thư"
    said = [f"{in_words(dates)} hạn rơi vào ngày nghỉ" if dates else "không hạn nào rơi vào ngày nghỉ"]
    said += [f"{in_words(len(seen.moved))} lần nhắc bị dời"] if seen.moved else []
    said += [f"trong đó {in_words(tet)} vì Tết"] if tet else []
    return opened(", ".join(said))


def _rest(rows: Sequence[Load] | Sequence[Heights]) -> int:
    """How many the rows that are not shown stand for."""
    return sum(len(row.owners if isinstance(row, Load) else row.units) for row in rows[ROWS:])


def _highest(seen: Foresight) -> str:
    """To whom silence is told at most, and of how many."""
    told = [each for each in seen.heights if each.height.hearers]
    if not told:
        return "Không ai bị báo lên trên: chỉ nhắc chính đơn vị"
    last = told[0].height.hearers
    many = sum(len(each.units) for each in told if each.height.hearers == last)
    rest = sum(len(each.units) for each in seen.heights if not each.height.hearers)
    only = f"; {in_words(rest)} đơn vị chỉ được nhắc" if rest else ""
    return f"{opened(in_words(many))} đơn vị có thể bị báo đến {_told(seen, last)}{only}"


def _told(seen: Foresight, ids: Sequence[str]) -> str:
    return names([seen.directory.agencies[each].name for each in ids], 3, others="và {n} nơi khác")


def _listed(all_of_them: Sequence[str]) -> str:
    return names(all_of_them, NAMED if len(all_of_them) <= NAMED else NAMED - 4)


def _terms(duties: Iterable[Owed]) -> Mapping[tuple[str, str], str]:
    """What the terms of each clause are called: "kỳ 2", "mốc 30/6"."""
    found: dict[tuple[str, str], str] = {}
    for owed in duties:
        counted = [term for term in owed.terms if term.key]
        for no, term in enumerate(counted, start=1):
            on = date.fromisoformat(term.key[:10])
            found[owed.duty.clause, term.key] = f"kỳ {no}" if owed.duty.every else f"mốc {on.day}/{on.month}"
    return found
