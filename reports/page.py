"""The report as leaders meet it: one page for screen and paper, and the same report as the body of a letter."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from tasks.values import Standing

from . import chart
from .calls import local
from .outline import outline
from .targets import main_line
from .typesetting import TEMPLATES

Link = Callable[[str], str]  # an agency's id → the address of its page


def html(standing: Standing, *, link: Link | None, reader: str) -> str:
    """The page in one file that needs nothing else. `link` gives the address of an agency's page, None leaves names plain."""
    return _page(standing, Markup(f"<style>\n{stylesheet()}</style>"), link=link, reader=reader)


def served(standing: Standing, *, stylesheet_at: str, link: Link | None, reader: str) -> str:
    """The same page for the web, whose policy allows no inline style: `stylesheet_at` is where `stylesheet()` is served."""
    return _page(standing, Markup('<link rel="stylesheet" href="{}">').format(stylesheet_at), link=link, reader=reader)


@cache
def stylesheet() -> str:
    """The page's style, screen and print."""
    return files("reports").joinpath("templates", "page.css").read_text(encoding="utf-8")


def letter(standing: Standing, link: str, reader: str) -> tuple[str, str, str]:
    """(subject, HTML, text) of the mail that carries the report; `link` is the address of the full page."""
    it = outline(standing, reader)
    markup = TEMPLATES.get_template("letter.html.j2").render(it=it, link=link)
    text = TEMPLATES.get_template("letter.txt.j2").render(it=it, link=link)
    return " ".join(it.subject.split()), markup, text


def _page(standing: Standing, style: Markup, *, link: Link | None, reader: str) -> str:
    line, today = main_line(standing), local(standing.as_of, standing).date()
    it = outline(standing, reader)
    return TEMPLATES.get_template("page.html.j2").render(
        it=it,
        style=style,
        link=link,
        figures=any(row.figure for row in it.roll.rows),
        broad=Markup(chart.wide(line, today)) if line else "",
        narrow=Markup(chart.narrow(line, today)) if line else "",
    )
