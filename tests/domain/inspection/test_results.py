"""What an inspection leaves in its folder can be read by anybody."""
from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pytest
from inspected_samples import inspected, raw_file

from ckanext.satudata.domain.inspection import published, results
from ckanext.satudata.domain.inspection.checks.base import Check, Hits
from ckanext.satudata.domain.inspection.notes import Principle, Severity
from ckanext.satudata.domain.inspection.pipeline import Inspected, TableResult
from ckanext.satudata.domain.inspection.table import TidyTable


class Example(Check):
    """A check as any other."""

    code = "contoh"
    principle = Principle.KODE_REFERENSI
    severity = Severity.SEBAIKNYA
    title = "Contoh"
    template = "“{value}” di baris {row}."
    how = "Ganti."

    def run(self, table, facts, previous):
        yield Hits(self, "kecamatan", np.array([1, 2]))
        yield Hits(self, "kecamatan", np.array([2]), severity=Severity.WAJIB)


class Clean(Example):
    code = "bersih"


class Broken(Example):
    code = "putus"


@dataclass
class Found:
    """The answer of the engine: hits, the findings made of them, and checks that broke off."""

    table: TidyTable
    hits: list[Hits]
    failed: list[str]

    def all(self):
        return (hits.check.finding(self.table, hits, at) for hits in self.hits
                for at in range(max(len(hits.rows), 1)))

    def listed(self):
        return list(self.all())


@pytest.fixture
def folder(tmp_path):
    table = inspected().table
    handed = tmp_path / "rekap.csv"
    handed.write_text("apa saja")
    found = Found(table, list(Example().run(table, None, None)), ["putus"])
    inspection = Inspected(handed, raw_file("csv", "rekap.csv"),
                           [TableResult(table, found, {"rows": 3})],
                           checks=(Example, Clean, Broken))
    results.write(inspection, tmp_path / "hasil")
    return tmp_path / "hasil"


def test_counts_are_complete_and_a_check_that_broke_off_is_not_called_clean(folder):
    made = json.loads((folder / "report.json").read_text("utf-8"))
    assert made["counts"] == {"wajib": 1, "sebaiknya": 2, "saran": 0, "by_code": {"contoh": 3}}
    # contoh: 2 x (0.3 + 0.4 x 1/3) and 3 x (0.5 x 2/3); bersih: 2; of 7
    assert made["scores"] == {"kode_referensi": 55}
    assert [each["cell"] for each in made["findings"]] == ["B7", "B6", "B7"]


def test_every_result_is_there_and_named_in_the_report(folder):
    made = json.loads((folder / "report.json").read_text("utf-8"))
    (table,) = made["tables"]
    named = {*table["files"].values(), made["annotated"], "report.json"}
    assert {path.name for path in folder.iterdir()} == named
    assert len(made["sha256"]) == 64 and made["bytes"] == 8
    assert table["masked"] == {"nik_petugas": "nik"}


def test_the_table_is_valid_by_its_own_schema(folder):
    from frictionless import Resource, Schema

    schema = Schema.from_descriptor(json.loads((folder / "skema-1.json").read_text("utf-8")))
    resource = Resource(path="tabel-1.csv", basepath=str(folder), schema=schema)
    assert resource.validate().valid
    rows = [row.to_dict() for row in resource.read_rows()]
    assert [row["kunjungan"] for row in rows] == [50360, None, 18019]


def test_values_of_every_type_are_written_as_table_schema_reads_them(tmp_path):
    path = tmp_path / "tabel.csv"
    data = pa.table({
        "kode, ya": ["01", None, "a"], "angka": [1.5, None, 0.1],
        "bulat": [422551661922, 0, None],
        "hari": pa.array([date(2026, 1, 2), None, None]), "ya": [True, False, None],
        "saat": pa.array([datetime(2026, 5, 24, 16, 30, 0, 273000)] * 3, pa.timestamp("ms")),
    })
    results.write_table(data, path)
    assert path.read_text("utf-8").splitlines() == [
        '"kode, ya",angka,bulat,hari,ya,saat',
        "01,1.5,422551661922,2026-01-02,true,2026-05-24T16:30:00.273",
        ",,0,,false,2026-05-24T16:30:00.273",
        "a,0.1,,,,2026-05-24T16:30:00.273"]
    texts = ['a"b', "x,y", "dua\nbaris"]
    results.write_table(pa.table({"teks": texts, "n": [1, 2, 3]}), path)
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1:] == [[text, str(at)] for at, text in enumerate(texts, 1)]


def test_a_release_is_read_back_as_it_was_written(tmp_path):
    data = pa.table({
        "kode": ["01", None, 'a"b'], "n": [1.5, None, 0.1], "tahun": [2024, 2025, None],
        "hari": pa.array([date(2026, 1, 2), None, None]), "ya": [True, False, None],
        "saat": pa.array([datetime(2026, 5, 24, 16, 30, 0, 273000)] * 3, pa.timestamp("ms"))})
    types = ("string", "number", "year", "date", "boolean", "datetime")
    schema = {"fields": [{"name": name, "type": kind}
                         for name, kind in zip(data.column_names, types, strict=True)]}
    results.write_table(data, tmp_path / "t.csv")
    assert published.read(tmp_path / "t.csv", schema).data.equals(data)
    # Published before this engine, by hand: no base to compare with, no error either.
    (tmp_path / "lama.csv").write_text("kode;n\n01;banyak\n")
    assert published.read(tmp_path / "lama.csv", schema) is None
