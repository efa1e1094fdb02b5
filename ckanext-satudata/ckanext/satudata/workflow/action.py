"""API actions of the workflow."""
from __future__ import annotations

import datetime as dt
from contextlib import nullcontext
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.decision import MAX_NOTE, Request
from ckanext.satudata.domain.roles import Actor, Permission, may
from ckanext.satudata.domain.workflow import (
    EDITABLE,
    EMERGENCY,
    OPEN,
    TRANSITIONS,
    Effect,
    State,
)
from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.actor import NOBODY, actor_of, actor_of_context
from ckanext.satudata.workflow import checked, inbox, letters, schema, service, store
from ckanext.satudata.workflow.clock import read_time
from ckanext.satudata.workflow.errors import said_by_ckan
from ckanext.satudata.workflow.model import Submission
from ckanext.satudata.workflow.show import (
    describe,
    describe_many,
)

__all__ = [
    "satudata_revision_start",
    "satudata_submission_list",
    "satudata_submission_show",
    "satudata_submission_transition",
    "satudata_submission_transition_bulk",
]

MAX_BULK = 200
#: Steps before which every file is inspected.
_INSPECTED_FIRST = frozenset({"ajukan", "setujui", "terbitkan"})
_WITHDRAWALS = frozenset(each.name for each in TRANSITIONS if each.effect is Effect.WITHDRAW)


@tk.side_effect_free
def satudata_submission_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show where a version of a dataset stands, its catatan, and what you may do next.

    :param id: id of the submission, or id or name of its dataset (then its newest version).
    :type id: string
    :returns: ``state`` (code of ``status_alur``) and ``state_label``, ``version`` (send it back as
        ``expected_version``), ``number`` (1 for the first version), ``due_at`` and ``days_late``
        (working days), ``dataset``, ``organization``, people (``submitted_by``, ``inspector_id``
        …: id, name, fullname), ``kind`` and ``reason`` of a version that follows another,
        ``checklist``, ``counts`` of open catatan, ``findings``, and
        ``actions``: ``name``, ``label``, ``demand`` (reason, finding_or_reason, inspector,
        release_at), ``primary``, ``allowed`` and, if not, ``reason``. Times are ISO 8601 in UTC.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not for you.
    """
    schema.identifier(data_dict)
    tk.check_access("satudata_submission_show", context, data_dict)
    return describe(store.named(schema.identifier(data_dict)), actor_of_context(context))


@tk.side_effect_free
def satudata_submission_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List the submissions you may read, the one due first on top.

    :param box: ``menunggu_saya`` (you are the next to act), ``menunggu_lain``, ``berjalan``
        (both), ``lewat_tenggat`` or ``selesai``.
    :type box: string, optional
    :param state: code of ``status_alur``, or a list of them.
    :type state: string, optional
    :param owner_org: id or name of the OPD.
    :type owner_org: string, optional
    :param assignee: id or name of the inspector, or ``none`` for nobody yet.
    :type assignee: string, optional
    :param overdue: only those past (true) or within (false) their deadline.
    :type overdue: boolean, optional
    :param escalated: only those so late that the koordinator was told (true), or only others.
    :type escalated: boolean, optional
    :param prioritas: only Data Prioritas (true), or only others (false).
    :type prioritas: boolean, optional
    :param jenis_data: code of ``jenis_data``.
    :type jenis_data: string, optional
    :param q: words in the title.
    :type q: string, optional
    :param limit: at most 200, 20 unless given.
    :type limit: integer, optional
    :param offset: how many to leave out.
    :type offset: integer, optional
    :returns: ``count``, ``results`` (as ``satudata_submission_show``, without ``findings`` and
        ``actions``) and ``counts`` of every box under the same filters.
    :rtype: dictionary
    """
    tk.check_access("satudata_submission_list", context, data_dict)
    actor = actor_of_context(context)
    now = dt.datetime.now(dt.timezone.utc)
    condition = _filters(data_dict, now)
    box = schema.one_of(data_dict, "box", inbox.BOXES)
    limit = schema.number(data_dict, "limit", 20, 0, 200)
    offset = schema.number(data_dict, "offset", 0, 0, 10_000_000)
    counts = inbox.count_boxes(actor, condition)
    wanted = sa.and_(inbox.visible(actor), condition)
    if box:
        wanted = sa.and_(wanted, inbox.in_box(box, actor, now))
        count = counts[box]
    else:
        count = counts["menunggu_lain"] + counts["selesai"] + counts["menunggu_saya"]
    order = (Submission.modified.desc(),) if box == "selesai" else (
        Submission.due_at.asc().nulls_last(), Submission.modified)
    rows = model.Session.scalars(
        sa.select(Submission).where(wanted).order_by(*order, Submission.id)
        .limit(limit).offset(offset)).all() if limit else []
    return {"count": count, "counts": counts, "results": describe_many(rows, actor)}


def _filters(data: dict[str, Any], now: dt.datetime) -> sa.ColumnElement[bool]:
    parts: list[sa.ColumnElement[bool]] = [sa.true()]
    given = data.get("state")
    states = given if isinstance(given, list) else [given] if given else []
    for each in states:
        schema.one_of({"state": each}, "state", {state.value for state in State}, needed=True)
    if states:
        parts.append(Submission.state.in_(states))
    if organization := schema.text(data, "owner_org", 200):
        group = model.Group.get(organization)
        parts.append(Submission.owner_org == (group.id if group is not None else organization))
    if assignee := schema.text(data, "assignee", 200):
        user = model.User.get(assignee)
        parts.append(
            Submission.inspector_id.is_(None) if assignee == "none"
            else Submission.inspector_id == (user.id if user is not None else assignee))
    overdue = schema.flag(data, "overdue")
    if overdue is not None:
        late = sa.and_(Submission.state.in_([each.value for each in OPEN]),
                       sa.func.coalesce(Submission.due_at < now, False))
        parts.append(late if overdue else ~late)
    escalated = schema.flag(data, "escalated")
    if escalated is not None:
        told = sa.and_(Submission.state.in_([each.value for each in OPEN]),
                       Submission.escalated_at.is_not(None))
        parts.append(told if escalated else ~told)
    prioritas = schema.flag(data, "prioritas")
    if prioritas is not None:
        parts.append(Submission.prioritas.is_(prioritas))
    kinds = {each.code for each in vocabulary.get("jenis_data")}
    if kind := schema.one_of(data, "jenis_data", kinds):
        parts.append(Submission.jenis_data == kind)
    for word in schema.text(data, "q", 200).split()[:10]:
        parts.append(Submission.title.icontains(word, autoescape=True))
    return sa.and_(*parts)


def satudata_submission_transition(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Move a version of a dataset along the workflow (Perpres 39/2019, art. 32-39).

    :param id: id of the submission, or id or name of its dataset.
    :type id: string
    :param transition: ``revisi``, ``konfirmasi``, ``ajukan``, ``tarik_ajuan``, ``periksa``,
        ``alihkan``, ``kembalikan``, ``setujui``, ``minta_periksa_ulang``, ``terbitkan``,
        ``jadwalkan``, ``batalkan_jadwal``, ``batalkan_persetujuan``, ``tarik``,
        ``tarik_darurat`` or ``batalkan``.
    :type transition: string
    :param expected_version: the ``version`` you saw; not asked of ``tarik_darurat``, which does not
        wait for who edits meanwhile.
    :type expected_version: integer
    :param note: reason or message; the producer reads it. At most 10,000 characters.
    :type note: string, optional
    :param findings: catatan to add, at most 200: ``principle`` (code of ``prinsip``),
        ``severity`` (wajib, sebaiknya, saran), ``message``, ``how`` (to mend), ``code`` (of
        ``alasan_periksa``), ``place`` (``field``, or ``resource``, ``column``, ``row``),
        ``proposed`` (``field``, ``value``).
    :type findings: list of dictionaries, optional
    :param kind: for ``ajukan`` of a version that follows another: ``rilis_baru``, ``perbaikan``
        or ``perubahan_metadata``; as ``satudata_revision_changes`` proposes unless given.
    :type kind: string, optional
    :param reason: with it: what changed and why, for everybody to read; demanded for a
        ``perbaikan`` and where published values change. Else another name of ``note``.
    :type reason: string, optional
    :param release_at: for ``setujui`` and ``jadwalkan``: when it becomes public by itself, to the
        minute, at most five years ahead; local time unless it names a zone; a date alone means
        the configured hour. Not with ``setujui`` where the pembina inspects it next.
    :type release_at: string, optional
    :param inspector: for ``periksa`` and ``alihkan``: name or id of who inspects.
    :type inspector: string, optional
    :param letter: for ``ajukan``: ``nomor`` and ``tanggal`` of the surat pengantar.
    :type letter: dictionary, optional
    :param letter_upload: its scan as multipart file: PDF, PNG or JPEG, at most 10 MB.
    :type letter_upload: file, optional
    :returns: the submission as ``satudata_submission_show`` (``id``, ``state`` and ``version``
        alone for a PPID who stopped what they may not read); after ``revisi`` the new version.
    :rtype: dictionary
    :raises NotAuthorized: not your step, or you wrote this version yourself (403).
    :raises ValidationError: 409; ``conflict`` is ``state`` or ``version`` where the submission is
        not what you saw, ``content`` where the data is not what was handed in, otherwise a field
        says what is missing.
    """
    tk.check_access("satudata_submission_transition", context, data_dict)
    moved, actor = _transition(context, data_dict), actor_of_context(context)
    if not may(actor, Permission.BACA, moved.subject):  # PPID stops what it may not read
        return {"id": moved.id, "state": moved.state, "version": moved.version}
    return describe(moved, actor)


def _transition(context: Any, data: dict[str, Any]) -> Submission:
    actor = actor_of_context(context)
    name = schema.text(data, "transition", 100, needed=True)
    submission = store.named(schema.identifier(data), name)
    asked = {Permission.BACA} | ({Permission.TARIK_DARURAT} if name == EMERGENCY else set())
    if not any(may(actor, each, submission.subject) for each in asked):
        told = tk._("Pengajuan ini tidak ada, atau bukan untuk Anda.")
        if model.is_id(schema.identifier(data)):
            raise tk.NotAuthorized(told)
        raise tk.ObjectNotFound(told)  # by name: as for a name that nobody has
    inspector = schema.text(data, "inspector", 200)
    try:
        release_at = read_time(data.get("release_at"))
    except tk.Invalid as error:
        raise tk.ValidationError({"release_at": [error.error]}) from None
    if name in _INSPECTED_FIRST:
        _inspect_first(submission, actor, name)
    letter: dict[str, Any] = schema.letter(data)
    if data.get("letter_upload"):
        if name != "ajukan":
            raise tk.ValidationError({"letter": [tk._(
                "Langkah ini tidak memakai surat pengantar. Kirim suratnya bersama “ajukan”.")]})
        # Stored before the decision: only for who may hand in, or any reader could fill the disk.
        if may(actor, Permission.AJUKAN, submission.subject):
            letter["berkas"] = letters.keep(data["letter_upload"])
    request = Request(
        name, schema.number(data, "expected_version"), schema.note(data),
        inspector=(actor_of(inspector) or NOBODY) if inspector else None,
        release_at=release_at, letter=letter,
        **({"kind": schema.text(data, "kind", 100), "reason": schema.text(data, "reason", MAX_NOTE)}
           if name == "ajukan" else {}))
    with said_by_ckan():
        result = service.transition(
            submission.id, service.Step(request, schema.findings(data)), actor)
    moved = store.find(result)
    assert moved is not None
    return moved


def _inspect_first(submission: Submission, actor: Actor, name: str) -> None:
    """Have every file inspected as it is now, before anything is stored or locked.

    What is small, or was left lying by the workers, is read here: what nobody looked at is not
    handed in, and no agency waits for a worker that is down. Later on only what was never read.
    """
    handed_in = (submission.status in EDITABLE and name == "ajukan"
                 and may(actor, Permission.AJUKAN, submission.subject))
    decided = (submission.status in OPEN - EDITABLE and name != "ajukan"
               and any(may(actor, each, submission.subject)
                       for each in (Permission.PERIKSA, Permission.PERIKSA_PEMBINA))
               and bool(checked.uninspected_files(submission)))
    if handed_in or decided:
        tk.get_action("satudata_inspection_run")(
            {"ignore_auth": True}, {"id": submission.content_id, "wait": True})


def satudata_revision_start(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Begin the next version of a dataset, or return the one that is under way.

    What is public stays as it is until the new version is inspected and published; then the
    dataset and its files keep their ids. Write to the working copy as to any dataset.

    :param id: id or name of the dataset (or id of its submission).
    :type id: string
    :param note: why, for the event.
    :type note: string, optional
    :returns: the working copy as ``package_show`` gives it, with ``submission`` (as
        ``satudata_submission_show``). Its files name in ``asal_resource_id`` which published
        file they stand for.
    :rtype: dictionary
    :raises NotAuthorized: the dataset is not of your OPD (403).
    :raises ValidationError: 409; it was never published, so there is nothing to revise.
    """
    tk.check_access("satudata_revision_start", context, data_dict)
    actor = actor_of_context(context)
    submission = store.named(schema.identifier(data_dict), "revisi")
    started = store.open_of(submission.package_id)
    if started is None or not store.was_public(submission.package_id):
        started = _transition(context, {
            **data_dict, "transition": "revisi", "expected_version": submission.version})
    elif not may(actor, Permission.REVISI, started.subject):
        raise tk.NotAuthorized(tk._("Pengajuan ini tidak ada, atau bukan untuk Anda."))
    shown: dict[str, Any] = tk.get_action("package_show")(
        tk.fresh_context(context), {"id": started.content_id})
    return {**shown, "submission": describe(started, actor)}


def satudata_submission_transition_bulk(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Move many submissions, each on its own: one that is refused does not stop the others.

    :param items: at most 200, each as ``satudata_submission_transition`` takes.
    :type items: list of dictionaries
    :returns: ``done`` and ``failed`` (numbers) and ``results`` in the order sent, each with
        ``id``, ``success`` and either ``state`` and ``version`` or ``error`` (fields to messages)
        and ``status`` (403, 404, 409).
    :rtype: dictionary
    """
    tk.check_access("satudata_submission_transition_bulk", context, data_dict)
    items = data_dict.get("items")
    if not isinstance(items, list) or not items or len(items) > MAX_BULK:
        raise tk.ValidationError({"items": [tk._(
            "Kirim daftar berisi 1 sampai {limit} pengajuan.").format(limit=MAX_BULK)]})
    # What is withdrawn leaves the search at once, not when the last of many is done.
    hurry = any(isinstance(each, dict) and each.get("transition") in _WITHDRAWALS
                for each in items)
    with nullcontext() if hurry else outbox.held():
        results = [_one(context, each) for each in items]
    done = sum(each["success"] for each in results)
    return {"done": done, "failed": len(results) - done, "results": results}


def _one(context: Any, item: Any) -> dict[str, Any]:
    if not isinstance(item, dict):
        return {"id": None, "success": False, "status": 409,
                "error": {"items": [tk._("Setiap pengajuan berupa objek.")]}}
    identifier = item.get("id") if isinstance(item.get("id"), str) else None
    try:
        moved = _transition(dict(context), item)
    except tk.NotAuthorized as error:
        return {"id": identifier, "success": False, "status": 403,
                "error": {"message": [str(error.message or error)]}}
    except tk.ObjectNotFound as error:
        return {"id": identifier, "success": False, "status": 404,
                "error": {"message": [str(error.message or error)]}}
    except tk.ValidationError as error:
        return {"id": identifier, "success": False, "status": 409, "error": error.error_dict}
    return {"id": identifier, "success": True, "submission_id": moved.id,
            "state": moved.state, "version": moved.version}
