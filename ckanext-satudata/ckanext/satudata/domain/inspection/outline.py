"""Rows that add up the rows below them: ``A. Wisatawan`` over ``1. Laki-laki``, ``2. Perempuan``.

What stands higher is told by how the rows are numbered or indented, and believed only where each
of the higher rows adds up its own: it is then the sum of a group, and the name of it.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ckanext.satudata.domain.inspection import words
from ckanext.satudata.domain.inspection.grid import Grid
from ckanext.satudata.domain.inspection.table import TotalRow

__all__ = ["parents"]

_STYLES = (re.compile(r"(?:[A-Z]|[IVX]{1,5})(?:[.)]\s.*|[.)]?$)"),
           re.compile(r"\d{1,2}(?:[.)]\s.*|[.)]?$)"),
           re.compile(r"[a-z](?:[.)]\s.*|[.)]?$)"), re.compile(r"[-–•*]\s*\S.*"))
_MOST_ROWS = 2_000


def parents(
    grid: Grid, rows: Sequence[int], totals: Sequence[TotalRow], labels: Sequence[int],
    figure: Callable[[int, int], float | None], figures: Sequence[int],
) -> tuple[list[TotalRow], list[TotalRow]]:
    """Return the rows that are sums of the rows below them, and the other totals without them.

    :param figure: the figure of a cell, roughly
    """
    depths = _depths(grid, rows, labels)
    if depths is None:
        return [], list(totals)
    found: list[TotalRow] = []
    starts = [at for at, depth in enumerate(depths) if not depth]
    if len(starts) < 2 or starts[0]:
        return [], list(totals)
    for at, after in zip(starts, [*starts[1:], len(rows)], strict=True):
        members = list(rows[at + 1:after])
        if len(members) < 2 or not _adds_up(rows[at], members, figure, figures):
            return [], list(totals)
        label = words.tidied(next(
            (text for each in reversed(labels) if (text := grid.text(rows[at], each).strip())), ""))
        found.append(TotalRow(rows[at], label, np.array(members, dtype=np.int64)))
    apart = [total.row for total in found]
    return found, [replace(total, members=total.members[~np.isin(total.members, apart)])
                   for total in totals]


def _depths(grid: Grid, rows: Sequence[int], labels: Sequence[int]) -> list[int] | None:
    """Return 0 or 1 per row, where numbering or indentation has exactly two steps."""
    if not 5 < len(rows) <= _MOST_ROWS:
        return None
    texts = [next((grid.text(row, at) for at in labels if grid.filled[row, at]), "")
             for row in rows]
    steps = [len(text) - len(text.lstrip(" \u00a0\t")) for text in texts]
    if len(set(steps)) == 1:
        steps = [next((step for step, style in enumerate(_STYLES) if style.match(text.strip())), -1)
                 for text in texts]
    known = sorted(set(steps))
    return [known.index(step) for step in steps] if len(known) == 2 and known[0] >= 0 else None


def _adds_up(
    row: int, members: Sequence[int], figure: Callable[[int, int], float | None],
    figures: Sequence[int],
) -> bool:
    tried = held = 0
    for at in figures:
        whole, parts = figure(row, at), [figure(each, at) for each in members]
        if whole is None or all(part is None for part in parts):
            continue
        tried += 1
        held += abs(sum(part for part in parts if part is not None) - whole) <= max(
            abs(whole) * 1e-6, 0.0501)
    return tried > 0 and held * 2 > tried
