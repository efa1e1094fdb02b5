"""A line of a table that leaves the portal as CSV, for spreadsheets too."""
from __future__ import annotations

import csv
import io
from collections.abc import Iterable

__all__ = ["csv_line"]


def csv_line(values: Iterable[object]) -> str:
    """Return a line, its end included; nothing where a value is ``None``.

    A text that a spreadsheet would run gets an apostrophe in front (CSV injection, OWASP).
    """
    out = io.StringIO()
    csv.writer(out).writerow([_safe(value) for value in values])
    return out.getvalue()


def _safe(value: object) -> object:
    said = "" if value is None else value
    return f"'{said}" if isinstance(said, str) and said[:1] in tuple("=+-@\t\r") else said
