"""From rows to a clean table: one header row, typed columns, a CSV to fill a database with.

This is the simple road: a table that starts in the first row. Whatever is not
such a table (title rows, merged headers, footnotes, several tables) is named
and left to the inspection; it is never loaded by guess.
"""
from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.loading.columns import Column, datastore_ids
from ckanext.satudata.domain.loading.limits import Limits
from ckanext.satudata.domain.loading.problems import N_, LoadError, Place, Problem

__all__ = ["NotATable", "Table", "build"]

_BATCH = 10_000
_NUMERIC = re.compile(r"-?\d[\d.,]*")
_ARTEFACT = re.compile(r"Unnamed: \d+", re.IGNORECASE)
_NOTE = re.compile(
    r"\W*(?:<\w+>)?\W*(?:(?:catatan|sumber|keterangan|ket|notes?|source)\b|\d\))|\*", re.IGNORECASE)
_NOTE_LENGTH = 80
#: More rows than this share that do not fit the header: it is no table with a few bad rows.
_BAD_SHARE = 0.01


class NotATable(LoadError):
    """The content is readable but is no clean table: keep the file, fill no datastore."""


@dataclass
class Table:
    """A table as found; ``csv`` holds its rows without header, empty for missing."""

    columns: list[Column]
    ids: list[str]
    rows: int
    csv: Path
    comma_expected: bool = False
    problems: list[Problem] = field(default_factory=list[Problem])
    remarks: list[tuple[str, dict[str, Any]]] = field(
        default_factory=list[tuple[str, dict[str, Any]]]
    )

    def fields(self) -> list[dict[str, Any]]:
        """Return Table Schema fields; ``kolom`` is the id the datastore uses, where it differs."""
        result: list[dict[str, Any]] = []
        for column, identifier in zip(self.columns, self.ids, strict=True):
            entry: dict[str, Any] = {"name": column.name, "type": column.type(self.comma_expected)}
            if entry["type"] == "number" and column.decimal_comma(self.comma_expected):
                entry["decimalChar"] = ","
                if column.grouped:
                    entry["groupChar"] = "."
            if identifier != column.name:
                entry["kolom"] = identifier
            result.append(entry)
        return result


def build(
    rows: Iterable[tuple[int, list[str]]],
    target: Path,
    limits: Limits,
    place: Place,
    declared: Mapping[str, str] | None = None,
    comma_expected: bool = False,
) -> Table:
    """Write the rows after the header to ``target`` and find the type of each column.

    :param declared: type by column name that a schema states; only ``string``
        binds, a number stays text if its values are none.
    :raises NotATable: naming the first thing that keeps it from being a table.
    """
    iterator = iter(rows)
    try:
        header_line, header = next(iterator)
    except StopIteration:
        raise NotATable(place, N_("berkas tidak berisi baris apa pun.")) from None
    names = _names(header, _at(place, header_line), limits)
    width = len(names)
    columns = [Column(name, (declared or {}).get(name)) for name in names]
    table = Table(columns, [], 0, target, comma_expected)
    body = _Body(table, place, limits, width)
    with target.open("w", encoding="utf-8", newline="") as out:
        body.write(iterator, csv.writer(out, lineterminator="\n"))
    _finish(table, body)
    return table


def _at(place: Place, line: int, column: str | None = None) -> Place:
    return Place(place.file, line, column, place.sheet)


def _names(header: list[str], place: Place, limits: Limits) -> list[str]:
    names = [" ".join(name.split()) for name in header]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise NotATable(place, N_("baris pertama kosong. Letakkan judul kolom di baris pertama."))
    if len(names) > limits.columns:
        raise NotATable(place, N_("ada {count} kolom, batasnya {limit}."),
                        count=len(names), limit=limits.columns)
    if _NUMERIC.fullmatch(names[0]):
        raise NotATable(place, N_(
            "baris pertama berisi data, bukan judul kolom ({name}). Tambahkan satu baris "
            "judul kolom."),
            name=names[0])
    seen: dict[str, int] = {}
    for number, name in enumerate(names, 1):
        here = _at(place, place.line or 1, str(number))
        if not name:
            raise NotATable(here, N_(
                "kolom ke-{number} tidak berjudul. Beri setiap kolom satu judul di satu baris, "
                "tanpa sel gabungan."), number=number)
        if _ARTEFACT.match(name):
            raise NotATable(here, N_(
                "judul kolom \"{name}\" bukan judul yang sebenarnya. Tulis judul kolomnya."),
                name=name)
        if name.casefold() in seen:
            raise NotATable(here, N_(
                "judul kolom \"{name}\" dipakai dua kali (kolom ke-{first} dan ke-{second})."),
                name=name, first=seen[name.casefold()], second=number)
        seen[name.casefold()] = number
    return names


class _Body:
    """The rows below the header: shape, bounds and notes while they are written."""

    def __init__(self, table: Table, place: Place, limits: Limits, width: int) -> None:
        self.table, self.place, self.limits, self.width = table, place, limits, width
        #: In a table of two columns a row with one value is a missing value, no footnote.
        self.watch_notes = width >= 3
        self.short = 0
        self.bad = 0
        self.first_bad: Problem | None = None
        self.notes: list[int] = []
        self.last_full = 0

    def write(self, rows: Iterator[tuple[int, list[str]]], writer: Any) -> None:
        """Write all good rows, remember the others."""
        batch: list[list[str]] = []
        for line, raw in rows:
            cells = self._fit(line, raw)
            if cells is None:
                continue
            batch.append(cells)
            if len(batch) >= _BATCH:
                self._flush(batch, writer)
                batch = []
        self._flush(batch, writer)

    def _fit(self, line: int, raw: list[str]) -> list[str] | None:
        cells = [cell.strip() for cell in raw]
        if not any(cells):
            return None
        if len(cells) > self.width:
            if any(cells[self.width:]):
                self._refuse(line, len(raw))
                return None
            del cells[self.width:]
        elif len(cells) < self.width:
            self.short += 1
            cells.extend([""] * (self.width - len(cells)))
        if self.watch_notes:
            if _is_note(cells):
                self.notes.append(line)
            elif any(cells[1:]):
                self.last_full = line
        return cells

    def _refuse(self, line: int, count: int) -> None:
        self.bad += 1
        problem = Problem(_at(self.place, line), N_(
            "baris ini berisi {count} sel, sedangkan judulnya {width}. "
            "Baris dilewati; periksa tanda kutip dan pemisah di baris ini."),
            {"count": count, "width": self.width}, fatal=True)
        self.first_bad = self.first_bad or problem
        if len(self.table.problems) < self.limits.problems:
            self.table.problems.append(problem)

    def _flush(self, batch: list[list[str]], writer: Any) -> None:
        if not batch:
            return
        self.table.rows += len(batch)
        if self.table.rows > self.limits.rows:
            raise NotATable(self.place, N_("baris melebihi batas {limit}."), limit=self.limits.rows)
        if self.table.rows * self.width > self.limits.cells:
            raise NotATable(self.place, N_("sel melebihi batas {limit}."), limit=self.limits.cells)
        writer.writerows(batch)
        for column, values in zip(self.table.columns, zip(*batch, strict=True), strict=True):
            column.feed(values)


def _is_note(cells: list[str]) -> bool:
    """Tell a footnote from a row whose figures are missing: by its words or its length."""
    if not cells[0] or any(cells[1:]):
        return False
    return bool(_NOTE.match(cells[0])) or len(cells[0]) > _NOTE_LENGTH


def _finish(table: Table, body: _Body) -> None:
    """Decide whether what was written is a table; name what was decided about it."""
    if body.bad > (table.rows + body.bad) * _BAD_SHARE:
        assert body.first_bad is not None
        raise NotATable(body.first_bad.place, N_(
            "{bad} baris tidak sama lebarnya dengan judul kolom (yang pertama di sini)."),
            bad=body.bad)
    notes = [line for line in body.notes if line > body.last_full]
    if notes and table.rows > len(notes):
        raise NotATable(_at(body.place, notes[0]), N_(
            "di bawah tabel ada catatan. Pindahkan catatan ke uraian dataset atau berkas "
            "dokumentasi."))
    table.ids = datastore_ids([column.name for column in table.columns])
    if body.short:
        table.remarks.append((
            N_("{count} baris lebih pendek dari judulnya dan dilengkapi sel kosong"),
            {"count": body.short}))
    for column in table.columns:
        if column.ambiguous():
            table.remarks.append((N_(
                "kolom \"{name}\" disimpan sebagai teks: titik di dalamnya bisa desimal atau "
                "ribuan"),
                {"name": column.name}))
    if not table.rows:
        table.remarks.append((N_("tabel hanya berisi judul kolom"), {}))
    _rewrite_commas(table)


def _rewrite_commas(table: Table) -> None:
    """Turn ``1.234,5`` into ``1234.5`` in the columns that are written so."""
    places = [
        index for index, column in enumerate(table.columns)
        if column.type(table.comma_expected) == "number"
        and column.decimal_comma(table.comma_expected)
    ]
    if not places:
        return
    rewritten = table.csv.with_suffix(".koma")
    with table.csv.open(encoding="utf-8", newline="") as source, rewritten.open(
        "w", encoding="utf-8", newline=""
    ) as out:
        writer = csv.writer(out, lineterminator="\n")
        for cells in csv.reader(source):
            for index in places:
                cells[index] = cells[index].replace(".", "").replace(",", ".")
            writer.writerow(cells)
    rewritten.replace(table.csv)
    table.remarks.append((N_("angka ditulis dengan koma desimal"), {}))
