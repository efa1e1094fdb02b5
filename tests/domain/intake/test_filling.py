"""The form asks what only people know; the rest is proposed, with where it came from."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from ckanext.satudata.domain.demo import catalog, describe
from ckanext.satudata.domain.demo.figures import Figures
from ckanext.satudata.domain.demo.region import Region
from ckanext.satudata.domain.demo.spec import Dataset
from ckanext.satudata.domain.demo.writing import write
from ckanext.satudata.domain.inspection import pipeline
from ckanext.satudata.domain.intake import filling
from ckanext.satudata.domain.intake.candidates import Source
from ckanext.satudata.domain.intake.filling import Facts, Standard
from ckanext.satudata.domain.intake.sheet import File, from_files
from ckanext.satudata.domain.metadata_derive import Agency, Installation, fill

TODAY = date(2026, 11, 22)
AGENCY = Agency("a1", "dinkes", "Dinas Kesehatan", ("1.02",), "dinkes@serangkab.go.id")
HOME = Installation("https://data.a.id", "36.04", "Pemerintah Kabupaten Serang",
                    "Diskominfo", "statistik@serangkab.go.id")
FILE = {"id": "r1", "url": "x.csv", "format": "CSV", "name": "Tabel"}


def read(path: Path, out: Path) -> File:
    out.mkdir(exist_ok=True)
    return File(path.name, pipeline.answer({
        "path": str(path), "name": path.name, "out": str(out), "facts": {"home": "36.04"}}))


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> File:
    """A sheet as an office makes it for printing."""
    folder = tmp_path_factory.mktemp("messy")
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Rekap"
    sheet["A1"] = "JUMLAH KUNJUNGAN RAWAT JALAN PUSKESMAS MENURUT KECAMATAN DAN JENIS KELAMIN"
    sheet["A2"] = "KABUPATEN SERANG TAHUN 2026"
    for cell, text in (("A4", "NO"), ("B4", "KECAMATAN"), ("C4", "KUNJUNGAN (orang)"),
                       ("C5", "L"), ("D5", "P")):
        sheet[cell] = text
    sheet.merge_cells("C4:D4")
    for at, (name, men, women) in enumerate((
            ("Kramatwatu", 24308, 26052), ("Waringinkurung", 9417, 10204),
            ("Bojonegara", 8866, 9153), ("Pulo Ampel", 7000, 7100))):
        for column, value in enumerate((at + 1, name, men, women), 1):
            sheet.cell(6 + at, column, value)
    for column, value in enumerate(("", "JUMLAH", 49591, 52509), 1):
        sheet.cell(10, column, value)
    sheet["A11"] = "Sumber: Dinas Kesehatan, SIMPUS 2026"
    book.save(folder / "kunjungan.xlsx")
    return read(folder / "kunjungan.xlsx", folder / "out")


def draft(**more: Any) -> dict[str, Any]:
    """A draft that holds what the portal fills by itself."""
    made = {"type": "dataset", "title": "Jumlah kunjungan rawat jalan puskesmas",
            "owner_org": "a1", "resources": [FILE], **more}
    return {**made, **fill(made, "dataset", AGENCY, HOME)}


def facts(dataset: Mapping[str, Any], *files: File, **more: Any) -> Facts:
    return Facts(dataset, AGENCY, HOME, files, **more)


def proposed(known: Facts, *leave: str) -> dict[str, Any]:
    return {each.field: each.candidate.value
            for each in filling.proposals(known, filling.candidates(known), leave)}


def asked(known: Facts) -> set[str]:
    made = filling.proposals(known, filling.candidates(known))
    return {each.field for each in filling.asked(known, made, TODAY)}


# ------------------------------------------------------------------- a new dataset


def test_a_printed_sheet_says_most_of_a_new_dataset(messy: File) -> None:
    known = facts(draft(), messy)
    made = proposed(known)
    assert made["temporal_coverage"] == [{"start": "2026"}]
    assert made["tingkat_penyajian"] == "kecamatan"
    assert made["klasifikasi"] == "Menurut kecamatan dan jenis kelamin"
    assert made["satuan"] == "orang"
    assert made["konsep"] == "Kunjungan Rawat Jalan Puskesmas"
    assert made["provenance"] == "Sumber: Dinas Kesehatan, SIMPUS 2026."
    assert (made["frequency"], made["jenis_data"]) == ("tahunan", "statistik")
    assert asked(known) == {"definisi", "jadwal_rilis"}


def test_where_a_value_came_from_is_said_with_its_cell(messy: File) -> None:
    known = facts(draft(), messy)
    found = filling.candidates(known)
    after = filling.applied(known, filling.proposals(known, found))
    said = {name: each.said.text() for name in after
            if (each := filling.origin(name, after[name], found)) is not None}
    assert said["temporal_coverage"] == "dari lembar Rekap, sel A2"
    assert said["tingkat_penyajian"] == "dari kolom kode_wilayah di lembar Rekap"
    assert said["satuan"] == "dari kepala kolom “KUNJUNGAN (orang) / L” di lembar Rekap"
    assert said["konsep"] == "dari Judul"
    assert said["urusan"] == "dari profil Dinas Kesehatan"
    assert said["license_id"] == "dari setelan portal"
    assert said["jenis_data"] == "yang paling lazim; ubah bila berbeda"
    assert said["ukuran"] in ("mengikuti Satuan", "dari Judul")


def test_what_a_person_typed_is_never_replaced(messy: File) -> None:
    known = facts(draft(
        satuan="kunjungan", klasifikasi="Menurut puskesmas", temporal_coverage=[{"start": "2020"}],
        konsep="Kunjungan", jenis_data="geospasial", frequency="bulanan"), messy)
    assert not set(proposed(known)) & {
        "satuan", "klasifikasi", "temporal_coverage", "konsep", "jenis_data", "frequency", "title"}
    found = filling.candidates(known)
    assert filling.origin("klasifikasi", "Menurut puskesmas", found) is None


def test_without_a_file_only_people_and_the_profile_know() -> None:
    known = facts({**draft(), "resources": []})
    assert {"definisi", "klasifikasi", "satuan", "temporal_coverage", "tingkat_penyajian",
            "jadwal_rilis", "resources"} == asked(known)


def test_what_follows_from_a_question_is_no_second_question() -> None:
    known = facts(draft(title="Kematian ibu"))
    assert "definisi" in asked(known)
    assert not asked(known) & {"notes", "ukuran"}


def test_a_standard_that_was_picked_defines(messy: File) -> None:
    picked = Standard("indikator", "Cakupan kunjungan", {
        "konsep": ["Kunjungan"], "definisi": "Setiap kedatangan.", "satuan": "kunjungan",
        "ukuran": "Jumlah", "id_sds": "SD1"})
    done = Standard("kegiatan", "Pendataan", {
        "cara_pengumpulan_data": "kompilasi_produk_administrasi", "iv_frekuensi": "triwulanan"})
    known = facts(draft(), messy, standards=[picked, done])
    made = proposed(known)
    assert (made["konsep"], made["definisi"], made["id_sds"]) == (
        "Kunjungan", "Setiap kedatangan.", "SD1")
    assert made["satuan"] == "orang"  # what stands in the sheet is what the figures are
    assert made["frequency"] == "triwulanan"
    assert made["cara_pengumpulan_data"] == "kompilasi_produk_administrasi"
    assert asked(known) == {"jadwal_rilis"}
    said = filling.origin("definisi", "Setiap kedatangan.", filling.candidates(known))
    assert said is not None and said.said.text() == "dari indikator Cakupan kunjungan"


def test_the_daftar_data_answers_when_it_comes(messy: File) -> None:
    known = facts(draft(), messy, planned={"jadwal_rilis": "2027-03-15", "id_dds": "DD-1"})
    assert proposed(known)["jadwal_rilis"] == "2027-03-15"
    assert asked(known) == {"definisi"}


def test_the_proposals_are_as_the_form_stores_them(messy: File) -> None:
    """Nothing that is proposed fails a rule by itself."""
    known = facts(draft(definisi="D.", jadwal_rilis="2027-03-15"), messy)
    made = filling.proposals(known, filling.candidates(known))
    assert filling.asked(known, made, TODAY) == []


# -------------------------------------------------------------------------- reports


def table(**more: Any) -> dict[str, Any]:
    return {"sheet": "L1", "title": "", "about": {}, "columns": [
        {"name": "nilai", "role": "ukuran", "unit": None}], "profile": {}, **more}


def said(*tables: Mapping[str, Any], area: str = "36.04") -> dict[str, Any]:
    file = File("x.xlsx", {"tables": list(tables), "sheets": []})
    return {each.field: each.value for each in from_files([file], area)}


@pytest.mark.parametrize(("time", "written", "frequency"), [
    ({"column": "tahun", "first": "2021", "last": "2025"}, {"start": "2021", "end": "2025"}, None),
    ({"column": "bulan", "first": "2026-10", "last": "2026-10"}, {"start": "2026-10"}, "bulanan"),
    ({"column": "bulan", "first": "2026-07", "last": "2026-09"},
     {"start": "2026-07", "end": "2026-09"}, "triwulanan"),
    ({"column": "tanggal", "first": "2026-10-01", "last": "2026-10-31"}, {"start": "2026-10"},
     "bulanan"),
    ({"column": "tanggal", "first": "2026-10-02", "last": "2026-10-30"},
     {"start": "2026-10-02", "end": "2026-10-30"}, "bulanan"),
])
def test_the_period_is_that_of_the_column(
    time: dict[str, str], written: dict[str, str], frequency: str | None
) -> None:
    found = said(table(profile={"time": time}))
    assert found["temporal_coverage"] == [written]
    assert found.get("frequency") == frequency


def test_months_without_a_year_take_that_of_the_title() -> None:
    found = said(table(about={"judul": "Harga beras tahun 2026"}, profile={"time": {
        "column": "bulan", "first": "01", "last": "12"}}))
    assert found["temporal_coverage"] == [{"start": "2026"}]


def test_several_tables_cover_what_they_cover_together() -> None:
    found = said(table(about={"tahun": "2024"}), table(about={"tahun": "2026"}))
    assert found["temporal_coverage"] == [{"start": "2024", "end": "2026"}]


def test_two_units_are_asked_and_one_beside_counts_is_not_guessed() -> None:
    two = [{"name": "a", "role": "ukuran", "unit": "orang"},
           {"name": "b", "role": "ukuran", "unit": "persen"}]
    assert "satuan" not in said(table(columns=two))
    assert said(table(about={"satuan": "Ton"}))["satuan"] == "ton"
    for unit, taken in (("ribu orang", True), ("kg/kapita", True), ("Data", False)):
        one = [{"name": "a", "role": "ukuran", "unit": unit}]
        assert ("satuan" in said(table(columns=one))) is taken, unit
    assert "satuan" not in said(table())


def test_a_table_without_areas_is_of_its_whole_area() -> None:
    assert said(table())["tingkat_penyajian"] == "kabupaten_kota"
    assert said(table(), area="36")["tingkat_penyajian"] == "provinsi"
    assert said(table(), area="36.04.05.2001")["tingkat_penyajian"] == "desa_kelurahan"
    unknown = table(columns=[{"name": "wilayah", "role": "wilayah"}])
    assert "tingkat_penyajian" not in said(unknown)


def test_the_smallest_areas_count_and_a_part_of_the_region_is_named() -> None:
    found = said(table(profile={"areas": {
        "column": "kode_desa", "counts": {"kecamatan": 1, "desa_kelurahan": 12},
        "within": "36.04.05"}}))
    assert found["tingkat_penyajian"] == "desa_kelurahan"
    assert found["kode_wilayah"] == ["36.04.05"]


def test_columns_of_persons_are_no_classes() -> None:
    found = said(table(masked={"nama_pasien": "nama"}, columns=[
        {"name": "nama_pasien", "role": "dimensi"}, {"name": "jenis_penyakit", "role": "dimensi",
                                                     "title": "Jenis Penyakit"}]))
    assert found["klasifikasi"] == "Menurut jenis penyakit"


@pytest.mark.parametrize("report", [
    {}, {"tables": None}, {"tables": [None, 3, "x"]}, {"tables": [{}]},
    {"tables": [{"profile": [], "about": "x", "columns": [None, {"name": 5, "role": []}]}]},
    {"tables": [{"profile": {"time": {"first": 5, "last": []}, "areas": {"counts": 7}}}]},
    {"tables": [{"about": {"judul": "T" * 100_000, "tahun": 2025}}], "sheets": [None, {
        "letters": ["A"], "rows": [None, {"cells": None}], "name": ""}]},
])
def test_a_report_of_a_hostile_file_breaks_nothing(report: dict[str, Any]) -> None:
    assert isinstance(list(from_files([File("x", report)], "36.04")), list)


# ------------------------------------------------------------------- a yearly update

BEFORE: dict[str, Any] = {
    "id": "p1", "title": "Kunjungan puskesmas 2025", "konsep": "Kunjungan", "definisi": "D 2025.",
    "klasifikasi": "menurut kecamatan", "satuan": "orang", "tingkat_penyajian": "kecamatan",
    "frequency": "tahunan", "jenis_data": "statistik", "jadwal_rilis": "2026-03-15",
    "temporal_coverage": [{"start": "2025"}], "referensi_waktu": "keadaan 31 Desember 2025",
    "version": "2025.2", "version_notes": "Menambahkan data tahun 2025, Perda 5/2019.",
}


def test_last_year_moves_on_and_nothing_is_asked(messy: File) -> None:
    known = facts(draft(**BEFORE), messy, previous=BEFORE, previous_number=3)
    made = proposed(known)
    assert made["temporal_coverage"] == [{"start": "2026"}]
    assert made["title"] == "Kunjungan puskesmas 2026"
    assert made["referensi_waktu"] == "keadaan 31 Desember 2026"
    assert made["version"] == "2026.1"
    assert made["version_notes"] == "Menambahkan data tahun 2026, Perda 5/2019."
    assert made["jadwal_rilis"] == "2027-03-15"
    assert "definisi" not in made and "klasifikasi" not in made
    assert asked(known) == set()
    assert filling.origin("klasifikasi", "menurut kecamatan", filling.candidates(known))
    replaced = {each.field: each.replaces
                for each in filling.proposals(known, filling.candidates(known))}
    assert replaced["title"] == "Kunjungan puskesmas 2025"


def test_a_correction_of_the_same_year_leaves_all_as_it_was(messy: File) -> None:
    same = {**BEFORE, "temporal_coverage": [{"start": "2026"}], "title": "Kunjungan 2026"}
    made = proposed(facts(draft(**same), messy, previous=same, previous_number=1))
    assert not set(made) & {"title", "temporal_coverage", "jadwal_rilis", "version"}


def test_a_series_grows_at_its_end() -> None:
    before = {**BEFORE, "temporal_coverage": [{"start": "2021", "end": "2025"}],
              "notes": "Disajikan 2021-2025 menurut Perda 5/2019."}
    grown = File("x.csv", {"tables": [table(profile={"time": {
        "column": "tahun", "first": "2021", "last": "2026"}})]})
    made = proposed(facts(draft(**before), grown, previous=before))
    assert made["temporal_coverage"] == [{"start": "2021", "end": "2026"}]
    assert made["notes"] == "Disajikan 2021-2026 menurut Perda 5/2019."


def test_what_was_changed_in_the_draft_or_left_is_not_moved(messy: File) -> None:
    known = facts(draft(**{**BEFORE, "title": "Kunjungan semua faskes 2025"}), messy,
                  previous=BEFORE)
    made = proposed(known, "jadwal_rilis")
    assert "title" not in made
    assert "jadwal_rilis" not in made
    assert "temporal_coverage" in made


def test_what_was_accepted_is_not_proposed_again(messy: File) -> None:
    known = facts(draft(**BEFORE), messy, previous=BEFORE, previous_number=3)
    after = filling.applied(known, filling.proposals(known, filling.candidates(known)))
    again = facts(after, messy, previous=BEFORE, previous_number=3)
    assert proposed(again) == {}
    found = filling.origin("title", after["title"], filling.candidates(again))
    assert found is not None and found.source is Source.TAHUN_LALU


# -------------------------------------------------------------------------- counted

REGION = Region("36.04")
TABLED = [each for each in catalog.DATASETS
          if each.recipe and each.files[0] == "csv" and not each.closed]


@pytest.fixture(scope="module")
def figures() -> Figures:
    return Figures(REGION, describe.years(TODAY))


def _file(spec: Dataset, figures: Figures, folder: Path) -> File:
    assert spec.recipe is not None
    path = folder / f"{spec.key}.csv"
    path.write_bytes(write(spec.recipe.make(figures), "csv"))
    return read(path, folder / "out")


@pytest.mark.parametrize("spec", TABLED, ids=lambda each: each.key)
def test_a_new_dataset_asks_at_most_eight_and_next_year_at_most_three(
    spec: Dataset, figures: Figures, tmp_path: Path
) -> None:
    file = _file(spec, figures, tmp_path)
    title = f"{spec.title} {REGION.name}"
    new = facts(draft(title=title), file)
    assert 1 + len(asked(new)) <= 8, asked(new)  # the title was typed before
    before = describe.dataset(spec, REGION, TODAY, 1)
    before["temporal_coverage"] = [{"start": "2021-01-01", "end": "2024-12-31"}]
    update = facts(draft(**before), file, previous=before, previous_number=1)
    assert len(asked(update)) <= 3, asked(update)


def test_a_desa_covers_itself_and_its_remarks_are_no_class(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["RW", "RT", "LAKI-LAKI", "PEREMPUAN", "KET"], ["01", "001", 110, 155, None],
                ["01", "002", 96, 127, "data sementara"], ["02", "001", 140, 160, None],
                ["02", "002", 88, 157, "pindahan"]):
        sheet.append(row)
    book.save(tmp_path / "rt.xlsx")
    desa = Agency("d1", "desa", "Desa Kramatwatu", ("2.13",), "d@a.id", area="36.04.05.2001")
    made = {"type": "dataset", "title": "Jumlah penduduk menurut RT", "owner_org": "d1"}
    known = Facts({**made, **fill(made, "dataset", desa, HOME)}, desa, HOME,
                  (read(tmp_path / "rt.xlsx", tmp_path / "out"),))
    assert known.dataset["kode_wilayah"] == ["36.04.05.2001"]
    assert proposed(known)["klasifikasi"] == "Menurut RW, RT dan jenis kelamin"
    found = filling.candidates(known)
    assert [each.said.text() for each in found["kode_wilayah"]] == ["dari profil Desa Kramatwatu"]
