"""One table of the tables of many units. What a unit did not send stays missing, never zero.

A column one unit lacks is empty in its rows; a unit that sent nothing has no rows and is named. No
figure is changed, no text becomes a number; what does not fit is told with its unit and value.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.errors import SatuDataError
from ckanext.satudata.domain.inspection import words
from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.notes import N_, Message, Severity
from ckanext.satudata.domain.inspection.results import write_table
from ckanext.satudata.domain.intake.recap.columns import plan, take_out_units
from ckanext.satudata.domain.intake.recap.parts import (
    FIGURES,
    Part,
    Remark,
    Sheet,
    Unit,
    UnreadablePartError,
    canonical,
    is_status,
    named,
    read,
)
from ckanext.satudata.domain.intake.recap.rows import both_sent, current, sent_the_same

__all__ = ["MAX_CELLS", "MAX_ROWS", "MAX_UNITS", "Merged", "Part", "Remark", "Unit",
           "UnmergeableError", "fields_of", "merge", "unit_columns"]

MAX_UNITS = 2_000
MAX_ROWS = 1_000_000
MAX_CELLS = 20_000_000
#: Remarks of one recap.
MAX_REMARKS = 300
#: Remarks of one kind of doubt about one column.
_TOLD = 20
#: How a value of each type is written in a tidy CSV; what is written otherwise is no such value.
_WRITTEN: Mapping[str, str] = {
    "boolean": r"^(true|false)$", "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "datetime": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,}$", "integer": r"^-?(0|[1-9][0-9]*)$",
    "number": r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$", "year": r"^[0-9]{4}$",
    "yearmonth": r"^[0-9]{4}-[0-9]{2}$",
}
_UNFIT: Mapping[str, str] = {
    "integer": N_("{unit}: “{value}” di kolom {column}, baris {row}, bukan bilangan bulat. {count} "
                  "sel seperti itu. Isinya tidak kami ubah."),
    "number": N_("{unit}: “{value}” di kolom {column}, baris {row}, bukan angka. {count} sel "
                 "seperti itu. Isinya tidak kami ubah."),
    "year": N_("{unit}: “{value}” di kolom {column}, baris {row}, bukan tahun. {count} sel seperti "
               "itu. Isinya tidak kami ubah."),
}
_UNFIT_OTHERWISE = N_("{unit}: “{value}” di kolom {column}, baris {row}, ditulis lain daripada isi "
                      "kolom itu dari unit lain. {count} sel seperti itu. Isinya tidak kami ubah.")


class UnmergeableError(SatuDataError):
    """No table can be made of them; ``message`` says why, and what to do."""

    def __init__(self, template: str, **values: Any) -> None:
        self.message = Message(template, values)
        super().__init__(self.message.text())


@dataclass(frozen=True)
class Merged:
    """The table of all units.

    :ivar data: unit columns first; all text as it came, missing is null
    :ivar received: units with figures in it; ``empty``: that sent a table without any figure;
        ``unread``: whose file could not be joined; ``waiting``: whose file nobody accepted yet;
        ``missing``: that sent nothing. Each unit stands in one of them.
    :ivar used: the parts whose rows are in it, or would be if they had any
    """

    data: pa.Table
    schema: Mapping[str, Any]
    remarks: tuple[Remark, ...]
    received: tuple[Unit, ...]
    empty: tuple[Unit, ...]
    unread: tuple[Unit, ...]
    waiting: tuple[Unit, ...]
    missing: tuple[Unit, ...]
    used: tuple[Part, ...]

    def write(self, path: Path) -> None:
        """Write the table as tidy CSV."""
        write_table(self.data, path)


def unit_columns(kind: str) -> tuple[str, str]:
    """Return the names of the columns of the unit's code and name."""
    word = words.snake(kind) or "unit"
    return f"kode_{word}", f"nama_{word}"


def fields_of(schema: Mapping[str, Any] | None, kind: str) -> list[dict[str, Any]]:
    """Return the columns to expect, from the Table Schema of the last release of a recap."""
    fields = [each for each in (schema or {}).get("fields", [])
              if isinstance(each, dict) and each.get("name")]
    own = {*unit_columns(kind), words.snake(kind)}
    return [{**each, "name": name} for each, name in zip(fields, canonical(fields), strict=True)
            if name not in own]


def merge(
    parts: Sequence[Part], units: Sequence[Unit], kind: str,
    expected: Sequence[Mapping[str, Any]] = (), told: Sequence[Remark] = (),
    waiting: Collection[str] = (),
) -> Merged:
    """Join the tables of units into one, by names of columns.

    :param parts: what is to be joined, of one unit several
    :param units: everybody asked, in the order the rows shall have
    :param kind: what they are, in the singular (``puskesmas``)
    :param expected: columns the dataset had (:func:`fields_of`); none where it is new
    :param told: what is to be told already, of how the parts were chosen
    :param waiting: codes of units that sent what nobody accepted yet
    :raises UnmergeableError: there is nothing, nothing in common, or too much
    """
    order = {unit.code: at for at, unit in enumerate(units)}
    sheets, remarks, unread = _read(sorted(parts, key=lambda each: order[each.unit.code]))
    word = words.snake(kind) or "unit"
    for sheet in sheets:
        remarks += take_out_units(sheet, word, kind)
    sheets, doubled = current(sheets)
    if not sheets:
        raise UnmergeableError(N_("Belum ada kiriman yang dapat digabung."))
    planned = plan([each for each in sheets if each.fields], expected, kind)
    sheets, strangers = _fitting(sheets, {str(each["name"]) for each in planned.fields})
    remarks += _strange(strangers)
    if not sheets:
        raise UnmergeableError(N_(
            "Tabel dari {units} tidak punya satu pun kolom yang sama. Kirim templat yang sama "
            "kepada semuanya, lalu minta kirim ulang."), units=named(_units(strangers)))
    _check_size(sheets, len(planned.fields))
    text, owner = _together(sheets, planned.fields)
    fields, unfit = _typed(text, planned.fields, sheets, owner)
    data, schema = _with_units(text, fields, sheets, owner, kind)
    full = [sheet for sheet in sheets if not sheet.is_empty]
    received, empty, unread, waits, missing = _stands(units, (
        [each.unit.code for each in full], [each.unit.code for each in sheets],
        [each.code for each in (*unread, *_units(strangers))], waiting))
    dimensions = [str(each["name"]) for each in planned.fields
                  if each["type"] not in FIGURES and not is_status(each)]
    by_unit = [order[sheets[at].unit.code] for at in owner]
    remarks = _fewer([
        *_absent(missing, kind), *_unaccepted(waits, kind), *_without_figures(empty, kind),
        *remarks, *unfit, *planned.remarks, *doubled, *told,
        *both_sent(text, dimensions, by_unit, units), *sent_the_same(full)])
    return Merged(data, schema, tuple(remarks), received, empty, unread, waits, missing,
                  tuple(sheet.part for sheet in sheets))


def _stands(
    units: Sequence[Unit], groups: Sequence[Iterable[str]]
) -> list[tuple[Unit, ...]]:
    """Part the units: each goes into the first group with its code, the rest are the last."""
    found: list[tuple[Unit, ...]] = []
    left = list(units)
    for codes in map(set, groups):
        found.append(tuple(unit for unit in left if unit.code in codes))
        left = [unit for unit in left if unit.code not in codes]
    return [*found, tuple(left)]


def _units(sheets: Iterable[Sheet]) -> list[Unit]:
    return list({sheet.unit.code: sheet.unit for sheet in sheets}.values())


def _read(parts: Iterable[Part]) -> tuple[list[Sheet], list[Remark], list[Unit]]:
    sheets: list[Sheet] = []
    remarks: list[Remark] = []
    unread: dict[str, Unit] = {}
    for part in parts:
        try:
            sheets.append(read(part))
        except UnreadablePartError:
            unread[part.unit.code] = part.unit
            remarks.append(Remark("unreadable", Severity.WAJIB, Message(N_(
                "Berkas “{filename}” dari {unit} tidak terbaca, jadi tidak ikut digabung."),
                {"filename": part.filename[:80], "unit": part.unit.name}),
                Message(N_("Minta {unit} mengirim lagi."), {"unit": part.unit.name}),
                (part.unit.code,)))
    return sheets, remarks, list(unread.values())


def _fitting(sheets: Iterable[Sheet], names: set[str]) -> tuple[list[Sheet], list[Sheet]]:
    """Part the tables that share a column with what is kept from those that do not."""
    fitting: list[Sheet] = []
    strangers: list[Sheet] = []
    for sheet in sheets:
        (fitting if names & sheet.fields.keys() or not sheet.data.num_rows
         else strangers).append(sheet)
    return fitting, strangers


def _strange(sheets: Iterable[Sheet]) -> Iterable[Remark]:
    for sheet in sheets:
        values = {"filename": sheet.part.filename[:80], "unit": sheet.unit.name}
        yield Remark("nothing-shared", Severity.WAJIB, Message(N_(
            "Tidak satu pun kolom berkas “{filename}” dari {unit} dikenal, jadi tidak ikut "
            "digabung."), values),
            Message(N_("Minta {unit} memakai templatnya, lalu gabung lagi."), values),
            (sheet.unit.code,))


def _fewer(remarks: Sequence[Remark]) -> list[Remark]:
    """Return the remarks, what must be mended first; of too many the last say how many more."""
    order = list(Severity)
    found = sorted(remarks, key=lambda each: order.index(each.severity))
    if len(found) <= MAX_REMARKS:
        return found
    more = found[MAX_REMARKS - 1:]
    return [*found[:MAX_REMARKS - 1], Remark("more", more[0].severity, Message(N_(
        "Dan {count} catatan lain."), {"count": len(more)}))]


def _check_size(sheets: Sequence[Sheet], columns: int) -> None:
    rows = sum(sheet.data.num_rows for sheet in sheets)
    if rows > MAX_ROWS or rows * (columns + 2) > MAX_CELLS:
        raise UnmergeableError(N_(
            "Gabungannya {rows} baris dan {columns} kolom, terlalu besar untuk satu rekap "
            "(batasnya {limit} baris). Bagi rekapnya, misalnya per tahun."),
            rows=rows, columns=columns + 2, limit=MAX_ROWS)


def _together(
    sheets: Sequence[Sheet], fields: Sequence[Mapping[str, Any]]
) -> tuple[pa.Table, np.ndarray]:
    """Return all rows as text, and of each row the place of its table."""
    names = [str(each["name"]) for each in fields]
    schema = pa.schema([(name, pa.string()) for name in names])
    parts = [pa.table([
        sheet.data.column(name) if name in sheet.fields
        else pa.nulls(sheet.data.num_rows, pa.string()) for name in names], schema=schema)
        for sheet in sheets]
    owner = np.repeat(np.arange(len(sheets)), [sheet.data.num_rows for sheet in sheets])
    return pa.concat_tables(parts).combine_chunks(), owner


def _typed(
    text: pa.Table, fields: Sequence[Mapping[str, Any]], sheets: Sequence[Sheet],
    owner: np.ndarray,
) -> tuple[list[dict[str, Any]], list[Remark]]:
    """Give columns the types their units mean, where every value fits; else tell and say text."""
    made_fields: list[dict[str, Any]] = []
    remarks: list[Remark] = []
    for each in fields:
        name, kind, column = str(each["name"]), str(each["type"]), text.column(str(each["name"]))
        made = dict(each)
        if kind in _WRITTEN:
            fits = pc.fill_null(pc.match_substring_regex(column, _WRITTEN[kind]), True)
            wrong = np.flatnonzero(~np.asarray(fits))
            if len(wrong):
                remarks += _unfit(name, kind, column, wrong, sheets, owner)
                made["type"] = "string"
        else:
            made["type"] = "string"
            remarks += _short_codes(name, sheets)
        made_fields.append(made)
    return made_fields, remarks


def _unfit(
    name: str, kind: str, column: Any, wrong: np.ndarray, sheets: Sequence[Sheet],
    owner: np.ndarray,
) -> Iterable[Remark]:
    starts = np.searchsorted(owner, np.arange(len(sheets)))
    by_sheet: dict[int, list[int]] = {}
    for row in wrong:
        by_sheet.setdefault(int(owner[row]), []).append(int(row))
    for number, (at, those) in enumerate(by_sheet.items()):
        if number == _TOLD:
            yield Remark("type-mixed", Severity.WAJIB, Message(N_(
                "{count} unit lain juga menulis isi kolom {column} dengan cara lain."), {
                    "column": name, "count": len(by_sheet) - _TOLD}), None,
                tuple(sheets[each].unit.code for each in list(by_sheet)[_TOLD:]))
            return
        unit = sheets[at].unit
        yield Remark("type-mixed", Severity.WAJIB, Message(_UNFIT.get(kind, _UNFIT_OTHERWISE), {
            "unit": unit.name, "value": column[those[0]].as_py()[:80], "column": name,
            "row": those[0] - int(starts[at]) + 1, "count": len(those)}),
            Message(N_("Minta {unit} mengirim perbaikan, lalu gabung lagi."), {"unit": unit.name}),
            (unit.code,))


def _short_codes(name: str, sheets: Sequence[Sheet]) -> Iterable[Remark]:
    """Tell of units whose codes are numbers where the others' are text of one length."""
    held = [sheet for sheet in sheets if name in sheet.fields]
    numbers = [sheet for sheet in held if sheet.fields[name].get("type") in FIGURES]
    if not numbers or len(numbers) == len(held):
        return
    lengths = {len(text) for sheet in held if sheet not in numbers
               for text in sheet.data.column(name).to_pylist() if text is not None}
    if len(lengths) != 1:
        return
    [length] = lengths
    for sheet in numbers:
        short = [text for text in sheet.data.column(name).to_pylist()
                 if text is not None and len(text) < length]
        if short:
            yield Remark("code-short", Severity.WAJIB, Message(N_(
                "{unit}: kode “{value}” di kolom {column} lebih pendek daripada kode yang lain. "
                "Nol di depannya mungkin hilang."), {
                    "unit": sheet.unit.name, "value": short[0][:80], "column": name}),
                Message(N_("Minta {unit} menulis kodenya sebagai teks."),
                        {"unit": sheet.unit.name}), (sheet.unit.code,))


def _with_units(
    data: pa.Table, fields: Sequence[Mapping[str, Any]], sheets: Sequence[Sheet],
    owner: np.ndarray, kind: str,
) -> tuple[pa.Table, dict[str, Any]]:
    code, name = unit_columns(kind)
    at = pa.array(owner)
    codes = pa.array([sheet.unit.code for sheet in sheets], pa.string()).take(at)
    names = pa.array([sheet.unit.name for sheet in sheets], pa.string()).take(at)
    status = [str(each["name"]) for each in fields if is_status(each)]
    # One column of status is called as the tidying calls one, so that releases stay alike.
    shown = {status[0]: "status_angka"} if len(status) == 1 else {}
    made = pa.table([codes, names, *data.columns],
                    names=[code, name, *(shown.get(each, each) for each in data.column_names)])
    own: list[dict[str, Any]] = [
        {"name": code, "type": "string", "title": f"Kode {kind}"},
        {"name": name, "type": "string", "title": f"Nama {kind}"}]
    rest = [{**each, "name": shown.get(str(each["name"]), each["name"])} for each in fields]
    return made, {"fields": [*own, *rest], "missingValues": [""]}


def _absent(missing: Sequence[Unit], kind: str) -> Iterable[Remark]:
    if missing:
        yield Remark("unit-missing", Severity.SEBAIKNYA, Message(N_(
            "{count} {kind} belum mengirim: {units}. Barisnya tidak ada; tidak diisi nol."), {
                "count": len(missing), "kind": kind, "units": named(missing)}),
            Message(N_("Gabung lagi setelah kirimannya datang, atau terbitkan dengan cakupan "
                       "pelaporan ini.")), tuple(unit.code for unit in missing))


def _unaccepted(waiting: Sequence[Unit], kind: str) -> Iterable[Remark]:
    if waiting:
        yield Remark("unit-waiting", Severity.SEBAIKNYA, Message(N_(
            "{count} {kind} sudah mengirim, tetapi kirimannya belum diterima: {units}."),
            {"count": len(waiting), "kind": kind, "units": named(waiting)}),
            Message(N_("Terima dahulu kirimannya, lalu gabung lagi.")),
            tuple(unit.code for unit in waiting))


def _without_figures(empty: Sequence[Unit], kind: str) -> Iterable[Remark]:
    if empty:
        yield Remark("unit-empty", Severity.SEBAIKNYA, Message(N_(
            "{count} {kind} mengirim tabel tanpa satu angka pun: {units}. Angkanya tetap kosong."),
            {"count": len(empty), "kind": kind, "units": named(empty)}),
            Message(N_("Tanyakan apakah angkanya memang belum ada.")),
            tuple(unit.code for unit in empty))
