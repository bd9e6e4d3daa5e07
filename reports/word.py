"""Word documents from a form that an office can edit in Word: its words filled in, by a template language that can do nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage  # type: ignore[import-untyped]
from jinja2 import StrictUndefined, TemplateError
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment


class FormError(Exception):
    """A form cannot be filled in; `why` says what Word's file or its template language complains of."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class _Words(ImmutableSandboxedEnvironment):
    """Fills in words and goes through lists; it does not multiply, which could fill a machine's memory."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        """Refuse it."""
        raise SecurityError(operator)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that a word of a form stands for, in millimetres."""

    png: bytes
    width: float


def form(name: str) -> bytes:
    """A form that comes with dondoc: "cong-van-don-doc"."""
    return files("reports").joinpath("forms", f"{name}.docx").read_bytes()


def filled(template: bytes, facts: Mapping[str, object]) -> bytes:
    """The form with the facts in it. Raises FormError, also for a word that the form asks for and nobody gives."""
    try:
        paper = DocxTemplate(BytesIO(template))
        words = {word: _placed(paper, fact) for word, fact in facts.items()}
        paper.render(words, jinja_env=_Words(undefined=StrictUndefined, autoescape=True))
    except (TemplateError, PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise FormError(str(error)) from error
    held = BytesIO()
    paper.save(held)
    return held.getvalue()


def _placed(paper: DocxTemplate, fact: object) -> object:
    return InlineImage(paper, BytesIO(fact.png), width=Mm(fact.width)) if isinstance(fact, Picture) else fact
