"""CSV and its kin, in any encoding, delimiter and quoting, ragged rows and blank lines kept.

Arrow reads what keeps to the standard's quoting, at about 300 MB a second; Python's ``csv`` reads
the rest, at about 60. Which of the two is told by the quotes alone: in a standard
file each stands at the edge of a cell or is doubled, and their number is even.
"""
from __future__ import annotations

import csv
import io
import mmap
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.inspection.bounds import (
    PIECE,
    check_lines,
    check_size,
    too_many_cells,
    too_many_columns,
    too_many_rows,
)
from ckanext.satudata.domain.inspection.formats import dialect as dialects
from ckanext.satudata.domain.inspection.formats.dialect import Dialect
from ckanext.satudata.domain.inspection.limits import MB, Limits
from ckanext.satudata.domain.inspection.notes import N_, Message, RefusedFile

__all__ = ["read"]

_BLOCK = 4 * MB
_BATCH = 50_000
#: Rows of another width than the table's that are put back one by one; beyond these the rows are
#: read by ``csv``, which takes any width.
_RAGGED = 5_000


def read(path: Path, name: str, limits: Limits) -> Any:
    """Read a text file as one sheet.

    :raises RefusedFile: no text, beyond the limits, or quotes that never close
    """
    check_size(path, limits.file_bytes)
    with path.open("rb") as stream:
        # never closed by hand: Arrow may still look at it when a file is refused
        content = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    encoding = dialects.encoding_of(content[:dialects.SAMPLE], content)
    check_lines(content, limits)
    found, text = _in_utf8(content, encoding)
    try:
        return _read(text, found, name, limits)
    except UnicodeError:
        if encoding is not None:
            raise dialects.refused_encoding(0) from None
        found, text = _in_utf8(content, "cp1252")
        return _read(text, found, name, limits)


def _in_utf8(content: mmap.mmap, encoding: str | None) -> tuple[str, mmap.mmap | bytes]:
    """Return the encoding and the text in UTF-8; the file itself where it may already be that."""
    if encoding in (None, "utf-8-sig"):
        return encoding or "utf-8", content
    try:
        return encoding, dialects.transcode(content, encoding)
    except UnicodeError as error:
        raise dialects.refused_encoding(getattr(error, "start", 0)) from error


def _read(content: mmap.mmap | bytes, encoding: str, name: str, limits: Limits) -> Any:
    """Read UTF-8.

    :raises UnicodeError: it is none
    """
    raw = content[:dialects.SAMPLE]
    cut = len(content) > len(raw)
    # letters are judged whole, so the last, which may be cut, is left out
    sample = raw.decode("utf-8-sig", errors="ignore" if cut else "strict")
    delimiter = dialects.delimiter_of(sample, cut, limits)
    found = Dialect("utf-8-sig", delimiter)
    columns = None
    if _is_standard(content, delimiter):
        columns = _by_arrow(content, found, sample, cut, limits)
    remarks: list[Message] = []
    if columns is None:
        found, columns = _by_csv(content, found, limits)
        if found.escape:
            remarks.append(Message(N_("Tanda kutip di dalam sel ditulis dengan garis miring "
                                      "terbalik.")))
        elif not found.strict:
            remarks.append(Message(N_("Ada tanda kutip di dalam sel yang tidak ditulis ganda.")))
    if encoding not in ("utf-8", "utf-8-sig"):
        remarks.append(Message(N_("Pengodean huruf berkas ini {encoding}."),
                               {"encoding": encoding}))
    from ckanext.satudata.domain.inspection.sheet import Column, RawFile, Sheet

    sheet = Sheet(Path(name.removesuffix(".gz")).stem, [Column(column) for column in columns])
    return RawFile(name, "tsv" if delimiter == "\t" else "csv", [sheet], encoding=encoding,
                   delimiter=delimiter, remarks=remarks)


def _is_standard(content: mmap.mmap | bytes, delimiter: str) -> bool:
    """Tell whether all quotes open or close a whole cell, or are doubled inside one.

    Every other quote opens: it stands after a delimiter, a line end, or the quote it doubles. The
    ones between close: before a delimiter, a line end, or the quote that doubles them.
    """
    if content.find(b'"') < 0:
        return True
    import numpy as np

    if content.find(b'\\"') >= 0:
        return False
    edges = np.zeros(256, bool)
    edges[[ord(delimiter), 10, 13, 34]] = True
    total, begin, size = 0, 3 if content[:3] == b"\xef\xbb\xbf" else 0, 8 * PIECE
    for start in range(begin, len(content), size):
        # a byte before and after each piece belongs to it
        ahead = int(start > begin)
        piece = np.frombuffer(content[start - ahead:start + size + 1], np.uint8)
        at = np.flatnonzero(piece == 34)
        at = at[(at >= ahead) & (at < size + ahead)]
        opens = (total + np.arange(len(at))) % 2 == 0
        before = edges[piece[np.maximum(at - 1, 0)]] | (at == 0)
        after = edges[piece[np.minimum(at + 1, len(piece) - 1)]]
        if not np.where(opens, before, after).all():
            return False
        total += len(at)
    return total % 2 == 0


def _by_arrow(
    content: mmap.mmap | bytes, found: Dialect, sample: str, cut: bool, limits: Limits
) -> list[Any] | None:
    """Return the columns; None where too many rows have another width than the others.

    :raises UnicodeError: it is no UTF-8
    """
    lines = sample.splitlines(keepends=True)
    widths = dialects.widths_of(lines[:-1] if cut else lines, found, limits)
    width = max(widths, key=lambda width: (widths[width] * width, width), default=1)
    if width > limits.columns:
        return None
    import pyarrow as pa
    import pyarrow.csv as arrow_csv

    ragged: list[tuple[int, str]] = []

    def keep(row: Any) -> str:
        ragged.append((row.number, row.text))
        return "error" if len(ragged) > _RAGGED else "skip"

    names = [str(number) for number in range(width)]
    try:
        table: Any = arrow_csv.read_csv(
            pa.BufferReader(pa.py_buffer(content)),
            # One thread alone says which rows it left out, and with line ends inside cells
            # several are no faster; at the end of a process they are not always done, either.
            read_options=arrow_csv.ReadOptions(
                column_names=names, use_threads=False, block_size=_BLOCK),
            parse_options=arrow_csv.ParseOptions(
                delimiter=found.delimiter, quote_char='"', newlines_in_values=True,
                ignore_empty_lines=False, invalid_row_handler=keep),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False))
    except pa.ArrowInvalid as error:
        if "UTF8" in str(error):
            raise UnicodeError from error
        return None
    if ragged and content.find(b"\\" + found.delimiter.encode()) >= 0:
        return None  # escaped delimiters may be what makes rows wider
    rows = table.num_rows + len(ragged)
    extra = [_one(text, found, limits) for _, text in ragged]
    wide = max([width, *map(_filled, extra)])
    _bound(rows, wide, limits)
    return _merged(table, [number - 1 for number, _ in ragged], extra, wide)


def _one(text: str, found: Dialect, limits: Limits) -> list[str]:
    rows = dialects.records(io.BytesIO(text.encode()), replace(found, encoding="utf-8"), limits)
    return next((cells for _, cells in rows), [])


def _filled(cells: list[str]) -> int:
    """Return the number of cells up to the last with something in it."""
    count = len(cells)
    while count and not cells[count - 1].strip():
        count -= 1
    return count


def _merged(table: Any, places: list[int], extra: list[list[str]], width: int) -> list[Any]:
    """Return the columns with the rows of other widths back at their places."""
    import numpy as np
    import pyarrow as pa

    if not extra:
        return list(table.columns)
    rows = table.num_rows + len(extra)
    order = np.empty(rows, np.int64)
    taken = np.zeros(rows, bool)
    taken[places] = True
    order[~taken] = np.arange(table.num_rows)
    order[places] = table.num_rows + np.arange(len(extra))
    blank = pa.chunked_array([pa.array([""] * table.num_rows, pa.string())])
    columns: list[Any] = []
    for number in range(width):
        given = table.column(number) if number < table.num_columns else blank
        added = pa.array([cells[number] if number < len(cells) else "" for cells in extra],
                         pa.string())
        columns.append(pa.chunked_array([*given.chunks, added], pa.string()).take(pa.array(order)))
    return columns


def _by_csv(
    content: mmap.mmap | bytes, found: Dialect, limits: Limits
) -> tuple[Dialect, list[Any]]:
    """Return the columns by the quoting that leaves the fewest rows of another width."""
    readings: list[tuple[int, Dialect, int]] = []
    failure: RefusedFile | None = None
    for attempt in dialects.quotings(found):
        widths = Counter[int]()
        widest = line = 0
        try:
            for _, cells in dialects.records(_stream(content), attempt, limits):
                line += 1
                count = _filled(cells)
                widths[len(cells)] += bool(count)
                widest = max(widest, count)
        except csv.Error:
            failure = failure or dialects.open_quote(line + 1)
            continue
        except RefusedFile as refused:
            failure = failure or refused
            continue
        _bound(line, widest, limits)
        odd = widths.total() - max(widths.values(), default=0)
        readings.append((odd, attempt, widest))
        if not odd:
            break
    if not readings:
        assert failure is not None
        raise failure
    _, best, widest = min(readings, key=lambda reading: reading[0])
    rows = (cells for _, cells in dialects.records(_stream(content), best, limits))
    return best, _columns(rows, max(widest, 1))


def _stream(content: mmap.mmap | bytes) -> Any:
    """Return a stream of its own over the content, which closing does not close."""
    if isinstance(content, bytes):
        return io.BytesIO(content)
    return io.BufferedReader(_View(content), PIECE)


class _View(io.RawIOBase):
    """Reads a mapped file from its begin."""

    def __init__(self, content: mmap.mmap) -> None:
        self._content, self._at = content, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        room = memoryview(buffer)
        piece = self._content[self._at:self._at + len(room)]
        room[:len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def _columns(rows: Iterator[list[str]], width: int) -> list[Any]:
    import pyarrow as pa

    chunks: list[list[Any]] = [[] for _ in range(width)]
    while batch := list(islice(rows, max(1, _BATCH // width * 10))):
        fitted = [cells if len(cells) == width else [*cells, *[""] * (width - len(cells))][:width]
                  for cells in batch]
        for chunk, values in zip(chunks, zip(*fitted, strict=True), strict=True):
            chunk.append(pa.array(values, pa.string()))
    return [pa.chunked_array(chunk, pa.string()) for chunk in chunks]


def _bound(rows: int, width: int, limits: Limits) -> None:
    if width > limits.columns:
        raise too_many_columns(width, limits)
    if rows > limits.rows:
        raise too_many_rows(rows, limits)
    if rows * width > limits.cells:
        raise too_many_cells(rows * width, limits.cells)
