"""A table on a sheet as rows and columns, and what a single row of the sheet is."""
from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from ckanext.satudata.domain.inspection import words
from ckanext.satudata.domain.inspection.grid import Grid

__all__ = ["Region", "Rows", "names_group"]

#: A line longer than this in a single cell is a sentence, not a label.
_SENTENCE = 70
#: How groups of rows are numbered, as against the rows.
_GROUP_NUMBER = re.compile(r"(?:[IVX]{1,5}|[A-Z])[.)]?")
_LETTER_SIGNS = frozenset({"e", "r", "x"})


@dataclass
class Region:
    """One table on a sheet; all numbers are rows and columns of the sheet.

    :ivar body: rows between header and foot, blank ones left out, totals still in
    :ivar titles: and ``notes``: rows (or single texts) above and below
    :ivar numbering: rows that only number the columns; ``repeated``: a header printed again
    :ivar sections: body rows that hold nothing but the name of the group below them
    """

    left: int
    right: int
    header: list[int]
    body: list[int]
    titles: list[int] = field(default_factory=list[int])
    notes: list[int] = field(default_factory=list[int])
    numbering: list[int] = field(default_factory=list[int])
    repeated: list[int] = field(default_factory=list[int])
    sections: list[int] = field(default_factory=list[int])
    blanks: int = 0

    @property
    def top(self) -> int:
        return self.header[0] if self.header else self.body[0]

    @property
    def bottom(self) -> int:
        return self.body[-1]


def names_group(number: str, name: str) -> bool:
    """Tell a group's number and name: Roman or a letter, and words."""
    return _GROUP_NUMBER.fullmatch(number.strip()) is not None and (
        re.match(r"[^\W\d_].*[^\W\d_]{2}", name.strip()) is not None)


class Rows:
    """The rows of a block of columns, one at a time: figures, names, notes."""

    def __init__(self, grid: Grid, left: int, right: int) -> None:
        self.grid, self.left, self.right = grid, left, right
        self.filled = grid.filled[:, left:right + 1]
        self.counts = self.filled.sum(axis=1)

    def cells(self, row: int) -> list[int]:
        return [self.left + int(at) for at in np.flatnonzero(self.filled[row])]

    def texts(self, row: int) -> list[str]:
        return [self.grid.text(row, at) for at in self.cells(row)]

    def next_filled(self, row: int, bottom: int) -> int | None:
        """Return the first row from ``row`` on that is not blank."""
        later = np.flatnonzero(self.counts[row:bottom + 1])
        return row + int(later[0]) if len(later) else None

    def is_data(self, row: int) -> bool:
        """Tell whether a row holds figures, and not years or numbers that head columns."""
        cells = self.cells(row)
        if len(cells) < 2 or self.numbers_a_table(row):
            return False
        grid = self.grid
        numbers = [at for at in cells if grid.is_number(row, at)]
        signs = [at for at in cells if grid.is_sign(row, at)]
        letters = {self.grid.text(row, at).strip().lower() for at in cells}
        if any(len(text) == 1 and text.isalpha() and text not in _LETTER_SIGNS for text in letters):
            # Among other letters (golongan a, b, c, d, e) an "e" is no sign.
            signs = [at for at in signs
                     if grid.text(row, at).strip().lower() not in _LETTER_SIGNS]
        if words.is_numbering(self.texts(row)) and len(numbers) + 1 >= len(cells):
            return False
        if not numbers:
            return bool(signs) and len(signs) < len(cells) and self._near_figures(row)
        figures = [at for at in numbers if not grid.is_period(row, at)]
        if figures:
            return not self._numbers_the_columns(row, cells, figures)
        below = self.next_filled(row + 1, grid.n_rows - 1)
        if below is None:
            return False
        again = [at for at in numbers if grid.filled[below, at] and grid.is_period(below, at)]
        return len(again) * 2 > len(numbers) and self.counts[below] >= 2

    def numbers_a_table(self, row: int) -> bool:
        """Tell whether a row is a title in several cells: ``Tabel | 4.1.5 | Jumlah Murid ...``."""
        texts = self.texts(row)
        return len(texts) <= 4 and len(texts[-1].strip()) > 20 and (
            words.TABLE_MARK.fullmatch(words.plain(texts[0])) is not None)

    def numbers_a_group(self, row: int) -> bool:
        """Tell whether a row is a name behind a Roman number or a letter: ``I | KEC. BARUS``."""
        cells = self.cells(row)
        return len(cells) == 2 and cells[1] == cells[0] + 1 and (
            names_group(self.grid.text(row, cells[0]), self.grid.text(row, cells[1])))

    def _near_figures(self, row: int) -> bool:
        """Tell whether rows around a row of signs hold figures."""
        around = range(max(row - 3, 0), min(row + 30, self.grid.n_rows))
        return any(
            self.grid.is_number(each, at) and not self.grid.is_period(each, at)
            for each in around for at in self.cells(each)[1:])

    def _numbers_the_columns(self, row: int, cells: list[int], figures: list[int]) -> bool:
        """Tell a header like ``Kelas | 1 | 2 | 3`` from a row of figures."""
        if len(figures) < 3 or len(cells) == len(figures) or (row > 0 and self._has_header(row)):
            return False
        texts = [self.grid.text(row, at).strip().removesuffix(".0") for at in figures]
        first = words.count_of(texts[0]) or 0
        return texts == [str(number) for number in range(first, first + len(texts))]

    def _has_header(self, row: int) -> bool:
        above = row - 1
        return above >= 0 and int(self.counts[above]) >= 2

    def is_note(self, row: int) -> bool:
        """Tell whether a row says something about the table and is none of it."""
        texts = self.texts(row)
        if not texts:
            return False
        first = texts[0].strip()
        if words.NOTE.match(first) or words.SIGNATURE.match(first):
            return not any(self.grid.is_number(row, at) and not self.grid.is_period(row, at)
                           for at in self.cells(row)[1:])
        return len(texts) == 1 and len(first) > _SENTENCE

    def says_note(self, row: int) -> bool:
        first = self.texts(row)[0].strip()
        return bool(words.NOTE.match(first) or words.SIGNATURE.match(first))
