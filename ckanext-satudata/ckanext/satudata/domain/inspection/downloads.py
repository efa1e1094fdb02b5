"""All findings of a table as CSV: complete, however many, written by column and not one by one."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.checks.base import Check, Hits
from ckanext.satudata.domain.inspection.display import PRINCIPLES, SEVERITIES, written
from ckanext.satudata.domain.inspection.flow import mask
from ckanext.satudata.domain.inspection.sheet import column_letters
from ckanext.satudata.domain.inspection.table import TidyTable

if TYPE_CHECKING:
    from ckanext.satudata.domain.inspection.engine import Checked

__all__ = ["COLUMNS", "write_findings"]

COLUMNS = ("no", "tingkat", "prinsip", "kode", "lembar", "kolom", "baris", "sel", "nilai",
           "catatan", "cara_memperbaiki", "usulan")
#: Rows written at once, so that a million findings need no gigabyte.
_PIECE = 100_000
#: Lines of a list nobody reads to its end; the report says how many there are.
MAX_LINES = 1_000_000
_ORDER = tuple(SEVERITIES)
#: What a spreadsheet would run, unless it is a number with a sign.
_ACTS, _NUMBER = r"^[=+\-@\t\r]", r"^[+-]?[0-9]+([.,][0-9]+)?$"
#: Columns with texts of the file, row by row; the others are our own words and numbers.
_OPEN = frozenset({"nilai", "catatan", "cara_memperbaiki", "usulan"})


def write_findings(path: Path, checked: Checked) -> int:
    """Write every finding, ``wajib`` first, as CSV that Excel opens; return how many.

    A text a spreadsheet would run gets an apostrophe in front (CSV injection, OWASP).
    """
    hits = sorted(checked.hits, key=lambda one: _ORDER.index(_severity(one)))
    number = 0
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf")
        _write_header(file)
        for one in hits:
            alone = type(one.check).finding is not Check.finding
            for first in range(0, min(max(len(one.rows), 1), MAX_LINES - number), _PIECE):
                make = _one_by_one if alone else _piece
                piece = make(checked.table, one, first, number)
                number += len(piece)
                pyarrow.csv.write_csv(piece, file, pyarrow.csv.WriteOptions(
                    include_header=False, quoting_style="needed"))
    return number


def _write_header(file: IO[bytes]) -> None:
    file.write((",".join(COLUMNS) + "\n").encode())


def _repeated(text: str, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), count)


def _safe_text(text: str) -> str:
    return _safe(pa.array([text], pa.string()))[0].as_py()


def _severity(hits: Hits) -> str:
    return (hits.severity or hits.check.severity).value


def _piece(table: TidyTable, hits: Hits, first: int, number: int) -> pa.Table:
    """Return some findings of one kind as the columns of the file."""
    rows = hits.rows[first:first + _PIECE]
    count = max(len(rows), 1)
    whole = not len(hits.rows)

    def same(text: str) -> pa.Array:
        return _repeated(text, count)

    value = same("") if whole else _values(table, hits, rows)
    row = same("") if whole else pa.array(rows + 1).cast(pa.string())
    given = {name: _texts(array.slice(first, count), written)
             for name, array in hits.values.items()}
    told = same("1") if whole else pa.array(table.numbered(rows)).cast(pa.string())
    places = {"column": same(table.spoken(hits.column or "")) if whole
              else _spoken(table, hits.column or "", rows), "row": told, "value": value,
              **{name: same(str(text)) for name, text in table.named(hits.shared).items()},
              **given}
    columns = {
        "no": pa.array(np.arange(number + 1, number + count + 1)).cast(pa.string()),
        "tingkat": same(SEVERITIES[_severity(hits)]),
        "prinsip": same(PRINCIPLES[hits.check.principle.value]),
        "kode": same(hits.check.code), "lembar": same(_safe_text(table.sheet)),
        "kolom": same(_safe_text(hits.column or "")), "baris": row,
        "sel": same("") if whole else _cells(table, hits, rows),
        "nilai": pc.utf8_slice_codeunits(value, 0, 200),
        "catatan": _filled(hits.template or hits.check.template, places, hits, count),
        "cara_memperbaiki": _filled(hits.check.how, places, hits, count),
        "usulan": same("") if hits.proposed is None
        else _texts(hits.proposed.slice(first, count)),
    }
    return pa.table([_safe(pc.fill_null(columns[name], "")) if name in _OPEN else columns[name]
                     for name in COLUMNS], names=COLUMNS)


def _one_by_one(table: TidyTable, hits: Hits, first: int, number: int) -> pa.Table:
    """Return the same of a check that makes its findings in a way of its own."""
    found = [hits.check.finding(table, hits, at)
             for at in range(first, min(first + _PIECE, max(len(hits.rows), 1)))]
    rows = [(str(at), SEVERITIES[each.severity.value], PRINCIPLES[each.principle.value], each.code,
             each.sheet, each.column or "", "" if each.row is None else str(each.row),
             each.cell or "", each.value or "", each.message.text(), each.how.text(),
             each.proposed or "") for at, each in enumerate(found, number + 1)]
    return pa.table([_safe(pa.array(column, pa.string())) for column in zip(*rows, strict=True)],
                    names=COLUMNS)


def _texts(
    values: pa.Array | pa.ChunkedArray, write: Callable[[Any], Any] = str
) -> pa.Array:
    """Return values as they stand in the findings shown; each distinct one is written once."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if pa.types.is_string(values.type) and write is not mask:
        return pc.fill_null(values, "")
    encoded = values.dictionary_encode()
    texts = pa.array(["" if each is None else str(write(each))
                      for each in encoded.dictionary.to_pylist()], pa.string())
    return pc.fill_null(texts.take(encoded.indices), "")


def _values(table: TidyTable, hits: Hits, rows: np.ndarray) -> pa.Array:
    if hits.column is None or hits.column not in table.data.column_names:
        return pa.repeat(pa.scalar(""), len(rows))
    texts = _texts(table.data.column(hits.column).take(pa.array(rows)))
    if not hits.masked:
        return texts
    shown = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
    return _texts(shown, mask)


def _cells(table: TidyTable, hits: Hits, rows: np.ndarray) -> pa.Array:
    at = table.cells.get(hits.column or "")
    if at is None:
        return pa.repeat(pa.scalar(""), len(rows))
    encoded = pa.array(at[rows]).dictionary_encode()
    letters = pa.array([column_letters(column) if column >= 0 else None
                        for column in encoded.dictionary.to_pylist()],
                       pa.string()).take(encoded.indices)
    numbers = pa.array(table.rows[rows] + 1).cast(pa.string())
    return pc.fill_null(pc.binary_join_element_wise(letters, numbers, ""), "")


def _spoken(table: TidyTable, column: str, rows: np.ndarray) -> pa.Array:
    """Return per row what its column is called on the sheet."""
    at = table.cells.get(column)
    if at is None:
        return _repeated(column, len(rows))
    encoded = pa.array(at[rows]).dictionary_encode()
    names = pa.array([table.spoken(column, each) for each in encoded.dictionary.to_pylist()],
                     pa.string())
    return names.take(encoded.indices)


def _parts(template: str) -> Iterator[tuple[str, str | None, bool]]:
    """Yield the parts of a template: text, and the name of the value after it, if it is plain."""
    for text, name, spec, conversion in Formatter().parse(template):
        yield text, name, not spec and not conversion


def _filled(
    template: str, places: Mapping[str, pa.Array], hits: Hits, count: int
) -> pa.Array:
    """Fill a template for all rows at once."""
    pieces: list[Any] = []
    for text, name, is_plain in _parts(template):
        pieces.append(text)
        if name is not None:
            if not is_plain or name not in places:
                raise ValueError(f"check {hits.check.code}: cannot fill “{{{name}}}”")
            pieces.append(places[name])
    if not any(isinstance(piece, pa.Array) for piece in pieces):
        return pa.repeat(pa.scalar("".join(pieces)), count)
    return pc.binary_join_element_wise(*pieces, "")


def _safe(texts: pa.Array) -> pa.Array:
    acts = pc.match_substring_regex(texts, _ACTS)
    if not pc.any(acts).as_py():
        return texts
    runs = pc.and_not(acts, pc.match_substring_regex(texts, _NUMBER))
    return pc.if_else(runs, pc.binary_join_element_wise("'", texts, ""), texts)
