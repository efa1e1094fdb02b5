"""API actions on catatan pemeriksaan and on the checklist of the four principles."""
from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.inspection.flow import is_unchecked
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.roles import Actor, Permission, may
from ckanext.satudata.domain.workflow import EDITABLE, STATE_LABELS, State
from ckanext.satudata.shared import moment
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.audit import record
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.workflow import schema, service, store
from ckanext.satudata.workflow.errors import StateConflict, VersionConflict
from ckanext.satudata.workflow.model import Finding, Submission
from ckanext.satudata.workflow.show import describe, finding_dict

__all__ = [
    "satudata_checklist_update",
    "satudata_finding_answer",
    "satudata_finding_create",
    "satudata_finding_resolve",
]

#: Who inspects in which state.
_INSPECTION = {
    State.DIPERIKSA_WALIDATA: Permission.PERIKSA,
    State.DIPERIKSA_PEMBINA: Permission.PERIKSA_PEMBINA,
    State.DIKEMBALIKAN_PEMBINA: Permission.TERUSKAN,
}
_NOT_YOURS = N_("Pengajuan ini tidak ada, atau bukan untuk Anda.")


def satudata_finding_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Note a catatan pemeriksaan while inspecting; the producer gets it with *kembalikan*.

    :param id: id of the submission, or id or name of its dataset.
    :type id: string
    :param principle: code of ``prinsip``.
    :type principle: string
    :param severity: ``wajib`` (stops approval), ``sebaiknya`` or ``saran``.
    :type severity: string
    :param message: what is wrong.
    :type message: string
    :param how: how to mend it.
    :type how: string, optional
    :param code: code of ``alasan_periksa``.
    :type code: string, optional
    :param place: ``field``, or ``resource``, ``column``, ``row``.
    :type place: dictionary, optional
    :param proposed: ``field`` and ``value``, accepted by the producer with one tap.
    :type proposed: dictionary, optional
    :returns: the catatan, with its ``id``.
    :rtype: dictionary
    """
    tk.check_access("satudata_finding_create", context, data_dict)
    actor = actor_of_context(context)
    submission = _submission(schema.identifier(data_dict))
    content = schema.finding(data_dict)
    with unit_of_work():
        submission = _locked(submission)
        _check_inspects(submission, actor)
        found = Finding(
            id=str(uuid.uuid4()), submission_id=submission.id, package_id=submission.package_id,
            created_by=actor.id, created_at=_now(), answer="", accepted=False, check_name="",
            **content)
        model.Session.add(found)
        model.Session.flush()
        _recorded(submission, actor, "catatan_dibuat", found)
        shown = finding_dict(found)
    return shown


def satudata_finding_answer(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Answer a catatan as its producer, or accept the value it proposes.

    Accepting writes the value into the draft, as the form would, and answers the catatan. One that
    is returned again unresolved waits for an answer again (``answered`` is false); what was said
    before stays in the history.

    :param id: id of the catatan.
    :type id: string
    :param answer: what was mended, or why it is right; at most 5,000 characters.
    :type answer: string, optional with ``accept``
    :param accept: take over the proposed value.
    :type accept: boolean, optional
    :returns: the catatan.
    :rtype: dictionary
    :raises ValidationError: 409 unless the version is a draft or was returned.
    """
    tk.check_access("satudata_finding_answer", context, data_dict)
    actor = actor_of_context(context)
    found, submission = _finding(data_dict)
    if found.shared_at is None or not may(actor, Permission.AJUKAN, submission.subject):
        raise tk.NotAuthorized(tk._(_NOT_YOURS))
    accept = bool(schema.flag(data_dict, "accept"))
    answer = schema.text(data_dict, "answer", 5000, needed=not accept)
    _check_editable(submission)
    if accept:
        _take_over(context, found, submission)
    with unit_of_work():
        submission = _locked(submission)
        _check_editable(submission)
        found = _again(found)
        found.answer = answer or tk._("Usulan diterima.")
        found.answered_by, found.answered_at = actor.id, _now()
        found.accepted = accept
        _recorded(submission, actor, "catatan_dijawab", found, answer=found.answer)
        shown = finding_dict(found)
    return shown


def satudata_finding_resolve(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Close a catatan as its inspector: it was mended, or it was mistaken.

    What a check found may be set aside while the producer still holds the data too: a check may be
    mistaken, and until then it stops the hand-in. Of a file that could not be inspected the
    walidata writes in ``note`` how they looked into it by hand; it counts for these bytes alone.

    :param id: id of the catatan.
    :type id: string
    :param withdraw: it was a mistake; one the producer never got disappears.
    :type withdraw: boolean, optional
    :param reopen: it is not mended after all.
    :type reopen: boolean, optional
    :param note: why.
    :type note: string, optional
    :returns: the catatan.
    :rtype: dictionary
    :raises ValidationError: 409 unless the version is being inspected.
    """
    tk.check_access("satudata_finding_resolve", context, data_dict)
    actor = actor_of_context(context)
    found, submission = _finding(data_dict)
    withdraw = bool(schema.flag(data_dict, "withdraw"))
    reopen = bool(schema.flag(data_dict, "reopen"))
    note = schema.note(data_dict)
    with unit_of_work():
        submission = _locked(submission)
        _check_settles(found, submission, actor)
        if is_unchecked(found.check_name) and not reopen:
            _check_by_hand(submission, actor, note)
        found = _again(found)
        if withdraw:
            found.withdrawn_at = _now()
            found.resolved_by, found.resolved_at = actor.id, _now()
        elif reopen:
            found.resolved_by = found.resolved_at = None
        else:
            found.resolved_by, found.resolved_at = actor.id, _now()
        _recorded(submission, actor,
                  "catatan_dicabut" if withdraw else
                  "catatan_dibuka" if reopen else "catatan_selesai", found, note)
        shown = finding_dict(found)
    return shown


def satudata_checklist_update(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Keep the result for each of the four principles while inspecting (art. 34).

    :param id: id of the submission, or id or name of its dataset.
    :type id: string
    :param expected_version: the ``version`` you saw.
    :type expected_version: integer
    :param checklist: principle (code of ``prinsip``) to ``hasil`` (code of ``hasil_periksa``),
        ``alasan`` (codes of ``alasan_periksa``), ``catatan``; what is left out stays.
    :type checklist: dictionary
    :returns: the submission as ``satudata_submission_show``.
    :rtype: dictionary
    """
    tk.check_access("satudata_checklist_update", context, data_dict)
    actor = actor_of_context(context)
    submission = _submission(schema.identifier(data_dict))
    given = schema.checklist(data_dict)
    seen = schema.number(data_dict, "expected_version")
    with unit_of_work():
        submission = _locked(submission)
        _check_inspects(submission, actor)
        if seen != submission.version:
            raise VersionConflict(tk._(
                "Data berubah sejak Anda melihatnya. Muat ulang halaman, lalu isi lagi."),
                submission.version)
        submission.checklist = {**submission.checklist, **given}
        submission.modified = _now()
        model.Session.flush()
    return describe(submission, actor)


def _take_over(context: Any, found: Finding, submission: Submission) -> None:
    """Write the proposed value as the producer who accepts it."""
    if not found.proposed:
        raise tk.ValidationError({"accept": [tk._(
            "Catatan ini tidak memuat usulan nilai. Perbaiki datanya, lalu tulis jawaban.")]})
    tk.get_action("package_patch")(
        {"user": context.get("user"), "auth_user_obj": context.get("auth_user_obj")},
        {"id": submission.content_id, found.proposed["field"]: found.proposed["value"]})


def _submission(identifier: str) -> Submission:
    found = store.find(identifier)
    if found is None:
        raise tk.NotAuthorized(tk._(_NOT_YOURS))
    return found


def _finding(data_dict: dict[str, Any]) -> tuple[Finding, Submission]:
    found = model.Session.get(Finding, schema.identifier(data_dict))
    if found is None or found.withdrawn_at is not None:
        raise tk.NotAuthorized(tk._(_NOT_YOURS))
    return found, _submission(found.submission_id)


def _locked(submission: Submission) -> Submission:
    return next(each for each in store.lock_family(submission.package_id)
                if each.id == submission.id)


def _again(found: Finding) -> Finding:
    fresh = model.Session.get(Finding, found.id, populate_existing=True)
    assert fresh is not None
    return fresh


def _check_inspects(submission: Submission, actor: Actor) -> None:
    wanted = _INSPECTION.get(submission.status)
    asked = [wanted] if wanted else _INSPECTION.values()
    # A pembina before it is handed over: may inspect its kind, but learns no state of it yet.
    if not may(actor, Permission.BACA, submission.subject) or not any(
            may(actor, each, submission.subject) for each in asked):
        raise tk.NotAuthorized(tk._(_NOT_YOURS))
    if wanted is None:
        raise StateConflict(tk._(
            "Catatan hanya bisa diubah selama pemeriksaan; data ini berstatus “{status}”.").format(
                status=tk._(STATE_LABELS[submission.status])), submission.state)


def _check_settles(found: Finding, submission: Submission, actor: Actor) -> None:
    checks_own = bool(found.check_name) and submission.status in EDITABLE
    if not (checks_own and may(actor, Permission.PERIKSA, submission.subject)):
        _check_inspects(submission, actor)


def _check_by_hand(submission: Submission, actor: Actor, note: str) -> None:
    """Let pass the walidata, who did not write it, saying how they looked into a file."""
    if (not may(actor, Permission.PERIKSA, submission.subject)
            or actor.id in service.authors_of(submission)):
        raise tk.NotAuthorized(tk._(
            "Hanya Walidata yang tidak ikut menyusun data ini yang menyatakan berkasnya diperiksa "
            "manual."))
    if not note.strip():
        raise tk.ValidationError({"note": [tk._(
            "Tulis catatan “diperiksa manual”: apa yang Anda lihat, dan bahwa tidak ada data "
            "pribadi di berkas ini.")]})


def _check_editable(submission: Submission) -> None:
    if submission.status not in EDITABLE:
        raise StateConflict(tk._(
            "Catatan dijawab selama data masih di instansi; data ini berstatus “{status}”.").format(
                status=tk._(STATE_LABELS[submission.status])), submission.state)


def _recorded(
    submission: Submission, actor: Actor, what: str, found: Finding, note: str = "",
    **more: str,
) -> None:
    record("catatan", actor=actor.id, submission_id=submission.id,
           package_id=submission.package_id, transition=what, note=note,
           version=submission.version, data={"finding": found.id, **more})


def _now() -> dt.datetime:
    return moment.now()
