"""How a delimited text is written: encoding, delimiter and quoting, found and not asked."""
from __future__ import annotations

import codecs
import csv
import io
import mmap
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from ckanext.satudata.domain.inspection.bounds import PIECE, check_lines, not_text
from ckanext.satudata.domain.inspection.kinds import utf16
from ckanext.satudata.domain.inspection.limits import Limits
from ckanext.satudata.domain.inspection.notes import N_, RefusedFile

__all__ = ["SAMPLE", "Dialect", "delimiter_of", "detect", "encoding_of", "open_quote",
           "quotings", "records", "refused_encoding", "transcode", "widths_of"]

SAMPLE = 256 * 1024
_DELIMITERS = (",", ";", "\t", "|")
#: A record over more lines than this is an open quote that swallows the rows below it.
_RECORD_LINES = 500
#: Bytes below the blank that a text may have: tab, line ends, vertical tab, form feed.
_CONTROL = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26, 27}) + b"\x7f"


@dataclass(frozen=True)
class Dialect:
    """How a text file is written.

    :ivar escape: a backslash where quotes are escaped by one
    :ivar strict: quotes stand at the edges of their cells alone
    :ivar skip_blank: blanks may stand before a quote
    """

    encoding: str
    delimiter: str
    escape: str | None = None
    strict: bool = True
    skip_blank: bool = False


def encoding_of(head: bytes, content: mmap.mmap | bytes) -> str | None:
    """Return the encoding that its begin proves; ``None``: UTF-8 or else Windows-1252.

    A guess by letter frequencies is not made: names of places are too short for it.

    :raises RefusedFile: ``not_text``, ``nul_bytes``
    """
    if head.startswith(codecs.BOM_UTF8):
        found: str | None = "utf-8-sig"
    else:
        found = utf16(head)
    text = head
    if found in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        text = head[:len(head) // 4 * 4].decode(found, "replace").encode()
    elif content.find(b"\0") >= 0:
        raise RefusedFile("nul_bytes", N_(
            "Berkas ini memuat bita NUL, jadi bukan teks yang utuh. Ekspor ulang tabelnya dari "
            "aplikasi asalnya."))
    strange = len(text) - len(text.translate(None, _CONTROL))
    if strange > 3 and strange > len(text) / 1000:
        raise not_text()
    return found


def refused_encoding(position: int) -> RefusedFile:
    """The letters are in an encoding that is not known."""
    return RefusedFile("unknown_encoding", N_(
        "Pengodean huruf tidak dikenali (bita ke-{position}). Simpan ulang sebagai CSV UTF-8."),
        position=position)


def delimiter_of(head: str, cut: bool, limits: Limits) -> str:
    """Return the delimiter that cuts most rows into the same number of cells.

    :param cut: the text goes on after its begin
    """
    lines = _lines(head, cut)
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        widths = widths_of(lines, Dialect("utf-8", delimiter, strict=False), limits)
        wide = {width: count for width, count in widths.items() if width > 1}
        if not wide:
            continue
        width, count = max(wide.items(), key=lambda item: (item[1] * item[0], item[0]))
        score = count / widths.total() * (1 + min(width, 50) / 100)
        if score > best_score + 1e-9:
            best, best_score = delimiter, score
    return best


def widths_of(lines: Iterable[str], dialect: Dialect, limits: Limits) -> Counter[int]:
    """Return how many rows have how many cells; blank rows are not counted."""
    widths = Counter[int]()
    try:
        for row in _reader(lines, dialect, limits):
            if any(row):
                widths[len(row)] += 1
    except csv.Error:
        pass
    return widths


def _lines(head: str, cut: bool) -> list[str]:
    lines = head.splitlines(keepends=True)
    if cut and len(lines) > 1:
        lines.pop()
    return lines[:500]


def quotings(found: Dialect) -> list[Dialect]:
    """Return the ways quotes are written, the standard's first.

    Some exports escape quotes with a backslash, some leave bare quotes inside cells, people who
    write by hand put a blank after the delimiter.
    """
    return [found, replace(found, escape="\\"), replace(found, skip_blank=True),
            replace(found, strict=False)]


def detect(path: Path, limits: Limits) -> Dialect:
    """Find encoding and delimiter of a whole file; UTF-8 is proved by decoding all of it.

    :raises RefusedFile: no text in any known encoding, or a line beyond any table's
    """
    with path.open("rb") as stream:
        if not path.stat().st_size:
            return Dialect("utf-8", ",")
        content = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    head = content[:SAMPLE]
    proved = encoding_of(head, content)
    check_lines(content, limits)
    failure = 0
    for encoding in [proved] if proved else ["utf-8", "cp1252"]:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for start in range(0, len(content), PIECE):
                decoder.decode(content[start:start + PIECE])
            decoder.decode(b"", True)
        except UnicodeError as error:
            failure = failure or int(getattr(error, "start", 0))
            continue
        text = codecs.getincrementaldecoder(encoding)().decode(head)
        return Dialect(encoding, delimiter_of(text, len(content) > len(head), limits))
    raise refused_encoding(failure)


def records(
    stream: IO[bytes], dialect: Dialect, limits: Limits
) -> Iterator[tuple[int, list[str]]]:
    """Yield all rows, blank ones too, each with the number of its first line.

    :raises csv.Error: when the quoting does not hold
    :raises RefusedFile: ``open_quote``
    """
    with io.TextIOWrapper(stream, encoding=dialect.encoding, newline="") as text:
        reader = _reader(text, dialect, limits)
        line = 0
        for row in reader:
            if reader.line_num - line > _RECORD_LINES:
                raise open_quote(line + 1)
            yield line + 1, row
            line = reader.line_num


def _reader(lines: Iterable[str], dialect: Dialect, limits: Limits) -> Any:
    csv.field_size_limit(limits.cell_chars)
    return csv.reader(
        lines, delimiter=dialect.delimiter, escapechar=dialect.escape, strict=dialect.strict,
        skipinitialspace=dialect.skip_blank)


def open_quote(line: int) -> RefusedFile:
    """A quote opens and never closes."""
    return RefusedFile("open_quote", N_(
        "Tanda kutip yang dibuka di sekitar baris {line} tidak ditutup, sehingga baris-baris "
        "sesudahnya terbaca sebagai satu sel. Hapus atau tutup tanda kutip itu."), line=line)


def transcode(content: mmap.mmap | bytes, encoding: str) -> bytes:
    """Return a text in UTF-8.

    :raises UnicodeError: it is not in this encoding
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    out = io.BytesIO()
    for start in range(0, len(content), PIECE):
        out.write(decoder.decode(content[start:start + PIECE]).encode())
    out.write(decoder.decode(b"", True).encode())
    return out.getvalue()
