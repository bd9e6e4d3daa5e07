"""One letter as our composer writes it, against the same letter built by the standard library from ready parts."""

from __future__ import annotations

from collections.abc import Iterable
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from notifications.letters import Composer, Rendered
from notifications.links import Keys
from tasks.letters import Notice
from tasks.values import Party
from tests.notices import notice, work

from .measuring import RUNS, Bound, Figure, Taken, timed
from .stores import Shelf

LETTERS = 200
COMPOSER = Composer(base_url="https://dondoc.example", keys=Keys({"k1": bytes(32)}), office="UBND quận", sender="dondoc@office.example")


def writing(shelf: Shelf, *, small: bool) -> Iterable[Figure]:
    """Assignment letters, each to another office, in turn with the standard library's sealing of the same parts."""
    times = 5 if small else LETTERS
    COMPOSER.compose(notice())
    ours, bare = [], []
    for run in range(RUNS):
        told = [_to(run * times + number) for number in range(times)]
        ours.append(timed(lambda: [COMPOSER.compose(one) for one in told]) / times)  # noqa: B023  # called at once
        ready = [(one, COMPOSER.preview(one)) for one in told]
        bare.append(timed(lambda: [_plain(one, letter) for one, letter in ready]) / times)  # noqa: B023  # called at once
    said = "compose one letter of one duty (rendered and sealed), against the standard library sealing ready parts"
    yield Taken(ours=tuple(ours), bare=tuple(bare)).ratio("writing", said, "–", Bound(at="≥", value=20, unit="×"))


def _to(number: int) -> Notice:
    """A letter whose headers no cache has seen."""
    party = Party(id=f"s{number}", name=f"Trường Tiểu học số {number}", short=f"TH {number}", mail=f"truong-{number}@office.example")
    return notice("new", work(number, agency=party), number=number, recipient=party)


def _plain(told: Notice, ready: Rendered) -> bytes:
    letter = EmailMessage(policy=policy.SMTP)
    letter["From"] = "UBND quận Cái Răng, thành phố Cần Thơ <dondoc@office.example>"
    letter["To"] = f"{told.recipient.name} <{told.recipient.mail}>"
    letter["Subject"], letter["Date"], letter["Message-ID"] = ready.subject, format_datetime(told.date), told.message_id
    letter.set_content(ready.text)
    letter.add_alternative(ready.html, subtype="html")
    return letter.as_bytes()
