"""A directory as a table: what its columns are called, its rows as the entries of a directory, and a directory as the table we keep."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from io import StringIO
from pathlib import Path
from types import MappingProxyType

from .agencies import Agency, Directory
from .books import Book, bound
from .calendar import written
from .mistakes import Enough, Mark, Mistake, Notes
from .sheets import sheet_of
from .tree import Block, Node, Row, Text
from .words import fold, match_form

#: The columns that we keep, in order, with what else offices call them (folded).
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("ma", "ma don vi", "ma truong", "ma dinh danh", "code"),
    "name": ("ten", "ten don vi", "ten truong", "ten day du", "don vi", "ten co quan"),
    "short": ("ten gon", "ten viet tat", "viet tat", "ten ngan"),
    "kind": ("loai", "khoi", "loai hinh", "cap hoc", "loai don vi"),
    "in": ("truc thuoc", "don vi cap tren", "cap tren", "don vi quan ly", "thuoc"),
    "head": ("nguoi dung dau", "thu truong"),
    "mail": ("email", "e-mail", "thu dien tu", "dia chi thu", "dia chi email", "hop thu"),
    "phone": ("dien thoai", "so dien thoai", "sdt", "dt", "tel"),
    "since": ("tu ngay", "thanh lap", "ngay thanh lap"),
    "until": ("den ngay", "giai the", "ngay giai the"),
    "successor": ("don vi ke thua", "ke thua"),
    "lang": ("ngon ngu",),
}
#: Columns that stand only where an agency says them.
RARE = ("lang",)
#: Columns of contacts by role, which become positions: a table that we keep has those as rows.
CONTACTS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("head", "mail"): ("thu nguoi dung dau", "email nguoi dung dau", "email thu truong"),
    ("deputy", "mail"): ("thu cap pho", "email cap pho"),
    ("focal", "name"): ("dau moi", "can bo dau moi"),
    ("focal", "mail"): ("thu dau moi", "email dau moi"),
    ("focal", "phone"): ("dien thoai dau moi", "sdt dau moi"),
}
IGNORED = ("stt", "tt", "so tt", "ghi chu", "so thu tu")
_NOWHERE = Mark(1, 1, 2)
_NONE = Directory()
_LONGEST = 63
_TITLES = 12  # rows among which the names of the columns are looked for
_NAMES = ("name", "short")
_MEANT = {alias: word for word, aliases in COLUMNS.items() for alias in (fold(word), *aliases)}
_MEANT |= {alias: "/".join(of) for of, aliases in CONTACTS.items() for alias in (" ".join(of), *aliases)}


def roll_of(data: bytes, path: Path, others: Directory = _NONE, mine: Mapping[str, Agency] = MappingProxyType({})) -> tuple[Book, str]:
    """The book of a table, and its text as people see it; `in` and `head` may be named by an id, or by a name that only one agency has.

    `others` are the office's other files, whose ids are taken; `mine` are agencies that the table adds to. Rows without an id
    get one of their name.
    """
    seen = [""]

    def grown(notes: Notes) -> Block | None:
        sheet = sheet_of(data, path.name, notes)
        seen[0] = sheet.text
        agencies = _agencies(sheet.rows, {**others.agencies, **mine}, notes)
        for id_ in agencies.keys() & (others.agencies.keys() | others.groups.keys()):
            notes.tell(agencies.key(id_).mark, Mistake("D169", word=id_))
        tree = Block(agencies.mark)
        tree[Text("agencies", tree.mark)] = agencies
        return tree

    return bound(path, grown), seen[0]


def printed(agencies: Iterable[Agency]) -> str:
    """The table that we keep: one row an agency, UTF-8, commas; the same agencies give the same bytes."""
    out, known = StringIO(), list(agencies)
    table = csv.writer(out, lineterminator="\n")
    rare = [word for word in RARE if any(getattr(agency, word) for agency in known)]
    table.writerow([word for word in COLUMNS if word not in RARE or word in rare])
    table.writerows([*_row_of(agency), *(getattr(agency, word) or "" for word in rare)] for agency in known)
    return out.getvalue()


def _row_of(agency: Agency) -> list[str]:
    short = agency.short if agency.short != agency.name else ""
    days = [written(day) if day else "" for day in (agency.since, agency.until)]
    return [
        agency.id, agency.name, short, "; ".join(agency.kind), "; ".join(agency.in_), agency.head or "", agency.mail or "",
        agency.phone or "", *days, agency.successor or "",
    ]


def _agencies(rows: Sequence[Row], known: Mapping[str, Agency], notes: Notes) -> Block:
    """Each row an entry under its id. Raises Enough where there are no names."""
    if not rows:
        notes.tell(_NOWHERE, Mistake("D016"))
        raise Enough
    rows = _from_heading(rows, notes)
    columns = _columns(rows[0], notes)
    entries = [entry for row in rows[1:] if (entry := _entry(row, columns, notes))]
    agencies, first = Block(rows[0].mark), dict[str, Text]()
    for entry in entries:
        id_ = _id_of(entry)
        if (other := first.setdefault(id_, id_)) is not id_:
            notes.tell(id_.mark, Mistake("D018", word=id_, line=str(other.mark.line)), related=other.mark.line)
        agencies[id_] = entry
    people = _People(agencies, known)
    for entry in entries:
        people.resolve(entry, notes)
    return agencies


def _from_heading(rows: Sequence[Row], notes: Notes) -> Sequence[Row]:
    """The rows from the names of the columns on: offices put their own name and a title above, in cells that are merged at will."""
    at = next((no for no, row in enumerate(rows[:_TITLES]) if "name" in map(_word, row)), 0)
    line = rows[at].mark.line
    notes.slips[:] = [slip for slip in notes.slips if slip[1].code != "D164" or slip[0].line >= line]
    return rows[at:]


def _word(cell: Node) -> str:
    """The word that a column's name means, "" for none."""
    return _MEANT.get(fold(str(cell)).rstrip("."), "")


def _columns(heading: Row, notes: Notes) -> list[Text]:
    """The word of each column, "" for those that say nothing here. Raises Enough without names."""
    words = []
    for cell in heading:
        word = _word(cell)
        if cell and not word and fold(str(cell)).rstrip(".") not in IGNORED:
            notes.tell(cell.mark, Mistake("D166", word=str(cell)[:60]))
        words.append(Text(word, cell.mark))
    if "name" not in words:
        notes.tell(heading.mark, Mistake("D031", word="name"))
        raise Enough
    return words


def _entry(row: Row, columns: Sequence[Text], notes: Notes) -> Block | None:
    entry = Block(row[0].mark)
    entry.update((word, cell) for word, cell in zip(columns, row, strict=False) if word and cell)
    if "name" not in entry:
        notes.tell(row.mark, Mistake("D168"))
        return None
    if "kind" in entry:
        entry["kind"] = _parts(entry["kind"], slug)
    _contacts(entry)
    return entry


def _contacts(entry: Block) -> None:
    """Let the cells of contacts be one entry, as YAML has it."""
    contacts = Block(entry.mark)
    for role, word in CONTACTS:
        if (cell := entry.pop(f"{role}/{word}", None)) is not None:
            contact = contacts.setdefault(Text(role, cell.mark), Block(cell.mark))
            if isinstance(contact, Block):
                contact[Text(word, cell.mark)] = cell
    if contacts:
        entry[Text("contacts", entry.mark)] = contacts


def _id_of(entry: Block) -> Text:
    """The id of a row as we write ids, else one made of its name."""
    cell = entry.pop("id", None) or entry["name"]
    return Text(slug(str(cell)), cell.mark)


def slug(text: str) -> str:
    """A word that can be an id: `Trường Mầm non 1/5` becomes `truong-mam-non-1-5`."""
    return re.sub(r"[^a-z0-9.]+", "-", fold(text)).strip("-.")[:_LONGEST].rstrip("-.")


def _parts(cell: Node, form: Callable[[str], str]) -> Row:
    """A cell that holds several things, parted by `;` or `,`."""
    parts = Row(cell.mark)
    parts.extend(Text(form(part.strip()), cell.mark) for part in re.split("[;,]", str(cell)) if part.strip())
    return parts


class _People:
    """All that a cell may mean: the rows of the table and the agencies of the office's other files."""

    def __init__(self, rows: Block, known: Mapping[str, Agency]) -> None:
        self.rows, self.known = rows, known

    @cached_property
    def called(self) -> Mapping[str, Mapping[str, None]]:
        """Ids by the name and the short name that people call them by."""
        called: dict[str, dict[str, None]] = {}
        names = [(id_, str(row[word])) for id_, row in self.rows.items() if isinstance(row, Block) for word in _NAMES if word in row]
        names += [(agency.id, name) for agency in self.known.values() for name in (agency.name, agency.short)]
        for id_, name in names:
            called.setdefault(match_form(name), {})[id_] = None
        return called

    def resolve(self, entry: Block, notes: Notes) -> None:
        """Ids for the names in `in`, `head` and `successor`; what nobody is called stays, and is told later."""
        for word in ("head", "successor"):
            if word in entry:
                entry[word] = self._meant(Text(str(entry[word]), entry[word].mark), notes)
        if "in" in entry:
            parts = Row(entry["in"].mark)
            parts.extend(self._meant(part, notes) for part in _parts(entry["in"], str))
            entry["in"] = parts

    def _meant(self, part: Node, notes: Notes) -> Text:
        word = str(part)
        if word in self.rows or word in self.known:
            return Text(word, part.mark)
        found = self.called.get(match_form(word), {slug(word) if slug(word) in self.rows else word: None})
        if len(found) > 1:
            notes.tell(part.mark, Mistake("D167", word=word[:60], n=str(len(found))))
        return Text(next(iter(found)), part.mark)
