"""Work that PostgreSQL refuses for the sake of others is done again, a few times: every unit of work here may be."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 4

#: Serialization failure, deadlock.
_OTHERS = ("40001", "40P01")


def persistent(work: Callable[P, T]) -> Callable[P, T]:
    """Do a unit of work again where it was rolled back in favour of another transaction; after `TRIES` the error stands."""

    @wraps(work)
    def again(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(TRIES - 1):
            try:
                return work(*args, **kwargs)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", "") not in _OTHERS:
                    raise
        return work(*args, **kwargs)

    return again
