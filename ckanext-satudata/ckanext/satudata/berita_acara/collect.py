"""From a draft and the workflow's records to a document.

The room asks the workflow by its actions, as the person who acts: what they may not see
does not get into their document.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata import config
from ckanext.satudata.berita_acara.model import BeritaAcara
from ckanext.satudata.domain import workdays
from ckanext.satudata.domain.berita_acara.document import (
    BASIS,
    Document,
    Item,
    Note,
    Party,
    Result,
    Severity,
    result_of,
)
from ckanext.satudata.domain.berita_acara.draft import Draft
from ckanext.satudata.domain.workdays import ZONES
from ckanext.satudata.shared import moment

__all__ = ["compose", "default_deadline", "pembina_kinds", "submissions", "today", "walidata"]


def today() -> dt.date:
    """Return the day it is where this government works."""
    return workdays.local(moment.now(), config.zona_waktu()).date()


def default_deadline() -> dt.date | None:
    """Return the day the configured time for mending ends, or ``None`` where none is set."""
    days, zone = config.sla("dikembalikan"), config.zona_waktu()
    if days is None:
        return None
    return workdays.local(
        workdays.add_working_days(moment.now(), days, config.hari_libur(), zone), zone).date()


def walidata() -> Party:
    """Return the walidata's side: its name as people read it."""
    name = config.walidata()
    found = model.Group.get(name) if name else None
    title = config.walidata_nama() or (found.title if found else "") or _("Walidata")
    return Party(found.id if found else "", title)


def submissions(
    user: str, draft: Draft, organization: str, strict: bool = True
) -> list[dict[str, Any]]:
    """Return the workflow's records of the ticked submissions, in the order they were ticked.

    :param strict: refuse what is not there (or not for this person), or is another OPD's;
        otherwise it is left out, so that an old draft can still be opened
    :raises tk.ValidationError: naming the first that is missing
    """
    show = tk.get_action("satudata_submission_show")
    found: list[dict[str, Any]] = []
    for identifier in draft.submissions:
        try:
            record = show({"user": user}, {"id": identifier})
        except (tk.ObjectNotFound, tk.NotAuthorized):
            record = None
        if record is not None and record["owner_org"] == organization:
            found.append(record)
        elif strict:
            raise tk.ValidationError({"submissions": [
                _("Pengajuan “{id}” tidak ada pada instansi ini. Muat ulang halaman, lalu centang "
                  "lagi dari daftar.").format(id=identifier[:60])]})
    return found


def compose(row: BeritaAcara, records: Iterable[Mapping[str, Any]], user: str) -> Document:
    """Return the document as it stands now, without a number.

    :param user: name of who asks; the workflow answers them
    """
    draft = Draft.from_dict(row.draft)
    agency = model.Group.get(row.owner_org)
    author = model.User.get(row.created_by)
    replaced = model.Session.get(BeritaAcara, row.replaces) if row.replaces else None
    zone = config.zona_waktu()
    items = tuple(_item(record, user) for record in records)
    to_mend = any(item.result is Result.DIPERBAIKI for item in items)
    return Document(
        kind=draft.kind, government=config.nama_pemerintah(), walidata=walidata(),
        agency=Party(row.owner_org, (agency.title or agency.name) if agency else row.owner_org),
        place=draft.place, date=draft.date, deadline=draft.deadline if to_mend else None,
        zone=next(name for name, each in ZONES.items() if each == zone), items=items,
        attendees=draft.attendees, notes=draft.notes, basis=(*BASIS, *config.dasar_hukum()),
        prepared_by=(author.fullname or author.name) if author else "",
        replaces=(replaced.number or "") if replaced else "",
    )


def pembina_kinds(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the kinds of data that a pembina was handed: it may read the document."""
    return sorted({str(each.get("jenis_data") or "") for each in records
                   if each.get("at_pembina")} - {""})


def _item(record: Mapping[str, Any], user: str) -> Item:
    result = result_of(record["state"])
    notes = tuple(_note(finding, record) for finding in record["findings"]
                  if finding["shared_at"] and not finding["resolved_at"])
    return Item(
        submission=record["id"], package=record["package_id"], title=record["title"],
        number=record["number"], state=record["state"], result=result,
        priority=bool(record["prioritas"]), content_hash=record["content_hash"] or "", notes=notes,
        remark="" if notes or result is not Result.DIPERBAIKI else _why_returned(record, user))


def _why_returned(record: Mapping[str, Any], user: str) -> str:
    """Return the reason given with the last return, where no catatan says it."""
    events = tk.get_action("satudata_submission_timeline")({"user": user}, {"id": record["id"]})
    for event in events["results"]:
        if event.get("submission_id") == record["id"] and event["to_state"] == record["state"]:
            return str(event.get("note") or "")
    return ""


def _note(finding: Mapping[str, Any], record: Mapping[str, Any]) -> Note:
    return Note(Severity(finding["severity"]), finding["message"],
                _place(finding["place"] or {}, record["package_type"]), finding["how"] or "",
                finding["principle"])


def _place(place: Mapping[str, Any], package_type: str) -> str:
    """Say in the document's Indonesian where a catatan belongs."""
    parts: list[str] = []
    if field := place.get("field"):
        parts.append(f"isian {_field_label(str(field), package_type)}")
    if resource := place.get("resource"):
        found = model.Resource.get(resource)
        kind = "tabel di portal dari berkas" if place.get("beside") else "berkas"
        parts.append(f"{kind} {(found.name if found else '') or resource}")
    if column := place.get("column"):
        parts.append(f"kolom {column}")
    if row := place.get("row"):
        parts.append(f"baris {row}")
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


def _field_label(name: str, package_type: str) -> str:
    # Labels are written in Indonesian in the schema; their translations are for pages.
    schema = tk.h.scheming_get_dataset_schema(package_type) or {}
    for field in schema.get("dataset_fields", []):
        if field["field_name"] == name:
            return str(field.get("label") or name)
    return name
