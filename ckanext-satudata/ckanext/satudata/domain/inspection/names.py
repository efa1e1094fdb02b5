"""What a spreadsheet calls its cells; counts from 0 here."""
from __future__ import annotations

import re

__all__ = ["cell_name", "column_letters", "parse_cell"]

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")


def column_letters(column: int) -> str:
    """Return ``A`` for 0, ``AB`` for 27."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return 27 for ``AB``."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def cell_name(row: int, column: int) -> str:
    """Return ``B5`` for row 4, column 1."""
    return f"{column_letters(column)}{row + 1}"


def parse_cell(name: str) -> tuple[int, int] | None:
    """Return row and column of ``B5``; ``None`` for anything else."""
    found = _CELL.fullmatch(name.strip())
    return (int(found[2]) - 1, column_number(found[1])) if found else None
