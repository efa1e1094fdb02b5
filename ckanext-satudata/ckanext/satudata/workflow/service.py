"""Carries out transitions: lock, decide, write state and event and outbox, one commit."""
from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata import config
from ckanext.satudata.domain.decision import Facts, Outcome, Request, Rules, decide
from ckanext.satudata.domain.errors import (
    ContentChangedError,
    PersonalDataError,
    StateConflictError,
    TakenNameError,
    UncheckedError,
    UndecidedError,
    UninspectedError,
)
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.roles import Actor, Permission, may
from ckanext.satudata.domain.versions.kinds import Change
from ckanext.satudata.domain.workflow import EDITABLE, EMERGENCY, OPEN, Demand, Effect, State
from ckanext.satudata.shared import moment, outbox
from ckanext.satudata.shared.actor import actor_of
from ckanext.satudata.shared.audit import Event, record
from ckanext.satudata.shared.db import lock, unit_of_work
from ckanext.satudata.shared.doors import open_door
from ckanext.satudata.workflow import checked, gate, publish, seal, store, switch
from ckanext.satudata.workflow.clock import due_at
from ckanext.satudata.workflow.effects import EFFECTS, discard, revise
from ckanext.satudata.workflow.errors import explain
from ckanext.satudata.workflow.model import Finding, Submission
from ckanext.satudata.workflow.tidied import Tidied, tidied

__all__ = ["Step", "authors_of", "facts_of", "publish_existing", "release_due", "rules", "settle",
           "transition"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Step:
    """A transition with what its event keeps beside it.

    :param findings: validated catatan to add with it
    :param extra: further data for the event
    """

    request: Request
    findings: Sequence[dict[str, Any]] = ()
    extra: dict[str, Any] = field(default_factory=dict)


def rules() -> Rules:
    """Return what this government configured."""
    return Rules(config.periksa_pembina(), config.surat_pengantar())


def facts_of(
    submission: Submission, with_gaps: bool = False, with_change: bool = False,
    offered: bool = False,
) -> Facts:
    """Return what a decision needs to know.

    :param with_gaps: count what the law demands and the dataset lacks (reads the dataset)
    :param with_change: compare it with what was published last (reads its tables)
    :param offered: to say what may be done next; the step itself waits for files that are soon
        inspected
    """
    change = _change(submission) if with_change else None
    is_open = submission.status in OPEN
    under_way = checked.being_inspected(submission) if is_open else {}
    notes = checked.unsettled(submission, under_way)
    tables = tidied(submission) if submission.status in EDITABLE else Tidied()
    return Facts(
        state=submission.status, version=submission.version, subject=submission.subject,
        authors=authors_of(submission), submitted_by=submission.submitted_by or "",
        typed_by=submission.on_behalf_by or "", on_behalf=submission.on_behalf,
        prioritas=submission.prioritas,
        blocking=notes.blocking, open_findings=len(notes.all), unanswered=notes.unanswered,
        inspecting=sum(under_way.values()) if offered
        else len(checked.uninspected_files(submission)) if is_open else 0,
        stopping=len(notes.stopping), stopping_names=notes.names, to_explain=notes.to_explain,
        untidy=tables.unready, left_out=tables.left_out, questions=tables.questions,
        gaps=_gaps(submission) if with_gaps else 0,
        change=change,
        revision_open=not is_open and store.open_of(submission.package_id) is not None,
        release_at=submission.release_at,
    )


def authors_of(submission: Submission) -> frozenset[str]:
    """Return the ids of who wrote a version, handed it in or confirmed it."""
    return frozenset(str(each) for each in (
        *submission.editors, submission.submitted_by, submission.created_by,
        submission.on_behalf_by, submission.confirmed_by) if each)


def _gaps(submission: Submission) -> int:
    found = tk.get_action("satudata_completeness_show")(
        {"ignore_auth": True}, {"id": submission.content_id})
    return found["blocking"]


def _change(submission: Submission) -> Change | None:
    """Return what differs from the version that was public last, None for a first version."""
    if submission.status not in EDITABLE:
        return None
    seal.keep_rows(submission)
    model.Session.flush()
    found = tk.get_action("satudata_revision_changes")(
        {"ignore_auth": True}, {"id": submission.id})
    return None if found["number"] is None else Change(
        found["fields"], found["files"], found["past_changed"], found["progress"])


def transition(
    submission_id: str, step: Step, actor: Actor, *, clock: bool = False,
    now: dt.datetime | None = None,
) -> str:
    """Move a submission, or say why not; everything is in one commit.

    :returns: id of the submission that now stands for the dataset's work: the same, or the new
        version a ``revisi`` began
    :raises WorkflowError: one of ``domain/errors.py``; nothing was changed
    """
    now = now or moment.now()
    try:
        with unit_of_work():
            result, keys = _transition(submission_id, step, actor, clock, now)
    except ContentChangedError as error:
        if not clock:  # who puts off a release says why
            seal.note(submission_id, step.request.transition, actor.id, error)
        raise
    settle(keys)
    return result


def settle(keys: Sequence[str]) -> None:
    """Bring tables and index up to a commit; what fails here is tried again by the next drain."""
    tables = [key for key in keys if key.startswith(switch.KIND)]
    if tables:  # their readers wait, whatever else is to be done together
        outbox.drain(limit=len(tables), keys=tables, at_once=True)
    rest = [key for key in keys if key not in tables]
    if rest:
        outbox.drain(limit=len(rest), keys=rest)


def _transition(
    submission_id: str, step: Step, actor: Actor, clock: bool, now: dt.datetime
) -> tuple[str, list[str]]:
    first = model.Session.get(Submission, submission_id)
    if first is None:
        raise tk.ObjectNotFound(tk._("Pengajuan tidak ditemukan."))
    family = store.lock_family(first.package_id)
    submission = next(each for each in family if each.id == submission_id)
    request = replace(step.request, findings=len(step.findings))
    handed_in = request.transition == "ajukan" and may(
        actor, Permission.AJUKAN, submission.subject)
    facts = facts_of(submission, with_gaps=handed_in, with_change=handed_in)
    outcome = decide(facts, request, actor, rules(), now, clock)
    source = submission.status
    public = next((each for each in family if each.status is State.TERBIT), None)
    _add_findings(submission, step.findings, actor, now)
    effect = EFFECTS.get(outcome.transition.effect)
    target = submission
    if outcome.transition.effect is Effect.REVISE:
        target = revise(submission, actor, now)
    else:
        if effect is not None:
            effect(submission, request, actor, outcome, now)
        _move(submission, outcome.target, now)
    event = _record(target, step, actor, source, outcome, now, clock)
    keys = _announce(target, event)
    if outcome.transition.effect is Effect.PUBLISH:
        keys.insert(0, f"{switch.KIND}:{submission.id}")
    if outcome.transition.effect is Effect.CANCEL:
        keys.insert(0, f"{switch.DISCARDED}:{submission.id}")
    if outcome.transition.effect is Effect.PUBLISH and public is not None:
        _record_superseded(public, submission, actor, now)
    if outcome.transition.name == EMERGENCY:
        keys += _withdraw_family(family, submission, actor, now)
    return target.id, keys


def _move(submission: Submission, target: State, now: dt.datetime) -> None:
    if submission.state != target.value:
        submission.state = target.value
        submission.state_since = now
        submission.escalated_at = None
        scheduled = target is State.DISETUJUI and submission.release_at is not None
        submission.due_at = None if scheduled else due_at(target, now)
    submission.version += 1
    submission.modified = now
    model.Session.flush()


def _record(
    submission: Submission, step: Step, actor: Actor, source: State, outcome: Outcome,
    now: dt.datetime, clock: bool,
) -> Event:
    data = dict(step.extra)
    if submission.release_at and outcome.target is State.DISETUJUI:
        data["release_at"] = submission.release_at.isoformat()
    if outcome.transition.demand is Demand.INSPECTOR:
        data["inspector"] = submission.inspector_id
    if outcome.transition.effect is Effect.SUBMIT and submission.letter:
        data["letter"] = _told_of(submission.letter)
    if outcome.kind:
        data |= {"kind": outcome.kind, "reason": step.request.reason.strip()}
    if outcome.transition.effect is Effect.APPROVE:
        data["checklist"] = submission.checklist
    return record(
        "transisi", actor=None if clock else actor.id, at=now, submission_id=submission.id,
        package_id=submission.package_id, transition=outcome.transition.name,
        from_state=source.value, to_state=outcome.target.value, note=step.request.note.strip(),
        content_hash=submission.content_hash, version=submission.version, data=data)


def _told_of(letter: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of a letter for ever; how its scan was called may name a person."""
    told = {name: value for name, value in letter.items() if name != "berkas"}
    scan = letter.get("berkas")
    return {**told, "sha256": scan["sha256"]} if scan else told


def _announce(submission: Submission, event: Event) -> list[str]:
    """Put what has to follow the commit; return the keys to settle at once."""
    outbox.put("transisi", f"transisi:{event.id}", {"event_id": event.id}, event.id)
    key = f"indeks:{event.id}"
    outbox.put("indeks", key, {"packages": sorted({
        submission.package_id, submission.content_id})}, event.id)
    return [key]


def _add_findings(
    submission: Submission, findings: Sequence[dict[str, Any]], actor: Actor, now: dt.datetime
) -> None:
    for number, each in enumerate(findings):
        written = now + dt.timedelta(microseconds=number)  # they stay in the order they came
        model.Session.add(Finding(
            id=str(uuid.uuid4()), submission_id=submission.id, package_id=submission.package_id,
            created_by=actor.id or None, created_at=written, answer="", accepted=False,
            check_name="", **each))
    model.Session.flush()


def _record_superseded(
    before: Submission, after: Submission, actor: Actor, now: dt.datetime
) -> None:
    model.Session.refresh(before)
    record("transisi", actor=actor.id or None, at=now, submission_id=before.id,
           package_id=before.package_id, transition="gantikan", from_state=State.TERBIT.value,
           to_state=before.state, content_hash=before.content_hash, version=before.version,
           data={"by": after.id})


def _withdraw_family(
    family: Sequence[Submission], submission: Submission, actor: Actor, now: dt.datetime
) -> list[str]:
    """The red button stops every version of the dataset, published or under way."""
    keys: list[str] = []
    for each in family:
        if each.id == submission.id or State(each.state) not in OPEN | {State.TERBIT}:
            continue
        source = each.state
        discard(each)  # the way back begins with the dataset, and nobody would end it
        _move(each, State.DITARIK, now)
        event = record(
            "transisi", actor=actor.id or None, at=now, submission_id=each.id,
            package_id=each.package_id, transition=EMERGENCY, from_state=source,
            to_state=State.DITARIK.value, content_hash=each.content_hash, version=each.version,
            data={"with": submission.id})
        keys += _announce(each, event)
    return keys


# ------------------------------------------------------- clock and moving in


def release_due(now: dt.datetime | None = None) -> list[str]:
    """Publish every approved version whose time has come; return the ids of those released.

    Each in a transaction of its own, and skipping what another process works on: any number of
    schedulers release once. One that fails is left for the next look and does not stop others.
    """
    now = now or moment.now()
    due = model.Session.execute(
        sa.select(Submission.id, Submission.package_id)
        .where(Submission.state == State.DISETUJUI.value, Submission.release_at <= now)
        .order_by(Submission.release_at, Submission.id)).all()
    model.Session.rollback()
    with outbox.held():  # many are due at the same minute: the index is told of all together
        return [row.id for row in due if _release(row.id, row.package_id, now)]


def _release(identifier: str, package_id: str, now: dt.datetime) -> bool:
    try:
        family = {each.id: each for each in store.try_lock_family(package_id)}
        due = family.get(identifier)
        if due is None or due.status is not State.DISETUJUI or due.release_at is None:
            model.Session.rollback()  # somebody works on it, or has just decided otherwise
            return False
        transition(identifier, Step(Request("terbitkan", due.version)), Actor(""),
                   clock=True, now=now)
    except UninspectedError:  # it waits, until it is inspected or that failed
        model.Session.rollback()
        _inspect(identifier)
        return False
    except (ContentChangedError, PersonalDataError, TakenNameError, UncheckedError,
            UndecidedError) as error:
        model.Session.rollback()
        _put_off(identifier, package_id, explain(error), now)
        return False
    except Exception:  # whatever is wrong with one dataset, the others have their minute
        model.Session.rollback()
        log.exception("Submission %s could not be released; it is tried again", identifier)
        return False
    return True


def _inspect(identifier: str) -> None:
    """Ask for what a release waits for."""
    try:
        tk.get_action("satudata_inspection_run")({"ignore_auth": True}, {"id": identifier})
    except Exception:
        model.Session.rollback()
        log.exception("The inspection of submission %s could not be asked for", identifier)


def _put_off(identifier: str, package_id: str, why: str, now: dt.datetime) -> None:
    """Take the date off a release that time does not mend, and tell those who can."""
    with unit_of_work():
        submission = next(each for each in store.lock_family(package_id) if each.id == identifier)
        submission.release_at = None
        submission.due_at = due_at(State.DISETUJUI, now)
        _move(submission, State.DISETUJUI, now)
        event = record(
            "transisi", actor=None, at=now, submission_id=submission.id, package_id=package_id,
            transition="batalkan_jadwal", from_state=submission.state, to_state=submission.state,
            note=why, content_hash=submission.content_hash, version=submission.version)
        keys = _announce(submission, event)
    settle(keys)


def publish_existing(package_id: str, actor: Actor, now: dt.datetime | None = None) -> None:
    """Publish data that stood online before this portal, marked "belum diperiksa menurut SDI".

    For whoever runs commands on the server; no action leads here. A version that is under way
    in inspection is not touched.

    :raises StateConflictError: another version is being inspected, or it is restricted without
        its decision
    """
    now = now or moment.now()
    with unit_of_work():
        family = store.lock_family(package_id)
        submission = family[-1]
        if submission.status is State.TERBIT:
            return
        if submission.status is not State.DRAF or submission.content_id != package_id:
            raise StateConflictError(
                N_("Data ini sedang dalam alur pemeriksaan. Tunggu sampai selesai atau batalkan "
                   "dahulu."), submission.state)
        gate.demand(submission, now)
        source = submission.state
        seal.keep_rows(submission, files=False)
        seal.close(submission)
        publish.show(submission, now)
        submission.belum_diperiksa = True
        _move(submission, State.TERBIT, now)
        event = record(
            "pindahan", actor=actor.id or None, at=now, submission_id=submission.id,
            package_id=package_id, from_state=source, to_state=submission.state,
            content_hash=submission.content_hash, version=submission.version)
        key = f"indeks:{event.id}"
        outbox.put("indeks", key, {"packages": [package_id]}, event.id)
    settle([key])


#: What was withdrawn is found by nobody meanwhile; what was published wants to be found soon.
_SOON = (2, 5, 10, 30)


@outbox.handles("indeks", together=True, backoff=_SOON)
def _index(payload: dict[str, Any]) -> None:
    """Make the search index say what the database says."""
    from ckan import logic
    from ckan.lib import search

    for identifier in payload["packages"]:
        lock("indeks", identifier)  # whoever read first writes first, or the older one would stay
        package = model.Session.get(model.Package, identifier)
        if package is None or package.state == "deleted":
            _forget(identifier)
        else:
            logic.index_update_package(
                {"ignore_auth": True, "user": ""}, identifier, defer_commit=True)
    outbox.at_end("indeks", search.commit)  # a commit of the index is what takes long


def _forget(identifier: str) -> None:
    """Take a dataset out of the index as ``search.clear`` does, without a commit for each."""
    from ckan.lib.search.common import make_connection

    quoted = identifier.replace("\\", "").replace('"', "")
    site = tk.config["ckan.site_id"]
    make_connection().delete(
        q=f'+entity_type:package +id:"{quoted}" +site_id:"{site}"', commit=False)


@open_door("pindahan")
def _existing(package_id: str, user: str) -> None:
    publish_existing(package_id, actor_of(user))
