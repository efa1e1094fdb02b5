"""What the profile says beyond the fields: law, place, quality, structure, service."""

from __future__ import annotations

from typing import Any

import pytest
from federation_samples import FULL, ID, MINIMAL, SITE
from rdflib import RDF, Graph, Literal, URIRef

from ckanext.satudata.domain import peraturan, wilayah, wilayah_letak
from ckanext.satudata.domain.federation.reading import Reader
from ckanext.satudata.domain.federation.terms import (
    DCAT,
    DCATAP,
    DCT,
    DQV,
    ELI,
    GEODCATAP,
    IANA,
    OA,
    PROV,
    QB,
    SDMX_ATTRIBUTE,
    SDMX_DIMENSION,
)
from ckanext.satudata.domain.federation.writing import Writer

REF = URIRef(f"{SITE.url}/dataset/{ID}")
LAW = "https://peraturan.go.id/id/"


def graph_of(record: dict[str, Any], ref: URIRef = REF) -> Graph:
    graph = Graph()
    Writer(graph, SITE).dataset(ref, record)
    return graph


def legislation(**record: Any) -> set[str]:
    graph = graph_of({**MINIMAL, "id": ID, **record})
    found = set(graph.objects(REF, DCATAP.applicableLegislation))
    assert all((node, RDF.type, ELI.LegalResource) in graph for node in found)
    assert all(graph.value(node, DCT.title) for node in found)
    return {str(node) for node in found}


# ---------------------------------------------------------------- law
@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("UU No. 14 Tahun 2008 pasal 17 huruf h", ["uu-14-2008"]),
        ("Pasal 17 UU 14/2008; pasal 4 UU 27/2022", ["uu-14-2008", "uu-27-2022"]),
        ("undang-undang republik indonesia nomor 63 tahun 2024", ["uu-63-2024"]),
        (
            "Peraturan Pemerintah Pengganti Undang-Undang Nomor 1 Tahun 2020",
            ["perppu-1-2020"],
        ),
        ("Peraturan Presiden Nomor 39 Th. 2019", ["perpres-39-2019"]),
        ("UU 14/2008, sekali lagi UU 14/2008", ["uu-14-2008"]),
        ("Perbup Serang 12/2021", []),  # each kabupaten has its number 12
        ("UU Keterbukaan Informasi Publik", []),
        ("kasupp 61/2010", []),
        ("", []),
    ],
)
def test_a_citation_is_understood_as_people_write_it(words: str, codes: list[str]) -> None:
    assert [each.code for each in peraturan.cited(words)] == codes


def test_a_regulation_is_the_address_where_it_can_be_read() -> None:
    assert legislation() == {f"{LAW}perpres-no-39-tahun-2019"}
    assert legislation(dasar_hukum="UU 14/2008 pasal 17 huruf h") == {
        f"{LAW}perpres-no-39-tahun-2019",
        f"{LAW}uu-no-14-tahun-2008",
    }


def test_a_basis_in_other_words_is_said_in_them() -> None:
    graph = graph_of({**MINIMAL, "id": ID, "dasar_hukum": "Perbup Serang 12/2021 pasal 3"})
    titles = {
        str(graph.value(node, DCT.title))
        for node in graph.objects(REF, DCATAP.applicableLegislation)
    }
    assert "Perbup Serang 12/2021 pasal 3" in titles


def test_of_data_from_elsewhere_no_law_of_ours_is_said() -> None:
    ref = URIRef("https://data.example.org/dataset/1")
    graph = graph_of({**MINIMAL, "id": ID, "dasar_hukum": "UU 14/2008"}, ref)
    assert not list(graph.objects(None, DCATAP.applicableLegislation))
    assert not list(graph.objects(None, DCATAP.availability))


# ---------------------------------------------------------------- place
def test_every_provinsi_and_kabupaten_lies_somewhere_in_indonesia() -> None:
    areas = list(wilayah.children())
    areas += [below for above in wilayah.children() for below in wilayah.children(above.code)]
    assert len(areas) == 38 + 514
    for area in areas:
        lies = wilayah_letak.get(area.code)
        assert lies is not None, area
        west, south, east, north, longitude, latitude = map(float, lies)
        assert 94.9 < west < east < 141.1 and -11.1 < south < north < 6.2, area
        assert west <= longitude <= east and south <= latitude <= north, area
        above = wilayah_letak.get(area.parent)
        if above is not None:  # a provinsi holds its kabupaten
            outer = tuple(map(float, above[:4]))
            assert outer[0] <= west and outer[1] <= south, area
            assert outer[2] >= east and outer[3] >= north, area


def test_an_area_says_its_box_and_its_centre() -> None:
    graph = graph_of({**MINIMAL, "id": ID, "kode_wilayah": ["36.04"]})
    place = graph.value(REF, DCT.spatial)
    box = str(graph.value(place, DCAT.bbox))
    assert box.startswith("POLYGON((") and len(box.split(",")) == 5
    corners = box[9:-2].split(",")
    assert corners[0] == corners[-1]
    assert str(graph.value(place, DCAT.centroid)).startswith("POINT(106.")
    # Of a desa it is not known, and that of its kabupaten is not its own.
    desa = graph_of({**MINIMAL, "id": ID, "kode_wilayah": ["36.04.05.2001"]})
    assert desa.value(desa.value(REF, DCT.spatial), DCAT.bbox) is None


# ---------------------------------------------------------------- quality and structure
def test_scores_of_the_inspection_are_measurements() -> None:
    graph = graph_of({**MINIMAL, "id": ID, "mutu": {"metadata": 88, "standar_data": 100}})
    said = {
        str(graph.value(node, DQV.isMeasurementOf)).rpartition("/mutu/")[2]: graph.value(
            node, DQV.value
        ).toPython()
        for node in graph.objects(REF, DQV.hasQualityMeasurement)
    }
    assert said == {"metadata": 88, "standar_data": 100}


@pytest.mark.parametrize("given", ["100", {"unknown": 3}, {"metadata": "x"}, ["metadata"], None])
def test_a_score_that_is_none_is_not_said(given: Any) -> None:
    graph = graph_of({**MINIMAL, "id": ID, "mutu": given, "extras": []})
    assert not list(graph.objects(REF, DQV.hasQualityMeasurement))


def test_nobody_can_type_that_it_was_inspected() -> None:
    inspected = graph_of({**MINIMAL, "id": ID, "pemeriksaan": True})
    node = inspected.value(REF, DQV.hasQualityAnnotation)
    assert (node, OA.hasBody, URIRef(f"{SITE.url}/kode-referensi/hasil_periksa/memenuhi")) in (
        inspected
    )
    for typed in ({"extras": [{"key": "pemeriksaan", "value": "True"}]}, {"pemeriksaan": "True"}):
        graph = graph_of({**MINIMAL, "id": ID, **typed})
        assert graph.value(REF, DQV.hasQualityAnnotation) is None


def test_what_is_measured_of_what_and_when() -> None:
    graph = graph_of(
        {
            **MINIMAL,
            "id": ID,
            "id_indikator": ["kunjungan"],
            "kode_wilayah": ["36.04"],
            "temporal_coverage": [{"start": "2025-01-01"}],
            "satuan": "orang",
        }
    )
    parts = list(graph.objects(graph.value(REF, QB.structure), QB.component))
    assert {node for part in parts for node in graph.objects(part, QB.dimension)} == {
        SDMX_DIMENSION.refArea,
        SDMX_DIMENSION.refPeriod,
    }
    assert [graph.value(part, QB.measure) for part in parts if graph.value(part, QB.measure)] == [
        URIRef(f"{SITE.url}/indikator/kunjungan")
    ]
    unit = graph.value(REF, SDMX_ATTRIBUTE.unitMeasure)
    assert unit == URIRef(f"{SITE.url}/kode-referensi/satuan/orang")
    assert not list(graph_of({**MINIMAL, "id": ID}).objects(REF, QB.structure))


def test_the_level_is_said_in_words_for_readers_of_maps() -> None:
    graph = graph_of({**MINIMAL, "id": ID, "tingkat_penyajian": "kecamatan"})
    assert graph.value(REF, GEODCATAP.spatialResolutionAsText) == Literal("Kecamatan", lang="id")


# ---------------------------------------------------------------- files
def file_of(resource: dict[str, Any], **record: Any) -> tuple[Graph, Any]:
    graph = graph_of({**MINIMAL, "id": ID, "resources": [{"id": "r", **resource}], **record})
    return graph, graph.value(REF, DCAT.distribution)


def test_rows_are_had_by_the_service_of_the_portal() -> None:
    table = {"url": "https://x.go.id/a.csv", "datastore_active": True}
    graph, file = file_of(table)
    service = graph.value(file, DCAT.accessService)
    assert (service, DCAT.servesDataset, REF) in graph
    assert str(graph.value(service, DCAT.endpointURL)).endswith("/api/3/action/datastore_search")
    graph, file = file_of(table, access_rights="tertutup")
    assert graph.value(file, DCAT.accessService) is None


@pytest.mark.parametrize(
    ("name", "kind", "packed"),
    [
        ("a.csv.gz", "CSV", "application/gzip"),
        ("a.CSV.GZ", "csv", "application/gzip"),
        ("peta.zip", "SHP", "application/zip"),
        ("semua.zip", "ZIP", None),  # what is inside is not known
        ("a.csv", "CSV", None),
        ("a.zip", "", None),
        ("zip", "CSV", None),
    ],
)
def test_how_a_file_is_compressed(name: str, kind: str, packed: str | None) -> None:
    graph, file = file_of({"url": f"https://x.go.id/{name}", "format": kind})
    assert graph.value(file, DCAT.compressFormat) == (IANA[packed] if packed else None)


def test_a_file_says_the_right_of_its_dataset_and_reading_does_not_make_it_a_text() -> None:
    graph, file = file_of({"url": "https://x.go.id/a.csv"}, access_rights="terbuka")
    assert graph.value(file, DCT.rights) == URIRef(f"{SITE.url}/kode-referensi/akses/terbuka")
    assert "rights" not in Reader(graph, SITE).dataset(REF)["resources"][0]


def test_a_file_of_ours_stays_for_years() -> None:
    graph, file = file_of({"url": "https://x.go.id/a.csv"})
    assert str(graph.value(file, DCATAP.availability)).endswith("/planned-availability/AVAILABLE")


# ---------------------------------------------------------------- who, after a change of address
def test_an_organization_of_ours_is_known_by_its_id_wherever_the_portal_stood() -> None:
    org = {"id": "0f3c", "title": "Dinas Baru", "name": "dinas"}
    stored = {"name": "Dinas Lama", "uri": "http://lama.example/organization/0f3c"}
    graph = graph_of({**MINIMAL, "id": ID, "organization": org, "creator": [stored]})
    creator = graph.value(REF, DCT.creator)
    assert creator == URIRef(f"{SITE.url}/organization/0f3c")
    assert [str(each) for each in graph.objects(creator)].count("Dinas Baru") == 1
    government = {"name": SITE.government, "uri": "http://lama.example"}
    graph = graph_of({**MINIMAL, "id": ID, "publisher": [government]})
    assert graph.value(REF, DCT.publisher) == URIRef(f"{SITE.url}/#pemerintah")


def test_an_activity_is_what_produced_the_data() -> None:
    graph = graph_of({**MINIMAL, "id": ID, "id_kegiatan": "survei"})
    assert graph.value(REF, PROV.wasGeneratedBy) == URIRef(f"{SITE.url}/kegiatan/survei")


def test_the_sample_says_nothing_twice() -> None:
    graph = graph_of({**FULL, "mutu": {"metadata": 90}, "pemeriksaan": True})
    for single in (DCT.accessRights, DCT.accrualPeriodicity, QB.structure):
        assert len(list(graph.objects(REF, single))) == 1


def test_the_licence_is_that_of_the_list_everybody_checks_against() -> None:
    iri = URIRef("http://publications.europa.eu/resource/authority/licence/CC_BY_4_0")
    for code in ("cc-by", "cc-by-4.0"):
        graph = graph_of({**MINIMAL, "id": ID, "license_id": code})
        assert graph.value(REF, DCT.license) == iri
        assert str(graph.value(iri, DCT.title)) == "Creative Commons Attribution"
        assert Reader(graph, SITE).dataset(REF)["license_id"] == code
    # Of another portal's licence the version is not known.
    ref = URIRef("https://data.example.org/dataset/1")
    record = {"id": ID, "title": "x", "license_id": "cc-by", "license_url": "http://od.org/cc-by"}
    assert graph_of(record, ref).value(ref, DCT.license) == URIRef("http://od.org/cc-by")
