"""A file handed in by a link, by somebody without an account, and what they see of it after.

Who sent is known by a receipt: a random word in the address of their own page, whose hash stands
with the file. Others with the same link have receipts of their own, or none.
"""
from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.plugins.toolkit import _

from ckanext.satudata.domain.intake import links as law
from ckanext.satudata.domain.intake.answers import answered
from ckanext.satudata.domain.intake.states import STATE_LABELS, State, Way
from ckanext.satudata.links import limits, service, store
from ckanext.satudata.links.model import UploadLink
from ckanext.satudata.shared import audit, outbox
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.refusals import Overtaken, invalid

__all__ = ["MARKED", "answer", "marked", "mine", "send", "whole", "without_before"]

_INSPECTION = sa.table("satudata_inspection", sa.column("id"), sa.column("files"),
                       sa.column("stripped_at"))
#: Kind of message that something came; the room of the notices tells whom it concerns.
_TOLD = "kiriman_tautan"
#: Name of the workbook with marks, as the engine calls it.
MARKED = "bertanda.xlsx"
#: What a comparison with the last release says; of restricted data that is not the sender's.
_OF_BEFORE = frozenset({"jump-release", "past-value-changed"})


def send(link: UploadLink, receipt: str, form: Mapping[str, str], upload: Any) -> tuple[str, str]:
    """Hand in a file; return the receipt and the id of the setoran.

    :param receipt: what the sender's browser kept of an earlier file, if anything
    :param form: ``name`` and ``contact``, ``upload_id`` of a finished upload, ``ganti`` (id of
        their own setoran this takes the place of)
    :param upload: the file, unless ``upload_id`` names it
    :raises LinkRefused: the link takes none
    :raises TooOften: it took too many within the hour
    :raises ValidationError: by field: no file, too large, a bad name
    """
    limits.check_send(link.id)
    sender, wrong = law.parse_sender(form)
    invalid(wrong, law.LABELS)
    upload_id = str(form.get("upload_id") or "")[:200]
    if not upload_id:
        _bounded(upload, link.max_bytes)
    with unit_of_work():
        held = store.locked(link.id)
        if held is None:
            raise service.LinkRefused(law.Refusal.TIDAK_DIKENAL)
        before = store.sent_with(held, receipt)
        replaced = _replaced(held, before, str(form.get("ganti") or ""))
        service.check(held, receipt if replaced else "")
        if not before:
            receipt = law.new_receipt()
        event = audit.record(
            service.KIND, actor=None, package_id=held.package_id, transition="kirim",
            data={"link": held.id})
        outbox.put(_TOLD, f"{_TOLD}:{event.id}", {"event_id": event.id}, event_id=event.id)
        made = _handed_in({
            "id": held.package_id, "link_id": held.id, "sender": sender,
            "receipt_sha256": law.hash_of(receipt), "owner": f"tautan:{held.id}",
            **({"upload_id": upload_id} if upload_id else {"upload": upload})})
    for each in replaced:
        with contextlib.suppress(Overtaken):  # decided on just now; the new one came
            tk.get_action("satudata_intake_discard")({"ignore_auth": True, "user": ""}, {
                "id": each, "note": _("Diganti pengirimnya dengan berkas yang lebih baru.")})
    _read_now(made["id"])
    return receipt, made["id"]


def mine(link: UploadLink, receipt: str) -> list[dict[str, Any]]:
    """Return what one sender handed in by a link, newest first, as a list says it.

    :returns: ``id``, ``filename``, ``created_at``, ``state`` and ``state_label``: their page asks
        for itself again and again while one is read, so only :func:`whole` loads what was found
    """
    return [{"id": each.id, "filename": each.filename, "state": each.state,
             "state_label": _(STATE_LABELS[State(each.state)]),
             "created_at": each.created_at.astimezone(dt.timezone.utc).isoformat()}
            for each in store.sent_with(link, receipt)]


def whole(link: UploadLink, identifier: str) -> dict[str, Any]:
    """Return one of :func:`mine` as ``satudata_intake_show`` does, with what was found in it."""
    return without_before(_shown(identifier), link)


def answer(identifier: str, shown: Mapping[str, Any], sent: Mapping[str, str]) -> bool:
    """Keep a sender's answers to what was asked of their file, and have it read again.

    :param identifier: of their setoran
    :param shown: its ``inspection`` as they see it
    :param sent: the form, as ``domain/intake/answers.py`` reads it
    :returns: whether anything was answered
    :raises ValidationError: it was decided on meanwhile, or the answers are none
    """
    recipe = model.Session.scalar(
        sa.select(store.INTAKE.c.recipe).where(store.INTAKE.c.id == identifier)) or {}
    corrected = answered(recipe, shown.get("report") or {}, sent)
    if corrected is None:
        return False
    tk.get_action("satudata_intake_correct")({"ignore_auth": True, "user": ""}, {
        "id": identifier, "recipe": corrected})
    _read_now(identifier)
    return True


def marked(shown: Mapping[str, Any]) -> str | None:
    """Return the hash of the workbook with marks that was made of a file, if there is one.

    :param shown: its ``inspection`` as its sender sees it
    """
    if MARKED not in (shown.get("files") or []):
        return None
    found = model.Session.execute(sa.select(_INSPECTION).where(
        _INSPECTION.c.id == shown["id"], _INSPECTION.c.stripped_at.is_(None))).first()
    return (found.files or {}).get(MARKED) if found is not None else None


def _handed_in(data: dict[str, Any]) -> dict[str, Any]:
    try:
        return tk.get_action("satudata_intake_create")(
            {"ignore_auth": True, "user": ""}, {**data, "way": Way.TAUTAN.value})
    except (tk.ObjectNotFound, tk.NotAuthorized) as error:
        raise tk.ValidationError({"upload": [_(
            "Unggahan berkas ini tidak ditemukan lagi. Pilih berkasnya sekali lagi.")]}) from error


def _shown(identifier: str) -> dict[str, Any]:
    return tk.get_action("satudata_intake_show")({"ignore_auth": True}, {"id": identifier})


def without_before(shown: dict[str, Any], link: UploadLink) -> dict[str, Any]:
    """Leave out what quotes the last release, unless anybody may read that."""
    inspection = shown.get("inspection") or {}
    report = inspection.get("report")
    if not report or _is_open(link.package_id):
        return shown
    findings = [each for each in report.get("findings") or [] if each["code"] not in _OF_BEFORE]
    files = inspection.get("files") or []
    tables = [_own_rows(each) for each in report.get("tables") or []]
    if len(findings) < len(report.get("findings") or []):
        files = [each for each in files if each != MARKED]
    return {**shown, "inspection": {
        **inspection, "files": files, "report": {
            **report, "tables": tables, "findings": [
                {**each, "row": each["row"] - _before(report, each)} if each.get("row") else each
                for each in findings]}}}


def _own_rows(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table without the published rows that were put before the sender's own."""
    kept = int((table.get("release") or {}).get("kept") or 0)
    return dict(table) if not kept else {
        **table, "rows": table["rows"][kept:], "n_rows": table["n_rows"] - kept, "profile": {},
        "marked": [{**each, "row": each["row"] - kept} for each in table.get("marked") or []
                   if each["row"] > kept]}


def _before(report: Mapping[str, Any], finding: Mapping[str, Any]) -> int:
    """Return how many published rows stand before the sender's in the table of a finding."""
    return next((int((each.get("release") or {}).get("kept") or 0)
                 for each in report.get("tables") or []
                 if each["number"] == finding.get("table")), 0)


def _is_open(package_id: str) -> bool:
    """Tell whether everybody may open the last release; one there never was says nothing.

    A draft that lifts a restriction opens nothing yet, and what was withdrawn is read by nobody.
    """
    if store.dataset_of(package_id).subject.restricted:
        return False
    if not store.was_published(package_id):
        return True
    try:
        tk.check_access("satudata_file_open", {"user": "", "model": model}, {"id": package_id})
    except tk.NotAuthorized:
        return False
    return True


def _replaced(link: UploadLink, before: Sequence[sa.Row[Any]], named: str) -> list[str]:
    """Return which of a sender's own files a new one takes the place of: such as still wait."""
    waiting = [each.id for each in before if each.state == State.MENUNGGU.value]
    return waiting if link.single else [each for each in waiting if each == named]


def _bounded(upload: Any, most: int) -> None:
    if upload is None or not getattr(upload, "filename", ""):
        raise tk.ValidationError({"upload": [_("Pilih berkasnya dahulu, lalu tekan Kirim.")]})
    size = upload.stream.seek(0, 2)
    upload.stream.seek(0)
    if size > most:
        raise tk.ValidationError({"upload": [_(
            "Berkas ini {size}, batasnya {limit}. Bagi menjadi beberapa berkas, atau simpan "
            "sebagai CSV.").format(size=tk.h.satudata_size(size), limit=tk.h.satudata_size(most))]})


def _read_now(identifier: str) -> None:
    """Read a small file before the sender's page comes; a large one is read by a worker."""
    try:
        tk.get_action("satudata_inspection_run")({"ignore_auth": True}, {
            "resource_id": f"setoran/{identifier}", "wait": True})
    except tk.ValidationError:  # asked for too often: a worker reads it, and the page says so
        model.Session.rollback()
