"""Files that are clean already: what comes out is what went in.

Codes stay text, years are years, edge blanks go. Sums were taken with awk from the files.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from expected.kit import Expected, Finding, Rows, Shape, Table, cols, figure, text, text_rows

_KAB = "kode_provinsi:s nama_provinsi:s kode_kabupaten_kota:s nama_kabupaten_kota:s"
_IDM = (_KAB + " kode_kecamatan:s nama_kecamatan:s kode_desa:s nama_desa:s"
        " idm:n iks:n ike:n ikl:n status_idm:s")
_READ: dict[str, Callable[[Any], Any]] = {"integer": figure, "number": figure, "year": figure}


def unchanged(file: str, columns: str, n_rows: int, sums: Mapping[str, float],
              spots: Mapping[tuple[int, str], Any], *, findings: tuple[Finding, ...] = (),
              needs: str = "clean: comes out as it went in",
              blocks: bool | None = False) -> Expected:
    """Expect a file of one header row to come out as it is, every column and every row."""
    made = cols(columns)

    def rows() -> Rows:
        head, *body = text_rows(file)
        assert head == tuple(column.name for column in made), head
        return {column.name: [_READ.get(str(column.type), text)(cell) for cell in cells]
                for column, cells in zip(made, zip(*body, strict=True), strict=True)}

    return Expected(file, needs, (Table((Shape(made, rows, n_rows, spots, sums),),
                                        body="every row below the header"),),
                    findings=findings, blocks=blocks)


FILES = [
    unchanged("csv/bpbd-od_17600_jml_kejadian_bencana_banjir_kabkota_v3.csv",
              f"id:i {_KAB} jumlah_banjir:i satuan:s tahun:y", 351, {"jumlah_banjir": 2653},
              {(1, "kode_kabupaten_kota"): "3201", (1, "jumlah_banjir"): 0,
               (2, "jumlah_banjir"): 20, (-1, "nama_kabupaten_kota"): "KOTA BANJAR",
               (-1, "tahun"): 2024}),
    unchanged("csv/bps-od_17044_tingkat_pengangguran_terbuka_kabkota.csv",
              f"id:i {_KAB} tingkat_pengangguran_terbuka:n satuan:s tahun:y", 424,
              {"tingkat_pengangguran_terbuka": 3794.74},
              {(1, "tingkat_pengangguran_terbuka"): 14.26,
               (-1, "tingkat_pengangguran_terbuka"): 5.44, (1, "tahun"): 2007}),
    unchanged("csv/dinkes-od_15940_jumlah_kasus_penyakit.csv",
              f"id:i {_KAB} jenis_penyakit:s jumlah_kasus:i satuan:s tahun:y", 243,
              {"jumlah_kasus": 979894},
              {(2, "jenis_penyakit"): "TB TUBERCOLOSIS", (-1, "jenis_penyakit"): "AIDS",
               (-1, "jumlah_kasus"): 2},
              needs="clean; “AIDS ” loses the blank behind it; Kab. Bogor has CAMPAK twice",
              findings=(Finding("duplicate", "rows 1 and 6 are both CAMPAK of Kabupaten Bogor"),),
              blocks=None),
    unchanged("csv/disdukcapil-2-od_17892_jml_penduduk_jk_kabkota.csv",
              f"id:i {_KAB} jenis_kelamin:s jumlah_penduduk:i satuan:s tahun:y", 540,
              {"jumlah_penduduk": 451595203},
              {(1, "jumlah_penduduk"): 1930902, (-1, "jumlah_penduduk"): 103279}),
    unchanged("csv/diskuk-od_17371_umkm_kategori_usaha.csv",
              f"id:i {_KAB} kategori_usaha:s jumlah_umkm:i satuan:s tahun:y", 1350,
              {"jumlah_umkm": 27847244},
              {(1, "jumlah_umkm"): 927, (2, "jumlah_umkm"): 927, (-1, "jumlah_umkm"): 3953}),
    unchanged("csv/idm_2024_desa_kab_lombok_timur.csv", _IDM, 239, {"idm": 196.5291},
              {(1, "kode_desa"): "5203092021", (1, "ikl"): 0.9333, (-1, "idm"): 0.849}),
    unchanged("csv/idm_2024_desa_kab_serang.csv", _IDM, 326, {"idm": 223.7384},
              {(1, "kode_kecamatan"): "360430", (-1, "nama_desa"): "WARINGINKURUNG"}),
    unchanged("csv/jabar_daftar_rumah_sakit.csv",
              f"id:i {_KAB} nama_rumah_sakit:s jenis_rumah_sakit:s kelas_rumah_sakit:s tahun:y",
              1917, {},
              {(1, "nama_rumah_sakit"): "RS PARU DR. M. GOENAWAN PARTOWIDIGDO",
               (-1, "jenis_rumah_sakit"): "RSU", (-1, "tahun"): 2023}),
    unchanged("csv/jabar_garis_kemiskinan.csv",
              f"id:i {_KAB} garis_kemiskinan:i satuan:s tahun:y", 594,
              {"garis_kemiskinan": 193966927},
              {(1, "garis_kemiskinan"): 130927, (1, "satuan"): "RUPIAH/KAPITA/BULAN",
               (-1, "garis_kemiskinan"): 451277}),
    unchanged("csv/jabar_indeks_risiko_bencana.csv",
              f"id:i {_KAB} indeks_risiko_bencana:n satuan:s tahun:y", 270,
              {"indeks_risiko_bencana": 38969.53},
              {(3, "indeks_risiko_bencana"): 250.0, (-1, "indeks_risiko_bencana"): 116.26}),
    unchanged("csv/jabar_jumlah_faskes.csv",
              f"id:i {_KAB} jenis_faskes:s jumlah_faskes:i satuan:s tahun:y", 945,
              {"jumlah_faskes": 326910}, {(1, "jumlah_faskes"): 9, (-1, "jumlah_faskes"): 206}),
    unchanged("csv/jabar_jumlah_kematian_penyebab.csv",
              f"id:i {_KAB} jenis_kematian:s penyebab_kematian:s jumlah_kematian:i satuan:s"
              " tahun:y",
              2106, {"jumlah_kematian": 11943},
              {(1, "penyebab_kematian"): "CAMPAK", (1, "jumlah_kematian"): 0,
               (-1, "penyebab_kematian"): "TETANUS"}, needs="clean; its many zeros are zeros"),
    unchanged("csv/jabar_penduduk_golongan_darah.csv",
              "id:i kode_provinsi:s nama_provinsi:s golongan_darah:s jenis_kelamin:s"
              " jumlah_penduduk:i satuan:s tahun:y", 286, {"jumlah_penduduk": 501495195},
              {(1, "golongan_darah"): "A", (-1, "golongan_darah"): "TIDAK TAHU",
               (-1, "jumlah_penduduk"): 21324275}),
    unchanged("csv/jabar_produksi_sampah.csv",
              f"id:i {_KAB} produksi_sampah:n satuan:s tahun:y", 243,
              {"produksi_sampah": 151239.65},
              {(1, "produksi_sampah"): 1511.15, (-1, "produksi_sampah"): None},
              needs="clean; 54 empty figures are missing, never 0",
              findings=(Finding("jump", "Kab. Cirebon 2019: 3.15 between 466.25 and 1,096",
                                rows=(117,)),)),
    unchanged("csv/jabar_upah_minimum.csv",
              f"id:i {_KAB} upah_minimum:n satuan:s tahun:y", 216, {"upah_minimum": 629818597.37},
              {(1, "upah_minimum"): 3204551, (2, "upah_minimum"): 2376558.39},
              needs="clean; whole rupiah written 3204551.0 beside 2376558.39: a number"),
    unchanged("large/idm_2024_desa_nasional_panjang.csv.gz",
              f"{_KAB} kode_kecamatan:s nama_kecamatan:s kode_desa:s nama_desa:s indikator:s"
              " nilai:n satuan:s status_idm:s tahun:y", 301060, {"nilai": 214356.4451},
              {(1, "kode_desa"): "1101012003", (1, "nama_desa"): None, (1, "nilai"): 0.6176,
               (-1, "nilai"): 0.9333, (-1, "nama_desa"): "SIRE TIMUR"},
              needs="clean, 301,060 rows, gzip; 4 villages without figures stay missing;"
              " 795 village codes are not in the list of 2025",
              blocks=None),
]
