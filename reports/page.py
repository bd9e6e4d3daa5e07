"""The report as leaders meet it: one page for screen and paper, and the same report as the body of a letter."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from tasks.values import Standing
from tasks.watches import Watch

from . import chart
from .calls import local
from .changes import decisions
from .marking import marked
from .outline import outline
from .targets import main_line
from .tongues import Lang, speaking, spoken
from .typesetting import TEMPLATES

Link = Callable[[str], str]  # an agency's id → the address of its page
#: (cell, agency's id, clause; "" is any) → the address of the rows that are counted there.
RowsAt = Callable[[str, str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Where a served page leads: to the rows of a number, to the decision about a task, to other pages; and what it vouches for."""

    rows: RowsAt | None = None
    changes: Callable[[str], str] | None = None  # kind of change → the address of its rows
    decide: Callable[[int], str] | None = None
    others: tuple[tuple[str, str], ...] = ()  # (address, words)
    watch: Watch | None = None
    speaks: bool = False  # whether its address knows `?lang=`


NOWHERE = Ways()


def html(standing: Standing, *, link: Link | None, reader: str, lang: Lang = "vi", watch: Watch | None = None) -> str:
    """The page in one file that needs nothing else. `link` gives the address of an agency's page, None leaves names plain."""
    with speaking(lang):
        return _page(standing, Markup(f"<style>\n{stylesheet()}</style>"), link=link, reader=reader, ways=Ways(watch=watch))


def served(
    standing: Standing, *, stylesheet_at: str, link: Link | None, reader: str, ways: Ways = NOWHERE, lang: Lang = "vi"
) -> str:
    """The same page for the web, whose policy allows no inline style: `stylesheet_at` is where `stylesheet()` is served."""
    with speaking(lang):
        return _page(standing, Markup('<link rel="stylesheet" href="{}">').format(stylesheet_at), link=link, reader=reader, ways=ways)


@cache
def stylesheet() -> str:
    """The page's style, screen and print, without what only its writers read."""
    written = files("reports").joinpath("templates", "page.css").read_text(encoding="utf-8")
    return re.sub(r"\s*([{};,]|:(?= ))\s*", r"\1", re.sub(r"/\*.*?\*/", "", written))


def letter(standing: Standing, link: str, reader: str, lang: Lang = "vi", watch: Watch | None = None) -> tuple[str, str, str]:
    """(subject, HTML, text) of the mail that carries the report; `link` is the address of the full page, `watch` vouches for silence."""
    with speaking(lang):
        it = outline(standing, reader, watch)
        facts = {"it": it, "link": link}
        markup, text = (TEMPLATES.get_template(f"letter.{form}.j2").render(facts) for form in ("html", "txt"))
    return " ".join(it.subject.split()), markup, text


def _page(standing: Standing, style: Markup, *, link: Link | None, reader: str, ways: Ways) -> str:
    line, today = main_line(standing), local(standing.as_of, standing).date()
    it = outline(standing, reader, ways.watch)
    page = TEMPLATES.get_template("page.html.j2").render(
        it=it,
        style=style,
        link=link,
        ways=ways,
        vouched=it.vouched,
        sound=it.sound,
        decisions=decisions(standing),
        clauses=[clause for clause, _ in standing.duties],
        figures=any(row.figure for row in it.roll.rows),
        broad=Markup(chart.wide(line, today)) if line else "",
        narrow=Markup(chart.narrow(line, today)) if line else "",
    )
    return marked(page) if spoken() == "en" else page
