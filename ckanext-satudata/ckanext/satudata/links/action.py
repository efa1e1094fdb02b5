"""API actions of links to hand in by."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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

_INTERNAL = ("recap_id", "unit_code", "unit_name", "units")


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
    :param units: instead, for code of the portal: those of a recap (``recap_id``) that get a link
        each, with ``code``, ``name``, ``phone`` and ``email``; only ``count`` is returned then, of
        such as had none.
    :type units: list of dictionaries, optional
    :returns: ``id``, ``label``, ``state`` (berlaku, terpakai, berakhir, dicabut), ``state_label``,
        ``expires_at``, ``until`` (its last day), ``single``, ``max_bytes``, ``opened_at``,
        ``received``, ``kept`` and ``waiting`` (files), ``url``, ``message``, ``wa_url`` and
        ``mail_url`` (null where it opens nothing, or cannot be shown any more).
    :rtype: dictionary
    :raises NotAuthorized: links for this data are not yours to make.
    :raises ValidationError: with every field that is wrong.
    """
    tk.check_access("satudata_upload_link_create", context, data_dict)
    named = [name for name in _INTERNAL if data_dict.get(name)]
    if named and not context.get("ignore_auth"):
        raise tk.ValidationError({name: [_("“{name}” hanya diisi portal sendiri.").format(
            name=name)] for name in named})
    dataset = store.dataset_of(_text(data_dict, "id"))
    package = model.Session.get(model.Package, dataset.package_id)
    if package is None or package.state != "active" or package.type != "dataset":
        raise tk.ValidationError({"id": [_("Tautan kirim data hanya untuk dataset.")]})
    actor = actor_of_context(context).id or None
    if data_dict.get("recap_id"):
        with _commit(context):
            return {"count": service.create_of_units(
                dataset, data_dict["recap_id"], _units(data_dict), actor)}
    (asked,) = _parsed([data_dict])
    with _commit(context):
        made = service.create(dataset, asked, actor)
        model.Session.flush()
    return present.shown([made])[0]


def _parsed(several: Iterable[Mapping[str, Any]]) -> Iterator[law.Asked]:
    """Yield what links are to be.

    :raises ValidationError: by field, of the first that is wrong
    """
    given = moment.now(), config.zona_waktu(), limits.storage_size()
    for each in several:
        asked, wrong = law.parse(each, *given)
        invalid(wrong, law.LABELS)
        assert asked is not None
        yield asked


def _units(data: Mapping[str, Any]) -> dict[str, tuple[str, law.Asked]]:
    """Return the links of units by their codes: thousands in one call, none asked for alone."""
    units = [dict(each) for each in data.get("units") or ()]
    asked = _parsed({**each, "label": each["name"], "expires_at": data.get("expires_at")}
                    for each in units)
    return {unit["code"]: (unit["name"], each) for unit, each in zip(units, asked, strict=True)}


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
    :param recap_id: instead, for code of the portal: all of a recap of the dataset ``id``; only
        ``count`` is returned then, of such as stood.
    :type recap_id: string, optional
    :returns: as ``satudata_upload_link_create``.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not yours to take back.
    :raises ValidationError: 409; it was taken back already.
    """
    tk.check_access("satudata_upload_link_revoke", context, data_dict)
    actor = actor_of_context(context).id or None
    if context.get("ignore_auth") and data_dict.get("recap_id"):
        with _commit(context):
            return {"count": service.revoke_of_recap(
                _text(data_dict, "id"), _text(data_dict, "recap_id"), actor)}
    with _commit(context):
        link = _locked(data_dict)
        service.revoke(link, actor)
    return present.shown([link])[0]


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
