"""Versions as the API and the pages show them."""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.access import level_of
from ckanext.satudata.domain.versions.kinds import KIND_LABELS, Kind
from ckanext.satudata.shared import references
from ckanext.satudata.versions import citing
from ckanext.satudata.versions.model import Version, VersionFile
from ckanext.satudata.versions.reading import Row, files_of

__all__ = ["STATES", "content", "describe", "describe_many", "filename_of", "kind_label"]

#: State of a version -> its state in the vocabulary ``status_alur``.
STATES = ("terbit", "digantikan", "ditarik")


def kind_label(kind: str) -> str:
    """Return what people read for a kind of version; the first of all is a release."""
    try:
        return str(tk._(KIND_LABELS[Kind(kind)]))
    except ValueError:
        return str(tk._(KIND_LABELS[Kind.RILIS_BARU]))


def state_of(row: Row) -> str:
    """Return where a version stands: ``terbit``, ``digantikan`` or ``ditarik``."""
    if row.gone:
        return "ditarik"
    return "terbit" if row.current else "digantikan"


def describe_many(
    context: Any, package: model.Package, rows: Sequence[Row], family: Sequence[Row]
) -> list[dict[str, Any]]:
    """Return versions as dictionaries.

    :param family: all that the reader may see, newest first: what followed one is among them
    """
    files = files_of(each.version for each in rows)
    reads = _reads_submissions(context, package)
    return [describe(context, package, each, files[each.version.submission_id], family, reads)
            for each in rows]


def _reads_submissions(context: Any, package: model.Package) -> bool:
    try:
        tk.check_access("satudata_submission_show", dict(context), {"id": package.id})
    except tk.NotAuthorized:
        return False
    return True


def describe(
    context: Any, package: model.Package, row: Row, files: Iterable[VersionFile],
    family: Sequence[Row], with_submission: bool,
) -> dict[str, Any]:
    """Return one version with its files and citation."""
    version = row.version
    of = citing.cited(row.producer, row.title, package.name, row.number, version.published_at)
    # A version that went with the whole dataset was followed by nothing.
    after = [each for each in family if each.number > row.number] if not row.gone else []
    shown: dict[str, Any] = {
        "number": row.number, "title": row.title, "kind": version.kind or Kind.RILIS_BARU.value,
        "kind_label": kind_label(version.kind), "reason": version.reason,
        "published_at": iso(version.published_at), "ended_at": iso(version.ended_at),
        "withdrawn_at": iso(version.withdrawn_at), "purged_at": iso(version.purged_at),
        "state": state_of(row), "current": row.current, "changes": version.changes or {},
        "content_hash": version.content_hash,
        "replaced_by": after[-1].number if after and version.ended_at is not None else None,
        "files": [_file(context, package, row, each, of.url) for each in files],
        "citation": citing.sentence(of), "url": of.url,
    }
    if with_submission:
        shown["submission"] = version.submission_id
    return shown


def _file(
    context: Any, package: model.Package, row: Row, file: VersionFile, url: str
) -> dict[str, Any]:
    restricted = is_restricted(package, row)
    there = row.version.purged_at is None and bool(
        file.sha256 or file.table_sha256 or file.url)
    opens = there and (not restricted or _may_open(context, package, row, file.resource_id))
    external = bool(file.url) and not (file.sha256 or file.table_sha256)
    name = filename_of(file)
    # The end of an address may be all that is secret of it.
    told = name if opens or not external else ""
    return {
        "resource_id": file.resource_id, "name": file.name or told or tk._("Berkas"),
        "filename": told,
        "format": file.format or ("CSV" if file.table_sha256 else ""),
        "mimetype": mimetype_of(file), "size": file.size,
        "sha256": (file.sha256 or file.table_sha256) if opens else None,
        "restricted": restricted, "external": external,
        "url": f"{url}/berkas/{file.resource_id}/{name}" if opens else None,
    }


def is_restricted(package: model.Package, row: Row) -> bool:
    """Tell whether files of a version are not for everybody: it said so, or the dataset does."""
    return level_of((package.extras or {}).get("access_rights"), row.access).restricted


def _may_open(context: Any, package: model.Package, row: Row, resource_id: str) -> bool:
    try:
        tk.check_access("satudata_file_open", dict(context), {
            "id": package.id, "resource_id": resource_id, "number": row.number})
    except tk.NotAuthorized:
        return False
    return True


def filename_of(file: VersionFile) -> str:
    """Return the name a file of a version is saved under: its own, or one made of its title."""
    name = re.sub(r"[\x00-\x1f/\\]+", "-", file.filename).strip(". -")[-150:]
    if name:
        return name
    made = re.sub(r"[^a-z0-9]+", "-", file.name.lower()).strip("-")[:100] or "berkas"
    ending = "csv" if file.table_sha256 else re.sub(r"[^a-z0-9]", "", file.format.lower())[:10]
    return f"{made}.{ending}" if ending else made


def mimetype_of(file: VersionFile) -> str:
    """Return the media type of a file of a version."""
    if file.table_sha256 and not file.sha256:
        return "text/csv; charset=utf-8"
    return file.mimetype if re.fullmatch(r"[\w.+-]+/[\w.+-]+", file.mimetype or "") else (
        "application/octet-stream")


def content(described: dict[str, Any], version: Version, said: dict[str, Any]) -> dict[str, Any]:
    """Return the dataset as it was, without what this reader may not open or know.

    Addresses of files are those of this version: CKAN's own give today's bytes.
    """
    said = {**said, "relationships_as_subject": [], "relationships_as_object": []}
    for field, name in references.unpublished(said):
        said[field] = [each for each in references.named(said.get(field)) if each != name]
    files = {each["resource_id"]: each for each in described["files"]}
    said["resources"] = [_resource(each, files.get(each.get("id") or ""))
                         for each in said.get("resources") or []]
    return said


def _resource(resource: dict[str, Any], file: dict[str, Any] | None) -> dict[str, Any]:
    if file is not None and file["url"]:
        return {**resource, "url": file["url"]}
    kept = {name: value for name, value in resource.items()
            if name not in ("hash", "sha256", "datastore_active", "original_url", "cache_url",
                            "download_url", "access_url")}
    return {**kept, "url": ""}


def iso(value: dt.datetime | None) -> str | None:
    """Write a moment as the API does: ISO 8601 in UTC."""
    return value.astimezone(dt.timezone.utc).isoformat() if value is not None else None
