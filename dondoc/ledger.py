"""The office with its ledger, as commands open it; what a person typed of it, found or answered with what was perhaps meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from config.office import Office
from config.settings import KeysError
from directives.language.calendar import written
from directives.language.fields import paper_of
from directives.language.mistakes import Mistake
from directives.language.shapes import Basis
from directives.language.words import near
from tasks.ledger import listing
from tasks.ledger.issued import Issued, load
from tasks.ledger.issued import ever as once_issued
from tasks.ledger.ownership import StoreError, stood
from tasks.ledger.reach import LedgerAwayError, LedgerUrlError, reached
from tasks.ledger.roster import StrangerError
from tasks.values import Paper

from .project import Project
from .refusal import LATER, USAGE, Refusal
from .speech import say


@contextmanager
def answering() -> Iterator[None]:
    """Work with a ledger inside. Raises Refusal where it is away, is not ours, or cannot be written."""
    try:
        with reached():
            yield
    except LedgerAwayError as error:
        raise Refusal(say("không mở được sổ: {why}", why=error), say("xem: {command}", command="dondoc doctor"), code=LATER) from error
    except LedgerUrlError as error:
        raise Refusal(str(error), say("xem cài đặt: {name}", name="DONDOC_DATABASE"), code=USAGE) from error
    except (StoreError, StrangerError, KeysError) as error:
        raise Refusal(str(error)) from error
    except PermissionError as error:
        raise Refusal(say("không có quyền ghi {path}", path=error.filename)) from error
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        why = say("{path} không phải như mong đợi", path=error.filename)
        raise Refusal(say("không mở được sổ: {why}", why=why), say("xem cài đặt: {name}", name="DONDOC_DATABASE"), code=USAGE) from error


def has_ledger(project: Project) -> bool:
    """Whether anything was ever made: a database of the office's own is taken to be there, and a file that was there is missed."""
    ledger = project.settings.data / "ledger.sqlite"
    return bool(project.settings.database) or ledger.exists() or stood(ledger)


@contextmanager
def opened(project: Project, *, new: bool = False) -> Iterator[Office]:
    """The project's office. Without `new`, nothing is made where nothing is. Raises Refusal."""
    if not (new or has_ledger(project)):
        raise Refusal(
            say("chưa có văn bản nào được ban hành ở {path}", path=project.home), say("ban hành: {command}", command="dondoc apply FILE")
        )
    with answering():
        office = Office.open(project.settings)
        try:
            yield office
        finally:
            office.close()


def paper(office: Office, number: str) -> Paper:
    """The issued paper that a person named: "898/UBND", with its date where numbers recur. Raises Refusal."""
    wanted = typed(number)
    with office.store.read() as db:
        found = listing.numbered(db, wanted.number, wanted.date)
        known = listing.numbers(db) if not found else ()
    if len(found) == 1:
        return found[0]
    if not found:
        raise unknown(say("không có văn bản {number} trong sổ", number=number), wanted.number, known)
    choices = ", ".join(f"“{each.number} {written(each.issued_on)}”" for each in found)
    several = say("có {n} văn bản số {number}", n=len(found), number=wanted.number)
    raise Refusal(several, say("ghi thêm ngày: {choices}", choices=choices), code=USAGE)


def issued(office: Office, of: Paper) -> Issued:
    """The paper read back with all its words."""
    with office.store.read() as db:
        return load(db, of.id, office.calendar)


def ever(office: Office, of: Paper) -> Issued:
    """The paper with the duties that it has no more: their history stays."""
    with office.store.read() as db:
        return once_issued(db, of.id, office.calendar)


def clause(of: Issued, wanted: str) -> str:
    """A clause of the paper as its key. Raises Refusal."""
    known = [duty.clause for duty in of.directive.duties]
    if wanted in known:
        return wanted
    raise unknown(say("{number} không có mục {clause}", number=of.directive.number, clause=wanted), wanted, known)


def agency(office: Office, wanted: str) -> str:
    """An agency's code. Raises Refusal."""
    with office.store.read() as db:
        known = listing.agencies(db)
    if wanted in known:
        return wanted
    raise unknown(say("sổ không có đơn vị “{agency}”", agency=wanted), wanted, known, known)


def unknown(sentence: str, word: str, known: Iterable[str], meanings: Mapping[str, str] | None = None) -> Refusal:
    """That there is no such thing, with what was perhaps meant."""
    names = list(known)
    meant = near(word, names, meanings)
    said = f"{meant} — {meanings[meant]}" if meant and meanings else meant
    few = say("có: {names}", names=", ".join(names[:20])) if 0 < len(names) <= 20 else ""
    return Refusal(sentence, say("có phải {word}?", word=said) if said else few, code=USAGE)


def typed(number: str) -> Basis:
    """A paper as a person names it: its number, and the date where given. Raises Refusal."""
    try:
        return Basis.model_validate(paper_of(number))
    except Mistake as mistake:
        raise Refusal(say("không hiểu “{number}”", number=number), say("viết như: 898/UBND 18/5/2020"), code=USAGE) from mistake
