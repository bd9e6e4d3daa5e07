"""How long the letters of a plan take over the office's mail server, said before anything leaves; too long is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from rich.text import Text

from notifications.forecast import Campaign, Late, campaigns
from tasks.forecast import Forecast
from tasks.pace import Limits

from .project import Project
from .refusal import FOUND, Refusal
from .speech import day, lang, moment, number, say, weekday

_LONG = timedelta(minutes=30)  # a day's letters that take less are not spoken of
_DAYS = timedelta(days=3)  # what takes longer is told in days


def foreseen(made: Forecast, project: Project) -> tuple[Campaign, ...]:
    """The days of a plan as the mail server lets their letters leave; nothing where it has no bounds, or is not set up yet."""
    practice, limits = project.settings.practice, _limits(project)
    first = project.calendar.window(project.now, practice, minutes=practice.recall)
    return campaigns(made.letters, limits, zone=practice.tz, opens=practice.opens, first=first)


def lines(made: Forecast, project: Project) -> Iterator[Text]:
    """Yield the longest day of a plan, and what arrives too late."""
    found = foreseen(made, project)
    if found and (longest := max(found, key=lambda each: each.lasts)).lasts >= _LONG:
        at = moment(longest.ends_at, project.settings.practice.tz)
        words = say("{n} thư ngày {day} cần {span} với {bounds}, thư cuối rời đi lúc {at}", n=number(longest.letters),
                    day=weekday(longest.on), span=span(longest.lasts), bounds=bounds(_limits(project)), at=at)
        yield Text(f"  {words}", "dim")
    if late := too_late(found):
        yield Text.assemble((say("cảnh báo"), "bold yellow"), " ", _late(late))


def too_late(found: Sequence[Campaign]) -> list[Late]:
    """The letters that leave after the date they speak of."""
    return [late for each in found for late in each.late]


def arrive(made: Forecast, project: Project) -> None:
    """Refuse an issue whose letters cannot arrive before the dates they speak of. Raises Refusal."""
    if late := too_late(foreseen(made, project)):
        advice = say("lùi hạn, tăng giới hạn (DONDOC_SMTP_PROFILE), hoặc vẫn ban hành: --late")
        raise Refusal(_late(late), advice, code=FOUND)


def span(time: timedelta) -> str:
    """A span in hours, or in days where it is long: 29,4 giờ."""
    hours = time / timedelta(hours=1)
    said = f"{hours / 24 if time >= _DAYS else hours:.1f}"
    said = said.replace(".", ",") if lang() == "vi" else said
    return say("{span} ngày", span=said) if time >= _DAYS else say("{span} giờ", span=said)


def bounds(relay: Limits) -> str:
    """What a relay allows: 30 thư/phút, 10.000 thư/ngày."""
    said = [say("{count} thư/phút", count=number(relay.per_minute))] if relay.per_minute else []
    said += [say("{count} thư/ngày", count=number(relay.per_day))] if relay.per_day else []
    return ", ".join(said) or say("máy chủ thư không có giới hạn")


def _limits(project: Project) -> Limits:
    try:
        return project.settings.relays[0].limits
    except (ValueError, OSError):  # whoever sends will say what is wrong with the settings
        return Limits()


def _late(late: Sequence[Late]) -> str:
    worst = min(late, key=lambda each: each.due)
    words = "{n} thư không kịp trước hạn mà thư nói đến, sớm nhất là hạn {due}"
    return say(words, n=len(late), due=day(worst.due))
