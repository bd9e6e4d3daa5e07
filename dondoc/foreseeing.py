"""What `plan` shows beside duties and letters: the page, the facts for programs, and in a line what days off do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from reports.collisions import days_off, moved
from tasks.forecast import Forecast
from tasks.postbag import Letter

from . import outlook
from .project import Project
from .refusal import Refusal
from .speech import lang, say, speak

if TYPE_CHECKING:
    from reports.plan_page import Change, Sample

    from .revising import Revision

_HEAD = 2  # how far the first line of a change is set in; what is said of it stands deeper


def with_changes(made: Forecast, changed: Sequence[Revision], project: Project, issued_at: datetime) -> Forecast:
    """The same with the letters to those who hear only of what the paper changes in others; they leave with the first ones."""
    first = [letter for letter in made.letters if letter.lane == "new"]
    told = {code for each in changed for code in each.told}.difference(letter.to for letter in first)
    practice = project.settings.practice
    on = first[0].on if first else project.calendar.window(issued_at, practice, minutes=practice.recall).astimezone(practice.tz).date()
    more = tuple(Letter(on=on, lane="new", to=who, items=()) for who in sorted(told))
    return replace(made, letters=more + made.letters, until=max(made.until, on) if more else made.until)


def page(made: Forecast, project: Project, changed: Sequence[Revision], issued_at: datetime) -> str:
    """The plan as one page; like the leader's page it is in Vietnamese, whatever the terminal speaks."""
    from reports import plan_page
    from reports.foresight import foresight

    whole, spoken = with_changes(made, changed, project, issued_at), lang()
    seen = foresight(whole, project.calendar, project.settings.practice)
    speak("vi")
    try:
        changes = tuple(_changes(made, changed, project))
        on = issued_at.astimezone(project.settings.practice.tz).date()
        return plan_page.html(seen, outlook.rows(made), tuple(_samples(made, project)), changes, on=on)
    finally:
        speak(spoken)


def _changes(made: Forecast, changed: Sequence[Revision], project: Project) -> Iterator[Change]:
    """What becomes of each older paper: a heading, then lines, each with its depth in the terminal."""
    if changed:
        from .revising import lines

        for each in changed:
            head, *rest = (text.plain for text in lines([each], made.directive.directory, project.settings.practice.tz))
            yield head, tuple((line.lstrip(), len(line) - len(line.lstrip()) > _HEAD) for line in rest if line)


def write(made: Forecast, project: Project, path: Path, changed: Sequence[Revision], issued_at: datetime) -> None:
    """Write the page. Raises Refusal where there is no writing."""
    text = page(made, project, changed, issued_at)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refusal(say("không ghi được {file}: {why}", file=path, why=error.strerror or error)) from error


def facts(made: Forecast, project: Project, changed: Sequence[Revision], issued_at: datetime) -> dict[str, Any]:
    """The same for programs."""
    from reports.foresight import foresight

    whole = with_changes(made, changed, project, issued_at)
    return foresight(whole, project.calendar, project.settings.practice).to_json()


def collisions(made: Forecast, project: Project) -> tuple[Text, ...]:
    """One line about days off, where they touch anything."""
    dates, rungs = days_off(made, project.calendar), moved(made, project.calendar, project.settings.practice)
    if not (dates or rungs):
        return ()
    said = [say("hạn rơi vào ngày nghỉ: {n}", n=len(dates))] if dates else []
    said += [say("nhắc việc, báo cáo dời vì ngày nghỉ: {n}", n=len(rungs))] if rungs else []
    said += [say("dời vì Tết: {n}", n=tet)] if (tet := sum(each.tet for each in rungs)) else []
    return (Text(f"  {' · '.join(said)}", "dim"),)


def _samples(made: Forecast, project: Project) -> Iterator[Sample]:
    """A letter of each kind as it will be written, with a link that opens nothing."""
    from notifications.letters import Composer
    from notifications.links import Keys
    from tasks.specimens import specimens

    given = project.settings
    composer = Composer(
        base_url=given.base_url, keys=Keys({"k": bytes(32)}), office=given.mail_from_name, sender=given.mail_from,
        answers=bool(given.imap_host),
    )
    for notice in specimens(made, given.practice):
        letter = composer.preview(notice)
        yield notice.lane, notice.recipient.name, letter.subject, letter.text
