"""Word documents from a form that an office can edit in Word: its words filled in, by a template language that can do nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from io import BytesIO
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate  # type: ignore[import-untyped]
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


def form(name: str) -> bytes:
    """A form that comes with dondoc: "cong-van-don-doc"."""
    return files("reports").joinpath("forms", f"{name}.docx").read_bytes()


def filled(template: bytes, facts: Mapping[str, object]) -> bytes:
    """The form with the facts in it. Raises FormError, also for a word that the form asks for and nobody gives."""
    try:
        paper = DocxTemplate(BytesIO(template))
        paper.render(dict(facts), jinja_env=_Words(undefined=StrictUndefined, autoescape=True))
    except (TemplateError, PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise FormError(str(error)) from error
    held = BytesIO()
    paper.save(held)
    return held.getvalue()
