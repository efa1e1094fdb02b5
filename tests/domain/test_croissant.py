"""Croissant: what its specification demands, and a JSON-LD processor that may fetch nothing."""
from __future__ import annotations

import json
import re
from typing import Any

import pytest
from federation_samples import FULL, MINIMAL, SITE, Maker
from hypothesis import given, settings
from hypothesis import strategies as st
from nasional_samples import RECORDS, SHOWN
from pyld import jsonld
from test_data_package import COLUMNS, FILE, RECORD

from ckanext.satudata.domain.federation.croissant import as_text, croissant
from ckanext.satudata.domain.federation.data_package import FileFacts

CR, SCHEMA = "http://mlcommons.org/croissant/", "https://schema.org/"


def fetched(url: str, _options: Any) -> Any:
    raise AssertionError(f"{url} would have to be fetched")


def expanded(made: dict[str, Any]) -> dict[str, Any]:
    """Return what a JSON-LD processor understands of a dataset."""
    told = json.loads(as_text(made))
    node, = jsonld.expand(told, {"documentLoader": fetched})
    return node


def judged(made: dict[str, Any]) -> dict[str, Any]:
    """Hold a dataset against the rules of the specification; return it expanded."""
    node = expanded(made)
    assert node["@type"] == [f"{SCHEMA}Dataset"]
    assert node["http://purl.org/dc/terms/conformsTo"] == [
        {"@value": "http://mlcommons.org/croissant/1.0", "@language": "id"}]
    for name in ("name", "description", "url", "version"):
        assert node[f"{SCHEMA}{name}"], name
    assert re.fullmatch(r"\d+\.\d+\.\d+", made["version"])
    files = {each["@id"]: each for each in node.get(f"{SCHEMA}distribution", [])}
    assert len(files) == len(made.get("distribution", []))
    for each in files.values():
        assert each["@type"] == [f"{CR}FileObject"]
        assert each[f"{SCHEMA}contentUrl"] and each[f"{SCHEMA}encodingFormat"]
        assert each.get(f"{SCHEMA}sha256") or each.get(f"{CR}md5")
    identifiers = set(files)
    for records in node.get(f"{CR}recordSet", []):
        assert records["@id"] not in identifiers
        fields = records[f"{CR}field"]
        ids = {each["@id"] for each in fields}
        assert len(ids) == len(fields) and not ids & identifiers
        identifiers |= ids | {records["@id"]}
        assert {each["@id"] for each in records.get(f"{CR}key", [])} <= ids
        for each in fields:
            assert each[f"{CR}dataType"][0]["@id"].startswith(SCHEMA)
            source, = each[f"{CR}source"]
            assert source[f"{CR}fileObject"][0]["@id"] in files
            column = source[f"{CR}extract"][0][f"{CR}column"][0]["@value"]
            assert column == each[f"{SCHEMA}name"][0]["@value"]
    return node


def test_a_table_is_told_by_its_columns() -> None:
    made = croissant(RECORD, SITE, citation="@misc{penduduk-v3}", number=3)
    judged(made)
    assert (made["version"], made["citeAs"]) == ("3.0.0", "@misc{penduduk-v3}")
    assert made["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    assert made["creator"] == {"@type": "Organization", "name": "Dinas Kesehatan"}
    file, = made["distribution"]
    assert (file["contentUrl"], file["sha256"]) == (FILE["url"], "ab" * 32)
    records, = made["recordSet"]
    code, count = records["field"]
    assert (code["@id"], count["name"]) == ("penduduk/baris/kode", "jumlah")
    assert code["dataType"] == ["sc:Text", f"{SITE.url}/kode-referensi/wilayah"]
    assert count["dataType"] == "sc:Integer"
    assert count["description"] == "Jumlah penduduk. Satuan: jiwa"
    assert records["key"] == [{"@id": code["@id"]}]


@pytest.mark.parametrize(("facts", "tables"), [
    (FileFacts(encoding="utf-8", delimiter=","), 1), (FileFacts(delimiter=";"), 0),
    (FileFacts(encoding="windows-1252", delimiter=","), 0)])
def test_only_a_table_that_every_program_reads_is_told_by_its_columns(
    facts: FileFacts, tables: int
) -> None:
    made = croissant(RECORD, SITE, {"f": facts})
    judged(made)
    assert (len(made["distribution"]), len(made.get("recordSet", []))) == (1, tables)


def test_names_that_cannot_stand_in_an_iri_have_a_number_there() -> None:
    columns = {"fields": [{"name": "jumlah (jiwa)"}, {"name": "1"}, {"name": "a"}]}
    made = croissant({**RECORD, "resources": [{**FILE, "skema": json.dumps(columns)}]}, SITE)
    judged(made)
    fields = made["recordSet"][0]["field"]
    assert [each["@id"].rpartition("/")[2] for each in fields] == ["1", "2", "a"]
    assert [each["name"] for each in fields] == ["jumlah (jiwa)", "1", "a"]


def test_what_has_no_checksum_or_is_not_open_is_no_file() -> None:
    plain = {key: each for key, each in FILE.items() if key != "sha256"}
    assert "distribution" not in croissant({**RECORD, "resources": [plain]}, SITE)
    closed = croissant({**RECORD, "access_rights": "tertutup", "dasar_hukum": "UU 27/2022"}, SITE)
    judged(closed)
    assert FILE["url"] not in json.dumps(closed) and "distribution" not in closed
    assert closed["conditionsOfAccess"] == "UU 27/2022"


@pytest.mark.parametrize("record", [FULL, SHOWN, MINIMAL], ids=["full", "shown", "minimal"])
def test_a_dataset_with_every_field_obeys_the_specification(record: dict[str, Any]) -> None:
    judged(croissant(record, SITE))


@settings(max_examples=40, deadline=None)
@given(RECORDS)
def test_whatever_a_dataset_holds_it_obeys_the_specification(record: dict[str, Any]) -> None:
    judged(croissant(record, SITE))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.booleans())
def test_whatever_the_fields_hold_it_obeys_the_specification(seed: int, columns: bool) -> None:
    made = Maker(seed).dataset()
    for number, each in enumerate(made["resources"]):
        each |= {"sha256": f"{number:064x}"} | ({"skema": json.dumps(COLUMNS)} if columns else {})
    judged(croissant(made, SITE))
