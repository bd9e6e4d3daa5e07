"""A report's tables as CSV for Vietnamese sheets: semicolons, since the comma is in the figures; days as 2020-09-01."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

from .tables import Table, Value

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_file(table: Table) -> bytes:
    """One table. Words that a sheet would compute begin with an apostrophe."""
    held = StringIO()
    rows = csv.writer(held, delimiter=";", lineterminator="\r\n")
    rows.writerow(table.heads)
    rows.writerows([_written(value) for value in row] for row in table.rows)
    return held.getvalue().encode("utf-8-sig")


def _written(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, str):
        return f"'{value}" if value.lstrip(" ").startswith(_FORMULA) else value
    return value.isoformat() if isinstance(value, date) else str(value)
