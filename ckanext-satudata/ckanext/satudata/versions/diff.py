"""What changed from one version to another, put together from words, files and tables."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.loading.problems import Problem
from ckanext.satudata.domain.versions.fields import difference, said
from ckanext.satudata.domain.versions.kinds import Change, propose
from ckanext.satudata.domain.workflow import OPEN
from ckanext.satudata.versions import diff_files, diff_job
from ckanext.satudata.versions.diff_files import Given, Pair
from ckanext.satudata.versions.model import Version, VersionFile

__all__ = ["change_of", "describe", "draft_of", "last_version", "with_labels"]

#: Of another room (workflow/), of which only this is asked: the version under way.
_SUBMISSION = sa.table(
    "satudata_submission", sa.column("id"), sa.column("package_id"), sa.column("content_id"),
    sa.column("state"), sa.column("number"), sa.column("snapshots", sa.dialects.postgresql.JSONB))
_OPEN = [each.value for each in OPEN]


def draft_of(package_id: str) -> Any:
    """Return content_id, id, state and snapshots of the version under way, or None."""
    return model.Session.execute(
        sa.select(_SUBMISSION.c.content_id, _SUBMISSION.c.id, _SUBMISSION.c.state,
                  _SUBMISSION.c.snapshots, _SUBMISSION.c.package_id)
        .where(_SUBMISSION.c.state.in_(_OPEN), sa.or_(
            _SUBMISSION.c.package_id == package_id, _SUBMISSION.c.content_id == package_id,
            _SUBMISSION.c.id == package_id))
        .order_by(_SUBMISSION.c.number.desc()).limit(1)).first()


def last_version(package_id: str) -> Version | None:
    """Return the version published last, withdrawn or not."""
    return model.Session.scalars(
        sa.select(Version).where(Version.package_id == package_id)
        .order_by(Version.number.desc()).limit(1)).first()


def change_of(draft: Any) -> tuple[Change, int | None]:
    """Return how the version under way differs from the one published last, and its number.

    What cannot be compared row by row counts as changed: nobody can say that it is not.
    """
    before = last_version(draft.package_id)
    if before is None:
        return Change(), None
    shown = tk.get_action("package_show")(
        {"ignore_auth": True, "use_cache": False}, {"id": draft.content_id})
    found = pairs_with_draft(before, shown, draft.snapshots)
    fields = len(difference(said(before.content), said(shown)))
    fields += sum(len(_fields(each)) for each in found if each.old and each.new)
    asked = diff_files.asked(found)
    rows = diff_job.compared(asked.values())
    past, shares, pending = 0, [], False
    for each in found:
        if not each.moved or each.old is None:
            continue
        row = rows[asked[each.any.resource_id].id] if each.any.resource_id in asked else None
        if row is not None and row["finished_at"] is None:
            pending = True
            shares.append(row["progress"])
        elif row is not None and row["state"] == "siap":
            past += row["result"]["past_changed"]
        elif each.new is None or each.old.figures or each.new.figures:
            past += 1
    return Change(
        fields, sum(each.moved for each in found), None if pending else past,
        min(99, sum(shares) // len(shares)) if shares else 100), before.number


def pairs_with_draft(
    before: Version, shown: Mapping[str, Any], snapshots: Mapping[str, str] | None
) -> list[Pair]:
    """Return the files of a published version beside those of the version under way."""
    files = model.Session.scalars(
        sa.select(VersionFile).where(VersionFile.submission_id == before.submission_id)
        .order_by(VersionFile.position)).all()
    old = diff_files.of_version(before.content, files)
    return diff_files.pairs(old, diff_files.of_draft(shown, old, snapshots))


def proposed(change: Change) -> str | None:
    """Return the kind that fits, None while it is not known."""
    return None if change.past_changed is None else propose(change).value


def describe(
    found: Sequence[Pair], opens: Mapping[str, bool], addresses: Mapping[str, str], kind: str,
    user: str | None,
) -> list[dict[str, Any]]:
    """Return the files of a comparison.

    :param opens: which of them (by resource) the reader may open in both versions: without it
        counts alone are told, and no value: neither a column's name, which is a value where a
        table has no header, nor the end of an address elsewhere
    :param addresses: where the full list of each is
    :param kind: dataset type, for labels
    :param user: who asks, None for nobody
    """
    asked = diff_files.asked(found)
    rows = diff_job.compared(asked.values(), user=user)
    described: list[dict[str, Any]] = []
    for each in found:
        name = each.any.resource_id
        told = opens.get(name, False)
        fields = _fields(each) if each.old and each.new else []
        row = rows[asked[name].id] if name in asked else None
        described.append({
            "resource_id": name, "name": each.any.name or _filename(each.any, told),
            "status": "baru" if each.old is None else "hapus" if each.new is None else (
                "ubah" if each.moved or fields else "sama"),
            "fields": with_labels(fields, kind, "resource_fields"),
            "file": {"same": not each.moved, "old": _file(each.old, told),
                     "new": _file(each.new, told)},
            "table": _table(row, told, addresses.get(name)) if row else None,
        })
    return described


def _fields(pair: Pair) -> list[dict[str, Any]]:
    assert pair.old and pair.new
    return difference(pair.old.said, pair.new.said)


def _filename(given: Given, told: bool) -> str:
    return given.filename if told or given.sha256 else ""


def _file(given: Given | None, told: bool) -> dict[str, Any] | None:
    if given is None:
        return None
    return {"filename": _filename(given, told), "format": given.format, "size": given.size,
            "stored": bool(given.sha256)}


def _table(row: Mapping[str, Any], opens: bool, address: str | None) -> dict[str, Any]:
    shown: dict[str, Any] = {"state": row["state"], "progress": row["progress"]}
    if row["state"] == "gagal" and opens:
        shown["reason"] = (
            Problem.from_dict(row["error"]).text(tk._) if row["error"] else
            tk._("perbandingan terhenti. Muat ulang halaman ini dalam satu jam."))
    if row["state"] != "siap":
        return shown
    hidden = {"sample": [], "key": None, "columns": None, "list_url": None}
    return shown | row["result"] | (
        {"list_url": address if row["list_sha256"] else None} if opens else hidden)


def with_labels(
    fields: list[dict[str, Any]], kind: str, part: str = "dataset_fields"
) -> list[dict[str, Any]]:
    """Return differing fields with what people read for their names, in the form's order."""
    schema: Mapping[str, Any] = tk.h.scheming_get_dataset_schema(kind) or {}
    labels = {each["field_name"]: str(tk.h.scheming_language_text(each.get("label") or ""))
              for each in schema.get(part) or []}
    labels["tags"] = labels.get("tag_string") or labels.get("tags") or ""
    places = {name: at for at, name in enumerate(labels)}
    return [{**each, "label": labels.get(each["field"]) or each["field"]}
            for each in sorted(fields, key=lambda one: places.get(one["field"], len(places)))]
