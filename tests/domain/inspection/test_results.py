"""What an inspection leaves in its folder can be read by anybody."""
from __future__ import annotations

import csv
import json
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pytest
from inspected_samples import EVIL, inspected, raw_file

from ckanext.satudata.domain.inspection import downloads, published, results
from ckanext.satudata.domain.inspection.checks.base import Check, Hits
from ckanext.satudata.domain.inspection.notes import Message, Principle, Severity
from ckanext.satudata.domain.inspection.sheet import Span
from ckanext.satudata.domain.inspection.table import Role, TidyColumn, TidyTable


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


class Valued(Example):
    template = "Baris {row} kolom {column}: {value} ({far} {unit})"
    how = "Tanpa nilai."


class Alone(Valued):
    def finding(self, table, hits, at):
        return replace(super().finding(table, hits, at), how=Message("Baris ini saja."))


class Clean(Example):
    code = "bersih"


class Broken(Example):
    code = "putus"
    title = "Putus"


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
    results.write(handed, raw_file("csv", "rekap.csv"), [results.Result(found, {"rows": 3})],
                  (Example, Clean, Broken), tmp_path / "hasil")
    return tmp_path / "hasil"


def test_counts_are_complete_and_a_check_that_broke_off_is_not_called_clean(folder):
    made = json.loads((folder / "report.json").read_text("utf-8"))
    assert made["counts"] == {"wajib": 1, "sebaiknya": 2, "saran": 0, "by_code": {"contoh": 3}}
    assert made["scores"] == {"kode_referensi": 70}  # 100 - 12 x (1/2 + 1/3) - 30 x (1/2 + 1/6)
    assert [each["cell"] for each in made["findings"]] == ["B7", "B6", "B7"]
    assert "“Putus” tidak selesai" in made["remarks"][-1]["text"]


def test_every_result_is_there_and_named_in_the_report(folder):
    made = json.loads((folder / "report.json").read_text("utf-8"))
    (table,) = made["tables"]
    named = {*table["files"].values(), made["files"]["annotated"], "report.json"}
    assert {path.name for path in folder.iterdir()} == named
    assert len(made["sha256"]) == 64 and made["bytes"] == 8
    assert table["masked"] == {"nik_petugas": "nik"}


def test_the_download_says_of_every_finding_what_the_report_says(folder):
    made = json.loads((folder / "report.json").read_text("utf-8"))
    with (folder / "catatan-1.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == downloads.COLUMNS
    assert [row["catatan"].lstrip("'") for row in rows] == [
        each["message"]["text"] for each in made["findings"]]
    assert [(row["no"], row["sel"], row["baris"]) for row in rows] == [
        (str(number), each["cell"], str(each["row"]))
        for number, each in enumerate(made["findings"], 1)]
    assert rows[0]["nilai"] == "'" + EVIL  # a spreadsheet must not run it


def test_every_kind_of_value_is_told_as_in_the_report(tmp_path):
    table = TidyTable(
        "S", "", Span(0, 0, 6, 1),
        [TidyColumn("x", "string", Role.KETERANGAN), TidyColumn("y", "number", Role.UKURAN)],
        pa.table({"x": ["=1+1", "-5", "@x", "+62", "-", "3604050101800003"],
                  "y": [1.0, 2.5, None, 1e20, 0.1, -3.0]}),
        np.arange(1, 7), {"x": np.zeros(6, int), "y": np.array([1, 1, 1, -1, 1, 2])}, "f")
    every = np.arange(6)
    dates = pa.array([date(2026, 1, day) for day in range(1, 7)])
    hits = [Hits(Valued(), "x", every, {"unit": "jiwa"}, {"far": pa.array(every * 1.5)}),
            Hits(Valued(), "y", every, {"unit": 3}, {"far": dates},
                 proposed=pa.array(["a", None, "c", "d", "e", "f"])),
            Hits(Valued(), "x", every, {"unit": ""}, {"far": pa.array(every)}, masked=True),
            Hits(Alone(), "x", every[:2], {"unit": ""}, {"far": pa.array(every[:2])}),
            Hits(Valued(), None, np.array([], int), {"unit": "", "far": 1.5})]
    found = Found(table, hits, [])
    assert downloads.write_findings(tmp_path / "c.csv", found) == 21
    with (tmp_path / "c.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, finding in zip(rows, found.all(), strict=True):
        assert row["catatan"] == finding.message.text()
        assert row["cara_memperbaiki"] == finding.how.text()
        assert row["nilai"].lstrip("'") == (finding.value or "").lstrip("'")
        assert row["sel"] == (finding.cell or "") and row["usulan"] == (finding.proposed or "")
        assert row["baris"] == ("" if finding.row is None else str(finding.row))
    assert [row["nilai"] for row in rows[:5]] == ["'=1+1", "-5", "'@x", "+62", "'-"]
    assert rows[17]["nilai"] == "3604" + "•" * 12


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


def test_a_table_is_written_byte_for_byte_as_postgresql_gives_its_rows(tmp_path):
    path = tmp_path / "tabel.csv"
    data = pa.table({
        "angka": [1e15, -0.0, None, 1.5e-9, 3.0],
        "teks": ["x", "a,b", 'q"q', None, " l\nm\r"],
        "saat": pa.array([datetime(2026, 5, 24, 10), datetime(2026, 5, 24, 10, 0, 0, 270000), None,
                          datetime(2026, 5, 20), datetime(2026, 1, 1, 0, 0, 30)],
                         pa.timestamp("ms"))})
    results.write_table(data, path)
    assert path.read_bytes().decode() == (
        "angka,teks,saat\n1000000000000000,x,2026-05-24T10:00:00\n"
        '0,"a,b",2026-05-24T10:00:00.27\n,"q""q",\n0.0000000015,,2026-05-20T00:00:00\n'
        '3," l\nm\r",2026-01-01T00:00:30\n')
    results.write_table(data.slice(0, 0), path)
    assert path.read_text() == "angka,teks,saat\n"


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
