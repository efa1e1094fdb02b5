"""API actions of the roles."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata.domain.roles import SCOPES, Permission, Role, ScopeKind, Subject, may
from ckanext.satudata.roles import fields, present, service
from ckanext.satudata.shared.actor import actor_of_context

__all__ = ["satudata_role_grant", "satudata_role_list", "satudata_role_revoke"]

MOST = 1000


def satudata_role_grant(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Give a user a role of Satu Data Indonesia; only a sysadmin may.

    A producer (``produsen_data``) is not granted: editors and admins of an organization are
    its producers. A role that rests on a membership (walidata, pejabat_pengelola_data,
    agen_statistik) holds only while the user is a member of that organization.
    (Perpres 39/2019 art. 18-24, 37, 39.)

    :param user: name or id of an active user.
    :type user: string
    :param role: code of the vocabulary ``peran``: ``pembina_data``, ``walidata``,
        ``walidata_pendukung``, ``pejabat_pengelola_data``, ``agen_statistik``,
        ``koordinator_forum``, ``sekretariat``, ``ppid``, ``pimpinan``, ``pengguna_pemerintah``.
    :type role: string
    :param scope: what it is for: name or id of an organization (walidata_pendukung,
        pejabat_pengelola_data; agen_statistik: a desa or kelurahan), code of the vocabulary
        ``jenis_data`` (pembina_data; one grant for each), nothing for the others.
    :type scope: string, optional
    :param decree: number and date of the decision, at most 200 characters.
    :type decree: string, optional
    :param since: first day, ISO 8601, in the zone of the installation (default: from now on).
    :type since: string, optional
    :param until: last day, ISO 8601 (default: no end).
    :type until: string, optional

    :returns: the grant as in ``satudata_role_list``, with ``warnings``.
    :rtype: dictionary

    :raises ckan.logic.NotAuthorized: not a sysadmin.
    :raises ckan.logic.ValidationError: with the fields that are wrong; also when the user holds
        this role already, or is no member of the organization the role rests on.
    """
    tk.check_access("satudata_role_grant", context, data_dict)
    found = service.grant(actor_of_context(context).id or None, dict(data_dict or {}))
    return {**present.grants([found])[0], "warnings": present.warnings()}


def satudata_role_revoke(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Take a role away from now on; only a sysadmin may. The grant stays on record.

    :param id: id of the grant.
    :type id: string
    :param reason: why, at most 1000 characters; it is kept in the trail.
    :type reason: string
    :param force: take the last walidata in force away nonetheless (default: false).
    :type force: boolean, optional

    :returns: the grant as in ``satudata_role_list``, with ``warnings``.
    :rtype: dictionary

    :raises ckan.logic.NotFound: no such grant.
    :raises ckan.logic.NotAuthorized: not a sysadmin.
    :raises ckan.logic.ValidationError: no reason, the grant is over already (``id``), or it is
        the last walidata (``force``).
    """
    tk.check_access("satudata_role_revoke", context, data_dict)
    found = service.revoke(actor_of_context(context).id or None, dict(data_dict or {}))
    return {**present.grants([found])[0], "warnings": present.warnings()}


@tk.side_effect_free
def satudata_role_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List who was given which role, in the order of the law; a sysadmin all, others their own.

    :param user: name or id of a user (needed for who is no sysadmin: themselves).
    :type user: string, optional
    :param role: code of a role.
    :type role: string, optional
    :param scope: name or id of an organization, or code of a jenis_data.
    :type scope: string, optional
    :param include_past: also what was revoked or has ended (default: false).
    :type include_past: boolean, optional
    :param limit: at most so many, 0 to 1000 (default 1000).
    :type limit: int, optional
    :param offset: skip so many (default 0).
    :type offset: int, optional

    :returns: ``count`` (all that match), ``warnings`` (list of ``code``, ``message``; fewer than
        two walidata; for a sysadmin) and ``results``, a list of grants: ``id``, ``user`` (``id,
        name, fullname, active``), ``role``, ``role_label``, ``scope``, ``scope_label``,
        ``scope_name``, ``rests_on`` (name of the organization its holder must be a member of, or
        empty), ``decree``, ``since`` and ``until`` (first and last day, ``until`` may be
        null), ``granted_by``, ``granted_at``, ``revoked_by``, ``revoked_at``,
        ``revoke_reason``, ``standing`` (``berlaku``, or why not: ``belum_mulai``, ``berakhir``,
        ``dicabut``, ``pengguna_nonaktif``, ``bukan_anggota``, ``instansi_nonaktif``,
        ``walidata_belum_diatur``, ``tidak_dikenal``), ``standing_label``, ``effective`` and
        ``trail`` (list of ``event, grant, what, what_label, at, note, actor``, oldest first).
    :rtype: dictionary

    :raises ckan.logic.NotAuthorized: the roles of others.
    :raises ckan.logic.ValidationError: a parameter is out of its bounds.
    """
    tk.check_access("satudata_role_list", context, data_dict)
    asked = _asked(dict(data_dict or {}))
    if asked is None:
        return {"count": 0, "results": [], "warnings": _warnings(context)}
    count, rows = service.select(**asked)
    return {"count": count, "results": present.grants(rows), "warnings": _warnings(context)}


def _warnings(context: Any) -> list[dict[str, str]]:
    manages = may(actor_of_context(context), Permission.KELOLA_PERAN, Subject())
    return present.warnings() if manages or context.get("ignore_auth") else []


def _asked(data: dict[str, Any]) -> dict[str, Any] | None:
    """Return the filters; ``None`` when what they name is not there, so that nothing matches."""
    wrong: dict[str, list[str]] = {}
    read: dict[str, Any] = {}
    for name, reader in {
        "user": lambda: fields.text(data, "user"),
        "role": lambda: fields.text(data, "role"),
        "scope": lambda: fields.text(data, "scope"),
        "past": lambda: None if fields.flag(data, "include_past") else False,
        "limit": lambda: fields.number(data, "limit", MOST, MOST),
        "offset": lambda: fields.number(data, "offset", 0, 1_000_000),
    }.items():
        try:
            read[name] = reader()
        except tk.Invalid as error:
            wrong[{"past": "include_past"}.get(name, name)] = [str(error.error)]
    if not wrong and read["role"] and read["role"] not in {each.value for each in Role}:
        wrong["role"] = [_("Peran “{kode}” tidak ada.").format(kode=read["role"])]
    if wrong:
        raise tk.ValidationError(wrong)
    if read["user"]:
        user = model.User.get(read["user"])
        if user is None:
            return None
        read["user"] = user.id
    if read["scope"]:
        read["scope"] = _scope(read["scope"], read["role"])
    return read


def _scope(written: str, role: str) -> str:
    """Return a scope as it is stored; the name of an organization becomes its id."""
    if role and SCOPES[Role(role)] is not ScopeKind.INSTANSI:
        return written
    group = model.Group.get(written)
    return group.id if group is not None else written
