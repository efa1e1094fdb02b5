"""What a producer relies on: fields explain themselves, values are read as written, gaps are named."""
from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from ckanext.satudata.domain import metadata_values as values
from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.metadata import PRINCIPLES, completeness, gaps
from ckanext.satudata.domain.metadata_columns import columns, table_schema
from ckanext.satudata.domain.metadata_copy import next_year
from ckanext.satudata.domain.metadata_derive import (
    Agency,
    Installation,
    derived,
    fill,
    publisher_type,
)
from ckanext.satudata.domain.metadata_rules import RULES
from ckanext.satudata.domain.metadata_values import InvalidValueError

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
TYPES = ("dataset", "kegiatan", "indikator", "organization")
SECTIONS = {
    "identitas", "standar_data", "cakupan", "prioritas_jadwal", "kontak", "akses", "berkas", "kode",
    "perhitungan", "ms_var", *(f"blok_{n}" for n in "i ii iii iv v vi vii viii".split()),
}
PRESETS = {
    each["preset_name"]: each["values"]
    for each in yaml.safe_load((SCHEMAS / "presets.yaml").read_text("utf-8"))["presets"]
}


def load(name: str) -> dict[str, Any]:
    return yaml.safe_load((SCHEMAS / f"{name}.yaml").read_text("utf-8"))


def fields(name: str) -> list[dict[str, Any]]:
    schema = load(name)
    return [*(schema.get("dataset_fields") or schema["fields"]), *(schema.get("resource_fields") or [])]


ALL_FIELDS = [(name, field) for name in TYPES for field in fields(name)]


# ------------------------------------------------------------------ the schemas
@pytest.mark.parametrize(("name", "field"), ALL_FIELDS, ids=lambda each: each if isinstance(each, str) else each["field_name"])
def test_every_field_explains_itself(name: str, field: dict[str, Any]) -> None:
    for key in ("label", "help_text", "sumber", "bagian"):
        assert field.get(key, "").strip(), key
    assert "Contoh" in field["help_text"]
    assert field["bagian"] in SECTIONS
    for sub in field.get("repeating_subfields", []):
        assert sub["label"].strip() and sub["help_text"].strip()


@pytest.mark.parametrize("name", TYPES)
def test_vocabularies_exist_and_are_the_ones_validated(name: str) -> None:
    for field in fields(name):
        for each in [field, *field.get("repeating_subfields", [])]:
            if "vocabulary" not in each:
                continue
            assert each["vocabulary"] in vocabulary.names()
            validators = each.get("validators") or PRESETS[each["preset"]]["validators"]
            assert f"({each['vocabulary']})" in validators or "satudata_suggest" in validators


@pytest.mark.parametrize("name", TYPES)
def test_no_free_text_goes_unchecked_or_unbounded(name: str) -> None:
    for field in fields(name):
        for each in [field, *field.get("repeating_subfields", [])]:
            if "repeating_subfields" in each or each["field_name"] in ("owner_org",):
                continue
            merged = {**PRESETS.get(each.get("preset", ""), {}), **each}
            assert "satudata_" in merged.get("validators", ""), each["field_name"]


def test_files_are_described_alike_in_all_types() -> None:
    assert load("dataset")["resource_fields"] == load("kegiatan")["resource_fields"]
    assert load("dataset")["resource_fields"] == load("indikator")["resource_fields"]


CONTRACT = {
    "dataset": """title name notes owner_org unit_produsen urusan jenis_data jenis_statistik tag_string
        identifier alternate_identifier id_dds kode_dssd aplikasi_asal kegunaan language license_id
        kategori theme url version version_notes id_sds konsep definisi klasifikasi ukuran satuan
        id_kegiatan id_indikator id_kegiatan_mms id_indikator_mms identitas_rekomendasi
        cara_pengumpulan_data provenance conforms_to sifat_angka putus_seri documentation
        kode_wilayah tingkat_penyajian temporal_coverage referensi_waktu cakupan_pelaporan
        spatial_coverage frequency jadwal_rilis prioritas_tahun kriteria_prioritas
        indikator_prioritas issued modified contact creator publisher publisher_type access_rights
        kategori_kip dasar_hukum uji_konsekuensi keputusan_pembatasan rights
        mimetype size hash hash_algorithm sha256 license status availability temporal_resolution
        access_url download_url jenis_berkas skema asal_resource_id format description""",
    "kegiatan": """title name notes owner_org tahun_kegiatan id_kegiatan_mms jenis_statistik
        cara_pengumpulan_data sektor_kegiatan rekomendasi identitas_rekomendasi ms_var""",
    "indikator": """title name notes owner_org id_indikator_mms konsep definisi interpretasi
        metode_perhitungan rumus ukuran satuan variabel_disaggregasi indikator_komposit
        indikator_pembangun variabel_pembangun level_estimasi bisa_diakses_umum id_sds kode_sdgs
        tag_string""",
    "organization": """title name description image_url jenis_instansi singkatan kode_wilayah urusan
        kode_instansi alamat telepon surel situs kontak_nama desa_cantik_tahun induk""",
}


@pytest.mark.parametrize("name", TYPES)
def test_no_field_of_the_contract_is_missing(name: str) -> None:
    assert set(CONTRACT[name].split()) <= {field["field_name"] for field in fields(name)}


def test_ms_keg_has_all_eight_blocks_and_ms_var_all_its_parts() -> None:
    names = {field["field_name"]: field for field in fields("kegiatan")}
    for block in "i ii iii iv v vi vii viii".split():
        assert any(name.startswith(f"{block}_") for name in names), block
    assert {sub["field_name"] for sub in names["ms_var"]["repeating_subfields"]} == set(
        """nama alias konsep definisi referensi_pemilihan referensi_waktu tipe_data
        klasifikasi_isian ukuran satuan aturan_validasi kalimat_pertanyaan bisa_diakses_umum
        id_sds""".split()
    )


def test_every_rule_names_a_field_of_its_type_and_a_source() -> None:
    for rule in RULES:
        assert rule.principle in PRINCIPLES and rule.source and rule.reason.endswith(".")
        for kind in rule.kinds:
            names = {field["field_name"] for field in fields(kind)} | {"resources"}
            assert rule.field in names, (kind, rule.field)


# ------------------------------------------------------------------- the values
@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("31-12-2026", "2026-12-31"), ("2026-12-31", "2026-12-31"), ("31/12/2026", "2026-12-31"),
        ("1.2.2026", "2026-02-01"), ("31 Desember 2026", "2026-12-31"), (" 5 Agustus 2025 ", "2025-08-05"),
        ("2026-12-31T10:00:00Z", "2026-12-31"), (date(2026, 1, 2), "2026-01-02"),
    ],
)
def test_a_date_is_read_as_people_write_it(written: Any, stored: str) -> None:
    assert values.iso_date(written) == stored


@pytest.mark.parametrize("written", ["31-02-2026", "2026", "besok", "12-31-2026", "01-01-0001", "1" * 41, ["2026"]])
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
        (values.period, "triwulan 1"), (values.year, "25"), (values.year, "20255"), (values.count, "-1"),
        (values.count, "1,5"), (values.count, "12a"), (values.count, "9" * 25), (values.truth, "mungkin"),
        (values.email, "dinkes@serang"), (values.email, "a b@c.id"), (values.email, "a@b.id\nBcc: c@d.id"),
        (values.phone, "hubungi kami"), (values.phone, "12"), (values.iri, "serangkab.go.id"),
        (values.iri, "javascript:alert(1)"), (values.iri, "http://"), (values.iri, "http://[x"),
        (values.iri, "https://a b.id"), (values.iri, "file:///etc/passwd"), (values.language, "bahasa kita"),
        (lambda v: values.geometry(v, 100), "{"), (lambda v: values.geometry(v, 100), '{"type": []}'),
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
        (values.count, "1.234", 1234), (values.count, 88, 88), (values.count, "0", 0), (values.count, 5.0, 5),
        (values.truth, "Ya", True), (values.truth, "0", False), (values.truth, False, False),
        (values.email, "mailto:a@b.go.id", "a@b.go.id"), (values.phone, "(0254) 200123", "(0254) 200123"),
        (values.iri, "urn:isbn:1", "urn:isbn:1"), (values.language, "id", "id"), (values.year, 2026, "2026"),
        (values.value_domain, "1=laki-laki", "1 = laki-laki"), (values.timestamp, "2025", "2025"),
        (lambda v: values.text(v, 9), " e\u0301\r\nb ", "é\nb"),
        (lambda v: values.lines(v, 9), "a\n\n b \na", ["a", "b"]),
        (lambda v: values.lines(v, 9), '["a", "b"]', ["a", "b"]),
    ],
)
def test_a_good_value_is_stored_in_one_form(read: Any, written: Any, stored: Any) -> None:
    assert read(written) == stored


# ----------------------------------------------------------- the data dictionary
GOOD = {"fields": [{"name": "kode", "type": "string", "kode_referensi": "wilayah"}, {"name": "jumlah", "type": "integer", "satuan": "orang"}]}


def test_a_table_schema_keeps_our_keys_and_is_judged_by_the_standard() -> None:
    assert table_schema(json.dumps(GOOD)) == GOOD
    assert [column["name"] for column in columns(GOOD)] == ["kode", "jumlah"]


@pytest.mark.parametrize(
    "value",
    [
        "{", "[]", "1", {}, {"fields": []}, {"fields": "x"}, {"fields": ["x"]}, {"fields": [{"type": "string"}]},
        {"fields": [{"name": "a"}, {"name": "a"}]}, {"fields": [{"name": "a", "type": "ukuran"}]},
        {"fields": [{"name": "a", "kode_referensi": "tidak_ada"}]}, {"fields": [{"name": "a", "satuan": ["orang"]}]},
        {"fields": [{"name": f"k{i}"} for i in range(2001)]}, {"fields": [{"name": "a\x00"}]}, "[" * 100_000,
        "/etc/passwd", "http://127.0.0.1/",
        '{"fields": [{"name": "a", "x": 1e999}]}', {"fields": [{"name": "a", "x": float("nan")}]},
        {"fields": [{"name": "a", "x": ["\ud800"]}]}, {"fields": [{"name": "a", "x\ud800": 1}]},
        {"fields": [{"name": "a", "type": ["string"]}]}, {"fields": [{"name": "a", "kode_referensi": "javascript:x"}]},
    ],
    ids=str,
)
def test_a_bad_table_schema_is_refused(value: Any) -> None:
    with pytest.raises(InvalidValueError):
        table_schema(value)


# ------------------------------------------------------------ what is not asked
PORTAL = Installation("https://data.id", "36.04", "Pemerintah Kabupaten Serang", "Diskominfo", "data@serangkab.go.id", "cc-by-4.0")
DINKES = Agency("1", "dinkes", "Dinas Kesehatan", ("1.02",), "dinkes@serangkab.go.id")
DISDIK = Agency("2", "disdik", "Dinas Pendidikan", ("1.01",))


def test_what_is_known_is_filled_and_what_was_typed_stays() -> None:
    changes = fill({"satuan": "orang", "definisi": "Semua.", "urusan": ["2.08"], "license_id": "odc-by"}, "dataset", DINKES, PORTAL)
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
    kept = fill(typed, "dataset", DISDIK, PORTAL, {**stored, "ukuran": "Proporsi", "kategori": "Anak"}, DINKES)
    assert "ukuran" not in kept and "kategori" not in kept


def test_the_identifier_survives_a_client_that_leaves_it_out() -> None:
    assert fill({}, "dataset", None, PORTAL, {"identifier": "urn:uuid:1"})["identifier"] == "urn:uuid:1"


def test_nothing_of_ours_is_stated_about_another_portals_record() -> None:
    known = derived({"definisi": "x"}, "dataset", DINKES, None)
    assert not {"publisher", "kode_wilayah", "license_id", "access_rights", "creator"} & set(known)


@pytest.mark.parametrize(("area", "kind"), [("36", "daerah-provinsi"), ("36.04", "daerah-kabupaten"), ("36.73", "daerah-kota"), ("36.04.14.2001", "desa"), ("", "pusat")])
def test_the_kind_of_government_follows_from_the_code(area: str, kind: str) -> None:
    assert publisher_type(area) == kind


def test_next_years_dataset_moves_its_own_years_on_and_leaves_the_edition_behind() -> None:
    made = next_year(
        {
            "id": "1", "name": "x", "identifier": "y", "type": "dataset", "title": "Stunting 2025 menurut Perda 5 tahun 2019",
            "temporal_coverage": [{"start": "2025", "end": "2025-12-31"}], "referensi_waktu": "keadaan 31 Desember 2025",
            "jadwal_rilis": "2024-02-29", "resources": [{"url": "x"}], "prioritas_tahun": ["2025"], "konsep": "Stunting",
            "cakupan_pelaporan": [{"diterima": 88, "seharusnya": 92, "satuan": "posyandu"}], "tags": [{"name": "gizi", "id": "9"}],
        }
    )
    assert made["title"] == "Stunting 2026 menurut Perda 5 tahun 2019"
    assert made["temporal_coverage"] == [{"start": "2026", "end": "2026-12-31"}]
    assert made["referensi_waktu"] == "keadaan 31 Desember 2026" and made["jadwal_rilis"] == "2025-02-28"
    assert made["cakupan_pelaporan"] == [{"seharusnya": 92, "satuan": "posyandu"}] and made["tags"] == [{"name": "gizi"}]
    assert not {"id", "name", "identifier", "resources", "prioritas_tahun"} & set(made)


# -------------------------------------------------------- what publication needs
COMPLETE: dict[str, Any] = {
    "type": "dataset", "title": "Kunjungan", "notes": "Isi.", "owner_org": "1", "urusan": ["1.02"],
    "contact": [{"name": "Diskominfo", "email": "a@b.id"}], "license_id": "cc-by", "access_rights": "terbuka",
    "kode_wilayah": ["36.04"], "tags": [{"name": "a"}], "konsep": "Kunjungan", "definisi": "D.", "klasifikasi": "k",
    "ukuran": "Jumlah", "satuan": "kunjungan", "id_sds": "x", "jenis_data": "statistik", "jenis_statistik": "sektoral",
    "temporal_coverage": [{"start": "2025", "end": "2025"}], "tingkat_penyajian": "kecamatan", "frequency": "tahunan",
    "jadwal_rilis": "2026-03-15", "cara_pengumpulan_data": "kompilasi_produk_administrasi", "provenance": "p",
    "sifat_angka": "tetap", "id_kegiatan": "k", "unit_produsen": "u", "kategori_kip": "berkala", "kegunaan": ["rpjmd"],
    "id_dds": "1", "resources": [{"url": "a.csv", "name": "a", "format": "CSV", "skema": GOOD}],
}
DAY = date(2026, 11, 21)


def found(changes: dict[str, Any], severity: str | None = None) -> set[str]:
    state = completeness({**COMPLETE, **changes}, today=DAY)
    return {gap.field for gap in state.gaps if severity in (None, gap.severity)}


def test_a_complete_dataset_has_no_gap() -> None:
    state = completeness(COMPLETE, today=DAY)
    assert (state.percent, state.gaps) == (100, ()) and state.filled == state.needed > 20


@pytest.mark.parametrize(
    "field", sorted({rule.field for rule in RULES if "dataset" in rule.kinds and rule.when is None and rule.check is None})
)
def test_each_missing_field_is_named(field: str) -> None:
    assert field in found({field: None})


LIMITED = {"access_rights": "terbatas", "dasar_hukum": "UU 14/2008", "uji_konsekuensi": [{"nomor": "1", "tanggal": "2026-01-12"}], "keputusan_pembatasan": [{"nomor": "2", "tanggal": "2026-02-01"}]}


@pytest.mark.parametrize(
    ("changes", "fields_", "severity"),
    [
        ({"access_rights": "terbatas"}, {"dasar_hukum", "uji_konsekuensi", "keputusan_pembatasan"}, "wajib"),
        ({"access_rights": "tertutup"}, {"dasar_hukum", "uji_konsekuensi", "keputusan_pembatasan"}, "wajib"),
        (LIMITED, set(), "wajib"),
        ({**LIMITED, "keputusan_pembatasan": [{"nomor": "2"}]}, {"keputusan_pembatasan"}, "wajib"),
        ({**LIMITED, "uji_konsekuensi": [{"nomor": "1", "tanggal": "2020-01-01", "berlaku_sampai": "2025-01-01"}]}, {"uji_konsekuensi"}, "sebaiknya"),
        ({"kategori_kip": "dikecualikan"}, {"access_rights"}, "wajib"),
        ({"prioritas_tahun": ["2026"]}, {"kriteria_prioritas"}, "wajib"),
        ({"kriteria_prioritas": "sdgs"}, {"prioritas_tahun"}, "wajib"),
        ({"prioritas_tahun": ["2026"], "kriteria_prioritas": "sdgs"}, set(), "wajib"),
        ({"prioritas_tahun": ["2026"], "kriteria_prioritas": "sdgs"}, {"id_indikator"}, "sebaiknya"),
        ({"cara_pengumpulan_data": "survei"}, {"identitas_rekomendasi"}, "sebaiknya"),
        ({"identitas_rekomendasi": "V-22.190.002"}, {"identitas_rekomendasi"}, "wajib"),
        ({"identitas_rekomendasi": "V-22.1906.002"}, set(), "wajib"),
        ({"temporal_coverage": [{"start": "2025", "end": "2024"}]}, {"temporal_coverage"}, "wajib"),
        ({"temporal_coverage": [{"end": "2024"}]}, {"temporal_coverage"}, "wajib"),
        ({"temporal_coverage": [{"start": "2025-06-01", "end": "2025"}]}, set(), "wajib"),
        ({"jadwal_rilis": "Maret"}, {"jadwal_rilis"}, "wajib"),
        ({"cakupan_pelaporan": [{"diterima": 93, "seharusnya": 92}]}, {"cakupan_pelaporan"}, "wajib"),
        ({"satuan": "sak"}, {"satuan"}, "saran"),
        ({"satuan": "persen"}, {"ukuran"}, "sebaiknya"),
        ({"ukuran": "Persentase"}, {"ukuran"}, "sebaiknya"),
        ({"license_id": "notspecified"}, {"license_id"}, "wajib"),
        ({"contact": [{"name": "Diskominfo"}]}, {"contact"}, "wajib"),
        ({"resources": []}, {"resources"}, "wajib"),
        ({"resources": [{"url": "a", "format": ""}]}, {"resources"}, "wajib"),
        ({"resources": [{"url": "a", "format": "PDF"}]}, {"resources"}, "wajib"),
        ({"resources": [{"url": "a", "format": "PDF", "jenis_berkas": "dokumentasi"}, *COMPLETE["resources"]]}, set(), "wajib"),
        ({"resources": [{"url": "a", "format": "CSV"}]}, {"resources"}, "sebaiknya"),
        ({"jenis_data": "geospasial", "jenis_statistik": None, "id_kegiatan": None}, set(), "sebaiknya"),
        ({"id_kegiatan": None, "id_kegiatan_mms": "12"}, set(), "sebaiknya"),
    ],
    ids=str,
)
def test_conditional_rules(changes: dict[str, Any], fields_: set[str], severity: str) -> None:
    assert found(changes, severity) == fields_


@pytest.mark.parametrize(
    ("dataset", "field", "asked"),
    [
        ({"cara_pengumpulan_data": "survei"}, "v_kerangka", True),
        ({"cara_pengumpulan_data": "kompilasi_produk_administrasi"}, "v_kerangka", False),
        ({"rekomendasi": True}, "identitas_rekomendasi", True), ({"rekomendasi": False}, "identitas_rekomendasi", False),
        ({"iv_dilakukan": "berulang"}, "iv_frekuensi", True), ({"iv_dilakukan": "sekali"}, "iv_frekuensi", False),
        ({"iv_metode": ["lainnya"]}, "iv_lainnya", True), ({"iv_metode": ["wawancara"]}, "iv_lainnya", False),
        ({"viii_digital": True}, "viii_digital_rilis", True), ({"viii_digital": "false"}, "viii_digital_rilis", False),
        ({"iii_desain_awal": "2025-02-01", "iii_desain_akhir": "2025-01-01"}, "iii_desain_akhir", True),
        ({"v_pemilihan": "probabilitas", "v_metode": "quota", "cara_pengumpulan_data": "survei"}, "v_metode", True),
        ({"ms_var": [{"nama": "a"}]}, "iii_variabel", False),
    ],
)
def test_the_form_of_an_activity_asks_what_its_answers_call_for(dataset: dict[str, Any], field: str, asked: bool) -> None:
    assert (field in {gap.field for gap in gaps(dataset, "kegiatan", DAY)}) is asked


def test_an_indicator_asks_for_what_it_is_built_from() -> None:
    composite = {gap.field for gap in gaps({"indikator_komposit": True}, "indikator", DAY)}
    simple = {gap.field for gap in gaps({"indikator_komposit": False}, "indikator", DAY)}
    assert "indikator_pembangun" in composite and "variabel_pembangun" not in composite
    assert "variabel_pembangun" in simple and "indikator_pembangun" not in simple


@pytest.mark.parametrize("kind", ["dataset", "kegiatan", "indikator"])
def test_gaps_say_where_and_why_most_pressing_first(kind: str) -> None:
    listed = gaps({}, kind, DAY)
    order = ["wajib", "sebaiknya", "saran"]
    assert [order.index(gap.severity) for gap in listed] == sorted(order.index(gap.severity) for gap in listed)
    assert all(gap.explain() and gap.path and gap.source for gap in listed)
    assert completeness({}, kind, DAY).percent == 0


@pytest.mark.parametrize("junk", [1, "x", [1], [[]], {"a": 1}, [{"a": []}], True])
def test_a_foreign_shape_never_breaks_the_rules(junk: Any) -> None:
    names = {field["field_name"] for kind in ("dataset", "kegiatan", "indikator") for field in fields(kind)}
    for kind in ("dataset", "kegiatan", "indikator"):
        completeness({**dict.fromkeys(names, junk), "resources": junk}, kind, DAY)
