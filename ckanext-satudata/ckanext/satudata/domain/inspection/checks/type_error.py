"""A value is not of the type the schema declares."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import RowCheck

__all__ = ["TypeError_"]


class TypeError_(RowCheck):
    """A word among numbers cannot be summed, a date written otherwise cannot be sorted."""

    code = "type-error"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.WAJIB
    title = N_("Isi tidak sesuai jenis kolom")
    template = N_("Baris {row}, kolom {column}: “{value}” tidak sesuai jenis kolom.")
    how = N_("Tulis nilainya saja menurut jenis kolom; kosongkan bila nilainya tidak ada.")
    templates = {
        "array": N_("Baris {row}, kolom {column}: “{value}” bukan daftar JSON."),
        "boolean": N_("Baris {row}, kolom {column}: “{value}” bukan benar atau salah."),
        "date": N_("Baris {row}, kolom {column}: “{value}” bukan tanggal."),
        "datetime": N_("Baris {row}, kolom {column}: “{value}” bukan tanggal dan jam."),
        "duration": N_("Baris {row}, kolom {column}: “{value}” bukan lama waktu."),
        "geojson": N_("Baris {row}, kolom {column}: “{value}” bukan GeoJSON."),
        "geopoint": N_("Baris {row}, kolom {column}: “{value}” bukan koordinat."),
        "integer": N_("Baris {row}, kolom {column}: “{value}” bukan bilangan bulat."),
        "list": N_("Baris {row}, kolom {column}: “{value}” bukan daftar."),
        "number": N_("Baris {row}, kolom {column}: “{value}” bukan angka."),
        "object": N_("Baris {row}, kolom {column}: “{value}” bukan objek JSON."),
        "string": N_("Baris {row}, kolom {column}: “{value}” bukan teks."),
        "time": N_("Baris {row}, kolom {column}: “{value}” bukan jam."),
        "year": N_("Baris {row}, kolom {column}: “{value}” bukan tahun empat angka."),
        "yearmonth": N_("Baris {row}, kolom {column}: “{value}” bukan tahun dan bulan."),
    }
