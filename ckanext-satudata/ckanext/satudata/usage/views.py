"""``/pemakaian``: how often data was used, per organization and dataset, and as CSV for EPSS.

Open to everybody; each reads what ``satudata_usage_list`` tells them.
"""
from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.lib.helpers import Page
from ckan.plugins.toolkit import _
from flask import Blueprint, Response

from ckanext.satudata.shared.asking import visitor
from ckanext.satudata.usage import reading
from ckanext.satudata.usage.reading import FIGURES

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_usage", __name__)

_PER_PAGE = 50
#: Lines of one question, and of one file.
_AT_ONCE, _MOST = 1000, 100_000
#: What a file is called after -> how its lines are made, and their columns.
_FILES: dict[str, tuple[str, tuple[str, ...]]] = {
    "instansi-bulan": ("organization_month", ("bulan", "instansi")),
    "dataset": ("dataset", ("instansi", "dataset", "judul")),
    "berkas": ("file", ("instansi", "dataset", "judul", "berkas", "versi")),
}
_COLUMNS = ("dilihat", "diunduh", "permintaan_api", "dipanen")


def _arg(name: str, most: int = 200) -> str:
    return "".join(each for each in tk.request.args.get(name, "")[:most] if each.isprintable())


def _asked() -> dict[str, str]:
    """Return what the form asks for: this year, unless it says otherwise."""
    chosen = {"organization": _arg("opd"), "since": _arg("mulai", 40), "until": _arg("sampai", 40)}
    if not {"mulai", "sampai"} & set(tk.request.args):
        chosen["since"] = dt.date(reading.today().year, 1, 1).isoformat()
    return chosen


@blueprint.route("/pemakaian")
def index() -> str:
    """Show the table: organizations, or the datasets of one of them."""
    chosen, page = _asked(), max(1, min(tk.h.get_page_number(tk.request.args), 10_000))
    group = "dataset" if chosen["organization"] else "organization"
    errors: dict[str, Any] = {}
    found: dict[str, Any] = {"count": 0, "results": [], "total": dict.fromkeys(FIGURES, 0),
                             "since": reading.first_day().isoformat()}
    try:
        found = tk.get_action("satudata_usage_list")(visitor(), {
            **chosen, "group": group, "limit": _PER_PAGE, "offset": (page - 1) * _PER_PAGE})
    except tk.ValidationError as error:
        errors = error.error_dict
    kept = {"opd": chosen["organization"], "mulai": chosen["since"], "sampai": chosen["until"]}
    most = max((each["downloads"] for each in found["results"]), default=0)
    return tk.render("satudata/pemakaian/index.html", {
        **found, "group": group, "chosen": kept, "errors": errors, "most": most,
        "organizations": _organizations(), "figures": tuple(FIGURES),
        "agency": next((each for each in _organizations()
                        if each["name"] == chosen["organization"]), None),
        "csv_urls": {name: tk.h.url_for("satudata_usage.table", name=name, **kept)
                     for name in _FILES},
        "pager": Page(
            found["results"], page=page, item_count=found["count"], items_per_page=_PER_PAGE,
            presliced_list=True,
            url=lambda **values: tk.h.url_for(
                "satudata_usage.index", page=values["page"], **kept)),
    })


def _organizations() -> list[dict[str, str]]:
    rows = model.Session.execute(
        sa.select(model.Group.name, model.Group.title)
        .where(model.Group.is_organization.is_(True), model.Group.state == "active")
        .order_by(sa.func.lower(model.Group.title)))
    return [{"name": each.name, "title": each.title or each.name} for each in rows]


@blueprint.route("/pemakaian/<name>.csv")
def table(name: str) -> Any:
    """Give the figures as a table: per organization and month, per dataset, or per file."""
    if name not in _FILES:
        return tk.abort(404, _("Tabel pemakaian: {names}.").format(names=", ".join(_FILES)))
    group, columns = _FILES[name]
    asked = {**_asked(), "group": group, "limit": _AT_ONCE}
    try:
        first = tk.get_action("satudata_usage_list")(visitor(), asked)
    except tk.ValidationError as error:
        return tk.abort(400, "; ".join(str(each) for each in error.error_summary.values()))
    answer = Response("".join(_lines(first, asked, columns)),
                      mimetype="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"pemakaian-{name}.csv")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _lines(first: dict[str, Any], asked: dict[str, Any], columns: tuple[str, ...]) -> Iterator[str]:
    yield "\ufeff"  # a spreadsheet takes it for UTF-8
    yield _line([*columns, *_COLUMNS])
    page, offset = first, 0
    while page["results"]:
        for each in page["results"]:
            agency, data = each["organization"] or {}, each.get("dataset") or {}
            said = {
                "bulan": each.get("month"), "instansi": agency.get("title"),
                "dataset": data.get("name"), "judul": data.get("title"),
                "berkas": each.get("resource_name") or each.get("resource_id"),
                "versi": each.get("version") or ""}
            yield _line([*(said[column] for column in columns),
                         *(each[figure] for figure in FIGURES)])
        offset += _AT_ONCE
        if offset >= min(first["count"], _MOST):
            return
        page = tk.get_action("satudata_usage_list")(visitor(), {**asked, "offset": offset})


def _line(values: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([_safe(value) for value in values])
    return out.getvalue()


def _safe(value: Any) -> Any:
    """Keep a spreadsheet from taking a name for a formula."""
    text = "" if value is None else value
    return f"'{text}" if isinstance(text, str) and text[:1] in "=+-@\t\r" and text else text
