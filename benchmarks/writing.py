"""Letters as our composer writes them, against the same letters built by the standard library from ready parts."""

from __future__ import annotations

from collections.abc import Iterable
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from notifications.letters import Composer, Rendered
from notifications.links import Keys
from tasks.letters import Lane, Notice
from tasks.values import Party
from tests.notices import notice, work

from .measuring import RUNS, Bound, Figure, Taken, timed
from .stores import Shelf

LETTERS = 200
COMPOSER = Composer(base_url="https://dondoc.example", keys=Keys({"k1": bytes(32)}), office="UBND quận", sender="dondoc@office.example")


#: What is written, in which lane, of how many duties, and how often.
KINDS: tuple[tuple[str, Lane, int, int], ...] = (
    ("one letter of one duty", "new", 1, LETTERS),
    ("a digest of 100 duties", "digest", 100, 20),
)


def writing(shelf: Shelf, *, small: bool) -> Iterable[Figure]:
    """Letters, each to another office, in turn with the standard library's sealing of the same parts."""
    for said, lane, duties, times in KINDS:
        taken = _taken(lane, duties, 2 if small else times)
        budget = f"compose {said} (rendered and sealed), against the standard library sealing ready parts"
        yield taken.ratio("writing", budget, "–", Bound(at="≥", value=20, unit="×"))


def _taken(lane: Lane, duties: int, times: int) -> Taken:
    COMPOSER.compose(_to(0, lane, duties))
    ours, bare = [], []
    for run in range(RUNS):
        told = [_to(run * times + number, lane, duties) for number in range(1, times + 1)]
        ours.append(timed(lambda: [COMPOSER.compose(one) for one in told]) / times)  # noqa: B023  # called at once
        ready = [(one, COMPOSER.preview(one)) for one in told]
        bare.append(timed(lambda: [_plain(one, letter) for one, letter in ready]) / times)  # noqa: B023  # called at once
    return Taken(ours=tuple(ours), bare=tuple(bare))


def _to(number: int, lane: Lane, duties: int) -> Notice:
    """A letter whose headers no cache has seen; its duties are those of every other office."""
    party = Party(id=f"s{number}", name=f"Trường Tiểu học số {number}", short=f"TH {number}", mail=f"truong-{number}@office.example")
    works = (work(number * duties + duty, agency=party, clause=str(duty), short=f"Việc {duty}") for duty in range(duties))
    return notice(lane, *works, number=number, recipient=party)


def _plain(told: Notice, ready: Rendered) -> bytes:
    letter = EmailMessage(policy=policy.SMTP)
    letter["From"] = "UBND quận Cái Răng, thành phố Cần Thơ <dondoc@office.example>"
    letter["To"] = f"{told.recipient.name} <{told.recipient.mail}>"
    letter["Subject"], letter["Date"], letter["Message-ID"] = ready.subject, format_datetime(told.date), told.message_id
    letter.set_content(ready.text)
    letter.add_alternative(ready.html, subtype="html")
    return letter.as_bytes()
