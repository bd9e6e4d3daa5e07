"""`python -m dondoc` is the program `dondoc`."""

from __future__ import annotations

from dondoc.main import run

run()
