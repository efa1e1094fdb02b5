"""What a reader of ``data.json`` relies on: POD 1.1, and what ckanext-dcat makes of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from ckanext.dcat.converters import dcat_to_ckan
from federation_samples import ID, MINIMAL, SITE, Maker
from hypothesis import HealthCheck, given, settings
from nasional_samples import FILE, RECORDS, SHOWN

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.pod import (
    POD_CLOSING,
    POD_OPENING,
    POD_SEPARATOR,
    pod_bytes,
    pod_dataset,
)

#: Text that says something, and what POD demands of each kind (its JSON Schema, restated).
DAY = r"\d{4}(-\d\d(-\d\d([T ]\d\d(:?\d\d(:?\d\d([.,]\d+)?)?)?(Z|[+-]\d\d:\d\d)?)?)?)?"
PATTERNS = {
    "issued": DAY,
    "modified": DAY,
    # Its own rule is one expression for both ends, so they must be of one form.
    "temporal": r"\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d",
    "accrualPeriodicity": r"irregular|R/P(?=.)(\d+[YMWD])?(T\d+S)?",
    "mediaType": r"[-\w]+/[-\w]+(\.[-\w]+)*([+][-\w]+)?",
    "describedByType": r"[-\w]+/[-\w]+",
    "accessLevel": "public|restricted public|non-public",
    "hasEmail": r"mailto:[\w~!$&'()*+,;=:.-]+@[\w.-]+\.[\w.-]+",
}
ADDRESSES = {"landingPage", "license", "conformsTo", "describedBy", "downloadURL", "accessURL"}
REQUIRED = {"identifier", "title", "description", "keyword", "publisher", "contactPoint",
            "accessLevel", "language", "distribution"}
LISTS = {"keyword", "language", "theme", "references", "distribution"}


def faults(made: dict[str, Any]) -> list[str]:
    """Return where a dataset is not what POD 1.1 demands, or would end a harvester's worker."""
    found = [f"{name} is missing" for name in REQUIRED - made.keys()]
    for name in made.keys() & LISTS:
        each = made[name]
        if not isinstance(each, list) or len(set(map(json.dumps, each))) < len(each):
            found.append(f"{name} is no list of different things")
        elif name != "distribution" and not all(isinstance(word, str) and word for word in each):
            found.append(f"{name} holds something else than words")
        elif name != "distribution" and not each:
            found.append(f"{name} is empty")
    for where in (made, *made.get("distribution", []), made.get("contactPoint", {})):
        for name, each in where.items():
            if each is None or each == "":
                found.append(f"{name} is nothing")
            elif name in PATTERNS and not re.fullmatch(PATTERNS[name], each, re.ASCII):
                found.append(f"{name}: {each}")
            elif name in ADDRESSES and not (
                urlsplit(each).scheme in ("http", "https") and urlsplit(each).netloc
                and not re.search(r"[\s<>\"]", each)
            ):
                found.append(f"{name} is no address: {each}")
    for file in made.get("distribution", []):
        if "downloadURL" in file and "mediaType" not in file:
            found.append("a download has no media type")
        if not isinstance(file.get("byteSize", 0), int):
            found.append("byteSize is not whole")
    if len(made.get("rights", "-")) > 255:
        found.append("rights are too long")
    for office in ("publisher", "creator"):
        if office in made and not made[office].get("name"):
            found.append(f"{office} has no name")
    if not made.get("contactPoint", {}).get("fn"):
        found.append("the contact has no name")
    return found


def test_a_file_that_stands_twice_is_said_once() -> None:
    file = {"id": "0", "url": "https://contoh.go.id/a.csv", "format": "CSV"}
    made = pod_dataset({"id": "1", "title": "Data", "resources": [file, {**file, "id": "1"}]}, SITE)
    assert len(made["distribution"]) == 1 and faults(made) == []


@given(record=RECORDS)
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_a_dataset_holds_it_is_pod(record: dict[str, Any]) -> None:
    made = pod_dataset(record, SITE)
    assert faults(made) == []
    assert json.loads(pod_bytes(made)) == made


@pytest.mark.parametrize("record", [SHOWN, MINIMAL, *(Maker(seed).dataset() for seed in range(30))])
def test_the_samples_are_pod(record: dict[str, Any]) -> None:
    assert faults(pod_dataset(record, SITE)) == []


@pytest.mark.parametrize(("change", "said"), [
    ({"keyword": None}, "keyword"), ({"keyword": "kata"}, "keyword"), ({"keyword": []}, "keyword"),
    ({"title": ""}, "title"), ({"issued": "kemarin"}, "issued"), ({"accessLevel": "x"}, "access"),
    ({"temporal": "2025"}, "temporal"), ({"accrualPeriodicity": "R/P"}, "accrual"),
    ({"license": "cc-by"}, "license"), ({"rights": "a" * 256}, "rights"),
    ({"distribution": [{"downloadURL": "https://a.id/x"}]}, "media type"),
    ({"distribution": [{"accessURL": "https://a.id/x", "byteSize": 1.5}]}, "byteSize"),
    ({"publisher": {"email": "a@b.id"}}, "publisher"), ({"contactPoint": {}}, "contact"),
    ({"references": ["https://a.id", "https://a.id"]}, "references"),
])
def test_the_restated_rules_find_what_is_not_pod(change: dict[str, Any], said: str) -> None:
    assert any(said in each for each in faults(pod_dataset(SHOWN, SITE) | change))


def test_what_is_said_of_a_dataset() -> None:
    made = pod_dataset(SHOWN, SITE)
    assert made["identifier"] == f"urn:uuid:{ID}"
    assert made["title"] == SHOWN["title"]
    assert made["description"] == SHOWN["notes"]
    assert made["landingPage"] == SHOWN["url"]
    assert made["keyword"] == ["puskesmas", "kesehatan", "Kunjungan Rawat Jalan"]
    assert made["language"] == ["id", "en"]
    assert (made["issued"], made["modified"]) == ("2026-03-15", "2026-03-16T09:30:00+07:00")
    assert made["publisher"] == {
        "@type": "org:Organization", "name": "Diskominfosatik Kabupaten Serang",
        "mbox": "data@serangkab.go.id", "email": "data@serangkab.go.id",
        "subOrganizationOf": {
            "@type": "org:Organization", "name": "Pemerintah Kabupaten Serang"},
    }
    assert made["creator"] == {"@type": "org:Organization", "name": "Dinas Kesehatan",
                               "email": "dinkes@serangkab.go.id"}
    assert made["contactPoint"] == {"@type": "vcard:Contact", "fn": "Seksi Data",
                                    "hasEmail": "mailto:data@dinkes.serangkab.go.id"}
    assert (made["accessLevel"], made["rights"]) == ("public", "Sebutkan sumber.")
    assert made["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert made["temporal"] == "2024-01-01/2025-12-31"
    assert made["accrualPeriodicity"] == "R/P1Y"
    assert made["spatial"] == "Kabupaten Serang; Serang; Pulau Tunda"
    assert made["theme"] == [vocabulary.get("urusan")[code].label_id for code in SHOWN["urusan"]]
    assert made["conformsTo"] == "https://www.rfc-editor.org/rfc/rfc4180"
    assert made["references"] == ["https://dinkes.serangkab.go.id/panduan.pdf"]
    assert made["describedBy"] == f"{SITE.url}/dataset/{SHOWN['name']}"


def test_what_is_said_of_a_file() -> None:
    [made] = pod_dataset(SHOWN, SITE)["distribution"]
    given = SHOWN["resources"][0]
    assert made == {
        "@type": "dcat:Distribution", "title": "Tabel 2025",
        "description": "Satu baris tiap kecamatan.", "format": "CSV", "mediaType": "text/csv",
        "byteSize": 2048, "downloadURL": given["download_url"], "accessURL": given["access_url"],
        "conformsTo": "https://www.rfc-editor.org/rfc/rfc4180",
        "describedBy": f"{SITE.url}/dataset/{ID}/resource/{FILE}", "describedByType": "text/html",
    }


def test_a_file_of_an_unknown_kind_can_still_be_downloaded() -> None:
    record = MINIMAL | {"resources": [{"id": FILE, "url": "https://a.id/x", "format": "Lain"}]}
    [made] = pod_dataset(record, SITE)["distribution"]
    assert made["mediaType"] == "application/octet-stream"
    assert made["accessURL"] == made["downloadURL"] == "https://a.id/x"


@pytest.mark.parametrize(("level", "said"), [
    ("terbatas", "restricted public"), ("tertutup", "non-public"), ("entah", "non-public"),
])
def test_of_restricted_data_only_the_page_of_the_file_is_said(level: str, said: str) -> None:
    made = pod_dataset(SHOWN | {"access_rights": level}, SITE)
    assert (made["accessLevel"], made["rights"]) == (said, "UU 14/2008 pasal 17")
    [file] = made["distribution"]
    assert file["accessURL"] == f"{SITE.url}/dataset/{ID}/resource/{FILE}"
    assert "downloadURL" not in file
    for name in ("url", "download_url", "access_url", "hash"):
        assert f'"{SHOWN["resources"][0][name]}"' not in json.dumps(made)


def test_a_frequency_without_an_interval_is_not_said() -> None:
    """Every code has an interval, but for once and for less often than every two years."""
    without = {each.code for each in vocabulary.get("frekuensi")
               if "accrualPeriodicity" not in pod_dataset(MINIMAL | {"frequency": each.code}, SITE)}
    assert without == {"sekali", "lebih_dua_tahunan"}


@pytest.mark.parametrize(("start", "end", "said"), [
    ("2024", "", "2024-01-01/2024-12-31"), ("2024-02", "", "2024-02-01/2024-02-29"),
    ("2024-03-05", "2024-04", "2024-03-05/2024-04-30"), ("kemarin", "", None), ("", "2024", None),
    ("2024-03-05T10:00:00+07:00", "", "2024-03-05/2024-03-05"),
])
def test_a_period_is_said_in_whole_days(start: str, end: str, said: str | None) -> None:
    record = MINIMAL | {"temporal_coverage": [{"start": start, "end": end}]}
    assert pod_dataset(record, SITE).get("temporal") == said


def test_ckans_own_times_say_that_they_are_utc() -> None:
    made = pod_dataset(MINIMAL, SITE)
    assert made["issued"] == "2026-01-02T03:04:05.678901+00:00"
    assert made["modified"] == "2026-01-03T03:04:05.678901+00:00"


def test_a_dataset_with_hardly_anything_is_pod() -> None:
    made = pod_dataset({"id": "x y", "name": "", "title": None, "notes": None}, SITE)
    assert made["identifier"] == f"{SITE.url}/dataset/x%20y"
    assert faults(made) == []


def test_the_identifier_is_none_another_harvester_of_us_has() -> None:
    """The CKAN harvester's is the bare UUID, the RDF harvester's the dataset's IRI."""
    made = pod_dataset(SHOWN, SITE)["identifier"]
    assert made not in (ID, f"{SITE.url}/dataset/{ID}")
    assert pod_dataset(SHOWN, replace(SITE, url="https://lain.go.id"))["identifier"] == made


def test_a_document_is_datasets_between_an_opening_and_a_closing() -> None:
    made = [pod_dataset(each, SITE) for each in (SHOWN, MINIMAL, Maker(3).dataset())]
    for count in range(len(made) + 1):
        document = POD_OPENING + POD_SEPARATOR.join(map(pod_bytes, made[:count])) + POD_CLOSING
        assert not document.startswith(b"\xef\xbb\xbf")
        read = json.loads(document.decode("utf-8"))
        assert read["dataset"] == made[:count]
        assert read["conformsTo"] == "https://project-open-data.cio.gov/v1.1/schema"
        assert read["@type"] == "dcat:Catalog"


# ------------------------------------------------------------------ ckanext-dcat's own converter
@given(record=RECORDS)
@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=50)
def test_the_stock_converter_reads_it(record: dict[str, Any]) -> None:
    made = pod_dataset(record, SITE)
    read = dcat_to_ckan(json.loads(pod_bytes(made)))
    assert read["title"] == made["title"]
    assert [each["name"] for each in read["tags"]] == made["keyword"]
    assert all(re.fullmatch(r"[\w .-]{2,100}", each["name"]) for each in read["tags"])
    assert [each["url"] for each in read["resources"]] == [
        each.get("downloadURL") or each["accessURL"] for each in made["distribution"]]


def test_the_stock_converter_finds_the_people() -> None:
    read = dcat_to_ckan(pod_dataset(SHOWN, SITE))
    extras = {each["key"]: each["value"] for each in read["extras"]}
    assert extras["dcat_publisher_name"] == "Diskominfosatik Kabupaten Serang"
    assert extras["dcat_publisher_email"] == "data@serangkab.go.id"
    assert extras["dcat_creator_name"] == "Dinas Kesehatan"
    assert extras["guid"] == f"urn:uuid:{ID}"
    assert extras["language"] == "id,en"
    [file] = read["resources"]
    assert (file["format"], file["size"]) == ("CSV", 2048)


def test_the_licence_that_ckan_calls_cc_by_is_the_portals_own() -> None:
    made = pod_dataset({**MINIMAL, "license_id": "cc-by", "license_url": "http://x.org/by"}, SITE)
    assert made["license"] == vocabulary.get("lisensi")["cc-by-4.0"].iri
