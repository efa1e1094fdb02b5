"""What a template asks for: which columns, which rows stand there already, what may be typed."""
from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ckanext.satudata.domain import vocabulary, wilayah
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.intake import template_new
from ckanext.satudata.domain.intake.template_mark import MAX_COLUMNS, Field, Mark
from ckanext.satudata.domain.intake.template_source import (
    LONG,
    Seen,
    Source,
    moved,
    read,
    year_in,
)
from ckanext.satudata.domain.loading.shapes import is_list, is_object

__all__ = ["Column", "Plan", "TooWideError", "plan"]

#: Codes listed in a drop-down.
_LISTED = 2_000
#: Of so many values or fewer a column of words is a list to choose from.
_FEW = 40
_FIGURES = frozenset({"integer", "number"})
_TEXT = 200
#: Units of what is counted one by one: half a person is a slip of the hand.
_COUNTED = frozenset({
    "bayi", "balita", "buah", "desa", "dokumen", "ekor", "guru", "jiwa", "kasus", "kecamatan",
    "kejadian", "kelahiran", "kelompok", "keluarga", "kematian", "kepala keluarga", "kunjungan",
    "lembaga", "orang", "pegawai", "peserta", "puskesmas", "rumah", "rumah tangga", "sekolah",
    "siswa", "unit", "usaha"})


class TooWideError(ValueError):
    """More columns than a person fills in a sheet."""


@dataclass
class Column:
    """A column of the sheet that is filled.

    :ivar locked: it says what a row is about, and stands there already
    :ivar choices: code and label of what may be chosen; ``closed``: nothing else may be typed
    :ivar whole: figures without a fraction; ``sure``: so it was declared
    :ivar lowest: and ``highest``: of the figures, where it is known
    :ivar decimals: shown behind the comma
    """

    field: Field
    help: str = ""
    locked: bool = False
    choices: list[tuple[str, str]] = dataclasses.field(default_factory=list[tuple[str, str]])
    closed: bool = False
    whole: bool = False
    sure: bool = False
    lowest: float | None = None
    highest: float | None = None
    decimals: int = 0
    example: str = ""
    longest: int = 0
    required: bool = False


@dataclass
class Plan:
    """A template before it is written.

    :ivar rows: cells as the clean table writes them, a list per row in the order of the columns
    :ivar last: names and rows as they were published last; ``year`` they are of
    :ivar asked: the year that is asked for, if it is known
    """

    mark: Mark
    columns: list[Column]
    rows: list[list[str]]
    last: tuple[list[str], list[list[str]]] | None = None
    year: int | None = None
    asked: int | None = None
    said: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])


def plan(order: Mapping[str, Any]) -> Plan:
    """Plan the template of a dataset.

    :param order: ``dataset`` (id), ``title``; ``table``: ``csv`` (path) and ``columns`` (as the
        report of an inspection lists them), ``masked`` (those with personal data), and ``public``
        where it is published; ``schema``: the Table Schema that was declared; ``open``: whether
        values may be shown, ``keys``: whether what rows are about may; ``areas``,
        ``level``, ``unit``, ``year``; ``said``: what the guide tells
    :raises TooWideError: it has more columns than a person fills
    """
    declared = _declared_fields(order.get("schema"))
    table = order.get("table")
    if is_object(table):
        fields = _with_status([_field(each, declared) for each in table["columns"]])
        _check_width(fields)
        if all(each.is_good for each in fields):
            source = read(Path(table["csv"]), fields, whole=not table.get("public"))
            if source is not None and source.count:
                return _of_table(order, source, declared)
    fields: list[Field] = [_declared(each) for each in declared.values()]
    _check_width(fields)
    if fields and all(each.is_good for each in fields):
        rows = template_new.rows(fields, order)
    else:
        fields, rows = template_new.table(order)
    columns = [_column(each, Seen(), declared.get(each.name, {}), 0) for each in fields]
    for at, column in enumerate(columns):
        column.locked = bool(rows) and all(row[at] for row in rows)
    mark = Mark(order["dataset"], order["title"], tuple(fields), rows=len(rows))
    return Plan(mark, columns, rows, asked=order.get("year"), said=order.get("said") or {})


def _declared_fields(schema: Any) -> Mapping[str, Mapping[str, Any]]:
    fields = schema.get("fields") if is_object(schema) else None
    return {str(each.get("name")): each for each in (fields if is_list(fields) else [])
            if is_object(each)}


def _check_width(fields: Sequence[Field]) -> None:
    if len(fields) > MAX_COLUMNS:
        raise TooWideError(len(fields))


def _field(column: Mapping[str, Any], declared: Mapping[str, Mapping[str, Any]]) -> Field:
    """Return a column as it was read, with what was declared of it."""
    stated = declared.get(column["name"], {})
    kind, wanted = str(column["type"]), str(stated.get("type") or "")
    role = str(column.get("role") or "dimensi")
    if wanted == "string" or (wanted == "number" and kind == "integer"):
        kind = wanted
    elif wanted in _FIGURES and kind == "string" and stated.get("satuan"):
        kind, role = wanted, "ukuran"  # "umkm_nib" counts who has such a number, and is none
    return Field(
        str(column["name"]), kind, role,
        str(stated.get("title") or column.get("title") or "")[:_TEXT],
        _unit(str(stated.get("satuan") or column.get("unit") or "")) if role == "ukuran" else "",
        str(column.get("reference") or stated.get("kode_referensi") or "")[:_TEXT])


def _declared(stated: Mapping[str, Any]) -> Field:
    name, kind = str(stated.get("name")), str(stated.get("type") or "string")
    kind = {"any": "string", "time": "string", "object": "string"}.get(kind, kind)
    kind = "year" if kind == "integer" and name == "tahun" else kind
    role = "waktu" if kind in ("year", "yearmonth", "date", "datetime") else (
        "ukuran" if kind in _FIGURES else "dimensi")
    reference = str(stated.get("kode_referensi") or "")[:_TEXT]
    if reference == "wilayah":
        role = "wilayah"
    return Field(name, kind, role, str(stated.get("title") or "")[:_TEXT],
                 _unit(str(stated.get("satuan") or "")), reference)


def _unit(text: str) -> str:
    """Return a unit as it is read back: the label of its code."""
    units = vocabulary.get("satuan")
    return units[text].label_id if text in units else text[:_TEXT]


def _with_status(fields: list[Field]) -> list[Field]:
    """Say of columns of ``status_angka`` of which figures they are."""
    made: list[Field] = []
    for at, each in enumerate(fields):
        of = ""
        if each.role == "status" or each.reference == "status_angka":
            before = [one.name for one in fields[:at] if one.role == "ukuran"]
            named = each.name.removeprefix("status_")
            of = named if named in before else before[-1] if (
                before and each.name == "status_angka") else ""
        made.append(Field(each.name, each.type, each.role, each.title, each.unit, each.reference,
                          of))
    return made


def _of_table(
    order: Mapping[str, Any], source: Source, declared: Mapping[str, Mapping[str, Any]]
) -> Plan:
    may_see = bool(order.get("open"))
    at = [number for number, each in enumerate(source.fields) if not each.status_of]
    columns = [_column(source.fields[number], source.seen[number],
                       declared.get(source.fields[number].name, {}), source.count)
               for number in at]
    keys = _keys([source.fields[number] for number in at], [
        [row[number] for number in at] for row in source.last[:LONG]])
    measured = any(column.field.role == "ukuran" for column in columns)
    may_fill = may_see or (bool(order.get("keys")) and not order["table"].get("masked") and all(
        _is_no_secret(columns[number].field, source.seen[at[number]]) for number in keys))
    later = _moved(source, at, columns)
    rows: list[list[str]] = []
    for row in source.last if may_fill else ():
        cells = [row[number] for number in at]
        if any(cells[number] not in values for number, values in later.items()):
            continue
        for number, values in later.items():
            cells[number] = values[cells[number]]
        if may_see and not measured:
            rows.append(cells)
        elif measured:
            rows.append([cell if number in keys else "" for number, cell in enumerate(cells)])
    for number, column in enumerate(columns):
        column.locked = number in keys and bool(rows) and (measured or column.field.role in (
            "wilayah", "waktu"))
        if not may_see and not column.locked:
            column.example = ""
            if not column.closed:
                column.choices = []
    shown = None
    if may_see and source.count <= LONG and measured:
        shown = ([each.name for each in source.fields], source.last)
    continues = source.fields[source.period].name if source.period is not None else ""
    mark = Mark(order["dataset"], order["title"], tuple(source.fields), continues, len(rows))
    moved_on = source.year + 1 if source.year and source.period is not None else source.year
    return Plan(mark, columns, rows, shown, source.year, moved_on, order.get("said") or {})


def _is_no_secret(field: Field, seen: Seen) -> bool:
    """Tell whether values say of what a row is, and not of whom: areas, times, some categories."""
    return field.role in ("wilayah", "waktu") or field.reference != "" or seen.distinct is not None


def _moved(
    source: Source, at: Sequence[int], columns: Sequence[Column]
) -> dict[int, dict[str, str]]:
    """Return, by column of time, what its values of the last period are a year later.

    Beside the period itself those move on that say its year as well: a day, "Triwulan I 2025".
    """
    if source.period is None:
        return {}
    found: dict[int, dict[str, str]] = {}
    for number, place in enumerate(at):
        values = {row[place]: 1 for row in source.last}
        if place == source.period or (columns[number].field.role == "waktu" and all(
                year_in(value) == source.year for value in values)):
            found[number] = moved(values, columns[number].field.type)
    return found


def _keys(fields: Sequence[Field], rows: Sequence[Sequence[str]]) -> set[int]:
    """Return the columns that say what a row is about: all before the first figure, and further
    ones as far as rows are told apart only by them."""
    first = next((at for at, each in enumerate(fields) if each.role == "ukuran"), len(fields))
    keys = [at for at in range(first) if fields[at].role != "keterangan"]
    for at in range(first, len(fields)):
        told = {tuple(row[key] for key in keys) for row in rows}
        if len(told) == len(rows):
            break
        if fields[at].role in ("wilayah", "waktu", "dimensi", "kode"):
            keys.append(at)
    return set(keys)


def _column(field: Field, seen: Seen, stated: Mapping[str, Any], count: int) -> Column:
    limits = stated.get("constraints")
    limits = limits if is_object(limits) else {}
    figures = field.type in _FIGURES
    column = Column(
        field, str(stated.get("description") or "")[:_TEXT],
        longest=seen.longest, decimals=seen.decimals, required=limits.get("required") is True)
    if figures:
        column.whole = field.type == "integer"
        column.sure = column.whole and (
            stated.get("type") == "integer" or field.unit in _COUNTED)
        low = limits.get("minimum")
        column.lowest = float(low) if isinstance(low, (int, float)) else (
            0.0 if seen.lowest is None or seen.lowest >= 0 else None)
        high = limits.get("maximum")
        column.highest = float(high) if isinstance(high, (int, float)) else (
            100.0 if field.unit == "persen" and column.lowest == 0.0
            and (seen.highest is None or seen.highest <= 100) else None)
        column.example = "12.5" if not column.whole else "125"
        return column
    column.choices = _codes(field, seen)
    column.closed = bool(column.choices) and field.reference not in ("", "wilayah")
    column.example = next(iter(seen.distinct or {}), "") or (
        column.choices[0][0] if column.choices else "")
    allowed = limits.get("enum")
    if is_list(allowed) and 0 < len(allowed) <= _LISTED:
        column.choices = [(str(each)[:_TEXT], "") for each in allowed]
        column.closed = True
    elif not column.choices and field.type == "string" and field.role != "keterangan" and (
            seen.distinct and len(seen.distinct) <= _FEW and len(seen.distinct) * 2 <= seen.filled):
        column.choices = [(value, "") for value in sorted(seen.distinct)]
    elif not column.choices and field.type == "boolean":
        column.choices, column.closed = [("TRUE", "ya"), ("FALSE", "tidak")], True
    return column


def _codes(field: Field, seen: Seen) -> list[tuple[str, str]]:
    """Return the codes of the column's reference, with what they mean."""
    if field.reference == "wilayah":
        return [(code, wilayah.get(code).name) for code in sorted(seen.distinct or {})
                if _known(code)]
    if field.reference not in vocabulary.names():
        return []
    listed = vocabulary.get(field.reference)
    return [(each.code, each.label_id) for each in listed] if len(listed) <= _LISTED else []


def _known(code: str) -> bool:
    try:
        return wilayah.exists(code)
    except UnknownCodeError:
        return False
