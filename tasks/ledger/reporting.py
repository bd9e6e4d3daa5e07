"""Report rounds: when each is due, the standing that it froze, and one letter for each of its readers."""

from __future__ import annotations

import json
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, select, text

from directives.language.calendar import Calendar
from directives.language.directory import resolve
from directives.language.expansion import report_plans
from directives.language.periods import rounds
from directives.language.shapes import ReportPlan
from tasks.values import Standing
from tasks.watches import Watch

from . import bonding, chain, roster, successions, watching
from . import tables as t
from .echoing import HEARS
from .issued import Issued, directory, load
from .rows import add, canonical, digest
from .standing import standing
from .store import Store
from .types import instant, seconds

_STANDING = TypeAdapter(Standing)
_WATCH = TypeAdapter(Watch)


def due(store: Store, calendar: Calendar, now: datetime) -> list[int]:
    """The directives with a report round by `now` that has not been made."""
    with store.read() as db:
        return list(db.execute(text(_DUE), {"now": seconds(now)}).scalars())


def report(store: Store, number: int, calendar: Calendar, now: datetime) -> int:
    """Make the latest due round of each of a directive's plans: freeze its standing, queue a letter a reader; returns new letters.

    After an outage only the latest round is made. Asked again for the same round it writes nothing.
    """
    with store.write() as db:
        chain.lock(db, number)  # nobody speaks while the standing is counted
        issued = load(db, number, calendar)
        people = directory(db, number)
        watch = watching.watch(db, number, calendar, issued.practice, now)
        letters, following = 0, []
        for plan in report_plans(issued.directive, issued.practice):
            last, next_ = _round(issued, plan, now)
            following.append(next_)
            if last:
                _freeze(db, issued, plan, last)
                readers = [who for word in plan.to for who in resolve(word, issued.directive.issuer, issued.directive, people)]
                hint = {"round": _named(issued, plan, last), "watch": _WATCH.dump_python(watch, mode="json")}
                letters += _tell(db, issued, hint, last, readers)
        ahead = None if bonding.has_ended(db, number) else min((at for at in following if at), default=None)
        db.execute(t.directives.update().where(t.directives.c.id == number).values(reports_at=ahead))
    return letters


def next_round(issued: Issued, at: datetime) -> datetime | None:
    """The first report round after an instant, of any plan."""
    ahead = (_round(issued, plan, at)[1] for plan in report_plans(issued.directive, issued.practice))
    return min((when for when in ahead if when), default=None)


def before(db: Connection, issued: Issued, now: datetime, reader: str = "") -> datetime | None:
    """What a page counts changes from, as its reader's last report did: the one before that, the issue where it was the first.

    Rounds are those of the plans that write to `reader`, of every plan for one who gets none. None before the first round.
    """
    plans = report_plans(issued.directive, issued.practice)
    mine = {plan.every.words for plan in plans if reader in plan.to} or {plan.every.words for plan in plans}
    rows = db.execute(text(_MADE), {"d": issued.id, "now": seconds(now)})
    made = [row.as_of for row in rows if row.round.partition("/")[2] in mine]
    return instant(made[1]) if len(made) > 1 else issued.issued_at if made else None


def frozen(db: Connection, number: int, round_: str) -> Standing:
    """The standing that a round froze."""
    query = select(t.reports.c.standing).where(t.reports.c.directive == number, t.reports.c.round == round_)
    return _STANDING.validate_json(db.execute(query).scalar_one())


def vouched(db: Connection, number: int, hint: str) -> tuple[Standing, Watch | None]:
    """What a report letter tells: the standing of its round, and what was vouched for when the round was made."""
    kept = json.loads(hint)
    if isinstance(kept, str):
        return frozen(db, number, kept), None
    return frozen(db, number, kept["round"]), _WATCH.validate_python(kept["watch"])


def fingerprint(made: Standing) -> str:
    """The hash of a standing: the same for a past day whenever it is asked, and that of the round which froze it."""
    return digest(canonical(_STANDING.dump_python(made, mode="json")))


def comes(db: Connection, agency: int) -> bool:
    """Whether a leader gets reports by mail: he has not stopped them."""
    return db.execute(text("SELECT 1 FROM quiet WHERE agency = :agency"), {"agency": agency}).first() is None


def let_come(db: Connection, agency: int, come: bool, now: datetime) -> None:
    """Stop a leader's reports by mail, or let them come again; once is as good as twice."""
    if come:
        db.execute(text("DELETE FROM quiet WHERE agency = :agency"), {"agency": agency})
    else:
        add(db, t.quiet, [{"agency": agency, "since": now}])


def _round(issued: Issued, plan: ReportPlan, now: datetime) -> tuple[datetime | None, datetime | None]:
    """The latest round that is due by `now`, and the one to come."""
    last = None
    since = issued.directive.date or issued.issued_at.astimezone(issued.practice.tz).date()
    for at in rounds(plan.every, since, issued.calendar, issued.practice):
        if at > now:
            return last, at
        if at > issued.issued_at:
            last = at
    return last, None


def _named(issued: Issued, plan: ReportPlan, at: datetime) -> str:
    return f"{at.astimezone(issued.practice.tz):%Y-%m-%dT%H:%M}/{plan.every.words}"


def _freeze(db: Connection, issued: Issued, plan: ReportPlan, at: datetime) -> None:
    """Keep how the directive stood, and what has changed since the plan's last round that was really made."""
    made = db.execute(select(t.reports.c.round, t.reports.c.as_of).where(t.reports.c.directive == issued.id))
    made_at = {row.round: row.as_of for row in made}
    if (name := _named(issued, plan, at)) in made_at:
        return
    before = [then for round_, then in made_at.items() if round_.partition("/")[2] == plan.every.words and then < at]
    stood = standing(db, issued.id, issued.calendar, at, max(before, default=issued.issued_at))
    body = canonical(_STANDING.dump_python(stood, mode="json"))
    add(db, t.reports, [
        {"directive": issued.id, "round": name, "as_of": at, "seq": stood.seq, "standing": body, "hash": digest(body)}
    ])


def _tell(db: Connection, issued: Issued, hint: dict[str, object], at: datetime, readers: list[str]) -> int:
    """One letter a reader and day; rounds that fall on one day share it. Its hint keeps what it says beside the standing."""
    ids, heirs = roster.codes(db), successions.heirs(db)
    silent = set(db.execute(text(f"SELECT a.id FROM agencies a WHERE NOT {HEARS} UNION SELECT agency FROM quiet")).scalars())
    to = sorted({heirs.get(ids[reader], ids[reader]) for reader in readers if reader in ids} - silent)
    day = at.astimezone(issued.practice.tz).date().isoformat()
    return add(db, t.notices, [
        {
            "key": f"report:{issued.id}:{agency}:{day}", "directive": issued.id, "recipient": agency, "lane": "report",
            "hint": canonical(hint), "not_before": at, "state": "queued",
        }
        for agency in to
    ])


_MADE = "SELECT round, as_of FROM reports WHERE directive = :d AND as_of <= :now ORDER BY as_of DESC"

_DUE = "SELECT id FROM directives WHERE state = 'issued' AND reports_at <= :now ORDER BY id"
