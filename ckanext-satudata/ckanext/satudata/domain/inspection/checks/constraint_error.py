"""A value outside what the schema allows."""
from __future__ import annotations

from typing import Any

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import RowCheck
from ckanext.satudata.domain.inspection.validation.result import Found
from ckanext.satudata.domain.inspection.validation.tidy import Judgement

__all__ = ["ConstraintError", "shown"]


class ConstraintError(RowCheck):
    """One sentence per constraint: required, bounds, lengths, pattern, enum."""

    code = "constraint-error"
    principle = Principle.STANDAR_DATA
    severity = Severity.WAJIB
    title = N_("Isi di luar batasan kolom")
    template = N_("Baris {row}, kolom {column}: “{value}” di luar batasan kolom.")
    how = N_("Perbaiki nilainya, atau ubah batasan di skema bila nilainya memang benar.")
    templates = {
        "required": N_("Baris {row}, kolom {column} kosong, padahal wajib diisi."),
        "minimum": N_("Baris {row}, kolom {column}: {value} di bawah batas terkecil {limit}."),
        "maximum": N_("Baris {row}, kolom {column}: {value} di atas batas terbesar {limit}."),
        "exclusiveMinimum": N_("Baris {row}, kolom {column}: {value} harus di atas {limit}."),
        "exclusiveMaximum": N_("Baris {row}, kolom {column}: {value} harus di bawah {limit}."),
        "minLength": N_("Baris {row}, kolom {column}: “{value}” lebih pendek dari {limit} huruf."),
        "maxLength": N_("Baris {row}, kolom {column}: “{value}” lebih panjang dari {limit} huruf."),
        "pattern": N_("Baris {row}, kolom {column}: “{value}” tidak sesuai pola {limit}."),
        "enum": N_("Baris {row}, kolom {column}: “{value}” bukan salah satu dari {limit}."),
    }

    def shared(self, judgement: Judgement, found: Found) -> dict[str, Any]:
        field = next(one for one in judgement.schema.fields if one.name == found.field_name)
        return {"limit": shown(field.constraints.get(found.note, ""))}


def shown(limit: Any) -> str:
    """Return a bound, or the first of the allowed values, as text."""
    if isinstance(limit, list | tuple):
        return ", ".join(map(str, limit[:10])) + (" …" if len(limit) > 10 else "")
    return str(limit)
