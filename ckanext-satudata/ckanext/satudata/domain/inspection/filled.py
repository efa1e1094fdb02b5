"""A template of ours that comes back filled: its place and types are known, so nothing is asked.

:mod:`ckanext.satudata.domain.intake.template_mark` says what the hidden sheet holds and why it may
decide no more than how this file is read. A column whose cells are not what the template asked for
is read as those of any other file are, with changes and questions. A template whose columns were
changed is read as any other file altogether, and that is said.
"""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection import corrections, words
from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.finished import finished
from ckanext.satudata.domain.inspection.formats.look import hidden_sheets
from ckanext.satudata.domain.inspection.notes import N_, Message
from ckanext.satudata.domain.inspection.recipe import Recipe, TableRecipe, fingerprint
from ckanext.satudata.domain.inspection.sheet import (
    Column,
    RawFile,
    Sheet,
    Span,
    cell_name,
    range_name,
)
from ckanext.satudata.domain.inspection.table import (
    RawColumn,
    RawTable,
    Role,
    TidyTable,
    TotalRow,
)
from ckanext.satudata.domain.inspection.typed import Typed, typed
from ckanext.satudata.domain.inspection.values import Reading, Settings, interpret
from ckanext.satudata.domain.inspection.values.signs import NORMAL
from ckanext.satudata.domain.inspection.work import NUMERIC, Item, Work
from ckanext.satudata.domain.intake import template_mark
from ckanext.satudata.domain.intake.template_mark import INPUT, MARK, OURS, SIGNS, Field, Mark

__all__ = ["mark_of", "tables"]

_NAMED = 5


def mark_of(file: RawFile) -> Mark | None:
    """Return what a file says of itself as a template, nothing where it is none."""
    if file.kind not in ("xlsx", "ods", "xls"):
        return None
    for sheet in (*file.hidden, *file.sheets):
        if sheet.name == MARK and 6 < sheet.n_rows <= 2 * template_mark.MAX_COLUMNS:
            return template_mark.read(
                [[cell.text[:400] for cell in row] for row in sheet.rows(0, sheet.n_rows)])
    return None


def tables(file: RawFile, mark: Mark, recipe: Recipe) -> list[TidyTable] | None:
    """Return the table of a filled template; nothing where it must be read as any other file.

    :param file: a remark is put to it where that is so
    """
    names = [sheet.name for sheet in file.hidden]
    if set(names) <= set(OURS):  # those nobody sees are no surprise in a template
        said = hidden_sheets(names)
        file.remarks[:] = [each for each in file.remarks if each not in said]
    sheet = next((each for each in file.sheets if each.name == INPUT), None)
    if sheet is None:
        file.remarks.append(Message(N_(
            "Berkas ini berasal dari templat, tetapi lembar “{sheet}” tidak ada. Karena itu "
            "lembarnya dibaca seperti berkas lain."), {"sheet": INPUT}))
        return None
    heads = [cell.text.strip() for cell in sheet.rows(0, 1)[0]] if sheet.n_rows else []
    places = {name: at for at, name in enumerate(heads) if name}
    names = [each.name for each in mark.columns]
    if set(places) != set(names) or len(places) != sum(map(bool, heads)) or any(
            _filled(sheet.columns[at]).any() for at, name in enumerate(heads) if not name):
        file.remarks.append(_changed(places, names))
        return None
    known = fingerprint([(name,) for name in names])
    corrected = recipe.of(known)
    if corrected.skip:
        return []
    if corrected.range is not None or corrected.header_rows is not None:
        return None
    return [_table(sheet, places, mark, corrected, known)]


def _changed(places: dict[str, int], names: Sequence[str]) -> Message:
    added = [name for name in places if name not in names]
    gone = [name for name in names if name not in places]
    said = [*(f"+ {name[:60]}" for name in added[:_NAMED]),
            *(f"− {name}" for name in gone[:_NAMED])]
    return Message(N_(
        "Kolom templat diubah ({columns}), jadi lembar “{sheet}” dibaca seperti berkas lain. "
        "Unduh lagi templatnya bila itu tidak disengaja."),
        {"columns": ", ".join(said) or "?", "sheet": INPUT})


def _filled(column: Column) -> np.ndarray:
    blank = pc.equal(pc.utf8_trim_whitespace(column.text), "")
    return ~blank.to_numpy(zero_copy_only=False) if isinstance(blank, pa.Array) else ~np.asarray(
        blank)


def _table(
    sheet: Sheet, places: dict[str, int], mark: Mark, recipe: TableRecipe, known: str
) -> TidyTable:
    fields = mark.columns
    columns = [RawColumn(places[each.name], (each.name,), each.name) for each in fields]
    any_cell = np.zeros(sheet.n_rows, dtype=bool)
    for column in columns:
        any_cell |= _filled(sheet.columns[column.at])
    rows = np.flatnonzero(any_cell)
    rows = rows[rows > 0]
    last = int(rows[-1]) if len(rows) else 0
    raw = RawTable(sheet, Span(0, 0, last, max(places.values())), (0,), columns, rows)
    _set_totals_apart(raw, fields, mark.rows)
    work = Work(raw, known, recipe, raw.rows)
    readings = _readings(raw, fields, recipe)
    for column, field, reading in zip(columns, fields, readings, strict=True):
        work.items.append(_item(column, field, reading))
        work.changes.extend(reading.changes)
        work.questions.extend(reading.questions)
    wanted = {each.name: each.type for each in fields} | dict(recipe.types)
    misread = {item.name: wanted[item.name] for item in work.items
               if item.type != wanted[item.name] and not any(
                   question.answer is None for question in work.questions
                   if question.column == item.name)}
    corrections.retype(work, {name: kind for name, kind in misread.items()
                              if not (kind == "integer" and work.item(name).type == "number")})
    _note_totals(work)
    _put_status(work, mark)
    made = finished(work, raw, recipe)
    made.title = mark.title or sheet.name
    made.template = mark
    made.recipe = "applied" if recipe.says_something else None
    return made


def _item(column: RawColumn, field: Field, reading: Reading) -> Item:
    item = Item.of(column, reading)
    item.role = Role(field.role)
    item.title = field.title or field.name
    item.unit = field.unit or reading.unit
    item.reference = field.reference or None
    return item


def _readings(raw: RawTable, fields: Sequence[Field], recipe: TableRecipe) -> list[Reading]:
    """Return the columns as the template asked for them, and the others as of any file."""
    types = {each.name: each.type for each in fields} | dict(recipe.types)
    found: dict[int, Reading] = {}
    if not recipe.off:
        for at, (column, field) in enumerate(zip(raw.columns, fields, strict=True)):
            made = typed(raw, column, types[field.name], strict=field.reference != ""
                         or field.role in ("kode", "wilayah"))
            if made is not None:
                found[at] = _as_asked(column, made, recipe)
    if len(found) == len(fields):
        return [found[at] for at in range(len(fields))]
    answers = {f"tanda:{each.name}:{sign}": meaning for each in fields if each.type in NUMERIC
               for sign, meaning in SIGNS.items()}
    again = interpret(raw, Settings(
        off=recipe.off, answers=answers | dict(recipe.answers),
        types={name: kind for name, kind in types.items() if kind not in ("integer", "year")}))
    return [found.get(at, reading) for at, reading in enumerate(again)]


def _as_asked(column: RawColumn, made: Typed, recipe: TableRecipe) -> Reading:
    """Give signs the meaning the template states, unless the officer said another."""
    values, status = made.values, None
    reading = Reading(made.type, values)
    if not made.signs:
        return reading
    codes = np.full(len(values), NORMAL, dtype=object)
    zero = np.zeros(len(values), dtype=bool)
    for sign, mask in made.signs.items():
        meaning = recipe.answers.get(f"tanda:{column.name}:{sign}", SIGNS[sign])
        codes[mask] = meaning
        zero |= mask & (meaning == "nol")
        reading.changes.append(made.change(mask, sign, meaning))
    status = pa.array(codes, pa.string())
    reading.values = pc.if_else(pa.array(zero), pa.scalar(0, values.type), values)
    reading.status = status
    return reading


def _set_totals_apart(raw: RawTable, fields: Sequence[Field], given: int) -> None:
    """Take out rows that somebody added below as sums: what they add up is checked, not read.

    :param given: rows that stood in the template
    """
    keys = [(raw.columns[at], raw.sheet.columns[raw.columns[at].at].text.take(pa.array(raw.rows)))
            for at, each in enumerate(fields) if each.type == "string" and each.role != "ukuran"]
    if len(keys) < 2 or len(raw.rows) < 3:
        return
    sums = np.zeros(len(raw.rows), dtype=bool)
    blank = np.zeros(len(raw.rows), dtype=bool)
    label: dict[int, str] = {}
    for _, texts in keys:
        encoded = texts.combine_chunks().dictionary_encode() if isinstance(
            texts, pa.ChunkedArray) else texts.dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        distinct = encoded.dictionary.to_pylist()
        index = encoded.indices.to_numpy(zero_copy_only=False)
        blank |= np.array([not text.strip() for text in distinct], dtype=bool)[index]
        found = np.array([bool(text.strip()) and len(text) < 60 and words.is_total(text)
                          for text in distinct], dtype=bool)[index]
        for at in np.flatnonzero(found)[:_NAMED].tolist():
            label.setdefault(at, words.tidied(distinct[index[at]]))
        sums |= found
    sums &= blank & (raw.rows > given)
    apart = np.flatnonzero(sums)
    if not len(apart) or len(apart) > _NAMED:
        return
    kept = raw.rows[~sums]
    raw.totals.extend(TotalRow(int(raw.rows[at]), label.get(at, ""), kept if at == len(
        raw.rows) - 1 else np.zeros(0, dtype=np.int64)) for at in apart.tolist())
    raw.rows = kept


def _note_totals(work: Work) -> None:
    totals = work.raw.totals
    if not totals:
        return
    for item in work.items:
        if item.type not in NUMERIC or item.role is not Role.UKURAN or item.at < 0:
            continue
        for total in totals:
            cell = work.raw.sheet.cell(total.row, item.at)
            if cell.number == cell.number:
                work.totals.setdefault(item.name, []).append((total, cell.number))
    work.change(
        "jumlah", ",".join(cell_name(total.row, work.raw.span.left) for total in totals),
        N_("{count} baris jumlah ({labels}) disimpan sebagai pemeriksa, tidak ikut terbit."),
        N_("Label barisnya menyebut jumlah atau wilayah yang mencakup baris lain."),
        count=len(totals), labels=", ".join(dict.fromkeys(
            total.label for total in totals if total.label))[:120] or range_name(work.raw.span))


def _put_status(work: Work, mark: Mark) -> None:
    """Put in the columns of status_angka that the published table has, whatever was typed."""
    for each in mark.fields:
        if not each.status_of:
            continue
        of = next((item for item in work.items if item.name == each.status_of), None)
        if of is None or any(item.name == each.name for item in work.items):
            continue
        codes = of.status if of.status is not None else pa.array(
            [NORMAL] * len(work.rows), pa.string())
        of.status = None
        made = Item(each.name, "string", Role.STATUS, codes, title=each.title or "Status angka",
                    reference="status_angka", cells=np.full(len(work.rows), of.at, dtype=np.int64))
        before = [field.name for field in mark.fields[:mark.fields.index(each)]]
        at = 1 + max((number for number, item in enumerate(work.items) if item.name in before),
                     default=-1)
        work.items.insert(at, made)
