"""Brings the table of one version into the engine: whatever its encoding, delimiter or header.

All values are text, without blanks around them; missing is the empty text. Columns are numbered
(``c0``, ``c1``...) in the engine, since their names may be anything, twice or nothing.
"""
from __future__ import annotations

import csv
import importlib
import io
import mmap
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
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
    engine: DuckDBPyConnection, table: str, path: Path, name: str, kind: str, limits: Limits,
    work: Path,
) -> Side:
    """Read a file into a table of the engine.

    :param name: of the file, for messages
    :param work: a folder the engine may read
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
        return _from_rows(engine, table, (cells for _, cells in rows),
                          max(len(cells) for _, cells in rows), limits, Place(name, sheet=sheet))
    if kind == "JSON":
        found = [cells for _, cells in json_table.rows(path, limits, place)]
        return _from_rows(engine, table, found, len(found[0]), limits, place)
    if kind not in TABLE_FORMATS:
        raise NotATable(place, N_("format {format} disimpan sebagai berkas."), format=kind or "?")
    return _from_text(engine, table, path, limits, place, work)


def _from_text(
    engine: DuckDBPyConnection, table: str, path: Path, limits: Limits, place: Place, work: Path
) -> Side:
    dialect = text_table.detect(path, limits, place)
    semicolons = dialect.delimiter == ";"
    plain = _in_utf8(path, dialect, limits, place, work / f"{table}.utf8")
    try:
        header = _plain_header(plain, dialect.delimiter, limits, place)
        if header is not None:
            names = _names(header, len(header), place, limits)
            if _read_fast(engine, table, plain, dialect.delimiter, len(names)):
                return _finish(engine, table, names, limits, place, semicolons)
    finally:
        if plain != path:
            plain.unlink()
    attempt, width = best_reading(path, dialect, limits, place)
    return _from_rows(engine, table, _cells(path, attempt, limits, place), width, limits, place,
                      semicolons)


def _in_utf8(
    path: Path, dialect: text_table.Dialect, limits: Limits, place: Place, target: Path
) -> Path:
    """Return the file itself, or a copy of it that is unpacked UTF-8."""
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    if not packed and dialect.encoding in ("utf-8", "utf-8-sig"):
        return path
    with (text_table.open_bytes(path, limits, place) as stream,
          io.TextIOWrapper(stream, encoding=dialect.encoding, newline="") as text,
          target.open("w", encoding="utf-8", newline="") as out):
        shutil.copyfileobj(text, out, _PIECE)
    return target


def _cells(
    path: Path, dialect: text_table.Dialect, limits: Limits, place: Place
) -> Iterator[list[str]]:
    return (cells for _, cells in text_table.rows(path, dialect, limits, place))


def _plain_header(
    path: Path, delimiter: str, limits: Limits, place: Place
) -> list[str] | None:
    """Return the header, or None where the engine might read the file otherwise than we do."""
    with path.open("rb") as stream:
        first = stream.readline(_LINE)
        if not first.strip() or first.count(b'"') % 2:
            return None
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if not _is_plain(content, delimiter.encode(), first.endswith(b"\r\n")):
                return None
    try:
        header = next(_cells(path, text_table.Dialect("utf-8-sig", delimiter), limits, place))
    except (csv.Error, StopIteration):
        return None
    return None if _NUMERIC.fullmatch(header[0].strip()) else header


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
    engine: DuckDBPyConnection, table: str, path: Path, delimiter: str, width: int
) -> bool:
    """Let the engine read plain UTF-8; False where it does not hold to the standard's quoting."""
    from duckdb import Error

    columns = ",".join(f"'c{number}': 'VARCHAR'" for number in range(width))
    kept = ",".join(f"coalesce(c{number}, '') AS c{number}" for number in range(width))
    try:
        engine.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {kept} FROM read_csv("
            f"{literal(str(path))}, header=true, auto_detect=false, strict_mode=true, "
            f"compression='none', delim={literal(delimiter)}, quote='\"', escape='\"', "
            f"max_line_size={_LINE}, columns={{{columns}}})")
    except Error:
        return False
    return True


def best_reading(
    path: Path, found: text_table.Dialect, limits: Limits, place: Place
) -> tuple[text_table.Dialect, int]:
    """Return the quoting by which the fewest rows are of another width, and the widest's cells."""
    readings: list[tuple[int, text_table.Dialect, int]] = []
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
            return dialect, max(widths, default=0)
        readings.append((odd, dialect, max(widths)))
    if not readings:
        raise NotATable(place, N_(
            "tanda kutip di berkas ini tidak berpasangan ({error})."), error=failure)
    _, dialect, width = min(readings, key=lambda reading: reading[0])
    return dialect, width


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
    place: Place, semicolons: bool = False,
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
    columns = ",".join(f"c{number} VARCHAR" for number in range(width))
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({columns})")
    if headless:
        iterator = chain([first], iterator)
    ids = [f"c{number}" for number in range(width)]
    count = 0
    size = max(1, min(_BATCH, 2_000_000 // width))
    while batch := list(islice(iterator, size)):
        count += len(batch)
        _bound(count, width, limits, place)
        fitted = [cells if len(cells) == width else (cells + [""] * (width - len(cells)))[:width]
                  for cells in batch]
        arrays = [arrow.array(values, arrow.string()) for values in zip(*fitted, strict=True)]
        engine.register("masuk", arrow.Table.from_arrays(arrays, names=ids))
        engine.execute(f"INSERT INTO {table} SELECT * FROM masuk")
        engine.unregister("masuk")
    return _finish(engine, table, names, limits, place, semicolons)


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
