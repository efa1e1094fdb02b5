"""Where the tables of a sheet are: titles above, header rows, body, totals, notes below.

The road is that of an eye. The first row of figures is found; what stands above it and names its
columns is the header; above that stand titles; the body goes on until a blank row after which
nothing of the same shape follows; what is left below are notes.
"""
from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import numpy as np

from ckanext.satudata.domain.inspection import words
from ckanext.satudata.domain.inspection.bodies import Bodies
from ckanext.satudata.domain.inspection.grid import Grid, looks_numeric
from ckanext.satudata.domain.inspection.region import Region
from ckanext.satudata.domain.inspection.sheet import Span

__all__ = ["Region", "find", "placed"]

_CONTINUED = re.compile(r"\b(?:lanjutan|sambungan|lanjut|continued|cont)\b")
#: The name of a block: an area, or a time.
_BLOCK = re.compile(
    r"(?:kecamatan|kec\.?|distrik|desa|kelurahan|kabupaten|kota|provinsi|puskesmas)\s*[: ]\s*"
    r"(?!.*\b(?:tahun|menurut|per|di)\b).{2,40}"
    r"|(?:tahun\s*:?\s*)?(?:19|20)\d\d\*{0,2}"
    r"|(?:semester|triwulan|tw|bulan)\s*:?\s*\w{1,10}(?:\s+(?:tahun\s+)?(?:19|20)\d\d)?")


def find(grid: Grid, short: bool = False) -> list[Region]:
    """Return the tables of a sheet from top to bottom, side by side ones from left to right.

    :param short: take a short list of two columns of words for one too, which beside other tables
        explains them
    """
    regions: list[Region] = []
    for left, right, top, bottom in _bands(grid):
        regions.extend(_joined(Bodies(grid, left, right, short).find(top, bottom), grid))
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
        elif last is not None and region.header and head(last) == head(region) and (
                _names_block(last, grid) and _names_block(region, grid)):
            # The same table for each kecamatan, year or semester, named in the line above it.
            if not last.sections or last.sections[0] > last.header[0]:
                last.sections.insert(0, last.titles.pop())
                last.body.insert(0, last.sections[0])
            name = region.titles.pop()
            last.repeated += [*region.header, *region.numbering]
            last.sections += [name, *region.sections]
            last.body += [name, *region.body]
            last.notes = [*last.notes, *region.titles, *region.notes]
        else:
            made.append(region)
    return made


def _names_block(region: Region, grid: Grid) -> bool:
    """Tell whether the line right above the header names one of several blocks of a table."""
    if region.sections and region.header and region.sections[0] < region.header[0]:
        return True
    if not region.titles or region.titles[-1] > region.top:
        return False
    texts = [text for text in grid.texts(region.titles[-1])[region.left:region.right + 1]
             if text.strip()]
    return len(texts) == 1 and _BLOCK.fullmatch(words.plain(texts[0])) is not None


def placed(
    grid: Grid, region: Region, span: Span | None, header_rows: int | None
) -> Region:
    """Return a table where a person pointed: its place, or how many rows its header has."""
    left, right = (span.left, span.right) if span else (region.left, region.right)
    top = span.top if span else region.top
    bottom = grid.n_rows - 1
    finder = Bodies(grid, left, right)
    missing = 0 if span or header_rows is None else header_rows - len(region.header)
    while region.header and missing > 0 and top > 0 and finder.counts[top - 1] >= 2:
        # More rows head it: what was taken for a title first, before any row of the body.
        top, missing = top - 1, missing - 1
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
