"""An address as a code that a telephone reads; pure."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr(address: str) -> Markup:
    """The address as a QR code that stands in the page itself, so that no other file is asked for."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(scale=3, border=2, svgclass=None, lineclass=None, omitsize=False)
    return Markup(drawn)
