"""Who makes, sees and takes back links: walidata, its helper, and the admin of the OPD."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.intake.links import may_make
from ckanext.satudata.links import store
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.reading import is_name

__all__ = [
    "satudata_upload_link_check",
    "satudata_upload_link_create",
    "satudata_upload_link_extend",
    "satudata_upload_link_list",
    "satudata_upload_link_revoke",
]

Data = dict[str, Any]


def satudata_upload_link_create(context: Any, data_dict: Mapping[str, Any]) -> Data:
    """Whoever may make links for that dataset."""
    return _allowed(context, data_dict.get("id"))


satudata_upload_link_list = satudata_upload_link_create


def satudata_upload_link_revoke(context: Any, data_dict: Mapping[str, Any]) -> Data:
    """Whoever may make links for the dataset of that link."""
    identifier = data_dict.get("id")
    link = store.find(identifier) if isinstance(identifier, str) and is_name(identifier) else None
    return _allowed(context, link.package_id if link is not None else None)


satudata_upload_link_extend = satudata_upload_link_revoke


@tk.auth_sysadmins_check
@tk.auth_allow_anonymous_access
def satudata_upload_link_check(context: Any, data_dict: Mapping[str, Any]) -> Data:
    """Nobody: code of the portal asks, and it counts who guesses."""
    return {"success": False, "msg": tk._(
        "Tindakan ini hanya dijalankan oleh kode portal sendiri, bukan lewat API.")}


def _allowed(context: Any, identifier: Any) -> Data:
    try:
        dataset = store.dataset_of(identifier) if (
            isinstance(identifier, str) and is_name(identifier)) else None
    except tk.ObjectNotFound:  # said with the same words as what is not theirs
        dataset = None
    if dataset is not None and may_make(actor_of_context(context), dataset.subject):
        return {"success": True}
    return {"success": False, "msg": tk._(
        "Tautan kirim data dibuat walidata, walidata pendukung, atau admin instansi datanya.")}
