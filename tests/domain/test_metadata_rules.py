"""What publication needs: each gap is named, with why and where to mend it."""
from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from schema_files import GOOD, fields

from ckanext.satudata.domain.metadata import completeness, gaps
from ckanext.satudata.domain.metadata_rules import RULES

COMPLETE: dict[str, Any] = {
    "type": "dataset", "title": "Kunjungan", "notes": "Isi.", "owner_org": "1", "urusan": ["1.02"],
    "contact": [{"name": "Diskominfo", "email": "a@b.id"}], "license_id": "cc-by",
    "access_rights": "terbuka", "kode_wilayah": ["36.04"], "tags": [{"name": "a"}],
    "konsep": "Kunjungan", "definisi": "D.", "klasifikasi": "k", "ukuran": "Jumlah",
    "satuan": "kunjungan", "id_sds": "x", "jenis_data": "statistik", "jenis_statistik": "sektoral",
    "temporal_coverage": [{"start": "2025", "end": "2025"}], "tingkat_penyajian": "kecamatan",
    "frequency": "tahunan", "jadwal_rilis": "2026-03-15",
    "cara_pengumpulan_data": "kompilasi_produk_administrasi", "provenance": "p",
    "sifat_angka": "tetap", "id_kegiatan": "k", "unit_produsen": "u", "kategori_kip": "berkala",
    "kegunaan": ["rpjmd"], "id_dds": "1",
    "resources": [{"url": "a.csv", "name": "a", "format": "CSV", "skema": GOOD}],
}
DAY = date(2026, 11, 21)


def found(changes: dict[str, Any], severity: str | None = None) -> set[str]:
    state = completeness({**COMPLETE, **changes}, today=DAY)
    return {gap.field for gap in state.gaps if severity in (None, gap.severity)}


def test_a_complete_dataset_has_no_gap() -> None:
    state = completeness(COMPLETE, today=DAY)
    assert (state.percent, state.gaps) == (100, ()) and state.filled == state.needed > 20


@pytest.mark.parametrize(
    "field",
    sorted(
        {
            rule.field
            for rule in RULES
            if "dataset" in rule.kinds and rule.when is None and rule.check is None
        }
    ),
)
def test_each_missing_field_is_named(field: str) -> None:
    assert field in found({field: None})


LIMITED = {"access_rights": "terbatas", "dasar_hukum": "UU 14/2008",
           "uji_konsekuensi": [{"nomor": "1", "tanggal": "2026-01-12"}],
           "keputusan_pembatasan": [{"nomor": "2", "tanggal": "2026-02-01"}]}


@pytest.mark.parametrize(
    ("changes", "fields_", "severity"),
    [
        (
            {"access_rights": "terbatas"},
            {"dasar_hukum", "uji_konsekuensi", "keputusan_pembatasan"},
            "wajib",
        ),
        (
            {"access_rights": "tertutup"},
            {"dasar_hukum", "uji_konsekuensi", "keputusan_pembatasan"},
            "wajib",
        ),
        (LIMITED, set(), "wajib"),
        ({**LIMITED, "keputusan_pembatasan": [{"nomor": "2"}]}, {"keputusan_pembatasan"}, "wajib"),
        (
            {
                **LIMITED,
                "uji_konsekuensi": [
                    {"nomor": "1", "tanggal": "2020-01-01", "berlaku_sampai": "2025-01-01"}
                ],
            },
            {"uji_konsekuensi"},
            "wajib",
        ),
        ({"kategori_kip": "dikecualikan"}, {"access_rights"}, "wajib"),
        ({"prioritas_tahun": ["2026"]}, {"kriteria_prioritas"}, "wajib"),
        ({"kriteria_prioritas": "sdgs"}, {"prioritas_tahun"}, "wajib"),
        ({"prioritas_tahun": ["2026"], "kriteria_prioritas": "sdgs"}, set(), "wajib"),
        (
            {"prioritas_tahun": ["2026"], "kriteria_prioritas": "sdgs"},
            {"id_indikator"},
            "sebaiknya",
        ),
        ({"cara_pengumpulan_data": "survei"}, {"identitas_rekomendasi"}, "sebaiknya"),
        ({"identitas_rekomendasi": "V-22.190.002"}, {"identitas_rekomendasi"}, "wajib"),
        ({"identitas_rekomendasi": "V-22.1906.002"}, set(), "wajib"),
        ({"temporal_coverage": [{"start": "2025", "end": "2024"}]}, {"temporal_coverage"}, "wajib"),
        ({"temporal_coverage": [{"end": "2024"}]}, {"temporal_coverage"}, "wajib"),
        ({"temporal_coverage": [{"start": "2025-06-01", "end": "2025"}]}, set(), "wajib"),
        ({"jadwal_rilis": "Maret"}, {"jadwal_rilis"}, "wajib"),
        (
            {"cakupan_pelaporan": [{"diterima": 93, "seharusnya": 92}]},
            {"cakupan_pelaporan"},
            "wajib",
        ),
        ({"satuan": "sak"}, {"satuan"}, "saran"),
        ({"satuan": "persen"}, {"ukuran"}, "sebaiknya"),
        ({"ukuran": "Persentase"}, {"ukuran"}, "sebaiknya"),
        ({"license_id": "notspecified"}, {"license_id"}, "wajib"),
        ({"contact": [{"name": "Diskominfo"}]}, {"contact"}, "wajib"),
        ({"resources": []}, {"resources"}, "wajib"),
        ({"resources": [{"url": "a", "format": ""}]}, {"resources"}, "wajib"),
        ({"resources": [{"url": "a", "format": "PDF"}]}, {"resources"}, "wajib"),
        (
            {
                "resources": [
                    {"url": "a", "format": "PDF", "jenis_berkas": "dokumentasi"},
                    *COMPLETE["resources"],
                ]
            },
            set(),
            "wajib",
        ),
        ({"resources": [{"url": "a", "format": "CSV"}]}, {"resources"}, "sebaiknya"),
        (
            {"jenis_data": "geospasial", "jenis_statistik": None, "id_kegiatan": None},
            set(),
            "sebaiknya",
        ),
        ({"id_kegiatan": None, "id_kegiatan_mms": "12"}, set(), "sebaiknya"),
    ],
    # Lanes must find the same names: a set is told in another order by each process.
    ids=lambda told: str(sorted(told) if isinstance(told, set) else told),
)
def test_conditional_rules(changes: dict[str, Any], fields_: set[str], severity: str) -> None:
    assert found(changes, severity) == fields_


@pytest.mark.parametrize(
    ("dataset", "field", "asked"),
    [
        ({"cara_pengumpulan_data": "survei"}, "v_kerangka", True),
        ({"cara_pengumpulan_data": "kompilasi_produk_administrasi"}, "v_kerangka", False),
        ({"rekomendasi": True}, "identitas_rekomendasi", True),
        ({"rekomendasi": False}, "identitas_rekomendasi", False),
        ({"iv_dilakukan": "berulang"}, "iv_frekuensi", True),
        ({"iv_dilakukan": "sekali"}, "iv_frekuensi", False),
        ({"iv_metode": ["lainnya"]}, "iv_lainnya", True),
        ({"iv_metode": ["wawancara"]}, "iv_lainnya", False),
        ({"viii_digital": True}, "viii_digital_rilis", True),
        ({"viii_digital": "false"}, "viii_digital_rilis", False),
        ({"iii_desain_awal": "2025-02-01", "iii_desain_akhir": "2025-01-01"},
         "iii_desain_akhir", True),
        ({"v_pemilihan": "probabilitas", "v_metode": "quota", "cara_pengumpulan_data": "survei"},
         "v_metode", True),
        ({"ms_var": [{"nama": "a"}]}, "iii_variabel", False),
    ],
)
def test_the_form_of_an_activity_asks_what_its_answers_call_for(
    dataset: dict[str, Any], field: str, asked: bool
) -> None:
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
    places = [order.index(gap.severity) for gap in listed]
    assert places == sorted(places)
    assert all(gap.explain() and gap.path and gap.source for gap in listed)
    assert completeness({}, kind, DAY).percent == 0


@pytest.mark.parametrize("junk", [1, "x", [1], [[]], {"a": 1}, [{"a": []}], True])
def test_a_foreign_shape_never_breaks_the_rules(junk: Any) -> None:
    names = {
        field["field_name"] for kind in ("dataset", "kegiatan", "indikator")
        for field in fields(kind)
    }
    for kind in ("dataset", "kegiatan", "indikator"):
        completeness({**dict.fromkeys(names, junk), "resources": junk}, kind, DAY)
