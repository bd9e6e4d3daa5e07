"""What an office's own template may say: printing, choosing and repeating what a letter knows; all else is a fault with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

from jinja2 import Environment, TemplateSyntaxError, nodes

from .tongues import Tongue

LARGEST = 64_000  # octets of one template
DEEPEST = 2  # loops within loops
MOST = 10  # faults of one file: the first ones are read
FRAMES = ("frame.html", "frame.txt.j2")
FILTERS = frozenset({
    "wrap", "fact", "opened", "unbroken", "join", "length", "count", "upper", "lower", "capitalize", "trim", "default", "d", "e", "escape",
    "select", "first", "last", "string", "rows",
})  # fmt: skip
ROW = re.compile(r"^[a-z]+/row\.(html|txt)\.j2$")  # one entry's template, which knows nothing but `each`
_QUIET = frozenset({"first", "last", "length", "count", "select", "default", "d"})  # what may be given a name: nothing that grows
_SPOKEN = {"_", "super"}
_ALWAYS = {"_", "language", "super", "loop"}
_TESTS = {"defined", "undefined", "none", "odd", "even", "string", "number"}
_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Test,
    nodes.Call, nodes.Keyword, nodes.Concat, nodes.Add, nodes.Sub, nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand,
    nodes.CondExpr, nodes.If, nodes.For, nodes.Assign, nodes.Block, nodes.Extends, nodes.Tuple, nodes.List, nodes.Slice, nodes.Neg,
)  # fmt: skip


class Fault(NamedTuple):
    """What keeps a template from being published, where, and how to mend it."""

    file: str
    line: int  # 0 where it is about the whole file
    what: str
    mend: str


def faults(folder: Path, known: Mapping[str, Collection[str]], to: Tongue) -> Iterator[Fault]:
    """Everything in a folder that may not be there; `known` holds the names that each of our templates can print."""
    for path in sorted(each for each in folder.rglob("*") if not each.is_dir()):
        name = path.relative_to(folder).as_posix()
        if name not in known:
            near = get_close_matches(name, known, 1) or ["digest/body.html.j2"]
            yield Fault(name, 0, to("không thư nào dùng tệp này"), to("đặt tên như mẫu có sẵn: {name}", name=near[0]))
        elif path.is_symlink() or path.stat().st_size > LARGEST:
            yield Fault(name, 0, to("tệp lớn quá {n} kB, hoặc là liên kết", n=LARGEST // 1000), to("chép nội dung vào, và viết ngắn lại"))
        else:
            yield from islice(_of(name, path.read_bytes(), known[name], to), MOST)


def _of(name: str, content: bytes, known: Collection[str], to: Tongue) -> Iterator[Fault]:
    try:
        source = content.decode("utf-8")
        tree = Environment(autoescape=True).parse(source)
    except UnicodeDecodeError:
        yield Fault(name, 0, to("tệp không phải UTF-8"), to("lưu lại bằng UTF-8"))
    except TemplateSyntaxError as error:
        yield Fault(name, error.lineno, to("viết sai: {why}", why=error.message), to("đóng đủ mọi dấu ngoặc và thẻ"))
    except RecursionError:
        yield Fault(name, 1, to("lồng nhau quá sâu"), to("bỏ bớt dấu ngoặc"))
    else:
        for number, line in enumerate(source.splitlines(), 1):
            if "mj-include" in line:
                yield Fault(name, number, to("không được lấy tệp khác vào"), to("chép nội dung vào đây"))
        try:
            yield from _Reader(name, known, tree, to).faults(tree, 0)
        except RecursionError:
            yield Fault(name, 1, to("lồng nhau quá sâu"), to("bỏ bớt dấu ngoặc"))


class _Reader:
    """Walks the tree of one template."""

    def __init__(self, name: str, known: Collection[str], tree: nodes.Template, to: Tongue) -> None:
        own = {each.name for each in tree.find_all(nodes.Name) if each.ctx == "store"}
        self._file, self._known, self._to = name, set(known) | own | _ALWAYS, to

    def faults(self, node: nodes.Node, loops: int) -> Iterator[Fault]:
        """Those of a node and all below it."""
        if said := self._said(node, loops):
            yield Fault(self._file, next((each.lineno for each in _all(node) if each.lineno), 1), *said)
            return
        for child in node.iter_child_nodes():
            yield from self.faults(child, loops + isinstance(node, nodes.For))

    def _said(self, node: nodes.Node, loops: int) -> tuple[str, str] | None:
        """What is wrong with the node itself, and how to mend it."""
        if not isinstance(node, _PLAIN):
            return self._to("không được dùng {name}", name=type(node).__name__.lower()), self._to("chỉ in, if, for, set, block")
        if isinstance(node, nodes.For):
            return self._repeated(node, loops)
        rules: dict[type[nodes.Node], Callable[[Any], tuple[str, str] | None]] = {
            nodes.Name: self._named, nodes.Getattr: self._reached, nodes.Getitem: self._reached, nodes.Filter: self._filtered,
            nodes.Test: self._tested, nodes.Call: self._called, nodes.Assign: self._kept, nodes.Extends: self._framed,
        }  # fmt: skip
        return rules[type(node)](node) if type(node) in rules else None

    def _named(self, node: nodes.Name) -> tuple[str, str] | None:
        if node.ctx == "store" or node.name in self._known:
            return None
        near = get_close_matches(node.name, self._known, 3) or sorted(self._known - _ALWAYS)
        return self._to("không có biến {name}", name=node.name), self._may(near)

    def _reached(self, node: nodes.Getattr | nodes.Getitem) -> tuple[str, str] | None:
        if isinstance(node, nodes.Getattr):
            part: object = node.attr
        else:
            part = node.arg.value if isinstance(node.arg, nodes.Const) else 0 if isinstance(node.arg, nodes.Slice) else "_"
        if isinstance(part, str) and part.startswith("_"):
            return self._to("không được dùng {name}", name=part), self._to("chỉ dùng các thông tin của thư")
        return None

    def _tested(self, node: nodes.Test) -> tuple[str, str] | None:
        return None if node.name in _TESTS else (self._to("không được dùng {name}", name=f"is {node.name}"), self._may(sorted(_TESTS)))

    def _kept(self, node: nodes.Assign) -> tuple[str, str] | None:
        """A name may stand for what the letter knows, never for something that could be made to grow."""
        grows = any(isinstance(each, (nodes.Concat, nodes.Add, nodes.Call)) for each in _all(node.node))
        if not grows and all(each.name in _QUIET for each in _filters(node.node)):
            return None
        return self._to("không được đặt tên cho chữ ghép"), self._to("ghép chữ ở nơi in ra")

    def _framed(self, node: nodes.Extends) -> tuple[str, str] | None:
        known = isinstance(node.template, nodes.Const) and node.template.value in FRAMES
        return None if known else (self._to("không được lấy tệp khác vào"), self._may(FRAMES))

    def _may(self, names: Collection[str]) -> str:
        return self._to("có thể dùng: {names}", names=", ".join(names))

    def _filtered(self, node: nodes.Filter) -> tuple[str, str] | None:
        to = self._to
        if node.name not in FILTERS:
            return to("không được dùng {name}", name=f"|{node.name}"), self._may(sorted(FILTERS))
        if node.name == "join" and node.node is not None and any(inner.name == "join" for inner in _filters(node.node)):
            return to("join trong join"), to("chỉ nối một lần")
        if node.name == "rows" and (ROW.search(self._file) or not (node.args and _is_row(node.args[0]))):
            return to("rows chỉ lấy mẫu của một dòng"), to("ví dụ: {example}", example='entries | rows("digest/row.txt.j2")')
        return None

    def _called(self, node: nodes.Call) -> tuple[str, str] | None:
        to = self._to
        if not isinstance(node.node, nodes.Name) or node.node.name not in _SPOKEN or node.dyn_args or node.dyn_kwargs:
            return to("không được gọi hàm"), to("chỉ gọi được {names}", names="_(…), super()")
        if node.node.name == "_" and not (len(node.args) == 1 and isinstance(node.args[0], nodes.Const) and _is_plain(node.args[0].value)):
            example = '_("Hạn {day}", day=each.day)'
            return to("câu trong _(…) phải viết sẵn, chỉ có tên trong ngoặc nhọn"), to("ví dụ: {example}", example=example)
        return None

    def _repeated(self, node: nodes.For, loops: int) -> tuple[str, str] | None:
        to = self._to
        if node.recursive or loops >= DEEPEST:
            return to("vòng lặp lồng quá {n} tầng, hoặc gọi lại chính nó", n=DEEPEST), to("bớt một vòng lặp")
        if isinstance(node.iter, nodes.Const) or (isinstance(node.iter, (nodes.List, nodes.Tuple)) and len(node.iter.items) > 50):
            return to("vòng lặp trên chữ viết sẵn"), to("lặp trên danh sách của thư: {names}", names="entries")
        return None


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    yield from node.find_all(nodes.Node)


def _filters(node: nodes.Node) -> Iterator[nodes.Filter]:
    return (each for each in _all(node) if isinstance(each, nodes.Filter))


def _is_row(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, str) and bool(ROW.search(node.value))


def _is_plain(sentence: object) -> bool:
    """Whether a sentence names its facts and asks nothing else of them."""
    try:
        parts = list(Formatter().parse(sentence)) if isinstance(sentence, str) else [("", ".", "", None)]
    except ValueError:
        return False
    return all(name is None or (name.isidentifier() and not spec and not turn) for _, name, spec, turn in parts)
