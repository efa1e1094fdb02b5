"""Which rows above the figures head their columns, and which are titles of the table."""
from __future__ import annotations

import re

import numpy as np

from ckanext.satudata.domain.inspection import words
from ckanext.satudata.domain.inspection.region import Rows

__all__ = ["SAMPLE", "Heads"]

_MAX_HEADER = 7
#: Rows below the header that tell which columns the body has.
SAMPLE = 60
#: How titles of tables begin.
_TITLE = re.compile(r"(?:tabel|table|daftar|rekap|rekapitulasi|laporan|data|"
                    r"jumlah .* (?:di|menurut|per)\b|pemerintah|dinas|badan|kabupaten|kota|"
                    r"provinsi|lampiran)\b.*")


class Heads(Rows):
    """Finds the header above a body."""

    def header(self, start: int, first: int) -> tuple[list[int], list[int]]:
        """Return the header rows above the first row of figures, and rows of column numbers."""
        header: list[int] = []
        numbering: list[int] = []
        body = self._body_columns(first)
        row = first - 1
        while row >= start and first - row <= _MAX_HEADER + 3 and len(header) < _MAX_HEADER:
            if self.counts[row] == 0:
                if header or row == start or self.counts[row - 1] < 2:
                    break
            elif words.is_numbering(self.texts(row)) and any(
                    at in self.cells(row) for at in body[:2]) and not self._parts_one(row):
                numbering.append(row)
            elif (header and self.is_data(row)) or not self._heads(row, header, body):
                break
            else:
                header.insert(0, row)
            row -= 1
        while header and self._is_title(header, body):
            header.pop(0)
        return header, numbering

    def _parts_one(self, row: int) -> bool:
        """Tell whether numbers are parts of the one head above them: days below "Tanggal"."""
        cells = self.cells(row)
        return row > 0 and any(
            span.top <= row - 1 <= span.bottom and span.left == cells[0] > self.left
            and span.right >= cells[-1] for span in self.grid.sheet.merged)

    def _body_columns(self, first: int) -> list[int]:
        rows = self.filled[first:first + SAMPLE]
        blank = np.flatnonzero(rows.sum(axis=1) == 0)
        rows = rows[:int(blank[0])] if len(blank) else rows
        return [self.left + int(at) for at in np.flatnonzero(rows.any(axis=0))]

    def _heads(self, row: int, header: list[int], body: list[int]) -> bool:
        """Tell whether a row belongs to the header that was found below it so far."""
        if self.numbers_a_table(row):
            return False
        cells = self.cells(row)
        texts = [self.grid.text(row, at).strip() for at in cells]
        if any(text.startswith(":") for text in texts[1:]) or (
                len(cells) <= 2 and texts[0].endswith(":")):
            return False
        if not header:
            # The row right above the figures heads them, unless it is a line of its own.
            return len(cells) >= 2 or len(body) <= 2 or self._spans_in(row, cells[0], body)
        unnamed = self._unnamed(header, body)
        if any(at in unnamed for at in cells):
            # A title often stands over an unnamed column of row numbers.
            return len(cells) > 1 or not self._reads_as_title(row, cells[0], body)
        if len(cells) == 1:
            return self._spans_in(row, cells[0], body) or (
                bool(unnamed) and cells[0] != body[0] and cells[0] in body)
        if len(cells) > 2 and cells == self.cells(header[0]):
            return True  # one head for each of the heads below it, which say it in English
        stub = self._stub(header, body)
        below = {at for head in header for at in self.cells(head)}
        if any(at in stub and at in below for at in cells) and not all(
                words.plain(self.grid.text(row, at)) == words.plain(
                    self.grid.text(header[0], at)) for at in cells if at in stub):
            # A line over the names of the rows, which are named below it: a title.
            return False
        if len(cells) * 2 >= len(self.cells(header[0])):
            return True
        return any(self._parent(row, at, header) for at in cells)

    def _stub(self, header: list[int], body: list[int]) -> set[int]:
        """Return the columns left of the figures: row numbers and the names of the rows."""
        first = header[-1] + 1
        rows: list[int] = []
        for row in range(first, min(first + 14, self.grid.n_rows)):
            if not self.counts[row] and rows:
                break
            if self.counts[row] >= 2 and not words.is_numbering(self.texts(row)):
                rows.append(row)
        stub: set[int] = set()
        named = False
        for at in body:
            texts = sum(bool(self.grid.filled[row, at]) and not self.grid.is_number(row, at)
                        and not self.grid.is_sign(row, at) for row in rows)
            if texts * 2 > len(rows):
                named = True
            elif named:
                break
            stub.add(at)
        return stub if named else set()

    def _spans_in(self, row: int, column: int, body: list[int]) -> bool:
        """Tell whether a merged cell stands over some of the columns, but not over all."""
        span = self.grid.merged(row, column)
        if span is None or (span.right == span.left and span.bottom == span.top):
            return False
        over = [at for at in body if span.left <= at <= span.right]
        return (bool(over) and len(over) < len(body) and body[0] not in over) or (
            span.bottom > row and len(over) < len(body))

    def _parent(self, row: int, column: int, header: list[int]) -> bool:
        """Tell whether a cell stands over several named columns of the header below."""
        span = self.grid.merged(row, column)
        if span is not None and span.right > span.left:
            return True
        below = header[0]
        after = column + 1
        return after <= self.right and not self.grid.filled[row, after] and bool(
            self.grid.filled[below, after])

    def _unnamed(self, header: list[int], body: list[int]) -> set[int]:
        """Return the body's columns that have no text in the header rows."""
        named = {at for row in header for at in self.cells(row)}
        for span in self.grid.sheet.merged:
            if any(span.top <= row <= span.bottom for row in header) and (
                    self.grid.filled[span.top, span.left]):
                named.update(range(span.left, span.right + 1))
        return {at for at in body if at not in named}

    def _reads_as_title(self, row: int, column: int, body: list[int]) -> bool:
        text = self.grid.text(row, column).strip()
        span = self.grid.merged(row, column)
        if span is not None and span.right > span.left and span.left <= body[0]:
            return span.right - span.left + 1 >= len(body) - 1
        if span is not None and span.bottom > row:
            return False
        return len(text) > 45 or bool(_TITLE.match(words.plain(text)))

    def _is_title(self, header: list[int], body: list[int]) -> bool:
        """Tell whether the topmost header row is a title after all."""
        row = header[0]
        cells = self.cells(row)
        if len(header) == 1 or len(cells) != 1:
            return False
        span = self.grid.merged(row, cells[0])
        if span is not None:
            over = [at for at in body if span.left <= at <= span.right]
            # Standing over the names of the rows as well as over figures, it heads neither.
            return span.left <= body[min(1, len(body) - 1)] and len(over) * 2 >= len(body)
        rest = self._unnamed(header[1:], body)
        return cells[0] not in rest and cells[0] <= body[0]
