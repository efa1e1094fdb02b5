"""Delimited text as people send it: any encoding, delimiter and quoting.

Yields rows with their line numbers; what a header is, is decided elsewhere.
"""
from __future__ import annotations

import codecs
import csv
import gzip
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ckanext.satudata.domain.loading.limits import Limits
from ckanext.satudata.domain.loading.problems import N_, LoadError, Place

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["Dialect", "Row", "detect", "open_bytes", "rows"]

Row = tuple[int, list[str]]

_CHUNK = 1024 * 1024
_SAMPLE = 256 * 1024
_BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]


@dataclass(frozen=True)
class Dialect:
    """How a text file is written."""

    encoding: str
    delimiter: str
    escape: str | None = None
    strict: bool = True


def open_bytes(path: Path, limits: Limits, place: Place) -> IO[bytes]:
    """Open a file, unpacking gzip, and end with an error once it gets too large."""
    with path.open("rb") as start:
        packed = start.read(2) == b"\x1f\x8b"
    if not packed:
        return path.open("rb")
    return io.BufferedReader(_Bounded(gzip.open(path, "rb"), limits.unpacked_bytes, place), _CHUNK)


class _Bounded(io.RawIOBase):
    """A stream that raises :class:`LoadError` beyond its limit (zip bombs)."""

    def __init__(self, inner: gzip.GzipFile, limit: int, place: Place) -> None:
        self._inner, self._left, self._limit, self._place = inner, limit, limit, place

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        room = memoryview(buffer)
        try:
            data = self._inner.read(len(room))
        except (OSError, EOFError) as error:
            raise LoadError(self._place, N_("berkas gzip rusak ({error}). Kirim ulang berkasnya."),
                            error=str(error)) from error
        self._left -= len(data)
        if self._left < 0:
            raise LoadError(self._place, N_(
                "isi berkas terkompresi melebihi {limit} MB dan tidak dibuka."),
                limit=self._limit // 1_000_000)
        room[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        super().close()


def detect(path: Path, limits: Limits, place: Place) -> Dialect:
    """Find encoding and delimiter of a whole file.

    UTF-8 is proved by decoding all of it; only then Windows-1252, the encoding
    of old Excel exports, is tried. A guess by letter frequencies is not: names
    of places are too short for it.

    :raises LoadError: if the bytes are no text in any of these.
    """
    with open_bytes(path, limits, place) as stream:
        head = stream.read(_SAMPLE)
        encoding = next((name for bom, name in _BOMS if head.startswith(bom)), None)
        if encoding is None and b"\x00" in head:
            raise LoadError(place, N_(
                "isi berkas bukan teks. Periksa apakah akhiran nama berkasnya benar."))
    candidates = [encoding] if encoding else ["utf-8", "cp1252"]
    failure: UnicodeError | None = None
    for candidate in candidates:
        try:
            _decode_all(path, candidate, limits, place)
        except UnicodeError as error:
            failure = failure or error
            continue
        text = codecs.getincrementaldecoder(candidate)().decode(head)
        return Dialect(candidate, _delimiter(text, len(head) == _SAMPLE, limits))
    position = getattr(failure, "start", 0)
    raise LoadError(place, N_(
        "pengodean huruf tidak dikenali (bita ke-{position}). Simpan ulang sebagai CSV UTF-8."),
        position=position)


def _decode_all(path: Path, encoding: str, limits: Limits, place: Place) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    with open_bytes(path, limits, place) as stream:
        while chunk := stream.read(_CHUNK):
            if "\x00" in decoder.decode(chunk):
                raise LoadError(place, N_(
                    "isi berkas bukan teks. Periksa apakah akhiran nama berkasnya benar."))
        decoder.decode(b"", final=True)


def _delimiter(text: str, cut: bool, limits: Limits) -> str:
    """Return the delimiter that cuts most rows into the same number of cells."""
    lines = text.splitlines(keepends=True)
    if cut and len(lines) > 1:
        lines.pop()
    lines = lines[:500]
    best, best_score = ",", 0.0
    csv.field_size_limit(limits.cell_chars)
    for delimiter in (",", ";", "\t", "|"):
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        except csv.Error:
            continue
        wide = {width: count for width, count in widths.items() if width > 1}
        if not wide:
            continue
        width, count = max(wide.items(), key=lambda item: (item[1] * item[0], item[0]))
        score = count / sum(widths.values()) * (1 + min(width, 50) / 100)
        if score > best_score + 1e-9:
            best, best_score = delimiter, score
    return best


def rows(path: Path, dialect: Dialect, limits: Limits, place: Place) -> Iterator[Row]:
    """Yield ``(line, cells)`` of every row that is not blank.

    :raises csv.Error: when the quoting does not hold (strict dialects).
    :raises LoadError: beyond the limits.
    """
    csv.field_size_limit(limits.cell_chars)
    with open_bytes(path, limits, place) as stream, io.TextIOWrapper(
        stream, encoding=dialect.encoding, newline=""
    ) as text:
        reader = csv.reader(
            text, delimiter=dialect.delimiter, escapechar=dialect.escape, strict=dialect.strict
        )
        line = 1
        for cells in reader:
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
