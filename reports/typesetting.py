"""How reports are set: Jinja templates that escape everything, so that text from papers and agencies stays text."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from .tongues import say, spoken
from .vietnamese import number


def _one_line(value: object) -> object:
    """Text from outside on one line, so that in a text twin it cannot pass for lines of ours."""
    return " ".join(value.split()) if isinstance(value, str) and not isinstance(value, Markup) else value


TEMPLATES = Environment(
    loader=PackageLoader("reports", "templates"),
    autoescape=select_autoescape(enabled_extensions=("html.j2", "svg.j2"), default=False),
    finalize=_one_line,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters["number"] = number
TEMPLATES.globals |= {"_": say, "language": spoken}
TEMPLATES.filters["whole"] = escape  # text of ours that keeps its lines
