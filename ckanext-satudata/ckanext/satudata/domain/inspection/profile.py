"""A table in numbers, for its public page: columns, areas, years, changes, and a chart to draw.

Plain JSON below 50 kB, so that a page can carry it. Values of personal columns are never in it.
"""
from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.inspection.area_codes import finest
from ckanext.satudata.domain.inspection.charts import propose
from ckanext.satudata.domain.inspection.checks.base import Previous
from ckanext.satudata.domain.inspection.coverage import expected
from ckanext.satudata.domain.inspection.figures import (
    decimals,
    encoded,
    is_numeric,
    numbers,
    pc,
)
from ckanext.satudata.domain.inspection.personal import personal_columns
from ckanext.satudata.domain.inspection.releases import (
    matched,
    numbers_before,
    shared_keys,
    shared_measures,
)
from ckanext.satudata.domain.inspection.series import series
from ckanext.satudata.domain.inspection.table import Role, TidyColumn, TidyTable
from ckanext.satudata.domain.inspection.units import unit_of
from ckanext.satudata.domain.inspection.wording import is_surely_additive

__all__ = ["MOST_BYTES", "profile"]

MOST_BYTES = 50_000
_TOP = 10
_LONG = 80
_NAMED = 50
_BINS = 12
_QUANTILES = (0.05, 0.25, 0.75, 0.95)
_TIMES = frozenset({"date", "datetime", "year", "yearmonth"})


def profile(table: TidyTable, previous: Previous | None = None, unit: str = "") -> dict[str, Any]:
    """Return the profile of a table.

    :param previous: the last release, to tell what changed
    :param unit: ``satuan`` of the dataset, for measures without their own
    :returns: ``rows``, ``columns`` (each with ``n``, ``missing``, ``distinct`` and, by type,
        ``min`` … ``quantiles``, ``first``/``last``, or ``top``), ``areas``, ``time``, ``change``
        and ``chart``; parts a table does not have are ``None``
    """
    private = personal_columns(table)
    made: dict[str, Any] = {
        "rows": table.data.num_rows,
        "columns": [_column(table, column, private, unit) for column in table.columns],
        "areas": _areas(table),
        "time": _time(table),
        "change": _change(table, previous) if previous is not None else None,
        "chart": propose(table, unit),
    }
    return _small(made)


def _small(made: dict[str, Any]) -> dict[str, Any]:
    """Leave out the least needed until the profile fits a page; what is left out is counted."""
    for spare in ("histogram", "top", "quantiles"):
        if len(json.dumps(made, ensure_ascii=False).encode()) <= MOST_BYTES:
            return made
        for column in made["columns"]:
            column.pop(spare, None)
    columns: list[dict[str, Any]] = made["columns"]
    while columns and len(json.dumps(made, ensure_ascii=False).encode()) > MOST_BYTES:
        made["columns_left_out"] = made.get("columns_left_out", 0) + max(1, len(columns) // 10)
        del columns[-max(1, len(columns) // 10):]
    return made


def _column(
    table: TidyTable, column: TidyColumn, private: dict[str, str], fallback: str
) -> dict[str, Any]:
    values = table.data.column(column.name)
    made: dict[str, Any] = {
        "name": column.name, "type": column.type, "role": column.role.value,
        "unit": unit_of(table, column, fallback) if column.role is Role.UKURAN else None,
        "n": len(values) - values.null_count, "missing": values.null_count,
    }
    if column.title and column.title != column.name:
        made["title"] = column.title[:_LONG * 2]
    if column.name in private:
        made["personal"] = private[column.name]
        return made
    if column.type in _TIMES:
        least, most = pc.min_max(values).as_py().values()
        made.update(distinct=pc.count_distinct(values).as_py(), first=_plain(least),
                    last=_plain(most))
    elif is_numeric(table, column):
        made.update(_figures(table, column, fallback))
    else:
        labels = encoded(table, column.name)
        order = np.argsort(-labels.counts, kind="stable")[:_TOP]
        blank = int((labels.codes < 0).sum())
        made.update(n=len(labels.codes) - blank, missing=blank,
                    distinct=int((labels.counts > 0).sum()))
        if (len(order) and labels.counts[order[0]] > 1) or len(labels.labels) <= _TOP:
            made["top"] = [[labels.names[at][:_LONG], int(labels.counts[at])] for at in order
                           if labels.counts[at]]
    return made


def _figures(table: TidyTable, column: TidyColumn, fallback: str) -> dict[str, Any]:
    values = numbers(table, column.name)
    known = values[np.isfinite(values)]
    made: dict[str, Any] = {"distinct": int(pc.count_distinct(
        table.data.column(column.name), mode="only_valid").as_py())}
    if not len(known):
        return made
    quantiles = np.quantile(known, (0.5, *_QUANTILES))
    places = decimals(values)
    made.update(
        min=_plain(known.min()), max=_plain(known.max()), mean=_round(known.mean(), places),
        median=_round(quantiles[0], places), zeros=int((known == 0).sum()),
        quantiles={f"{share:g}": _round(value, places)
                   for share, value in zip(_QUANTILES, quantiles[1:], strict=True)})
    if column.role is Role.UKURAN:
        if is_surely_additive(table, column, unit_of(table, column, fallback)):
            made["sum"] = _round(known.sum(), places)
        if known.min() < known.max():
            counts, edges = np.histogram(known, bins=_BINS)
            made["histogram"] = {"edges": [_round(edge, places) for edge in edges],
                                 "counts": [int(count) for count in counts]}
    return made


def _areas(table: TidyTable) -> dict[str, Any] | None:
    column = finest(table)
    if column is None:
        return None
    present = {code.code for code in column.codes if code.area is not None}
    counts: dict[str, int] = {}
    for code in present:
        level = wilayah.LEVELS[code.count(".")]
        counts[level] = counts.get(level, 0) + 1
    wanted, _ = expected(present)
    missing = sorted(wanted - present)
    parts = [code.split(".") for code in present]
    shared = [pieces[0] for pieces in zip(*parts, strict=False) if len(set(pieces)) == 1]
    above = ".".join(shared)
    if above in present and len(present) > 1:
        above = above.rpartition(".")[0]
    return {
        "column": column.name, "counts": counts, "within": above or None,
        "within_name": wilayah.display(above) if above else None,
        "expected": len(wanted) or None, "missing_count": len(missing),
        "missing": [{"code": code, "name": wilayah.get(code).name} for code in missing[:_NAMED]],
    }


def _time(table: TidyTable) -> dict[str, Any] | None:
    line = series(table)
    if line is None:
        return None
    step = {"year": 12.0, "month": 1.0}.get(line.step)
    moments = np.unique(line.at[np.isfinite(line.at)])
    first, last = float(moments[0]), float(moments[-1])
    made: dict[str, Any] = {"column": line.columns[0], "step": line.step, "periods": len(moments)}
    if step is None:
        days = table.data.column(line.columns[0])
        least, most = pc.min_max(days).as_py().values()
        return made | {"first": _plain(least), "last": _plain(most), "gaps": [], "gap_count": 0}
    whole = np.arange(first, last + step / 2, step)
    if line.step == "month":  # quarters and half-years go in their own steps
        steps = np.diff(moments)
        whole = np.arange(first, last + 0.5, float(steps.min()) if len(steps) else 1.0)
    gaps = whole[~np.isin(np.round(whole), np.round(moments))]
    return made | {
        "first": _moment(first, line.step), "last": _moment(last, line.step),
        "gaps": [_moment(float(at), line.step) for at in gaps[:_NAMED]], "gap_count": len(gaps)}


def _moment(at: float, step: str) -> str:
    year, month = divmod(round(at), 12)
    if step == "year":
        return str(year)
    return f"{year:04d}-{month + 1:02d}" if year else f"{month + 1:02d}"


def _change(table: TidyTable, previous: Previous) -> dict[str, Any]:
    """Tell what is new, gone and other than in the last release, by key and by measure."""
    found = matched(table, previous)
    names = shared_measures(table, previous)
    here, there = set(table.data.column_names), set(previous.data.column_names)
    made: dict[str, Any] = {
        "rows_before": previous.data.num_rows, "keys": shared_keys(table, previous),
        "columns_added": sorted(here - there)[:_NAMED],
        "columns_removed": sorted(there - here)[:_NAMED],
        "rows_added": None, "rows_removed": None, "rows_changed": None,
    }
    changed: np.ndarray | None = None
    sums: list[dict[str, Any]] = []
    for name in names:
        new, old = numbers(table, name), numbers_before(previous, name)
        places = max(decimals(new), decimals(old))
        each: dict[str, Any] = {
            "name": name, "before": _round(np.nansum(old), places),
            "after": _round(np.nansum(new), places)}
        if found is not None:
            one, other = new[found.rows], old[found.before]
            same = (one == other) | (np.isnan(one) & np.isnan(other)) | (
                np.abs(one - other) <= 1e-9 * np.maximum(1.0, np.abs(other)))
            each["changed"] = int((~same).sum())
            changed = ~same if changed is None else changed | ~same
        sums.append(each)
    if found is not None:
        made.update(rows_added=len(found.added), rows_removed=len(found.removed),
                    rows_changed=int(changed.sum()) if changed is not None else 0)
    return made | {"measures": sums[:_NAMED]}


def _round(value: Any, places: int) -> Any:
    return _plain(round(float(value), min(places + 2, 8)))


def _plain(value: Any) -> Any:
    """Return a value JSON can hold: whole floats as integers, no ``nan``, dates as ISO text."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, pa.Scalar):
        return _plain(value.as_py())
    if hasattr(value, "isoformat"):
        return value.isoformat()
    number = float(value)
    if not math.isfinite(number):
        return None
    return int(number) if number == int(number) and abs(number) < 2**53 else number
