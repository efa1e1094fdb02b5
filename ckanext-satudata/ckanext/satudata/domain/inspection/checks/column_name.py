"""A column name nobody outside the office understands."""
from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable
from ckanext.satudata.domain.inspection.wording import unit_code

__all__ = ["ColumnName"]

_SPELLED = {
    "jml": "jumlah", "jlh": "jumlah", "jmlh": "jumlah", "lk": "laki_laki", "pr": "perempuan",
    "pend": "penduduk", "pddk": "penduduk", "kec": "kecamatan", "kab": "kabupaten",
    "prov": "provinsi", "prop": "provinsi", "kel": "kelurahan", "ds": "desa", "thn": "tahun",
    "th": "tahun", "bln": "bulan", "ket": "keterangan", "nm": "nama",
    "kd": "kode", "pst": "persentase", "persen": "persen", "rmh": "rumah", "sklh": "sekolah",
    "sek": "sekolah", "mhs": "mahasiswa", "krn": "karena", "dgn": "dengan", "tdk": "tidak",
    "blm": "belum", "sdh": "sudah", "prsn": "persen", "klp": "kelompok", "kls": "kelas",
    "bgn": "bangunan", "knd": "kendaraan", "pkm": "puskesmas", "rsk": "rusak", "sdg": "sedang",
    "no": "nomor", "tot": "total", "rt2": "rata_rata", "pros": "persentase", "lhn": "lahan",
    "prod": "produksi", "yg": "yang", "pas": "pasien", "kunj": "kunjungan", "peg": "pegawai",
}
#: Short forms everybody reads, or that are names of their own.
_KNOWN = frozenset({
    "rp", "usd", "hp", "wa", "tgl", "bbm", "lpg", "apbd", "apbn", "str", "dll", "tbm", "sdm",
    "gps", "wfh", "mck", "kk", "rt", "rw", "sd", "mi", "smp", "mts", "sma", "smk", "ma", "tk",
    "km", "km2", "m2", "m3", "ha", "kg", "pns", "asn", "tni", "dpt", "hiv", "tb", "dbd", "kb",
    "pdrb", "ktp", "nik", "nip", "tps", "bpjs", "pbb", "pkh", "bpnt", "dtks", "umkm", "id", "l",
    "p", "no", "kdrt", "ksbd", "npsn", "pdam", "spbu", "rs", "rsud", "ipm", "ntp", "tpt", "tpak",
    "cv", "pt", "kwh", "mw", "kwt", "tpq", "tka", "slb", "plt", "dpr", "dprd", "spm", "tbc", "psn",
    "pjj", "skpd", "opd", "klpd", "rt_rw", "x", "y", "bps", "kbli", "gdp", "hb", "bb", "ltr",
    "lng", "lat", "dp3", "pppk", "ptk", "gtk",
})
_ABBREVIATED = frozenset(_SPELLED) - {"no", "persen", "kec", "kab", "prov", "kel", "kd", "ket"}
_UNNAMED = re.compile(r"(?:kolom|column|unnamed|field|var|f|v|col|c)_?\d+")
_NO_VOWEL = re.compile(r"[bcdfghjklmnpqrstvwxz]{2,}\d*")


class ColumnName(Check):
    """Words written out are found by readers and machines; a spelled-out name is proposed."""

    code = "column-name"
    principle = Principle.METADATA
    severity = Severity.SARAN
    title = N_("Nama kolom sulit dipahami")
    template = N_("Nama kolom {column} sulit dipahami orang di luar instansi Anda.")
    how = N_("Tulis lengkap, misalnya {example}, atau jelaskan kolom itu di metadata.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        for column in table.columns:
            parts = [part for part in column.name.lower().split("_") if part]
            if column.title and column.title.lower() != column.name.lower() and len(
                    column.title.split()) > len(parts):
                continue  # the title spells it out
            strange = [part for part in parts if part in _ABBREVIATED or (
                part not in _KNOWN and part not in _SPELLED and _NO_VOWEL.fullmatch(part)
                and unit_code(part) is None)]
            unnamed = bool(_UNNAMED.fullmatch(column.name.lower()))
            if not strange and not unnamed:
                continue
            whole = "_".join(_SPELLED.get(part, part) for part in parts)
            better = whole if not unnamed and all(part in _SPELLED for part in strange) else None
            yield Hits(self, column.name, np.zeros(0, dtype=np.int64),
                       {"example": better or "jumlah_penduduk"},
                       proposed=pa.array([better], pa.string()))
