"""Rows that add up the rows below them: ``A. Wisatawan`` over ``1. Laki-laki``, ``2. Perempuan``.

What stands higher is told by how the rows are numbered or indented, and believed only where each
of the higher rows adds up its own: it is then the sum of a group, and the name of it.
"""
from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.inspection import words
from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.grid import Grid
from ckanext.satudata.domain.inspection.table import TotalRow

__all__ = ["MOST", "above_by_code", "named_sum", "parents", "sum_of_group"]

_STYLES = (re.compile(r"(?:[A-Z]|[IVX]{1,5})(?:[.)]\s.*|[.)]?$)"),
           re.compile(r"\d{1,2}(?:[.)]\s.*|[.)]?$)"),
           re.compile(r"[a-z](?:[.)]\s.*|[.)]?$)"), re.compile(r"[-–•*]\s*\S.*"))
_MOST_ROWS = 2_000
_DOTTED = r"^\s*\d{2}(?:\.\d{2}){0,2}(?:\.\d{4})?\s*$"
#: Rows up to which parents are looked for by codes and sums: more are records.
MOST = 100_000
#: A sum that is no chance.
_LARGE = 20
#: The sum of a group by the name of it: "Bunaken Total", "Jumlah Bunaken".
_OF_GROUP = re.compile(r"(.{2,60}?)\s+(?:sub\s*)?(?:total|jumlah)"
                       r"|(?:sub\s*)?(?:jumlah|total)\s+(.{2,60})")


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
    if len(set(steps)) == 1 or min(steps) < 0:
        # The kecamatan stands one column left of what is listed below it.
        steps = [max((at for at in labels if grid.filled[row, at]), default=-1) for row in rows]
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


def named_sum(
    labels: pa.Array, figures: Iterable[pa.Array], wholes: Sequence[str], unnumbered: bool = False
) -> np.ndarray:
    """Return whether the last row is the sum of all others, and called as the area of the title.

    Kabupaten Konawe has a kecamatan Konawe: the figures tell which of them a last row is. One
    alone without a number ("Puskesmas" below its desa) is told by several large sums.

    :param unnumbered: all rows but the last have a number
    """
    flags = np.zeros(len(labels), dtype=bool)
    last = words.plain(labels[len(labels) - 1].as_py()) if len(labels) > 3 else ""
    named = any(last == words.plain(re.sub(r"^\w+ ", "", each)) for each in wholes)
    if not last or not (named or unnumbered):
        return flags
    tried = held = large = 0
    for texts in figures:
        if (values := _rough(texts)) is None:
            continue
        tried += 1
        holds = abs(values[:-1].sum() - values[-1]) <= 0.0501 + 1e-6 * abs(values[-1])
        held += holds
        large += holds and values[-1] >= _LARGE and np.count_nonzero(values[:-1]) > 2
    flags[-1] = held * 2 > tried and (named or large > 1)
    return flags


def above_by_code(columns: Sequence[pa.Array], figures: Iterable[pa.Array]) -> np.ndarray:
    """Return which rows are the area above those that follow, by a column of dotted codes.

    ``33.06.01`` stands above ``33.06.01.2001``, whatever the two are called; it is their sum
    where the figures of most such rows add up those below them.
    """
    for texts in columns:
        if not pc.any(pc.match_substring_regex(texts, _DOTTED)).as_py():
            continue
        codes = [text.strip() for text in texts.to_pylist()]
        if sum(re.match(_DOTTED, code) is not None for code in codes) < 0.9 * len(codes):
            continue
        flags = np.array([
            bool(code) and after.startswith(f"{code}.") and wilayah.exists(code)
            and wilayah.exists(after) for code, after in zip(codes, [*codes[1:], ""], strict=True)])
        if flags.any() and any(_sums_below(flags, each) for each in figures):
            return flags
        break
    return np.zeros(len(columns[0]) if columns else 0, dtype=bool)


def _sums_below(flags: np.ndarray, texts: pa.Array) -> bool:
    """Tell whether most flagged rows are the sum of the rows up to the next flagged one."""
    values = _rough(texts)
    if values is None:
        return False
    starts = np.flatnonzero(flags)
    sums = np.add.reduceat(np.where(flags, 0.0, values), starts)
    held = np.abs(sums - values[starts]) <= 0.0501 + 1e-6 * np.abs(sums)
    return bool((sums > 0).any()) and float(held[sums > 0].mean()) > 0.5


def _rough(texts: pa.Array) -> np.ndarray | None:
    """Return figures roughly, for adding up: dots group thousands where all of them can."""
    plain = pc.utf8_trim_whitespace(texts)
    if pc.any(pc.match_substring_regex(plain, r"\.\d{3}(?:\D|$)")).as_py() and not pc.any(
            pc.match_substring_regex(plain, r"\.(?:\d{1,2}|\d{4,})$")).as_py():
        plain = pc.replace_substring(plain, ".", "")
    plain = pc.replace_substring(plain, ",", ".")
    figure = pc.match_substring_regex(plain, r"^-?\d{1,15}(?:\.\d{1,12})?$")
    if (pc.sum(figure).as_py() or 0) * 2 < len(plain):
        return None
    return np.asarray(pc.cast(pc.if_else(figure, plain, "0"), pa.float64()))


def sum_of_group(
    grid: Grid, row: int, labels: list[int], figures: list[int], above: list[int]
) -> tuple[str, list[int]] | None:
    """Return the label and the members of a row that sums up the group named right above it.

    The group is told by its name in the same column: ``Bunaken``, then ``Bunaken Total``.
    """
    filled = [at for at in labels if grid.filled[row, at]]
    if len(filled) != 1 or not any(grid.filled[row, at] for at in figures):
        return None
    label = words.tidied(grid.text(row, filled[0]))
    match = _OF_GROUP.fullmatch(words.plain(label))
    name = (match.group(1) or match.group(2)) if match else ""
    if not name:
        return None
    texts = [(each, words.plain(grid.text(each, filled[0]))) for each in above[-_MOST_ROWS:]]
    group = [*itertools.takewhile(lambda pair: pair[1] in ("", name), reversed(texts))][::-1]
    # The name stands in the first row of its group, or in all of them.
    members = [each for each, _ in itertools.dropwhile(lambda pair: not pair[1], group)]
    if len(members) < 2 and not (match and match.group(1)):
        return None
    return (label, members) if members else None
