"""Personal data in tables of drafts: who inspects sees that it is there, not whose it is.

The columns are those the inspection of the file, or of the table itself, found. Who writes the
draft reads what is written, or a client that mends rows would write the masks back. What becomes
public holds none: the same findings stop its publication.
"""
from __future__ import annotations

import csv
import io
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.satudata.domain.inspection.flow import mask
from ckanext.satudata.domain.roles import Permission, Subject, may
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.table_rows import beside

__all__ = ["masked"]

Data = dict[str, Any]
#: Of other rooms, read by name: what was found last, and whose data it is.
_INSPECTION = sa.table(
    "satudata_inspection", sa.column("resource_id"), sa.column("report", JSONB),
    sa.column("asked_at"))
_SUBMISSION = sa.table("satudata_submission", *(sa.column(each) for each in (
    "content_id", "owner_org", "jenis_data", "number")))


def masked(found: Data, context: Any, resource_id: Any) -> Data:
    """Return what ``datastore_search`` found without personal values, for who does not write it."""
    records = found.get("records")
    if not records or context.get("ignore_auth"):
        return found
    resource = model.Session.get(model.Resource, resource_id) if isinstance(
        resource_id, str) else None
    package = resource and model.Session.get(model.Package, resource.package_id)
    if not package or not package.private:
        return found
    names = _columns(str(resource_id))
    if not names or _writes(context, package.id):
        return found
    fields = [each["id"] for each in found.get("fields") or []]
    found["records"] = _hidden(records, fields, names, str(found.get("records_format") or ""))
    return found


def _columns(resource_id: str) -> set[str]:
    name = _INSPECTION.c.resource_id
    reports = model.Session.scalars(
        sa.select(_INSPECTION.c.report["tables"]).distinct(name)
        .where(name.in_((resource_id, beside(resource_id))), _INSPECTION.c.report.is_not(None))
        .order_by(name, _INSPECTION.c.asked_at.desc()))
    names: set[str] = set()
    for table in (each for tables in reports for each in tables or []):
        personal = set(table.get("masked") or [])
        names |= personal | {
            str(each.get("source_header")) for each in table.get("columns") or []
            if each.get("name") in personal and each.get("source_header")}
    return names


def _writes(context: Any, content_id: str) -> bool:
    row = model.Session.execute(
        sa.select(_SUBMISSION).where(_SUBMISSION.c.content_id == content_id)
        .order_by(_SUBMISSION.c.number.desc()).limit(1)).first()
    actor = actor_of_context(context)
    return row is not None and not actor.sysadmin and may(
        actor, Permission.ISI, Subject(row.owner_org or "", row.jenis_data or ""))


def _hidden(records: Any, fields: list[str], names: set[str], form: str) -> Any:
    at = [number for number, each in enumerate(fields) if each in names]
    if isinstance(records, str):
        dialect = "excel-tab" if form == "tsv" else "excel"
        out = io.StringIO()
        csv.writer(out, dialect, lineterminator="\n").writerows(
            _line(row, at) for row in csv.reader(io.StringIO(records), dialect))
        return out.getvalue()
    if form == "lists":
        return [_line(row, at) for row in records]
    return [{name: mask(value) if name in names else value for name, value in row.items()}
            for row in records]


def _line(row: list[Any], at: list[int]) -> list[Any]:
    return [mask(value) if number in at else value for number, value in enumerate(row)]
