"""``/pemakaian``: how often data was used, per organization and dataset, and as CSV for EPSS.

Open to everybody; each reads what ``satudata_usage_list`` tells them.
"""
from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.lib.helpers import Page
from ckan.plugins.toolkit import _
from flask import Blueprint, Response

from ckanext.satudata.shared.asking import visitor
from ckanext.satudata.shared.programs import words_for_programs
from ckanext.satudata.usage import reading, tables
from ckanext.satudata.usage.reading import FIGURES

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_usage", __name__)
words_for_programs(blueprint)

_PER_PAGE = 50


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
                     for name in tables.FILES},
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
    if name not in tables.FILES:
        return tk.abort(404, _("Tabel pemakaian: {names}.").format(names=", ".join(tables.FILES)))
    try:
        written = "".join(tables.lines(visitor, name, _asked()))
    except tk.ValidationError as error:
        return tk.abort(400, "; ".join(str(each) for each in error.error_summary.values()))
    answer = Response(written, content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"pemakaian-{name}.csv")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
