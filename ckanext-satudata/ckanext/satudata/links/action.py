"""API actions of links to hand in by."""
from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata import config
from ckanext.satudata.domain.intake import links as law
from ckanext.satudata.domain.metadata_values import InvalidValueError
from ckanext.satudata.links import limits, present, service, store
from ckanext.satudata.links.model import UploadLink
from ckanext.satudata.shared import moment
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.reading import text
from ckanext.satudata.shared.refusals import invalid

__all__ = [
    "satudata_upload_link_check",
    "satudata_upload_link_create",
    "satudata_upload_link_extend",
    "satudata_upload_link_list",
    "satudata_upload_link_revoke",
]

_INTERNAL = ("recap_id", "unit_code", "unit_name")


def satudata_upload_link_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Make a link by which somebody without an account hands in for one dataset.

    Whoever has it sees what is asked for, the template and their own file, and nothing else. It is
    stored as a hash and shown as long as the portal keeps its ``SECRET_KEY``. What comes by it
    waits until the producer accepts it.

    :param id: id or name of the dataset.
    :type id: string
    :param label: for whom it is, at most 120 characters.
    :type label: string, optional
    :param expires_at: the last day on which it opens, at most 90 days off.
    :type expires_at: string, optional
    :param days: instead: for how many days, 14 unless given.
    :type days: integer, optional
    :param single: one file and no second, unless the first is thrown away.
    :type single: boolean, optional
    :param max_mb: largest file in megabytes, 10 unless given.
    :type max_mb: integer, optional
    :param phone: number for WhatsApp of who gets it.
    :type phone: string, optional
    :param email: address of who gets it.
    :type email: string, optional
    :returns: ``id``, ``label``, ``state`` (berlaku, terpakai, berakhir, dicabut), ``state_label``,
        ``expires_at``, ``until`` (its last day), ``single``, ``max_bytes``, ``opened_at``,
        ``received``, ``kept`` and ``waiting`` (files), ``url``, ``message``, ``wa_url`` and
        ``mail_url`` (null where it opens nothing, or cannot be shown any more).
    :rtype: dictionary
    :raises NotAuthorized: links for this data are not yours to make.
    :raises ValidationError: with every field that is wrong.
    """
    tk.check_access("satudata_upload_link_create", context, data_dict)
    trusted = bool(context.get("ignore_auth"))
    named = {name: _text(data_dict, name) or None for name in _INTERNAL}
    if any(named.values()) and not trusted:
        raise tk.ValidationError({name: [_("“{name}” hanya diisi portal sendiri.").format(
            name=name)] for name, value in named.items() if value})
    dataset = store.dataset_of(_text(data_dict, "id"))
    package = model.Session.get(model.Package, dataset.package_id)
    if package is None or package.state != "active" or package.type != "dataset":
        raise tk.ValidationError({"id": [_("Tautan kirim data hanya untuk dataset.")]})
    asked, wrong = law.parse(
        data_dict, moment.now(), config.zona_waktu(), limits.storage_size())
    invalid(wrong, law.LABELS)
    assert asked is not None
    with _commit(context):
        made = service.create(
            dataset, asked, actor_of_context(context).id or None, **named)
        model.Session.flush()
    return _shown(context, made)


@tk.side_effect_free
def satudata_upload_link_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """List the links of a dataset, newest first, or those of the units of a recap.

    :param id: id or name of the dataset.
    :type id: string
    :param recap_id: of a recap of that dataset.
    :type recap_id: string, optional
    :returns: as ``satudata_upload_link_create``, of each.
    :rtype: list of dictionaries
    :raises NotAuthorized: links for this data are not yours to see.
    """
    tk.check_access("satudata_upload_link_list", context, data_dict)
    dataset = store.dataset_of(_text(data_dict, "id"))
    return present.shown(store.of_package(dataset.package_id, _text(data_dict, "recap_id")))


def satudata_upload_link_revoke(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Take a link back, for good and at once; what came by it stays.

    :param id: id of the link.
    :type id: string
    :returns: as ``satudata_upload_link_create``.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not yours to take back.
    :raises ValidationError: 409; it was taken back already.
    """
    tk.check_access("satudata_upload_link_revoke", context, data_dict)
    with _commit(context):
        link = _locked(data_dict)
        service.revoke(link, actor_of_context(context).id or None)
    return _shown(context, link)


def satudata_upload_link_extend(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Let a link live longer: from its last day on, or from today where it is over.

    :param id: id of the link.
    :type id: string
    :param days: for how many days more, 7 unless given; at most 90 days off.
    :type days: integer, optional
    :returns: as ``satudata_upload_link_create``.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not yours to extend.
    :raises ValidationError: longer than a link may live; 409, it was taken back.
    """
    tk.check_access("satudata_upload_link_extend", context, data_dict)
    try:
        days = law.parse_days(data_dict.get("days") or 7)
        with unit_of_work():
            link = _locked(data_dict)
            service.extend(link, days, actor_of_context(context).id or None)
    except InvalidValueError as error:
        label = law.LABELS["expires_at"]
        raise tk.ValidationError({"days": [error.explain(
            _(label), _(error.message))]}) from error
    return present.shown([link])[0]


def satudata_upload_link_check(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Ask whether a link takes a file now; for code of the portal only.

    :param token: the last part of the link's address; behind a full stop may follow the receipt of
        who handed in by it before, whose file is then replaced.
    :type token: string
    :returns: ``link_id``, ``package_id``, ``max_bytes``, ``single``, ``recap_id``, ``unit_code``,
        ``unit_name``.
    :rtype: dictionary
    :raises NotAuthorized: it takes none; ``reason`` says why (tidak_dikenal, berakhir, dicabut,
        sudah_dipakai).
    :raises TooOften: links were guessed too often from this computer.
    """
    tk.check_access("satudata_upload_link_check", context, data_dict)
    token, _dot, receipt = str(data_dict.get("token") or "")[:200].partition(".")
    link = service.known(token)
    service.check(link, receipt)
    return {"link_id": link.id, "package_id": link.package_id, "max_bytes": link.max_bytes,
            "single": link.single, "recap_id": link.recap_id, "unit_code": link.unit_code,
            "unit_name": link.unit_name}


def _commit(context: Any) -> AbstractContextManager[None]:
    """Commit, unless code of the portal makes or takes back many links at once."""
    deferred = context.get("ignore_auth") and context.get("defer_commit")
    return nullcontext() if deferred else unit_of_work()


def _shown(context: Any, link: UploadLink) -> dict[str, Any]:
    """Show a link; its id alone to code of the portal that asks for no more."""
    if context.get("ignore_auth") and context.get("return_id_only"):
        return {"id": link.id}
    return present.shown([link])[0]


def _locked(data: Mapping[str, Any]) -> UploadLink:
    found = store.locked(_text(data, "id"))
    if found is None:  # purged between the question whose it is and now
        raise tk.ObjectNotFound(_("Tautan ini tidak ada."))
    return found


def _text(data: Mapping[str, Any], name: str) -> str:
    try:
        return text(dict(data), name)
    except tk.Invalid as error:
        raise tk.ValidationError({name: [str(error.error)]}) from error
