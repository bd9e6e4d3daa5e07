"""`approve`: another person looks at an issue that was asked for, and issues exactly that or refuses it; and what waits for that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path
from typing import Annotated, Any

from rich.text import Text

from config import approval
from config.office import Office
from config.sealing import Promise
from directives.language.findings import sound
from directives.language.shapes import Directive
from tasks.ledger import listing, proposals
from tasks.ledger.proposals import Proposal, SamePersonError

from .arguments import Here, Json, Number, option
from .checking import printed
from .issuing import agreed, completed, told
from .ledger import opened, typed, unknown
from .planning import foreseen, summary, the_directive
from .project import Project
from .refusal import FOUND, USAGE, Refusal
from .revising import carried_out, feasible, hearers
from .revising import lines as lines_of
from .screen import show, show_json, tell
from .sealed import kept
from .speech import day, moment, say


def approve(
    number: Number, /, *, project: Here,
    refuse: Annotated[bool, option("không duyệt; cần --note")] = False,
    note: Annotated[str | None, option("lý do không duyệt")] = None,
    yes: Annotated[bool, option("đồng ý trước, không hỏi")] = False,
    json: Json = False,
) -> int:
    """Issue what another person has proposed, exactly as it was planned, or refuse it. Approved again, it changes nothing."""
    if refuse and not note:
        raise Refusal(say("không duyệt thì cần lý do"), "--note", code=USAGE)
    with opened(project) as office:
        proposal = proposed(office, number)
        if refuse:
            return _refused(office, _mine_to_decide(office, proposal), note or "", project, json)
        if proposal.directive is not None:
            show(say("{number} đã ban hành, không có gì mới.", number=proposal.number))
            return 0
        _mine_to_decide(office, proposal)
        path = project.home / Promise.model_validate_json(proposal.plan).file
        directive = _as_planned(proposal, path, project)
        if directive is None:
            return FOUND
        if not json:
            tell(_head(proposal, office.practice.tz), *_amounts(directive, path, project))
        if not yes:
            agreed(say("Gõ {number} để duyệt và gửi", number=proposal.number), proposal.number)
        with feasible():
            return told(directive, approval.carry_out(office, proposal, directive, project.now), project, json)


def _amounts(directive: Directive, path: Path, project: Project) -> tuple[Text, ...]:
    """What it does to issued papers, and what it amounts to now."""
    changed = carried_out(directive, path, project)
    made = foreseen(directive, project, project.now)
    return *lines_of(changed, directive.directory, project.settings.practice.tz), summary(made, project.now, hearers(changed))


def proposed(office: Office, number: str) -> Proposal:
    """The proposal of a number that waits, else the last one that was decided. Raises Refusal."""
    wanted = typed(number)
    with office.store.read() as db:
        found = proposals.named(db, wanted.number, wanted.date)
        known = [each.number for each in proposals.waiting(db)]
    waits = [each for each in found if each.waits]
    if len(waits) > 1:
        choices = ", ".join(f"“{each.number} {day(each.issued_on)}”" for each in waits)
        several = say("có {n} văn bản số {number}", n=len(waits), number=wanted.number)
        raise Refusal(several, say("ghi thêm ngày: {choices}", choices=choices), code=USAGE)
    if not found:
        raise unknown(say("không có đề nghị ban hành {number}", number=number), wanted.number, known)
    return (waits or list(found))[0]


def waiting(office: Office, number: str = "") -> list[Proposal]:
    """What waits for another person; with `number`, of that paper."""
    with office.store.read() as db:
        return [each for each in proposals.waiting(db) if number in ("", each.number)]


def shown(office: Office, number: str) -> bool:
    """Show what waits under a number; whether that is all that there is of it."""
    if not (found := waiting(office, number)):
        return False
    show(*lines(found, office.practice.tz))
    with office.store.read() as db:
        return not listing.numbered(db, number)


def lines(found: list[Proposal], zone: tzinfo) -> Iterator[Text]:
    """One line for each proposal that waits."""
    for each in found:
        yield Text.assemble((f"{say('chờ duyệt')}  ", "yellow"), _head(each, zone), ("  dondoc approve " + each.number, "bold"))


def plain(proposal: Proposal) -> dict[str, Any]:
    """A proposal for a program."""
    return {
        "number": proposal.number, "date": proposal.issued_on, "title": proposal.title, "author": proposal.author, "at": proposal.at,
        "totals": Promise.model_validate_json(proposal.plan).totals,
    }


def _head(proposal: Proposal, zone: tzinfo) -> Text:
    at = moment(proposal.at, zone)
    letters = say("{n} thư", n=Promise.model_validate_json(proposal.plan).totals["letters"])
    aside = say("{letters}, {author} trình lúc {at}", letters=letters, author=proposal.author, at=at)
    return Text.assemble((proposal.number, "bold"), f"  {proposal.title} ", (f"({aside})", "dim"))


def _mine_to_decide(office: Office, proposal: Proposal) -> Proposal:
    """The proposal, if whoever works here may decide it. Raises Refusal."""
    person = office.settings.person
    if proposal.state == "refused":
        words = say("{number} đã bị {judge} trả lại: {note}", number=proposal.number, judge=proposal.judge, note=proposal.note)
        raise Refusal(words, say("sửa rồi trình lại: {command}", command="dondoc apply"))
    if proposal.directive is not None:
        raise Refusal(say("{number} đã được {judge} duyệt và đã ban hành", number=proposal.number, judge=proposal.judge))
    if person.casefold() == proposal.author.casefold():
        raise Refusal(str(SamePersonError(proposal.number, person)), say("người duyệt đặt tên mình: {name}", name="DONDOC_USER"))
    return proposal


def _as_planned(proposal: Proposal, path: Path, project: Project) -> Directive | None:
    """The directive of the file, if all that was planned still holds; None where the file has errors. Raises Refusal."""
    reading = project.read([path])
    again = say("người trình xem lại rồi trình lại: {command}", command=f"dondoc apply {path.relative_to(project.home)}")
    if not sound(reading.findings):
        printed(reading)
        tell(again)
        return None
    plan = Promise.model_validate_json(proposal.plan)
    directive = completed(the_directive(reading, path), plan.directive, plan.issued_on)
    kept(plan, directive, path, project, again)
    return directive


def _refused(office: Office, proposal: Proposal, note: str, project: Project, as_json: bool) -> int:
    decided = proposals.decide(office.store, proposal, "refused", office.settings.person, project.now, note=note)
    if as_json:
        show_json({**plain(decided), "state": decided.state, "judge": decided.judge, "note": decided.note})
    else:
        show(say("Đã trả lại {number} cho {author}: {note}.", number=decided.number, author=decided.author, note=decided.note.rstrip(".")))
    return 0
