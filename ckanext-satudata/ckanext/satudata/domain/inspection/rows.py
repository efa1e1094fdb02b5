"""What the rows of a table are: data, totals, names of groups, and what only numbers them."""
from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.inspection import areas, outline, sum_rows, words
from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.grid import Grid, looks_numeric
from ckanext.satudata.domain.inspection.layout import Region
from ckanext.satudata.domain.inspection.notes import N_
from ckanext.satudata.domain.inspection.region import names_group
from ckanext.satudata.domain.inspection.sheet import cell_name
from ckanext.satudata.domain.inspection.table import RawColumn, RawTable, Role, TotalRow
from ckanext.satudata.domain.inspection.values import Reading, Settings, interpret
from ckanext.satudata.domain.inspection.work import NUMERIC, Item, Work

__all__ = ["Apart", "apart", "areas_apart", "drop_empty", "drop_numbers", "header_cell",
           "holds_area_codes", "read_totals"]

_NUMBER_HEADS = frozenset({"no", "no.", "nomor", "#", "no urut", "no. urut", "nomor urut", "nr",
                           "urut", "index", "unnamed: 0", ""})
#: What numbers groups: Roman or a letter.
_OUTLINE = re.compile(r"[IVX]{1,5}|[A-Z]")
#: Columns in which a code may say what lies in what.
_CODED = 4
_AREA_CODE = re.compile(r"\d{2}(?:[. ]*\d{2}){0,2}(?:[. ]*\d{3,4})?")


@dataclass
class Apart:
    """The body of a table taken apart: rows of data, totals, and names of groups by row.

    :ivar unused: rows at the end that were made ready and hold nothing but numbers of rows and
        the zeros of formulas
    """

    rows: list[int]
    totals: list[TotalRow] = field(default_factory=list[TotalRow])
    sections: dict[int, str] = field(default_factory=dict[int, str])
    unused: list[int] = field(default_factory=list[int])


def apart(grid: Grid, region: Region, columns: Sequence[RawColumn], totals: bool) -> Apart:
    """Set totals and names of groups apart from the data.

    A row is a total by its label (``JUMLAH``, ``Total kabupaten``), or at the foot of the table
    where its label is missing. What it adds up are the rows since the total before it; the last
    one, where there were others, adds up all.
    """
    ats = [column.at for column in columns]
    figures = _figure_columns(grid, region, ats)
    labels = [at for at in ats if at < min(figures, default=ats[-1] + 1)]
    # The names of a pyramid's rows stand between its figures; only its foot is judged by them.
    inner = [] if labels else [at for at in ats[1:] if at not in figures][:1]
    labels = labels or ats[:1]
    found = Apart([])
    sections = set(region.sections)
    since: list[int] = []
    grand = False
    deep = not grid.is_small
    foot = set(region.body[-4:])
    for row, after in itertools.zip_longest(region.body, itertools.islice(region.body, 1, None)):
        if row in sections:
            text = next((grid.text(row, at) for at in grid.at(row)), "")
            found.sections[row] = words.tidied(text)
            continue
        if deep and not grid.looked_at(row):
            found.rows.append(row)
            continue
        cells = grid.at(row)
        if len(cells) == 2 and after is not None and names_group(
                grid.text(row, cells[0]), grid.text(row, cells[1])) and (
                grid.filled[after, figures].any() and not grid.filled[row, figures].any()):
            found.sections[row] = words.tidied(grid.text(row, cells[1]))
            since = []
            continue
        if not grid.filled[row, figures].any() and _only_numbers(grid, row):
            continue
        label = sum_rows.total_label(
            grid, row, [*labels, *inner] if row in foot else labels, figures, row in foot)
        if label and words.plain(label) in ("tahunan", "setahun") and not any(
                words.month_of(grid.text(each, at)) or words.quarter_of(grid.text(each, at))
                for each in since[-1:] for at in labels):
            # Kecamatan Tahunan is a place; the year is a sum only below its months.
            label = None
        named = outline.sum_of_group(grid, row, labels, figures, found.rows) if (
            label is None and totals) else None
        if named is not None:
            # "Bunaken Total" below the rows of Bunaken, as a pivot table writes it.
            label, members = named
            found.totals.append(TotalRow(row, label, np.array(members, dtype=np.int64)))
            since = []
            continue
        if totals and label is None and found.rows and (
                carried := sum_rows.carried_over(grid, row, labels, figures, found.rows)):
            members = np.array(found.rows, dtype=np.int64)
            found.totals.append(TotalRow(row, carried, members))
            continue
        if label is None and since:
            label = sum_rows.proved_total(grid, row, labels, figures, since)
        years = grand and all(_says_year(grid.text(row, at)) for at in grid.at(row)
                              if at in labels and grid.filled[row, at])
        if totals and (label is not None or years) and (found.rows or grand):
            members = since if since and not sum_rows.is_grand(label or "") else list(found.rows)
            found.totals.append(TotalRow(row, label or "", np.array(members, dtype=np.int64)))
            grand = grand or row >= region.body[-1] - 4
            since = []
            continue
        if totals and grand and (sum_rows.names_rate(grid, row, labels)
                                 or sum_rows.of_other_kind(grid, row, labels, found.rows)):
            # Below the sum: what it comes to per 1,000 or in percent, or how many days it rained.
            text = next(grid.text(row, at) for at in labels if grid.filled[row, at])
            found.totals.append(TotalRow(row, words.tidied(text), np.zeros(0, dtype=np.int64)))
            continue
        found.rows.append(row)
        since.append(row)
    if not found.rows:
        return Apart([row for row in region.body if row not in sections], [], found.sections)
    while len(found.rows) > 1 and grid.looked_at(found.rows[-1]) and sum_rows.is_unused(
            grid, found.rows[-1], labels, figures):
        found.unused.insert(0, found.rows.pop())
    for total in found.totals if found.unused else ():
        total.members = total.members[~np.isin(total.members, found.unused)]
    end = found.rows[-1]
    for row in [row for row in found.sections if row > end and row in sections]:
        # No rows follow: it names no group, and its own figures are missing.
        found.sections.pop(row)
        sections.discard(row)
        found.rows.append(row)
    if totals and not sections and not deep:
        tops, others = outline.parents(
            grid, found.rows, found.totals, labels,
            lambda row, at: sum_rows.figure(grid, row, at), figures)
        above = {total.row for total in tops}
        found.rows = [row for row in found.rows if row not in above]
        found.totals = sorted([*tops, *others], key=lambda total: total.row)
        found.sections.update({total.row: total.label for total in tops})
    if found.totals:
        last = next((total for total in reversed(found.totals)
                     if not sum_rows.is_rate(total.label)), found.totals[-1])
        if len(found.totals) > 1 and not len(last.members):
            last.members = np.array(found.rows, dtype=np.int64)
    return found


def _says_year(text: str) -> bool:
    return words.year_of(text) is not None or words.school_year_of(text) is not None


def _figure_columns(grid: Grid, region: Region, ats: list[int]) -> list[int]:
    # Names of groups may stand in the column of row numbers.
    rows = [row for row in region.body[:60] if row not in region.sections][:40]
    numbers = [
        at for at in ats
        if sum(grid.is_number(row, at) or grid.is_sign(row, at) for row in rows) * 2 >= max(
            sum(bool(grid.filled[row, at]) for row in rows), 1)]
    # The first columns may number or code the rows.
    while len(numbers) > 1 and _counts_up(grid, rows, numbers[0]):
        numbers.pop(0)
    return numbers


def _counts_up(grid: Grid, rows: list[int], at: int) -> bool:
    texts = [grid.text(row, at).strip().rstrip(".") for row in rows if grid.filled[row, at]]
    # "I" and "A" number the groups of what 1, 2, 3 number.
    texts = [text for text in texts if not words.is_total(text) and not _OUTLINE.fullmatch(text)]
    numbers = [number for text in texts if (number := words.count_of(text)) is not None]
    # In each group it may begin at 1 again.
    return len(numbers) >= 0.8 * len(texts) and len(numbers) > 1 and all(
        after - before in (0, 1) or after == 1 for before, after in itertools.pairwise(numbers))


def _only_numbers(grid: Grid, row: int) -> bool:
    """Tell whether a row holds only its number: nothing was filled in."""
    cells = grid.at(row)
    return len(cells) == 1 and grid.is_number(row, cells[0]) and not grid.is_period(row, cells[0])


def areas_apart(raw: RawTable, home: str, wanted: bool) -> dict[int, str]:
    """Set rows of the parent area apart (INDONESIA under provinces): they are totals, too.

    Only the first texts of a row say what the row is; texts after them say more about it.

    :returns: the rows that head their own group, and their labels: a kecamatan above its desa
    """
    first = next((column for column in raw.columns if _is_label(raw, column.at)), None)
    if not wanted or len(raw.rows) < 3 or first is None or not any(
            _is_figures(raw, column.at) for column in raw.columns if column.at > first.at):
        return {}
    texts = _texts(raw, first.at, raw.rows)
    for column in raw.columns:
        if column.at < first.at:
            # A label may begin left of its column, over the row numbers.
            left = _texts(raw, column.at, raw.rows)
            texts = pc.if_else(pc.equal(pc.utf8_trim_whitespace(texts), ""), left, texts)
    flags = areas.parent_rows(texts, first.header, raw.about, home)
    if len(texts) <= outline.MOST:
        right = [column.at for column in raw.columns if column.at > first.at]
        wholes = [wilayah.get(code).name for code in areas.mentions(raw.about, home)[:_CODED]]
        flags = flags | outline.above_by_code(
            [_texts(raw, column.at, raw.rows) for column in raw.columns[:_CODED]],
            (_texts(raw, at, raw.rows) for at in right)) | outline.named_sum(
            texts, (_texts(raw, at, raw.rows) for at in right), wholes,
            any(_skips_last(raw, column.at) for column in raw.columns if column.at < first.at))
    parents = np.flatnonzero(flags)
    if not len(parents) or len(parents) * 3 >= len(raw.rows):
        return {}
    seen: dict[str, int] = {}
    for at in parents:
        # A desa may be called as its kecamatan is: the first of that name stands above it.
        seen.setdefault(words.plain(texts[int(at)].as_py()), int(at))
    parents = np.array(sorted(seen.values()), dtype=np.int64)
    heads = len(parents) > 1 and parents[0] == 0
    if not heads:
        # Alone, a whole stands above or below its parts.
        parents = parents[(parents < 2) | (parents >= len(raw.rows) - 4)]
        if not len(parents):
            return {}
    labels = [words.tidied(texts[int(at)].as_py()) for at in parents]
    kept = np.delete(np.arange(len(raw.rows)), parents)
    made: list[TotalRow] = []
    for number, at in enumerate(parents):
        after = parents[number + 1] if heads and number + 1 < len(parents) else len(raw.rows)
        members = kept[(kept > at) & (kept < after)] if heads else kept
        made.append(TotalRow(int(raw.rows[at]), labels[number], raw.rows[members]))
    sections = {total.row: total.label for total in made} if heads else {}
    if not heads:
        # Below the whole stands what it was in other years.
        last = int(parents[-1])
        past = [at for at in range(last + 1, len(raw.rows)) if _says_year(texts[at].as_py())]
        if len(past) == len(raw.rows) - last - 1:
            made += [TotalRow(int(raw.rows[at]), words.tidied(texts[at].as_py()),
                              np.zeros(0, dtype=np.int64)) for at in past]
            kept = np.setdiff1d(kept, np.array(past, dtype=np.int64))
            made[:len(parents)] = [replace(total, members=raw.rows[kept])
                                   for total in made[:len(parents)]]
    raw.rows = raw.rows[kept]
    raw.totals.extend(made)
    raw.totals.sort(key=lambda total: total.row)
    return sections


def _texts(raw: RawTable, at: int, rows: np.ndarray) -> pa.Array:
    values = raw.sheet.columns[at].text
    texts = pa.chunked_array([values]) if isinstance(values, pa.Array) else values
    return texts.take(pa.array(rows)).combine_chunks()


def _is_label(raw: RawTable, at: int) -> bool:
    """Tell whether a column names the rows: most of its first cells are words."""
    texts = [text.strip() for text in _texts(raw, at, raw.rows[:50]).to_pylist()]
    filled = [text for text in texts if text]
    return bool(filled) and sum(not looks_numeric(text) for text in filled) * 2 > len(filled)


def _skips_last(raw: RawTable, at: int) -> bool:
    """Tell whether a column numbers every row but the last."""
    *above, last = (words.count_of(text.strip(" .")) for text in _texts(
        raw, at, raw.rows[-60:]).to_pylist())
    return last is None and len(above) > 2 and None not in above


def _is_figures(raw: RawTable, at: int) -> bool:
    texts = [text.strip() for text in _texts(raw, at, raw.rows[:50]).to_pylist()]
    filled = [text for text in texts if text]
    return bool(filled) and sum(looks_numeric(text) for text in filled) * 2 > len(filled)


def read_totals(work: Work, readings: Sequence[Reading], settings: Settings) -> None:
    """Read the figures of the rows set apart as totals, and of a total without a label."""
    if "jumlah" not in work.recipe.off:
        _unlabelled(work)
    raw = work.raw
    if not raw.totals:
        return
    # Read together with the body, so that a mark means the same in the total as above it.
    rows = np.concatenate(
        [work.rows, np.array([total.row for total in raw.totals], dtype=np.int64)])
    types = dict(settings.types)
    for column, reading in zip(raw.columns, readings, strict=True):
        types.setdefault(column.name, reading.type)
    again = interpret(replace(raw, rows=rows), replace(settings, types=types))
    for column, reading in zip(raw.columns, again, strict=True):
        if reading.type not in NUMERIC:
            continue
        values = reading.values.slice(len(work.rows)).to_pylist()
        for total, value in zip(raw.totals, values, strict=True):
            if value is not None:
                work.totals.setdefault(column.name, []).append((total, float(value)))
    rows = sorted({total.row for total in raw.totals})
    named = ", ".join(dict.fromkeys(total.label for total in raw.totals if total.label)) or "?"
    work.change(
        "jumlah", ",".join(cell_name(row, raw.span.left) for row in rows[:10]),
        N_("{count} baris jumlah ({labels}) disimpan sebagai pemeriksa, tidak ikut terbit."),
        N_("Label barisnya menyebut jumlah atau wilayah yang mencakup baris lain."),
        count=len(rows), labels=named[:120])


def _unlabelled(work: Work) -> None:
    """Set a last row apart that has no name and adds up the rows above it."""
    n = len(work.rows)
    texts = [item for item in work.items if pa.types.is_string(item.values.type)]
    if n < 3 or not texts:
        return
    named = [item for item in texts if item.values.null_count < n / 2]
    measures = [item for item in work.items if item.type in NUMERIC and item.values[-1].is_valid]
    nameless = [item for item in named if not item.values[-1].is_valid]
    if not nameless or len(nameless) * 2 < len(named) or not measures:
        return
    proved = 0
    for item in measures:
        figures = np.asarray(pc.fill_null(pc.cast(item.values, pa.float64()), 0.0))
        if figures[-1] and abs(figures[:-1].sum() - figures[-1]) <= abs(figures[-1]) * 1e-6:
            proved += 1
    if not proved or proved * 2 < len(measures) - 1:
        return
    row = int(work.rows[-1])
    work.keep(np.arange(n - 1))
    work.raw.rows = work.rows
    work.raw.totals.append(TotalRow(row, "", work.rows))


def drop_numbers(work: Work) -> None:
    """Leave out the column that only numbers the rows."""
    if len(work.items) < 3:
        return
    item = work.items[0]
    name = words.plain(item.header)
    beside = work.items[1]
    shared = item.at >= 0 and beside.at == item.at + 1 and beside.header in ("", item.header) and (
        pa.types.is_string(beside.values.type))
    if not shared and name not in _NUMBER_HEADS and not re.fullmatch(r"no\.?|nomor( urut)?", name):
        return
    values = [str(value).strip(" .()") for value in item.values.to_pylist()
              if value is not None and str(value).strip()]
    if not values:
        if name in _NUMBER_HEADS - {""} and "nomor" not in work.recipe.off:
            work.items.remove(item)  # only the rows set apart were numbered
        return
    numbers = [_roman(value) if (number := words.count_of(value)) is None else number
               for value in values]
    if any(number is None for number in numbers) or (shared and numbers[0] != 1):
        return
    steps = [after - before for before, after in itertools.pairwise(numbers)
             if after and before]
    if shared and steps.count(0) * 2 > len(steps):
        return  # the first part of a code in several columns: 1 | 1 | 2
    counts = sum(step in (0, 1) for step in steps) + sum(
        after == 1 for after in numbers[1:])
    # A code in a column "No" (000123) is no number of rows.
    if any(value.startswith("0") and len(value) > 1 for value in values) or (
            steps and counts < 0.8 * len(steps)):
        return
    if "nomor" in work.recipe.off:
        item.role = Role.KODE  # kept, it still tells rows apart and measures nothing
        return
    work.items.remove(item)
    if shared and item.header:
        # "Kecamatan" stands over the numbers and the names; it heads the names.
        beside.header, beside.name, beside.path = item.header, item.name, item.path
    work.change("nomor", header_cell(work, item), N_("Kolom nomor urut {column} dilewati."),
                N_("Isinya hanya 1, 2, 3, ... menurut urutan baris."), count=len(values),
                column=item.header or cell_name(0, item.at)[:-1])


def _roman(text: str) -> int | None:
    """Return the value of a Roman number or of a single letter that numbers rows."""
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
    upper = text.upper()
    if upper and all(letter in values for letter in upper):
        numbers = [values[letter] for letter in upper]
        return sum(-number if after > number else number
                   for number, after in zip(numbers, [*numbers[1:], 0], strict=True))
    return ord(upper) - 64 if len(upper) == 1 and upper.isalpha() else None


def header_cell(work: Work, item: Item) -> str:
    """Return where the header of a column stands."""
    row = work.raw.header_rows[-1] if work.raw.header_rows else int(work.raw.span.top)
    return cell_name(row, item.at) if item.at >= 0 else ""


def drop_empty(work: Work) -> None:
    """Leave out columns without header and without content."""
    if "kosong" in work.recipe.off:
        return
    empty = [item for item in work.items
             if item.is_empty and not item.header and not item.asked]
    for item in empty:
        work.items.remove(item)
    if empty:
        work.change("kosong", ",".join(cell_name(work.raw.span.top, item.at) for item in empty),
                    N_("{count} kolom kosong dilewati."), N_("Kolom itu tidak berjudul dan "
                    "tidak berisi."), count=len(empty))


def holds_area_codes(item: Item) -> bool:
    """Tell whether a column holds codes of areas already."""
    if not pa.types.is_string(item.values.type):
        return False
    if not re.search(r"kode|kd|id|wilayah|lokasi", item.name):
        return False
    values = [value for value in pc.unique(item.values).to_pylist() if value][:200]
    if not values or sum(
            _AREA_CODE.fullmatch(value) is not None for value in values) < 0.9 * len(values):
        return False
    # Codes of goods and offices have as many digits: half of ours must be known.
    return sum(_is_area(value) for value in values) * 2 >= len(values)


def _is_area(code: str) -> bool:
    digits = "".join(letter for letter in code if letter.isdigit())
    dotted = ".".join(part for part in (digits[:2], digits[2:4], digits[4:6], digits[6:]) if part)
    # BPS numbers kecamatan and desa below its own codes of kabupaten.
    bps = digits[:4] if len(digits) in (7, 10) else digits
    return wilayah.exists(dotted) or wilayah.from_bps(bps) is not None
