"""A delimited text file in blocks of whole records, as Python's ``csv`` splits it.

A block goes to Arrow where Arrow must agree with ``csv``: every quote opens at the start of a
field. From the first block where that is in doubt, ``csv`` reads on. Records that are shorter or
longer than most are parsed one by one and put back in their place.
"""
from __future__ import annotations

import codecs
import csv
import gzip
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from ckanext.satudata.domain.inspection.validation.labels import Dialect

if TYPE_CHECKING:
    from ckanext.satudata.domain.inspection.validation.table import Table

__all__ = ["Block", "Text", "open_text"]

BLOCK_BYTES = 1 << 19
_SAMPLE = 100
_ROWS_AT_ONCE = 20_000
_LONGEST_RECORD = 64 << 20
_DELIMITERS = ",\t;|"
# Python's own limit of 131,072 characters is less than a map in a cell takes.
csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_RECORD))


@dataclass
class Block:
    """Some rows: ``columns`` of strings, null where a row is too short to have the cell.

    :ivar width: of most rows; ``widths`` of the others, by position
    :ivar beyond: cells past the last column, by position, for messages
    """

    n: int
    columns: list[pa.Array]
    width: int
    widths: dict[int, int] = field(default_factory=dict[int, int])


@dataclass
class Text:
    """An opened text file.

    :ivar sample: its first 100 records
    """

    path: Path
    encoding: str
    dialect: Any
    sample: list[list[str]]
    given: Dialect

    def judge(self, table: Table, skip: int) -> None:
        """Give all rows below the header to a table."""
        blanks = all("" in one.missing for one in table.fields)
        width = usual_width(self.sample[skip:], len(table.fields))
        table.read(self.blocks(skip, width, blanks), self.given)

    def blocks(self, skip: int, width: int, blanks: bool) -> Iterator[Callable[[], Block]]:
        """Yield, block by block, what reads it: to be called in any thread.

        :param skip: records to leave out at the start
        :param width: cells of most rows
        :param blanks: whether an empty line may be taken for a row of empty cells
        """
        delimiter, quote = self.dialect.delimiter, self.dialect.quotechar
        plain = (self.dialect.escapechar is None and not self.dialect.skipinitialspace
                 and quote == '"' and len(delimiter.encode()) == 1)
        pending = b""
        stream = _after(_bytes(self.path, self.encoding), self._length(skip))
        for piece in stream:
            pending = pending + piece if pending else piece
            end = _end(pending) if plain else -1
            if end == 0 and len(pending) < _LONGEST_RECORD:
                continue  # a record longer than the piece
            if end <= 0 or not _agreed(pending[:end], delimiter, blanks, width):
                yield from self._slow(chain([pending], stream), width)
                return
            block, pending = pending[:end], pending[end:]
            yield _Fast(block, delimiter, width)
        if pending:
            if plain and _agreed(pending, delimiter, blanks, width):
                yield _Fast(pending, delimiter, width)
            else:
                yield from self._slow(iter([pending]), width)

    def _length(self, records: int) -> int:
        """Return how many bytes, in UTF-8, the first records take."""
        with _text(self.path, self.encoding) as stream:
            rows = csv.reader(stream, dialect=self.dialect)
            for _ in islice(rows, records):
                pass
            lines = rows.line_num
        with _text(self.path, self.encoding) as stream:
            return sum(len(line.encode()) for line in islice(stream, lines))

    def _slow(self, pieces: Iterator[bytes], width: int) -> Iterator[Callable[[], Block]]:
        rows = csv.reader(_lines(pieces), dialect=self.dialect)
        while taken := list(islice(rows, _ROWS_AT_ONCE)):
            made = _of_rows(taken, width)
            yield lambda made=made: made


@dataclass
class _Fast:
    data: bytes
    delimiter: str
    width: int

    def __call__(self) -> Block:
        odd: list[tuple[int, str]] = []

        def keep(row: Any) -> str:
            odd.append((row.number - 1, row.text))
            return "skip"

        names = [str(at) for at in range(self.width)]
        table = arrow_csv.read_csv(
            pa.BufferReader(self.data),
            arrow_csv.ReadOptions(use_threads=False, block_size=len(self.data) + 1,
                                  column_names=names),
            arrow_csv.ParseOptions(delimiter=self.delimiter, ignore_empty_lines=False,
                                   newlines_in_values=b'"' in self.data,
                                   invalid_row_handler=keep),
            arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()),
                                     strings_can_be_null=False, check_utf8=False))
        columns = [_one(column) for column in table.columns]
        block = Block(table.num_rows, columns, self.width)
        return self._put_back(block, odd) if odd else block

    def _put_back(self, block: Block, odd: list[tuple[int, str]]) -> Block:
        rows = [next(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter), [])
                for _, text in odd]
        at = np.array([position for position, _ in odd], np.int64)
        n = block.n + len(odd)
        source = np.empty(n, np.int64)
        mask = np.ones(n, bool)
        mask[at] = False
        source[mask] = np.arange(block.n)
        source[at] = block.n + np.arange(len(odd))
        widest = max(block.width, max(len(row) for row in rows))
        indices = pa.array(source)
        columns: list[pa.Array] = []
        for number in range(widest):
            extra = pa.array([row[number] if number < len(row) else None for row in rows],
                             pa.string())
            usual = block.columns[number] if number < block.width else pa.nulls(
                block.n, pa.string())
            columns.append(pa.concat_arrays([usual, extra]).take(indices))
        widths = {int(position): len(row) for position, row in zip(at, rows, strict=True)}
        return Block(n, columns, block.width, widths)


def open_text(path: Path, given: Dialect) -> Text:
    """Find out how a text file is written, as frictionless does, and read its first records."""
    encoding = given.encoding or _encoding(path)
    with _text(path, encoding) as stream:
        lines = list(islice(stream, _SAMPLE))
        wanted = given.delimiter or ("\t" if path.suffix.lower() == ".tsv" else _DELIMITERS)
        found: Any
        try:
            found = csv.Sniffer().sniff("".join(lines), wanted)
        except csv.Error:
            found = csv.excel()
        dialect: Any = csv.excel()
        dialect.delimiter = given.delimiter or (
            "\t" if path.suffix.lower() == ".tsv" else found.delimiter)
        dialect.escapechar = given.escape
        quote = '"' if found.quotechar == "'" else found.quotechar
        dialect.quotechar = given.quote if given.quote is not None else quote
        dialect.skipinitialspace = (found.skipinitialspace if given.skip_initial_space is None
                                    else given.skip_initial_space)
        if not dialect.quotechar:
            dialect.quoting, dialect.quotechar = csv.QUOTE_NONE, None
        sample = list(islice(csv.reader(chain(lines, stream), dialect=dialect), _SAMPLE))
    return Text(path, encoding, dialect, sample, given)


def usual_width(sample: Sequence[Sequence[str]], otherwise: int) -> int:
    """Return how many cells most rows have."""
    counts = Counter(len(row) for row in sample if row)
    return counts.most_common(1)[0][0] if counts else max(otherwise, 1)


def _one(column: pa.ChunkedArray) -> pa.Array:
    if column.num_chunks == 1:
        return column.chunk(0)
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _of_rows(rows: list[list[str]], width: int) -> Block:
    widths = {at: len(row) for at, row in enumerate(rows) if len(row) != width}
    widest = max([width, *widths.values()])
    if widths:
        rows = [row if len(row) == widest else [*row, *[None] * (widest - len(row))]  # type: ignore
                for row in rows]
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    return Block(len(rows), columns, width, widths)


def _open(path: Path) -> IO[bytes]:
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rb")  # type: ignore[return-value]
    return path.open("rb")


def _text(path: Path, encoding: str) -> IO[str]:
    return io.TextIOWrapper(_open(path), encoding, _errors(encoding), newline="")


def _errors(encoding: str) -> str:
    """Say what becomes of bytes that are no letters: cp1252 is taken where nothing else fits."""
    return "replace" if encoding == "cp1252" else "strict"


def _encoding(path: Path) -> str:
    """Return the encoding of the whole file: what it says of itself, UTF-8, else cp1252."""
    with _open(path) as stream:
        start = stream.read(4)
        if start.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            piece = start
            while piece:
                if not piece.isascii() or decoder.getstate()[0]:
                    decoder.decode(piece)
                piece = stream.read(BLOCK_BYTES)
            decoder.decode(b"", True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _bytes(path: Path, encoding: str) -> Iterator[bytes]:
    """Yield a file as UTF-8 without its byte order mark."""
    with _open(path) as stream:
        if encoding in ("utf-8", "utf-8-sig"):
            piece = stream.read(BLOCK_BYTES)
            yield piece[3:] if encoding == "utf-8-sig" and piece.startswith(
                codecs.BOM_UTF8) else piece
            while piece := stream.read(BLOCK_BYTES):
                yield piece
            return
        decoder = codecs.getincrementaldecoder(encoding)(_errors(encoding))
        while piece := stream.read(BLOCK_BYTES):
            yield decoder.decode(piece).encode("utf-8")
        yield decoder.decode(b"", True).encode("utf-8")


def _after(pieces: Iterator[bytes], length: int) -> Iterator[bytes]:
    """Yield pieces without their first bytes."""
    for piece in pieces:
        if length < len(piece):
            yield piece[length:]
        length = max(length - len(piece), 0)


def _lines(pieces: Iterator[bytes]) -> Iterator[str]:
    """Yield the lines of UTF-8 pieces, their ends kept."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest = ""
    for piece in pieces:
        lines = io.StringIO(rest + decoder.decode(piece), newline="").readlines()
        # The last line may go on; "\r" at the end may be half of "\r\n".
        rest = lines.pop() if lines else ""
        yield from lines
    yield from io.StringIO(rest, newline="")


def _end(data: bytes) -> int:
    """Return where the last whole record of a piece ends, 0 where none does."""
    last = data.rfind(b"\n") + 1
    if data.count(b'"', 0, last) % 2 == 0:
        return last
    found = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(found == 10)
    outside = ends[np.searchsorted(np.flatnonzero(found == 34), ends) % 2 == 0]
    return int(outside[-1]) + 1 if len(outside) else 0


def _agreed(data: bytes, delimiter: str, blanks: bool, width: int) -> bool:
    """Say whether Arrow splits a block as ``csv`` does."""
    if b"\0" in data:
        return False
    if (not blanks or width == 1) and (
            data.startswith((b"\n", b"\r")) or b"\n\n" in data or b"\n\r" in data
            or b"\r\r" in data):
        return False
    if b'"' not in data:
        return True
    found = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(found == 34)
    if len(quotes) % 2:
        return False
    opening = quotes[0::2]
    starts = np.zeros(256, bool)
    starts[[ord(delimiter), 10, 13, 34]] = True
    return bool(starts[found[opening[opening > 0] - 1]].all())
