"""Whether the database answers: what its driver raises becomes a sentence, so that nobody above needs to know the driver."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic.util import CommandError
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, NoSuchModuleError, OperationalError

from .ownership import StoreError


class LedgerAwayError(Exception):
    """The database does not answer now; later it may."""


class LedgerUrlError(ValueError):
    """The setting `database` names nothing that can be opened."""


@contextmanager
def reached() -> Iterator[None]:
    """Work with the ledger inside. Raises LedgerAwayError, LedgerUrlError, StoreError instead of the driver's own."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise LedgerAwayError(_reason(error)) from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise LedgerUrlError("địa chỉ cơ sở dữ liệu không đúng dạng, như postgresql+psycopg://may-chu/dondoc") from error
    except CommandError as error:
        raise StoreError("Sổ do một bản dondoc mới hơn tạo ra: hãy dùng bản đó.") from error
    except DatabaseError as error:
        raise StoreError(f"Sổ không đọc được: {_reason(error)}") from error


def _reason(error: DatabaseError | InterfaceError) -> str:
    """The driver's own first line; it holds no password."""
    return str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
