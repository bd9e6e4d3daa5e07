"""The language as JSON Schema (draft 7) for editors: made from the models, so that an editor offers and accepts what is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import NoneType
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from . import pieces
from .agencies import Agency, Contact, Directory, Group, Shape
from .directory import members
from .hints import HINTS
from .pieces import Schema
from .samples import SAMPLES
from .shapes import Baseline, Basis, Change, Directive, Duty, Indicator, Overall, ReportPlan, Rung, Sign, Span, Target
from .vocabulary import FORCES, PURPOSES, ROLES, WORDS

DRAFT = "http://json-schema.org/draft-07/schema#"
MOST = 5_000  # agencies that an editor is given by name

_SHAPES: Mapping[str, type[Shape]] = {
    "directive": Directive, "duty": Duty, "change": Change, "overall": Overall, "indicator": Indicator, "baseline": Baseline,
    "report": ReportPlan, "paper": Basis, "period": Span, "agency": Agency, "contact": Contact, "group": Group,
}
_PLACES = {shape: place for place, shape in _SHAPES.items()}
_ID = r"^[a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?$"
_CLAUSE = r"[0-9A-Za-zĐđ]{1,8}([.-][0-9A-Za-zĐđ]{1,8})"  # more than one part with +, any number with *
_ROLES = {
    "lead": "đơn vị chủ trì", "with": "các đơn vị phối hợp", "head": "người đứng đầu đơn vị chủ trì", "above": "cấp trên trực tiếp",
    "issuer": "cơ quan ban hành",
}
#: Words whose text names an agency, or an agency or a group; texts in lists do the latter, but for these that are free.
_ONE = {("directive", "issuer"), ("indicator", "source"), ("agency", "head"), ("agency", "successor")}
_ANY = {("directive", "signer")}
_FREE = {("directive", "files"), ("agency", "kind"), ("group", "kind")}
_ENTRIES = {"agencies": "agency", "groups": "group", "indicators": "indicator"}
_ENTRY_SAYS = {
    "duty": "một điều khoản, hoặc một điểm của điều khoản: do (giao) hoặc ask (đề nghị), lead (chủ trì), due (thời hạn) …",
    "change": "điều khoản của văn bản được sửa: ghi những gì đổi, hoặc drop (bãi bỏ) kèm lý do",
    "indicator": "một chỉ tiêu, gọi bằng mã này",
    "agency": "một đơn vị hoặc chức danh, gọi bằng mã này", "group": "một nhóm đơn vị, gọi bằng mã này",
}
#: What is offered where an entry is about to be written: its name, what it holds, and where the cursor stops.
_SKELETONS: Mapping[str, tuple[str, str, Schema]] = {
    "duty": ("điều khoản", "ai làm, việc gì, hạn nào", {"${1:1}": {"lead": "$2", "do": "$3", "due": "$4"}}),
    "indicator": ("chỉ tiêu", "tên, mốc nào đạt bao nhiêu", {"${1:ma}": {"name": "$2", "targets": {"${3:30/9/2026}": "${4:90%}"}}}),
    "agency": ("đơn vị", "tên, trực thuộc, địa chỉ thư", {"${1:ma}": {"name": "$2", "in": "$3", "mail": "$4"}}),
    "group": ("nhóm", "mọi đơn vị thuộc một loại", {"${1:ma}": {"kind": "$2"}}),
}
_NUMBERS = "số điều khoản như bản giấy: 6, 6.4, II.1, a, end.1"


class Names(NamedTuple):
    """The ids that a file can use, each with what it means."""

    agencies: Mapping[str, str]
    groups: Mapping[str, str]


def names_of(directories: Iterable[Directory]) -> Names | None:
    """The ids of directories taken together; None where there are none, or too many for an editor."""
    agencies: dict[str, str] = {}
    groups: dict[str, str] = {}
    for directory in directories:
        agencies |= {id: agency.name for id, agency in directory.agencies.items()}
        groups |= {id: _listed(id, directory) for id in directory.groups}
    return Names(agencies, groups) if 0 < len(agencies) <= MOST else None


def directive_schema(books: Mapping[str, Directory]) -> Schema:
    """The schema of directive files in an office with these directories.

    A file that names a directory is held to its ids, one with entries of its own to none, any other to all of the office.
    """
    own, whole = _Scope("own", None, books), _Scope("all", names_of(books.values()), books)
    scopes = {name: _Scope(f"in-{name}", names_of([book]), books) for name, book in books.items() if len(books) > 1}
    choice = whole.ref("directive")
    for name, scope in scopes.items():
        choice = {"if": pieces.has("agencies", {"const": name}), "then": scope.ref("directive"), "else": choice}
    inline = {"anyOf": [pieces.has(word, {"type": "object"}) for word in ("agencies", "groups")]}
    definitions = _definitions(own, whole, *scopes.values())
    return {"$schema": DRAFT, "if": inline, "then": own.ref("directive"), "else": choice, "definitions": definitions}


def directory_schema() -> Schema:
    """The schema of directory files; ids are being made there, so any will do."""
    scope = _Scope("own", None, ())
    return {"$schema": DRAFT, **scope.ref("directory"), "definitions": _definitions(scope)}


def _definitions(*scopes: _Scope) -> dict[str, Schema]:
    return {name: made for scope in scopes for name, made in scope.definitions().items()}


class _Scope:
    """The schema of every place of a file that uses one choice of ids; `name` parts its definitions from those of others."""

    def __init__(self, name: str, names: Names | None, books: Iterable[str]) -> None:
        self.name, self.books = name, list(books)
        self.agencies = names.agencies if names else {}
        self.all = {**names.agencies, **names.groups} if names else {}
        self.known = self.tables()

    def ref(self, place: str) -> Schema:
        """A reference to the schema of a place."""
        return {"$ref": f"#/definitions/{self.name}:{place}"}

    def definitions(self) -> dict[str, Schema]:
        """The schema of each place that knows words, and of the ids that they hold."""
        heard, read = {**_ROLES, **self.all}, {"issuer": _ROLES["issuer"], **self.all}
        known = {"one": self.agencies, "ids": self.all, "audience": self.all and heard, "readers": self.all and read}
        ids = {name: pieces.id_of(each) for name, each in known.items()}
        return {f"{self.name}:{place}": made for place, made in ({place: self.block(place) for place in WORDS} | ids).items()}

    def block(self, place: str) -> Schema:
        """A block with the words of a place."""
        fields = _SHAPES[place].model_fields if place in _SHAPES else {}
        by_word = {str(field.validation_alias or name): field for name, field in fields.items()}
        made = pieces.block(
            {word: self.word(place, word, by_word.get(word)) for word in WORDS[place]}, f"chỗ này gồm các mục: {', '.join(WORDS[place])}"
        )
        if place == "duty":
            made["patternProperties"] = {f"^{_CLAUSE}+$": self.ref("duty")}
        if place in _ENTRY_SAYS:
            made["description"] = _ENTRY_SAYS[place]
        needed = [word for word in WORDS[place] if word in by_word and by_word[word].is_required() and word != "short"]
        missing = [{"required": [word], "errorMessage": f"thiếu {word}: {WORDS[place][word]}"} for word in needed]
        return made | ({"allOf": missing} if missing else {})

    def word(self, place: str, word: str, field: FieldInfo | None) -> Schema:
        """What stands behind a word, with its meaning."""
        made = self.known.get((place, word))
        if made is None:
            one = self.ref("one") if (place, word) in _ONE else self.ref("ids") if (place, word) in _ANY else pieces.text()
            many = pieces.text() if (place, word) in _FREE else self.ref("ids")
            made = self.value(field.annotation, field.metadata, one, many) if field else {}
        meaning, hint = WORDS[place][word], HINTS.get(("duty" if place == "change" else place, word), "")
        forms = "\n".join(f"* `{form}` {words}" for form, words in pieces.forms(made))
        plain, rich = ("\n\n".join(filter(None, each)) for each in ((meaning, hint), (f"**{meaning}**", hint, forms)))
        return {"description": plain, "markdownDescription": rich, **({"anyOf": [made]} if "$ref" in made else made)}

    def tables(self) -> dict[tuple[str, str], Schema]:
        """The words whose values no type tells: those with keys of their own, those of several forms."""
        ids, target, audience = self.ref("ids"), pieces.text(Target), pieces.several(self.ref("audience"))
        points = pieces.any_of(pieces.text(), pieces.many(pieces.any_of(pieces.text(), self.ref("duty"))))
        ladder = pieces.block({step: {"description": said, **audience} for step, said in SAMPLES[Rung]}, "ví dụ: 7 days before: lead")
        book = {"enum": self.books, "errorMessage": f"không có danh bạ này; có: {', '.join(self.books)}"}
        amended = f"^(?!({'|'.join(WORDS['overall'])})$){_CLAUSE}*$"
        overall = {word: {"$ref": f"{self.ref('overall')['$ref']}/properties/{word}"} for word in WORDS["overall"]}
        secret = {"type": "string", "pattern": "^$", "doNotSuggest": True, "errorMessage": "văn bản mật không xử lý ở đây"}
        milestones = {
            "type": "object", "additionalProperties": target, "propertyNames": pieces.FILLED, "errorMessage": "ví dụ: 30/9/2026: 89%",
        }
        return {
            **{(holder, word): self.entries(place) for holder in ("directory", "directive") for word, place in _ENTRIES.items()},
            **({("directive", "agencies"): pieces.any_of(book, self.entries("agency"))} if self.books else {}),
            **{(place, "escalation"): ladder | {"additionalProperties": audience} for place in ("directive", "overall")},
            **{(place, force): points for place in ("duty", "change") for force in FORCES},
            **{("contacts", role): self.ref("contact") for role in ROLES},
            **{("cc", purpose): pieces.several(ids) for purpose in PURPOSES},
            ("cc", "archive"): pieces.several(pieces.text()),
            ("directive", "cc"): pieces.any_of(ids, pieces.many(ids), self.ref("cc")),
            ("directive", "duties"): pieces.keyed(f"^{_CLAUSE}*$", self.ref("duty"), _NUMBERS) | pieces.skeleton(*_SKELETONS["duty"]),
            ("directive", "changes"): pieces.keyed(amended, self.ref("change"), _NUMBERS) | {"properties": overall},
            ("directive", "secrecy"): secret,
            ("directive", "sign"): pieces.choice(get_args(Sign), "([. ].*)?"),
            ("agency", "contacts"): self.ref("contacts"),
            ("report", "to"): pieces.several(self.ref("readers")),
            ("indicator", "targets"): pieces.any_of(target, milestones),
        }

    def entries(self, place: str) -> Schema:
        """Blocks by id."""
        message = "mã: chữ thường không dấu, số, '-', '.', ví dụ pgd-cai-rang"
        return pieces.keyed(_ID, self.ref(place), message) | pieces.skeleton(*_SKELETONS[place])

    def value(self, annotation: Any, readers: Iterable[object], one: Schema, many: Schema) -> Schema:
        """A value by its type: `one` where it is a text, `many` where it is a text of a list.

        A shape with a reader before it may also be written as one text.
        """
        bare, inner = _bare(annotation)
        if get_origin(bare) is tuple:
            return pieces.several(self.value(get_args(bare)[0], (), many, many))
        if get_origin(bare) is Literal:
            return pieces.choice(get_args(bare))
        if bare in _PLACES:
            block, is_short = self.ref(_PLACES[bare]), any(isinstance(each, BeforeValidator) for each in (*readers, *inner))
            return pieces.any_of(pieces.text(bare), block) if is_short else block
        return one if bare is str else pieces.text(bare)


def _bare(annotation: Any) -> tuple[Any, tuple[object, ...]]:
    """A type without None and without what reads it, and what reads it; of several types the last."""
    if get_origin(annotation) is Annotated:
        bare, *readers = get_args(annotation)
        return _bare(bare)[0], tuple(readers)
    choices = [each for each in get_args(annotation) if each is not NoneType]
    return _bare(choices[-1]) if NoneType in get_args(annotation) else (annotation, ())


def _listed(group: str, directory: Directory) -> str:
    """A group by its first members."""
    found = [directory.agencies[id].short for id in members(group, directory, date.max)]
    return f"nhóm {len(found)} đơn vị: {', '.join(found[:3])}{' …' if len(found) > 3 else ''}"
