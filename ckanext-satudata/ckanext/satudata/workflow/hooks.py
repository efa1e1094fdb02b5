"""What every write of a dataset does to its submission, in the same commit.

CKAN calls these inside ``package_create`` and ``package_update``, through which resources are
written too, before it commits. Whatever the caller sent, a dataset is private unless one of its
versions is published.
"""
from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.domain.roles import Permission, Subject, may
from ckanext.satudata.domain.workflow import EDITABLE, OPEN, PUBLIC, State
from ckanext.satudata.shared import moment, outbox
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.audit import record
from ckanext.satudata.workflow import checked, store
from ckanext.satudata.workflow.clock import due_at
from ckanext.satudata.workflow.model import Submission
from ckanext.satudata.workflow.publish import Door, door_of

__all__ = ["after_create", "after_update", "content_written", "ensure"]

#: Session.info: packages that the running transaction entered.
_ENTERED = "satudata_entered"


def after_create(context: Any, data_dict: dict[str, Any]) -> None:
    """Enter a new dataset as a private draft."""
    package = model.Package.get(data_dict["id"])
    if package is None or package.type not in store.KINDS:
        return
    package.private = True
    door = door_of(context)
    _enter(package, context, door)


def after_update(context: Any, data_dict: dict[str, Any]) -> None:
    """Keep visibility as the workflow has it, and note who wrote which version."""
    package = model.Package.get(data_dict["id"])
    if package is None or package.type not in store.KINDS:
        return
    submission = ensure(package, context)
    package.private = not store.is_public(package.id)
    checked.forget_files(submission)
    if door_of(context) is None:
        _written(submission, package, context)


def content_written(context: Any, content_id: str) -> None:
    """Note a write of content that CKAN's dataset hooks do not see (datastore, views, groups).

    To be called inside the transaction that holds the submission's lock. What is written in the
    very transaction that entered the dataset belongs to its first version: nobody saw it without.
    """
    if content_id in model.Session.info.get(_ENTERED, ()):
        return
    package = model.Package.get(content_id)
    submission = store.lock_content(content_id)
    # One that is handed in by now was noted by the commit that let go of the lock.
    if package is not None and submission is not None and submission.status in EDITABLE:
        _written(submission, package, context)


def ensure(package: model.Package, context: Any) -> Submission:
    """Return the submission of a package; enter one that came in beside the actions."""
    found = store.lock_content(package.id)
    return found if found is not None else _enter(package, context, None)


def _enter(package: model.Package, context: Any, door: Door | None) -> Submission:
    now = moment.now()
    actor = actor_of_context(context)
    submission = Submission(
        id=str(uuid.uuid4()),
        package_id=door.revision_of if door and door.revision_of else package.id,
        content_id=package.id, package_type=package.type,
        number=door.number if door and door.revision_of else _first_number(package.id, now),
        state=State.DRAF.value, state_since=now, version=1, created_by=actor.id or None,
        editors=[actor.id] if actor.id else [], letter={}, checklist={}, belum_diperiksa=False,
        created=now, modified=now, due_at=due_at(State.DRAF, now),
    )
    describe(submission, package)
    typed = _note_who_types(submission, actor)
    model.Session.add(submission)
    model.Session.flush()
    model.Session.info.setdefault(_ENTERED, set()).add(package.id)
    if not (door and door.revision_of):
        record("transisi", actor=actor.id or None, at=now, submission_id=submission.id,
               package_id=submission.package_id, transition="mulai", to_state=State.DRAF.value,
               version=1)
    if typed:
        _ask_to_confirm(submission, actor)
    return submission


def _first_number(package_id: str, now: dt.datetime) -> int:
    """Return the number of a new dataset's first version.

    It is 1 unless a sysadmin gives the id of a dataset that was purged: what that one left open
    or public must not lend its state to another dataset.
    """
    before = store.lock_family(package_id)
    for each in before:
        if each.status in OPEN | PUBLIC:
            record("transisi", actor=None, at=now, submission_id=each.id, package_id=package_id,
                   from_state=each.state, to_state=State.DITARIK.value,
                   data={"purged": True})
            each.state = State.DITARIK.value
            each.version += 1
            each.state_since = each.modified = now
    model.Session.flush()
    return 1 + max((each.number for each in before), default=0)


def _written(submission: Submission, package: model.Package, context: Any) -> None:
    actor = actor_of_context(context)
    if actor.id and actor.id not in submission.editors:
        submission.editors = [*submission.editors, actor.id]
    submission.version += 1
    submission.modified = moment.now()
    submission.snapshots = {}  # of rows as they were, which comparisons would take for these
    describe(submission, package)
    if _note_who_types(submission, actor):
        _ask_to_confirm(submission, actor)


@sa.event.listens_for(model.Session, "after_commit")
def _committed(session: Any) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_ENTERED, None)


@sa.event.listens_for(model.Session, "after_rollback")
def _rolled_back(session: Any) -> None:
    session.info.pop(_ENTERED, None)


def describe(submission: Submission, package: model.Package) -> None:
    """Copy what permissions, lists and deadlines ask of the dataset."""
    extras = package.extras or {}
    submission.title = package.title or package.name
    submission.owner_org = package.owner_org or ""
    kind = extras.get("jenis_data") or ""
    if kind != submission.jenis_data:  # another pembina's: handed to none of them yet
        submission.at_pembina = False
    submission.jenis_data = kind
    submission.prioritas = (extras.get("prioritas_tahun") or "[]") != "[]"
    submission.restricted = extras.get("access_rights") in ("terbatas", "tertutup")


def _note_who_types(submission: Submission, actor: Any) -> bool:
    """Entry *atas nama*: who writes without being of the OPD waits for its confirmation.

    :returns: whether the OPD has to be asked now; further keystrokes ask nothing new
    """
    before = submission.on_behalf
    subject = Subject(submission.owner_org, submission.jenis_data)
    if actor.id and not may(actor, Permission.ISI, subject) and may(
            actor, Permission.ISI_ATAS_NAMA, subject):
        submission.on_behalf_by = actor.id
        submission.confirmed_by = submission.confirmed_at = None
    return submission.on_behalf and not before


def _ask_to_confirm(submission: Submission, actor: Any) -> None:
    """Tell the OPD, in the same commit, that somebody typed on its behalf."""
    event = record(
        "atas_nama", actor=actor.id or None, submission_id=submission.id,
        package_id=submission.package_id, from_state=submission.state,
        to_state=submission.state, version=submission.version)
    outbox.put("transisi", f"transisi:{event.id}", {"event_id": event.id}, event.id)
