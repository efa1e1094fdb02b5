"""How much of a file we are willing to read, said before reading it."""
from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFAULT", "Limits"]

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds of one load.

    Threat: a 5 kB workbook with one cell at ``XFD1048576`` takes pandas past
    6 GB, a 40 kB zip unpacks to gigabytes, one open quote turns a CSV into a
    single cell. Sizes are bytes, times seconds.
    """

    file_bytes: int = 512 * MB
    unpacked_bytes: int = 1024 * MB
    workbook_bytes: int = 256 * MB
    json_bytes: int = 64 * MB
    rows: int = 5_000_000
    columns: int = 1_000
    cells: int = 100_000_000
    cell_chars: int = 1_000_000
    seconds: int = 300
    memory_bytes: int = 2048 * MB
    manifest_bytes: int = 32 * MB
    manifest_rows: int = 20_000
    problems: int = 100


DEFAULT = Limits()
