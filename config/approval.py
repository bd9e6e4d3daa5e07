"""Four eyes: an issue that another person approves is asked for first, and carried out only as it was asked for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from directives.language.shapes import Directive
from tasks.forecast import forecast
from tasks.ledger import proposals
from tasks.ledger.opening import Opened
from tasks.ledger.proposals import Proposal
from tasks.ledger.rehearsal import rehearse, told
from tasks.sums import sums

from .office import Office
from .sealing import BrokenPlanError, Promise, broken, promised


def is_wanted(office: Office, directive: Directive, now: datetime) -> bool:
    """Whether an issue of a complete directive waits for another person."""
    made = forecast(directive, directive.directory, office.calendar, office.practice, issued_at=now)
    effects = rehearse(office.store, directive, directive.directory, practice=office.practice, calendar=office.calendar, now=now)
    return office.settings.wants_approval(sums(made, now, told(effects)).letters)


def propose(office: Office, directive: Directive, path: Path, now: datetime) -> Proposal:
    """Ask for the issue of a complete directive from the file at `path`; asked for twice it waits once."""
    if directive.number is None or directive.date is None:
        raise ValueError("a directive without number and date is a draft")
    today = now.astimezone(office.practice.tz).date()
    plan = promised(
        directive, path, settings=office.settings, calendar=office.calendar, store=office.store, as_of=max(today, directive.date)
    )
    return proposals.propose(
        office.store, number=directive.number, issuer=directive.issuer, issued_on=directive.date, title=directive.title, plan=plan.text,
        hash_=plan.hash, author=office.settings.person, now=now,
    )


def holds(office: Office, plan: Promise, directive: Directive, path: Path) -> None:
    """Raises BrokenPlanError where something that the plan rests on has changed."""
    now = promised(directive, path, settings=office.settings, calendar=office.calendar, store=office.store, as_of=plan.as_of)
    if found := broken(plan, now):
        raise BrokenPlanError(found)


def carry_out(office: Office, proposal: Proposal, directive: Directive, now: datetime) -> Opened:
    """Approve what waits and issue it, as the person who works here; a run that was killed is finished by the next.

    The caller has seen that its plan `holds`. Raises SamePersonError; what was refused meanwhile is not issued.
    """
    decided = proposals.decide(office.store, proposal, "approved", office.settings.person, now)
    if decided.state != "approved":
        return Opened(directive=0, tasks=0, letters=0)
    done = office.issue(directive, now)
    proposals.carried_out(office.store, decided, done.directive, now)
    return done
