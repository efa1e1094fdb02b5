"""What is asked of whoever has a link: period, area level, unit, columns, and the template."""
from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata.links import store
from ckanext.satudata.links.limits import TooOften
from ckanext.satudata.links.model import UploadLink

__all__ = ["of", "template"]

#: So many columns a page names; the template has all.
_MOST = 40
#: Seconds after which a template that others wait for may be asked for again.
_SOON = 30


def of(link: UploadLink) -> dict[str, Any]:
    """Return what is expected, for a page: nothing of it is secret to who was asked for it.

    :returns: ``package`` (for helpers that name period and area level), ``satuan``, ``notes``,
        ``columns`` (each ``name`` and ``title``), ``more`` (how many are not named) and
        ``template`` (whether there is one)
    """
    dataset = store.dataset_of(link.package_id)
    try:
        package = tk.get_action("package_show")(
            {"ignore_auth": True}, {"id": dataset.content_id})
    except tk.ObjectNotFound:  # purged between two looks
        return {"package": {}, "satuan": "", "columns": [], "more": 0, "template": False}
    columns = _columns(package)
    return {
        "package": package if dataset.drafted else {},
        "satuan": package.get("satuan") or "", "level": package.get("tingkat_penyajian") or "",
        "columns": columns[:_MOST], "more": max(len(columns) - _MOST, 0),
        "template": _has_template()}


def template(link: UploadLink) -> dict[str, Any] | None:
    """Return name and hash of the template of a dataset, ``None`` where there is none.

    :raises TooOften: it is made for others just now, one at a time
    """
    if not _has_template():
        return None
    try:
        return tk.get_action("satudata_template_create")(
            {"ignore_auth": True, "user": ""}, {"id": link.package_id})
    except tk.ValidationError as error:
        if "conflict" in error.error_dict:
            raise TooOften("templat", _SOON, _(
                "Templat data ini sedang disiapkan. Coba lagi dalam {minutes} menit.")) from error
        return None  # nothing says which columns there are


def _has_template() -> bool:
    try:
        tk.get_action("satudata_template_create")
    except KeyError:
        return False
    return True


def _columns(package: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the columns of the first table whose columns are told."""
    for resource in package.get("resources") or []:
        schema = resource.get("skema")
        try:
            told = json.loads(schema) if isinstance(schema, str) else schema
        except ValueError:
            continue
        fields = (told or {}).get("fields") if isinstance(told, Mapping) else None
        found = [{"name": str(each.get("name") or ""), "title": str(each.get("title") or "")}
                 for each in fields or [] if isinstance(each, Mapping) and each.get("name")]
        if found:
            return found
    return []
