"""``/peran``: who holds which role, for whoever manages them; for others their own roles.

Nothing changes by following a link: giving and taking are forms of their own, with CKAN's token
against forged requests, and work without JavaScript.
"""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.lib.helpers import Page
from ckan.plugins.toolkit import _
from flask import Blueprint
from markupsafe import escape

from ckanext.satudata import config
from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.roles import SCOPES, Permission, Role, ScopeKind, Subject, may
from ckanext.satudata.domain.standing import grantable
from ckanext.satudata.roles import fields, present, service, words
from ckanext.satudata.shared import actor
from ckanext.satudata.shared.asking import ask_to_log_in, visitor

__all__ = ["blueprint"]

#: Grants of one role on the overview; the page of the role has them all.
_FIRST = 10
_PER_PAGE = 50
_MAX_QUERY = 100
#: Names offered while typing; more are found by sending what was typed.
_OFFERED = 300

blueprint = Blueprint("satudata_roles", __name__, url_prefix="/peran")


def index() -> Any:
    """Show who holds which role, or one's own roles to who does not manage them."""
    if not tk.current_user.is_authenticated:
        return ask_to_log_in()
    if not _manages():
        return _own()
    query, chosen = _query(), _role(tk.request.args.get("peran", ""))
    if chosen is not None:
        number = _page_number()
        count, rows = service.select(role=chosen.value, q=query, limit=_PER_PAGE,
                                     offset=(number - 1) * _PER_PAGE)
        sections = [_section(chosen, count, rows)]
        pager = _pager(count, number, "index", peran=chosen.value, q=query)
    else:
        sections = [_section(role, *service.select(role=role.value, q=query, limit=_FIRST))
                    for role in grantable()]
        pager = None
    return tk.render("satudata/roles/index.html", {
        "tab": "berlaku", "sections": sections, "pager": pager, "q": query,
        "chosen": chosen.value if chosen else "", "warnings": present.warnings(),
        "roles": _role_choices(), "empty": [each for each in sections if not each["count"]],
        "found": sum(each["count"] for each in sections),
        "producers": len(actor.holders(Role.PRODUSEN_DATA)),
        "producer_duties": words.duties(Role.PRODUSEN_DATA),
        "producer_label": words.role_label(Role.PRODUSEN_DATA.value),
    })


def past() -> Any:
    """Show the roles that ended or were taken away, with the reason."""
    if not tk.current_user.is_authenticated:
        return ask_to_log_in()
    if not _manages():
        return _refuse()
    query, number = _query(), _page_number()
    count, rows = service.select(q=query, past=True, limit=_PER_PAGE,
                                 offset=(number - 1) * _PER_PAGE)
    return tk.render("satudata/roles/past.html", {
        "tab": "berakhir", "results": present.grants(rows), "q": query, "count": count,
        "pager": _pager(count, number, "past", q=query),
    })


def trail() -> Any:
    """Show every grant and revocation, newest first."""
    if not tk.current_user.is_authenticated:
        return ask_to_log_in()
    if not _manages():
        return _refuse()
    number = _page_number()
    count, steps = present.trail(_PER_PAGE, (number - 1) * _PER_PAGE)
    return tk.render("satudata/roles/trail.html", {
        "tab": "jejak", "steps": steps, "count": count, "pager": _pager(count, number, "trail"),
    })


def grant(role: str) -> Any:
    """Show the form that gives one role; POST gives it."""
    if not tk.current_user.is_authenticated:
        return ask_to_log_in()
    if not _manages():
        return _refuse()
    known = _role(role)
    if known is None:
        return tk.abort(404, _("Peran ini tidak ada."))
    data, errors, alike = _sent(("user", "scope", "decree", "since", "until")), {}, []
    if tk.request.method == "POST":
        chosen = tk.request.form.get("pilih", "")
        if chosen:
            data["user"] = chosen
        else:
            try:
                given = tk.get_action("satudata_role_grant")(visitor(), {
                    **data, "role": known.value})
            except tk.ValidationError as error:
                errors = error.error_dict
                if "user" in errors:
                    alike = _alike(data["user"])
            else:
                _flash_given(given)
                return tk.redirect_to("satudata_roles.index")
    return tk.render("satudata/roles/grant.html", {
        **_describe(known), "tab": "", "data": data, "errors": errors, "alike": alike,
        "scopes": _scopes(known), "people": _people(known), "warnings": [],
        "walidata": _walidata_name(known),
    })


def revoke(id: str) -> Any:
    """Show what would be taken away and ask for the reason; POST takes it."""
    if not tk.current_user.is_authenticated:
        return ask_to_log_in()
    if not _manages():
        return _refuse()
    try:
        row = service.find(id)
    except tk.ObjectNotFound:
        return tk.abort(404, _("Pemberian peran ini tidak ada."))
    data, errors = _sent(("reason", "force")), {}
    if tk.request.method == "POST":
        try:
            taken = tk.get_action("satudata_role_revoke")(visitor(), {**data, "id": id})
        except tk.ValidationError as error:
            errors = error.error_dict
            row = service.find(id)
        else:
            tk.h.flash_success(escape(_("Peran {peran} dicabut dari {nama}.").format(
                peran=taken["role_label"], nama=taken["user"]["fullname"])))
            return tk.redirect_to("satudata_roles.index")
    shown = present.grants([row])[0]
    known = _role(row.role)
    return tk.render("satudata/roles/revoke.html", {
        "tab": "", "grant": shown, "data": data, "errors": errors,
        "duties": words.duties(known) if known else "",
        "last": service.is_last_walidata(row),
        "over": shown["standing"] in ("dicabut", "berakhir"),
    })


def _own() -> Any:
    """Show one's own roles, with the reason where one does not hold."""
    who = actor.actor_of(tk.current_user.name)
    listed = tk.get_action("satudata_role_list")(visitor(), {"user": tk.current_user.name})
    produces = sorted(
        group.title or group.name
        for group in (model.Group.get(each.scope) for each in who.grants
                      if each.role is Role.PRODUSEN_DATA)
        if group is not None)
    return tk.render("satudata/roles/own.html", {
        "results": [{**each, "duties": words.duties(Role(each["role"]))}
                    for each in listed["results"] if _role(each["role"])],
        "produces": produces, "producer_duties": words.duties(Role.PRODUSEN_DATA),
        "producer_label": words.role_label(Role.PRODUSEN_DATA.value),
    })


# ------------------------------------------------------------------------- pieces


def _manages() -> bool:
    return may(actor.actor_of(tk.current_user.name), Permission.KELOLA_PERAN, Subject())


def _refuse() -> Any:
    return tk.abort(403, _("Hanya admin portal yang mengelola peran. Peran Anda sendiri ada di "
                           "halaman Peran."))


def _role(code: str) -> Role | None:
    return next((each for each in grantable() if each.value == code), None)


def _query() -> str:
    return tk.request.args.get("q", "")[:_MAX_QUERY].replace("\x00", "").strip()


def _page_number() -> int:
    text = tk.request.args.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _pager(count: int, number: int, route: str, **filters: str) -> Any:
    def url(**values: Any) -> str:
        kept = {key: value for key, value in filters.items() if value}
        return tk.h.url_for(f"satudata_roles.{route}", page=values["page"], **kept)

    return Page(collection=range(count), page=number, url=url, items_per_page=_PER_PAGE,
                item_count=count)


def _sent(names: tuple[str, ...]) -> dict[str, str]:
    return {name: tk.request.form.get(name, "") for name in names}


def _describe(role: Role) -> dict[str, Any]:
    return {"role": role.value, "label": words.role_label(role.value),
            "duties": words.duties(role), "rule": words.scope_rule(role)}


def _section(role: Role, count: int, rows: list[Any]) -> dict[str, Any]:
    return {**_describe(role), "count": count, "results": present.grants(rows),
            "holding": len(actor.holders(role))}


def _role_choices() -> list[dict[str, str]]:
    return [{"code": each.value, "label": words.role_label(each.value)} for each in grantable()]


def _scopes(role: Role) -> list[dict[str, str]]:
    """Return what the role can be given for; empty for a role of the whole government."""
    kind = SCOPES[role]
    if kind is ScopeKind.INSTALASI:
        return []
    if kind is ScopeKind.JENIS_DATA:
        return [{"value": each.code, "label": words.jenis_data_label(each.code)}
                for each in vocabulary.get("jenis_data")]
    query = sa.select(model.Group).where(
        model.Group.is_organization.is_(True), model.Group.state == "active")
    if role is Role.AGEN_STATISTIK:
        query = query.where(
            model.Group.extras["jenis_instansi"].astext.in_(fields.VILLAGES))
    groups = model.Session.scalars(query)
    return sorted(({"value": each.name, "label": each.title or each.name} for each in groups),
                  key=lambda each: each["label"].casefold())


def _people(role: Role) -> list[dict[str, str]]:
    """Return accounts to offer while typing: for a walidata only those who can be one."""
    query = sa.select(model.User.name, model.User.fullname).where(
        model.User.state == "active").order_by(sa.func.lower(model.User.name)).limit(_OFFERED)
    if role is Role.WALIDATA:
        query = query.join(model.Member, model.Member.table_id == model.User.id).where(
            model.Member.table_name == "user", model.Member.state == "active",
            model.Member.group_id == actor.walidata_id())
    return [{"name": name, "fullname": fullname or name}
            for name, fullname in model.Session.execute(query)]


def _alike(written: str) -> list[dict[str, str]]:
    """Return accounts whose name is like what was typed; none where it is the name of one."""
    if len(written.strip()) < 2 or "\x00" in written or model.User.get(written.strip()):
        return []
    found = tk.get_action("user_autocomplete")(
        visitor(), {"q": written.strip()[:_MAX_QUERY], "limit": 10})
    return [{"name": each["name"], "fullname": each["fullname"] or each["name"]}
            for each in found if each["name"] != written]


def _walidata_name(role: Role) -> dict[str, str] | None:
    """Return the organization a walidata belongs to, with an empty name where none is set."""
    if role is not Role.WALIDATA:
        return None
    group = fields.organization(config.walidata())
    if group is None:
        return {"name": "", "title": "", "missing": service.walidata_is_missing()}
    return {"name": group.name, "title": group.title or group.name, "missing": ""}


def _flash_given(given: dict[str, Any]) -> None:
    tk.h.flash_success(escape(_("Peran {peran} diberikan kepada {nama}.").format(
        peran=given["role_label"], nama=given["user"]["fullname"])))


blueprint.add_url_rule("", "index", index)
blueprint.add_url_rule("/berakhir", "past", past)
blueprint.add_url_rule("/jejak", "trail", trail)
blueprint.add_url_rule("/beri/<role>", "grant", grant, methods=["GET", "POST"])
blueprint.add_url_rule("/cabut/<id>", "revoke", revoke, methods=["GET", "POST"])
