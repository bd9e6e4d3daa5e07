"""An address as a code that a telephone reads; pure."""

from __future__ import annotations

import segno
from markupsafe import Markup

#: The pattern laid over what a code holds. Weighing all eight took half the time of a receipt, and random letters look alike under each.
MASK = 3


def qr(address: str) -> Markup:
    """The address as a QR code that stands in the page itself, so that no other file is asked for."""
    code = segno.make(address, error="m", micro=False, mask=MASK)
    return Markup(code.svg_inline(scale=3, border=2, svgclass=None, lineclass=None, omitsize=False))
