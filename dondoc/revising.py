"""What a paper makes of papers issued before it, as people read it: the difference in words, what becomes of work, who is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Literal

from rich.text import Text

from directives.language import reading, superiors
from directives.language.amendment import Difference, Word, amended, differences
from directives.language.calendar import written
from directives.language.shapes import Basis, Directive, Directory
from directives.language.succession import revises
from directives.language.vocabulary import WORDS
from tasks.ledger import listing
from tasks.ledger.amending import UnfitAmendmentError
from tasks.ledger.bonding import StrangePaperError
from tasks.ledger.carrying import CircleError
from tasks.ledger.rehearsal import Effect, Fate, rehearse

from .arguments import sentence
from .ledger import has_ledger, opened
from .project import Project
from .refusal import Refusal
from .speech import day, lang, say

Kind = Literal["amended", "replaced", "urged"]

_NAMED = 6  # agencies named in a line, before it only counts
_SIGNS = {"+": ("+", "green"), "~": ("~", "yellow"), "-": ("−", "red")}
_IDS = ("lead", "with", "for", "to", "cascade")
_MEANINGS = {**WORDS["duty"], **WORDS["overall"], "text": "nội dung", "force": "giao hay đề nghị"}
_HEADS = {"amended": "Sửa đổi {paper}", "replaced": "Thay thế {paper}", "urged": "Đôn đốc {paper}"}
_FATES = {
    "opened": "mở {n} việc: {names}", "redated": "{n} việc đổi hạn: {names}", "withdrawn": "{n} việc thôi thực hiện: {names}",
    "kept": "{n} việc đã xong, giữ nguyên: {names}", "urged": "đôn đốc {n} việc: {names}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What becomes of one older paper; without `effect` it is not in the ledger, and only words are compared, or it is `done` already."""

    kind: Kind
    paper: str
    differences: tuple[Difference, ...]
    effect: Effect | None
    done: bool = False

    @property
    def told(self) -> Mapping[str, str]:
        """Who gets a letter of it: names by code."""
        return self.effect.told if self.effect else {}

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "kind": self.kind, "paper": self.paper, "in_ledger": self.effect is not None,
            "differences": [
                {"sign": each.sign, "clause": each.clause, "reason": each.reason, "words": [word._asdict() for word in each.words]}
                for each in self.differences
            ],
            "tasks": [asdict(fate) for fate in self.effect.fates] if self.effect else [],
            "told": list(self.told), "mute": list(self.effect.mute) if self.effect else [],
        }


def is_revision(directive: Directive) -> bool:
    """Whether a paper does something to issued ones."""
    return bool(directive.amends or directive.replaces or directive.urges)


@contextmanager
def feasible() -> Iterator[None]:
    """Rehearse or issue inside. Raises Refusal with what a paper cannot do to issued ones."""
    try:
        yield
    except StrangePaperError as error:
        raise Refusal(str(error)) from error
    except UnfitAmendmentError as error:
        words = "; ".join(sentence(each) for each in error.mistakes)
        raise Refusal(say("không sửa được như vậy: {words}", words=words), say("xem: {command}", command="dondoc show SỐ")) from error


def foreseen(directive: Directive, file: Path, project: Project, at: datetime) -> tuple[Revision, ...]:
    """What the issue of a directive, perhaps a draft, would do: by the ledger, else in words by the files beside it.

    Raises Refusal where a change cannot be carried out; a paper that is not in the ledger is only said to be missing.
    """
    today = at.astimezone(project.settings.practice.tz).date()
    whole = directive.model_copy(update={"number": directive.number or say("(chưa có số)"), "date": directive.date or today})
    concerns = is_revision(directive) or any(superiors.carried_out(directive))
    found = _effects(whole, project, at) if concerns and has_ledger(project) else ()
    if found is None:
        return tuple(Revision(kind=kind, paper=_name(of), differences=(), effect=None, done=True) for kind, of in _named(directive))
    return tuple(_revisions(directive, file, project, {(each.paper.number, each.paper.issued_on): each for each in found}))


def _effects(whole: Directive, project: Project, at: datetime) -> tuple[Effect, ...] | None:
    """What the ledger says of the issue of a complete directive; None where it is issued already. Raises Refusal."""
    with opened(project) as office, feasible():
        with office.store.read() as db:
            if listing.stands(db, whole) != "new":
                return None
        try:
            return rehearse(office.store, whole, whole.directory, practice=office.practice, calendar=office.calendar, now=at)
        except CircleError:
            raise
        except StrangePaperError:
            return ()


def carried_out(directive: Directive, file: Path, project: Project) -> tuple[Revision, ...]:
    """What the issue of a complete directive does now, which is not issued yet. Raises Refusal with what keeps it from that."""
    found = foreseen(directive, file, project, project.now)
    if revises(directive) and any(each.kind == "amended" and each.effect is None for each in found):
        raise Refusal(str(StrangePaperError(directive.amends[0])))
    return found


def hearers(found: Iterable[Revision]) -> frozenset[str]:
    """Everyone who gets a letter of what becomes of older papers."""
    return frozenset(code for each in found for code in each.told)


def _named(directive: Directive) -> Iterator[tuple[Kind, Basis]]:
    """The issued papers that a paper does something to."""
    yield from (("amended", basis) for basis in directive.amends)
    yield from (("replaced", basis) for basis in directive.replaces)
    yield from (("urged", basis) for basis in directive.urges)


def _name(basis: Basis) -> str:
    return f"{basis.number} {written(basis.date)}" if basis.date else basis.number


def _revisions(directive: Directive, file: Path, project: Project, known: Mapping[Any, Effect]) -> Iterator[Revision]:
    for kind, basis in _named(directive):
        effect = next((each for (number, on), each in known.items() if number == basis.number and basis.date in (None, on)), None)
        found = effect.differences if effect else _by_files(directive, basis, file, project) if kind == "amended" else ()
        yield Revision(kind=kind, paper=_name(basis), differences=found, effect=effect)


def _by_files(directive: Directive, basis: Basis, file: Path, project: Project) -> tuple[Difference, ...]:
    library, _ = reading.office(project.agencies)
    old = reading.older(file, library)(basis, directive.date or project.now.date())
    return differences(old, amended(old, directive), directive) if old else ()


def lines(found: Iterable[Revision], directory: Directory, zone: tzinfo) -> Iterator[Text]:
    """A few lines for each older paper."""
    for each in found:
        aside = "" if each.effect else say(" (đã ban hành)") if each.done else say(" (không có trong sổ: chỉ so lời văn)")
        yield Text.assemble((say(_HEADS[each.kind], paper=each.paper), "bold"), (aside, "yellow"))
        fates = list(each.effect.fates) if each.effect else []
        for difference in each.differences:
            yield from _difference(difference, directory)
            of = [fate for fate in fates if fate.clause == difference.clause]
            yield from _fates(of, zone)
            if of and all(fate.kind == "kept" for fate in of):
                yield Text(f"      {say('mọi việc của mục này đã xong: thay đổi không tới ai')}", "yellow")
        said = {difference.clause for difference in each.differences}
        for clause in dict.fromkeys(fate.clause for fate in fates if fate.clause not in said):
            yield Text.assemble(("  · ", "dim"), (clause, "bold"))
            yield from _fates([fate for fate in fates if fate.clause == clause], zone)
        if each.effect:
            yield from _told(each.effect)
        yield Text()


def _difference(each: Difference, directory: Directory) -> Iterator[Text]:
    duty = each.after or each.before
    sign, colour = _SIGNS[each.sign]
    yield Text.assemble((f"  {sign} ", colour), (each.clause, "bold"), f" {duty.short if duty else say('cả văn bản')}")
    if each.reason:
        yield Text(f"      {say('lý do: {reason}', reason=each.reason)}")
    for word in each.words:
        if not (each.sign == "+" and word.what == "text"):
            yield Text(f"      {_word(word, directory)}")


def _word(word: Word, directory: Directory) -> str:
    before, after = (_names(said, directory) if word.what in _IDS else said for said in (word.before, word.after))
    change = f"{before} → {after or '–'}" if before else after
    return f"{word.what if lang() == 'en' else _MEANINGS.get(word.what, word.what)}: {change}"


def _names(ids: str, directory: Directory) -> str:
    return ", ".join(directory.agencies[id].short if id in directory.agencies else id for id in filter(None, ids.split(", ")))


def _fates(fates: list[Fate], zone: tzinfo) -> Iterator[Text]:
    for kind, words in _FATES.items():
        alike = [fate for fate in fates if fate.kind == kind]
        if alike:
            names = list(dict.fromkeys(fate.name for fate in alike))
            yield Text(f"      {say(words, n=len(alike), names=_few(names))}{_dates(alike, zone)}", "dim")


def _dates(fates: Sequence[Fate], zone: tzinfo) -> str:
    """The move of a date, where all move alike."""
    moves = {(fate.before, fate.after) for fate in fates}
    if fates[0].kind not in ("redated", "opened") or len(moves) != 1:
        return ""
    said = [day(at.astimezone(zone).date()) if at else "–" for at in moves.pop()]
    return f" ({said[1]})" if fates[0].kind == "opened" else f" ({said[0]} → {said[1]})"


def _told(effect: Effect) -> Iterator[Text]:
    if effect.told:
        yield Text(f"  {say('Báo cho {n} đơn vị: {names}', n=len(effect.told), names=_few(list(effect.told.values())))}")
    if effect.mute:
        yield Text(f"  {say('Chưa có địa chỉ thư: {names}', names=_few(list(effect.mute.values())))}", "yellow")


def _few(names: list[str]) -> str:
    shown, more = ", ".join(names[:_NAMED]), len(names) - _NAMED
    return say("{names} và {n} đơn vị khác", names=shown, n=more) if more > 0 else shown
