"""API actions of handing in."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.intake.states import Way
from ckanext.satudata.intake import present, schema, service, store
from ckanext.satudata.intake.model import Intake
from ckanext.satudata.shared import reading
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.family import subject_of

__all__ = [
    "satudata_intake_accept",
    "satudata_intake_correct",
    "satudata_intake_create",
    "satudata_intake_discard",
    "satudata_intake_list",
    "satudata_intake_restore",
    "satudata_intake_show",
]

Data = dict[str, Any]
MOST = 1_000


def satudata_intake_create(context: Any, data_dict: Data) -> Data:
    """Hand in a file for a dataset: it is kept as it is, never public, and read at once.

    It waits until ``satudata_intake_accept`` takes it into the draft, unless ``accept`` does so
    now. What was found in it says ``satudata_intake_show``.

    :param id: id or name of the dataset, or of its working copy.
    :type id: string
    :param upload: the file, as ``multipart/form-data``.
    :type upload: file
    :param upload_id: instead: id of a finished upload of yours (tus, ``/unggah``).
    :type upload_id: string
    :param content: instead: what is in the file, as text of at most 5 MB, with its ``filename``.
    :type content: string
    :param note: for whoever inspects, at most 2,000 characters.
    :type note: string, optional
    :param replaces: id of the file of the draft it takes the place of.
    :type replaces: string, optional
    :param accept: take it into the draft at once.
    :type accept: boolean, optional
    :param way: how it was made: unggah, api, tempel or petak.
    :type way: string, optional
    :returns: as ``satudata_intake_show``.
    :rtype: dictionary
    :raises NotAuthorized: there is no such dataset, or it is not yours to write.
    :raises ValidationError: no file, too large, empty; 409 with ``accept`` where the version under
        way is being inspected (the file is kept and waits).
    """
    tk.check_access("satudata_intake_create", context, data_dict)
    found = subject_of(schema.needed(data_dict))
    if found is None:
        raise tk.ObjectNotFound(tk._("Dataset tidak ditemukan."))
    trusted = bool(context.get("ignore_auth"))
    sent = schema.given(data_dict)
    way = schema.way_of(
        data_dict, Way.API if context.get("api_version") else Way.UNGGAH, trusted)
    actor = actor_of_context(context)
    link = {
        "link_id": data_dict.get("link_id"), "sender": data_dict.get("sender"),
        "owner": data_dict.get("owner"), "receipt_sha256": schema.receipt(data_dict),
    } if trusted else None
    row = service.create(found[0], sent, way, actor.id or None, link)
    if sent.accept:
        row = service.accept(row.id, context, actor.id or None)
    return _full(row)


@tk.side_effect_free
def satudata_intake_show(context: Any, data_dict: Data) -> Data:
    """Show one file that was handed in, and what was found in it.

    :param id: id of the setoran.
    :type id: string
    :returns: ``id``, ``package_id``, ``way`` and ``way_label``, ``filename``, ``size`` (bytes),
        ``sha256``, ``sent_by`` (id, name, fullname; null without an account), ``sender`` (``name``
        and ``contact`` as typed), ``created_at``, ``state`` (menunggu, diterima, dibuang) and
        ``state_label``, ``note``, ``decided_by``, ``decided_at``, ``replaces``, ``resources``
        (ids of files of the draft it became), ``link_id``, ``link_label``, ``unit`` (code and
        name), and ``inspection`` as ``satudata_inspection_show`` gives it.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not for you.
    """
    tk.check_access("satudata_intake_show", context, data_dict)
    receipt = schema.receipt(data_dict) if context.get("ignore_auth") else None
    row = store.by_receipt(receipt) if receipt else store.find(schema.needed(data_dict))
    if row is None:
        raise tk.ObjectNotFound(tk._("Kiriman tidak ditemukan."))
    return _full(row)


@tk.side_effect_free
def satudata_intake_list(context: Any, data_dict: Data) -> Data:
    """List what was handed in for a dataset, newest first.

    :param id: id or name of the dataset, or of its working copy.
    :type id: string
    :param state: menunggu, diterima or dibuang.
    :type state: string, optional
    :param link_id: only what came by this link.
    :type link_id: string, optional
    :param limit: at most 1,000, 50 unless given.
    :type limit: integer, optional
    :param offset: how many to leave out.
    :type offset: integer, optional
    :returns: ``count``, ``counts`` by state, and ``results`` as ``satudata_intake_show``, with
        ``inspection`` as ``satudata_inspection_list`` gives each.
    :rtype: dictionary
    :raises NotAuthorized: there is no such dataset, or it is not yours to know of.
    """
    tk.check_access("satudata_intake_list", context, data_dict)
    found = subject_of(schema.needed(data_dict))
    if found is None:
        raise tk.ObjectNotFound(tk._("Dataset tidak ditemukan."))
    try:
        limit = reading.number(data_dict, "limit", 50, MOST)
        offset = reading.number(data_dict, "offset", 0, 1_000_000)
        link = reading.text(data_dict, "link_id")
    except tk.Invalid as error:
        raise tk.ValidationError({"message": [error.error]}) from None
    count, rows = store.page(found[0], schema.state_of(data_dict), link, limit, offset)
    read = {each["resource_id"]: each for each in tk.get_action("satudata_inspection_list")(
        {"ignore_auth": True}, {"setoran": [present.name_of(row.id) for row in rows]})["results"]}
    return {"count": count, "counts": store.counts(found[0]), "results": [
        {**each, "inspection": read.get(present.name_of(each["id"]))}
        for each in present.shown(rows)]}


def satudata_intake_accept(context: Any, data_dict: Data) -> Data:
    """Take what was handed in into the draft of its dataset.

    Each table found becomes a file of the draft: clean CSV with its Table Schema, loaded to the
    datastore; a file without a table goes in as it is. A revision is begun where the dataset is
    public. The file as it came is kept and never public.

    :param id: id of the setoran.
    :type id: string
    :returns: as ``satudata_intake_show``.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or the dataset is not yours to write.
    :raises ValidationError: 409; it was decided on, or the version under way is being inspected.
    """
    tk.check_access("satudata_intake_accept", context, data_dict)
    return _full(service.accept(
        schema.needed(data_dict), context, actor_of_context(context).id or None))


def satudata_intake_discard(context: Any, data_dict: Data) -> Data:
    """Throw away what was handed in; for 30 days it can be brought back.

    :param id: id of the setoran.
    :type id: string
    :param note: why, for whoever sent it; at most 2,000 characters.
    :type note: string, optional
    :returns: as ``satudata_intake_show``.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or the dataset is not yours to write.
    :raises ValidationError: 409; it was decided on.
    """
    tk.check_access("satudata_intake_discard", context, data_dict)
    try:
        note = reading.text(data_dict, "note", 2_000)
    except tk.Invalid as error:
        raise tk.ValidationError({"note": [error.error]}) from None
    return _full(service.discard(
        schema.needed(data_dict), note, actor_of_context(context).id or None))


def satudata_intake_restore(context: Any, data_dict: Data) -> Data:
    """Bring back what was thrown away; it waits again.

    :param id: id of the setoran.
    :type id: string
    :returns: as ``satudata_intake_show``.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or the dataset is not yours to write.
    :raises ValidationError: 409; it was not thrown away, or its file is gone.
    """
    tk.check_access("satudata_intake_restore", context, data_dict)
    return _full(service.restore(
        schema.needed(data_dict), actor_of_context(context).id or None))


def satudata_intake_correct(context: Any, data_dict: Data) -> Data:
    """Correct how a file that waits is read, and have it read again.

    :param id: id of the setoran.
    :type id: string
    :param recipe: as in ``satudata_recipe_update``; it goes along into the draft.
    :type recipe: dictionary
    :returns: as ``satudata_intake_show``.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or the dataset is not yours to write.
    :raises ValidationError: what is no correction; 409 where it was decided on.
    """
    tk.check_access("satudata_intake_correct", context, data_dict)
    row = store.find(schema.needed(data_dict))
    checked = tk.get_action("satudata_recipe_update")({"ignore_auth": True}, {
        "id": row.package_id, "recipe": data_dict.get("recipe"), "dry_run": True})
    return _full(service.correct(
        row.id, checked["recipe"], actor_of_context(context).id or None))


def _full(row: Intake) -> Data:
    return {**present.shown([row])[0], "inspection": _inspection(row.id)}


def _inspection(identifier: str) -> Data | None:
    """Return what was found in a setoran, None where its file is gone."""
    try:
        return tk.get_action("satudata_inspection_show")(
            {"ignore_auth": True}, {"resource_id": present.name_of(identifier)})
    except tk.ObjectNotFound:
        return None
