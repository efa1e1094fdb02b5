"""What metrics, reasons and things to do are called."""
from __future__ import annotations

from collections.abc import Callable, Mapping

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.federation.mqa import Advice, Dimension, Rating, Why

__all__ = ["advised", "dimension", "metric", "rating", "reason"]

_ = tk._
_Said = Callable[[], str]

_DIMENSIONS: Mapping[Dimension, _Said] = {
    Dimension.FINDABILITY: lambda: _("Mudah ditemukan"),
    Dimension.ACCESSIBILITY: lambda: _("Mudah diambil"),
    Dimension.INTEROPERABILITY: lambda: _("Mudah dipadukan"),
    Dimension.REUSABILITY: lambda: _("Mudah dipakai ulang"),
    Dimension.CONTEXTUALITY: lambda: _("Konteks"),
}
_RATINGS: Mapping[Rating, _Said] = {
    Rating.EXCELLENT: lambda: _("Sangat baik"),
    Rating.GOOD: lambda: _("Baik"),
    Rating.SUFFICIENT: lambda: _("Cukup"),
    Rating.BAD: lambda: _("Kurang"),
}
_METRICS: Mapping[str, _Said] = {
    "keywordAvailability": lambda: _("Kata kunci"),
    "categoryAvailability": lambda: _("Topik (urusan)"),
    "spatialAvailability": lambda: _("Wilayah"),
    "temporalAvailability": lambda: _("Periode data"),
    "accessUrlStatusCode": lambda: _("Alamat akses menjawab"),
    "downloadUrlAvailability": lambda: _("Alamat unduhan"),
    "downloadUrlStatusCode": lambda: _("Alamat unduhan menjawab"),
    "formatAvailability": lambda: _("Format berkas"),
    "mediaTypeAvailability": lambda: _("Jenis media"),
    "formatMediaTypeVocabularyAlignment": lambda: _("Format dan jenis media dari daftar baku"),
    "formatMediaTypeNonProprietary": lambda: _("Format tanpa pemilik"),
    "formatMediaTypeMachineInterpretable": lambda: _("Format terbaca mesin"),
    "dcatApCompliance": lambda: _("Sesuai DCAT-AP"),
    "licenceAvailability": lambda: _("Lisensi"),
    "knownLicence": lambda: _("Lisensi dari daftar baku"),
    "accessRightsAvailability": lambda: _("Hak akses"),
    "accessRightsVocabularyAlignment": lambda: _("Hak akses dari daftar baku"),
    "contactPointAvailability": lambda: _("Narahubung"),
    "publisherAvailability": lambda: _("Penerbit"),
    "rightsAvailability": lambda: _("Keterangan hak"),
    "byteSizeAvailability": lambda: _("Ukuran berkas"),
    "dateIssuedAvailability": lambda: _("Tanggal terbit"),
    "dateModifiedAvailability": lambda: _("Tanggal perubahan"),
}
_REASONS: Mapping[Why, _Said] = {
    Why.ABSENT: lambda: _("belum diisi"),
    Why.NO_FILES: lambda: _("belum ada berkas"),
    Why.NOT_LISTED: lambda: _("di luar daftar baku"),
    Why.PROPRIETARY: lambda: _("bukan format terbuka"),
    Why.NOT_READABLE: lambda: _("tidak terbaca mesin"),
    Why.NOT_PUBLIC: lambda: _("berkas tidak dibuka untuk umum"),
    Why.NO_ANSWER: lambda: _("tidak menjawab"),
    Why.FAULTY: lambda: _("ada yang menyalahi DCAT-AP"),
    Why.UNCHECKED: lambda: _("belum diperiksa"),
}
#: What to do, and why: by reason and field.
_ADVICE: Mapping[tuple[Why, str], tuple[_Said, _Said]] = {
    (Why.ABSENT, "tag_string"): (
        lambda: _("Tambahkan kata kunci"),
        lambda: _("Pencari menulis kata sehari-hari, yang belum tentu ada di judul.")),
    (Why.ABSENT, "urusan"): (
        lambda: _("Pilih urusan pemerintahan"),
        lambda: _("Portal lain mengelompokkan data menurut urusan, dan dengannya tema Eropa.")),
    (Why.ABSENT, "kode_wilayah"): (
        lambda: _("Pilih wilayah yang dicakup"),
        lambda: _("Dengan kode wilayah, data muncul di peta dan di portal provinsi dan nasional.")),
    (Why.ABSENT, "temporal_coverage"): (
        lambda: _("Isi periode data"),
        lambda: _("Tahun yang dicakup angkanya, bukan tahun terbitnya.")),
    (Why.ABSENT, "license_id"): (
        lambda: _("Pilih lisensi"),
        lambda: _("Tanpa lisensi, orang tidak tahu apakah data boleh dipakai.")),
    (Why.NOT_LISTED, "license_id"): (
        lambda: _("Pilih lisensi dari daftar"),
        lambda: _("Misalnya CC BY 4.0. Lisensi sendiri tidak dikenal portal lain.")),
    (Why.ABSENT, "access_rights"): (
        lambda: _("Pilih hak akses"),
        lambda: _("Terbuka, terbatas, atau tertutup.")),
    (Why.NOT_LISTED, "access_rights"): (
        lambda: _("Pilih hak akses dari daftar"),
        lambda: _("Terbuka, terbatas, atau tertutup.")),
    (Why.ABSENT, "contact"): (
        lambda: _("Isi narahubung"),
        lambda: _("Siapa yang ditanya tentang data ini.")),
    (Why.ABSENT, "publisher"): (
        lambda: _("Isi penerbit"),
        lambda: _("Pemerintah yang menerbitkan data ini.")),
    (Why.ABSENT, "rights"): (
        lambda: _("Isi keterangan hak"),
        lambda: _("Atau pilih hak akses: keterangannya mengikuti.")),
    (Why.ABSENT, "issued"): (
        lambda: _("Isi tanggal terbit"), lambda: _("Kapan data ini pertama kali terbit.")),
    (Why.ABSENT, "modified"): (
        lambda: _("Isi tanggal perubahan"), lambda: _("Kapan data ini terakhir berubah.")),
    (Why.ABSENT, "url"): (
        lambda: _("Unggah berkasnya"),
        lambda: _("Berkas ini belum dapat diunduh siapa pun.")),
    (Why.NO_ANSWER, "url"): (
        lambda: _("Perbaiki alamat berkas"),
        lambda: _("Alamatnya tidak menjawab. Lebih baik lagi, unggah berkasnya ke portal ini.")),
    (Why.ABSENT, "format"): (
        lambda: _("Pilih format berkas"),
        lambda: _("Jenis media dan daftar bakunya mengikuti format.")),
    (Why.NOT_LISTED, "format"): (
        lambda: _("Pilih format dari daftar"),
        lambda: _("Tulis CSV, bukan “csv utf8” atau “tabel”.")),
    (Why.PROPRIETARY, "format"): (
        lambda: _("Terbitkan sebagai CSV atau ODS"),
        lambda: _("XLSX dan sejenisnya tidak termasuk format terbuka di daftar data.europa.eu. "
                  "CSV di samping berkas ini memberi sebagian poin, CSV sebagai gantinya "
                  "semuanya.")),
    (Why.NOT_READABLE, "format"): (
        lambda: _("Terbitkan tabelnya sebagai CSV"),
        lambda: _("Mesin tidak dapat membaca angka dari PDF, Word, atau gambar.")),
    (Why.ABSENT, "size"): (
        lambda: _("Unggah berkasnya ke portal ini"),
        lambda: _("Ukuran berkas tercatat sendiri; berkas di tempat lain tidak.")),
    (Why.NO_FILES, ""): (
        lambda: _("Unggah berkas data"),
        lambda: _("Tanpa berkas, tidak ada yang dapat diambil, dibaca, dan dipakai.")),
    (Why.FAULTY, ""): (
        lambda: _("Perbaiki yang menyalahi DCAT-AP"),
        lambda: _("Portal lain dapat menolak data ini. Yang menyalahi tertulis di bawah.")),
    (Why.NOT_PUBLIC, ""): (
        lambda: _("Berkasnya tidak dibuka untuk umum"),
        lambda: _("Poin unduhan yang terbuka bagi siapa pun memang tidak dapat diraih data "
                  "terbatas. Tidak ada yang perlu ditambah.")),
    (Why.UNCHECKED, ""): (
        lambda: _("Belum diperiksa: apakah alamatnya menjawab"),
        lambda: _("Berkas di penyimpanan portal ini menjawab begitu terbit. Alamat di tempat lain "
                  "belum diperiksa oleh portal.")),
}


def dimension(which: Dimension) -> str:
    """Return what a dimension is called."""
    return _DIMENSIONS[which]()


def rating(which: Rating) -> str:
    """Return what a rating is called."""
    return _RATINGS[which]()


def metric(code: str) -> str:
    """Return what a metric is called."""
    return _METRICS[code]()


def reason(why: Why) -> str:
    """Return why points are missed, in two or three words."""
    return _REASONS[why]()


def advised(advice: Advice) -> tuple[str, str]:
    """Return what to do, and why."""
    do, because = _ADVICE.get((advice.why, advice.field)) or (
        lambda: metric(advice.metrics[0]), lambda: reason(advice.why))
    return do(), because()
