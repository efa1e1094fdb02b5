"""``datapackage.json``: what the standard, frictionless and the loader of this portal take."""
from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from federation_samples import FULL, MINIMAL, SITE, Maker
from frictionless import Package
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nasional_samples import RECORDS, SHOWN

from ckanext.satudata.domain.errors import SatuDataError
from ckanext.satudata.domain.federation import data_package as packages
from ckanext.satudata.domain.federation.data_package import FileFacts, data_package
from ckanext.satudata.domain.federation.mapping import DATASET, Direction
from ckanext.satudata.domain.federation.table_schema import table_schema
from ckanext.satudata.domain.loading.datapackage import read_datapackage
from ckanext.satudata.domain.loading.limits import Limits
from ckanext.satudata.domain.loading.plan import Shape
from ckanext.satudata.domain.metadata_columns import table_schema as checked

#: The standard's own profile of version 2, as the library of its makers carries it.
OFFICIAL = jsonschema.Draft7Validator(json.loads(
    (resources.files("dplib") / "profiles" / "2.0" / "datapackage.json").read_text()))
COLUMNS = {"fields": [
    {"name": "kode", "type": "string", "kode_referensi": "wilayah"},
    {"name": "jumlah", "type": "integer", "satuan": "jiwa", "title": "Jumlah penduduk",
     "constraints": {"minimum": 0, "required": True}}],
    "missingValues": ["", "-"], "primaryKey": "kode"}
FILE: dict[str, Any] = {
    "id": "f", "name": "Tabel", "url": "https://data.contoh.go.id/penduduk.csv", "format": "CSV",
    "size": 12, "sha256": "ab" * 32, "skema": json.dumps(COLUMNS)}
RECORD: dict[str, Any] = {**MINIMAL, "name": "penduduk", "license_id": "cc-by", "version": "2025.1",
                          "tags": [{"name": "penduduk"}], "resources": [FILE]}


def judged(package: dict[str, Any]) -> dict[str, Any]:
    """Return a package, which both judges accept."""
    told = json.loads(packages.as_text(package))
    assert [error.message[:300] for error in OFFICIAL.iter_errors(told)] == []
    assert Package.metadata_validate(told) is not None
    assert [error.message for error in Package.metadata_validate(told)] == []
    names = [each["name"] for each in told["resources"]]
    assert len(set(names)) == len(names)
    return told


def test_a_package_says_who_made_it_and_what_is_in_it() -> None:
    made = judged(data_package(RECORD, SITE, citation="Dinas (2026). Penduduk."))
    assert made["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert (made["name"], made["version"]) == ("penduduk", "2025.1")
    assert made["created"] == "2026-01-02T03:04:05Z"
    assert made["licenses"] == [{
        "name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/",
        "title": "Creative Commons Atribusi 4.0"}]
    roles = {each["roles"][0]: each["title"] for each in made["contributors"]}
    assert roles == {"creator": "Dinas Kesehatan", "publisher": SITE.government,
                     "contact": SITE.walidata_name}
    file, = made["resources"]
    assert file["path"] == FILE["url"] and file["name"] == "penduduk"
    assert (file["bytes"], file["hash"]) == (12, f"sha256:{'ab' * 32}")
    assert (file["type"], file["format"], file["mediatype"]) == ("table", "csv", "text/csv")
    assert made["citation"] == "Dinas (2026). Penduduk."


def test_of_a_workbook_elsewhere_the_hash_is_said_and_no_size() -> None:
    book = {**FILE, "format": "XLSX", "url": "https://data.contoh.go.id/x.xlsx"}
    file, = judged(data_package({**RECORD, "resources": [book]}, SITE))["resources"]
    assert "bytes" not in file and file["hash"] == f"sha256:{'ab' * 32}"
    file, = judged(data_package(
        {**RECORD, "resources": [book]}, SITE,
        {"f": FileFacts(path="data/x.xlsx", size=7)}, archive=True))["resources"]
    assert file["bytes"] == 7


def test_a_column_of_codes_leads_to_their_list() -> None:
    file, = data_package(RECORD, SITE)["resources"]
    code, count = file["schema"]["fields"]
    assert code["kode_referensi_iri"] == f"{SITE.url}/kode-referensi/wilayah"
    assert code["rdfType"] == "http://www.w3.org/2004/02/skos/core#Concept"
    assert (count["satuan"], count["constraints"]) == ("jiwa", {"minimum": 0, "required": True})
    assert file["schema"]["primaryKey"] == ["kode"]
    assert file["schema"]["missingValues"] == ["", "-"]


@pytest.mark.parametrize("access", ["terbatas", "tertutup"])
def test_of_restricted_data_no_address_is_said_but_why(access: str) -> None:
    made = judged(data_package(
        {**RECORD, "access_rights": access, "dasar_hukum": "UU 14/2008 pasal 17"}, SITE))
    text = json.dumps(made)
    assert FILE["url"] not in text and "ab" * 32 not in text
    left, = made["satudata"]["tidak_disertakan"]
    assert "UU 14/2008 pasal 17" in left["alasan"] and f"{SITE.url}/dataset/penduduk" in text
    assert [each["name"] for each in made["resources"]] == ["metadata"]


def test_an_archive_holds_only_what_lies_in_it() -> None:
    link = {"id": "l", "name": "Tautan", "url": "https://lain.go.id/x.csv", "format": "CSV"}
    gone = {**FILE, "id": "g", "name": "Hilang"}
    made = judged(data_package(
        {**RECORD, "resources": [FILE, link, gone]}, SITE,
        {"f": FileFacts(path="data/penduduk.csv", size=7, encoding="utf-8", delimiter=";",
                        sha256="cd" * 32)}, archive=True, lost=frozenset({"g"})))
    file, = made["resources"]
    assert file["path"] == "data/penduduk.csv"
    assert (file["bytes"], file["hash"]) == (7, f"sha256:{'cd' * 32}")
    assert (file["dialect"], file["encoding"]) == ({"delimiter": ";"}, "utf-8")
    reasons = {each["title"]: each["alasan"] for each in made["satudata"]["tidak_disertakan"]}
    assert "https://lain.go.id/x.csv" in reasons["Tautan"]
    assert "tidak ditemukan" in reasons["Hilang"]


def test_a_table_without_a_dictionary_has_the_columns_of_the_datastore() -> None:
    made = judged(data_package(
        {**RECORD, "resources": [{**FILE, "skema": ""}]}, SITE, {"f": FileFacts(dumped=True, table=(
            {"id": "kode", "type": "text", "info": {"label": "Kode"}},
            {"id": "waktu", "type": "timestamp"}, {"id": "apa", "type": "nested"}))}))
    fields = made["resources"][0]["schema"]["fields"]
    assert [(each["name"], each["type"]) for each in fields] == [
        ("_id", "integer"), ("kode", "string"), ("waktu", "datetime"), ("apa", "any")]
    assert fields[1]["title"] == "Kode"


@pytest.mark.parametrize(("resource", "found"), [
    ({"sha256": "AB" * 32}, ("sha256", "ab" * 32)),
    ({"hash": "ab" * 16}, ("md5", "ab" * 16)),
    ({"hash": "ab" * 20, "hash_algorithm": "http://spdx.org/rdf/terms#checksumAlgorithm_sha1"},
     ("sha1", "ab" * 20)),
    ({"hash": "ab" * 32, "hash_algorithm": "md5"}, ("", "")),
    ({"hash": "bukan"}, ("", "")),
])
def test_a_checksum_says_its_algorithm_or_nothing(
    resource: dict[str, Any], found: tuple[str, str]
) -> None:
    assert packages.checksum(resource) == found


@pytest.mark.parametrize("columns", [
    {"fields": [{"name": "a"}, {"name": "a"}]}, {"fields": [{"name": "a"}, {"type": "string"}]},
    {"fields": []}, "[", None, {"fields": [{"name": "\x00"}]},
])
def test_columns_that_would_be_told_wrong_are_not_told(columns: Any) -> None:
    assert table_schema(columns, SITE) is None


@pytest.mark.parametrize("record", [FULL, SHOWN, MINIMAL], ids=["full", "shown", "minimal"])
def test_both_judges_accept_a_dataset_with_every_field(record: dict[str, Any]) -> None:
    judged(data_package(record, SITE))


@settings(max_examples=60, deadline=None)
@given(RECORDS)
def test_whatever_a_dataset_holds_both_judges_accept_it(record: dict[str, Any]) -> None:
    judged(data_package(record, SITE))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_whatever_the_fields_hold_both_judges_accept_it(seed: int) -> None:
    made = Maker(seed).dataset()
    judged(data_package(made, SITE))
    judged(data_package(made, SITE, archive=True))


def test_the_loader_of_this_portal_reads_back_what_was_written(tmp_path: Path) -> None:
    record = {**SHOWN, "resources": [{**FILE, "description": "Satu baris tiap kecamatan."}]}
    made = data_package(record, SITE, {"f": FileFacts(path="data/penduduk.csv")}, archive=True)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "penduduk.csv").write_text("kode,jumlah\n36.04.01,1\n")
    (tmp_path / "datapackage.json").write_text(packages.as_text(made), encoding="utf-8")
    names = frozenset(row.name for row in DATASET if row.direction is Direction.BOTH)
    shape = Shape(names | {"name", "tag_string"}, frozenset({"name", "description"}))
    found = read_datapackage(tmp_path / "datapackage.json", lambda _kind: shape, Limits())
    assert found.problems == []
    dataset, = found.datasets
    fields = {name: each for name, each in dataset.fields.items()
              if name not in ("name", "tag_string", "url")}
    assert fields == {name: SHOWN[name] for name in names - {"tags", "identifier", "url"}
                      if name in SHOWN}
    assert dataset.fields["name"] == SHOWN["name"]
    file, = dataset.files
    assert file.fields == {"name": "Tabel", "description": "Satu baris tiap kecamatan."}
    assert file.declared is not None
    assert [each["name"] for each in file.declared["fields"]] == ["kode", "jumlah"]


_LIMITS = st.fixed_dictionaries({}, optional={
    "required": st.booleans(), "unique": st.booleans(), "pattern": st.sampled_from(["a+", "["]),
    "enum": st.lists(st.one_of(st.text(max_size=3), st.integers(), st.floats(allow_nan=False)),
                     max_size=3),
    "minimum": st.one_of(st.integers(), st.text(max_size=4), st.sampled_from(["2025-01-01"])),
    "maxLength": st.one_of(st.integers(), st.text(max_size=2)),
})
_COLUMNS = st.fixed_dictionaries({"fields": st.lists(st.fixed_dictionaries(
    {"name": st.text(min_size=1, max_size=8)}, optional={
        "type": st.sampled_from([
            "string", "integer", "number", "date", "datetime", "time", "year", "yearmonth",
            "boolean", "geopoint", "geojson", "object", "array", "duration", "any", "list", "x"]),
        "format": st.sampled_from(["default", "email", "%d/%m/%Y", "any", "topojson", "x"]),
        "title": st.text(max_size=5), "constraints": _LIMITS,
        "satuan": st.sampled_from(["jiwa", "?"]), "missingValues": st.just(["-"]),
        "kode_referensi": st.sampled_from(["wilayah", "satuan", "https://a.id/b"]),
        "example": st.integers(), "decimalChar": st.just(","), "trueValues": st.just(["ya"]),
    }), min_size=1, max_size=4)}, optional={
        "missingValues": st.lists(st.text(max_size=2), max_size=3),
        "primaryKey": st.text(max_size=3) | st.lists(st.text(max_size=3), max_size=2)})


@settings(max_examples=150, deadline=None)
@given(_COLUMNS)
@example(columns={"fields": [{"name": "0", "type": "list"}]})
def test_whatever_dictionary_the_form_takes_both_judges_accept_it(columns: dict[str, Any]) -> None:
    try:
        taken = checked(columns)
    except SatuDataError:
        return
    made = judged(data_package(
        {**RECORD, "resources": [{**FILE, "skema": json.dumps(taken)}]}, SITE))
    fields = made["resources"][0].get("schema", {}).get("fields", [])
    assert [each["name"] for each in fields] in (
        [], [each["name"] for each in taken["fields"]])
