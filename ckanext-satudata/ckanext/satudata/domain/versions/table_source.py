"""Brings the table of one version into the engine: whatever its encoding, delimiter or header.

All values are text, without blanks around them; missing is the empty text. Columns are numbered
(``c0``, ``c1``...) in the engine, since their names may be anything, twice or nothing.
"""
from __future__ import annotations

import importlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ckanext.satudata.domain.inspection import reader
from ckanext.satudata.domain.inspection.notes import RefusedFile
from ckanext.satudata.domain.loading import json_table, workbook
from ckanext.satudata.domain.loading.limits import Limits
from ckanext.satudata.domain.loading.problems import N_, LoadError, Place
from ckanext.satudata.domain.loading.reading import TABLE_FORMATS
from ckanext.satudata.domain.loading.table import NotATable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Side", "literal", "load"]

_NUMERIC = re.compile(r"-?\d[\d.,]*")
#: What ``str.strip`` takes away, in the words of the engine's regular expressions.
_BLANK = (r"[\s\x0b\x1c-\x1f\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}"
          r"\x{205F}\x{3000}]")
_EDGE = f"^{_BLANK}|{_BLANK}$"
_EDGES = f"^{_BLANK}+|{_BLANK}+$"
_BATCH = 5_000


@dataclass(frozen=True)
class Side:
    """A table inside the engine.

    :param table: its name there
    :param names: of its columns, all different
    :param semicolons: its cells are parted by semicolons, so commas are decimal ones
    """

    table: str
    names: tuple[str, ...]
    rows: int
    semicolons: bool = False


def literal(text: str) -> str:
    """Return a text as the engine's SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def load(
    engine: DuckDBPyConnection, table: str, path: Path, name: str, kind: str, limits: Limits,
) -> Side:
    """Read a file into a table of the engine.

    :param name: of the file, for messages
    :param kind: ``CSV``, ``XLSX``...
    :raises LoadError: not readable, no table, or beyond the limits
    """
    place = Place(name)
    if kind not in TABLE_FORMATS:
        raise NotATable(place, N_("format {format} disimpan sebagai berkas."), format=kind or "?")
    try:
        if kind == "JSON":
            found = [cells for _, cells in json_table.rows(path, limits, place)]
            return _from_rows(engine, table, found, len(found[0]), limits, place)
        if kind in ("XLSX", "XLS"):
            sheet, _, rows, width = workbook.first_sheet(path, limits, place)
            return _from_rows(engine, table, (cells for _, cells in rows), width, limits,
                              Place(name, sheet=sheet))
        return _from_text(engine, table, path, limits, place)
    except RefusedFile as refused:
        raise LoadError(place, refused.message.template, **refused.message.values) from refused


def _from_text(
    engine: DuckDBPyConnection, table: str, path: Path, limits: Limits, place: Place
) -> Side:
    """Hand over the columns as they were read; a first row of figures is no header."""
    file = reader.read(path, place.file, limits)
    if not file.sheets:
        raise NotATable(place, N_("berkas ini gambar, bukan tabel."))
    sheet: Any = file.sheets[0]  # of Arrow, which has no types
    first, header = next(sheet.lines(), (0, [""]))
    if not first:
        raise NotATable(place, N_("berkas tidak berisi baris apa pun."))
    headless = bool(_NUMERIC.fullmatch(header[0].strip()))
    names = _names([] if headless else header, sheet.n_columns, place, limits)
    arrow: Any = importlib.import_module("pyarrow")  # only the child needs it
    columns: list[Any] = [column.text.slice(first - headless) for column in sheet.columns]
    ids = [f"c{number}" for number in range(len(columns))]
    _create(engine, table, ids)
    _insert(engine, table, arrow.table(columns, names=ids))
    return _finish(engine, table, names, limits, place, file.delimiter == ";")


def _names(header: list[str], width: int, place: Place, limits: Limits) -> tuple[str, ...]:
    """Return names for all columns, each different from the others."""
    if width > limits.columns:
        raise NotATable(place, N_("ada {count} kolom, batasnya {limit}."),
                        count=width, limit=limits.columns)
    names: list[str] = []
    taken: set[str] = set()
    for number in range(width):
        given = " ".join(header[number].split()) if number < len(header) else ""
        base = name = given or f"kolom {number + 1}"
        again = 1
        while name in taken:
            again += 1
            name = f"{base} ({again})"
        taken.add(name)
        names.append(name)
    return tuple(names)


def _from_rows(
    engine: DuckDBPyConnection, table: str, rows: Iterable[list[str]], width: int, limits: Limits,
    place: Place,
) -> Side:
    """Fill the table from rows as read; a first row of figures is no header.

    :param width: the most cells a row has
    """
    arrow: Any = importlib.import_module("pyarrow")  # which has no types; only the child needs it
    iterator = iter(rows)
    first = next(iterator, None)
    if first is None or not width:
        raise NotATable(place, N_("berkas tidak berisi baris apa pun."))
    headless = bool(_NUMERIC.fullmatch(first[0].strip()))
    names = _names([] if headless else first, width, place, limits)
    if headless:
        iterator = chain([first], iterator)
    ids = [f"c{number}" for number in range(width)]
    _create(engine, table, ids)
    count = 0
    size = max(1, min(_BATCH, 2_000_000 // width))
    while batch := list(islice(iterator, size)):
        count += len(batch)
        _bound(count, width, limits, place)
        fitted = [cells if len(cells) == width else (cells + [""] * (width - len(cells)))[:width]
                  for cells in batch]
        arrays = [arrow.array(values, arrow.string()) for values in zip(*fitted, strict=True)]
        _insert(engine, table, arrow.Table.from_arrays(arrays, names=ids))
    return _finish(engine, table, names, limits, place, semicolons=False)


def _create(engine: DuckDBPyConnection, table: str, ids: list[str]) -> None:
    columns = ",".join(f"{name} VARCHAR" for name in ids)
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({columns})")


def _insert(engine: DuckDBPyConnection, table: str, rows: Any) -> None:
    engine.register("masuk", rows)
    engine.execute(f"INSERT INTO {table} SELECT * FROM masuk")
    engine.unregister("masuk")


def _bound(rows: int, width: int, limits: Limits, place: Place) -> None:
    if rows > limits.rows:
        raise NotATable(place, N_("baris melebihi batas {limit}."), limit=limits.rows)
    if rows * width > limits.cells:
        raise NotATable(place, N_("sel melebihi batas {limit}."), limit=limits.cells)


def _finish(
    engine: DuckDBPyConnection, table: str, names: tuple[str, ...], limits: Limits,
    place: Place, semicolons: bool,
) -> Side:
    """Take away blanks around values, rows without any, and empty columns without a name."""
    width = len(names)
    numbers = range(width)
    found = engine.execute("SELECT " + ", ".join(
        f"bool_or(regexp_matches(c{number}, {literal(_EDGE)}))" for number in numbers)
        + f" FROM {table}").fetchone()
    assert found is not None
    blanks = [number for number in numbers if found[number]]
    if blanks:
        engine.execute(f"UPDATE {table} SET " + ", ".join(
            f"c{number} = regexp_replace(c{number}, {literal(_EDGES)}, '', 'g')"
            for number in blanks))
    empty = " AND ".join(f"c{number} = ''" for number in numbers)
    engine.execute(f"DELETE FROM {table} WHERE {empty}")
    counted = engine.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert counted is not None
    rows = int(counted[0])
    _bound(rows, width, limits, place)
    while len(names) > 1 and names[-1] == f"kolom {len(names)}" and _is_empty(
            engine, table, len(names) - 1):
        names = names[:-1]
    return Side(table, names, rows, semicolons)


def _is_empty(engine: DuckDBPyConnection, table: str, number: int) -> bool:
    found = engine.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE c{number} <> '' LIMIT 1)").fetchone()
    return found is not None and not found[0]
