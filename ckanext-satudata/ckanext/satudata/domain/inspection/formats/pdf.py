"""Tables of a PDF with text, by the lines drawn around their cells; a proposal to be confirmed.

A PDF knows no tables, only letters at places: every figure read here is shown to a person before
it is used. A PDF of pictures is kept as proof, nothing is read from it.
"""
from __future__ import annotations

import importlib
import logging
import mmap
import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ckanext.satudata.domain.inspection.bounds import (
    PIECE,
    check_size,
    damaged,
    encrypted,
    unpacks_too_large,
)
from ckanext.satudata.domain.inspection.formats.blocks import Table, grids
from ckanext.satudata.domain.inspection.limits import Limits
from ckanext.satudata.domain.inspection.notes import N_, Message, RefusedFile

if TYPE_CHECKING:
    from ckanext.satudata.domain.inspection.sheet import RawFile

__all__ = ["read"]

_STREAM = re.compile(rb"<<((?:(?!endobj|stream\b).){0,4000}?)>>\s*stream\r?\n", re.DOTALL)
#: Letters of a page beyond which it is no printed page.
_LETTERS = 60_000
_SHAPES = 30_000


def read(path: Path, name: str, limits: Limits) -> RawFile:
    """Read the tables of all pages, one that goes on over pages as one.

    :raises RefusedFile: encrypted, damaged, a bomb, or text without a table
    """
    check_size(path, limits.pdf_bytes)
    _check_streams(path, limits)
    plumber: Any = importlib.import_module("pdfplumber")
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    failures: Any = importlib.import_module("pdfminer.pdfdocument")
    try:
        with plumber.open(path) as document:
            blocks, letters, pages = _blocks(document, limits)
    except (MemoryError, RefusedFile):
        raise
    except Exception as error:
        # parsers of PDF fail in more ways than they name
        if isinstance(error, failures.PDFPasswordIncorrect) or isinstance(
                error.__context__, failures.PDFPasswordIncorrect) or "PasswordIncorrect" in repr(
                    error):
            raise encrypted() from error
        raise damaged(type(error).__name__) from error
    if not letters:
        from ckanext.satudata.domain.inspection.formats.image import proof

        return proof(name, "pdf")
    found = [grid for grid in grids(blocks, limits) if grid.height]
    if not found:
        raise RefusedFile("no_table", N_(
            "PDF ini tidak berisi tabel bergaris yang dapat dibaca. Unggah berkas asalnya (XLSX, "
            "DOCX, atau CSV), atau ketik angkanya ke dalam tabel."))
    sheets = [grid.sheet(typed=False) for grid in found]
    from ckanext.satudata.domain.inspection.sheet import RawFile

    remarks = [Message(N_("Tabel dari PDF hanya usulan. Cocokkan setiap angka dengan PDF-nya."))]
    if pages > limits.pdf_pages:
        remarks.append(Message(N_("Hanya {limit} halaman pertama dari {count} yang dibaca."),
                               {"limit": limits.pdf_pages, "count": pages}))
    return RawFile(name, "pdf", sheets, to_confirm=True, remarks=remarks)


def _check_streams(path: Path, limits: Limits) -> None:
    """Inflate what the reader would inflate, in pieces that are thrown away, and count."""
    left = 2 * limits.pdf_bytes
    with path.open("rb") as stream, mmap.mmap(
            stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for found in _STREAM.finditer(content):
            described = found[1].replace(b" ", b"")
            if b"FlateDecode" not in described and b"/Fl" not in described:
                continue
            if b"/Subtype/Image" in described:
                continue  # never opened
            if described.count(b"FlateDecode") + described.count(b"LZWDecode") > 1:
                raise unpacks_too_large(limits.pdf_bytes)
            end = content.find(b"endstream", found.end())
            left = _inflate(content, found.end(), len(content) if end < 0 else end, left)
            if left < 0:
                raise unpacks_too_large(2 * limits.pdf_bytes)


def _inflate(content: mmap.mmap, start: int, end: int, left: int) -> int:
    engine = zlib.decompressobj()
    while start < end and left >= 0 and not engine.eof:
        packed = content[start:min(start + 64 * 1024, end)]
        start += len(packed)
        while packed and left >= 0:
            try:
                left -= len(engine.decompress(packed, PIECE))
            except zlib.error:
                return left  # the reader gives up here too
            packed = engine.unconsumed_tail
    return left


def _blocks(document: Any, limits: Limits) -> tuple[list[str | Table], int, int]:
    """Return lines and tables in the order of the pages, and the number of letters and pages."""
    blocks: list[str | Table] = []
    letters = 0
    last: tuple[Table, int] | None = None  # the table that ends the page before, and its width
    count = len(document.pages)
    for number in range(min(count, limits.pdf_pages)):
        page = document.pages[number]
        letters += len(page.chars)
        if len(page.chars) > _LETTERS or len(page.lines) + len(page.rects) + len(
                page.curves) > _SHAPES:
            raise RefusedFile("too_many_cells", N_(
                "Halaman {page} PDF ini memuat terlalu banyak huruf atau garis untuk dibaca. "
                "Unggah berkas asalnya (XLSX, DOCX, atau CSV)."), page=number + 1)
        found = sorted(page.find_tables(), key=lambda table: (table.bbox[1], table.bbox[0]))
        lines = page.extract_text_lines(strip=True, return_chars=False) if page.chars else []
        placed: list[tuple[float, str | Any]] = [(table.bbox[1], table) for table in found]
        placed += [(line["top"], line["text"]) for line in lines if not any(
            table.bbox[1] - 1 <= (line["top"] + line["bottom"]) / 2 <= table.bbox[3] + 1
            for table in found)]
        first = True
        for _, each in sorted(placed, key=lambda item: item[0]):
            if isinstance(each, str):
                blocks.append(each)
                continue
            made = _table(each)
            width = max((len(row) for row in made.rows), default=0)
            if first and last is not None and last[1] == len(each.columns):
                _go_on(last[0], made)
            elif width:
                blocks.append(made)
                last = made, len(each.columns)
            first = False
        if not found:
            last = None
        page.close()
    return blocks, letters, count


def _go_on(table: Table, more: Table) -> None:
    """Append the rows of the next page; a header printed again is left out."""
    rows = more.rows
    while rows and table.rows and rows[0] == table.rows[len(more.rows) - len(rows)]:
        rows = rows[1:]
    table.rows.extend(rows)


def _table(found: Any) -> Table:
    """Return a table with the blocks its cells cover, told by where their edges lie."""
    texts: list[list[str | None]] = found.extract()
    lefts = [column.bbox[0] for column in found.columns]
    tops = [row.bbox[1] for row in found.rows]
    made = Table()
    for number, row in enumerate(found.rows):
        line: list[tuple[str, int, int]] = []
        for column, box in enumerate(row.cells):
            if box is None:
                continue
            _, _, right, bottom = box
            across = sum(left < right - 1 for left in lefts[column:]) or 1
            down = sum(top < bottom - 1 for top in tops[number:]) or 1
            line.append((texts[number][column] or "", down, across))
        made.rows.append(line)
    return made
