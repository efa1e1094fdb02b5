"""What the forms promise: every field explains itself, is checked, and none is missing."""
from __future__ import annotations

from typing import Any

import pytest
from schema_files import PRESETS, fields, load

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.metadata import PRINCIPLES
from ckanext.satudata.domain.metadata_rules import RULES

TYPES = ("dataset", "kegiatan", "indikator", "organization")
BLOCKS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")
SECTIONS = {
    "identitas", "standar_data", "cakupan", "prioritas_jadwal", "kontak", "akses", "berkas", "kode",
    "perhitungan", "ms_var", *(f"blok_{n}" for n in BLOCKS),
}
ALL_FIELDS = [(name, field) for name in TYPES for field in fields(name)]


@pytest.mark.parametrize(
    ("name", "field"),
    ALL_FIELDS,
    ids=lambda each: each if isinstance(each, str) else each["field_name"],
)
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
    "dataset": """
    title name notes owner_org unit_produsen urusan jenis_data jenis_statistik tag_string
        identifier alternate_identifier id_dds kode_dssd aplikasi_asal kegunaan language license_id
        kategori theme url version version_notes seri id_sds konsep definisi klasifikasi ukuran
        satuan
        id_kegiatan id_indikator id_kegiatan_mms id_indikator_mms identitas_rekomendasi
        cara_pengumpulan_data provenance conforms_to sifat_angka putus_seri documentation
        data_induk kunci_induk nama_induk
        kode_wilayah tingkat_penyajian temporal_coverage referensi_waktu cakupan_pelaporan
        spatial_coverage frequency jadwal_rilis prioritas_tahun kriteria_prioritas
        indikator_prioritas issued modified contact creator publisher publisher_type access_rights
        kategori_kip dasar_hukum uji_konsekuensi keputusan_pembatasan rights
        mimetype size hash hash_algorithm sha256 license status availability temporal_resolution
        access_url download_url jenis_berkas skema asal_resource_id mentah_sha256
        mentah_nama mentah_tabel format description""",
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
    for block in BLOCKS:
        assert any(name.startswith(f"{block}_") for name in names), block
    assert {sub["field_name"] for sub in names["ms_var"]["repeating_subfields"]} == {
        "nama", "alias", "konsep", "definisi", "referensi_pemilihan", "referensi_waktu",
        "tipe_data", "klasifikasi_isian", "ukuran", "satuan", "aturan_validasi",
        "kalimat_pertanyaan", "bisa_diakses_umum", "id_sds",
    }


def test_every_rule_names_a_field_of_its_type_and_a_source() -> None:
    for rule in RULES:
        assert rule.principle in PRINCIPLES and rule.source and rule.reason.endswith(".")
        for kind in rule.kinds:
            names = {field["field_name"] for field in fields(kind)} | {"resources"}
            assert rule.field in names, (kind, rule.field)
