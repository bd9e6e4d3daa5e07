"""A directive as the file that a careful clerk would write: short forms, what clauses share said once; reading it gives the directive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import takewhile
from typing import Any

from .agencies import Agency, Directory, Group, Shape
from .amounts import baseline_of, pointed
from .calendar import written
from .canonical import arranged
from .clauses import short_of
from .dates import Fields
from .fields import LONGEST, paper_of
from .layout import Branch, Entry, Value, laid_out
from .markup import marked_up
from .mistakes import Mistake, Notes
from .plain import cleaned
from .shapes import Baseline, Basis, Change, Directive, Due, Duty, Every, Indicator, Milestone, Rung, Span, Target

_SAID_APART = {"clause", "printed", "force", "text", "short"}  # what the key and the sentence of a duty say
_ELSEWHERE = {"directory", "annex", "overall", "duties", "changes"}


def printed(directive: Directive, agencies: str = "", base: Directory | None = None) -> str:
    """The canonical text of a directive.

    With `agencies` it names that directory, `base`, and brings along only what it adds to it; else it holds its own.
    """
    fields = _fields(directive, _ELSEWHERE)
    added = _added(directive.directory, base or Directory())
    fields |= {"agencies": agencies} if agencies else {"agencies": _by_id(added.agencies)} if added.agencies else {}
    fields |= {"groups": _by_id(added.groups)} if added.groups else {}
    fields |= {"duties": _clauses(directive.duties)} if directive.duties else {}
    changes = _changes(directive)
    fields |= {"changes": _block(changes)} if changes else {}
    return laid_out(arranged(_block(fields)))


def reprinted(text: str) -> str:
    """The canonical text of a file that can be read, with its comments. Raises AliasUsed."""
    return laid_out(arranged(marked_up(cleaned(text, Notes()))))


def _added(directory: Directory, base: Directory) -> Directory:
    agencies = {id: agency for id, agency in directory.agencies.items() if base.agencies.get(id) != agency}
    return Directory(agencies=agencies, groups={id: group for id, group in directory.groups.items() if base.groups.get(id) != group})


def _block(fields: Mapping[str, Value]) -> Branch:
    return Branch(entries=[Entry(key=word, value=value) for word, value in fields.items()])


def _list(items: Iterable[Value]) -> Branch:
    return Branch(entries=[Entry(value=item) for item in items], is_list=True)


def _by_id(shapes: Mapping[str, Agency] | Mapping[str, Group]) -> Branch:
    return _block({id: _block(_agency(shape) if isinstance(shape, Agency) else _fields(shape, {"id"})) for id, shape in shapes.items()})


def _agency(agency: Agency) -> dict[str, Value]:
    return _fields(agency, {"id", "short"} if agency.short == agency.name else {"id"})


def _fields(shape: Shape, apart: Iterable[str], said: Iterable[str] = ()) -> dict[str, Value]:
    """The words of a shape that say something, or that are `said`, but for those that are written elsewhere."""
    found: dict[str, Value] = {}
    for name, field in type(shape).model_fields.items():
        value = getattr(shape, name)
        if name not in apart and (name in said or value != field.get_default()):
            word = str(field.validation_alias or name)
            found[word] = _value(word, value, shape)
    return found


def _value(word: str, value: object, shape: Shape) -> Value:
    """A field in the form that is written for it."""
    match value:
        case tuple() if word in _TUPLES:
            return _TUPLES[word](value)
        case tuple():
            return _list(_value(word, each, shape) for each in value)
        case Mapping():
            return _mapping(value, shape)
        case Shape():
            return _shape(value, shape)
    return _plain(value)


def _plain(value: object) -> str:
    """A value that is one text."""
    match value:
        case bool():
            return "yes" if value else "no"
        case date():
            return written(value)
        case int():
            return pointed(value)
        case Decimal():
            return amount(value)
    return str(value)


def amount(value: Decimal) -> str:
    """A number as papers write it: 3.960, 78,11."""
    whole, _, decimals = f"{value:f}".partition(".")
    return pointed(int(whole)) + (f",{decimals}" if decimals else "")


def _mapping(value: Mapping[str, object], shape: Shape) -> Value:
    """Copies by purpose, where the paper gives one; indicators by id."""
    if list(value) == [""]:
        return _value("cc", value[""], shape)
    return _block({id: _value(id, each, shape) for id, each in value.items()})


def _shape(value: Shape, holder: Shape) -> Value:
    """A shape by its own words, or in its short form where that says the same."""
    match value:
        case Due() | Every() | Target():
            return value.words
        case Basis():
            short = value.text or " ".join([value.number, *([written(value.date)] if value.date else [])])
            return short if _reads(paper_of, short, value) else _block(_fields(value, {"text"}))
        case Span() if value.from_ is None and value.until is None:
            return value.name
        case Indicator():
            return _block(_fields(value, {"id"}))
        case Baseline() if isinstance(holder, Indicator):
            return _baseline(value, "%" if holder.unit == "%" else "")
    return _block(_fields(value, ()))


def _baseline(value: Baseline, unit: str) -> Value:
    number = amount(value.value) + unit
    short = f"{number} on {written(value.on)}" if value.on else number
    return short if _reads(baseline_of, short, value) else _block({**_fields(value, ()), "value": number})


def _reads(read: Callable[[str], Fields], text: str, value: Shape) -> bool:
    """Whether a text says just what the value does."""
    try:
        return len(text) <= LONGEST and type(value).model_validate(read(text)) == value
    except Mistake:
        return False


def _levels(levels: Sequence[tuple[str, ...]]) -> Branch:
    """Levels of groups; one level of several groups needs a list of its own."""
    return _list(_list(level) if len(level) != 1 else level[0] for level in levels)


def _milestones(milestones: Sequence[Milestone]) -> Value:
    if [each.on for each in milestones] == [None]:
        return milestones[0].target.words
    return _block({written(each.on): each.target.words for each in milestones if each.on})


def _ladder(rungs: Sequence[Rung]) -> Branch:
    return _block({rung.words: _list(rung.audience) for rung in rungs})


#: Lists that are written in a way of their own.
_TUPLES: Mapping[str, Callable[[tuple[Any, ...]], Value]] = {"cascade": _levels, "targets": _milestones, "escalation": _ladder}


def _clauses(duties: Sequence[Duty]) -> Branch:
    """The clauses in the order of the paper: points as a list where they are all of their clause, else each by its number."""
    made: dict[str, Value] = {}
    rest = list(duties)
    while rest:
        points = _points(rest, duties)
        key, _, _ = rest[0].clause.rpartition(".")
        made[key if points else rest[0].clause] = _pointed(points) if points else _duty(rest[0], ())
        rest = rest[len(points) or 1 :]
    return _block(made)


def _points(rest: Sequence[Duty], duties: Sequence[Duty]) -> list[Duty]:
    """The duties at the beginning of `rest` that are the points 1, 2 … of a clause, where there is nothing else of it."""
    key, _, number = rest[0].clause.rpartition(".")
    if number != "1" or not key:
        return []
    points = [duty for n, duty in takewhile(lambda each: each[1].clause == f"{key}.{each[0]}", enumerate(rest, start=1))]
    others = [duty for duty in duties if duty.clause == key or duty.clause.startswith(f"{key}.")]
    return points if len(points) > 1 and len(others) == len(points) else []


def _pointed(points: Sequence[Duty]) -> Branch:
    """A clause with points: what all of them say stands before them, once."""
    said = [_fields(point, _SAID_APART) for point in points]
    shared = [word for word in said[0] if all(word in each and each[word] == said[0][word] for each in said)]
    forces = [point.force for point in points]
    force = max(forces, key=forces.count)
    return _block({**{word: said[0][word] for word in shared}, force: _list(_point(point, force, shared) for point in points)})


def _point(point: Duty, force: str, shared: Iterable[str]) -> Value:
    duty = _duty(point, shared)
    return point.text if [entry.key for entry in duty.entries] == [force] else duty


def _duty(duty: Duty, shared: Iterable[str]) -> Branch:
    fields = {word: value for word, value in _fields(duty, _SAID_APART).items() if word not in shared}
    named = {} if duty.short == short_of(duty.text) else {"short": duty.short}
    return _block({duty.force: duty.text, **named, **fields})


def _changes(directive: Directive) -> dict[str, Value]:
    """What an amending paper says of the whole paper and of each clause."""
    return _fields(directive.overall, ()) | {change.clause: _change(change) for change in directive.changes}


def _change(change: Change) -> Branch:
    said = change.model_fields_set - _SAID_APART
    fields = _fields(change, [name for name in Change.model_fields if name not in said], said)
    sentence: dict[str, Value] = {change.force: change.text} if "text" in change.model_fields_set else {}
    named = "short" in change.model_fields_set and not (sentence and change.short == short_of(change.text))
    return _block({**sentence, **({"short": change.short} if named else {}), **fields})
