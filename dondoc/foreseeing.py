"""What `plan` shows beside duties and letters: the page, the facts for programs, and in a line what days off do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from reports.collisions import days_off, moved
from tasks.forecast import Forecast

from . import outlook
from .project import Project
from .refusal import Refusal
from .speech import lang, say, speak

if TYPE_CHECKING:
    from reports.plan_page import Sample


def page(made: Forecast, project: Project) -> str:
    """The plan as one page; like the leader's page it is in Vietnamese, whatever the terminal speaks."""
    from reports import plan_page
    from reports.foresight import foresight

    seen, spoken = foresight(made, project.calendar, project.settings.practice), lang()
    speak("vi")
    try:
        return plan_page.html(seen, outlook.rows(made), tuple(_samples(made, project)))
    finally:
        speak(spoken)


def write(made: Forecast, project: Project, path: Path) -> None:
    """Write the page. Raises Refusal where there is no writing."""
    text = page(made, project)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refusal(say("không ghi được {file}: {why}", file=path, why=error.strerror or error)) from error


def facts(made: Forecast, project: Project) -> dict[str, Any]:
    """The same for programs."""
    from reports.foresight import foresight

    return foresight(made, project.calendar, project.settings.practice).to_json()


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
    composer = Composer(base_url=given.base_url, keys=Keys({"k": bytes(32)}), office=given.mail_from_name, sender=given.mail_from)
    for notice in specimens(made, given.practice):
        letter = composer.preview(notice)
        yield notice.lane, notice.recipient.name, letter.subject, letter.text
