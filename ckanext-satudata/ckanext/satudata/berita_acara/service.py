"""The steps of a Berita Acara, each in one commit: row lock, decision, document, event, message."""
from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.plugins.toolkit import _

from ckanext.satudata import config
from ckanext.satudata.berita_acara import collect, pdf
from ckanext.satudata.berita_acara.model import BeritaAcara
from ckanext.satudata.domain.berita_acara.document import Confirmation, Document, digest
from ckanext.satudata.domain.berita_acara.draft import Draft
from ckanext.satudata.domain.berita_acara.steps import LABELS, Side, State, decide
from ckanext.satudata.domain.roles import Actor
from ckanext.satudata.shared import audit, moment, outbox
from ckanext.satudata.shared.db import lock, unit_of_work
from ckanext.satudata.shared.refusals import Overtaken

__all__ = ["cancel", "check_url", "confirm", "create", "issue", "print_pdf", "refuse", "update"]

KIND = "berita_acara"


def create(actor: Actor, organization: str, draft: Draft, user: str) -> BeritaAcara:
    """Start a draft; permission was asked before (there is no row to decide on yet)."""
    collect.submissions(user, draft, organization)
    now = moment.now()
    with unit_of_work():
        row = _new(actor, organization, draft, now)
        model.Session.add(row)
        _record(row, actor, "buat", None)
    return row


def update(
    actor: Actor, identifier: str, expected_version: int, draft: Draft, user: str
) -> BeritaAcara:
    """Replace what was typed into a draft.

    :raises tk.ValidationError: it changed since it was seen
    """
    with unit_of_work():
        row = _locked(identifier)
        decide(row.facts(), "ubah", actor)
        if row.version != expected_version:
            raise Overtaken("version", row.state, _(
                "Draf ini diubah orang lain sejak Anda membukanya. Muat ulang halaman, lalu ubah "
                "lagi."))
        collect.submissions(user, draft, row.owner_org)
        row.draft, row.kind = draft.to_dict(), draft.kind.value
        row.version += 1
        row.modified = moment.now()
        _record(row, actor, "ubah", State.DRAF)
    return row


def issue(actor: Actor, identifier: str, expected_hash: str, user: str) -> BeritaAcara:
    """Freeze the content and give it the next number of the year, without a gap.

    :param expected_hash: of the preview the inspector and the OPD looked at
    :raises tk.ValidationError: the results changed since, or the meeting is still to come
    """
    with unit_of_work():
        row = _locked(identifier)
        target, _side = decide(row.facts(), "terbitkan", actor)
        records = collect.submissions(user, Draft.from_dict(row.draft), row.owner_org)
        document = collect.compose(row, records, user)
        _check_issue(row, document, expected_hash)
        now, day = moment.now(), collect.today()
        # One counter a year: whoever waits here sees the number given before, or its rollback.
        lock(KIND, str(day.year))
        sequence = 1 + (model.Session.scalar(
            sa.select(sa.func.max(BeritaAcara.sequence)).where(BeritaAcara.year == day.year)) or 0)
        number = config.nomor_berita_acara().write(sequence, day)
        content = replace(document, number=number, sequence=sequence, issued=day).to_dict()
        row.year, row.sequence, row.number = day.year, sequence, number
        row.content, row.content_hash = content, digest(content)
        row.jenis_data = collect.pembina_kinds(records)
        row.state, row.issued_by, row.issued_at, row.modified = target.value, actor.id, now, now
        event = _record(row, actor, "terbitkan", State.DRAF)
        _tell(event, Side.OPD, Side.WALIDATA)
    return row


def confirm(
    actor: Actor, identifier: str, expected_hash: str, office: str, side: Side | None
) -> BeritaAcara:
    """Confirm the content for one side; the second one makes the PDF that is kept.

    :param expected_hash: of the content the person read
    :param office: their position, as it shall stand in the document
    """
    with unit_of_work():
        row = _locked(identifier)
        target, chosen = decide(row.facts(), "konfirmasi", actor, side)
        if expected_hash != row.content_hash:
            raise Overtaken("version", row.state, _(
                "Sidik isi yang Anda kirim bukan milik dokumen ini. Muat ulang halaman, baca "
                "lagi, lalu konfirmasi."))
        document, now = Document.from_dict(row.content or {}), moment.now()
        party = document.walidata if chosen is Side.WALIDATA else document.agency
        given = Confirmation(
            chosen.value, actor.id, actor.name, office, party.name, now, expected_hash)
        row.confirmations = [
            *row.confirmations, {**asdict(given), "at": now.isoformat()}]
        row.state, row.modified = target.value, now
        if target is State.SAH:
            row.closed_by, row.closed_at = actor.id, now
            row.pdf = _written(row, document, target)
            row.pdf_hash = hashlib.sha256(row.pdf).hexdigest()
        event = _record(row, actor, "konfirmasi", State.MENUNGGU, data={"side": chosen.value})
        if target is State.SAH:
            _enter_timelines(row, actor, document)
        _tell(event, *(Side if target is State.SAH else set(Side) - {chosen}))
    return row


def refuse(actor: Actor, identifier: str, reason: str, side: Side | None) -> BeritaAcara:
    """Refuse an issued document with a reason; what was typed comes back as a new draft.

    :returns: the refused document, which keeps its number
    """
    with unit_of_work():
        row = _locked(identifier)
        target, chosen = decide(row.facts(), "tolak", actor, side)
        now = moment.now()
        row.state, row.reason = target.value, reason
        row.closed_by, row.closed_at, row.modified = actor.id, now, now
        again = _new(None, row.owner_org, Draft.from_dict(row.draft), now)
        again.created_by, again.replaces = row.created_by, row.id
        model.Session.add(again)
        event = _record(row, actor, "tolak", State.MENUNGGU, note=reason,
                        data={"side": chosen.value, "draft": again.id})
        _tell(event, *(set(Side) - {chosen}))
    return row


def cancel(actor: Actor, identifier: str) -> BeritaAcara:
    """Give up a draft; it had no number, so none is missing."""
    with unit_of_work():
        row = _locked(identifier)
        target, _side = decide(row.facts(), "batalkan", actor)
        now = moment.now()
        row.state, row.closed_by, row.closed_at, row.modified = target.value, actor.id, now, now
        _record(row, actor, "batalkan", State.DRAF)
    return row


def print_pdf(row: BeritaAcara, document: Document) -> bytes:
    """Return the PDF: the one kept, or one made now that says it is not confirmed yet."""
    return row.pdf if row.pdf is not None else _written(row, document, State(row.state))


def check_url(content_hash: str) -> str:
    """Return where anybody can look up a hash; it has no language in it."""
    return f"{config.alamat()}/berita-acara/periksa/{content_hash}"


def _written(row: BeritaAcara, document: Document, state: State) -> bytes:
    # The document speaks Indonesian, its foot too: the msgid is the Indonesian text.
    content_hash = row.content_hash or ""
    return pdf.write(
        document, row.confirmed(), content_hash=content_hash,
        check_url=check_url(content_hash), status=LABELS[state], refused=state is State.DITOLAK,
        brand=pdf.Brand(config.warna(), config.warna_2()))


def _check_issue(row: BeritaAcara, document: Document, expected_hash: str) -> None:
    if digest(document.to_dict()) != expected_hash:
        raise Overtaken("version", row.state, _(
            "Hasil pemeriksaan atau isi draf berubah sejak Anda melihatnya. Muat ulang halaman, "
            "baca lagi, lalu terbitkan."))
    if document.date > collect.today():
        raise tk.ValidationError({"date": [_(
            "Pertemuannya belum berlangsung. Terbitkan pada atau setelah tanggal pertemuan, atau "
            "ubah tanggalnya.")]})


def _new(actor: Actor | None, organization: str, draft: Draft, now: dt.datetime) -> BeritaAcara:
    return BeritaAcara(
        id=str(uuid.uuid4()), owner_org=organization, kind=draft.kind.value,
        state=State.DRAF.value, version=1, draft=draft.to_dict(), jenis_data=[], confirmations=[],
        reason="", created_by=actor.id if actor else "", created=now, modified=now)


def _locked(identifier: str) -> BeritaAcara:
    row = model.Session.scalar(
        sa.select(BeritaAcara).where(BeritaAcara.id == identifier)
        .with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise tk.ObjectNotFound(_("Berita acara itu tidak ada."))
    return row


def _record(
    row: BeritaAcara, actor: Actor, step: str, before: State | None, note: str = "",
    data: Mapping[str, Any] | None = None,
) -> audit.Event:
    model.Session.flush()
    return audit.record(
        KIND, actor=actor.id, transition=step, from_state=before.value if before else None,
        to_state=row.state, note=note, content_hash=row.content_hash, version=row.version,
        data={"berita_acara": row.id, "number": row.number, "owner_org": row.owner_org,
              **(data or {})})


def _enter_timelines(row: BeritaAcara, actor: Actor, document: Document) -> None:
    """Write the document into the timeline of every submission it discussed."""
    for item in document.items:
        audit.record(
            KIND, actor=actor.id, submission_id=item.submission, package_id=item.package,
            transition="sah", content_hash=row.content_hash,
            data={"berita_acara": row.id, "number": row.number, "result": item.result.value})


def _tell(event: audit.Event, *sides: Side) -> None:
    for side in sorted(sides, key=lambda each: each.value):
        outbox.put(KIND, f"{KIND}:{event.id}:{side.value}",
                   {"event_id": event.id, "to": side.value}, event_id=event.id)
