"""What the action API of the national views says, for datasets and for what describes them.

In the words of CKAN's own API. Its readers ignore the HTTP status and look at ``success``.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from flask import Blueprint, Response

from ckanext.satudata import config
from ckanext.satudata.federation.feed.answering import PublicResponse
from ckanext.satudata.federation.feed.building import as_json

__all__ = ["BESIDE", "Action", "answered", "help_address", "refuse", "route", "say", "whole_number"]

#: Answers what is asked; the view of datasets says beside it which state of the feed it reads.
Action = Callable[[Any, Mapping[str, str]], Response]
_JSON = "application/json; charset=utf-8"
#: How readers write that they want something, in any case.
_TRUE = ("true", "1", "yes", "on", "t", "y")


def say(name: str, result: Any) -> PublicResponse:
    """Return an answer of the action API."""
    return _answer({"help": help_address(name), "success": True, "result": result})


def _answer(body: Mapping[str, Any], status: int = 200) -> PublicResponse:
    response = PublicResponse(as_json(body), status, content_type=_JSON)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def help_address(name: str) -> str:
    """Return the address that an answer names for help on its action, which is CKAN's own."""
    return f"{config.alamat()}/api/3/action/help_show?name={name}"


def refuse(name: str, kind: str, message: str, status: int) -> PublicResponse:
    """Return a refusal of the action API."""
    return _answer({"help": help_address(name), "success": False,
                      "error": {"__type": kind, "message": message}}, status)


def whole_number(given: str | None, default: int, most: int) -> int:
    """Return a number that was asked for, at most so many.

    :raises ValidationError: it is none
    """
    if given in (None, ""):
        return default
    assert given is not None
    if not given.isascii() or not given.isdigit() or len(given) > 10:
        raise tk.ValidationError({"rows": [tk._(
            "“{name}” harus bilangan bulat mulai {least}.").format(name="rows, start", least=0)]})
    return min(int(given), most)


def answered(actions: Mapping[str, Action], name: str, reading: Any = None) -> Response:
    """Answer an action of CKAN's API by its name.

    :raises ValidationError: what is asked cannot be
    """
    found = actions.get(name)
    if found is None:
        return refuse(name[:100], "Not Found Error", tk._(
            "Alamat ini hanya menjawab: {actions}.").format(actions=", ".join(actions)), 404)
    return found(reading, _asked_for())


def _asked_for() -> dict[str, str]:
    """Return what is asked, in the address or in a body of JSON or of a form.

    :raises ValidationError: the body is no object, or holds what no database could look for
    """
    given: dict[Any, Any] = tk.request.args.to_dict()
    if tk.request.method == "POST":
        said = (tk.request.get_json(silent=True) if tk.request.is_json
                else tk.request.form.to_dict())
        if not isinstance(said, dict):
            raise tk.ValidationError({"q": [tk._("Pencarian tidak berjalan")]})
        given |= said
    asked = {str(name): str(each) for name, each in given.items() if each is not None}
    if any("\0" in each for each in asked.values()):
        raise tk.ValidationError({"q": [tk._("Pencarian tidak berjalan")]})
    return asked


def _organizations() -> Any:
    return sa.select(model.Group).where(
        model.Group.is_organization.is_(True), model.Group.state == model.State.ACTIVE)


def _organization(group: model.Group) -> dict[str, Any]:
    """Return what a reader needs to make an organization of the same id."""
    return {
        "id": group.id, "name": group.name, "title": group.title or group.name,
        "display_name": group.title or group.name, "description": group.description or "",
        "image_url": "", "type": "organization", "is_organization": True, "state": "active",
        "approval_status": "approved", "extras": [], "tags": [], "users": [], "groups": [],
        "created": group.created.isoformat(),
    }


def _organization_show(_reading: Any, given: Mapping[str, str]) -> PublicResponse:
    asked = given.get("id") or ""
    group = model.Session.scalars(_organizations().where(
        sa.or_(model.Group.id == asked, model.Group.name == asked))).first()
    if group is None:
        return refuse("organization_show", "Not Found Error", tk._("Instansi tidak ditemukan"),
                        404)
    return say("organization_show", _organization(group))


def _organization_list(_reading: Any, given: Mapping[str, str]) -> PublicResponse:
    groups = model.Session.scalars(_organizations().order_by(model.Group.name)).all()
    whole = (given.get("all_fields") or "").lower() in _TRUE
    return say("organization_list", [
        _organization(each) if whole else each.name for each in groups])


def _status_show(_reading: Any, _given: Mapping[str, str]) -> PublicResponse:
    return say("status_show", {
        "ckan_version": tk.h.ckan_version(), "site_title": tk.config.get("ckan.site_title") or "",
        "site_url": config.alamat(), "locale_default": tk.config.get("ckan.locale_default"),
        "site_description": tk.config.get("ckan.site_description") or "", "extensions": []})


#: What a reader of type ``ckan`` asks for beside the records themselves.
BESIDE: Mapping[str, Action] = {
    "organization_show": _organization_show,
    "organization_list": _organization_list,
    "group_list": lambda _reading, _asked: say("group_list", []),
    "group_show": lambda _reading, _asked: refuse(
        "group_show", "Not Found Error", tk._("Data tidak ditemukan"), 404),
    "site_read": lambda _reading, _asked: say("site_read", True),
    "status_show": _status_show,
}


def lead(**_more: Any) -> Any:
    """Lead people who open the address of a view to the guide."""
    return tk.h.redirect_to("satudata_feed_guide.show", name="memanen")


def lead_to_record(id: str) -> Any:
    """Lead from a record's address below a view to its page."""
    return tk.h.redirect_to("dataset.read", id=id)


def route(made: Blueprint, base: str, action: Callable[..., Any]) -> None:
    """Add the routes of a view whose address begins so, as its readers write them."""
    for version in ("/api/3/action", "/api/action"):
        made.add_url_rule(f"{base}{version}/<name>", view_func=action, methods=["GET", "POST"])
        made.add_url_rule(f"{base}/{version}/<name>", view_func=action, methods=["GET", "POST"],
                          merge_slashes=False)
    made.add_url_rule(base, view_func=lead)
    made.add_url_rule(f"{base}/", view_func=lead)
    made.add_url_rule(f"{base}/dataset/<id>", view_func=lead_to_record)
