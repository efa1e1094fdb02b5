"""API actions on Berita Acara: prepared, issued, confirmed by both sides, or refused."""
from __future__ import annotations

import re
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata.berita_acara import collect, present, service, store
from ckanext.satudata.berita_acara.model import BeritaAcara
from ckanext.satudata.domain import metadata_values as values
from ckanext.satudata.domain.berita_acara.document import Document
from ckanext.satudata.domain.berita_acara.draft import LABELS, MAX_NOTES, Draft, parse
from ckanext.satudata.domain.berita_acara.steps import Side, State
from ckanext.satudata.domain.metadata_values import N_, InvalidValueError
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.refusals import invalid, said_by_ckan

__all__ = [
    "satudata_berita_acara_cancel",
    "satudata_berita_acara_check",
    "satudata_berita_acara_confirm",
    "satudata_berita_acara_create",
    "satudata_berita_acara_issue",
    "satudata_berita_acara_list",
    "satudata_berita_acara_refuse",
    "satudata_berita_acara_show",
    "satudata_berita_acara_update",
]

_HASH = re.compile(r"[0-9a-f]{64}")
_LABELS = {
    **LABELS,
    "expected_hash": N_("Sidik isi"),
    "expected_version": N_("Versi draf"),
    "id": N_("Berita acara"),
    "limit": N_("Banyak baris"),
    "office": N_("Jabatan"),
    "offset": N_("Baris pertama"),
    "owner_org": N_("Instansi"),
    "reason": N_("Alasan"),
    "side": N_("Pihak"),
    "state": N_("Status"),
    "submission": N_("Pengajuan"),
}


def satudata_berita_acara_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Prepare a Berita Acara of an inspection or a desk session with one OPD.

    It closes what Perpres 39/2019 art. 34 and 35 ask for: the result of the inspection goes to
    the produsen. The draft has no number and only the walidata's side sees it. Results and
    catatan are not sent: they are read from the submissions, and again when it is issued.

    :param owner_org: id or name of the OPD.
    :type owner_org: string
    :param submissions: ids of its submissions that were discussed, 1 to 200.
    :type submissions: list of strings
    :param kind: ``desk`` (unless given) or ``pemeriksaan``.
    :type kind: string, optional
    :param place: where it was held, at most 200 characters.
    :type place: string
    :param date: the day, today unless given.
    :type date: string, optional
    :param deadline: until when the OPD mends; unless given, today and the working days of
        ``ckanext.satudata.sla.dikembalikan``.
    :type deadline: string, optional
    :param notes: what else was agreed, at most 10,000 characters.
    :type notes: string, optional
    :param attendees: who was there, at most 50: ``name``, ``office``, ``agency``.
    :type attendees: list of dictionaries, optional
    :returns: the draft as ``satudata_berita_acara_show``.
    :rtype: dictionary
    :raises NotAuthorized: not the walidata, or not its pendukung in this OPD.
    :raises ValidationError: what is wrong, by field.
    """
    organization = _organization(data_dict)
    tk.check_access("satudata_berita_acara_create", context, data_dict)
    draft = _draft(data_dict)
    actor = actor_of_context(context)
    with said_by_ckan():
        row = service.create(actor, organization, draft, _user(context))
    return _shown(context, row)


def satudata_berita_acara_update(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Replace what was typed into a draft.

    :param id: id of the document.
    :type id: string
    :param expected_version: the ``version`` you saw.
    :type expected_version: integer
    :returns: the draft as ``satudata_berita_acara_show``. The other parameters are those of
        ``satudata_berita_acara_create`` without ``owner_org``, all of them each time.
    :rtype: dictionary
    :raises ValidationError: 409 with ``conflict`` where it is no draft or changed since.
    """
    identifier = _text(data_dict, "id", 100, needed=True)
    tk.check_access("satudata_berita_acara_update", context, data_dict)
    version = _number(data_dict, "expected_version")
    draft = _draft(data_dict)
    with said_by_ckan():
        row = service.update(
            actor_of_context(context), identifier, version, draft, _user(context))
    return _shown(context, row)


def satudata_berita_acara_issue(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Freeze a draft and give it the next number of the year; the OPD is told.

    :param id: id of the draft.
    :type id: string
    :param expected_hash: its ``preview_hash``: exactly what you looked at is issued.
    :type expected_hash: string
    :returns: the document as ``satudata_berita_acara_show``, with ``number`` and
        ``content_hash``.
    :rtype: dictionary
    :raises ValidationError: 409 with ``conflict`` where a result changed since, or it is issued.
    """
    identifier = _text(data_dict, "id", 100, needed=True)
    tk.check_access("satudata_berita_acara_issue", context, data_dict)
    with said_by_ckan():
        row = service.issue(actor_of_context(context), identifier,
                            _text(data_dict, "expected_hash", 64, needed=True), _user(context))
    return _shown(context, row)


def satudata_berita_acara_confirm(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Confirm an issued document for your side; the second side's makes it final.

    The two sides are confirmed by different people: for the walidata somebody with that role (or
    its pendukung in this OPD), for the OPD its pejabat pengelola data, or an admin or editor of
    it. A sysadmin without such a role confirms nothing.

    :param id: id of the document.
    :type id: string
    :param expected_hash: its ``content_hash``: what you read is what you confirm.
    :type expected_hash: string
    :param office: your position, as it shall stand in the document.
    :type office: string
    :param side: ``walidata`` or ``opd``, where you may speak for both.
    :type side: string, optional
    :returns: the document as ``satudata_berita_acara_show``; ``pdf_hash`` is set with the
        second confirmation.
    :rtype: dictionary
    :raises NotAuthorized: neither side, or the other side's person.
    :raises ValidationError: 409 with ``conflict`` where this side has confirmed or it is closed.
    """
    identifier = _text(data_dict, "id", 100, needed=True)
    tk.check_access("satudata_berita_acara_confirm", context, data_dict)
    office = " ".join(_text(data_dict, "office", 200, needed=True).split())
    with said_by_ckan():
        row = service.confirm(
            actor_of_context(context), identifier,
            _text(data_dict, "expected_hash", 64, needed=True), office, _side(data_dict))
    return _shown(context, row)


def satudata_berita_acara_refuse(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Refuse an issued document with a reason; what was typed comes back as a new draft.

    The refused one keeps its number and stays to be read, with the reason.

    :param id: id of the document.
    :type id: string
    :param reason: why, at most 10,000 characters; the other side reads it.
    :type reason: string
    :param side: ``walidata`` or ``opd``, where you may speak for both.
    :type side: string, optional
    :returns: the refused document as ``satudata_berita_acara_show``.
    :rtype: dictionary
    :raises ValidationError: no reason, or 409 with ``conflict`` where it is closed.
    """
    identifier = _text(data_dict, "id", 100, needed=True)
    tk.check_access("satudata_berita_acara_refuse", context, data_dict)
    reason = _text(data_dict, "reason", MAX_NOTES, needed=True)
    with said_by_ckan():
        row = service.refuse(actor_of_context(context), identifier, reason, _side(data_dict))
    return _shown(context, row)


def satudata_berita_acara_cancel(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Give up a draft.

    :param id: id of the draft.
    :type id: string
    :returns: the document as ``satudata_berita_acara_show``.
    :rtype: dictionary
    :raises ValidationError: 409 with ``conflict`` where it is issued: refuse it instead.
    """
    identifier = _text(data_dict, "id", 100, needed=True)
    tk.check_access("satudata_berita_acara_cancel", context, data_dict)
    with said_by_ckan():
        row = service.cancel(actor_of_context(context), identifier)
    return _shown(context, row)


@tk.side_effect_free
def satudata_berita_acara_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show one Berita Acara and what you may do with it.

    :param id: id of the document.
    :type id: string
    :returns: ``number``, ``state`` (draf, menunggu, sah, ditolak, dibatalkan) and
        ``state_label``, ``kind``, ``organization``, ``content`` (the document; frozen once it
        has a number), ``content_hash`` (SHA-256 of ``content`` as JSON with sorted keys, no
        spaces, UTF-8), ``preview_hash`` (of a draft), ``confirmations`` (``side``, ``name``,
        ``office``, ``agency``, ``at``, ``content_hash``), ``pdf_hash``, ``check_url``,
        ``reason`` (of a refusal), ``replaces`` and ``replaced_by`` (ids), ``missing`` (ids in
        a draft that are no submissions of the OPD any more), ``sides`` you speak for,
        ``actions``: ``name``, ``label``, ``sides``, ``allowed`` and, if not, ``reason``.
        Times are ISO 8601 in UTC, days those of ``ckanext.satudata.zona_waktu``.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not for you.
    """
    identifier = _text(data_dict, "id", 100, needed=True)
    tk.check_access("satudata_berita_acara_show", context, data_dict)
    row = store.find(identifier)
    if row is None:
        raise tk.ObjectNotFound(_("Berita acara ini tidak ada, atau bukan untuk Anda."))
    return _shown(context, row)


@tk.side_effect_free
def satudata_berita_acara_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List the Berita Acara you may read, newest first.

    :param owner_org: id or name of the OPD.
    :type owner_org: string, optional
    :param state: draf, menunggu, sah, ditolak or dibatalkan.
    :type state: string, optional
    :param submission: id of a submission: only documents that discuss it.
    :type submission: string, optional
    :param limit: at most 200, 20 unless given.
    :type limit: integer, optional
    :param offset: how many to leave out.
    :type offset: integer, optional
    :returns: ``count`` and ``results``: ``id``, ``number``, ``state``, ``state_label``,
        ``kind``, ``date``, ``deadline``, ``items`` (how many), ``organization``, ``confirmed``
        (sides), ``issued_at``, ``created``, ``modified``, ``url``.
    :rtype: dictionary
    """
    tk.check_access("satudata_berita_acara_list", context, data_dict)
    organization = _text(data_dict, "owner_org", 200)
    group = model.Group.get(organization) if organization else None
    state = _text(data_dict, "state", 100)
    if state and state not in {each.value for each in State}:
        raise tk.ValidationError({"state": [_(
            "“{value}” tidak dikenal. Pakai salah satu dari {known}.").format(
                value=state[:50], known=", ".join(each.value for each in State))]})
    count, rows = store.listed(
        actor_of_context(context), state=state,
        organization=(group.id if group is not None else organization),
        submission=_text(data_dict, "submission", 100),
        limit=_number(data_dict, "limit", 20, 200), offset=_number(data_dict, "offset", 0))
    return {"count": count, "results": [present.summary(row) for row in rows]}


@tk.side_effect_free
def satudata_berita_acara_check(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Tell whether a Berita Acara with this hash was issued here; nothing of what it says.

    :param sha256: SHA-256 of the content, as printed in the document, or of the final PDF file;
        64 hexadecimal digits.
    :type sha256: string
    :returns: ``found``; if so ``number``, ``issued`` (day), ``state`` and ``state_label``.
    :rtype: dictionary
    """
    tk.check_access("satudata_berita_acara_check", context, data_dict)
    sha256 = data_dict.get("sha256")
    given = sha256.strip().lower() if isinstance(sha256, str) and len(sha256) < 200 else ""
    row = store.by_hash(given) if _HASH.fullmatch(given) else None
    if row is None or row.content is None:
        return {"found": False}
    return {"found": True, "number": row.number, "issued": row.content["issued"],
            "state": row.state, "state_label": present.state_label(row.state)}


def _document(row: BeritaAcara, user: str) -> Document:
    """Return the frozen document, or the one a draft would be now."""
    if row.content is not None:
        return Document.from_dict(row.content)
    records = collect.submissions(user, Draft.from_dict(row.draft), row.owner_org, strict=False)
    return collect.compose(row, records, user)


def _shown(context: Any, row: BeritaAcara) -> dict[str, Any]:
    return present.full(row, _document(row, _user(context)), actor_of_context(context))


def _user(context: Any) -> str:
    return str(context.get("user") or "")


def _organization(data: dict[str, Any]) -> str:
    name = _text(data, "owner_org", 200, needed=True)
    group = model.Group.get(name)
    if group is None or group.state != "active" or not group.is_organization:
        raise tk.ValidationError({"owner_org": [_(
            "Instansi itu tidak ada. Pilih dari daftar instansi.")]})
    return group.id


def _draft(data: dict[str, Any]) -> Draft:
    given = dict(data)
    today = collect.today()
    if given.get("deadline") in (None, ""):
        deadline = collect.default_deadline()
        given["deadline"] = deadline.isoformat() if deadline else None
    draft, errors = parse(given, today)
    invalid(errors, _LABELS)
    assert draft is not None
    return draft


def _text(data: dict[str, Any], name: str, maximum: int, needed: bool = False) -> str:
    value = data.get(name)
    if value is None or value == "":
        if needed:
            raise tk.ValidationError({name: [_("“{label}” masih kosong. Isi dahulu.").format(
                label=_(_LABELS[name]))]})
        return ""
    try:
        found = values.text(value, maximum)
    except InvalidValueError as error:
        invalid({name: error}, _LABELS)
        raise
    return found if found or not needed else _text({}, name, maximum, needed=True)


def _number(
    data: dict[str, Any], name: str, otherwise: int | None = None, maximum: int = 2**31 - 1
) -> int:
    value = data.get(name)
    if value is None or value == "":
        if otherwise is not None:
            return otherwise
        return int(_text({}, name, 1, needed=True))
    try:
        return values.count(value, maximum)
    except InvalidValueError as error:
        invalid({name: error}, _LABELS)
        raise


def _side(data: dict[str, Any]) -> Side | None:
    value = _text(data, "side", 20)
    if value and value not in {each.value for each in Side}:
        raise tk.ValidationError({"side": [_(
            "“{value}” tidak dikenal. Pakai salah satu dari {known}.").format(
                value=value, known=", ".join(each.value for each in Side))]})
    return Side(value) if value else None
