"""Who opens restricted files and rows, who lets others in, who reads the log."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.access import opening
from ckanext.satudata.domain.access import audiences
from ckanext.satudata.domain.roles import Permission, Role, may
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.datastore import HELD

__all__ = [
    "datastore_info",
    "datastore_search",
    "datastore_search_sql",
    "satudata_access_grant_create",
    "satudata_access_grant_list",
    "satudata_access_grant_revoke",
    "satudata_download_list",
    "satudata_file_open",
]

Data = dict[str, Any]
#: Who keeps watch over what leaves (Perpres 39/2019 art. 37; UU 14/2008 art. 13).
_WATCH = frozenset({Role.WALIDATA, Role.PPID})


@tk.auth_allow_anonymous_access
def satudata_file_open(context: Any, data_dict: Data) -> Data:
    """Let open whoever has a right to the files: see ``domain/access.py``.

    :param id: name or id of the dataset, which who asks must be allowed to read
    :param resource_id: one of its files, optional
    :param number: of an earlier version, optional
    """
    package = _package(data_dict)
    try:
        tk.check_access("package_show", tk.fresh_context(context), {"id": package.id})
    except tk.NotAuthorized as error:
        return {"success": False, "msg": error.message}
    resource = model.Session.get(model.Resource, str(data_dict.get("resource_id") or ""))
    if resource is not None and resource.package_id != package.id:
        return {"success": False, "msg": tk._("Berkas ini bukan bagian dari dataset itu.")}
    number = data_dict.get("number")
    return _opened(context, package, number if isinstance(number, int) else None,
                   str(data_dict.get("resource_id") or ""))


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def datastore_search(next_auth: Any, context: Any, data_dict: Data) -> Data:
    """Let read rows who may open the file they are of."""
    return _asked(next_auth, context, data_dict, [data_dict.get("resource_id")])


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def datastore_info(next_auth: Any, context: Any, data_dict: Data) -> Data:
    """Let see the make of a table who may open the file it is of."""
    # Asked by an alias, CKAN keeps that in the one and puts the resource into the other.
    return _asked(next_auth, context, data_dict, list(dict.fromkeys(
        each for each in (data_dict.get("resource_id"), data_dict.get("id"))
        if isinstance(each, str))))


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def datastore_search_sql(next_auth: Any, context: Any, data_dict: Data) -> Data:
    """Let query who may open the file of every table named."""
    # CKAN gives the names as an iterator, of which its own check would leave us nothing.
    names = context["table_names"] = list(context.get("table_names") or ())
    return _asked(next_auth, context, data_dict, names)


def satudata_access_grant_create(context: Any, data_dict: Data) -> Data:
    """Allow the walidata and the PPID; for whom each may is asked by the action."""
    return {"success": bool(audiences(actor_of_context(context)))}


def satudata_access_grant_revoke(context: Any, data_dict: Data) -> Data:
    """Allow the walidata and the PPID, each for whom they answer."""
    return {"success": bool(audiences(actor_of_context(context)))}


def satudata_access_grant_list(context: Any, data_dict: Data) -> Data:
    """Allow who watches, the OPD its own data, and everybody their own permissions."""
    return {"success": _watches(context, data_dict) or (bool((data_dict or {}).get("mine"))
            and bool(actor_of_context(context).id))}


def satudata_download_list(context: Any, data_dict: Data) -> Data:
    """Allow who watches, and the OPD its own data."""
    return {"success": _watches(context, data_dict)}


def _watches(context: Any, data_dict: Data) -> bool:
    actor = actor_of_context(context)
    if actor.sysadmin or any(each.role in _WATCH for each in actor.grants):
        return True
    named = (data_dict or {}).get("id")
    package = model.Package.get(named) if isinstance(named, str) else None
    return package is not None and may(actor, Permission.ISI, opening.subject_of(package))


def _asked(next_auth: Any, context: Any, data_dict: Data, names: Sequence[Any]) -> Data:
    """Ask CKAN for the right to some tables, and then for the right to open their files.

    Loaded before, and held, the resources and their datasets are those CKAN's check meets, and
    who tells of the rows afterwards: open data costs no query of its own.
    """
    held = [resource for name in names if isinstance(name, str)
            and (resource := model.Session.get(model.Resource, name)) is not None]
    packages = [model.Session.get(model.Package, each.package_id) for each in held]
    context.get(HELD, []).extend([*held, *packages])
    result = next_auth(context, data_dict)
    for resource, package in zip(held, packages, strict=True):
        if result["success"] and package is not None:
            result = _opened(context, package, None, resource.id)
    return result


def _opened(context: Any, package: model.Package, number: int | None, resource: str) -> Data:
    if not opening.level(package, number).restricted:
        return {"success": True}
    if opening.right_of(actor_of_context(context), package, number, resource) is not None:
        return {"success": True}
    return {"success": False, "msg": tk._(
        "Berkas data ini dibatasi. Metadatanya terbuka; untuk membuka isinya, minta akses di "
        "halaman dataset.")}


def _package(data_dict: Data) -> model.Package:
    named = data_dict.get("id")
    found = model.Package.get(named) if isinstance(named, str) and "\x00" not in named else None
    if found is None:
        raise tk.ObjectNotFound(tk._("Dataset tidak ditemukan."))
    return found
