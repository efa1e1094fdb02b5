"""Datasets whose files are not public: who they are about, or what they would give away."""
from __future__ import annotations

from ckanext.satudata.domain.demo.spec import Closed, Dataset
from ckanext.satudata.domain.demo.tables import Stores

__all__ = ["CLOSED"]

_PDP = "UU 27/2022 pasal 4 dan pasal 65; UU 14/2008 pasal 17 huruf h"

CLOSED: tuple[Dataset, ...] = (
    Dataset(
        "penerima-bantuan-nama-alamat",
        "dinas-sosial",
        "Daftar penerima bantuan sosial menurut nama dan alamat",
        None,
        "Penerima Bantuan Sosial",
        "Keluarga penerima bantuan dengan nama, NIK, dan alamat.",
        "Jenis bantuan",
        "Jumlah",
        "keluarga_penerima",
        "1.06",
        "siks_ng",
        ("kemiskinan",),
        ("bantuan sosial", "data pribadi"),
        "triwulanan",
        (),
        closed=Closed("tertutup", _PDP, "Berkas memuat data pribadi dan kondisi ekonomi keluarga."),
    ),
    Dataset(
        "biodata-penduduk",
        "disdukcapil",
        "Biodata penduduk menurut NIK",
        None,
        "Biodata Penduduk",
        "Keterangan perseorangan penduduk dalam basis data kependudukan.",
        "Penduduk",
        "Jumlah",
        "jiwa",
        "2.12",
        "siak",
        ("layanan_publik",),
        ("nik", "data pribadi"),
        "harian",
        (),
        closed=Closed(
            "tertutup",
            f"UU 24/2013 pasal 84 dan 85; {_PDP}",
            "Data perseorangan wajib disimpan dan dilindungi kerahasiaannya.",
        ),
    ),
    Dataset(
        "cadangan-logistik",
        "bpbd",
        "Lokasi dan isi gudang logistik bencana",
        Stores({
            "Beras": ("karung", 90), "Air mineral": ("dus", 60), "Selimut": ("lembar", 75),
            "Tenda keluarga": ("buah", 900), "Perahu karet": ("buah", 20_000),
        }),
        "Logistik Bencana",
        "Jenis, jumlah, dan lokasi barang cadangan bencana.",
        "Jenis barang",
        "Jumlah",
        "unit",
        "1.05",
        "aplikasi_daerah",
        ("layanan_publik",),
        ("logistik", "bencana"),
        "bulanan",
        closed=Closed(
            "terbatas",
            "UU 14/2008 pasal 17 huruf c dan j",
            "Dibuka bagi instansi pemerintah; lokasi rinci rawan penjarahan saat darurat.",
        ),
    ),
)
