"""The chart of an indicator as a picture, for Word and other papers that cannot draw it themselves."""

from __future__ import annotations

from datetime import date

from resvg_py import svg_to_bytes

from tasks.measured import Line

from . import chart, typefaces

_SCALE = 3  # 2160 pixels across, sharp on paper


def png(line: Line, today: date) -> bytes:
    """The picture on white, b"" where there is nothing to draw."""
    drawn = chart.wide(line, today)
    if not drawn:
        return b""
    return bytes(svg_to_bytes(
        svg_string=drawn, zoom=_SCALE, background="#ffffff", skip_system_fonts=True, font_files=list(typefaces.paths()),
        font_family="Noto Sans", sans_serif_family="Noto Sans",
    ))
