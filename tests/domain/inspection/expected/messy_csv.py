"""Text files that need something: damaged codes, their own quoting, empty columns, signs."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from expected.kit import (
    ANY,
    PROVINCES,
    Ask,
    Col,
    Expected,
    Finding,
    Rows,
    Shape,
    Table,
    below,
    children,
    cols,
    figure,
    plain,
    regency,
    text,
    text_rows,
)

_NUMBERS = ("integer", "number", "year")


def _columns(file: str, columns: tuple[Col, ...], escape: str | None = None,
             read: dict[str, Callable[[Any], Any]] | None = None) -> dict[str, list[Any]]:
    """Every row below the header, column by column as ``columns`` names and types them."""
    body = text_rows(file, escape)[1:]
    return {column.name: [(read or {}).get(column.name,
                                           figure if column.type in _NUMBERS else text)(cell)
                          for cell in cells]
            for column, cells in zip(columns, zip(*body, strict=True), strict=True)}


# --- Disasters: title-case headers with slashes, timestamps with milliseconds ----------------

_BNPB = "csv/bnpb_dampak_bencana_jabar.csv"
_BNPB_COLUMNS = cols(
    "id:s tanggal_waktu_kejadian:t minggu:i bulan:i tahun:y kode_provinsi:s provinsi:s"
    " kode_kabupaten:s kabupaten:s kode_jenis_kejadian:s nama_kejadian:s jenis_bencana:s"
    " is_bencana:b jumlah_kejadian:n meninggal:i hilang:i luka_sakit:i menderita_mengungsi:i"
    " rumah_rusak_berat:i rumah_rusak_sedang:i rumah_rusak_ringan:i rumah_terendam:i"
    " satuan_pendidikan_rusak:i rumah_ibadat_rusak:i fasilitas_pelayanan_kesehatan_rusak:i"
    " kantor_rusak:i jembatan_rusak:i")

BNPB = Expected(
    _BNPB, "headers with slashes become names; kode 32.10 must stay text; 0.333… events are real"
    " fractions; time stamps with milliseconds",
    (Table((Shape(_BNPB_COLUMNS, lambda: _columns(_BNPB, _BNPB_COLUMNS), 2243, {
        (1, "tanggal_waktu_kejadian"): "2026-05-24 16:30:00.273", (1, "kode_kabupaten"): "32.01",
        (1, "menderita_mengungsi"): 613, (-1, "kode_kabupaten"): "32.16",
        (-1, "is_bencana"): "True",
    }),), body="every row below the header"),),
    findings=(Finding("duplicate", "ids differ: no row is a duplicate", never=True),
              Finding("personal", "0.3333333333333333 is no NIK", never=True)),
)

# --- BPJS by village: codes and years that became floats -------------------------------------

_BPJS = "csv/jabar_bpjs_per_desa.csv"
_BPJS_COLUMNS = cols(
    "kode_provinsi:s nama_provinsi:s bps_kode_kabupaten_kota:s bps_nama_kabupaten_kota:s"
    " bps_kode_kecamatan:s bps_nama_kecamatan:s bps_kode_desa_kelurahan:s"
    " bps_nama_desa_kelurahan:s kemendagri_kode_kecamatan:s kemendagri_nama_kecamatan:s"
    " kemendagri_kode_desa_kelurahan:s kemendagri_nama_desa_kelurahan:s"
    " jumlah_warga_terdaftar_bpjs:i satuan:s tahun:y id:i")


def _unfloat(value: str) -> str:
    return value.removesuffix(".0")


BPJS = Expected(
    _BPJS, "codes read as floats (32.0, 3201190006.0) lose their “.0”; whole counts and years"
    " written 16721.0, 2019.0; a blank inside a column name",
    (Table((Shape(_BPJS_COLUMNS, lambda: _columns(_BPJS, _BPJS_COLUMNS, read=dict.fromkeys(
        ("kode_provinsi", "bps_kode_kabupaten_kota", "bps_kode_kecamatan",
         "bps_kode_desa_kelurahan"), _unfloat)), 26559, {
        (1, "kode_provinsi"): "32", (1, "bps_kode_desa_kelurahan"): "3201190006",
        (1, "kemendagri_kode_kecamatan"): "32.01.02", (1, "jumlah_warga_terdaftar_bpjs"): 16721,
        (1, "tahun"): 2019, (-1, "id"): 26559, (-1, "jumlah_warga_terdaftar_bpjs"): 8965,
    }),), body="every row below the header"),),
    findings=(Finding("personal", "codes of ten digits are no phone numbers", never=True),),
    blocks=None,  # three village codes are no longer in the list
)

# --- Social data of villages: 58 columns, the last seven empty -------------------------------

_IDM = "csv/jabar_idm_sosial_demografi_desa_2023.csv"
_IDM_COLUMNS = cols(
    "id:i id_kab:s kabupaten:s id_kec:s kecamatan:s id_desa:s desa:s tahun:y strata_desa_22:s"
    " total_pend:i total_lk:i total_pr:i pendatang:i pend_pergi:i total_kk:i total_kkp:i"
    " total_kkmis:i total_by:i total_balita:i total_rmj:i total_dw1:i total_dw2:i"
    " total_lansia:i petani_lk:i petani_pr:i nelayan_lk:i nelayan_pr:i buruh_tani_lk:i"
    " buruh_tani_pr:i buruh_pabrik_lk:i buruh_pabrik_pr:i pns_lk:i pns_pr:i swasta_lk:i"
    " swasta_pr:i wiraswasta_lk:i wiraswasta_pr:i tni_lk:i tni_pr:i polri_lk:i polri_pr:i"
    " dokter_lk:i dokter_pr:i bidan:i perawat_lk:i perawat_pr:i pekerja_lain_lk:i"
    " pekerja_lain_pr:i pekerja_lain:i pbk_lk:i pbk_pr:i") + tuple(
    # “<” and “>” have no letter of their own: leaving them out or spelling them is right.
    # Columns without one value may stay (and be flagged) or go (as a listed change).
    Col(name, ANY, source, also=also, optional=True) for name, source, also in (
        ("total_3_thn", "total_<3_thn", ("total_kurang_dari_3_thn", "total_lt_3_thn",
                                         "total_kurang_3_thn")),
        ("total_3_6_thn", "total_3-6_thn", ()), ("total_7_12_thn", "total_7-12_thn", ()),
        ("total_13_15_thn", "total_13-15_thn", ()), ("total_16_18_thn", "total_16-18_thn", ()),
        ("total_19_59_thn", "total_19-59_thn", ()),
        ("total_59_thn", "total_>59_thn", ("total_lebih_dari_59_thn", "total_gt_59_thn",
                                           "total_lebih_59_thn"))))

IDM = Expected(
    _IDM, "58 columns, id_kab/id_kec/id_desa are codes, the last seven columns are empty; total_*"
    " are measures, no total columns of the others",
    (Table((Shape(_IDM_COLUMNS, lambda: _columns(_IDM, _IDM_COLUMNS), 5311, {
        (1, "id"): 21247, (1, "id_desa"): "3201022001", (1, "kabupaten"): "KAB. BOGOR",
        (1, "total_pend"): 30833, (-1, "desa"): "KUJANGSARI", (-1, "pbk_pr"): 8968,
        (1, "total_3_thn"): None,
    }),), body="every row below the header"),),
)

# --- Hydrants: a list of places -------------------------------------------------------------

_HYDRANT = "csv/jakarta_hydrant_2014.csv"
_HYDRANT_COLUMNS = cols("sektor:s kelurahan:s kecamatan:s wilayah_kota:s alamat:s latitude:n"
                        " longitude:n keterangan:s")
_JAKARTA = {"Jakarta Pusat": "31.71", "Jakarta Utara": "31.72", "Jakarta Barat": "31.73",
            "Jakarta Selatan": "31.74", "Jakarta Timur": "31.75"}


def _degrees(value: str) -> float | None:
    return figure(value, ("-",))


def _hydrant() -> Rows:
    made = _columns(_HYDRANT, _HYDRANT_COLUMNS, read={"latitude": _degrees, "longitude": _degrees})
    codes: list[Any] = []
    for village, district, city in zip(made["kelurahan"], made["kecamatan"],
                                       made["wilayah_kota"], strict=True):
        parent = below(_JAKARTA[city], [district], {"Kramat Jati": "31.75.04"})[0]
        # Most rows name no kelurahan: the code of the kecamatan, or none, is right there; so is
        # none where the kelurahan is misspelt (“Kebayoran Lama Selatanatan”) or moved since.
        own = children(parent).get(plain(village)) if village else None
        codes.append((own, parent, None) if own else (parent, None))
    return {"kode_wilayah": codes, **made}


HYDRANT = Expected(
    _HYDRANT, "list of places: “-” for coordinates asked twice; sektor I, II, III is data and no"
    " row number; kelurahan mostly empty; double blanks in addresses",
    (Table((Shape((Col("kode_wilayah", "string", "made from the names", optional=True),
                   *_HYDRANT_COLUMNS), _hydrant, 859, {
        (1, "sektor"): "I", (1, "kelurahan"): None, (1, "latitude"): -6.165291,
        (183, "latitude"): None, (185, "longitude"): None, (111, "latitude"): -6.244032,
        (111, "keterangan"): "Tutup As Tidak Ada", (-1, "alamat"): "Jl. Kembung",
    }),), body="every row below the header",
        asks=(Ask("tanda", "-", 6, most=2, answer="belum_tersedia"),)),),
)

# --- Budget and offices of Kabupaten Bandung -------------------------------------------------

_SPENDING = "csv/kabbandung_belanja.csv"
_SPENDING_COLUMNS = cols(
    "tahun_anggaran:y kd_klpd:s nama_klpd:s kd_satker:s kd_satker_str:s nama_satker:s"
    " belanja_operasi:i belanja_modal:i belanja_btt:i belanja_non_pengadaan:i"
    " belanja_pengadaan:i total_belanja:i")

SPENDING = Expected(
    _SPENDING, "“null” of a database export is missing, 97 times in tahun_anggaran; rupiah of 12"
    " digits; the total column belongs to a table that is clean: it stays",
    (Table((Shape(tuple(Col("total_belanja", "integer", "L", optional=True)
                        if column.name == "total_belanja" else column
                        for column in _SPENDING_COLUMNS),
                  lambda: _columns(_SPENDING, _SPENDING_COLUMNS, read={
        "tahun_anggaran": lambda value: figure(value, ("null",))}), 165, {
        (1, "tahun_anggaran"): 2025, (-1, "tahun_anggaran"): None, (1, "kd_satker"): "96020",
        (1, "kd_satker_str"): "1.01.0.00.0.00.01.0000", (1, "belanja_operasi"): 294671552517,
        (-1, "belanja_operasi"): 0,
    }),), body="every row below the header"),),
)

_PLACES = "csv/kabbandung_rup_lokasi_2025.csv"
_PLACES_COLUMNS = cols(
    "tahun_anggaran:y kd_klpd:s nama_klpd:s jenis_klpd:s kd_satker:s kd_satker_str:s"
    " nama_satker:s kd_rup:s detail_lokasi:s kd_kab_kota:s kab_kota:s kd_provinsi:s provinsi:s"
    " _event_date:d")


def _places() -> Rows:
    made = _columns(_PLACES, _PLACES_COLUMNS, escape="\\")
    made["kode_wilayah"] = [regency(PROVINCES[province.upper()], name) for name, province
                            in zip(made["kab_kota"], made["provinsi"], strict=True)]
    return made


PLACES = Expected(
    _PLACES, "quotes escaped by a backslash (row 6,742); own numbers for kab/kota (14773) that are"
    " no kode wilayah; free text of places with double blanks",
    (Table((Shape((
        *_PLACES_COLUMNS[:-1],
        # The datastore takes no name that begins with “_”.
        Col("_event_date", "date", "N", also=("event_date",)),
        # Right where it is made; kd_kab_kota stands there already, though of another system.
        Col("kode_wilayah", "string", "made from kab_kota", optional=True),
    ), _places, 21030, {
        (1, "kd_satker_str"): "5.01.5.05.0.00.26.0000", (1, "kd_rup"): "54230007",
        (1, "kode_wilayah"): "32.04", (1, "_event_date"): "2025-10-10",
        (3347, "detail_lokasi"): "100000000",
    }),), body="every row below the header"),),
    findings=(Finding("duplicate", "22 rows stand there twice"),
              Finding("personal", "places and numbers of packages are no persons", never=True)),
    blocks=None,
)

_OFFICES = "csv/kabbandung_satker_list.csv"
_OFFICES_COLUMNS = cols("kd_klpd:s nama_klpd:s jenis_klpd:s kd_satker:s kd_satker_str:s"
                        " nama_satker:s")

OFFICES = Expected(
    _OFFICES, "codes of several systems in one column; “1. 20. 03” loses its blanks; edge blanks",
    (Table((Shape(_OFFICES_COLUMNS, lambda: _columns(_OFFICES, _OFFICES_COLUMNS, read={
        "kd_satker_str": lambda value: re.sub(r"\s", "", value) or None}), 336, {
        (1, "kd_satker_str"): "1.20.03", (2, "kd_satker_str"): "32.04.20.03",
        (-1, "kd_satker_str"): None, (-1, "kd_satker"): "8000133",
        (-1, "nama_satker"): "Dinas Kesehatan Kabupaten Bandung",
    }),), body="every row below the header"),),
)

FILES = [BNPB, BPJS, IDM, HYDRANT, SPENDING, PLACES, OFFICES]
