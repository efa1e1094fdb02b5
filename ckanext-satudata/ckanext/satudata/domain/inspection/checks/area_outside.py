"""An area outside those the dataset is about."""
from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.inspection.area_codes import finest
from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["AreaOutside"]

_MOST = 0.5


class AreaOutside(Check):
    """Held against the stated kode wilayah, else against the government's own area.

    A table most of which lies elsewhere compares with others: then nothing is said, unless the
    metadata state the areas.
    """

    code = "area-outside"
    principle = Principle.KODE_REFERENSI
    severity = Severity.SEBAIKNYA
    title = N_("Wilayah di luar cakupan")
    template = N_("Baris {row}, kolom {column}: {value} ({area}) di luar {covered}.")
    how = N_("Betulkan kodenya, keluarkan baris itu, atau tambahkan wilayahnya ke cakupan di "
             "metadata.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        column = finest(table)
        covered = facts.areas or ((facts.home,) if facts.home else ())
        if column is None or not covered:
            return

        def is_outside(code: str) -> bool:
            return not any(wilayah.is_within(code, outer) or wilayah.is_within(outer, code)
                           for outer in covered)

        rows = column.column.rows(column.chosen(
            lambda code: code.area is not None and is_outside(code.code)))
        if not len(rows) or (not facts.areas and len(rows) > _MOST * table.data.num_rows):
            return
        shown = ", ".join(wilayah.display(code) for code in covered[:3])
        yield Hits(self, column.name, rows,
                   {"covered": shown + (" …" if len(covered) > 3 else "")},
                   {"area": column.of_labels(
                       lambda code: wilayah.display(code.code), rows)})
