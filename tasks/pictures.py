"""A picture without what it tells of its maker: place, camera, hour, comments, and whatever hangs on behind it."""

from __future__ import annotations

import warnings
from io import BytesIO
from threading import Lock
from typing import Any

from PIL import Image, ImageOps

from .evidence import MOST_PIXELS, PICTURES, ending_of

#: One picture at a time: a large one unpacks to some hundred megabytes.
_ALONE = Lock()


class BrokenPictureError(OSError):
    """A picture that cannot be read to its end, or that unpacks to too much."""


def bare(content: bytes, name: str) -> bytes:
    """The picture anew, its points alone, turned as it was meant to be seen; a file of another kind as it is. Raises BrokenPictureError."""
    if ending_of(name) not in PICTURES:
        return content
    try:
        with _ALONE, warnings.catch_warnings(action="ignore"):
            return _again(content)
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError) as broken:
        raise BrokenPictureError(name) from broken


def _again(content: bytes) -> bytes:
    with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many points")
        kind, turned = "PNG" if picture.format == "PNG" else "JPEG", picture.getexif().get(0x0112, 1) != 1
        how: dict[str, Any] = {"quality": "keep" if picture.format == "JPEG" and not turned else 90} if kind == "JPEG" else {}
        seen = ImageOps.exif_transpose(picture) if turned else picture
        seen.info = {name: value for name, value in seen.info.items() if name in ("icc_profile", "transparency")}
        out = BytesIO()
        seen.save(out, format=kind, exif=b"", **how)
    return out.getvalue()
