"""What a producer relies on: values are read as written, what is known is not asked."""
from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from schema_files import GOOD

from ckanext.satudata.domain import metadata_values as values
from ckanext.satudata.domain.metadata_columns import columns, table_schema
from ckanext.satudata.domain.metadata_copy import next_year
from ckanext.satudata.domain.metadata_derive import (
    Agency,
    Installation,
    derived,
    fill,
    publisher_type,
)
from ckanext.satudata.domain.metadata_values import InvalidValueError


# ------------------------------------------------------------------- the values
@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("31-12-2026", "2026-12-31"), ("2026-12-31", "2026-12-31"), ("31/12/2026", "2026-12-31"),
        ("1.2.2026", "2026-02-01"), ("31 Desember 2026", "2026-12-31"),
        (" 5 Agustus 2025 ", "2025-08-05"),
        ("2026-12-31T10:00:00Z", "2026-12-31"), (date(2026, 1, 2), "2026-01-02"),
    ],
)
def test_a_date_is_read_as_people_write_it(written: Any, stored: str) -> None:
    assert values.iso_date(written) == stored


@pytest.mark.parametrize(
    "written", ["31-02-2026", "2026", "besok", "12-31-2026", "01-01-0001", "1" * 41, ["2026"]]
)
def test_what_is_no_date_is_refused(written: Any) -> None:
    with pytest.raises(InvalidValueError):
        values.iso_date(written)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("2025", "2025"), ("2025-03", "2025-03"), ("03-2025", "2025-03"), ("Maret 2025", "2025-03"),
        ("31-03-2025", "2025-03-31"), ("2025-01-01T00:00:00+07:00", "2025-01-01T00:00:00+07:00"),
    ],
)
def test_a_period_keeps_the_precision_that_was_written(written: str, stored: str) -> None:
    assert values.period(written) == stored


@pytest.mark.parametrize(
    ("read", "written"),
    [
        (values.period, "triwulan 1"), (values.year, "25"), (values.year, "20255"),
        (values.count, "-1"),
        (values.count, "1,5"), (values.count, "12a"), (values.count, "9" * 25),
        (values.truth, "mungkin"),
        (values.email, "dinkes@serang"), (values.email, "a b@c.id"),
        (values.email, "a@b.id\nBcc: c@d.id"),
        (values.phone, "hubungi kami"), (values.phone, "12"), (values.iri, "serangkab.go.id"),
        (values.iri, "javascript:alert(1)"), (values.iri, "http://"), (values.iri, "http://[x"),
        (values.iri, "https://a b.id"), (values.iri, "file:///etc/passwd"),
        (values.language, "bahasa kita"),
        (lambda v: values.geometry(v, 100), "{"),
        (lambda v: values.geometry(v, 100), '{"type": []}'),
        (lambda v: values.geometry(v, 5), '{"type": "Point"}'), (values.value_domain, "laki-laki"),
        (lambda v: values.text(v, 5), "enam56"), (lambda v: values.text(v, 50), "a\u202eb"),
        (lambda v: values.text(v, 50), "a\x0bb"), (lambda v: values.text(v, 50), {"a": 1}),
        (lambda v: values.lines(v, 5), [["a"]]), (lambda v: values.lines(v, 5), ["a"] * 501),
    ],
)
def test_a_bad_value_is_refused_with_the_field_named_and_a_way_out(read: Any, written: Any) -> None:
    with pytest.raises(InvalidValueError) as refused:
        read(written)
    message = refused.value.explain("Isian saya")
    assert "Isian saya" in message and message.endswith(".") and len(message) < 400


@pytest.mark.parametrize(
    ("read", "written", "stored"),
    [
        (values.count, "1.234", 1234), (values.count, 88, 88), (values.count, "0", 0),
        (values.count, 5.0, 5),
        (values.truth, "Ya", True), (values.truth, "0", False), (values.truth, False, False),
        (values.email, "mailto:a@b.go.id", "a@b.go.id"),
        (values.phone, "(0254) 200123", "(0254) 200123"),
        (values.iri, "urn:isbn:1", "urn:isbn:1"), (values.language, "id", "id"),
        (values.year, 2026, "2026"),
        (values.value_domain, "1=laki-laki", "1 = laki-laki"), (values.timestamp, "2025", "2025"),
        (lambda v: values.text(v, 9), " e\u0301\r\nb ", "é\nb"),
        (lambda v: values.lines(v, 9), "a\n\n b \na", ["a", "b"]),
        (lambda v: values.lines(v, 9), '["a", "b"]', ["a", "b"]),
    ],
)
def test_a_good_value_is_stored_in_one_form(read: Any, written: Any, stored: Any) -> None:
    assert read(written) == stored


# ----------------------------------------------------------- the data dictionary
def test_a_table_schema_keeps_our_keys_and_is_judged_by_the_standard() -> None:
    assert table_schema(json.dumps(GOOD)) == GOOD
    assert [column["name"] for column in columns(GOOD)] == ["kode", "jumlah"]


@pytest.mark.parametrize(
    "value",
    [
        "{", "[]", "1", {}, {"fields": []}, {"fields": "x"}, {"fields": ["x"]},
        {"fields": [{"type": "string"}]},
        {"fields": [{"name": "a"}, {"name": "a"}]}, {"fields": [{"name": "a", "type": "ukuran"}]},
        {"fields": [{"name": "a", "kode_referensi": "tidak_ada"}]},
        {"fields": [{"name": "a", "satuan": ["orang"]}]},
        {"fields": [{"name": f"k{i}"} for i in range(2001)]}, {"fields": [{"name": "a\x00"}]},
        "[" * 100_000,
        "/etc/passwd", "http://127.0.0.1/",
        '{"fields": [{"name": "a", "x": 1e999}]}',
        {"fields": [{"name": "a", "x": float("nan")}]},
        {"fields": [{"name": "a", "x": ["\ud800"]}]},
        {"fields": [{"name": "a", "x\ud800": 1}]},
        {"fields": [{"name": "a", "type": ["string"]}]},
        {"fields": [{"name": "a", "kode_referensi": "javascript:x"}]},
    ],
    ids=str,
)
def test_a_bad_table_schema_is_refused(value: Any) -> None:
    with pytest.raises(InvalidValueError):
        table_schema(value)


# ------------------------------------------------------------ what is not asked
PORTAL = Installation(
    "https://data.id",
    "36.04",
    "Pemerintah Kabupaten Serang",
    "Diskominfo",
    "data@serangkab.go.id",
    "cc-by-4.0",
)
DINKES = Agency("1", "dinkes", "Dinas Kesehatan", ("1.02",), "dinkes@serangkab.go.id")
DISDIK = Agency("2", "disdik", "Dinas Pendidikan", ("1.01",))


def test_what_is_known_is_filled_and_what_was_typed_stays() -> None:
    changes = fill(
        {"satuan": "orang", "definisi": "Semua.", "urusan": ["2.08"], "license_id": "odc-by"},
        "dataset", DINKES, PORTAL)
    assert changes["ukuran"] == "Jumlah" and changes["notes"] == "Semua."
    assert changes["creator"][0]["name"] == "Dinas Kesehatan"
    assert changes["kategori"] == "Pemberdayaan perempuan dan pelindungan anak"
    assert changes["kode_wilayah"] == ["36.04"] and changes["access_rights"] == "terbuka"
    assert changes["identifier"].startswith("urn:uuid:")
    assert "urusan" not in changes and "license_id" not in changes


def test_a_derived_value_follows_its_source_until_somebody_types_another() -> None:
    first = {"owner_org": "1", "satuan": "orang"}
    stored = {**first, **fill(first, "dataset", DINKES, PORTAL)}
    moved = {**stored, "owner_org": "2", "satuan": "persen"}
    changes = fill(moved, "dataset", DISDIK, PORTAL, stored, DINKES)
    assert changes["urusan"] == ["1.01"] and changes["kategori"] == "Pendidikan"
    assert changes["ukuran"] == "Persentase" and changes["creator"][0]["name"] == "Dinas Pendidikan"
    assert "identifier" not in changes
    typed = {**moved, "ukuran": "Proporsi", "kategori": "Anak"}
    earlier = {**stored, "ukuran": "Proporsi", "kategori": "Anak"}
    kept = fill(typed, "dataset", DISDIK, PORTAL, earlier, DINKES)
    assert "ukuran" not in kept and "kategori" not in kept


def test_the_identifier_survives_a_client_that_leaves_it_out() -> None:
    harvested = fill({}, "dataset", None, PORTAL, {"identifier": "urn:uuid:1"})
    assert harvested["identifier"] == "urn:uuid:1"


def test_nothing_of_ours_is_stated_about_another_portals_record() -> None:
    known = derived({"definisi": "x"}, "dataset", DINKES, None)
    assert not {"publisher", "kode_wilayah", "license_id", "access_rights", "creator"} & set(known)


@pytest.mark.parametrize(
    ("area", "kind"),
    [
        ("36", "daerah-provinsi"),
        ("36.04", "daerah-kabupaten"),
        ("36.73", "daerah-kota"),
        ("36.04.14.2001", "desa"),
        ("", "pusat"),
    ],
)
def test_the_kind_of_government_follows_from_the_code(area: str, kind: str) -> None:
    assert publisher_type(area) == kind


def test_next_years_dataset_moves_its_own_years_on_and_leaves_the_edition_behind() -> None:
    made = next_year(
        {
            "id": "1", "name": "x", "identifier": "y", "type": "dataset",
            "title": "Stunting 2025 menurut Perda 5 tahun 2019",
            "temporal_coverage": [{"start": "2025", "end": "2025-12-31"}],
            "referensi_waktu": "keadaan 31 Desember 2025",
            "jadwal_rilis": "2024-02-29", "resources": [{"url": "x"}], "prioritas_tahun": ["2025"],
            "konsep": "Stunting",
            "cakupan_pelaporan": [{"diterima": 88, "seharusnya": 92, "satuan": "posyandu"}],
            "tags": [{"name": "gizi", "id": "9"}],
        }
    )
    assert made["title"] == "Stunting 2026 menurut Perda 5 tahun 2019"
    assert made["temporal_coverage"] == [{"start": "2026", "end": "2026-12-31"}]
    assert made["referensi_waktu"] == "keadaan 31 Desember 2026"
    assert made["jadwal_rilis"] == "2025-02-28"
    assert made["cakupan_pelaporan"] == [{"seharusnya": 92, "satuan": "posyandu"}]
    assert made["tags"] == [{"name": "gizi"}]
    assert not {"id", "name", "identifier", "resources", "prioritas_tahun"} & set(made)
