"""Vocabularies as CSV, which a spreadsheet opens and runs nothing of."""
from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ckanext.satudata.domain.federation.skos.entries import Entry, Scheme

__all__ = ["rows", "table", "whole"]

#: What a spreadsheet would run (CSV injection, OWASP); a sign alone or before a number stays.
_ACTS = re.compile(r"[=@\t\r]|[+\-](?![0-9., ]*$)")
#: Entries written at once.
_PIECE = 1000


def table(
    columns: Sequence[str], found: Iterable[Mapping[str, object]], header: bool = True
) -> bytes:
    """Return rows as CSV (UTF-8, comma, LF); nothing is an empty cell."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    if header:
        writer.writerow(columns)
    for row in found:
        cells = (row.get(name) for name in columns)
        writer.writerow(["" if cell is None else _harmless(str(cell)) for cell in cells])
    return made.getvalue().encode()


def rows(scheme: Scheme, entries: Iterable[Entry], header: bool = True) -> bytes:
    """Return entries as CSV."""
    return table(scheme.columns, map(scheme.row, entries), header)


def whole(scheme: Scheme) -> Iterator[bytes]:
    """Yield the CSV of a whole scheme, piece by piece, in the order of its pages."""
    for offset in range(0, max(scheme.size, 1), _PIECE):
        yield table(scheme.columns, scheme.rows(offset, _PIECE), header=offset == 0)


def _harmless(cell: str) -> str:
    return f"'{cell}" if _ACTS.match(cell) else cell
