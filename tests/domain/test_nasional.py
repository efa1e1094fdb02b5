"""What the national portal gets to read of us on its CKAN path, and that it takes it."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from federation_samples import ID, MINIMAL, SITE, Maker
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nasional_samples import FILE, OWNER, RECORDS, SHOWN
from schema_files import load

from ckanext.satudata.domain.federation.nasional import (
    LEFT_OUT,
    RESOURCE_ROWS,
    ROWS,
    Shape,
    flattened,
    problems,
    withdrawn,
)
from ckanext.satudata.domain.federation.nasional_rules import (
    CHOICES,
    CONTRACTOR_FIELDS,
    CORE_FIELDS,
    NEVER_AN_EXTRA,
    RULES,
)

AT = datetime(2026, 3, 17, 8, 0, 0, 5, tzinfo=timezone.utc)
SHAPES = pytest.mark.parametrize("shape", Shape)
FIELDS = [each["field_name"] for each in load("dataset")["dataset_fields"]]
FILE_FIELDS = [each["field_name"] for each in load("dataset")["resource_fields"]]


def flat(record: dict[str, Any] = SHOWN, shape: Shape = Shape.CKAN, **more: Any) -> dict[str, Any]:
    return flattened(record, SITE, AT, shape, **more)


def extras(
    record: dict[str, Any] = SHOWN, shape: Shape = Shape.CKAN, **more: Any
) -> dict[str, Any]:
    return {each["key"]: each["value"] for each in flat(record, shape, **more)["extras"]}


def read_at(record: dict[str, Any], place: str) -> Any:
    if place.startswith("extras."):
        return {e["key"]: e["value"] for e in record["extras"]}.get(place.removeprefix("extras."))
    return record.get(place)


# ------------------------------------------------------------------ nothing is lost
@pytest.mark.parametrize("field", FIELDS)
@SHAPES
def test_every_field_of_a_dataset_is_carried(field: str, shape: Shape) -> None:
    record = SHOWN | {"tag_string": "puskesmas,kesehatan"}
    made = flat(record, shape)
    found = [read_at(made, row.place(shape)) for row in ROWS if row.field == field]
    assert any(found), f"{field} is in no row of the table that carries it"


@pytest.mark.parametrize("field", FILE_FIELDS)
def test_every_field_of_a_file_is_carried_or_its_absence_explained(field: str) -> None:
    rows = [row for row in RESOURCE_ROWS if row.field == field]
    assert bool(rows) != bool(LEFT_OUT.get(field))
    if rows:
        assert flat()["resources"][0].get(field) not in (None, "")


def test_the_table_names_only_fields_there_are() -> None:
    assert {row.field for row in ROWS} <= set(FIELDS)
    assert {row.field for row in RESOURCE_ROWS} | set(LEFT_OUT) <= set(FILE_FIELDS)


@SHAPES
def test_no_two_rows_write_one_place(shape: Shape) -> None:
    places = [row.place(shape) for row in ROWS if row.place(shape)]
    assert sorted(set(places)) == sorted(places)


def test_no_row_writes_what_the_reader_refuses() -> None:
    for row in ROWS:
        for shape in Shape:
            place = row.place(shape)
            key = place.removeprefix("extras.")
            if key != place:
                assert key not in CORE_FIELDS | NEVER_AN_EXTRA
                assert shape is Shape.CKAN or key not in CONTRACTOR_FIELDS
            elif place:
                contractors = CONTRACTOR_FIELDS if shape is Shape.KONTRAKTOR else set()
                assert place in CORE_FIELDS | contractors


#: Section 6 of the notes on the national portal, line by line: place, value.
NEEDED = {
    "author": "Dinas Kesehatan",
    "maintainer": "Diskominfosatik Kabupaten Serang",
    "maintainer_email": "data@serangkab.go.id",
    "extras.kategori": "Kesehatan",
    "extras.prioritas_tahun": "2026",
    "extras.satuan": "orang",
    "extras.ukuran": "Jumlah",
    "extras.id_dds": "36.04-2026-0137",
    "extras.id_sds": "SP00012.00.00",
    "extras.id_kegiatan_mms": "12345",
    "extras.id_indikator_mms": "6789",
    "extras.kode_dssd": "1.02.000027",
    "extras.urusan": '["1.02", "2.16"]',
    "extras.kode_wilayah": '["36.04"]',
    "extras.tingkat_penyajian": "kecamatan",
    "extras.jadwal_rilis": "2026-03-15",
    "extras.identitas_rekomendasi": "V-25.3604.002",
    "extras.accessRights": "terbuka",
    "extras.accrualPeriodicity": "Tahunan",
    "extras.temporal_start": "2024",
    "extras.temporal_end": "2025-12-31",
    "license_id": "cc-by",
    "owner_org": OWNER,
    "state": "active",
    "type": "dataset",
    "private": False,
}


@pytest.mark.parametrize("place", NEEDED)
def test_the_reader_finds_what_it_shows(place: str) -> None:
    assert read_at(flat(), place) == NEEDED[place]


def test_the_box_around_all_places_is_the_extent() -> None:
    found = json.loads(extras()["spatial"])
    assert found == {"type": "Polygon", "coordinates": [
        [[106, -7], [107, -7], [107, -6], [106, -6], [106, -7]]]}


@pytest.mark.parametrize("geometry", [
    "POINT (106 -6)", "rusak", '{"type": "Point", "coordinates": [106]}', "[" * 3000,
    '{"type": "Point", "coordinates": [106, 600]}', '{"type": "Point", "coordinates": [NaN, 1]}',
    '{"type": "LineString", "coordinates": [[106, -6], [107, -6]]}', {"type": "Point"},
])
def test_a_geometry_that_is_not_sound_is_no_extent(geometry: object) -> None:
    assert "spatial" not in extras(SHOWN | {"spatial_coverage": [{"geom": geometry}]})


def test_a_period_without_an_end_ends_with_its_start() -> None:
    found = extras(SHOWN | {"temporal_coverage": [{"start": "2024"}, {"start": "2024-06-01"}]})
    assert (found["temporal_start"], found["temporal_end"]) == ("2024", "2024")


def test_who_checked_it_is_said_only_by_the_caller() -> None:
    own = SHOWN | {"extras": [{"key": "Hasil_Pemeriksaan_SKDN", "value": "1"}]}
    assert "Hasil_Pemeriksaan_SKDN" not in extras(own)
    assert extras(own, inspected=True)["Hasil_Pemeriksaan_SKDN"] == "1"
    assert problems(flat(inspected=True), Shape.CKAN) == []


# ------------------------------------------------------------------ the reader's validators
@SHAPES
@given(record=RECORDS)
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_a_dataset_can_hold_makes_a_record_the_reader_refuses(
    shape: Shape, record: dict[str, Any]
) -> None:
    made = flattened(record, SITE, AT, shape)
    assert problems(made, shape) == []
    assert json.loads(json.dumps(made, allow_nan=False)) == made


@SHAPES
@pytest.mark.parametrize("record", [SHOWN, MINIMAL, *(Maker(seed).dataset() for seed in range(30))])
def test_the_samples_are_accepted(shape: Shape, record: dict[str, Any]) -> None:
    assert problems(flat(record, shape), shape) == []


def _extra(key: str, value: object) -> dict[str, Any]:
    return {"extras": [{"key": key, "value": value}]}


def _file(**more: object) -> dict[str, Any]:
    return {"resources": [{"url": "https://contoh.go.id/a.csv", **more}]}


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"title": ""}, "title: kosong"),
    ({"type": "indikator"}, "type: tipe"),
    ({"state": "draft"}, "state: status"),
    ({"private": True}, "private: terlarang"),
    ({"name": "Nama Besar"}, "name: nama"),
    ({"name": "new"}, "name: nama"),
    ({"author_email": "a@b.go.id, c@d.go.id"}, "author_email: surel"),
    ({"maintainer_email": "a..b@c.go.id"}, "maintainer_email: surel"),
    ({"version": "1" * 101}, "version: versi"),
    ({"notes": ["a"]}, "notes: teks"),
    ({"notes": "a\x00"}, "notes: teks"),
    ({"metadata_modified": "2026-03-17T08:00:00+07:00"}, "metadata_modified: tanggal"),
    ({"publishing_status": "draft"}, "publishing_status: terlarang"),
    ({"organization": {}}, "organization: terlarang"),
    ({"tags": [{"name": "a"}]}, "tags.0: tag"),
    ({"tags": [{"name": "a/b"}]}, "tags.0: tag"),
    ({"tags": [{"name": "ab"}, {"name": "ab"}]}, "tags.1: ganda"),
    ({"tags": [{"name": "a" * 101}]}, "tags.0: tag"),
    (_extra("type", "a"), "extras.type: nama_inti"),
    (_extra("publishing_status", "draft"), "extras.publishing_status: terlarang"),
    (_extra("x", "a" * 32766), "extras.x: panjang"),
    (_extra("x", "\u00e9" * 16383), "extras.x: panjang"),
    (_extra("x", ["a"]), "extras.x: teks"),
    (_extra("terbit_date", "kemarin"), "extras.terbit_date: tanggal"),
    (_extra("spatial", "POINT (1 2)"), "extras.spatial: geojson"),
    (_extra("spatial", '{"type": "Point", "coordinates": [200, 2]}'), "extras.spatial: geojson"),
    ({"extras": [{"key": "x", "value": "1"}, {"key": "x", "value": "2"}]}, "extras.x: ganda"),
    (_file(url="a.csv"), "resources.0.url: alamat"),
    (_file(id="r-1"), "resources.0.id: pengenal"),
    (_file(size="2 kB"), "resources.0.size: bilangan"),
    (_file(created="2026-03-17T08:00:00+07:00"), "resources.0.created: tanggal"),
    (_file(url_type="upload"), "resources.0.url_type: terlarang"),
    (_file(skema=[{"a": 1}]), "resources.0.skema: teks"),
]


@pytest.mark.parametrize(("change", "said"), BROKEN, ids=[said for _, said in BROKEN])
def test_each_rule_of_the_reader_is_known(change: dict[str, Any], said: str) -> None:
    assert said in problems(flat() | change, Shape.CKAN)
    assert said.split(": ")[1] in RULES


def test_every_rule_has_an_example() -> None:
    contractor = {"pilihan"}
    assert {said.split(": ")[1] for _, said in BROKEN} | contractor == set(RULES)


# ------------------------------------------------------------------ people and words
@pytest.mark.parametrize(("given", "kept"), [
    ("data@serangkab.go.id", True), ("mailto:data@serangkab.go.id", True), ("a.b+c@d.id", True),
    ("dua@a.id; b@c.id", False), (".a@b.id", False), ("a..b@c.id", False), ("a@b_c.id", False),
    ("a@-b.id", False), ("a", False), ("", False), ("a@b.id.", False), (f"{'a' * 250}@b.id", False),
])
def test_an_address_the_reader_would_refuse_is_left_out(given: str, kept: bool) -> None:
    made = flattened(SHOWN, replace(SITE, walidata_email=given), AT, Shape.CKAN)
    assert made.get("maintainer_email") == (given.removeprefix("mailto:") if kept else None)


def test_tags_are_cleaned_and_each_is_there_once() -> None:
    record = SHOWN | {"konsep": "Rawat Jalan", "tags": [
        {"name": "rawat/jalan", "id": "x"}, {"name": "Rawat jalan"}, {"name": "a"},
        {"name": "(–)"}, {"name": "gizi"}]}
    names = [each["name"] for each in flat(record)["tags"]]
    assert names == ["rawat jalan", "gizi"]
    assert all("id" not in each for each in flat(record)["tags"])


def test_the_producer_needs_no_title_to_be_named() -> None:
    assert flat(SHOWN | {"organization": {"name": "dinkes"}})["author"] == "dinkes"
    assert flat(SHOWN | {"organization": None})["author"] == "Dinas Kesehatan"  # its creator


# ------------------------------------------------------------------ extras
@SHAPES
def test_a_free_extra_travels_where_the_reader_can_hold_it(shape: Shape) -> None:
    record = deepcopy(SHOWN) | {"extras": [
        {"key": "catatan", "value": "ada"}, {"key": "catatan", "value": "lagi"},
        {"key": "rapat_date", "value": "2026-01-05"}, {"key": "lain_date", "value": "kapan-kapan"},
        {"key": "publishing_status", "value": "draft"}, {"key": "harvest_source_id", "value": "1"},
        {"key": "title", "value": "x"}, {"key": "views_total", "value": "banyak"},
        {"key": "rumus", "value": "a/b"}, {"key": "kunci ü", "value": "x"},
        {"key": "besar", "value": "a" * 40000},
    ]}
    found = extras(record, shape)
    assert found["catatan"] == "ada"
    assert found["rapat_date"] == "2026-01-05"
    assert found["lain_date_teks"] == "kapan-kapan"
    assert len(found["besar"].encode()) < 32766
    for key in ("publishing_status", "harvest_source_id", "title", "views_total", "kunci ü"):
        assert key not in found
    assert ("rumus" in found) == (shape is Shape.CKAN)  # the contractor's name for another thing


def test_long_words_are_cut_between_characters_and_long_lists_left_out() -> None:
    # 20,000 characters, but 40,000 bytes.
    found = extras(SHOWN | {"provenance": "é" * 20000, "alternate_identifier": ["x" * 40000]})
    assert found["provenance"].endswith("é…")
    assert 32000 < len(found["provenance"].encode()) < 32766
    assert "alternate_identifier" not in found


# ------------------------------------------------------------------ the contractor's schema
def test_the_contractors_fields_stand_at_the_top() -> None:
    made = flat(shape=Shape.KONTRAKTOR)
    wanted = {
        "accessRights": "terbuka", "accrualPeriodicity": "Tahunan", "id_dds": "36.04-2026-0137",
        "id_sds": "SP00012.00.00", "satuan": "orang", "ukuran": "Jumlah", "jenis": "statistik",
        "theme": "Kesehatan", "prioritas_tahun": "2026", "publisher_type": "daerah-kabupaten",
        "produsen_data_name": "Dinas Kesehatan", "klasifikasi": "Menurut jenis kelamin",
    }
    assert {key: made.get(key) for key in wanted} == wanted
    kept = extras(shape=Shape.KONTRAKTOR)
    assert not kept.keys() & CONTRACTOR_FIELDS
    assert kept["kategori"] == "Kesehatan"  # the facet is an extra in either shape
    assert json.loads(kept["theme_uri"]) == SHOWN["theme"]


@pytest.mark.parametrize(("name", "code"), [("publisher_type", "desa"), ("publisher_type", "x")])
def test_a_choice_the_contractor_does_not_know_is_left_out(name: str, code: str) -> None:
    made = flat(SHOWN | {name: code}, Shape.KONTRAKTOR)
    assert name not in made
    assert extras(SHOWN | {name: code})[name] == code
    assert f"{name}: pilihan" in problems(made | {name: code}, Shape.KONTRAKTOR)


def test_an_access_level_nobody_knows_is_closed() -> None:
    made = flat(SHOWN | {"access_rights": "rahasia sekali"}, Shape.KONTRAKTOR)
    assert made["accessRights"] in CHOICES["accessRights"]
    assert made["accessRights"] == "tertutup"


def test_one_view_cannot_serve_both_shapes() -> None:
    assert problems(flat(shape=Shape.CKAN), Shape.KONTRAKTOR) != []


# ------------------------------------------------------------------ files
def test_a_file_is_what_the_reader_keeps_of_it() -> None:
    [found] = flat()["resources"]
    assert found["id"] == FILE
    assert found["url"] == SHOWN["resources"][0]["download_url"]
    assert (found["format"], found["mimetype"], found["size"]) == ("CSV", "text/csv", 2048)
    assert found["hash"] == SHOWN["resources"][0]["hash"]
    assert found["last_modified"] == "2026-03-15T00:00:00.000000"
    assert not found.keys() & {"url_type", "datastore_active", "sha256", "package_id"}


def test_the_servers_digest_is_the_hash_where_no_other_is_given() -> None:
    record = SHOWN | {"resources": [{"id": FILE, "url": "https://a.id/x", "sha256": "bb" * 32}]}
    [found] = flat(record)["resources"]
    assert (found["hash"], found["hash_algorithm"]) == ("bb" * 32, "sha256")


@pytest.mark.parametrize("url", ["", "a.csv", "javascript:alert(1)", "ftp://a.id/x", "urn:x:y"])
def test_a_file_without_a_web_address_gives_its_page(url: str) -> None:
    [found] = flat(SHOWN | {"resources": [{"id": FILE, "url": url}]})["resources"]
    assert found["url"] == f"{SITE.url}/dataset/{ID}/resource/{FILE}"


@pytest.mark.parametrize(("given", "said"), [
    (0, 0), ("2048", 2048), (20.9, 20), (10**18 - 1, 10**18 - 1),
    (-1, None), ("2 kB", None), (10**18, None), ("1e400000", None), ("NaN", None), ("", None),
])
def test_a_size_is_whole_and_fits_the_readers_column(given: object, said: int | None) -> None:
    [found] = flat(SHOWN | {"resources": [{"id": FILE, "size": given}]})["resources"]
    assert found.get("size") == said


@SHAPES
@pytest.mark.parametrize("level", ["terbatas", "tertutup"])
def test_of_restricted_data_only_the_page_of_the_file_is_said(level: str, shape: Shape) -> None:
    record = SHOWN | {"access_rights": level, "url": ""}
    made = flat(record, shape)
    text = json.dumps(made)
    for name in ("url", "download_url", "access_url", "hash", "sha256"):
        given = SHOWN["resources"][0][name]
        assert f'"{given}"' not in text, name
    assert made["resources"][0]["url"] == f"{SITE.url}/dataset/{ID}/resource/{FILE}"
    assert made["title"] == SHOWN["title"]
    assert (extras(record)["accessRights"], problems(made, shape)) == (level, [])


def test_restricted_by_an_extra_is_restricted() -> None:
    record = {key: each for key, each in SHOWN.items() if key != "access_rights"}
    record["extras"] = [{"key": "access_rights", "value": "tertutup"}]
    assert "hash" not in flat(record)["resources"][0]


# ------------------------------------------------------------------ time and leaving
@given(st.datetimes(min_value=datetime(1000, 1, 2), max_value=datetime(9000, 1, 1)),
       st.datetimes(min_value=datetime(1000, 1, 2), max_value=datetime(9000, 1, 1)))
def test_the_reader_compares_times_as_text(one: datetime, other: datetime) -> None:
    """It takes a record only where ours is later as text than its own, which is naive UTC."""
    first, second = (flattened(MINIMAL, SITE, at, Shape.CKAN)["metadata_modified"]
                     for at in (one, other))
    assert (first < second) == (one < other)


def test_a_time_with_a_zone_becomes_utc() -> None:
    jakarta = timezone(timedelta(hours=7))
    at = datetime(2026, 3, 17, 6, 30, tzinfo=jakarta)
    assert flattened(MINIMAL, SITE, at, Shape.CKAN)["metadata_modified"] == (
        "2026-03-16T23:30:00.000000")


def test_only_the_caller_moves_the_time() -> None:
    assert flat()["metadata_modified"] == "2026-03-17T08:00:00.000005"
    assert flat(SHOWN | {"organization": {"title": "Nama Baru"}})["author"] == "Nama Baru"


@SHAPES
def test_a_withdrawn_dataset_leaves_nothing_of_its_content(shape: Shape) -> None:
    made = withdrawn(ID, AT, shape)
    assert problems(made, shape) == []
    assert (made["id"], made["state"]) == (ID, "deleted")
    assert made["metadata_modified"] == flat()["metadata_modified"]
    # What is not given is emptied there, and empty lists empty lists.
    assert [made[name] for name in ("tags", "extras", "resources")] == [[], [], []]
    said = json.dumps(made).replace(ID, "").casefold()
    for words in (SHOWN["title"], SHOWN["name"], SHOWN["notes"], "kesehatan", "kunjungan"):
        assert words.casefold() not in said


@SHAPES
def test_two_withdrawn_datasets_do_not_share_a_name(shape: Shape) -> None:
    other = ID.replace("6f1f", "7a7a")
    assert withdrawn(ID, AT, shape)["name"] != withdrawn(other, AT, shape)["name"]
