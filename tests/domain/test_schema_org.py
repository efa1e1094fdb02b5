"""The schema.org block of a dataset: what search engines ask for, and nothing that is closed."""
from __future__ import annotations

import json
from typing import Any

from federation_samples import SITE
from hypothesis import given, settings
from nasional_samples import RECORDS

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.schema_org import schema_dataset, script

FILE = {"id": "f", "name": "Tabel", "url": "https://contoh.go.id/a.csv", "format": "CSV",
        "size": 12}
RECORD: dict[str, Any] = {
    "id": "0b6f6d6e-9d5c-4c55-8f2e-0d6a8f6b1c11", "name": "penduduk", "title": "Penduduk",
    "notes": "Pendek.", "license_id": "cc-by-4.0", "konsep": "Penduduk", "satuan": "jiwa",
    "kode_wilayah": ["36.04"], "temporal_coverage": [{"start": "2025", "end": "2025"}],
    "organization": {"id": "o", "title": "Dinas Kependudukan"}, "resources": [FILE],
    "metadata_created": "2026-01-01T00:00:00.000001",
    "metadata_modified": "2026-01-02T00:00:00.000001",
}


def test_a_dataset_says_what_search_engines_ask_for() -> None:
    made = schema_dataset(RECORD, SITE)
    assert made["@type"] == "Dataset" and made["name"] == "Penduduk"
    assert len(made["description"]) >= 50 and "Pendek." in made["description"]
    assert made["isAccessibleForFree"] is True
    assert made["temporalCoverage"] == "2025-01-01/2025-12-31"
    assert made["variableMeasured"]["unitText"] == "jiwa"
    assert made["creator"]["name"] == "Dinas Kependudukan"
    assert made["distribution"] == [{
        "@type": "DataDownload", "name": "Tabel", "contentUrl": "https://contoh.go.id/a.csv",
        "encodingFormat": "text/csv", "contentSize": "12 B"}]
    assert "Serang" in made["spatialCoverage"][0]["name"]


def test_a_licence_by_its_short_name_checksum_and_method_are_told() -> None:
    made = schema_dataset({
        **RECORD, "license_id": "cc-by", "license_url": "http://www.opendefinition.org/licenses/x",
        "cara_pengumpulan_data": "survei", "url": "https://dinas.go.id/penduduk",
        "resources": [{**FILE, "sha256": "ab" * 32}]}, SITE)
    assert made["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert made["distribution"][0]["sha256"] == "ab" * 32
    assert made["measurementTechnique"] == vocabulary.get(
        "cara_pengumpulan_data")["survei"].label_id
    assert made["sameAs"] == "https://dinas.go.id/penduduk"


def test_of_restricted_data_no_file_is_named_but_why() -> None:
    made = schema_dataset(
        {**RECORD, "access_rights": "terbatas", "dasar_hukum": "UU 14/2008 pasal 17"}, SITE)
    assert "distribution" not in made and "a.csv" not in json.dumps(made)
    assert made["isAccessibleForFree"] is False
    assert made["conditionsOfAccess"] == "UU 14/2008 pasal 17"


@settings(max_examples=150, deadline=None)
@given(RECORDS)
def test_whatever_a_dataset_holds_the_block_is_json_that_ends_no_script(
    record: dict[str, Any]
) -> None:
    text = script(schema_dataset(record, SITE))
    assert not set("<>&\u2028\u2029") & set(text)
    made = json.loads(text)
    assert made["name"] and made["description"]
