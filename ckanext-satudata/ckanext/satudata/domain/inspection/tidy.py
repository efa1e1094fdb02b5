"""From sheets to clean tables, every change listed, nothing uncertain decided in silence."""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection import (
    about,
    areas,
    corrections,
    down,
    filled,
    header,
    labels,
    layout,
    questions,
    rows,
    widths,
)
from ckanext.satudata.domain.inspection.families import families_of
from ckanext.satudata.domain.inspection.finished import finished
from ckanext.satudata.domain.inspection.grid import Grid
from ckanext.satudata.domain.inspection.notes import N_, Change, Message
from ckanext.satudata.domain.inspection.recipe import Recipe, TableRecipe, fingerprint
from ckanext.satudata.domain.inspection.sheet import RawFile, Sheet, Span, range_name
from ckanext.satudata.domain.inspection.table import RawTable, Role, TidyTable
from ckanext.satudata.domain.inspection.values import Settings, interpret
from ckanext.satudata.domain.inspection.work import Item, Work
from ckanext.satudata.domain.intake.template_mark import OURS
from ckanext.satudata.domain.wilayah import LEVELS

__all__ = ["tidy"]

#: Places kept for other headers that are tried on a table.
_MOST_MOVED = 20
#: Rows from which a sheet may hold a table: fewer are a title.
_TITLES = 3
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})(?::\$?([A-Z]{1,3})\$?([1-9]\d{0,6}))?")


@dataclass
class _Found:
    """A table found on a sheet, before its cells are read."""

    grid: Grid
    region: layout.Region
    raw: RawTable
    recipe: TableRecipe
    mark: str
    sections: dict[int, str] = field(default_factory=dict[int, str])
    unused: Sequence[int] = ()
    refused: Message | None = None


def tidy(
    file: RawFile, recipe: Recipe | None = None, home: str = "", year: int | None = None
) -> list[TidyTable]:
    """Return the clean tables a file holds, in the order of its sheets.

    :param recipe: corrections kept from an earlier file
    :param home: kode wilayah of the government, for names of areas that say no more
    :param year: of the data, where the file does not say it
    """
    recipe = recipe or Recipe()
    mark = filled.mark_of(file)
    if mark is not None:
        made = filled.tables(file, mark, recipe)
        if made is not None:
            return made
    found: list[_Found] = []
    common: dict[str, str] = {}
    grids = [Grid(sheet) for sheet in file.sheets if mark is None or sheet.name not in OURS]
    placed = [layout.find(grid) for grid in grids]
    if not any(placed):
        placed = [layout.find(grid, short=True) for grid in grids]
    for grid, regions in zip(grids, placed, strict=True):
        if not regions:
            form = about.form(grid)
            common.update(form)
            _note_no_table(grid, form)
        here = [_found(grid, region, recipe) for region in regions]
        for each in here[1:]:
            # The first title of a sheet says where it is about, for the tables below as well.
            if "wilayah" in here[0].raw.about and each.raw.about:
                each.raw.about.setdefault("wilayah", here[0].raw.about["wilayah"])
        found.extend(here)
    known = {each.mark for each in found}
    waiting = any(table.says_something and table.fingerprint not in known
                  for table in recipe.tables)
    found = [each for each in found if not each.recipe.skip]
    raws = [each.raw for each in found]
    tables: list[TidyTable] = []
    for each in found:
        for key, value in common.items():
            each.raw.about.setdefault(key, value)
        others = [raw for raw in raws if raw is not each.raw]
        made = _tidied(each, file, others, home, year)
        for table in made:
            table.recipe = "applied" if each.recipe.says_something else (
                "other_layout" if waiting else None)
        tables.extend(made)
    return tables


def _note_no_table(grid: Grid, form: dict[str, str]) -> None:
    """Say that nothing was read from a sheet that holds more than a title and tells nothing."""
    if form or int((grid.counts > 0).sum()) < _TITLES:
        return
    said = Message(N_("Lembar {sheet} tidak dibaca: tidak ada tabel yang kami kenali. Tabel perlu "
                      "kepala kolom, paling sedikit dua kolom, dan satu baris untuk setiap data."),
                   {"sheet": grid.sheet.name})
    if said not in grid.sheet.remarks:
        grid.sheet.remarks.append(said)


def _found(grid: Grid, region: layout.Region, recipe: Recipe) -> _Found:
    """Turn a region into a table of cells, by the recipe for its header if there is one."""
    columns = header.columns(grid, region)
    mark = fingerprint([column.path for column in columns])
    mine = recipe.of(mark)
    moved, refused = _corrected(grid, region, recipe, mark)
    if moved is not None:
        region, mine = moved
        columns, mark = header.columns(grid, region), mine.fingerprint
    if "kepala" in mine.off and len(region.header) > 1:
        region.header = region.header[-1:]
        columns = header.columns(grid, region)
    if "satuan" in mine.off:
        for column in columns:
            column.name, column.unit = header.name_of(list(column.path), column.at + 1), None
    if "kosong" in mine.off and region.blanks:
        between = range(region.body[0], region.body[-1] + 1)
        region.body = sorted({*region.body, *(
            row for row in between if not grid.filled[row, region.left:region.right + 1].any())})
        region.blanks = 0
    apart = rows.apart(grid, region, columns, "jumlah" not in mine.off)
    if "kosong" in mine.off:
        apart.rows, apart.unused = [*apart.rows, *apart.unused], []
    raw = RawTable(
        grid.sheet, Span(region.top, region.left, region.bottom, region.right),
        tuple(region.header), columns, np.array(apart.rows, dtype=np.int64), apart.totals,
        about.of_region(grid, region) if "judul" not in mine.off else {})
    return _Found(grid, region, raw, mine, mark, apart.sections, apart.unused, refused)


def _corrected(
    grid: Grid, region: layout.Region, recipe: Recipe, mark: str
) -> tuple[tuple[layout.Region, TableRecipe] | None, Message | None]:
    """Return the region an officer pointed out, or why it cannot be it.

    The header that was seen then is that of the table as it was found, or as it was put right.
    """
    pointed = [table for table in recipe.tables
               if table.range is not None or table.header_rows is not None]
    others = [table for table in pointed if table.fingerprint != mark]
    for table in [each for each in pointed if each.fingerprint == mark] + others[:_MOST_MOVED]:
        span = _span(table.range, grid.sheet) if table.range else None
        seen = table.fingerprint == mark
        if table.range and span is None:
            if seen:
                return None, Message(N_("Rentang {range} menurut koreksi Anda tidak dipakai: "
                                        "lembar ini hanya sampai {last}."), {
                    "range": table.range, "last": range_name(Span(
                        grid.n_rows - 1, grid.n_columns - 1, grid.n_rows - 1,
                        grid.n_columns - 1))})
            continue
        if span is not None and (span.top > region.bottom or span.bottom < region.top):
            continue
        moved = layout.placed(grid, region, span, table.header_rows)
        if table.header_rows is not None and (
                len(moved.header) < table.header_rows or moved.body[0] in moved.header):
            if seen:
                return None, Message(N_("Kepala {count} baris menurut koreksi Anda tidak dipakai: "
                                        "tabelnya tidak sepanjang itu."),
                                     {"count": table.header_rows})
            continue
        columns = header.columns(grid, moved)
        if seen or fingerprint([column.path for column in columns]) == table.fingerprint:
            return (moved, table), None
    return None, None


def _span(text: str, sheet: Sheet) -> Span | None:
    match = _RANGE.fullmatch(text.strip().upper())
    if match is None:
        return None

    def column(letters: str) -> int:
        number = 0
        for letter in letters:
            number = number * 26 + ord(letter) - 64
        return number - 1

    left, top = column(match.group(1)), int(match.group(2)) - 1
    right = column(match.group(3)) if match.group(3) else sheet.n_columns - 1
    bottom = int(match.group(4)) - 1 if match.group(4) else sheet.n_rows - 1
    if top >= sheet.n_rows or left >= sheet.n_columns or right < left or bottom < top:
        return None
    return Span(top, left, min(bottom, sheet.n_rows - 1), min(right, sheet.n_columns - 1))


def _tidied(
    found: _Found, file: RawFile, others: Sequence[RawTable], home: str, year: int | None
) -> list[TidyTable]:
    """Read the cells of a table and give it its shape: one table, seldom two."""
    raw, recipe = found.raw, found.recipe
    found.sections.update(rows.areas_apart(raw, home, "jumlah" not in recipe.off))
    alike = families_of(raw.columns)
    settings = Settings(
        off=recipe.off, answers=questions.expanded(recipe.answers, alike.names),
        types=corrections.types_of(recipe, alike.measures),
        delimiter=file.delimiter, others=others)
    # A rate below the sum proves nothing about the figures above it.
    proving = replace(raw, totals=[total for total in raw.totals if len(total.members)])
    readings = interpret(proving, settings)
    unfit = corrections.unfit(raw.columns, readings, settings.types)
    if unfit:
        settings = replace(settings, types={
            name: kind for name, kind in settings.types.items()
            if name not in unfit and name not in {alike.measures.get(each) for each in unfit}})
        readings = interpret(proving, settings)
    work = Work(raw, found.mark, recipe, raw.rows)
    work.items = [
        Item.of(column, reading) for column, reading in zip(raw.columns, readings, strict=True)]
    _note_layout(work, found)
    corrections.note_unfit(work, unfit)
    questions.gather(work, readings, alike.names)
    rows.read_totals(work, readings, settings)
    _unit_of_all(work)
    rows.drop_numbers(work)
    labels.unnumber(work)
    rows.drop_empty(work)
    down.write_out(work)
    down.fill_down(work, found.grid)
    down.group_column(work, found.grid, found.sections)
    widths.merge_units(work)
    made: list[TidyTable] = []
    for part in widths.lengthen(work, home):
        corrections.retype(part, settings.types)
        _add_areas(part, home, year)
        made.append(finished(part, raw, recipe))
    return made


def _unit_of_all(work: Work) -> None:
    """Give the unit of the title to the figures, where none has one of its own."""
    unit = work.raw.about.get("satuan")
    if not unit or not header.unit_code(unit) or any(
            item.unit and header.unit_code(item.unit) != "persen" for item in work.items):
        return
    for item in work.items:
        if item.role is Role.UKURAN and not item.unit:
            item.unit = unit


def _note_layout(work: Work, found: _Found) -> None:
    """List what finding the table already did."""
    region, sheet = found.region, found.grid.sheet
    if found.refused is not None:
        work.changes.append(Change("kepala", range_name(work.raw.span), found.refused, Message(
            N_("Tabel dibaca dari tempat yang kami temukan.")), certain=False))
    elif found.recipe.range or found.recipe.header_rows is not None:
        work.change("kepala", range_name(work.raw.span), N_("Tabel dibaca dari {range} dengan "
                    "kepala {count} baris, menurut koreksi Anda."),
                    N_("Periksa apakah letaknya masih sama di berkas ini."), certain=False,
                    count=len(region.header), range=range_name(work.raw.span))
    outside = [row + 1 for row in [*region.titles, *region.notes]]
    if outside and "judul" not in work.recipe.off:
        work.change("judul", _rows_text(outside), N_("Judul, catatan dan sumber dipindah ke "
                    "usulan metadata: baris {rows}."), N_("Baris itu di luar tabel."),
                    count=len(outside), rows=_rows_text(outside))
    if len(region.header) > 1:
        span = Span(region.header[0], region.left, region.header[-1], region.right)
        work.change("kepala", range_name(span), N_("Kepala {count} baris digabung menjadi satu "
                    "nama per kolom."), N_("Kepala kolom berada di atas angka pertama."),
                    count=len(region.header))
    elif not region.header:
        work.change("kepala", range_name(work.raw.span), N_("Tabel ini tidak berkepala; kolomnya "
                    "dinamai kolom_1, kolom_2, ..."), N_("Baris pertama sudah berisi data."),
                    certain=False)
    units: dict[str, list[str]] = {}
    for column in work.raw.columns:
        if column.unit:
            units.setdefault(column.unit, []).append(_cell_of_header(found, column.at))
    for unit, cells in units.items():
        work.change("satuan", ",".join(cells[:4]), N_("Satuan “{unit}” diambil dari kepala kolom."),
                    N_("Satuan tertulis di kepala kolom."), count=len(cells), unit=unit)
    if region.numbering:
        work.change("nomor", _rows_text([row + 1 for row in region.numbering]),
                    N_("Baris nomor kolom dilewati."), N_("(1) (2) (3) hanya penanda cetak."),
                    count=len(region.numbering))
    if region.repeated:
        work.change("kepala", _rows_text([row + 1 for row in region.repeated]),
                    N_("Kepala tabel yang tercetak ulang dilewati."),
                    N_("Isinya sama dengan kepala tabel."), count=len(region.repeated))
    if region.blanks:
        work.change("kosong", range_name(work.raw.span), N_("{count} baris kosong di dalam tabel "
                    "dilewati."), N_("Baris itu tidak berisi apa pun."), count=region.blanks)
    if found.unused:
        work.change("kosong", _rows_text([row + 1 for row in found.unused]),
                    N_("{count} baris tanpa nama dan berisi nol dilewati: baris {rows}."),
                    N_("Baris itu baru disiapkan: isinya hanya nomor urut dan hasil rumus."),
                    count=len(found.unused), rows=_rows_text([row + 1 for row in found.unused]),
                    certain=False)
    shown = [at for at in sheet.hidden_columns - found.grid.hidden
             if region.left <= at <= region.right]
    if shown:
        work.change("kepala", range_name(work.raw.span), N_("{count} kolom tersembunyi ikut "
                    "dibaca."), N_("Kolom itu berkepala seperti kolom lain."), count=len(shown),
                    certain=False)
    hidden = [at for at in found.grid.hidden if region.left <= at <= region.right]
    if hidden:
        work.change("kosong", range_name(work.raw.span), N_("{count} kolom tersembunyi tidak "
                    "dibaca."), N_("Kolom itu disembunyikan di lembarnya."), count=len(hidden),
                    certain=False)


def _cell_of_header(found: _Found, at: int) -> str:
    for row in reversed(found.region.header):
        if found.grid.filled[row, at]:
            return range_name(Span(row, at, row, at))
    return range_name(Span(found.region.top, at, found.region.top, at))


def _rows_text(numbers: list[int]) -> str:
    """Return ``1-3, 37`` for rows."""
    parts: list[str] = []
    for number in sorted(numbers):
        first, _, last = parts[-1].partition("-") if parts else ("", "", "")
        if parts and int(last or first) == number - 1:
            parts[-1] = f"{first}-{number}"
        else:
            parts.append(str(number))
    return ", ".join(parts)


def _add_areas(work: Work, home: str, year: int | None) -> None:
    """Put the kode wilayah in front of a column of names, unless the table has it."""
    if "wilayah" in work.recipe.off:
        return
    texts = [item for item in work.items if pa.types.is_string(item.values.type)]
    named = [areas.Named(item.name, item.header, item.values, work.cell_maker(item))
             for item in texts]
    years = about.years_in(work.raw.about.get("tahun", ""))
    # The row of the whole names what all rows lie in: KOTA BANDUNG above its kecamatan.
    wholes = [total.label for total in work.raw.totals if len(total.members) == len(work.raw.rows)]
    said = {**work.raw.about, **({"jumlah": "\n".join(wholes)} if wholes else {})}
    found = areas.resolve(named, said, home, int(years[-1]) if years else year,
                          work.recipe.answers)
    work.changes.extend(found.changes)
    work.questions.extend(found.questions)
    deepest: areas.AreaColumn | None = None
    for column in found.columns:
        item = work.item(column.source)
        item.role = Role.WILAYAH
        if not item.header and item.at >= 0:
            # The corner of the table was left blank: its names say what it is.
            taken = [each.name for each in work.items if each is not item]
            item.name = header.unique([*taken, column.level])[-1]
            column.source = item.name
        # A level that most rows leave out does not say where they are.
        if item.values.null_count * 5 > len(item.values) and len(found.columns) > 1:
            continue
        if deepest is None or LEVELS.index(column.level) > LEVELS.index(deepest.level):
            deepest = column
    if deepest is None or deepest.codes.null_count == len(deepest.codes) or any(
            item.role is Role.KODE and rows.holds_area_codes(item) for item in work.items):
        return
    if deepest.added:
        work.changes.append(deepest.added)
    at = work.items.index(work.item(deepest.source))
    first = min((work.items.index(work.item(column.source)) for column in found.columns),
                default=at)
    names = [item.name for item in work.items]
    name = header.unique([*names, "kode_wilayah"])[-1]
    work.items.insert(first, Item(name, "string", Role.WILAYAH, deepest.codes, title="Kode wilayah",
                                  reference="wilayah"))
