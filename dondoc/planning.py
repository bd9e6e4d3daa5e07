"""`plan`: what an issue would set going, before anything is sent."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from directives.language.calendar import written
from directives.language.findings import sound
from directives.language.reading import Reading
from directives.language.shapes import Directive
from directives.language.superiors import carried_out
from tasks.forecast import Forecast, forecast
from tasks.sums import sums

from . import foreseeing, outlook, timing
from .arguments import AsOf, File, Here, Json, day_option, option
from .checking import printed
from .project import Project
from .refusal import FOUND, USAGE, Refusal
from .screen import marked, next_step, show, show_json, table, tell
from .speech import day, lang, say, weekday

if TYPE_CHECKING:
    from .revising import Revision

_DAYS = 12  # lines of letters that are shown without --all
_WARNINGS = 6


def plan(
    file: File, /, *, project: Here, as_of: AsOf = None,
    until: Annotated[date | None, day_option("xem trước đến ngày này")] = None,
    every: Annotated[bool, option("mọi ngày, mọi thư", name="--all")] = False,
    html: Annotated[Path | None, option("ghi thành một trang HTML, xem và in được")] = None,
    out: Annotated[Path | None, option("ghi kế hoạch vào tệp này, để apply ban hành đúng như vậy")] = None,
    json: Json = False,
) -> int:
    """Show who gets what duty, by when, and every letter that leaves if nobody answers. Nothing is sent."""
    reading = project.read([file])
    if not sound(reading.findings):
        printed(reading)
        return FOUND
    directive = the_directive(reading, file)
    issued_at = instant_of_issue(directive, project, as_of or (earliest(directive, project) if out else None))
    sealed(directive, file, project, issued_at, out)
    made = foreseen(directive, project, issued_at, until)
    changed = revisions(directive, file, project, max(issued_at, project.now))
    if html:
        foreseeing.write(made, project, html, changed, issued_at)
        tell(say("Đã ghi {path}.", path=html))
    if json:
        changes = {"changes": [each.to_json() for each in changed]} if changed else {}
        show_json({**made.to_json(), **changes, "foresight": foreseeing.facts(made, project, changed, issued_at)})
        return 0
    _shown(made, changed, project, issued_at, None if every else _DAYS)
    show(*_warnings(made, reading))
    on = issued_at.astimezone(project.settings.practice.tz).date()
    if not as_of and on < (today := earliest(directive, project)):
        tell(next_step(say("Nếu ban hành hôm nay"), f"dondoc plan {file} --as-of {written(today)}"))
    tell(next_step(say("Ban hành"), f"dondoc apply {out or file}"))
    return 0


def _shown(made: Forecast, changed: tuple[Revision, ...], project: Project, issued_at: datetime, most: int | None) -> None:
    """The plan as people read it: what it is of, what it changes, duties, sums, and at most so many lines of letters."""
    tz = project.settings.practice.tz
    told = [code for each in changed for code in each.told]
    show(_head(made, issued_at.astimezone(tz).date()), *said(changed, made, tz), *_table(made), summary(made, issued_at, told))
    for line in timing.lines(made, project):
        show(line)
    if made.duties:
        show(*letters(made, most), *foreseeing.collisions(made, project))


def revisions(directive: Directive, file: Path, project: Project, at: datetime) -> tuple[Revision, ...]:
    """What becomes of issued papers that the directive names. Raises Refusal where it cannot."""
    if not (directive.amends or directive.replaces or directive.urges or any(carried_out(directive))):
        return ()
    from .revising import foreseen  # the ledger, which no other plan opens

    return foreseen(directive, file, project, at)


def said(changed: tuple[Revision, ...], made: Forecast, zone: tzinfo) -> Iterator[Text]:
    """The same in words."""
    if changed:
        from .revising import lines

        yield from lines(changed, made.directive.directory, zone)


def sealed(directive: Directive, file: Path, project: Project, issued_at: datetime, out: Path | None) -> None:
    """Keep the plan in a file of its own, if one is named. Raises Refusal."""
    if out:
        from .sealed import write  # the ledger, which no other plan opens

        write(directive, file, project, issued_at.astimezone(project.settings.practice.tz).date(), out)


def earliest(directive: Directive, project: Project) -> date:
    """The first day on which a plan that is made now can be carried out."""
    today = project.now.astimezone(project.settings.practice.tz).date()
    return max(today, directive.date or today)


def the_directive(reading: Reading, file: Path) -> Directive:
    """The one directive of a file that was read without errors. Raises Refusal for a directory."""
    if not reading.directives:
        raise Refusal(say("{file} không phải văn bản chỉ đạo", file=file), code=USAGE)
    return reading.directives[0][1]


def instant_of_issue(directive: Directive, project: Project, as_of: date | None) -> datetime:
    """When a plan begins: the morning of the day asked for, else of the paper's own, else now."""
    day_of_issue = as_of or directive.date
    return project.opening(day_of_issue) if day_of_issue else project.now


def foreseen(directive: Directive, project: Project, issued_at: datetime, until: date | None = None) -> Forecast:
    """What happens if the directive is issued at an instant and nobody answers."""
    return forecast(directive, directive.directory, project.calendar, project.settings.practice, issued_at=issued_at, until=until)


def _head(made: Forecast, on: date) -> Text:
    """What paper it is, and as if issued on which day; its own day is said where that is another."""
    directive = made.directive
    issuer = directive.directory.agencies[directive.issuer].name
    own = f"{say('văn bản ngày {day}', day=day(directive.date))}, " if directive.date and directive.date != on else ""
    return Text.assemble(
        (directive.number or say("(chưa có số)"), "bold"), f"  {directive.title}\n",
        (f"{issuer} · {own}{say('tính như ban hành ngày {day}', day=day(on))}\n", "dim"),
    )


def _table(made: Forecast) -> tuple[RenderableType, ...]:
    """The duties, where the paper has any of its own."""
    return (duties(made), Text()) if made.duties else ()


def duties(made: Forecast) -> Table:
    """The table of duties."""
    rows = table("", "Mục", "Việc", "Chủ trì", "Hạn", right=("Mục",), wide=("Việc", "Chủ trì", "Hạn"))
    for column, ratio in zip(rows.columns[2:], (3, 2, 2), strict=True):
        column.ratio, column.no_wrap = ratio, ratio == 3
    for row in outlook.rows(made):
        sign = Text("+", "green") if row.duty.force != "note" else Text("·", "dim")
        due = Text.assemble(row.due, " " if row.due and row.aside else "", (row.aside, "dim"))
        rows.add_row(sign, Text(row.duty.clause, "" if row.duty.printed else "dim"), row.duty.short, row.lead, due)
    return rows


def summary(made: Forecast, issued_at: datetime, told: Collection[str] = ()) -> Text:
    """What the issue amounts to; `told` hear of what it changes in issued papers."""
    total = sums(made, issued_at, told)
    said = outlook.counted(total)
    if not total.duties:
        return marked("Gửi [b]{letters}[/].", **said)
    later = say(", {later} việc mở dần về sau", **said) if total.later else ""
    sentence = "Sẽ giao [b]{duties}[/] cho [b]{agencies}[/]: {tasks} việc mở ngay{later_tasks}. Gửi [b]{letters}[/]."
    return marked(sentence, **said, later_tasks=later)


def letters(made: Forecast, most: int | None) -> tuple[Text, ...]:
    """The letters by day, at most so many lines."""
    sayings = list(outlook.sayings(made))
    if not sayings:
        return (Text(say("Không có thư nào khác.")),)
    lines = [Text(say("Thư tiếp theo nếu không ai báo cáo:"))]
    for saying in sayings[:most]:
        readers = outlook.who(saying.readers, made.directive.directory)
        lines.append(Text.assemble("  ", (weekday(saying.on), "cyan"), f"  {saying.words} ", (f"→ {readers}", "dim")))
    if rest := sum(saying.letters for saying in sayings[most:] if most):
        lines.append(Text(say("  … và {n} thư nữa đến {day} (--all)", n=rest, day=day(sayings[-1].on)), "dim"))
    return tuple(lines)


def _warnings(made: Forecast, reading: Reading) -> tuple[Text, ...]:
    """What the issuer should know: the file's own warnings, who hears nothing, what is late before it is heard of."""
    found = [(f"{each.path}:{each.line}:{each.column}", each.sentence(lang())) for each in reading.findings]
    found += [("", warning) for warning in (*made.warnings, *_late_at_once(made))]
    lines = [
        Text.assemble((say("cảnh báo"), "bold yellow"), " ", (f"{place}  " if place else "", "dim"), words)
        for place, words in found[:_WARNINGS]
    ]
    if more := len(found) - _WARNINGS if len(found) > _WARNINGS else 0:
        lines.append(Text(say("  … và {n} cảnh báo nữa", n=more), "dim"))
    return (Text(), *lines, Text()) if lines else (Text(),)


def _late_at_once(made: Forecast) -> Iterator[str]:
    """Yield the first periods that end before anybody has the letter that opens them."""
    sent = min((letter.on for letter in made.letters if letter.lane == "new"), default=date.min)
    for owed in made.duties:
        first = next((term.due.day for term in owed.terms if owed.duty.every and term.due), None)
        if first and first < sent:
            words = "mục {clause}: kỳ đầu hết hạn {due}, thư giao việc đi ngày {sent}; muốn bắt đầu từ kỳ sau thì ghi from"
            yield say(words, clause=owed.duty.clause, due=day(first), sent=day(sent))
