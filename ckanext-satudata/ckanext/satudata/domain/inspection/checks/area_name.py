"""A kode wilayah and a name beside it that belong to two areas."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.area_codes import (
    area_columns,
    bare_name,
    by_name,
    fits,
    name_column,
    sibling,
)
from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import encoded, first_rows, labels_at
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable
from ckanext.satudata.domain.wilayah import Wilayah

__all__ = ["AreaName"]


class AreaName(Check):
    """Blocks where the name is that of a sibling area; a name of no area near is only shown."""

    code = "area-name-mismatch"
    principle = Principle.KODE_REFERENSI
    severity = Severity.WAJIB
    title = N_("Kode wilayah tidak cocok dengan namanya")
    template = N_("Baris {row}: kode {value} adalah {area}, tetapi kolom {beside} menulis "
                  "{name}{right}.")
    how = N_("Samakan kode dan nama di baris itu; salah satunya keliru.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        import pandas as pd

        for column in area_columns(table):
            beside = name_column(table, column)
            if beside is None:
                continue
            names = encoded(table, beside)
            pairs = column.column.codes * (len(names.labels) + 1) + names.codes + 1
            of = pd.factorize(pairs)[0]
            first = first_rows(of)
            wrong = np.zeros(len(first), dtype=bool)
            for at, row in enumerate(first):
                code, name = int(column.column.codes[row]), int(names.codes[row])
                if code >= 0 and name >= 0:
                    area = column.codes[code].area
                    wrong[at] = area is not None and _is_another(names.names[name], area)
            # Where half of all names do not fit, the columns do not belong together.
            if not wrong.any() or wrong.sum() > max(1, 0.5 * len(first)):
                continue
            rows = np.flatnonzero(wrong[of])
            right = by_name(table, column, rows)
            for severity, chosen in ((self.severity, [area is not None for area in right]),
                                     (Severity.SEBAIKNYA, [area is None for area in right])):
                at = rows[np.array(chosen, dtype=bool)]
                meant = [area for area, ok in zip(right, chosen, strict=True) if ok]
                if len(at):
                    yield Hits(
                        self, column.name, at, {"beside": beside}, severity=severity,
                        values={
                            "area": column.of_labels(
                                lambda code: code.area.full_name if code.area else "", at),
                            "name": labels_at(names, at),
                            "right": pa.array([f" ({area.code})"
                                               if area else "" for area in meant], pa.string()),
                        },
                        proposed=pa.array([area.code if area else None for area in meant],
                                          pa.string()))


def _is_another(name: str, area: Wilayah) -> bool:
    """Tell whether a name means another area: Sukamaju Baru may be short for none of its own."""
    if not fits(name, area):
        return True
    if bare_name(name) == bare_name(area.name):
        return False
    other = sibling(area.code, name)
    return other is not None and other.code != area.code
