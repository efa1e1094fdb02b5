"""Read one data file whatever its kind; the body of the child process."""
from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.inspection.bounds import unpacked
from ckanext.satudata.domain.inspection.formats import dialect as dialects
from ckanext.satudata.domain.inspection.formats.dialect import Dialect
from ckanext.satudata.domain.inspection.notes import RefusedFile
from ckanext.satudata.domain.loading import json_table, workbook
from ckanext.satudata.domain.loading.limits import Limits
from ckanext.satudata.domain.loading.problems import N_, LoadError, Place
from ckanext.satudata.domain.loading.table import NotATable, Table, build

__all__ = ["TABLE_FORMATS", "filled", "format_of", "read"]

TABLE_FORMATS = frozenset(["CSV", "TSV", "TXT", "XLSX", "XLS", "JSON"])


def format_of(name: str) -> str:
    """Return the format by the file's name, upper case, ``CSV`` for ``x.csv.gz``."""
    suffixes = [suffix.lstrip(".").upper() for suffix in Path(name).suffixes]
    if suffixes and suffixes[-1] == "GZ" and len(suffixes) > 1:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def read(
    path: Path,
    name: str,
    target: Path,
    limits: Limits,
    declared: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Read ``path`` into ``target`` and return what was found, as JSON data.

    :returns: ``fields`` (Table Schema), ``ids``, ``rows``, ``encoding``,
        ``delimiter``, ``problems``, ``remarks``.
    :raises NotATable: readable, but no clean table.
    :raises LoadError: not readable.
    """
    try:
        return _read(path, name, target, limits, declared or {})
    except RefusedFile as refused:
        raise LoadError(Place(name), refused.message.template,
                        **refused.message.values) from refused


def _read(
    path: Path, name: str, target: Path, limits: Limits, declared: Mapping[str, str]
) -> dict[str, Any]:
    place = Place(name)
    kind = format_of(name)
    found: dict[str, Any] = {"encoding": None, "delimiter": None}
    remarks: list[tuple[str, dict[str, Any]]] = []
    if kind in ("XLSX", "XLS"):
        sheet, others, rows, _ = workbook.first_sheet(path, limits, place)
        table = build(rows, target, limits, Place(name, sheet=sheet), declared)
        if others:
            remarks.append((N_("hanya lembar {sheet} yang masuk tabel; lembar lain: {others}"),
                            {"sheet": sheet, "others": ", ".join(others)}))
    elif kind == "JSON":
        table = build(json_table.rows(path, limits, place), target, limits, place, declared)
    elif kind in TABLE_FORMATS:
        table, dialect = _read_text(path, target, limits, place, declared)
        found["encoding"], found["delimiter"] = dialect.encoding, dialect.delimiter
        if dialect.encoding not in ("utf-8", "utf-8-sig"):
            remarks.append((N_("pengodean {encoding}"), {"encoding": dialect.encoding}))
    else:
        raise NotATable(place, N_("format {format} disimpan sebagai berkas."), format=kind or "?")
    return found | {
        "fields": table.fields(),
        "ids": table.ids,
        "rows": table.rows,
        "problems": [problem.as_dict() for problem in table.problems],
        "remarks": remarks + table.remarks,
    }


def _read_text(
    path: Path, target: Path, limits: Limits, place: Place, declared: Mapping[str, str]
) -> tuple[Table, Dialect]:
    """Read by the quoting that leaves the fewest rows out, the standard's first."""
    with unpacked(path, limits) as plain:
        found = dialects.detect(plain, limits)
        readings: list[tuple[Table, Dialect]] = []
        failure: NotATable | None = None
        for number, dialect in enumerate(dialects.quotings(found)):
            attempt = target.with_name(f"{target.name}.{number}")
            try:
                with plain.open("rb") as stream:
                    table = build(
                        filled(dialects.records(stream, dialect, limits)),
                        attempt, limits, place, declared, comma_expected=found.delimiter == ";",
                    )
            except csv.Error as error:
                failure = failure or NotATable(place, N_(
                    "tanda kutip di berkas ini tidak berpasangan ({error})."), error=str(error))
                continue
            except NotATable as error:
                failure = error
                continue
            except RefusedFile as refused:
                failure = failure or NotATable(
                    place, refused.message.template, **refused.message.values)
                continue
            readings.append((table, dialect))
            if not table.problems:
                break
    if not readings:
        assert failure is not None
        raise failure
    table, dialect = min(readings, key=lambda reading: len(reading[0].problems))
    table.csv.replace(target)
    table.csv = target
    return table, dialect


def filled(rows: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Leave out blank rows."""
    return ((line, cells) for line, cells in rows if any(cells))
