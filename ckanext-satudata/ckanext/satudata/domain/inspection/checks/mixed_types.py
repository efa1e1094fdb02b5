"""A column of numbers with some text among them."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import encoded, texts
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import Role, TidyTable
from ckanext.satudata.domain.inspection.wording import words

__all__ = ["MixedTypes"]

_MOST = 0.6
_NUMBER = (r"^\s*[-+−(]?\s*(?:Rp\.?\s*)?(?:0|[1-9]\d*|[1-9]\d{0,2}(?:[.,\s]\d{3})+)"
           r"(?:[.,]\d+)?\s*%?\)?\s*$")
_CODES = frozenset({
    "kode", "kd", "id", "no", "nomor", "nik", "kk", "nip", "npsn", "telp", "telepon", "hp", "rt",
    "rw", "alamat", "blok", "kelas", "versi", "tahun", "urusan", "kodepos", "umur", "usia",
    "kelompok", "rentang",
})


class MixedTypes(Check):
    """One word among the figures makes the column text, and nobody can sum it."""

    code = "mixed-types"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.SEBAIKNYA
    title = N_("Angka bercampur teks")
    template = N_("Baris {row}, kolom {column}: “{value}” bukan angka, padahal {share} persen isi "
                  "kolom ini angka.")
    how = N_("Tulis angkanya saja; keterangan di kolom lain. Kosongkan bila angkanya tidak ada.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        for column in texts(table, Role.UKURAN, Role.DIMENSI, Role.KETERANGAN):
            if not _CODES.isdisjoint(words(column.name)):
                continue
            labels = encoded(table, column.name)
            if not len(labels.labels):
                continue
            number = np.asarray(pc.match_substring_regex(labels.labels, _NUMBER), dtype=bool)
            share = float(labels.counts[number].sum()) / max(1, int(labels.counts.sum()))
            if _MOST <= share < 1:
                yield Hits(self, column.name, labels.rows(~number), {"share": int(share * 100)})
