"""How much of a file we are willing to read, said before reading it."""
from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFAULT", "MB", "Limits"]

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds of one file, in bytes, cells and seconds.

    Threat: a 5 kB workbook with one cell at ``XFD1048576`` takes a reader past 6 GB, a 40 kB zip
    unpacks to gigabytes, a 100 MB text without a line end is one cell, a kilobyte of XML entities
    is minutes of work.

    :ivar file_bytes: of the file as handed in; ``unpacked_bytes``: of a gzip's content
    :ivar workbook_bytes: unpacked parts of a zip (XLSX, ODS, DOCX) that are read
    :ivar markup_bytes: of a web page or an XML spreadsheet; ``json_bytes``: of JSON
    :ivar pdf_bytes: of a PDF; ``pdf_pages``: pages looked at
    :ivar cells: rows times columns of a text file; ``workbook_cells``: of a sheet of a workbook,
        whose reader keeps every empty cell between the first and the farthest
    :ivar columns: with something in them
    :ivar tables: that are taken of one file
    :ivar line_bytes: of one line of a text file
    :ivar memory_bytes: and ``seconds``: of the child process that reads
    """

    file_bytes: int = 512 * MB
    unpacked_bytes: int = 1024 * MB
    workbook_bytes: int = 256 * MB
    markup_bytes: int = 64 * MB
    json_bytes: int = 64 * MB
    pdf_bytes: int = 64 * MB
    pdf_pages: int = 60
    rows: int = 5_000_000
    columns: int = 1_000
    cells: int = 100_000_000
    workbook_cells: int = 20_000_000
    cell_chars: int = 1_000_000
    line_bytes: int = 4 * MB
    tables: int = 500
    seconds: int = 300
    memory_bytes: int = 2048 * MB


DEFAULT = Limits()
