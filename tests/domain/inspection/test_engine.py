"""All checks over a clean table: what is found, counted in full, and listed within bounds."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from ckanext.satudata.domain.inspection import engine
from ckanext.satudata.domain.inspection.checks import registry
from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.notes import Principle, Severity
from ckanext.satudata.domain.inspection.sheet import Span
from ckanext.satudata.domain.inspection.table import Role, TidyColumn, TidyTable

ARROW = {"string": pa.string(), "integer": pa.int64(), "year": pa.int64(), "number": pa.float64(),
         "boolean": pa.bool_(), "date": pa.date32(), "datetime": pa.timestamp("ms"),
         "yearmonth": pa.string()}


def clean(columns: dict[str, tuple[str, list[Any]]], **constraints: dict[str, Any]) -> TidyTable:
    """Return a clean table whose rows stand from row 5 of a sheet on."""
    fields = [TidyColumn(name, kind, Role.UKURAN, constraints=constraints.get(name, {}))
              for name, (kind, _) in columns.items()]
    data = pa.table({name: pa.array(values, ARROW[kind])
                     for name, (kind, values) in columns.items()})
    rows = np.arange(4, 4 + data.num_rows)
    cells = {name: np.full(data.num_rows, at) for at, name in enumerate(columns)}
    return TidyTable("Lembar1", "Tabel", Span(3, 0, 3 + data.num_rows, len(columns) - 1), fields,
                     data, rows, cells, "sidik")


def standard(table: TidyTable, **options: Any) -> engine.Checked:
    checks = [check for check, name in zip(registry.all_checks(), registry.MODULES, strict=True)
              if name in registry.STANDARD]
    checked = engine.run(table, checks=checks, **options)
    assert not checked.failed
    return checked


def said(checked: engine.Checked) -> list[str]:
    return [one.message.text() for one in checked.listed()]


PEOPLE = {
    "kode_wilayah": ("string", ["36.04.01", "36.04.02", "36.04.03"]),
    "tahun": ("year", [2024, 2024, 2024]),
    "jumlah": ("integer", [10, 20, 30]),
    "luas": ("number", [1.5, 2.0, None]),
    "tanggal": ("date", [date(2024, 1, 1), date(2024, 1, 2), None]),
}


def test_a_clean_table_has_no_findings() -> None:
    assert standard(clean(PEOPLE)).counts == {
        "wajib": 0, "sebaiknya": 0, "saran": 0, "by_code": {}}


def test_constraints_of_the_columns_are_said_in_words_with_the_cell_of_the_sheet() -> None:
    table = clean(PEOPLE, jumlah={"minimum": 15, "maximum": 25}, luas={"required": True},
                  kode_wilayah={"pattern": r"36\.04\.0[12]"}, tahun={"enum": [2024]})
    checked = standard(table)
    assert said(checked) == [
        "Baris 7, kolom kode_wilayah: “36.04.03” tidak sesuai pola 36\\.04\\.0[12].",
        "Baris 5, kolom jumlah: 10 di bawah batas terkecil 15.",
        "Baris 7, kolom jumlah: 30 di atas batas terbesar 25.",
        "Baris 7, kolom luas kosong, padahal wajib diisi.",
    ]
    lowest = checked.listed()[1]
    assert (lowest.cell, lowest.row, lowest.field_position, lowest.value) == ("C5", 1, 3, "10")
    assert checked.counts["wajib"] == 4


def test_a_declared_schema_is_held() -> None:
    table = clean({
        "kode": ("string", ["01", "02", "02"]),
        "jumlah": ("string", ["10", "sepuluh", None]),
        "lain": ("integer", [1, 2, 3]),
    })
    schema = {"fields": [
        {"name": "kode", "type": "string", "constraints": {"unique": True}},
        {"name": "jumlah", "type": "integer"},
        {"name": "satuan", "type": "string"},
    ], "primaryKey": ["kode"]}
    assert said(standard(table, schema=schema)) == [
        "Kolom ke-3 bernama “lain”, menurut skema “satuan”.",
        "Baris 7: kunci kode kosong atau sama dengan baris lain.",
        "Baris 6, kolom jumlah: “sepuluh” bukan bilangan bulat.",
        "Baris 7, kolom kode: “02” sudah ada di baris 6.",
    ]


def test_codes_are_looked_up_in_their_vocabulary_and_in_kode_wilayah() -> None:
    table = clean({"sifat": ("string", ["tetap", "sementara", "kira-kira", None]),
                   "wilayah": ("string", ["36.04", "99.99", "36.04.05", "36.73"])})
    table.columns[0].reference = "sifat_angka"
    schema = {"fields": [{"name": name, "type": "string"} for name in ("sifat", "wilayah")],
              "foreignKeys": [{"fields": ["wilayah"],
                               "reference": {"resource": "wilayah", "fields": ["kode"]}}]}
    assert said(standard(table, schema=schema)) == [
        "Baris 6, kolom wilayah: “99.99” tidak ada dalam daftar wilayah.",
        "Baris 7, kolom sifat: “kira-kira” tidak ada dalam daftar sifat_angka.",
    ]


def test_equal_and_blank_rows_are_told_apart() -> None:
    table = clean({"a": ("string", ["x", None, "x", None, "x"]),
                   "b": ("number", [1.0, None, 1.0, None, 2.0])})
    assert said(standard(table)) == ["Baris 6 kosong.", "Baris 8 kosong.",
                                     "Baris 7 sama persis dengan baris 5."]


@pytest.mark.parametrize("kind, values, declared, wrong", [
    ("number", [1.0, 2.5], "integer", [2]),
    ("integer", [1, 2], "number", []),
    ("integer", [2024, 20245], "year", [2]),
    ("year", [2024, 2025], "integer", []),
    ("string", ["2024-01", "2024-13"], "yearmonth", [2]),
    ("string", ["2024-01-31", "31/01/2024"], "date", [2]),
    ("boolean", [True, False], "boolean", []),
])
def test_types_are_compared_by_what_the_values_are(
        kind: str, values: list[Any], declared: str, wrong: list[int]) -> None:
    checked = standard(clean({"a": (kind, values)}),
                       schema={"fields": [{"name": "a", "type": declared}]})
    assert [one.row for one in checked.listed()] == wrong


class Many(Check):
    """Finds something in every row."""

    code, principle, severity = "many", Principle.METADATA, Severity.SARAN
    title, template, how = "Banyak", "Baris {row}.", "Biarkan."

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        yield Hits(self, "a", np.arange(table.data.num_rows))


class Broken(Many):
    """Breaks off."""

    code = "broken"

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        raise ZeroDivisionError


class Blocking(Many):
    """As many again, blocking."""

    code, severity = "blocking", Severity.WAJIB


def test_counts_are_complete_lists_are_capped_and_no_check_hides_another() -> None:
    table = clean({"a": ("integer", list(range(5000)))})
    checked = engine.run(table, checks=[Many, Blocking])
    assert checked.counts == {"wajib": 5000, "sebaiknya": 0, "saran": 5000,
                              "by_code": {"blocking": 5000, "many": 5000}}
    listed = checked.listed()
    assert len(listed) == engine.LISTED
    assert [one.severity for one in listed] == [Severity.WAJIB] * 980 + [Severity.SARAN] * 20
    assert sum(1 for _ in checked.all()) == 10_000


def test_a_check_that_breaks_off_is_named_and_hides_no_other() -> None:
    checked = engine.run(clean(PEOPLE), checks=[Broken, Many])
    assert checked.failed == ["broken"]
    assert checked.counts["saran"] == 3
