"""Actions of what follows an emergency withdrawal: why, what is personal data, its deletion."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata import config
from ckanext.satudata.domain import purging as rules
from ckanext.satudata.domain.metadata_values import has_control_character
from ckanext.satudata.domain.purging import Kind
from ckanext.satudata.domain.roles import Permission, may
from ckanext.satudata.purging import others, pieces, service
from ckanext.satudata.purging.family import Family, family_of, package_of
from ckanext.satudata.purging.model import Purge
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.shared.refusals import said_by_ckan

__all__ = ["satudata_purge_cancel", "satudata_purge_list", "satudata_purge_show",
           "satudata_withdrawal_explain"]

Data = dict[str, Any]
_MAX_KEYS = 2000


def satudata_withdrawal_explain(context: Any, data_dict: Data) -> Data:
    """Say why a dataset was withdrawn at once, and what of it is personal data.

    What is named is deleted after ``ckanext.satudata.pemusnahan_hari`` days: stored files, tables,
    texts of versions, old activities, scans of letters (UU 27/2022 art. 43-44). Until that begins
    the answer may be given anew, and :func:`satudata_purge_cancel` takes the deletion back.
    Backups are not reached.

    :param id: id or name of the dataset, or id of one of its versions.
    :type id: string
    :param note: what happened; kept for ever. At most 10,000 characters.
    :type note: string
    :param personal_data: what holds personal data: ``key`` of pieces of ``satudata_purge_show``,
        or numbers of versions, each meaning all of that version; an empty list or ``none``: nothing
        does.
    :type personal_data: list of strings
    :returns: as ``satudata_purge_show``.
    :rtype: dictionary
    :raises ValidationError: 409 ``conflict: state`` where it is deleted already; a field that is
        missing or names no piece.
    """
    tk.check_access("satudata_withdrawal_explain", context, data_dict)
    package_id = _package(data_dict)
    note, keys = _note(data_dict), _keys(data_dict)
    with said_by_ckan():
        service.explain(package_id, note, keys, actor_of_context(context))
    return _show(context, package_id)


def satudata_purge_cancel(context: Any, data_dict: Data) -> Data:
    """Take a planned deletion back; the dataset stays withdrawn.

    :param id: id or name of the dataset, or id of one of its versions.
    :type id: string
    :param note: why. At most 10,000 characters.
    :type note: string, optional
    :returns: as ``satudata_purge_show``.
    :rtype: dictionary
    :raises ValidationError: 409 ``conflict: state``: none is planned, or it began.
    """
    tk.check_access("satudata_purge_cancel", context, data_dict)
    package_id = _package(data_dict)
    note = _note(data_dict)
    with said_by_ckan():
        service.cancel(package_id, note, actor_of_context(context))
    return _show(context, package_id)


@tk.side_effect_free
def satudata_purge_show(context: Any, data_dict: Data) -> Data:
    """Show what followed the last emergency withdrawal of a dataset.

    :param id: id or name of the dataset, or id of one of its versions.
    :type id: string
    :returns: ``id``, ``package_id``, ``title``, ``organization``, ``state`` (menunggu, tanpa,
        terjadwal, batal, berjalan, selesai) with ``state_label``, ``withdrawn_at`` and
        ``withdrawn_by``, ``note``, ``explained_by``, ``explained_at``, ``due_at``,
        ``finished_at`` (ISO 8601, UTC), ``report``, ``days`` (until a deletion, as configured),
        ``pieces`` (``key``, ``kind``, ``name``, ``format``, ``size`` in bytes, ``sha256``,
        ``numbers`` of versions, ``public``, ``chosen``, ``others``: ids of datasets with the same
        bytes), ``others`` (``results`` with ``title``, ``url``, ``public``, ``hashes``;
        ``hidden``: how many you may not read), ``restored``: a version was begun since.
    :rtype: dictionary
    :raises NotFound: it was never withdrawn so.
    """
    tk.check_access("satudata_purge_show", context, data_dict)
    return _show(context, _package(data_dict))


@tk.side_effect_free
def satudata_purge_list(context: Any, data_dict: Data) -> Data:
    """List emergency withdrawals, those nobody has explained first, then the newest.

    :param state: only those in this state.
    :type state: string, optional
    :param limit: at most 200, 20 unless given.
    :type limit: integer, optional
    :param offset: how many to leave out.
    :type offset: integer, optional
    :returns: ``count`` and ``results`` (as ``satudata_purge_show``, without ``pieces`` and
        ``others``).
    :rtype: dictionary
    """
    tk.check_access("satudata_purge_list", context, data_dict)
    query = sa.select(Purge)
    state = data_dict.get("state")
    if state:
        if state not in {each.value for each in rules.State}:
            raise tk.ValidationError({"state": [tk._(
                "“{value}” tidak dikenal. Pakai salah satu dari {known}.").format(
                    value=str(state)[:100], known=", ".join(each.value for each in rules.State))]})
        query = query.where(Purge.state == state)
    limit, offset = _number(data_dict, "limit", 20, 200), _number(data_dict, "offset", 0, 10**7)
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    rows = model.Session.scalars(query.order_by(
        (Purge.state == rules.State.MENUNGGU.value).desc(), Purge.withdrawn_at.desc(), Purge.id)
        .limit(limit).offset(offset)).all()
    return {"count": count, "results": _described(rows)}


# ------------------------------------------------------------------------- what callers send


def _package(data: Mapping[str, Any]) -> str:
    identifier = data.get("id")
    found = package_of(identifier) if isinstance(identifier, str) else None
    if found is None:
        raise tk.ObjectNotFound(tk._("Penarikan darurat ini tidak ada, atau bukan wewenang Anda."))
    return found


def _note(data: Mapping[str, Any]) -> str:
    value = data.get("note") or ""
    if not isinstance(value, str):
        raise tk.ValidationError({"note": [tk._(
            "Kirim satu teks, bukan daftar, angka, atau objek.")]})
    if len(value) > rules.MAX_NOTE:
        raise tk.ValidationError({"note": [tk._(
            "Teks terlalu panjang: {length} huruf, paling banyak {limit}. Ringkas dahulu.").format(
                length=len(value), limit=rules.MAX_NOTE)]})
    value = value.replace("\r\n", "\n")
    if has_control_character(value.replace("\n", " ").replace("\t", " ")):
        raise tk.ValidationError({"note": [tk._(
            "Teks memuat tanda kendali yang tidak terlihat. Ketik ulang teksnya.")]})
    return value.strip()


def _keys(data: Mapping[str, Any]) -> list[str]:
    given = data.get("personal_data")
    if given == "none":
        return []
    if isinstance(given, list) and len(given) <= _MAX_KEYS and all(
            isinstance(each, str | int) and not isinstance(each, bool) and len(str(each)) <= 200
            for each in given):
        return [str(each) for each in given]
    raise tk.ValidationError({"personal_data": [tk._(
        "Sebut bagian yang memuat data pribadi, atau kirim daftar kosong bila tidak ada.")]})


def _number(data: Mapping[str, Any], name: str, default: int, highest: int) -> int:
    value = data.get(name)
    if value is None or value == "":
        return default
    if isinstance(value, str) and value.isdecimal() and len(value) < 12:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= highest:
        raise tk.ValidationError({name: [tk._(
            "Tulis bilangan bulat dari {lowest} sampai {highest}.").format(
                lowest=0, highest=highest)]})
    return value


# --------------------------------------------------------------------------- what they get


def _show(context: Any, package_id: str) -> Data:
    purge, family = service.last_of(package_id), family_of(package_id)
    if purge is None or family is None:
        raise tk.ObjectNotFound(tk._("Penarikan darurat ini tidak ada, atau bukan wewenang Anda."))
    shown = _described([purge])[0]
    open_ = purge.status not in (rules.State.BERJALAN, rules.State.SELESAI)
    found = pieces.pieces(family, purge.withdrawn_at) if open_ else list(purge.chosen)
    same = others.holders(pieces.hashes(found), family.packages, pieces.letters(found))
    reads = may(actor_of_context(context), Permission.BACA, family.subject)
    chosen = {each["key"] for each in purge.chosen}
    answered = purge.status is not rules.State.MENUNGGU
    for each in found:
        each["chosen"] = each["key"] in chosen if answered else bool(
            each["public"] and each["kind"] != Kind.ISIAN.value)
        each["others"] = [one.id for one in same if each["sha256"] and each["sha256"] in one.hashes]
        # Names in a draft are not for whoever may only stop it.
        if each["kind"] == Kind.DRAF.value and not reads:
            each["resources"] = []
        if each["kind"] == Kind.SURAT.value and not (reads or each["numbers"]):
            each["name"] = ""
    return {**shown, "days": config.pemusnahan_hari(), "pieces": found,
            "others": others.named(same, context),
            "restored": family.began_again(purge.withdrawn_at)}


def _described(rows: Any) -> list[Data]:
    people = _people(rows)
    found: list[Data] = []
    for each in rows:
        family = family_of(each.package_id)
        pressed = _pressed(each)
        found.append({
            "id": each.id, "package_id": each.package_id, "submission_id": each.submission_id,
            "title": family.stopped().title if family else "",
            "organization": _organization(family), "state": each.state,
            "state_label": str(tk._(rules.STATE_LABELS[each.status])),
            "note": each.note, "report": each.report,
            "withdrawn_by": people.get(pressed or "") or _people_of([pressed]).get(pressed or ""),
            "explained_by": people.get(each.explained_by or ""), "attempts": each.attempts,
            **{name: _iso(getattr(each, name)) for name in (
                "withdrawn_at", "explained_at", "due_at", "retry_at", "finished_at")}})
    return found


def _pressed(purge: Purge) -> str | None:
    """Return who pressed the button."""
    return model.Session.scalar(
        sa.select(Event.actor_id).where(
            Event.package_id == purge.package_id, Event.transition == "tarik_darurat",
            Event.at == purge.withdrawn_at).order_by(Event.id).limit(1))


def _organization(family: Family | None) -> Data | None:
    group = model.Session.get(model.Group, family.last.owner_org) if family else None
    return {"id": group.id, "name": group.name, "title": group.title or group.name} \
        if group is not None else None


def _people(rows: Any) -> dict[str, Data]:
    return _people_of(each.explained_by for each in rows)


def _people_of(identifiers: Any) -> dict[str, Data]:
    wanted = {each for each in identifiers if each}
    rows = model.Session.execute(
        sa.select(model.User.id, model.User.name, model.User.fullname)
        .where(model.User.id.in_(wanted))) if wanted else []
    return {row.id: {"id": row.id, "name": row.name, "fullname": row.fullname or row.name}
            for row in rows}


def _iso(value: dt.datetime | None) -> str | None:
    return value.astimezone(dt.timezone.utc).isoformat() if value is not None else None


