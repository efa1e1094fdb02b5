"""API actions of requests for restricted files (UU 14/2008 art. 22)."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata.access import request_show, request_store, requests
from ckanext.satudata.access.giving import give
from ckanext.satudata.access.request_model import AccessRequest
from ckanext.satudata.domain import metadata_values as values
from ckanext.satudata.domain.metadata_values import InvalidValueError
from ckanext.satudata.domain.request_forms import (
    ANSWER_LABELS,
    ASKED_LABELS,
    parse_answer,
    parse_asked,
)
from ckanext.satudata.domain.requests import STEPS
from ckanext.satudata.shared import mail, moment
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.refusals import invalid, said_by_ckan

__all__ = [
    "satudata_access_request_answer",
    "satudata_access_request_create",
    "satudata_access_request_list",
    "satudata_access_request_show",
]

_MAX_LIMIT = 200


def satudata_access_request_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Ask the PPID for files of restricted data.

    With an account the PPID has ten working days from now (UU 14/2008 art. 22). Without one a
    mail goes to the address; the days begin when its link is opened and the button there pressed,
    which proves whose address it is. Asked too often it is refused: 10 times a day by one
    account, 3 times a day with one address, 50 times a day for one dataset by people without an
    account, 20 times an hour from one computer.

    :param id: id or name of the dataset; it is public, its files are not.
    :type id: string
    :param name: how you sign, at most 200 characters; of an account it is known.
    :type name: string, optional
    :param email: where the answer goes; of an account it is known.
    :type email: string, optional
    :param institution: where you belong, at most 200 characters.
    :type institution: string
    :param purpose: what you need the data for, 20 to 2,000 characters.
    :type purpose: string
    :param files: ids of resources; all unless given.
    :type files: list of strings, optional
    :param days: for how long: 30, 90, 180 or 365.
    :type days: integer
    :param terms: true: used for this purpose only, not passed on, nobody is identified with it.
    :type terms: boolean
    :returns: ``number`` (without a gap within a year), ``state`` (``masuk``, or
        ``menunggu_bukti`` without an account), ``state_label``, ``created_at``, ``due_at`` (when
        it is answered at the latest, ``None`` until the clock runs; ISO 8601, UTC) and, of an
        account, ``id`` and ``url``.
    :rtype: dictionary
    :raises ObjectNotFound: there is no such dataset, or you may not read it.
    :raises ValidationError: what is wrong, by field; 409 with ``conflict`` where your account has
        an open request for it; with ``limit`` where too much was asked.
    """
    tk.check_access("satudata_access_request_create", context, data_dict)
    package = _package(context, data_dict)
    user = model.User.get(context.get("user") or "")
    account = user if user is not None and user.state == "active" else None
    if account is None and not mail.is_set_up():
        raise tk.ValidationError({"email": [_(
            "Portal ini belum mengirim surel, jadi permohonan tanpa akun belum dapat dijawab. "
            "Masuk dengan akun Anda, atau hubungi walidata.")]})
    offered = [each["id"] for each in package.get("resources") or []]
    asked, errors = parse_asked(data_dict, offered, account is not None)
    invalid(errors, ASKED_LABELS)
    assert asked is not None
    with said_by_ckan():
        row = requests.create(asked, package, account)
    shown = {"number": row.number, "state": row.state,
             "state_label": request_show.state_label(row.state),
             "created_at": row.created_at.isoformat(),
             "due_at": row.due_at.isoformat() if row.due_at else None}
    if account is not None:
        shown |= {"id": row.id, "url": tk.h.url_for("satudata_access_requests.show", id=row.id)}
    return shown


@tk.side_effect_free
def satudata_access_request_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List requests: those on your desk, or your own.

    The PPID and the walidata have all on their desk, an OPD those for its data.

    :param box: ``terbuka`` (what waits for an answer, by its deadline; unless given),
        ``belum_terbukti`` (the address is not proven), ``selesai``, ``semua``, or ``saya`` (made
        with your account).
    :type box: string, optional
    :param owner_org: id or name of an OPD.
    :type owner_org: string, optional
    :param package: id or name of a dataset.
    :type package: string, optional
    :param q: part of a number, of the dataset's title, or of who asks.
    :type q: string, optional
    :param limit: at most 200, 20 unless given.
    :type limit: integer, optional
    :param offset: how many to leave out.
    :type offset: integer, optional
    :returns: ``count``, ``late`` (how many on your desk are past their deadline) and
        ``results``: ``id``, ``number``, ``state``, ``state_label``, ``dataset``, ``organization``,
        ``requester`` (``name``, ``institution``, ``account``, ``proven`` and, for the PPID and
        the walidata, ``email``), ``created_at``, ``received_at``, ``due_at``, ``closed_at``,
        ``urgency`` (``segera``, ``lewat`` or empty), ``days_late`` and ``days_left`` (working
        days), ``url``.
    :rtype: dictionary
    """
    tk.check_access("satudata_access_request_list", context, data_dict)
    actor = actor_of_context(context)
    box = _text(data_dict, "box") or "terbuka"
    known = [*request_store.BOXES, "saya"]
    if box not in known:
        raise tk.ValidationError({"box": [_(
            "“{value}” tidak dikenal. Pakai salah satu dari {known}.").format(
                value=box[:50], known=", ".join(known))]})
    group = model.Group.get(_text(data_dict, "owner_org"))
    package = model.Package.get(_text(data_dict, "package"))
    count, rows = request_store.listed(
        actor, box=box,
        organization=group.id if group is not None else _text(data_dict, "owner_org"),
        package=package.id if package is not None else _text(data_dict, "package"),
        query=_text(data_dict, "q"), limit=_number(data_dict, "limit", 20, _MAX_LIMIT),
        offset=_number(data_dict, "offset", 0, 1_000_000))
    return {"count": count, "late": request_store.late(actor, moment.now()),
            "results": request_show.summaries(rows, actor)}


@tk.side_effect_free
def satudata_access_request_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show one request and what you may do with it.

    :param id: id of the request.
    :type id: string
    :returns: what ``satudata_access_request_list`` gives of it and ``purpose``, ``files``
        (``id``, ``name``, ``opened``), ``days``, ``days_label``, ``extended_at``,
        ``extension_reason``, ``answer`` (``files``, ``until``, ``conditions``, ``grounds``,
        ``reason``; ``None`` before), ``objection`` (to whom and until when, in words),
        ``answered_by`` (not for who asked), ``grant_id``, ``mine``, ``version`` and
        ``actions`` you may take now.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not for you.
    """
    identifier = _text(data_dict, "id", needed=True)
    tk.check_access("satudata_access_request_show", context, data_dict)
    return request_show.full(_found(identifier), actor_of_context(context))


def satudata_access_request_answer(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Answer a request as the PPID, or take seven working days more.

    An answer is final. Granted with an account, it makes a grant for it; without one, the
    personal link of the request opens these files until the last day. Who asked hears of it by
    notice or mail, with the way to object.

    :param id: id of the request.
    :type id: string
    :param expected_version: the ``version`` you saw.
    :type expected_version: integer
    :param step: ``kabulkan``, ``kabulkan_sebagian``, ``tolak`` or ``perpanjang`` (once, and
        before the deadline).
    :type step: string
    :param files: ids of those opened, of ``kabulkan_sebagian``.
    :type files: list of strings, optional
    :param until: the last day they open, at most 365 days from now; where files are opened.
    :type until: string, optional
    :param conditions: what comes with it, at most 4,000 characters.
    :type conditions: string, optional
    :param grounds: of what is refused: ``17a`` to ``17j``, the letters of UU 14/2008 art. 17.
    :type grounds: list of strings, optional
    :param reason: in words, at most 4,000 characters; of all but ``kabulkan``.
    :type reason: string, optional
    :returns: the request as ``satudata_access_request_show``.
    :rtype: dictionary
    :raises NotAuthorized: not the PPID, or you asked it yourself.
    :raises ValidationError: what is missing, by field; 409 with ``conflict`` where it is answered
        already, changed since, or too late for more time.
    """
    identifier = _text(data_dict, "id", needed=True)
    tk.check_access("satudata_access_request_answer", context, data_dict)
    version = _number(data_dict, "expected_version", None, 2**31 - 1)
    row = _found(identifier)
    asked = [each["id"] for each in row.files]
    if STEPS.get(str(data_dict.get("step"))) in [each for each in STEPS.values() if each.files]:
        asked = _still_there(context, row, asked)
    given, errors = parse_answer(data_dict, asked, requests.today())
    invalid(errors, ANSWER_LABELS)
    assert given is not None
    actor = actor_of_context(context)
    with said_by_ckan():
        row = requests.answer(actor, identifier, version, given, give(actor))
    return request_show.full(row, actor)


def _package(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return the dataset as who asks may read it: a public one whose files are restricted."""
    identifier = _text(data_dict, "id", needed=True, labels=ASKED_LABELS)
    try:
        package = tk.get_action("package_show")(
            {"user": context.get("user") or "", "auth_user_obj": context.get("auth_user_obj")},
            {"id": identifier})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        raise tk.ObjectNotFound(_("Dataset tidak ditemukan.")) from None
    if not requests.is_restricted(package):
        raise tk.ValidationError({"id": [_(
            "Berkas data ini tidak dibatasi, atau datanya belum terbit. Buka halamannya.")]})
    return package


def _still_there(context: Any, row: AccessRequest, asked: list[str]) -> list[str]:
    """Return which of the files asked for the dataset still has."""
    try:
        package = tk.get_action("package_show")(
            {"user": context.get("user") or "", "auth_user_obj": context.get("auth_user_obj")},
            {"id": row.package_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return []
    if not requests.is_restricted(package):
        return []
    there = {each["id"] for each in package.get("resources") or []}
    return [each for each in asked if each in there]


def _found(identifier: str) -> AccessRequest:
    row = request_store.find(identifier)
    if row is None:
        raise tk.ObjectNotFound(_("Permohonan ini tidak ada, atau bukan untuk Anda."))
    return row


def _text(data: dict[str, Any], name: str, needed: bool = False,
          labels: Any = ANSWER_LABELS) -> str:
    value = data.get(name)
    if value is None or value == "":
        if needed:
            raise tk.ValidationError({name: [_("“{label}” masih kosong. Isi dahulu.").format(
                label=_(labels.get(name, name)))]})
        return ""
    try:
        return values.text(value, 200)
    except InvalidValueError as error:
        raise tk.ValidationError({name: [error.explain(
            _(labels.get(name, name)), _(error.message))]}) from error


def _number(data: dict[str, Any], name: str, otherwise: int | None, maximum: int) -> int:
    value = data.get(name)
    if value is None or value == "":
        if otherwise is not None:
            return otherwise
        _text(data, name, needed=True)
    try:
        return values.count(value, maximum)
    except InvalidValueError as error:
        raise tk.ValidationError({name: [error.explain(
            _(ANSWER_LABELS.get(name, name)), _(error.message))]}) from error
