"""Recaps begun, changed, accepted, reminded of and closed; each step in one commit."""
from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata import config
from ckanext.satudata.domain import workdays
from ckanext.satudata.domain.intake.links import MAX_DAYS
from ckanext.satudata.domain.intake.recap.merging import MAX_UNITS
from ckanext.satudata.domain.intake.recap.parts import Unit
from ckanext.satudata.recap import board, store
from ckanext.satudata.recap.model import Recap
from ckanext.satudata.recap.schema import Asked
from ckanext.satudata.shared import audit, mail, moment, outbox
from ckanext.satudata.shared.asking import acting
from ckanext.satudata.shared.db import lock, unit_of_work
from ckanext.satudata.shared.refusals import Overtaken

__all__ = ["BATCH", "KIND", "MAIL", "MOST_OPEN", "accept", "close", "create", "remind",
           "update"]

#: Kind of the events of a recap.
KIND = "rekap"
#: Of the message that mails some of its units.
MAIL = "rekap_ingatkan"
#: Units one message mails; a process that dies has at most so many to look at again.
BATCH = 25
#: Recaps of one dataset that are open at once.
MOST_OPEN = 12
#: How long after the last day a link still takes what comes late.
_GRACE = dt.timedelta(days=30)
#: Who was reminded within that is left out where all are.
_QUIET = dt.timedelta(hours=12)


def create(
    package_id: str, asked: Asked, actor_id: str | None, context: Mapping[str, Any]
) -> Recap:
    """Begin a recap with a link for each unit: all of them, or none.

    :raises ValidationError: the dataset has too many open recaps
    """
    with unit_of_work():
        lock("satudata_recap", package_id)
        if store.open_count(package_id) >= MOST_OPEN:
            raise tk.ValidationError({"message": [tk._(
                "Sudah ada {limit} rekap yang terbuka untuk data ini. Tutup yang selesai dahulu.")
                .format(limit=MOST_OPEN)]})
        row = Recap(
            id=str(uuid.uuid4()), package_id=package_id, title=asked.title,
            unit_kind=asked.unit_kind, due_at=asked.due_at, created_by=actor_id,
            created_at=moment.now())
        model.Session.add(row)
        model.Session.flush()
        _ask(row, asked.units, context)
        _tell("mulai", row, actor_id, units=len(asked.units))
    return row


def _ask(row: Recap, units: Collection[Unit], context: Mapping[str, Any]) -> None:
    """Make the links of units; one that has its link already keeps it."""
    tk.get_action("satudata_upload_link_create")(
        acting(context, ignore_auth=True, defer_commit=True), {
            "id": row.package_id, "recap_id": row.id, "expires_at": _link_until(row.due_at),
            "units": [asdict(each) for each in units]})


def _link_until(due_at: dt.datetime | None) -> str:
    """Return the last day of a unit's link: what comes late is taken as well, within limits."""
    today = workdays.local(moment.now(), config.zona_waktu()).date()
    last = today + dt.timedelta(days=MAX_DAYS)
    if due_at is not None:
        last = min(last, workdays.local(due_at + _GRACE, config.zona_waktu()).date())
    return last.isoformat()


def update(
    identifier: str, title: str | None, due_at: dt.datetime | None, units: Collection[Unit],
    actor_id: str | None, context: Mapping[str, Any],
) -> Recap:
    """Change title or last day of a recap, or ask further units; who was asked stays.

    :raises ValidationError: 409, it is closed; more units than a recap may have
    """
    with unit_of_work():
        row = _open(identifier)
        known = {each.unit_code for each in store.links(row.id)}
        new = [each for each in units if each.code not in known]
        if len(known) + len(new) > MAX_UNITS:
            raise tk.ValidationError({"units": [tk._(
                "Satu rekap paling banyak {limit} unit.").format(limit=MAX_UNITS)]})
        row.title, row.due_at = title or row.title, due_at or row.due_at
        model.Session.flush()
        _ask(row, new, context)
        _tell("ubah", row, actor_id, units=len(new))
    return row


def _open(identifier: str) -> Recap:
    row = store.locked(identifier)
    if row.closed_at is not None:
        raise Overtaken("state", "ditutup", tk._("Rekap ini sudah ditutup."))
    return row


def accept(
    row: Recap, codes: Collection[str] | None, context: Mapping[str, Any]
) -> tuple[list[str], list[str]]:
    """Accept what units sent and nothing is in the way of; of those named also what must be mended.

    Each in a commit of its own: one that somebody decided on meanwhile stops no other.

    :returns: names of units accepted, and of those that were not
    """
    done: list[str] = []
    refused: list[str] = []
    take = tk.get_action("satudata_intake_accept")
    for unit in board.full(row, False)["units"]:
        if codes is not None and unit["code"] not in codes:
            continue
        waiting = [each for each in unit["sent"] if each["state"] == "menunggu"]
        if not waiting or (codes is None and not unit["ready"]):
            continue
        try:
            take(acting(context), {"id": waiting[0]["id"]})
        except tk.ValidationError:
            refused.append(unit["name"])
        else:
            done.append(unit["name"])
    return done, refused


def remind(
    row: Recap, codes: Collection[str] | None, actor_id: str | None
) -> dict[str, Any]:
    """Remind units that have not sent, or have to mend: by mail where that is possible.

    :param codes: which; None for all that have not sent, but those that just heard
    :returns: ``mailed`` (how many), and of the others ``by_phone`` and ``by_hand``, as the board
        shows units
    :raises ValidationError: 409, it is closed
    """
    with unit_of_work():
        row = _open(row.id)
        wanted = [unit for unit in board.full(row, True)["units"] if unit["url"] and (
            unit["stand"] == "belum" and not _is_recent(unit) if codes is None
            else unit["code"] in codes and unit["stand"] in ("belum", "perbaiki"))]
        by_mail = [unit for unit in wanted if unit["email"] and mail.is_set_up()]
        rest = [unit for unit in wanted if unit not in by_mail]
        now = moment.now()
        for at in range(0, len(by_mail), BATCH):
            outbox.put(MAIL, f"{MAIL}:{row.id}:{now.isoformat()}:{at}", {
                "recap": row.id, "at": now.isoformat(),
                "links": [each["link_id"] for each in by_mail[at:at + BATCH]]})
        # Of the others only who was named is being written to right now.
        told = by_mail if codes is None else wanted
        store.mark_reminded([each["link_id"] for each in told], now)
        if told:
            _tell("ingatkan", row, actor_id, units=len(told))
    return {"mailed": len(by_mail), "by_phone": [each for each in rest if each["phone"]],
            "by_hand": [each for each in rest if not each["phone"]]}


def _is_recent(unit: Mapping[str, Any]) -> bool:
    """Tell whether a unit was reminded so short ago that a second time would only annoy."""
    return bool(unit["reminded_at"]) and (
        moment.now() - dt.datetime.fromisoformat(unit["reminded_at"]) < _QUIET)


def close(identifier: str, actor_id: str | None, context: Mapping[str, Any]) -> Recap:
    """Close a recap and take its links back: nobody sends in vain.

    :raises ValidationError: 409, it is closed
    """
    with unit_of_work():
        row = _open(identifier)
        row.closed_at = moment.now()
        tk.get_action("satudata_upload_link_revoke")(
            acting(context, ignore_auth=True, defer_commit=True),
            {"id": row.package_id, "recap_id": row.id})
        _tell("tutup", row, actor_id)
    return row


def _tell(what: str, row: Recap, actor_id: str | None, **more: Any) -> None:
    audit.record(KIND, actor=actor_id, package_id=row.package_id, transition=what,
                 data={"id": row.id, **more})
