"""Rows that say what other rows come to: sums, sums carried over, rates, and rows not in use.

A row is told by its words, and where these may mean a row of data too, by its figures.
"""
from __future__ import annotations

import re

import numpy as np

from ckanext.satudata.domain.inspection import words
from ckanext.satudata.domain.inspection.grid import Grid

__all__ = ["carried_over", "figure", "is_grand", "is_rate", "is_unused", "names_rate",
           "of_other_kind", "proved_total", "total_label"]

_SAYS_SUM = re.compile(r"(?:sub\s*)?(?:jumlah|total|jml|jlh)\b", re.IGNORECASE)
#: A row below the sum that is no row of the list: "Proporsi (%)", "Angka kematian per 1.000".
_RATE = re.compile(r"^(?:persen|proporsi|prosen|rasio|angka|prevalensi|cakupan|kepadatan|rata-rata|"
                   r"laju)\w*\b|\(%\)|\bper\s+1[.,]?000", re.IGNORECASE)
_SPAN = re.compile(r"(?:19|20)\d\d\s*(?:-|–|s\.?/?d\.?)\s*(?:19|20)\d\d")
#: What a printed page carries over to the next one: the sum of all rows so far.
_CARRIED = re.compile(
    r"(?:(?:jumlah|total|jml)\s+)?(?:yang\s+|yg\s+)?(?:di\s?)?pindah(?:an|kan)\b.{0,40}"
    r"|(?:jumlah|total|jml)\s+(?:s/d|s\.d\.?|sampai(?:\s+dengan)?)\s+halaman\b.{0,40}")


def is_unused(grid: Grid, row: int, labels: list[int], figures: list[int]) -> bool:
    """Tell whether a row that others are named in has no name, and zeros for its figures."""
    cells = grid.at(row)
    named = [at for at in cells if at in labels]
    if len(labels) < 2 or any(at != labels[0] or not grid.is_number(row, at) for at in named):
        return False
    if any(span.top < row <= span.bottom and span.left <= at <= span.right
           for span in grid.sheet.merged for at in labels):
        return False
    return all(at in named or (at in figures and (
        grid.is_sign(row, at) or figure(grid, row, at) == 0)) for at in cells)


def total_label(
    grid: Grid, row: int, labels: list[int], figures: list[int], at_foot: bool
) -> str | None:
    """Return the label of a total row, empty for one without; ``None`` for a row of data."""
    texts = [words.tidied(grid.text(row, at)) for at in labels if grid.filled[row, at]]
    if not any(grid.filled[row, at] for at in figures):
        return None
    named = [text for text in texts if words.is_total(text) or (
        at_foot and words.TOTAL_OF.fullmatch(words.plain(text)))]
    if named:
        rest = [text for text in texts if text not in named and not text.isdigit()]
        return named[0] if not rest else None
    return None


def carried_over(
    grid: Grid, row: int, labels: list[int], figures: list[int], above: list[int]
) -> str:
    """Return the label of a sum carried over between printed pages; empty for any other row.

    "Pindahan" may be a kind of pupils as well: the figures must add up those above.
    """
    texts = [words.tidied(grid.text(row, at)) for at in labels if grid.filled[row, at]]
    named = len(texts) == 1 and _CARRIED.fullmatch(words.plain(texts[0])) is not None
    return texts[0] if named and _adds_up(grid, row, figures, above) else ""


def is_rate(label: str) -> bool:
    """Tell whether a label says that its row is a rate: "Proporsi (%)"."""
    return _RATE.search(label) is not None


def names_rate(grid: Grid, row: int, labels: list[int]) -> bool:
    """Tell whether a row says by its label that it is a rate of the rows above it."""
    texts = [grid.text(row, at) for at in labels if grid.filled[row, at]]
    return len(texts) == 1 and _RATE.search(words.plain(texts[0])) is not None


def of_other_kind(grid: Grid, row: int, labels: list[int], rows: list[int]) -> bool:
    """Tell whether a row is named by words, where days, years or other numbers name the rows."""
    if len(labels) != 1 or not grid.filled[row, labels[0]] or len(rows) < 3:
        return False
    numbered = [grid.is_number(each, labels[0]) for each in rows[-40:]]
    return all(numbered) and not any(letter.isdigit() for letter in grid.text(row, labels[0]))


def proved_total(
    grid: Grid, row: int, labels: list[int], figures: list[int], since: list[int]
) -> str | None:
    """Return the label of a row that says "jumlah" of something and does add up the rows above."""
    texts = [words.tidied(grid.text(row, at)) for at in labels if grid.filled[row, at]]
    named = [text for text in texts if _SAYS_SUM.match(text)]
    if len(texts) == 1 and _SPAN.fullmatch(texts[0]) and all(
            words.year_of(grid.text(each, at)) for each in since for at in labels[:1]):
        named = texts  # "2015-2024" below its years
    if not named or len(since) < 2 or all(
            any(_SAYS_SUM.match(words.tidied(grid.text(each, at))) for at in labels)
            for each in since):
        return None
    return named[0] if _adds_up(grid, row, figures, since) else None


def _adds_up(grid: Grid, row: int, figures: list[int], members: list[int]) -> bool:
    """Tell whether most figures of a row are the sums of those of other rows."""
    tried = held = 0
    for at in figures:
        total = figure(grid, row, at)
        parts = [figure(grid, each, at) for each in members]
        if total is None or not any(part is not None for part in parts):
            continue
        tried += 1
        added = sum(part for part in parts if part is not None)
        held += abs(added - total) <= max(abs(total) * 1e-6, 0.0501)
    return tried > 0 and held * 2 > tried


def figure(grid: Grid, row: int, at: int) -> float | None:
    """Return a figure roughly, for adding up: a workbook's number, or a text without marks."""
    number = grid.sheet.cell(row, at).number
    if not np.isnan(number):
        return number
    text = grid.text(row, at).strip().replace(".", "").replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return None


def is_grand(label: str) -> bool:
    text = words.plain(label)
    return any(word in text for word in ("grand", "seluruh", "kabupaten", "kota", "provinsi",
                                         "semua", "nasional", "indonesia"))
