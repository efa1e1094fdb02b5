"""API actions of access to restricted files."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.access import downloads, fields, grants, present
from ckanext.satudata.domain.access import Holder
from ckanext.satudata.shared.actor import actor_of_context

__all__ = [
    "satudata_access_grant_create",
    "satudata_access_grant_list",
    "satudata_access_grant_revoke",
    "satudata_download_list",
]

Data = dict[str, Any]
MOST = 1000


def satudata_access_grant_create(context: Any, data_dict: Data) -> Data:
    """Let somebody open the files of one restricted dataset, for a reason and until a day.

    The walidata gives permissions to government users (people, organizations and roles of this
    government), the PPID to everybody else (Perpres 39/2019 art. 37). Nobody gives one to
    themselves, nor to who may open the files by duty.

    :param id: name or id of a public dataset whose ``access_rights`` is terbatas or tertutup.
    :type id: string
    :param user: name or id of a user; or one of the next two.
    :type user: string, optional
    :param organization: name or id of an organization, for all its members.
    :type organization: string, optional
    :param role: code of the vocabulary ``peran``, for whoever holds the role.
    :type role: string, optional
    :param reason: why, at most 2000 characters; it is kept in the trail.
    :type reason: string
    :param until: last day, ISO 8601, at most 366 days ahead.
    :type until: string

    :returns: the permission as in ``satudata_access_grant_list``.
    :rtype: dictionary

    :raises ckan.logic.NotAuthorized: somebody else answers for whom it names.
    :raises ckan.logic.ValidationError: with the fields that are wrong.
    """
    tk.check_access("satudata_access_grant_create", context, data_dict)
    made = grants.create(actor_of_context(context), dict(data_dict or {}))
    return present.permissions([made])[0]


def satudata_access_grant_revoke(context: Any, data_dict: Data) -> Data:
    """Take a permission back from now on; it stays on record.

    :param id: id of the permission.
    :type id: string
    :param reason: why, at most 2000 characters.
    :type reason: string

    :returns: the permission as in ``satudata_access_grant_list``.
    :rtype: dictionary

    :raises ckan.logic.NotFound: there is none.
    :raises ckan.logic.NotAuthorized: somebody else answers for whom it names.
    :raises ckan.logic.ValidationError: no reason, or it is over already.
    """
    tk.check_access("satudata_access_grant_revoke", context, data_dict)
    taken = grants.revoke(actor_of_context(context), dict(data_dict or {}))
    return present.permissions([taken])[0]


@tk.side_effect_free
def satudata_access_grant_list(context: Any, data_dict: Data) -> Data:
    """List permissions to open restricted files, newest first.

    :param id: name or id of a dataset (an OPD reads those of its own data only).
    :type id: string, optional
    :param user: name or id of whom they name.
    :type user: string, optional
    :param mine: only those that let you open files (default: false); anybody may ask this.
    :type mine: boolean, optional
    :param include_past: also what ended or was taken back (default: false).
    :type include_past: boolean, optional
    :param limit: at most so many, 0 to 1000 (default 100).
    :type limit: int, optional
    :param offset: skip so many (default 0).
    :type offset: int, optional

    :returns: ``count`` and ``results``, each with ``id``, ``dataset`` (``id, name, title``),
        ``kind`` (orang, instansi, peran, permohonan), ``holder``, ``holder_label``, ``files`` (ids
        of resources; none: all), ``audience`` (umum, pemerintah), ``reason``, ``since`` and
        ``until`` (first and last day), ``request_id``,
        ``granted_by``, ``granted_at``, ``revoked_by``, ``revoked_at``, ``revoke_reason``,
        ``standing`` (belum_mulai, berlaku, berakhir, dicabut), ``standing_label`` and
        ``effective``.
    :rtype: dictionary

    :raises ckan.logic.NotAuthorized: neither walidata, PPID, of the OPD, nor ``mine``.
    :raises ckan.logic.ValidationError: a parameter is out of its bounds.
    """
    data = dict(data_dict or {})
    tk.check_access("satudata_access_grant_list", context, data)
    wrong: dict[str, list[str]] = {}
    mine = fields.collect(wrong, "mine", lambda: fields.flag(data, "mine"))
    past = fields.collect(wrong, "include_past", lambda: fields.flag(data, "include_past"))
    limit = fields.collect(wrong, "limit", lambda: fields.number(data, "limit", 100, MOST))
    offset = fields.collect(wrong, "offset", lambda: fields.number(data, "offset", 0, 1_000_000))
    package = fields.collect(wrong, "id", lambda: fields.text(data, "id"))
    user = fields.collect(wrong, "user", lambda: fields.text(data, "user"))
    if wrong:
        raise tk.ValidationError(wrong)
    count, rows = grants.select(
        package_id=_package(package), past=bool(past), limit=limit or 0, offset=offset or 0,
        holder=(Holder.ORANG, _user(user)) if user else None,
        of=actor_of_context(context) if mine else None)
    return {"count": count, "results": present.permissions(rows)}


@tk.side_effect_free
def satudata_download_list(context: Any, data_dict: Data) -> Data:
    """List who opened files of restricted data, newest first: the log is kept as it was written.

    :param id: name or id of a dataset (an OPD reads those of its own data only).
    :type id: string, optional
    :param user: name or id of who opened them.
    :type user: string, optional
    :param organization: name or id of the OPD whose data it was.
    :type organization: string, optional
    :param right: by what right: instansi, pemeriksa, ppid, pemerintah, izin, draf, pengelola,
        server.
    :type right: string, optional
    :param grant_id: by which permission.
    :type grant_id: string, optional
    :param since: first day, ISO 8601, of this place.
    :type since: string, optional
    :param until: last day, ISO 8601, of this place.
    :type until: string, optional
    :param limit: at most so many, 0 to 1000 (default 100).
    :type limit: int, optional
    :param offset: skip so many (default 0).
    :type offset: int, optional

    :returns: ``count`` and ``results``, each with ``id``, ``at``, ``dataset`` (``id, name,
        title``), ``resource_id``, ``resource_name``, ``number`` (of an earlier version, else
        null), ``sha256``, ``way`` (unduh, versi, tabel, tautan), ``way_label``, ``size`` (bytes),
        ``rows``, ``level``, ``user`` (null: the server), ``right``, ``right_label``, ``role``
        and ``grant_id``.
    :rtype: dictionary

    :raises ckan.logic.NotAuthorized: neither walidata, PPID, nor of the OPD.
    :raises ckan.logic.ValidationError: a parameter is out of its bounds.
    """
    data = dict(data_dict or {})
    tk.check_access("satudata_download_list", context, data)
    wrong: dict[str, list[str]] = {}
    limit = fields.collect(wrong, "limit", lambda: fields.number(data, "limit", 100, MOST))
    offset = fields.collect(wrong, "offset", lambda: fields.number(data, "offset", 0, 10_000_000))
    asked = downloads.read(data, wrong)
    if wrong:
        raise tk.ValidationError(wrong)
    count, rows = downloads.select(asked, limit or 0, offset or 0)
    return {"count": count, "results": present.downloads(rows)}


def _package(written: str | None) -> str:
    """Return the id of a dataset; what is not there matches nothing."""
    if not written:
        return ""
    found = model.Package.get(written)
    return found.id if found is not None else written


def _user(written: str) -> str:
    found = model.User.get(written)
    return found.id if found is not None else written
