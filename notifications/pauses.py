"""How a long run keeps Python's collector from holding it up: what the program holds already is not walked through again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept() -> Iterator[None]:
    """Let the collector walk through nothing but what is made meanwhile: for all that a program holds it takes a fifth of a second.

    Blocks may lie within one another: the outermost, from which the program serves, says what is held.
    """
    is_outermost = gc.get_freeze_count() == 0
    if is_outermost:
        gc.freeze()
    try:
        yield
    finally:
        if is_outermost:
            gc.unfreeze()
