"""The letter for whoever has no mail: a page or more for each agency, its duties in the paper's words, the way to answer as a QR code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import segno
from markupsafe import Markup

from tasks.values import Paper, Party, Work

from .calls import clause_of, due_day
from .typesetting import TEMPLATES
from .vietnamese import day


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What one agency is told on paper; `link` opens its desk."""

    party: Party
    works: tuple[Work, ...]
    link: str


def notices(paper: Paper, told: Iterable[Notice], on: date) -> bytes:
    """One PDF with all of them, each beginning on a page of its own."""
    from weasyprint import HTML  # type: ignore[import-untyped]  # noqa: PLC0415  # half a second to load

    return bytes(HTML(string=html(paper, told, on), url_fetcher=_nothing).write_pdf(pdf_variant="pdf/ua-1"))


def html(paper: Paper, told: Iterable[Notice], on: date) -> str:
    """What the PDF is made of."""
    letters = [
        {
            "party": each.party, "link": each.link, "code": Markup(_code(each.link)),
            "duties": [_duty(work, paper) for work in each.works],
        }
        for each in told
    ]
    return TEMPLATES.get_template("notice.html.j2").render(paper=paper, letters=letters, day=day(on), issued=day(paper.issued_on))


def _duty(work: Work, paper: Paper) -> dict[str, Any]:
    last = due_day(work, paper.zone)
    due = f"{day(last)}{f' ({work.due_words})' if work.due_words else ''}" if last else work.due_words or "không ghi thời hạn"
    return {
        "place": clause_of(work), "short": work.short, "text": work.text, "due": due, "with": ", ".join(work.with_), "target": work.target,
        "before": day(work.last_working_day) if last and work.last_working_day and work.last_working_day != last else "",
        "lead": work.lead,
    }


def _code(link: str) -> str:
    """The QR code of a link as SVG, with room for a smudge."""
    return str(segno.make(link, error="q", micro=False).svg_inline(scale=3, border=2))


def _nothing(url: str) -> Any:
    """Nothing is fetched: the page holds all that it needs."""
    raise ValueError(url)
