"""A total the OPD wrote that is not the sum of its rows."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.display import written
from ckanext.satudata.domain.inspection.figures import decimals, measures, numbers
from ckanext.satudata.domain.inspection.notes import N_, Finding, Principle, Severity
from ckanext.satudata.domain.inspection.parts import tolerance
from ckanext.satudata.domain.inspection.sheet import cell_name
from ckanext.satudata.domain.inspection.table import TidyTable, TotalRow
from ckanext.satudata.domain.inspection.units import unit_of
from ckanext.satudata.domain.inspection.wording import about, is_additive, multiple, words
from ckanext.satudata.domain.inspection.words import is_total

__all__ = ["TotalRowSum"]

_RIGHT = (0.0, 0.0)
_MOST = 0.5
_NO_SUM = frozenset({"rata", "rerata", "average", "mean", "maksimum", "minimum", "median"})


class TotalRowSum(Check):
    """Totals do not go out; they are held against the rows they sum. Rounding is forgiven.

    A measure that is no sum (a rate, a density) is left alone, and so is a total that looks like
    a mean of its rows.
    """

    code = "total-row"
    principle = Principle.STANDAR_DATA
    severity = Severity.SEBAIKNYA
    title = N_("Baris jumlah berbeda dari rinciannya")
    template = N_("{label}, kolom {column}: tertulis {figure}, padahal rinciannya berjumlah {sum} "
                  "(selisih {difference}). Selisih pembulatan sampai {rounding} tidak dihitung.")
    how = N_("Periksa jumlah itu atau salah satu rinciannya. Angka Anda tidak kami ubah.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        order = np.argsort(table.rows, kind="stable")
        ordered = table.rows[order]
        columns = {column.name: column for column in measures(table)}
        for name, totals in table.totals.items():
            column = columns.get(name)
            if column is None or not is_additive(
                    about(table, column), unit_of(table, column, facts.unit)):
                continue
            values = numbers(table, name)
            places = decimals(values)
            rounded = multiple(column.unit)[0] > 1
            judged = [(total, float(figure), picked := _members(table, name, total, order, ordered),
                       _judged(values[picked], figure, places, rounded, is_total(total.label)))
                      for total, figure in totals if _NO_SUM.isdisjoint(words(total.label))]
            for total, figure, picked, made in judged:
                if made is not None and made is not _RIGHT and _is_sum_at_all(total, judged):
                    added, rounding = made
                    yield Hits(self, name, np.zeros(0, dtype=np.int64), {
                        "label": total.label or N_("Jumlah"), "figure": written(figure),
                        "sum": written(round(added, 6)),
                        "difference": written(round(figure - added, 6)),
                        "rounding": written(round(rounding, 4)),
                        "cell": _cell(table, name, total, picked),
                    })

    def finding(self, table: TidyTable, hits: Hits, at: int) -> Finding:
        made = super().finding(table, hits, at)
        return replace(made, cell=hits.shared["cell"], value=hits.shared["figure"])


def _members(
    table: TidyTable, name: str, total: TotalRow, order: np.ndarray, ordered: np.ndarray
) -> np.ndarray:
    """Return the rows of the tidy table a total sums."""
    first = np.searchsorted(ordered, total.members, "left")
    last = np.searchsorted(ordered, total.members, "right")
    spans = [order[start:end] for start, end in zip(first, last, strict=True)]
    picked = np.concatenate(spans) if spans else np.zeros(0, dtype=np.int64)
    if total.columns is not None and name in table.cells:
        cells = table.cells[name][picked]
        picked = picked[np.isin(cells, list(total.columns))]
    return picked


def _judged(
    members: np.ndarray, figure: float, places: int, rounded: bool, named: bool
) -> tuple[float, float] | None:
    """Return (sum, what rounding explains) where a total is wrong beyond it.

    ``_RIGHT`` where it is right, nothing where that cannot be told. A row that is only called
    like an area above (not "jumlah") and is less than one of its members is no total of them.
    """
    known = members[np.isfinite(members)]
    if not len(known) or not np.isfinite(figure):
        return None
    added = float(known.sum())
    off = tolerance(max(places, decimals(np.array([figure]))), len(known), rounded)
    if abs(figure - added) <= off:
        return _RIGHT
    if len(known) < len(members) and figure > added:
        return None  # what is missing may make up the difference
    if not named and known.min() >= 0 and figure < known.max():
        return None
    if len(known) > 2 and known.min() <= figure <= known.max() and added > 1.5 * known.max():
        return None  # a mean, not a sum
    return added, 0.0 if off < 0.001 else off


def _is_sum_at_all(
    total: TotalRow, judged: list[tuple[TotalRow, float, np.ndarray, tuple[float, float] | None]]
) -> bool:
    """Tell whether a column of totals adds up in most rows, so that others are wrong in it.

    Totals of rows are taken at their word.
    """
    if total.column is None:
        return True
    made = [each for other, _, _, each in judged if other.column == total.column]
    right = sum(each is _RIGHT for each in made)
    return right >= _MOST * sum(each is not None for each in made)


def _cell(table: TidyTable, name: str, total: TotalRow, picked: np.ndarray) -> str | None:
    column = total.column
    if column is None and name in table.cells:
        found = np.unique(table.cells[name][picked])
        column = int(found[0]) if len(found) == 1 else None
    return None if column is None or column < 0 else cell_name(total.row, column)
