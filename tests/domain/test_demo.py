"""The illustrative region: its figures hold together and its metadata are complete."""
from __future__ import annotations

import csv
import datetime
import json
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from ckanext.satudata.domain import metadata, vocabulary, wilayah
from ckanext.satudata.domain.demo import agencies, catalog, describe, package
from ckanext.satudata.domain.demo.figures import SERIES, Figures
from ckanext.satudata.domain.demo.region import Region
from ckanext.satudata.domain.demo.tables import Table
from ckanext.satudata.domain.demo.writing import write
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.loading.plan import Plan

NOW = datetime.date(2026, 11, 21)
REGION = Region("36.04")


@cache
def figures() -> Figures:
    return Figures(REGION, describe.years(NOW))


@cache
def tables() -> dict[str, Table]:
    return {d.key: d.recipe.make(figures()) for d in catalog.DATASETS if d.recipe}


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return package.plan(REGION, tmp_path_factory.mktemp("demo"), NOW)


def test_a_part_is_never_above_its_whole() -> None:
    f = figures()
    for name, series in SERIES.items():
        if not series.of or series.over or series.high > 1:
            continue
        for area in REGION.kecamatan:
            for year in f.years:
                assert 0 <= f.value(name, area, year) <= f.value(series.of, area, year), name


def test_percentages_are_between_0_and_100() -> None:
    f = figures()
    for name, series in SERIES.items():
        if series.satuan == "persen":
            for area in REGION.kecamatan:
                assert all(0 <= f.value(name, area, year) <= 100 for year in f.years), name


def test_men_and_women_are_all_and_desa_add_up_to_their_kecamatan() -> None:
    f = figures()
    for area in REGION.kecamatan:
        for year in f.years:
            total = f.value("jumlah_penduduk", area, year)
            assert total == f.value("laki_laki", area, year) + f.value("perempuan", area, year)
            assert total == sum(
                f.value("jumlah_penduduk", desa, year) for desa in REGION.desa_of(area.code))


def test_categories_add_up_to_the_figure_other_tables_show() -> None:
    sums: dict[tuple[object, object], int] = defaultdict(int)
    for row in tables()["penduduk-umur"].rows:
        sums[row[0], row[2]] += int(row[4])
    whole: dict[tuple[object, object], int] = defaultdict(int)
    for row in tables()["penduduk-jenis-kelamin"].rows:
        whole[row[0], row[2]] += int(row[4])
    assert sums == whole


def test_the_population_grows_and_stunting_falls() -> None:
    f = figures()
    first, last = f.years[0], f.years[-1]

    def total(name: str, year: int) -> float:
        return sum(f.value(name, area, year) for area in REGION.kecamatan)

    assert total("jumlah_penduduk", first) < total("jumlah_penduduk", last)
    assert total("balita_stunting", first) > total("balita_stunting", last)


def test_the_same_region_always_gets_the_same_bytes() -> None:
    again = Figures(Region("36.04"), describe.years(NOW))
    for spec in catalog.DATASETS[:12]:
        assert spec.recipe is not None
        table = spec.recipe.make(again)
        for extension in spec.files:
            assert write(table, extension) == write(tables()[spec.key], extension)


def test_area_codes_are_real_and_keys_are_unique() -> None:
    for key, table in tables().items():
        if table.geojson or "kode_kecamatan" not in table.header:
            continue
        for column in ("kode_kecamatan", "kode_desa"):
            if column in table.header:
                index = table.header.index(column)
                assert all(wilayah.exists(str(code)) for code in {row[index] for row in table.rows})
        keys = [
            tuple(row[i] for i, field in enumerate(table.fields) if "ms_var" not in field)
            for row in table.rows
        ]
        assert len(set(keys)) == len(keys), key


def test_there_are_forty_one_datasets_of_every_access_and_format(plan: Plan) -> None:
    datasets = [d for d in plan.datasets if d.type == "dataset"]
    assert len(datasets) == 41
    assert {d.fields["access_rights"] for d in datasets} == {"terbuka", "terbatas", "tertutup"}
    for dataset in datasets:
        if dataset.fields["access_rights"] == "tertutup":  # of persons: columns, no rows
            assert [f.fields["jenis_berkas"] for f in dataset.files] == ["dokumentasi"]
    formats = {f.fields["format"] for d in datasets for f in d.files}
    assert formats == {"CSV", "XLSX", "JSON", "GeoJSON"}
    assert len({d.fields["frequency"] for d in datasets}) >= 7
    assert sum("prioritas_tahun" in d.fields for d in datasets) >= 8
    releases = [d.fields["jadwal_rilis"] for d in datasets]
    assert any(day > NOW.isoformat() for day in releases)
    assert any(day <= NOW.isoformat() for day in releases)


def test_everything_is_marked_as_data_contoh(plan: Plan) -> None:
    for dataset in plan.datasets:
        assert "data contoh" in dataset.fields["notes"].lower(), dataset.identifier
        assert describe.TAG in dataset.fields["tag_string"].split(",")
        assert dataset.fields["name"].startswith(describe.PREFIX)
        for file in dataset.files:
            assert "data contoh" in file.fields["description"].lower()
    for entry in agencies.organizations(REGION):
        assert "data contoh" in entry["description"].lower()


def test_metadata_are_complete(plan: Plan) -> None:
    for dataset in plan.datasets:
        fields = dict(
            dataset.fields, type=dataset.type, owner_org="x", identifier=dataset.identifier,
            creator=[{"name": "x"}], publisher=[{"name": "x"}], kategori="x",
            tags=[{"name": tag} for tag in dataset.fields["tag_string"].split(",")],
            resources=[
                {**file.fields, "url": file.name, "hash": "x", "size": 1, "mimetype": "x",
                 "skema": json.dumps(file.declared) if file.declared else ""}
                for file in dataset.files
            ])
        found = metadata.completeness(fields, dataset.type, NOW)
        missing = [(g.field, g.explain()) for g in found.gaps if g.severity != "saran"]
        assert not missing, (dataset.identifier, missing)


def test_references_point_at_what_the_demo_makes(plan: Plan) -> None:
    made = {dataset.fields["name"]: dataset.type for dataset in plan.datasets}
    for dataset in plan.datasets:
        for name in dataset.fields.get("id_indikator", []):
            assert made[name] == "indikator"
        if dataset.fields.get("id_kegiatan"):
            assert made[dataset.fields["id_kegiatan"]] == "kegiatan"
    names = {entry["name"] for entry in agencies.organizations(REGION)}
    assert {dataset.organization for dataset in plan.datasets} <= names
    assert {p.organization for p in agencies.people(REGION)} <= names | {None}


def test_units_are_in_the_vocabulary(plan: Plan) -> None:
    units = vocabulary.get("satuan")
    for series in SERIES.values():
        assert series.satuan in units, series.satuan
    for dataset in plan.datasets:
        if "satuan" in dataset.fields:
            assert dataset.fields["satuan"] in units, dataset.identifier


def test_every_role_has_a_user() -> None:
    roles = {person.role for person in agencies.people(REGION)}
    assert roles == {concept.code for concept in vocabulary.get("peran")}


def test_a_spreadsheet_of_the_demo_opens_with_the_table(plan: Plan, tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    table = tables()["kondisi-jalan"]
    path = tmp_path / "a.xlsx"
    path.write_bytes(write(table, "xlsx"))
    found = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert found[0] == table.header
    assert found[1] == table.rows[0]
    text = write(table, "csv").decode().splitlines()
    assert next(csv.reader(text)) == table.header


@pytest.mark.parametrize("code", ["52.03", "36.71", "91.71", "31.01"])
def test_any_kabupaten_or_kota_can_be_the_region(code: str, tmp_path: Path) -> None:
    found = package.plan(Region(code), tmp_path, NOW)
    assert len([d for d in found.datasets if d.type == "dataset"]) >= 38
    assert len(package.identifiers(Region(code))) == len(found.datasets)


@pytest.mark.parametrize("code", ["36", "36.04.05", "99.99", "serang", "3604"])
def test_anything_else_is_no_region(code: str) -> None:
    with pytest.raises(UnknownCodeError):
        Region(code)
