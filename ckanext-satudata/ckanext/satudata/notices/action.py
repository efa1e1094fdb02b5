"""API actions over a person's own notices; there is none over somebody else's."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.notices import KINDS, Kind
from ckanext.satudata.notices import service
from ckanext.satudata.notices.settings import Channels, channels, set_channels
from ckanext.satudata.shared.db import unit_of_work

__all__ = [
    "satudata_notice_list",
    "satudata_notice_read",
    "satudata_notice_settings_show",
    "satudata_notice_settings_update",
]

_MAX_LIMIT = 100
_MAX_OFFSET = 1_000_000
_MAX_IDS = 1000
_MAX_ID = 2**63 - 1
_SWITCHES = {"true": True, "1": True, "on": True, "false": False, "0": False, "": False}


@tk.side_effect_free
def satudata_notice_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return your own notices, newest first.

    :param unread: only those not read yet (default false).
    :type unread: bool, optional
    :param limit: at most so many, 0 to 100 (default 20).
    :type limit: int, optional
    :param offset: skip so many (default 0).
    :type offset: int, optional
    :returns: ``count`` (all that match), ``unread`` (of all) and ``results``: a list of ``id``,
        ``kind``, ``kind_label``, ``headline``, ``text``, ``note`` (Markdown, as it was typed),
        ``by`` (who did it; empty: the clock), ``created_at`` (ISO 8601), ``moment`` (the same in
        words), ``read``, ``submission_id`` and ``url`` (both ``None`` where you may no longer
        read the submission).
    :rtype: dictionary
    :raises NotAuthorized: nobody is logged in.
    :raises ValidationError: a parameter is out of its bounds.
    """
    person = _person("satudata_notice_list", context, data_dict)
    limit = _number(data_dict, "limit", 20, _MAX_LIMIT)
    offset = _number(data_dict, "offset", 0, _MAX_OFFSET)
    only_unread = _switch("unread", data_dict.get("unread", False))
    return {
        "count": service.total(person, only_unread),
        "unread": service.unread(person),
        "results": service.listing(person, only_unread, limit, offset),
    }


def satudata_notice_read(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Mark notices of yours as read.

    :param ids: ids of notices, at most 1000; numbers that are not yours are passed over.
    :type ids: list of int, optional
    :param all: mark every notice instead of naming them.
    :type all: bool, optional
    :returns: ``changed`` and ``unread`` (how many are left).
    :rtype: dictionary
    :raises NotAuthorized: nobody is logged in.
    :raises ValidationError: neither ``ids`` nor ``all`` was given, or an id is no number.
    """
    person = _person("satudata_notice_read", context, data_dict)
    ids = None if _switch("all", data_dict.get("all", False)) else _ids(data_dict.get("ids"))
    with unit_of_work():
        changed = service.mark_read(person, ids)
    return {"changed": changed, "unread": service.unread(person)}


@tk.side_effect_free
def satudata_notice_settings_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return what you want to hear of, and where.

    :returns: ``email`` (where mail goes, or empty) and ``settings``: a list of ``kind``,
        ``label``, ``help``, ``portal`` (``None``: not told in the portal), ``mail`` and ``fixed``
        (the author of data always hears in the portal).
    :rtype: dictionary
    :raises NotAuthorized: nobody is logged in.
    """
    person = _person("satudata_notice_settings_show", context, data_dict)
    chosen = channels(person)
    user = model.Session.get(model.User, person)
    return {
        "email": (user.email if user else "") or "",
        "settings": [
            {
                "kind": kind.value,
                "label": tk._(about.label),
                "help": tk._(about.help),
                "portal": None if about.portal is None else chosen[kind].portal,
                "mail": chosen[kind].mail,
                "fixed": about.fixed,
            }
            for kind, about in KINDS.items()
        ],
    }


def satudata_notice_settings_update(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Change what you want to hear of, and where; kinds not named stay as they are.

    :param settings: ``{"kind": ..., "portal": bool, "mail": bool}``; a channel left out stays as
        it is. ``portal`` of a kind that is ``fixed`` cannot be false.
    :type settings: list of dictionaries
    :returns: as ``satudata_notice_settings_show``.
    :rtype: dictionary
    :raises NotAuthorized: nobody is logged in.
    :raises ValidationError: an unknown kind, no true or false, or a fixed kind turned off.
    """
    person = _person("satudata_notice_settings_update", context, data_dict)
    given = data_dict.get("settings")
    if not isinstance(given, list) or not given or len(given) > len(KINDS):
        raise tk.ValidationError({"settings": [tk._(
            "Isi “settings” dengan daftar jenis pemberitahuan, paling banyak {count}.").format(
                count=len(KINDS))]})
    now = channels(person)
    chosen = dict(_choice(each, now) for each in given)
    with unit_of_work():
        set_channels(person, chosen)
    return satudata_notice_settings_show(context, {})


def _person(action: str, context: Any, data_dict: Any) -> str:
    """Return the id of whoever asks; a trusted caller without a user has no notices either."""
    tk.check_access(action, context, data_dict)
    user = model.User.get(context.get("user") or "")
    if user is None or user.state != "active":
        raise tk.NotAuthorized(tk._("Masuk dahulu untuk melihat pemberitahuan Anda."))
    return user.id


def _choice(given: Any, now: dict[Kind, Channels]) -> tuple[Kind, Channels]:
    name = given.get("kind") if isinstance(given, dict) else None
    known = {kind.value: kind for kind in Kind}
    if not isinstance(name, str) or name not in known:
        raise tk.ValidationError({"kind": [tk._(
            "Jenis “{kind}” tidak ada. Pakai salah satu dari {known}.").format(
                kind=str(name)[:50], known=", ".join(known))]})
    kind = known[name]
    portal = _switch("portal", given.get("portal", now[kind].portal))
    if KINDS[kind].fixed and not portal:
        raise tk.ValidationError({"portal": [tk._(
            "“{label}” selalu ada di portal. Matikan surelnya saja bila mengganggu.").format(
                label=tk._(KINDS[kind].label))]})
    return kind, Channels(portal and KINDS[kind].portal is not None,
                          _switch("mail", given.get("mail", now[kind].mail)))


def _switch(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    found = _SWITCHES.get(str(value).strip().lower()) if isinstance(value, (str, int)) else None
    if found is None:
        raise tk.ValidationError({name: [tk._("{name} harus true atau false.").format(name=name)]})
    return found


def _number(data_dict: dict[str, Any], name: str, usual: int, high: int) -> int:
    value = data_dict.get(name, usual)
    number = _whole(value)
    if number is None or not 0 <= number <= high:
        raise tk.ValidationError({name: [tk._(
            "{name} harus bilangan bulat dari {low} sampai {high}.").format(
                name=name, low=0, high=high)]})
    return number


def _ids(value: Any) -> list[int]:
    numbers = [_whole(each) for each in value] if isinstance(value, list) else []
    kept = [each for each in numbers if each is not None and 0 <= each <= _MAX_ID]
    if not numbers or len(kept) != len(numbers) or len(numbers) > _MAX_IDS:
        raise tk.ValidationError({"ids": [tk._(
            "Isi “ids” dengan 1 sampai {most} nomor pemberitahuan, atau “all” dengan true.").format(
                most=_MAX_IDS)]})
    return kept


def _whole(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None
