"""Brings the table of one version into the engine: whatever its encoding, delimiter or header.

All values are text, without blanks around them; missing is the empty text. Columns are numbered
(``c0``, ``c1``...) in the engine, since their names may be anything, twice or nothing.
"""
from __future__ import annotations

import csv
import importlib
import mmap
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ckanext.satudata.domain.loading import json_table, text_table, workbook
from ckanext.satudata.domain.loading.limits import Limits
from ckanext.satudata.domain.loading.problems import N_, Place
from ckanext.satudata.domain.loading.reading import TABLE_FORMATS
from ckanext.satudata.domain.loading.table import NotATable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Side", "best_reading", "literal", "load"]

_NUMERIC = re.compile(r"-?\d[\d.,]*")
#: What ``str.strip`` takes away, in the words of the engine's regular expressions.
_BLANK = (r"[\s\x0b\x1c-\x1f\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}"
          r"\x{205F}\x{3000}]")
_EDGE = f"^{_BLANK}|{_BLANK}$"
_EDGES = f"^{_BLANK}+|{_BLANK}+$"
_BATCH = 5_000
#: Longest line that the engine reads by itself; above it the slow road is taken.
_LINE = 2_000_000
_PIECE = 1024 * 1024


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
    engine: DuckDBPyConnection, table: str, path: Path, name: str, kind: str, limits: Limits
) -> Side:
    """Read a file into a table of the engine.

    :param name: of the file, for messages
    :param kind: ``CSV``, ``XLSX``...
    :raises LoadError: not readable, no table, or beyond the limits
    """
    place = Place(name)
    if kind in ("XLSX", "XLS"):
        with path.open("rb") as stream:
            zipped = stream.read(2) == b"PK"
        if zipped:
            workbook.check_xlsx(path, limits, place)
        sheet, _, rows = workbook.first_sheet(path, limits, place)
        return _from_rows(engine, table, [cells for _, cells in rows],
                          limits, Place(name, sheet=sheet))
    if kind == "JSON":
        found = [cells for _, cells in json_table.rows(path, limits, place)]
        return _from_rows(engine, table, found, limits, place)
    if kind not in TABLE_FORMATS:
        raise NotATable(place, N_("format {format} disimpan sebagai berkas."), format=kind or "?")
    return _from_text(engine, table, path, limits, place)


def _from_text(
    engine: DuckDBPyConnection, table: str, path: Path, limits: Limits, place: Place
) -> Side:
    dialect = text_table.detect(path, limits, place)
    semicolons = dialect.delimiter == ";"
    header = _plain_header(path, dialect, limits, place)
    if header is not None:
        names = _names(header, len(header), place, limits)
        if _read_fast(engine, table, path, dialect, len(names)):
            return _finish(engine, table, names, limits, place, semicolons)
    attempt = best_reading(path, dialect, limits, place)
    return _from_rows(engine, table, _cells(path, attempt, limits, place), limits, place,
                      semicolons, _width(_cells(path, attempt, limits, place)))


def _cells(
    path: Path, dialect: text_table.Dialect, limits: Limits, place: Place
) -> Iterator[list[str]]:
    return (cells for _, cells in text_table.rows(path, dialect, limits, place))


def _plain_header(
    path: Path, dialect: text_table.Dialect, limits: Limits, place: Place
) -> list[str] | None:
    """Return the header, or None where the engine might read the file otherwise than we do."""
    if dialect.encoding not in ("utf-8", "utf-8-sig"):
        return None
    with path.open("rb") as stream:
        first = stream.readline(_LINE)
        if first.startswith(b"\x1f\x8b") or not first.strip() or first.count(b'"') % 2:
            return None
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if not _is_plain(content, dialect.delimiter.encode(), first.endswith(b"\r\n")):
                return None
    try:
        header = next(_cells(path, dialect, limits, place))
    except (csv.Error, StopIteration):
        return None
    if _NUMERIC.fullmatch(header[0].strip()) or not all(cell.strip() for cell in header):
        return None  # no header at all, or columns that may hold nothing
    return header


def _is_plain(content: mmap.mmap, delimiter: bytes, returns: bool) -> bool:
    """Tell whether all lines end alike and all quotes stand at the edge of their cell.

    With blanks between quote and delimiter the engine takes the quotes away, the loader does not.
    """
    feeds, alone, pairs = (_count(content, each) for each in (b"\n", b"\r", b"\r\n"))
    if not feeds or alone != pairs or pairs != (feeds if returns else 0):
        return False
    if content.find(b'"') < 0:
        return True
    parting = re.escape(delimiter)
    return not any(re.search(pattern, content) for pattern in (
        parting + rb'[ \t]+"', rb'\n[ \t]+"', rb'"[ \t]+[\r\n' + parting + rb"]"))


def _count(content: mmap.mmap, what: bytes) -> int:
    """Count without copying the whole file."""
    found = 0
    for start in range(0, len(content), _PIECE):
        # a piece takes the first byte of the next with it, for pairs that stand across
        found += content[start:start + _PIECE + len(what) - 1].count(what)
    return found


def _read_fast(
    engine: DuckDBPyConnection, table: str, path: Path, dialect: text_table.Dialect, width: int
) -> bool:
    """Let the engine read plain UTF-8; False where it does not hold to the standard's quoting."""
    from duckdb import Error

    columns = ",".join(f"'c{number}': 'VARCHAR'" for number in range(width))
    kept = ",".join(f"coalesce(c{number}, '') AS c{number}" for number in range(width))
    try:
        engine.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {kept} FROM read_csv("
            f"{literal(str(path))}, header=true, auto_detect=false, strict_mode=true, "
            f"compression='none', delim={literal(dialect.delimiter)}, quote='\"', escape='\"', "
            f"max_line_size={_LINE}, columns={{{columns}}})")
    except Error:
        return False
    return True


def best_reading(
    path: Path, found: text_table.Dialect, limits: Limits, place: Place
) -> text_table.Dialect:
    """Return the quoting that reads the file with the fewest rows of another width."""
    readings: list[tuple[int, text_table.Dialect]] = []
    failure = ""
    for escape, strict in ((None, True), ("\\", True), (None, False)):
        dialect = text_table.Dialect(found.encoding, found.delimiter, escape, strict)
        widths = Counter[int]()
        try:
            widths.update(len(cells) for cells in _cells(path, dialect, limits, place))
        except csv.Error as error:
            failure = failure or str(error)
            continue
        odd = widths.total() - max(widths.values(), default=0)
        if not odd:
            return dialect
        readings.append((odd, dialect))
    if not readings:
        raise NotATable(place, N_(
            "tanda kutip di berkas ini tidak berpasangan ({error})."), error=failure)
    return min(readings, key=lambda reading: reading[0])[1]


def _width(rows: Iterable[list[str]]) -> int:
    return max((_filled(cells) for cells in rows), default=0)


def _filled(cells: list[str]) -> int:
    """Return how many cells there are up to the last one that holds something."""
    return next((number for number in range(len(cells), 0, -1) if cells[number - 1].strip()), 0)


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
    engine: DuckDBPyConnection, table: str, rows: Iterable[list[str]], limits: Limits,
    place: Place, semicolons: bool = False, width: int | None = None,
) -> Side:
    """Fill the table from rows as read; a first row of figures is no header."""
    arrow: Any = importlib.import_module("pyarrow")  # which has no types; only the child needs it
    if width is None:
        rows = list(rows)
        width = _width(rows)
    iterator = iter(rows)
    first = next(iterator, None)
    if first is None or not width:
        raise NotATable(place, N_("berkas tidak berisi baris apa pun."))
    headless = bool(_NUMERIC.fullmatch(first[0].strip()))
    names = _names([] if headless else first, width, place, limits)
    columns = ",".join(f"c{number} VARCHAR" for number in range(width))
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({columns})")
    if headless:
        iterator = iter([first, *iterator]) if isinstance(rows, list) else _chain(first, iterator)
    ids = [f"c{number}" for number in range(width)]
    count = 0
    size = max(1, min(_BATCH, 2_000_000 // width))
    while batch := list(islice(iterator, size)):
        count += len(batch)
        _bound(count, width, limits, place)
        fitted = [(cells + [""] * (width - len(cells)))[:width] for cells in batch]
        arrays = [arrow.array(values, arrow.string()) for values in zip(*fitted, strict=True)]
        engine.register("masuk", arrow.Table.from_arrays(arrays, names=ids))
        engine.execute(f"INSERT INTO {table} SELECT * FROM masuk")
        engine.unregister("masuk")
    return _finish(engine, table, names, limits, place, semicolons)


def _chain(first: list[str], rest: Iterator[list[str]]) -> Iterator[list[str]]:
    yield first
    yield from rest


def _bound(rows: int, width: int, limits: Limits, place: Place) -> None:
    if rows > limits.rows:
        raise NotATable(place, N_("baris melebihi batas {limit}."), limit=limits.rows)
    if rows * width > limits.cells:
        raise NotATable(place, N_("sel melebihi batas {limit}."), limit=limits.cells)


def _finish(
    engine: DuckDBPyConnection, table: str, names: tuple[str, ...], limits: Limits,
    place: Place, semicolons: bool,
) -> Side:
    """Take away blanks around values, and rows without any value."""
    width = len(names)
    numbers = range(width)
    found = engine.execute("SELECT count(*), " + ", ".join(
        f"bool_or(regexp_matches(c{number}, {literal(_EDGE)}))" for number in numbers)
        + f" FROM {table}").fetchone()
    assert found is not None
    blanks = [number for number in numbers if found[1 + number]]
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
    return Side(table, names, rows, semicolons)
