"""Figures of use as tables, for a report: one line for each of what they are of."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.csv_line import csv_line
from ckanext.satudata.usage.reading import FIGURES

__all__ = ["FILES", "lines"]

#: Lines of one question, and of one file.
_AT_ONCE, _MOST = 1000, 100_000
#: What a file is called after -> how its lines are made, and their columns.
FILES: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType({
    "instansi-bulan": ("organization_month", ("bulan", "instansi")),
    "dataset": ("dataset", ("instansi", "dataset", "judul")),
    "berkas": ("file", ("instansi", "dataset", "judul", "berkas", "versi")),
})
_COLUMNS = ("dilihat", "diunduh", "permintaan_api", "dipanen")


def lines(context: Callable[[], Any], name: str, asked: Mapping[str, str]) -> Iterator[str]:
    """Yield a file of :data:`FILES` as CSV, as far as who asks may read.

    :param asked: ``organization``, ``since``, ``until`` as ``satudata_usage_list`` takes them
    :raises ckan.logic.ValidationError: one of them is wrong
    """
    group, columns = FILES[name]
    wanted = {**asked, "group": group, "limit": _AT_ONCE}
    page, offset = tk.get_action("satudata_usage_list")(context(), dict(wanted)), 0
    yield "\ufeff"  # a spreadsheet takes it for UTF-8
    yield csv_line([*columns, *_COLUMNS])
    while page["results"]:
        for each in page["results"]:
            agency, data = each["organization"] or {}, each.get("dataset") or {}
            said = {
                "bulan": each.get("month"), "instansi": agency.get("title"),
                "dataset": data.get("name"), "judul": data.get("title"),
                "berkas": each.get("resource_name") or each.get("resource_id"),
                "versi": each.get("version") or ""}
            yield csv_line([*(said[column] for column in columns),
                            *(each[figure] for figure in FIGURES)])
        offset += _AT_ONCE
        if offset >= min(page["count"], _MOST):
            return
        page = tk.get_action("satudata_usage_list")(context(), {**wanted, "offset": offset})
