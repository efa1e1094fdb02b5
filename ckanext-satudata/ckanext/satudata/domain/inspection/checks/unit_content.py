"""A unit that cannot be that of the figures under it."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.area_codes import finest
from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.display import written
from ckanext.satudata.domain.inspection.figures import measures, numbers
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable
from ckanext.satudata.domain.inspection.units import unit_of
from ckanext.satudata.domain.inspection.wording import (
    PEOPLE,
    about,
    may_exceed_hundred,
    multiple,
    says_share,
    unit_code,
)

__all__ = ["UnitContent"]

#: More people than any one area of a level has (Jawa Barat 50 million, Kabupaten Bogor 6,
#: the largest kecamatan about half a million, the largest kelurahan about 200,000).
_MOST_PEOPLE = (60e6, 7e6, 0.7e6, 0.25e6)
_ALL_OF_US = 300e6
_HEADS = frozenset({"penduduk", "orang", "jiwa", "siswa", "murid", "pasien", "kunjungan", "balita"})


class UnitContent(Check):
    """Thousands of people in every kecamatan are persons; percentages of thousands are counts.

    A multiple (ribu, juta) of people is held against the largest population an area of that level
    has; a percentage of a whole against 100 in most rows.
    """

    code = "unit-content"
    principle = Principle.STANDAR_DATA
    severity = Severity.SEBAIKNYA
    title = N_("Satuan tidak cocok dengan isinya")
    template = N_("Kolom {column} bersatuan {unit}, tetapi nilai tengah isinya {middle}.")
    how = N_("Ganti satuannya dengan {proposed}, atau periksa angkanya.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        for column in measures(table):
            values = numbers(table, column.name)
            known = values[np.isfinite(values) & (values != 0)]
            unit = unit_of(table, column, facts.unit)
            if not len(known) or (not unit and not says_share(about(table, column))):
                continue
            middle = float(np.median(known))
            said = about(table, column)
            proposed = None
            times, of = multiple(unit)
            if times > 1 and (unit_code(of) in PEOPLE or (not of and said & _HEADS)):
                whole = bool(np.all(known == np.round(known)))
                if whole and middle * times > _most(table):
                    proposed = of or "orang"
            elif (unit_code(unit) == "persen" or (not unit and says_share(said))) and not (
                    may_exceed_hundred(said)) and (known > 100).sum() > 0.5 * len(known):
                proposed = N_("satuan jumlahnya")
            if proposed:
                yield Hits(self, column.name, np.zeros(0, dtype=np.int64), {
                    "unit": unit or "persen", "middle": written(round(middle, 2)),
                    "proposed": proposed,
                }, proposed=pa.array([proposed]) if times > 1 else None)


def _most(table: TidyTable) -> float:
    column = finest(table)
    levels = [code.code.count(".") for code in column.codes if code.area] if column else []
    return _MOST_PEOPLE[max(set(levels), key=levels.count)] if levels else _ALL_OF_US
