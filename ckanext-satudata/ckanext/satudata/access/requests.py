"""The steps of a request, each in one commit: lock, decision, row, event, message.

An event says what was done and by whom; who asked, and what for, stands in the request alone,
because no event is ever erased and a person may want to be.
"""
from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.plugins.toolkit import _

from ckanext.satudata import config
from ckanext.satudata.access import grants, request_limits, request_store
from ckanext.satudata.access.request_model import AccessRequest
from ckanext.satudata.domain import requests as law
from ckanext.satudata.domain import workdays
from ckanext.satudata.domain.errors import StateConflictError
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.request_forms import Answer, Asked
from ckanext.satudata.domain.requests import OPEN, STEPS, Party, State
from ckanext.satudata.domain.roles import Actor
from ckanext.satudata.shared import audit, moment, outbox
from ckanext.satudata.shared.db import lock, unit_of_work

__all__ = [
    "KIND", "MAIL", "answer", "cancel", "create", "is_restricted", "lapse", "prove", "today",
    "usual_until",
]

#: Of events, and of the message that tells people of one.
KIND = grants.EVENT
#: Of the message that mails somebody without an account.
MAIL = grants.LETTER
#: Steps such a person hears of by mail; who proves or cancels sees it on the page.
_MAILED = frozenset({"ajukan", "buktikan", "perpanjang", "kabulkan", "kabulkan_sebagian", "tolak"})


def today() -> dt.date:
    """Return the day of the installation."""
    return workdays.local(moment.now(), config.zona_waktu()).date()


def is_restricted(package: Mapping[str, Any]) -> bool:
    """Tell whether a dataset, as ``package_show`` gives it, is public with files that are not."""
    return (package.get("type") == "dataset" and package.get("state") == "active"
            and not package.get("private")
            and package.get("access_rights") in ("terbatas", "tertutup"))


def create(asked: Asked, package: Mapping[str, Any], account: model.User | None) -> AccessRequest:
    """Write down a request and give it the next number of the year.

    Of an account it is received at once. Without one the clock starts with the proof of the
    address: before that nobody could be answered.

    :param package: the dataset as the one who asks may read it
    :raises TooMany: more than one person can mean
    :raises StateConflictError: the account has a request for it that is open
    """
    request_limits.check_computer()
    now, day = moment.now(), today()
    names = {each["id"]: each.get("name") or "" for each in package.get("resources") or []}
    with unit_of_work():
        # One counter a year: whoever waits here sees the number given before, or its rollback.
        lock(KIND, str(day.year))
        user_id = account.id if account is not None else None
        _refuse_second(str(package["id"]), user_id)
        request_limits.check_rows(str(package["id"]), user_id, asked.email, now)
        sequence = 1 + (model.Session.scalar(
            sa.select(sa.func.max(AccessRequest.sequence))
            .where(AccessRequest.year == day.year)) or 0)
        row = AccessRequest(
            id=str(uuid.uuid4()), year=day.year, sequence=sequence,
            number=config.nomor_permohonan().write(sequence, day),
            package_id=str(package["id"]), title=str(package.get("title") or package["name"]),
            owner_org=str(package.get("owner_org") or ""), user_id=user_id,
            name=(account.fullname or account.name) if account is not None else asked.name,
            email=(account.email or "") if account is not None else asked.email,
            institution=asked.institution, purpose=asked.purpose, days=asked.days,
            files=[{"id": each, "name": names.get(each, "")} for each in asked.files],
            state=State.MENUNGGU_BUKTI.value, version=1, created_at=now, extension_reason="",
            answer={})
        model.Session.add(row)
        if account is not None:
            _receive(row, now)
        _tell(row, _record(row, user_id, "ajukan", None))
    return row


def prove(row_id: str) -> AccessRequest:
    """Take the address of a request as proven: the clock starts.

    :raises StateConflictError: it was proven before, or forgotten
    """
    with unit_of_work():
        row = _locked(row_id)
        before = row.status
        law.decide(row.facts(), "buktikan", Party.PEMOHON, moment.now())
        _receive(row, moment.now())
        _tell(row, _record(row, None, "buktikan", before))
    return row


def cancel(row_id: str, actor: Actor | None) -> AccessRequest:
    """Let whoever asked take it back.

    :param actor: the account it was made with; ``None`` for the holder of its personal link
    """
    with unit_of_work():
        row = _locked(row_id)
        before = row.status
        _move(row, "batalkan", Party.PEMOHON, moment.now())
        _tell(row, _record(row, actor.id if actor is not None else None, "batalkan", before))
    return row


def answer(actor: Actor, row_id: str, expected_version: int, given: Answer,
           grant: Any) -> AccessRequest:
    """Answer a request, or take the seven days more.

    :param grant: called in the transaction where files are opened, with the row and the answer;
        returns the id of what it gave
    :raises WorkflowError: not this person, not now, or not what was seen
    """
    now = moment.now()
    with unit_of_work():
        row = _locked(row_id)
        before = row.status
        law.decide(row.facts(), given.step, Party.PPID, now, actor)
        if row.version != expected_version:
            raise StateConflictError(N_(
                "Permohonan ini berubah sejak Anda membukanya. Muat ulang halaman, baca lagi, "
                "lalu jawab."), row.state)
        _move(row, given.step, Party.PPID, now, actor)
        if given.step == "perpanjang":
            assert row.due_at is not None
            row.due_at = law.extended_due(row.due_at, config.hari_libur(), config.zona_waktu())
            row.extended_at, row.extension_reason = now, given.reason
        else:
            row.answered_by = actor.id
            row.answer = {
                "files": list(given.files), "until": given.until and given.until.isoformat(),
                "conditions": given.conditions, "reason": given.reason,
                "grounds": [each.value for each in given.grounds]}
        if STEPS[given.step].files:
            row.grant_id = grant(row, given)
        _tell(row, _record(row, actor.id, given.step, before, note=given.reason))
    return row


def lapse(now: dt.datetime) -> int:
    """Forget who stood behind requests whose address nobody proved in time; return how many.

    The number stays, so that none is missing; the name may be another's, whom somebody typed.
    """
    before = now - dt.timedelta(days=law.PROOF_DAYS)
    found = model.Session.scalars(sa.select(AccessRequest.id).where(
        AccessRequest.state == State.MENUNGGU_BUKTI.value,
        AccessRequest.created_at < before)).all()
    for identifier in found:
        with unit_of_work():
            row = _locked(identifier)
            if row.status is not State.MENUNGGU_BUKTI:
                continue  # proven in this very moment
            _move(row, "lewat_bukti", Party.WAKTU, now)
            row.name = row.email = row.institution = row.purpose = ""
            _record(row, None, "lewat_bukti", State.MENUNGGU_BUKTI)
    return len(found)


def usual_until(row: AccessRequest) -> dt.date:
    """Return the last day of what is asked for, counted from today."""
    return today() + dt.timedelta(days=row.days)


def _receive(row: AccessRequest, now: dt.datetime) -> None:
    row.state = State.MASUK.value
    row.received_at = now
    row.due_at = law.answer_due(now, config.hari_libur(), config.zona_waktu())


def _move(row: AccessRequest, step: str, party: Party, now: dt.datetime,
          actor: Actor | None = None) -> None:
    target = law.decide(row.facts(), step, party, now, actor)
    row.state, row.version = target.value, row.version + 1
    if target not in OPEN:
        row.closed_at = now


def _refuse_second(package_id: str, user_id: str | None) -> None:
    """One open request a person and dataset. Without an account nobody is told of another's."""
    if user_id is None:
        return
    number = model.Session.scalar(sa.select(AccessRequest.number).where(
        AccessRequest.package_id == package_id, AccessRequest.user_id == user_id,
        AccessRequest.closed_at.is_(None)))
    if number is not None:
        raise StateConflictError(N_(
            "Permohonan Anda nomor {number} atas data ini belum dijawab. Tunggu jawabannya, atau "
            "batalkan dahulu."), State.MASUK.value, number=number)


def _locked(identifier: str) -> AccessRequest:
    row = request_store.locked(identifier)
    if row is None:
        raise tk.ObjectNotFound(_("Permohonan ini tidak ada, atau bukan untuk Anda."))
    return row


def _record(
    row: AccessRequest, actor: str | None, step: str, before: State | None, note: str = "",
) -> audit.Event:
    model.Session.flush()
    return audit.record(
        KIND, actor=actor, transition=step, from_state=before.value if before else None,
        to_state=row.state, note=note, version=row.version,
        # Not package_id: the dataset's own timeline is read by more people than its requests.
        data={"request": row.id, "number": row.number, "package": row.package_id,
              "owner_org": row.owner_org})


def _tell(row: AccessRequest, event: audit.Event) -> None:
    outbox.put(KIND, f"{KIND}:{event.id}", {"event_id": event.id}, event_id=event.id)
    if row.user_id is None and event.transition in _MAILED:
        outbox.put(MAIL, f"{MAIL}:{event.id}", {"event_id": event.id}, event_id=event.id)
