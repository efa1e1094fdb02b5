"""Handing in: keep the file as it came, have it read, take it into a draft or throw it away.

The bytes of a setoran stay as they are; what becomes public is what ``tidying/`` makes of them.
"""
from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Mapping
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.inspection.recipe import mixed
from ckanext.satudata.domain.intake.states import State, Way
from ckanext.satudata.intake import store
from ckanext.satudata.intake.model import Intake
from ckanext.satudata.intake.present import name_of, shown
from ckanext.satudata.intake.schema import Given
from ckanext.satudata.shared import blobs, moment
from ckanext.satudata.shared.asking import acting
from ckanext.satudata.shared.audit import record
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.family import draft_of, lock_family
from ckanext.satudata.shared.raw_files import finish
from ckanext.satudata.shared.refusals import Overtaken
from ckanext.satudata.shared.scheduler import timed

__all__ = ["KEPT", "KIND", "MOST_WAITING", "accept", "correct", "create", "discard", "restore"]

log = logging.getLogger(__name__)

#: Kind of the events of a setoran.
KIND = "setoran"
#: So many of a dataset may wait at once; a desk that nobody clears is told to whoever sends.
MOST_WAITING = 5_000
#: How long the file of a setoran that was thrown away can be brought back.
KEPT = dt.timedelta(days=30)


def create(
    package_id: str, sent: Given, way: Way, actor_id: str | None,
    link: Mapping[str, Any] | None = None,
) -> Intake:
    """Keep a file as somebody hands it in, and have it read.

    :param package_id: of the dataset as the public knows it
    :param link: of who has no account: ``link_id``, ``sender``, ``receipt_sha256``, ``owner``
    :raises ValidationError: there are too many, or the upload is not theirs, in words
    """
    given = dict(link or {})
    with unit_of_work():
        if store.waiting(package_id) >= MOST_WAITING:
            raise tk.ValidationError({"id": [tk._(
                "Terlalu banyak kiriman untuk data ini yang belum diputuskan. Terima atau buang "
                "dahulu sebagian.")]})
        if sent.stream is not None:
            size = sent.stream.seek(0, 2)
            filename, sha256 = sent.filename, blobs.store(sent.stream)
        else:
            whole = tk.get_action("satudata_upload_claim")({"ignore_auth": True}, {
                "id": sent.upload_id, "owner": given.get("owner") or f"user:{actor_id}"})
            filename, sha256, size = whole["filename"], whole["sha256"], whole["size"]
        row = Intake(
            id=str(uuid.uuid4()), package_id=package_id, way=way.value, filename=filename,
            size=size, sha256=sha256, sent_by=actor_id, sender=dict(given.get("sender") or {}),
            receipt_sha256=given.get("receipt_sha256"), link_id=given.get("link_id"),
            note=sent.note, recipe={}, state=State.MENUNGGU.value,
            replaces=sent.replaces or None, resources=[], created_at=moment.now())
        model.Session.add(row)
        _tell("kirim", row, actor_id)
    _read(row.id)
    return store.find(row.id)


def _tell(what: str, row: Intake, actor_id: str | None, note: str = "") -> None:
    record(KIND, actor=actor_id, package_id=row.package_id, transition=what, note=note,
           content_hash=row.sha256, data={
               "id": row.id, "way": row.way, **({"link": row.link_id} if row.link_id else {})})


def _read(identifier: str, wait: bool = False) -> None:
    """Have a setoran inspected; what fails now is asked for again by whoever looks at it."""
    try:
        tk.get_action("satudata_inspection_run")(
            {"ignore_auth": True}, {"resource_id": name_of(identifier), "wait": wait})
    except Exception:
        model.Session.rollback()
        log.exception("The inspection of the setoran %s could not be asked for", identifier)


def accept(identifier: str, context: Mapping[str, Any], actor_id: str | None) -> Intake:
    """Take a setoran into the draft of its dataset; a revision is begun where it is public.

    What a unit sent for a recap goes there together with the others', so it is only marked.

    :raises ValidationError: 409; it was decided on, or the version under way is not theirs to
        write now
    """
    row = store.find(identifier)
    _demand(row, State.MENUNGGU)
    if shown([row])[0]["recap_id"]:
        return _accept_for_recap(row, actor_id)
    content_id = draft_of(row.package_id, acting(context))
    _read(identifier, wait=True)  # what is small becomes its tables at once
    with unit_of_work():
        lock_family(row.package_id)
        row = store.locked(identifier)
        _demand(row, State.MENUNGGU)
        made = tk.get_action("satudata_tidy_accept")({**acting(context), "defer_commit": True}, {
            "intake": shown([row])[0], "recipe": row.recipe, "content_id": content_id,
            "sha256": row.sha256, "filename": row.filename, "replaces": row.replaces})
        row.state, row.content_id = State.DITERIMA.value, content_id
        row.resources = list(made["resources"])
        row.decided_by, row.decided_at = actor_id, moment.now()
        _tell("terima", row, actor_id)
    finish(content_id)
    _correct_reading(row, content_id, context)
    return store.find(identifier)


def _accept_for_recap(row: Intake, actor_id: str | None) -> Intake:
    """Mark what a unit sent as taken; its table is read from what was found in it.

    :raises ValidationError: 409; it is not read yet
    """
    found = tk.get_action("satudata_inspection_show")(
        {"ignore_auth": True}, {"resource_id": name_of(row.id)})
    if found["state"] in (None, "antre", "berjalan"):
        raise Overtaken("state", row.state, tk._(
            "Kiriman ini masih dibaca. Tunggu sebentar, lalu terima."))
    return _decided(row.id, State.MENUNGGU, State.DITERIMA, "terima", "", actor_id)


def _correct_reading(row: Intake, content_id: str, context: Mapping[str, Any]) -> None:
    """Keep how the sender corrected the reading, for the dataset's next files as well."""
    if not row.recipe.get("tables"):
        return
    known = tk.get_action("satudata_recipe_show")({"ignore_auth": True}, {"id": content_id})
    tk.get_action("satudata_recipe_update")(acting(context), {
        "id": content_id, "recipe": mixed(known["recipe"], row.recipe)})


def _demand(row: Intake, state: State) -> None:
    if row.purged_at is not None:
        raise Overtaken("state", row.state, tk._("Berkas kiriman ini sudah dihapus."))
    if row.state != state.value:
        raise Overtaken("state", row.state, tk._(
            "Kiriman ini sudah diputuskan. Muat ulang halaman untuk melihat keadaannya."))


def discard(identifier: str, note: str, actor_id: str | None) -> Intake:
    """Throw a setoran away; its file can be brought back for :data:`KEPT`.

    :raises ValidationError: 409; it was decided on
    """
    return _decided(identifier, State.MENUNGGU, State.DIBUANG, "buang", note, actor_id)


def restore(identifier: str, actor_id: str | None) -> Intake:
    """Take a setoran out of what was thrown away.

    :raises ValidationError: 409; it was not, or its file is gone
    """
    return _decided(identifier, State.DIBUANG, State.MENUNGGU, "urungkan", "", actor_id)


def _decided(
    identifier: str, before: State, after: State, what: str, note: str, actor_id: str | None
) -> Intake:
    with unit_of_work():
        lock_family(store.find(identifier).package_id)
        row = store.locked(identifier)
        _demand(row, before)
        row.state = after.value
        row.decided_by = actor_id if after is not State.MENUNGGU else None
        row.decided_at = moment.now() if after is not State.MENUNGGU else None
        if note:
            row.note = note
        _tell(what, row, actor_id, note)
    return row


def correct(identifier: str, recipe: dict[str, Any], actor_id: str | None) -> Intake:
    """Correct how a setoran is read, and have it read again.

    :param recipe: checked already
    :param actor_id: counts among the authors of the version that takes it
    :raises ValidationError: 409; it was decided on
    """
    with unit_of_work():
        lock_family(store.find(identifier).package_id)
        row = store.locked(identifier)
        _demand(row, State.MENUNGGU)
        row.recipe = recipe
        _tell("koreksi", row, actor_id)
    _read(identifier)
    return row


@timed("satudata_setoran", dt.timedelta(hours=6))
def forget_discarded(now: dt.datetime) -> None:
    """Let go of files that were thrown away long ago; who sent what and when stays."""
    for each in store.old(now - KEPT):
        with unit_of_work():
            row = store.locked(each)
            if row.state == State.DIBUANG.value:
                row.purged_at = now
                row.sender, row.recipe = {}, {}
