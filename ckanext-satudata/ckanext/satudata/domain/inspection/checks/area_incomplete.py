"""Areas that the tingkat penyajian promises and the table does not have."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.inspection.area_codes import finest
from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.coverage import MEANT, expected
from ckanext.satudata.domain.inspection.figures import measures, years
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["AreaIncomplete"]

_NAMED = 12


class AreaIncomplete(Check):
    """Asked, not filled: a missing area is not a zero.

    Areas missing in every year are told once, those missing in some years with these years. An
    area may have been formed later; the lists do not tell since when each is in force.
    """

    code = "area-incomplete"
    principle = Principle.STANDAR_DATA
    severity = Severity.SEBAIKNYA
    title = N_("Wilayah belum lengkap")
    template = N_("{count} dari {all} wilayah tidak ada{when}: {names}.")
    how = N_("Tambahkan baris wilayah itu dengan angkanya, atau dengan tanda bila angkanya tidak "
             "ada atau belum tersedia; jangan diisi 0. Bila wilayahnya belum terbentuk, sebutkan "
             "di catatan.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        column = finest(table)
        if column is None:
            return
        present = {code.code for code in column.codes if code.area is not None}
        try:
            wanted, sure = expected(present, facts.level, facts.areas, facts.home)
        except UnknownCodeError:
            return
        if not sure and not measures(table):
            return  # a list, of which nobody said that it is whole
        severity = None if sure else Severity.SARAN
        never = wanted - present
        if never and len(never) < len(wanted):
            yield self._hits(column.name, never, len(wanted), "", severity)
        year = years(table).values
        known = np.unique(year[year >= 0])
        if not 1 < len(known) <= 200:
            return
        number = {code.code: at for at, code in enumerate(column.codes) if code.area}
        seen = np.zeros((len(known), len(column.codes) + 1), dtype=bool)
        seen[np.searchsorted(known, year[year >= 0]), column.column.codes[year >= 0]] = True
        gaps: dict[frozenset[str], list[int]] = defaultdict(list)
        for at, when in enumerate(known):
            gone = frozenset(code for code in wanted & present if not seen[at, number[code]])
            if gone and len(gone) < len(wanted & present):
                gaps[gone].append(int(when))
        if not sure and _are_records(column.column.codes, year):
            return
        for gone, when in gaps.items():
            if not sure and len(gone) > (1 - MEANT) * len(wanted):
                continue
            yield self._hits(column.name, set(gone), len(wanted),
                             f" ({', '.join(map(str, when))})", severity)

    def _hits(
        self, column: str, codes: set[str], every: int, when: str, severity: Severity | None
    ) -> Hits:
        names = [f"{wilayah.get(code).name} ({code})" for code in sorted(codes)[:_NAMED]]
        more = len(codes) - len(names)
        said = ", ".join(names) + (f", … (+{more})" if more > 0 else "")
        return Hits(self, column, np.zeros(0, dtype=np.int64),
                    {"count": len(codes), "all": every, "names": said, "when": when},
                    severity=severity)


def _are_records(codes: np.ndarray, year: np.ndarray) -> bool:
    """Tell whether rows are events or objects: then an area without one is not missing.

    A table of figures has equally many rows for every area and year.
    """
    known = (codes >= 0) & (year >= 0)
    _, counts = np.unique(year[known] * (int(codes.max(initial=0)) + 1) + codes[known],
                          return_counts=True)
    return bool(len(counts)) and float(np.bincount(counts).max()) < 0.5 * len(counts)
