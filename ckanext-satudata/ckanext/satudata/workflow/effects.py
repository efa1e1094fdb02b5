"""What a transition does beside changing the state, in the transaction of the transition."""
from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.domain.decision import Outcome, Request
from ckanext.satudata.domain.errors import StateConflictError
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.roles import Actor, Permission, may
from ckanext.satudata.domain.workflow import EMERGENCY, Effect, State
from ckanext.satudata.shared import outbox
from ckanext.satudata.workflow import (
    checked,
    contributors,
    gate,
    publish,
    revision,
    seal,
    store,
    switch,
)
from ckanext.satudata.workflow.clock import due_at, planned_release
from ckanext.satudata.workflow.model import Finding, Submission

__all__ = ["EFFECTS", "discard", "revise"]


def _confirm(
    submission: Submission, request: Request, actor: Actor, outcome: Outcome, now: dt.datetime
) -> None:
    submission.confirmed_by, submission.confirmed_at = actor.id, now


def _submit(
    submission: Submission, request: Request, actor: Actor, outcome: Outcome, now: dt.datetime
) -> None:
    before = submission.submitted_by
    if before and before != actor.id and before not in submission.editors:
        submission.editors = [*submission.editors, before]
    contributors.add_contributors(submission)
    submission.submitted_by, submission.submitted_at = actor.id, now
    submission.kind, submission.reason = outcome.kind, request.reason.strip()
    if request.letter:
        submission.letter = dict(request.letter)
    checked.explain(submission, submission.reason, actor.id, now)
    signs = may(actor, Permission.TANDA_TANGAN, submission.subject) and not actor.sysadmin
    submission.signed_by = actor.id if signs else None
    package = model.Session.get(model.Package, submission.content_id)
    if package is not None and package.state == "draft":  # the form's first step was never left
        package.state = model.State.ACTIVE
    seal.close(submission)


def _inspect(
    submission: Submission, request: Request, actor: Actor, outcome: Outcome, now: dt.datetime
) -> None:
    submission.inspector_id = request.inspector.id if request.inspector else actor.id


def _return(
    submission: Submission, request: Request, actor: Actor, outcome: Outcome, now: dt.datetime
) -> None:
    # All that is still open, what came back before as well: it is to be answered once more.
    model.Session.execute(
        sa.update(Finding)
        .where(Finding.submission_id == submission.id, Finding.withdrawn_at.is_(None),
               sa.or_(Finding.resolved_at.is_(None), Finding.shared_at.is_(None)))
        .values(shared_at=now))
    submission.release_at = submission.approved_by = submission.approved_at = None


def _approve(
    submission: Submission, request: Request, actor: Actor, outcome: Outcome, now: dt.datetime
) -> None:
    seal.demand(submission)
    if outcome.target is State.DIPERIKSA_PEMBINA:
        submission.at_pembina = True
        return
    if submission.status is State.DIPERIKSA_PEMBINA:
        submission.pembina_id = actor.id
    submission.approved_by, submission.approved_at = actor.id, now
    package = model.Session.get(model.Package, submission.content_id)
    extras = (package.extras if package is not None else None) or {}
    submission.release_at = request.release_at or planned_release(extras, now)


def _schedule(
    submission: Submission, request: Request, actor: Actor, outcome: Outcome, now: dt.datetime
) -> None:
    submission.release_at = request.release_at
    submission.due_at = None


def _unschedule(
    submission: Submission, request: Request, actor: Actor, outcome: Outcome, now: dt.datetime
) -> None:
    submission.release_at = None
    submission.due_at = due_at(State.DISETUJUI, now)


def _publish(
    submission: Submission, request: Request, actor: Actor, outcome: Outcome, now: dt.datetime
) -> None:
    switch.await_journal(submission)
    gate.demand(submission, now)
    seal.demand(submission)
    # The one that is public now makes room first: the database allows one at a time.
    model.Session.execute(
        sa.update(Submission)
        .where(Submission.package_id == submission.package_id,
               Submission.state == State.TERBIT.value)
        .values(state=State.DIGANTIKAN.value, state_since=now, due_at=None,
                version=Submission.version + 1, modified=now))
    if submission.content_id != submission.package_id:
        tables = revision.receive(submission, actor)
        if tables["take"] or tables["drop"]:
            outbox.put(switch.KIND, f"{switch.KIND}:{submission.id}", tables)
    publish.show(submission, now)


def _withdraw(
    submission: Submission, request: Request, actor: Actor, outcome: Outcome, now: dt.datetime
) -> None:
    publish.hide(submission.package_id, now, outcome.transition.name == EMERGENCY)
    discard(submission)


def _cancel(
    submission: Submission, request: Request, actor: Actor, outcome: Outcome, now: dt.datetime
) -> None:
    discard(submission)


def discard(submission: Submission) -> None:
    """Take the working copy of a version that comes to nothing out of use, with its tables."""
    if submission.content_id != submission.package_id and submission.published_at is None:
        revision.discard(submission)
        switch.discarded(submission)


#: What carries out each effect; ``revisi`` begins a version of its own (:func:`revise`).
EFFECTS: Mapping[Effect, Callable[[Submission, Request, Actor, Outcome, dt.datetime], None]] = {
    Effect.CONFIRM: _confirm,
    Effect.SUBMIT: _submit,
    Effect.INSPECT: _inspect,
    Effect.RETURN: _return,
    Effect.APPROVE: _approve,
    Effect.SCHEDULE: _schedule,
    Effect.UNSCHEDULE: _unschedule,
    Effect.PUBLISH: _publish,
    Effect.WITHDRAW: _withdraw,
    Effect.CANCEL: _cancel,
}


def revise(submission: Submission, actor: Actor, now: dt.datetime) -> Submission:
    """Begin the next version: a working copy of what is public, or of what was withdrawn.

    :raises StateConflictError: the dataset was purged since
    """
    versions = store.of_package(submission.package_id)
    # A cancelled attempt leaves no gap: what was never public does not count.
    number = 1 + max((each.number for each in versions if each.published_at), default=0)
    package = model.Session.get(model.Package, submission.package_id)
    if package is None:
        raise StateConflictError(N_(
            "Data ini sudah dihapus dari portal, jadi tidak bisa diperbaiki. Buat dataset baru."),
            submission.state)
    if submission.status is State.TERBIT:
        following = revision.start(submission, actor, number)
    else:
        following = Submission(
            id=str(uuid.uuid4()), package_id=submission.package_id,
            content_id=submission.package_id, package_type=submission.package_type,
            title=submission.title, owner_org=submission.owner_org, number=number,
            state=State.DRAF.value, state_since=now, due_at=due_at(State.DRAF, now), version=1,
            jenis_data=submission.jenis_data, prioritas=submission.prioritas,
            restricted=submission.restricted, created_by=actor.id, editors=[actor.id], letter={},
            checklist={}, belum_diperiksa=False, created=now, modified=now)
        model.Session.add(following)
    _hand_down(versions, following)
    model.Session.flush()
    return following


def _hand_down(versions: Sequence[Submission], following: Submission) -> None:
    """Let a version keep the authors of content that nobody approved since they wrote it.

    A draft stopped by the red button, an attempt to mend withdrawn data that was cancelled, and
    data that was moved here all leave their text to the next version: four eyes and the
    producer's confirmation would not see who wrote it.
    """
    before = next((each for each in versions
                   if each.content_id == each.package_id or each.published_at is not None), None)
    if before is None or before.approved_at is not None:
        return
    wrote = (before.created_by, *before.editors, before.submitted_by, before.confirmed_by,
             *contributors.contributors_of(before))
    following.editors = list(dict.fromkeys(
        each for each in (*following.editors, *wrote) if each))
    following.on_behalf_by = before.on_behalf_by
    following.confirmed_by, following.confirmed_at = before.confirmed_by, before.confirmed_at
