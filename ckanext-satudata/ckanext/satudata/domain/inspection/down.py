"""What holds for the rows below: names said once, signs for "as above", names of groups."""
from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection import header, words
from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.grid import Grid
from ckanext.satudata.domain.inspection.notes import N_
from ckanext.satudata.domain.inspection.sheet import Span, range_name
from ckanext.satudata.domain.inspection.table import Role
from ckanext.satudata.domain.inspection.work import NUMERIC, Item, Work

__all__ = ["fill_down", "group_column", "write_out"]

#: What people write for "as above".
_SAME = r"(?i)^\s*(?:s\.?\s?d\.?\s?a\.?|idem|ditto|[\"“”〃]|''|,,|-\s*[\"“”]\s*-)\s*$"
_GROUP_NAMES = (
    ("kecamatan", re.compile(r"(?:kecamatan|kec\.?|distrik)(?:\s*:\s*|\s)", re.IGNORECASE)),
    ("kabupaten_kota", re.compile(r"(?:kabupaten|kab\.?|kota)(?:\s*:\s*|\s)", re.IGNORECASE)),
    ("provinsi", re.compile(r"(?:provinsi|prov\.?)(?:\s*:\s*|\s)", re.IGNORECASE)),
    ("desa_kelurahan", re.compile(r"(?:desa|kelurahan|kel\.?)(?:\s*:\s*|\s)", re.IGNORECASE)),
)
_LOWEST = ("desa", "kelurahan", "gampong", "nagari", "kampung", "lurah", "pekon")
_PERIOD = re.compile(r"(?:semester|triwulan|tw|bulan)\s*:?\s*\w{1,10}\s+(?:tahun\s+)?(?:19|20)\d\d")
_GROUP_TIMES = ("periode", "tahun", "bulan", "triwulan", "semester", "caturwulan")


def write_out(work: Work) -> None:
    """Put the text above where a cell only says "the same" (``s.d.a.``, ``idem``, ``"``)."""
    if "isi_turun" in work.recipe.off:
        return
    for item in work.items:
        if not pa.types.is_string(item.values.type) or item.at < 0:
            continue
        same = pc.fill_null(pc.match_substring_regex(item.values, _SAME), False)
        count = int(pc.sum(same).as_py() or 0)
        if not count or bool(same[0].as_py()) or count == len(item.values):
            continue
        at = np.flatnonzero(np.asarray(same))
        places = np.where(np.asarray(same), 0, np.arange(len(item.values)))
        item.values = item.values.take(pa.array(np.maximum.accumulate(places)))
        work.change("isi_turun", range_name(Span(
            int(work.rows[at[0]]), item.at, int(work.rows[at[-1]]), item.at)),
            N_("{count} sel “sama dengan di atas” di kolom {column} diisi dari baris di atasnya."),
            N_("Selnya hanya berisi tanda ulang, seperti s.d.a. atau tanda petik."),
            count=count, column=item.name)


def fill_down(work: Work, grid: Grid) -> None:
    """Give rows the name that stands only in the first row of their group.

    A merged cell says so itself. Without one it is concluded from the shape: a column left of
    other names, filled in its first row and with gaps that the columns right of it do not have.
    """
    if "isi_turun" in work.recipe.off or not len(work.rows):
        return
    tall = {(span.top, span.left): span for span in grid.sheet.merged
            if span.bottom > span.top and span.top >= work.raw.span.top}
    labels = _labels(work)
    gaps = [np.asarray(pc.is_null(item.values)) for item in labels]
    for number, item in enumerate(labels):
        if not gaps[number].any() or gaps[number].all():
            continue
        if _numbers_a_tree(item):
            # 4, 4.1, 4.1.01: each code is of its own row alone.
            continue
        covered = np.zeros(len(work.rows), dtype=bool)
        for (top, left), span in tall.items():
            if left == item.at:
                covered |= (work.rows > top) & (work.rows <= span.bottom)
        certain = bool((gaps[number] & covered).any())
        if certain:
            where = gaps[number] & covered
            filled = pc.if_else(pa.array(where), pc.fill_null_forward(item.values), item.values)
        elif number < len(labels) - 1 and _looks_grouped(item, gaps[number], gaps[number + 1:]):
            filled = _carried(item.values, gaps[:number], gaps[number], gaps[number + 1:])
        else:
            continue
        count = int(item.values.null_count - filled.null_count)
        if not count:
            continue
        changed = np.flatnonzero(gaps[number] & np.asarray(pc.is_valid(filled)))
        item.values = filled
        work.change("isi_turun", range_name(Span(
            int(work.rows[changed[0]]), item.at, int(work.rows[changed[-1]]), item.at)),
            N_("{count} sel kosong di kolom {column} diisi dari baris di atasnya."),
            N_("Namanya hanya tertulis di baris pertama kelompoknya."), certain=certain,
            count=count, column=item.name)


def _labels(work: Work) -> list[Item]:
    """Return the text columns left of the first measure."""
    found: list[Item] = []
    for item in work.items:
        if item.type in NUMERIC and not item.is_empty and item.role is not Role.KODE:
            break
        if pa.types.is_string(item.values.type) or item.type == "year":
            found.append(item)
    return found


def _numbers_a_tree(item: Item) -> bool:
    """Tell whether a column holds codes of accounts, some the beginning of others."""
    if item.type == "year":
        return False
    codes = {value.strip(" .") for value in item.values.to_pylist() if value is not None}
    return len(codes) > 2 and sum(
        re.fullmatch(r"[\dA-Z]+(?:[.][\dA-Za-z]+)*", code) is not None for code in codes
    ) >= 0.9 * len(codes) and sum(
        code.rpartition(".")[0] in codes for code in codes if "." in code) * 3 >= len(codes)


def _looks_grouped(item: Item, gaps: np.ndarray, right: Sequence[np.ndarray]) -> bool:
    """Tell whether the gaps of a column look like "as above": names said once, rows below them."""
    if gaps[0] or float(gaps.mean()) < 0.1:
        return False
    there = [name for name in item.values.to_pylist() if name is not None]
    # A name said again and again in a row is no name of a group said once.
    again = sum(one == two for one, two in itertools.pairwise(there))
    if len(there) > 1 and again > 0.1 * len(there):
        return False
    below = np.zeros(len(gaps), dtype=bool)
    for other in right:
        below |= ~other
    return float(below[gaps].mean()) > 0.6


def _carried(
    values: pa.Array, left: Sequence[np.ndarray], gaps: np.ndarray, right: Sequence[np.ndarray]
) -> pa.Array:
    """Carry names down: each holds until it, or a name left of it, says something else.

    The deepest name of a row is its own: a row that says nothing further right is not filled.
    """
    said = np.zeros(len(gaps), dtype=bool)
    for each in left:
        said |= ~each
    deeper = np.zeros(len(gaps), dtype=bool)
    for each in right:
        deeper |= ~each
    own = values.to_pylist()
    made: list[object] = []
    current: object = None
    for position, value in enumerate(own):
        if value is not None:
            current = value
        elif said[position]:
            current = None
        made.append(value if value is not None else current if deeper[position] else None)
    return pa.array(made, values.type)


def group_column(work: Work, grid: Grid, sections: Mapping[int, str]) -> None:
    """Make a column of the groups whose names stand in rows of their own."""
    if not len(work.rows):
        return
    groups = dict(sections)
    groups.update(_indented(work, grid))
    if not groups:
        return
    keep = np.array([int(row) not in groups for row in work.rows])
    if not keep.any():
        return
    if not keep.all():
        work.keep(np.flatnonzero(keep))
    starts = sorted(groups)
    places = np.searchsorted(np.array(starts), work.rows) - 1
    labels = [groups[starts[place]] if place >= 0 else None for place in places]
    name = _name_of_groups(list(groups.values()))
    if name in dict(_GROUP_NAMES):
        # "Kecamatan Cibeber" in a column of kecamatan says the word once too often.
        pattern = dict(_GROUP_NAMES)[name]
        labels = [pattern.sub("", label).strip() if label else label for label in labels]
    first = next((at for at, item in enumerate(work.items)
                  if pa.types.is_string(item.values.type)), 0)
    column = next((item for item in work.items if item.at >= 0 and item.header and item.is_empty
                   and all(words.tidied(grid.text(row, item.at)) == text
                           for row, text in groups.items())), None)
    if column is not None:
        # The names stood in a column of their own, one row above their group.
        column.type, column.role = "string", Role.DIMENSI
        column.values = pa.array(labels, pa.string())
        work.change("isi_turun", ",".join(f"{row + 1}:{row + 1}" for row in starts[:10]),
                    N_("{count} baris nama kelompok menjadi kolom {column}."),
                    N_("Baris itu hanya berisi nama kelompok baris di bawahnya."), certain=False,
                    count=len(groups), column=column.name)
        return
    levels = _two_levels(work, first, name)
    if levels is not None:
        # "Kecamatan/Desa" over both: the rows of one are the groups of the other.
        item, name, inner = levels
        item.name = inner
    taken = [item.name for item in work.items]
    years = [words.year_of(label) if label else None for label in labels]
    work.items.insert(first, Item(
        header.unique([*taken, name])[-1], "year" if name == "tahun" else "string",
        Role.WAKTU if name in _GROUP_TIMES else Role.DIMENSI,
        pa.array(years, pa.int64()) if name == "tahun" else pa.array(labels, pa.string()),
        title=name.replace("_", " ").capitalize()))
    work.change("isi_turun", ",".join(f"{row + 1}:{row + 1}" for row in starts[:10]),
                N_("{count} baris nama kelompok menjadi kolom {column}."),
                N_("Baris itu hanya berisi nama kelompok baris di bawahnya."), certain=False,
                count=len(groups), column=name)


def _two_levels(work: Work, first: int, name: str) -> tuple[Item, str, str] | None:
    """Return the column whose header names its groups and its rows, and both names.

    A code may stand left of it; ``Kabupaten/Kota`` and ``Desa/Kelurahan`` are one level.
    """
    for item in work.items[first:]:
        if not pa.types.is_string(item.values.type):
            break
        outer, _, inner = item.header.partition("/")
        pair = words.snake(outer), words.snake(inner)
        if not all(pair) or pair[0] in _LOWEST or pair[1].startswith(("kota", "distrik")):
            continue
        areas = {each for group, _ in _GROUP_NAMES for each in (group, *group.split("_"))}
        if pair[0] == name or (not inner.startswith(" ") and (
                item is work.items[first] or pair[0] in areas)):
            return item, *pair
    return None


def _name_of_groups(labels: Sequence[str]) -> str:
    """Return what the names of groups are: years, months, areas; else ``kelompok``."""
    if all(words.year_of(label) is not None for label in labels):
        return "tahun"
    if all(words.month_of(label) is not None for label in labels):
        return "bulan"
    quarters = {(words.quarter_of(label) or "kelompok").partition(" ")[0] for label in labels}
    if len(quarters) == 1 and quarters != {"kelompok"}:
        return quarters.pop()
    if all(_PERIOD.fullmatch(words.plain(label)) for label in labels):
        return "periode"
    return next((name for name, pattern in _GROUP_NAMES
                 if all(pattern.match(label) for label in labels)), "kelompok")


def _indented(work: Work, grid: Grid) -> dict[int, str]:
    """Return rows that name a group by standing further left than the rows below them."""
    labels = [item for item in _labels(work) if item.at >= 0 and item.type != "year"]
    if not labels or not grid.is_small:
        return {}
    measures = [item for item in work.items if item.type in NUMERIC]
    if not measures:
        return {}
    item = labels[0]
    raw = [grid.text(int(row), item.at) for row in work.rows]
    depth = [len(text) - len(text.lstrip(" \u00a0\t")) for text in raw]
    if len(set(depth)) < 2:
        return {}
    found: dict[int, str] = {}
    for position in range(len(raw) - 1):
        bare = all(not measure.values[position].is_valid for measure in measures)
        if bare and depth[position + 1] > depth[position]:
            found[int(work.rows[position])] = words.tidied(raw[position])
    return found
