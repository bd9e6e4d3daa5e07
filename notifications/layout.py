"""Templates of letters: one folder a letter, HTML in a frame that MJML builds once, text that stays within 78 columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import mrml
from jinja2 import BaseLoader, ChoiceLoader, DictLoader, Environment, FileSystemLoader, StrictUndefined, Template, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from .tongues import Tongue

LETTERS = Path(__file__).parent / "letters"
NAMES = tuple(sorted(place.name for place in LETTERS.iterdir() if place.is_dir()))
COLUMNS = 78
_SENTENCE = re.compile(r'_\("([^"{}]+)"\)')
_ROWS = re.compile(r'{{ \w+ \| rows\("[\w./]+"\) }}')  # HTML already, of which no copy is made so
_LABEL = 15  # columns of a fact's label in the text


class Folder(NamedTuple):
    """The three templates of a letter."""

    subject: Template
    text: Template
    html: Template


class _Spoken(FileSystemLoader):
    """Files whose fixed sentences are said in the letter's language when they are read, so that writing a letter looks nothing up."""

    def __init__(self, places: Sequence[Path], to: Tongue) -> None:
        super().__init__(places)
        self._to = to

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """The file in its language."""
        source, name, is_current = super().get_source(environment, template)
        return spoken(source, self._to), name, is_current


class _Tagged(_Spoken):
    """Files whose own tags (`<fact>`, `<row>` …) become table cells when they are read; what people typed comes later, and is escaped."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """The file with its tags written out."""
        source, name, is_current = super().get_source(environment, template)
        return _ROWS.sub(r"{% autoescape false %}\g<0>{% endautoescape +%}", _tagged(source)), name, is_current


@lru_cache(8)
def folders(overrides: Path | None, to: Tongue) -> dict[str, Folder]:
    """All letters by name, compiled; a file of the same name under `overrides` is the office's own and wins."""
    places = [overrides, LETTERS] if overrides else [LETTERS]
    kind = SandboxedEnvironment if overrides else Environment
    framed = DictLoader({"frame.html": spoken(_frame(places), to)})
    html = _environment(kind, ChoiceLoader([framed, _Tagged(places, to)]), to, autoescape=True)
    text = _environment(kind, _Spoken(places, to), to, autoescape=False)
    return {name: _folder(name, text, html) for name in NAMES}


def spoken(source: str, to: Tongue) -> str:
    """A template whose fixed sentences, `_("…")`, stand in the language; those with facts are said when a letter is written."""
    return _SENTENCE.sub(lambda found: '"' + to(found[1]).replace("\\", "\\\\").replace('"', '\\"') + '"', source)


def frame_of(mjml: str) -> str:
    """The frame as table HTML that every mail program shows alike; its Jinja marks pass through unharmed."""
    no_web_fonts = mrml.RenderOptions(fonts={})  # else mrml fetches Roboto from a foreign host when a letter is opened
    return re.sub(r">\s+<", "><", mrml.to_html(mjml, render_options=no_web_fonts).content)


def opened(sentence: str) -> str:
    """The sentence with a capital at its start."""
    return sentence[:1].upper() + sentence[1:]


def unbroken(phone: str) -> str:
    """A telephone number that stays on one line."""
    return phone.replace(" ", "\u00a0")


def fact(value: str, label: str) -> str:
    """A line of facts: the label, then the value in a column of its own."""
    return wrap(value, f"{label + ':':<{_LABEL}}", " " * _LABEL)


@lru_cache(4096)
def wrap(text: str, first: str = "", rest: str = "") -> str:
    """`text` in lines of at most 78 columns, the first opened by `first`, the others by `rest`; a longer word stays whole."""
    lines = _lines(COLUMNS - max(len(first), len(rest))).findall(" ".join(text.split()))
    return "\n".join((rest if number else first) + line for number, line in enumerate(lines)) if lines else first.rstrip()


def _folder(name: str, text: Environment, html: Environment) -> Folder:
    found = Folder(
        text.get_template(f"{name}/subject.txt.j2"), text.get_template(f"{name}/body.txt.j2"), html.get_template(f"{name}/body.html.j2")
    )
    for template in found:  # Jinja keeps globals as a chain, which takes as long to walk as a short letter to write
        template.globals = dict(template.globals)
    return found


def _frame(places: Sequence[Path]) -> str:
    """The first frame there is; an edition's was built when it was published."""
    for place in places:
        if (built := place / "frame.html").exists():
            return built.read_text("utf-8")
        if (source := place / "frame.mjml").exists():
            return frame_of(source.read_text("utf-8"))
    raise FileNotFoundError("frame.mjml")


def _environment(kind: type[Environment], loader: BaseLoader, to: Tongue, *, autoescape: bool) -> Environment:
    environment = kind(
        loader=loader,
        autoescape=autoescape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # else each letter asks the disk whether its frame has changed
    )
    environment.filters.update(wrap=wrap, fact=fact, opened=opened, unbroken=unbroken)
    environment.filters["rows"] = _rows(environment)
    environment.globals.update(_=to, language=to.lang)
    return environment


def _rows(environment: Environment) -> Callable[[EvalContext, Iterable[object], str], str]:
    """The filter that writes entries by a template of their own, which knows nothing but `each`: once for all letters that hold them."""

    @lru_cache(4096)
    def row(name: str, each: object) -> str:
        return environment.get_template(name).render(each=each).rstrip("\n")

    @lru_cache(64)
    def rows(name: str, entries: tuple[object, ...]) -> str:
        return "\n".join([row(name, each) for each in entries])

    @pass_eval_context
    def written(at: EvalContext, entries: Iterable[object], name: str) -> str:
        return Markup(rows(name, tuple(entries))) if at.autoescape else rows(name, tuple(entries))

    return written


def _tagged(source: str) -> str:
    for tag, html in _tags().items():
        before, _, after = html.partition("{}")
        source = source.replace(f"<{tag}>", before).replace(f"</{tag}>", after)
    return source


@lru_cache
def _tags() -> dict[str, str]:
    lines = (LETTERS / "tags.txt").read_text("utf-8").splitlines()
    return {line.split()[0]: line.split(maxsplit=1)[1] for line in lines}


@lru_cache
def _lines(width: int) -> re.Pattern[str]:
    return re.compile(rf"\S(?:.{{0,{width - 1}}}(?= |$)|\S*)")
