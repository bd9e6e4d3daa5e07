"""The leader's page on paper: PDF/UA with its own letters, read aloud by machines as it is read by people."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from tasks.values import Standing
from tasks.watches import Watch

from . import page, typefaces
from .tongues import say, spoken

#: What the page says to a browser, and what is said here in its place.
_INSTEAD = (
    ("system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif", "paper"),
    (' stroke="#fff" stroke-width="3" paint-order="stroke"', ""),  # WeasyPrint 70 draws the stroke last, over the words
)


def pdf(standing: Standing, *, reader: str, watch: Watch | None = None) -> bytes:
    """The report as PDF/UA-1, with a footer that names the paper and counts the pages; `watch` vouches for silence."""
    from weasyprint import HTML  # type: ignore[import-untyped]  # noqa: PLC0415  # half a second to load

    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it would warn of each property that only browsers know
    whole = page.html(standing, link=None, reader=reader, lang=spoken(), watch=watch)
    for ours, here in (*_INSTEAD, ("</head>", f"<style>{_style(standing)}</style></head>")):
        whole = whole.replace(ours, here)
    return bytes(HTML(string=whole, url_fetcher=_letters_only).write_pdf(pdf_variant="pdf/ua-1", presentational_hints=True))


def _style(standing: Standing) -> str:
    named = "".join(letter for letter in standing.paper.number if letter not in '"\\\n<')
    about = say("Báo cáo về Văn bản {number}", number=named)
    small = "font: 8pt paper; color: #505a5f"
    return f"""{typefaces.rules("paper")}
@page {{
  margin: 12mm 15mm 14mm;
  @bottom-left {{ content: "{about}"; {small} }}
  @bottom-right {{ content: "{say("trang")} " counter(page) "/" counter(pages); {small} }}
}}
body {{ font-family: paper; }}
.broad svg {{ width: 74%; }}
.key {{ margin-bottom: 4pt; }}
.key li {{ margin: 0 8pt 2pt 0; }}
.key b {{ margin-right: 3pt; }}
footer {{ break-inside: avoid; }}
footer p {{ margin-bottom: 1pt; }}
.duties li {{ padding-left: 0; text-indent: 0; }}
.duties b {{ min-width: 0; padding-right: 4pt; }}"""


def _letters_only(url: str) -> Any:
    """Nothing but our own letters is fetched: what an agency wrote cannot make anybody open an address or a file."""
    from weasyprint.urls import URLFetcherResponse  # type: ignore[import-untyped]  # noqa: PLC0415

    path = url.removeprefix("file://")
    if path not in typefaces.paths():
        raise ValueError(url)
    return URLFetcherResponse(url, body=Path(path).read_bytes())
