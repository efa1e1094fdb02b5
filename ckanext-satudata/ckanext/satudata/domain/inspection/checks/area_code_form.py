"""A kode wilayah in another form than the standard one."""
from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.domain.inspection.area_codes import area_columns
from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["AreaCodeForm"]

_FEW = 100


class AreaCodeForm(Check):
    """Codes without dots and codes of BPS are understood; the dotted one joins with all others.

    A column that is written so throughout is told once; a few codes are told one by one, each
    with the code to take over.
    """

    code = "area-code-form"
    principle = Principle.KODE_REFERENSI
    severity = Severity.SARAN
    title = N_("Bentuk kode wilayah bukan baku")
    template = N_("Kolom {column}: kode {value} ditulis tanpa titik atau menurut BPS; kode bakunya "
                  "{standard} ({count} sel).")
    how = N_("Tulis kode Kemendagri dengan titik, misalnya {standard}. Kode BPS boleh tetap ada "
             "di kolom tersendiri.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        columns = area_columns(table)
        standard = {column.level for column in columns
                    if all(code.form == "dotted" for code in column.codes)}
        for column in columns:
            if column.level in standard and "bps" in column.name:
                continue  # its standard twin stands beside it
            rows = column.column.rows(column.chosen(
                lambda code: code.form in ("bare", "bps") and code.area is not None))
            if len(rows) > _FEW:
                first, = column.of_labels(lambda code: code.code, rows[:1])
                yield Hits(self, column.name, rows[:0], {
                    "value": table.text_of(column.name, int(rows[0])),
                    "standard": first.as_py(), "count": len(rows)})
            elif len(rows):
                codes = column.of_labels(lambda code: code.code, rows)
                yield Hits(self, column.name, rows, {"count": 1}, {"standard": codes},
                           proposed=codes)
