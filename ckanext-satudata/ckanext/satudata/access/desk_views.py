"""``/akses``: the desk of the PPID: requests, permissions, the log. No GET changes anything.

An OPD sees its own data's part of it and the log of it; whoever has no desk sees their own
requests here.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.lib.helpers import Page
from ckan.plugins.toolkit import _
from flask import Blueprint, Response, make_response

from ckanext.satudata.access import desk_reading, present, request_store
from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.access import Basis, audiences
from ckanext.satudata.domain.requests import Desk, desk
from ckanext.satudata.domain.roles import Actor
from ckanext.satudata.domain.standing import grantable
from ckanext.satudata.shared.actor import actor_of
from ckanext.satudata.shared.asking import ask_to_log_in, visitor

__all__ = ["blueprint"]

_PER_PAGE = 20

blueprint = Blueprint("satudata_access_desk", __name__)
blueprint.before_request(ask_to_log_in)


def _me() -> tuple[Actor, Desk]:
    actor = actor_of(tk.current_user.name)
    return actor, desk(actor)


def _at_desk() -> tuple[Actor, Desk]:
    actor, seen = _me()
    if not seen.is_open:
        tk.abort(403, _("Halaman ini untuk PPID, walidata, dan instansi pembuat data."))
    return actor, seen


def _page_number() -> int:
    written = tk.request.args.get("page", "1")
    return max(1, min(int(written), 10_000)) if (
        written.isascii() and written.isdecimal() and len(written) < 6) else 1


def _pager(results: Any, count: int, page: int, endpoint: str, kept: dict[str, str]) -> Page:
    def url(**values: Any) -> str:
        return tk.h.url_for(f"satudata_access_desk.{endpoint}", page=values["page"], **{
            name: value for name, value in kept.items() if value})
    return Page(results, page=page, url=url, item_count=count, items_per_page=_PER_PAGE,
                presliced_list=True)


def _arg(name: str, most: int = 200) -> str:
    return "".join(each for each in tk.request.args.get(name, "")[:most] if each.isprintable())


def index() -> str:
    """List what is asked: the desk, or one's own."""
    _actor, seen = _me()
    page = _page_number()
    box = _arg("bagian") if seen.is_open else "saya"
    if box not in (*request_store.BOXES, "saya"):
        box = "terbuka"
    query = _arg("q", 100) if seen.is_open else ""
    found = tk.get_action("satudata_access_request_list")(visitor(), {
        "box": box, "q": query, "limit": _PER_PAGE, "offset": (page - 1) * _PER_PAGE})
    return tk.render("satudata/akses/index.html", {
        "results": found["results"], "count": found["count"], "box": box, "q": query,
        "late": found["late"] if seen.is_open else 0, "desk": seen.is_open,
        "answers": seen.answers,
        "boxes": [("terbuka", _("Menunggu jawaban")),
                  ("belum_terbukti", _("Surel belum dibuktikan")), ("selesai", _("Selesai")),
                  ("semua", _("Semua")), ("saya", _("Permohonan saya sendiri"))],
        "pager": _pager(found["results"], found["count"], page, "index",
                        {"bagian": box if box not in ("terbuka",) else "", "q": query}),
    })


# ---------------------------------------------------------------------------------- permissions
def grants() -> str:
    """List who was let in."""
    actor, seen = _at_desk()
    page, past = _page_number(), _arg("semua") == "1"
    count, rows = desk_reading.grants(seen, past, _PER_PAGE, (page - 1) * _PER_PAGE)
    results = desk_reading.with_requests(present.permissions(rows), seen)
    return tk.render("satudata/akses/grants.html", {
        "results": results, "count": count, "past": past, "gives": bool(audiences(actor)),
        "pager": _pager(results, count, page, "grants", {"semua": "1" if past else ""})})


def give() -> Any:
    """Let somebody in without a request."""
    actor, _seen = _at_desk()
    if not audiences(actor):
        return tk.abort(403, _("Izin diberikan PPID dan walidata."))
    if tk.request.method == "GET":
        return _give_form({"id": _arg("data"), "kind": "user", "user": "", "organization": "",
                           "role": "", "until": "", "reason": ""}, {}, 200)
    form = tk.request.form
    typed = {name: form.get(name, "") for name in (
        "id", "kind", "user", "organization", "role", "until", "reason")}
    kind = typed["kind"] if typed["kind"] in ("user", "organization", "role") else "user"
    typed["kind"] = kind
    try:
        made = tk.get_action("satudata_access_grant_create")(visitor(), {
            "id": typed["id"], kind: typed[kind], "until": typed["until"],
            "reason": typed["reason"]})
    except tk.ValidationError as error:
        errors = dict(error.error_dict)
        if not typed[kind].strip():  # the form asks for one of three, the action for any
            errors.pop("user", None)
            errors[kind] = [_("Sebut siapa yang diberi izin.")]
        return _give_form(typed, errors, 400)
    except tk.NotAuthorized as error:
        return _give_form(typed, {"message": [str(error.message)]}, 403)
    tk.h.flash_success(_("{name} kini dapat membuka berkasnya.").format(
        name=made["holder_label"]), allow_html=False)
    return tk.h.redirect_to("satudata_access_desk.grants")


def _give_form(typed: dict[str, Any], errors: dict[str, Any], status: int) -> Response:
    peran = vocabulary.get("peran")
    language = str(tk.h.lang())
    organizations = model.Session.execute(
        sa.select(model.Group.name, model.Group.title)
        .where(model.Group.is_organization.is_(True), model.Group.state == "active")
        .order_by(sa.func.lower(model.Group.title)))
    page = make_response(tk.render("satudata/akses/give.html", {
        "data": typed, "status": status, "datasets": desk_reading.datasets(None),
        "errors": {name: texts for name, texts in errors.items() if isinstance(texts, list)},
        "organizations": [{"name": each.name, "title": each.title or each.name}
                          for each in organizations],
        "roles": [{"code": each.value, "label": concept.label(language)}
                  for each in grantable() if (concept := peran.match(each.value))],
    }))
    page.status_code = status
    return page


def revoke(id: Any) -> Any:
    """Take a permission back, with a reason."""
    actor, seen = _at_desk()
    row = desk_reading.grant(str(id), seen)
    if row is None or not audiences(actor):
        return tk.abort(404, _("Izin ini tidak ada, atau bukan untuk Anda."))
    held = desk_reading.with_requests(present.permissions([row]), seen)[0]
    reason, errors, status = "", {}, 200
    if tk.request.method == "POST":
        reason = tk.request.form.get("reason", "")
        try:
            tk.get_action("satudata_access_grant_revoke")(
                visitor(), {"id": row.id, "reason": reason})
        except tk.ValidationError as error:
            errors, status = error.error_dict, 400
        except tk.NotAuthorized as error:
            errors, status = {"message": [str(error.message)]}, 403
        else:
            tk.h.flash_success(_("Izin {name} dicabut.").format(name=held["holder_label"]),
                               allow_html=False)
            return tk.h.redirect_to("satudata_access_desk.grants")
    page = make_response(tk.render("satudata/akses/revoke.html", {
        "grant": held, "reason": reason, "status": status,
        "errors": {name: texts for name, texts in errors.items() if isinstance(texts, list)}}))
    page.status_code = status
    return page


# ---------------------------------------------------------------------------------------- log
#: Part of the address -> parameter of the action.
_FILTERS = {"data": "id", "akun": "user", "hak": "right", "mulai": "since", "sampai": "until"}


def downloads() -> Any:
    """Show who opened files, with filters; an OPD sees its own data's."""
    _actor, seen = _at_desk()
    page = _page_number()
    chosen = {name: _arg(name) for name in _FILTERS}
    asked = {_FILTERS[name]: value for name, value in chosen.items() if value}
    errors: dict[str, Any] = {}
    found: dict[str, Any] = {"count": 0, "results": []}
    try:
        found = desk_reading.downloads(seen, asked, _PER_PAGE, (page - 1) * _PER_PAGE)
    except tk.ValidationError as error:
        errors = error.error_dict
    result = make_response(tk.render("satudata/akses/log.html", {
        "results": found["results"], "count": found["count"], "chosen": chosen, "errors": errors,
        "datasets": desk_reading.datasets(seen),
        "rights": [(each.value, present.basis_label(each.value)) for each in Basis
                   if each not in (Basis.TERBUKA, Basis.DRAF)],
        "csv_url": desk_reading.csv_address(seen, asked),
        "pager": _pager(found["results"], found["count"], page, "downloads", chosen)}))
    result.status_code = 400 if errors else 200
    return result


def _rule(path: str, endpoint: str, view: Callable[..., Any], *methods: str) -> None:
    blueprint.add_url_rule(path, endpoint, view, methods=methods or ("GET",))


_rule("/akses", "index", index)
_rule("/akses/izin", "grants", grants)
_rule("/akses/izin/beri", "give", give, "GET", "POST")
_rule("/akses/izin/<uuid:id>/cabut", "revoke", revoke, "GET", "POST")
_rule("/akses/unduhan", "downloads", downloads)
