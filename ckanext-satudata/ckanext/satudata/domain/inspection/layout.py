"""Where the tables of a sheet are: titles above, header rows, body, totals, notes below.

The road is that of an eye. The first row of figures is found; what stands above it and names its
columns is the header; above that stand titles; the body goes on until a blank row after which
nothing of the same shape follows; what is left below are notes.
"""
from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from ckanext.satudata.domain.inspection import words
from ckanext.satudata.domain.inspection.grid import Grid, looks_numeric
from ckanext.satudata.domain.inspection.sheet import Span

__all__ = ["Region", "find", "placed"]

_MAX_HEADER = 7
_SAMPLE = 60
#: A line longer than this in a single cell is a sentence, not a label.
_SENTENCE = 70
_CONTINUED = re.compile(r"\b(?:lanjutan|sambungan|lanjut|continued|cont)\b")
#: How titles of tables begin.
_TITLE = re.compile(r"(?:tabel|table|daftar|rekap|rekapitulasi|laporan|data|"
                    r"jumlah .* (?:di|menurut|per)\b|pemerintah|dinas|badan|kabupaten|kota|"
                    r"provinsi|lampiran)\b.*")


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


def find(grid: Grid) -> list[Region]:
    """Return the tables of a sheet from top to bottom, side by side ones from left to right."""
    regions: list[Region] = []
    for left, right, top, bottom in _bands(grid):
        regions.extend(_joined(_Finder(grid, left, right).find(top, bottom), grid))
    return regions


def _joined(regions: list[Region], grid: Grid) -> list[Region]:
    """Join tables that go on after a new page: the same header, and no title but "lanjutan"."""

    def head(region: Region) -> list[list[str]]:
        return [[words.plain(text) for text in grid.texts(row)[region.left:region.right + 1]]
                for row in region.header]

    made: list[Region] = []
    for region in regions:
        last = made[-1] if made else None
        titles = [words.plain(" ".join(grid.texts(row))) for row in region.titles]
        if last is not None and region.header and head(last) == head(region) and all(
                _CONTINUED.search(title) for title in titles):
            last.repeated += [*region.header, *region.numbering, *region.titles]
            last.body += region.body
            last.sections += region.sections
            last.notes = [*last.notes, *region.notes]
        else:
            made.append(region)
    return made


def placed(
    grid: Grid, region: Region, span: Span | None, header_rows: int | None
) -> Region:
    """Return a table where a person pointed: its place, or how many rows its header has."""
    left, right = (span.left, span.right) if span else (region.left, region.right)
    top = span.top if span else region.top
    bottom = grid.n_rows - 1
    finder = _Finder(grid, left, right)
    filled = [row for row in range(top, min(top + 40, bottom + 1)) if finder.counts[row]]
    count = header_rows if header_rows is not None else max(
        len([row for row in region.header if row >= top]), 1)
    heads = filled[:count]
    first = filled[count] if len(filled) > count else bottom
    return finder.placed(heads, first, bottom, region)


def _bands(grid: Grid) -> Iterator[tuple[int, int, int, int]]:
    """Yield blocks of columns that stand apart: ``(left, right, top, bottom)``.

    Two tables side by side have a blank column between them in all of their rows, and each of
    them has at least two columns and two rows of its own.
    """
    used = np.flatnonzero(grid.filled.any(axis=0))
    rows = np.flatnonzero(grid.counts)
    if not len(used) or not len(rows):
        return
    top, bottom = int(rows[0]), int(rows[-1])
    if not grid.is_small:
        yield int(used[0]), int(used[-1]), top, bottom
        return
    # Titles run over both tables, so only rows of several cells part the columns.
    wide = grid.filled[grid.counts >= 2]
    crowd: np.ndarray = np.asarray((wide if len(wide) else grid.filled).any(axis=0))
    blocks: list[list[int]] = []
    for column in range(int(used[0]), int(used[-1]) + 1):
        if crowd[column]:
            if blocks and blocks[-1][1] == column - 1:
                blocks[-1][1] = column
            else:
                blocks.append([column, column])
    parted = [
        block for block in blocks
        if block[1] > block[0]
        and ((grid.filled[:, block[0]:block[1] + 1].sum(axis=1) >= 2).sum() >= 2)]
    if len(parted) < 2 or not _each_has_figures(grid, parted):
        yield int(used[0]), int(used[-1]), top, bottom
        return
    # What stands between belongs to the block before it.
    edges = [int(used[0]), *[block[0] for block in parted[1:]], int(used[-1]) + 1]
    for left, after in itertools.pairwise(edges):
        yield left, after - 1, top, bottom


def _each_has_figures(grid: Grid, blocks: list[list[int]]) -> bool:
    """Tell whether every block begins with a header of its own above figures."""
    for left, right in blocks:
        rows = np.flatnonzero(grid.filled[:, left:right + 1].sum(axis=1) >= 2)
        first = int(rows[0])
        heads = [at for at in range(left, right + 1) if grid.filled[first, at]]
        if any(looks_numeric(grid.text(first, at).strip()) and not grid.is_period(first, at)
               for at in heads):
            return False
        if grid.is_number(first, left) or not grid.filled[first, left]:
            return False
        # The left column of a table names or numbers its rows: it is filled as the others are.
        body = [int(row) for row in rows[1:]]
        if not body or np.mean([grid.filled[row, left] for row in body]) < 0.5:
            return False
        names = [row for row in body if grid.filled[row, left]
                 and not grid.is_number(row, left) and not grid.is_sign(row, left)]
        if len(names) * 2 < len(body) and words.plain(grid.text(first, left)).rstrip(".") not in (
                "no", "nomor", "no urut"):
            return False
        if not any(grid.is_number(row, at) for row in body[:20] for at in range(left, right + 1)):
            return False
    return True


class _Finder:
    """Finds the tables in a block of columns."""

    def __init__(self, grid: Grid, left: int, right: int) -> None:
        self.grid, self.left, self.right = grid, left, right
        self.filled = grid.filled[:, left:right + 1]
        self.counts = self.filled.sum(axis=1)

    # -- what a row is ---------------------------------------------------------------

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
        if len(cells) < 2:
            return False
        grid = self.grid
        numbers = [at for at in cells if grid.is_number(row, at)]
        signs = [at for at in cells if grid.is_sign(row, at)]
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
        return texts == [str(number) for number in range(int(texts[0]) if texts[0].isdigit() else 0,
                                                         len(texts) + (int(texts[0]) if
                                                         texts[0].isdigit() else 0))]

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

    def _says_note(self, row: int) -> bool:
        first = self.texts(row)[0].strip()
        return bool(words.NOTE.match(first) or words.SIGNATURE.match(first))

    # -- tables ----------------------------------------------------------------------

    def find(self, top: int, bottom: int) -> list[Region]:
        regions: list[Region] = []
        if bottom - top < 80 and self._is_form(
                [int(row) for row in np.flatnonzero(self.counts[top:bottom + 1] >= 2) + top]):
            return []
        start = top
        while start <= bottom:
            first = self._first_data(start, bottom)
            if first is None:
                break
            region = self._region(start, first, bottom)
            regions.append(region)
            start = region.bottom + 1
        if not regions:
            region = self._list_of_texts(top, bottom)
            if region is not None:
                regions.append(region)
        self._give_notes(regions, top, bottom)
        return regions

    def placed(self, heads: list[int], first: int, bottom: int, old: Region) -> Region:
        """Follow a body whose beginning is known."""
        region = Region(self.left, self.right, heads, [first], list(old.titles), list(old.notes))
        self._walk(region, first, bottom)
        self._trim_foot(region)
        taken = {*region.header, *region.body}
        region.titles = [row for row in region.titles if row not in taken]
        region.notes = [row for row in region.notes if row not in taken]
        return region

    def _first_data(self, start: int, bottom: int) -> int | None:
        """Return the first row of figures as wide as the rows that follow it."""
        for row in np.flatnonzero(self.counts[start:bottom + 1] >= 2) + start:
            row = int(row)
            if not self.grid.looked_at(row):
                return None
            if not self.is_data(row) or self.is_note(row):
                continue
            following = self.counts[row:row + _SAMPLE]
            blank = np.flatnonzero(following == 0)
            block = following[:int(blank[0])] if len(blank) else following
            wide = 0.4 * float(np.median(block))
            if self.counts[row] >= wide or len(block) <= 2:
                if self._is_pair(row) and len(block) <= 1:
                    continue
                return row
            # A group's own row may be short, right below a header as wide as the table.
            if row > start and self.counts[row - 1] >= wide and not self.is_data(row - 1) and (
                    not self._is_pair(row)):
                return row
        return None

    def _is_pair(self, row: int) -> bool:
        """Tell whether a row is ``Nama: | isi``, as in the head of a form."""
        texts = [text.strip() for text in self.texts(row)]
        return len(texts) <= 3 and (texts[0].endswith(":") or any(
            text.startswith(":") for text in texts[1:]))

    def _region(self, start: int, first: int, bottom: int) -> Region:
        header, numbering = self._header(start, first)
        section = first - 1
        named = False
        if not header and section > start and self.counts[section] == 1 and (
                self.counts[section - 1] >= 2) and not self.is_data(section - 1):
            # The name of the first group stands between the header and its rows.
            header, numbering = self._header(start, section)
            named = bool(header)
        region = Region(self.left, self.right, header, [first], numbering=numbering)
        self._walk(region, first, bottom)
        if named:
            region.body.insert(0, section)
            region.sections.insert(0, section)
        self._trim_foot(region)
        self._trim_sides(region)
        return region

    def _list_of_texts(self, top: int, bottom: int) -> Region | None:
        """Return a table without any figure: its widest early row is the header."""
        rows = [int(row) for row in np.flatnonzero(self.counts[top:bottom + 1] >= 2) + top]
        if len(rows) < 2:
            return None
        widest = int(self.counts[rows].max())
        head = next((row for row in rows if self.counts[row] >= 0.8 * widest), None)
        if head is None or head == rows[-1] or self._is_form(rows):
            return None
        first = next(row for row in rows if row > head)
        region = Region(self.left, self.right, [head], [first])
        self._walk(region, first, bottom)
        self._trim_foot(region)
        self._trim_sides(region)
        return region

    def _is_form(self, rows: list[int]) -> bool:
        """Tell whether most rows are ``Nama: | isi`` pairs, as on a sheet of metadata."""
        pairs = sum(
            any(text.strip().startswith(":") or text.strip().endswith(":")
                for text in self.texts(row)) for row in rows[:_SAMPLE])
        if not rows:
            return False
        return pairs * 2 >= len(rows[:_SAMPLE]) or (pairs * 4 >= len(rows) and (
            float(np.median(self.counts[rows])) <= 2)) or (
            len(rows) < 12 and float(np.median(self.counts[rows])) <= 2
            and not any(self.grid.is_number(row, at) for row in rows for at in self.cells(row))
            and int(self.counts[rows].max()) < 3)

    # -- header ----------------------------------------------------------------------

    def _header(self, start: int, first: int) -> tuple[list[int], list[int]]:
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
                    at in self.cells(row) for at in body[:2]):
                numbering.append(row)
            elif (header and self.is_data(row)) or not self._heads(row, header, body):
                break
            else:
                header.insert(0, row)
            row -= 1
        while header and self._is_title(header, body):
            header.pop(0)
        return header, numbering

    def _body_columns(self, first: int) -> list[int]:
        rows = self.filled[first:first + _SAMPLE]
        blank = np.flatnonzero(rows.sum(axis=1) == 0)
        rows = rows[:int(blank[0])] if len(blank) else rows
        return [self.left + int(at) for at in np.flatnonzero(rows.any(axis=0))]

    def _heads(self, row: int, header: list[int], body: list[int]) -> bool:
        """Tell whether a row belongs to the header that was found below it so far."""
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

    # -- body ------------------------------------------------------------------------

    def _walk(self, region: Region, first: int, bottom: int) -> None:
        """Follow the body down from its first row."""
        figures = self._figure_columns(first)
        body: list[int] = [first]
        row = first + 1
        plain_rows = self.counts >= 2
        while row <= bottom:
            if not self.grid.looked_at(row) and plain_rows[row]:
                # Deep inside a large sheet only rows of an odd shape are looked at.
                odd = np.flatnonzero(~plain_rows[row:bottom + 1])
                stop = row + int(odd[0]) if len(odd) else bottom + 1
                stop = min(stop, max(self.grid.n_rows - 200, row + 1))
                body.extend(range(row, stop))
                row = stop
                continue
            if self.counts[row] == 0:
                after = self.next_filled(row, bottom)
                if after is None or not self._resumes(after, figures, bottom, region):
                    break
                region.blanks += after - row
                row = after
                continue
            if self._again_header(row, region):
                if self._titled_anew(row, body):
                    break
                region.repeated.append(row)
                row += 1
                continue
            if self._begins_table(row, figures, bottom):
                break
            if self.counts[row] == 1 and not self._single(row, region, figures, body, bottom):
                break
            if self.counts[row] >= 2 and self.is_note(row) and not self._more(
                    row + 1, figures, bottom):
                break
            body.append(row)
            row += 1
        region.body = body

    def _figure_columns(self, first: int) -> set[int]:
        """Return the columns that hold figures in the first rows of the body."""
        rows = [row for row in range(first, min(first + 12, self.grid.n_rows))
                if self.counts[row] >= 2]
        found: dict[int, int] = {}
        for row in rows:
            for at in self.cells(row):
                if self.grid.is_number(row, at) or self.grid.is_sign(row, at):
                    found[at] = found.get(at, 0) + 1
        return set(found)

    def _fits(self, row: int, figures: set[int]) -> bool:
        """Tell whether a row has its figures where the body has them."""
        mine = {at for at in self.cells(row)
                if self.grid.is_number(row, at) or self.grid.is_sign(row, at)}
        if not figures:
            return self.counts[row] >= 2
        return bool(mine) and len(mine & figures) * 2 >= len(mine) and (
            len(mine) * 3 >= len(figures) or len(figures) <= 2)

    def _resumes(self, row: int, figures: set[int], bottom: int, region: Region) -> bool:
        """Tell whether the same table goes on at a row after a blank one."""
        here: int | None = row
        for _ in range(3):
            if here is None or self.is_note(here):
                return False
            if self.counts[here] >= 2:
                if not figures:
                    return not self._text_header(here, region)
                return self._fits(here, figures) and self.is_data(here)
            here = self.next_filled(here + 1, bottom)
        return False

    def _text_header(self, row: int, region: Region) -> bool:
        """In a table of texts: tell whether a row after a blank begins something else."""
        return abs(int(self.counts[row]) - int(self.counts[region.body[0]])) > 1

    def _more(self, row: int, figures: set[int], bottom: int) -> bool:
        """Tell whether rows of the same shape follow before the next blank row."""
        while row <= bottom and self.counts[row]:
            if self.counts[row] >= 2 and self._fits(row, figures) and self.is_data(row):
                return True
            if self.counts[row] >= 2 and not figures and not self.is_note(row):
                return True
            row += 1
        return False

    def _again_header(self, row: int, region: Region) -> bool:
        if not region.header or not self.grid.looked_at(row):
            return False
        mine = [words.plain(text) for text in self.texts(row)]
        return (len(mine) >= 2 and any(
            mine == [words.plain(text) for text in self.texts(head)] for head in region.header
        )) or (len(mine) >= 3 and words.is_numbering(self.texts(row))
              and bool(region.numbering))

    def _titled_anew(self, row: int, body: list[int]) -> bool:
        """Tell whether a repeated header has a title of its own right above: a new table."""
        if self.counts[row - 1] == 0:
            return True
        if self.counts[row - 1] == 1 and body and body[-1] == row - 1:
            body.pop()
            return True
        return False

    def _begins_table(self, row: int, figures: set[int], bottom: int) -> bool:
        """Tell whether a row of texts in the body is the header of another table."""
        if not figures or self.counts[row] < 2 or not self.grid.looked_at(row):
            return False
        cells = self.cells(row)
        over = [at for at in cells if at in figures]
        heads = [at for at in over if not self.grid.is_number(row, at)
                 and not self.grid.is_sign(row, at)]
        if len(heads) < 2 or len(heads) < 0.6 * len(figures) or len(heads) < len(over):
            return False
        below = self.next_filled(row + 1, bottom)
        return below is not None and (self.is_data(below) or self.counts[below] >= 2)

    def _single(
        self, row: int, region: Region, figures: set[int], body: list[int], bottom: int
    ) -> bool:
        """Judge a row with one cell inside the body: does the table go on with it?"""
        column = self.cells(row)[0]
        text = self.grid.text(row, column).strip()
        after = self.next_filled(row + 1, bottom)
        goes_on = after is not None and self._more(row + 1, figures, bottom)
        if goes_on and after is not None and self._begins_table(after, figures, bottom):
            return False
        if goes_on and after is not None and self._again_header(after, region):
            return False
        if goes_on:
            if not self.grid.is_number(row, column):
                region.sections.append(row)
            return True
        # The last rows: a name whose figures are all missing, or a line below the table.
        return (not self.is_note(row) and len(text) <= 40 and row == body[-1] + 1
                and column == self.cells(body[-1])[0] and not self.grid.is_number(row, column)
                and self.counts[body[-1]] >= 2 and len(figures) <= 3)

    # -- foot and sides --------------------------------------------------------------

    def _trim_foot(self, region: Region) -> None:
        """Give rows at the end of the body that are no data to the notes."""
        while len(region.body) > 1 and (
                self.is_note(region.body[-1]) or region.body[-1] in region.sections):
            row = region.body.pop()
            if row in region.sections:
                region.sections.remove(row)

    def _trim_sides(self, region: Region) -> None:
        """Leave out columns at the sides that are blank, or only hold remarks beside the table."""
        rows = [*region.header, *region.body]
        if len(rows) > 5_000:
            rows = [*rows[:2_500], *rows[-2_500:]]
            used = np.flatnonzero(self.filled[region.top:region.bottom + 1].any(axis=0))
        else:
            used = np.flatnonzero(self.filled[rows].any(axis=0))
        if not len(used):
            return
        region.left, region.right = self.left + int(used[0]), self.left + int(used[-1])
        heads = region.header or region.body[:1]
        head_right = max((at for row in heads for at in self.cells(row)), default=region.right)
        for span in self.grid.sheet.merged:
            if span.top in heads and self.grid.filled[span.top, span.left]:
                head_right = max(head_right, span.right)
        if region.header and head_right < region.right:
            beside = self.filled[region.body][:, head_right + 1 - self.left:]
            # Unnamed columns right of the header: remarks if few cells have something.
            if float(beside.any(axis=1).mean()) < 0.5 and len(region.body) > 3:
                region.right = head_right

    def _give_notes(self, regions: list[Region], top: int, bottom: int) -> None:
        """Share out the rows outside of tables: titles of the next one, notes of the last."""
        taken: set[int] = set()
        for region in regions:
            taken.update(region.header, region.body, region.numbering, region.repeated)
        before: Region | None = None
        for number, region in enumerate(regions):
            start = top if before is None else before.bottom + 1
            loose = [row for row in range(start, region.top)
                     if self.counts[row] and row not in taken]
            if before is None:
                region.titles = loose
            else:
                notes = [row for row in loose if self._says_note(row)]
                last = max(notes, default=-1)
                before.notes = [row for row in loose if row <= last]
                region.titles = [row for row in loose if row > last]
            before = region
            if number == len(regions) - 1:
                region.notes = [int(row) for row in range(region.bottom + 1, bottom + 1)
                                if self.counts[row] and row not in taken][:200]
